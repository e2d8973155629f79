"""The list of pledges."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode

from crm.filtersets.base import ChoiceFilter
from crm.filtersets.pledges import PledgeFilterSet
from crm.views.base import Page
from crm.views.paging import page_of
from guilds.access.permissions import allowed
from guilds.organisations.models import Organisation
from guilds.pledges.models import Pledge

SORTS = {"-made_on": "Newest first", "made_on": "Oldest first", "-quantity": "Largest first"}
#: What only a link says; its box is not shown.
_LINKED = ("employer", "engagement")
_SHOWN = ("q", "guild", "kind", "status", "district", "available", "from", "to", "sort")


class ListedPledges(PledgeFilterSet):
    """The filters as people use them, with how to sort."""

    sort = ChoiceFilter(choices=list(SORTS.items()), label="Sort", empty_label=None, method="leave")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters = {name: self.filters[name] for name in (*_SHOWN, *_LINKED)}
        self.filters["q"].label = "Employer or reference"

    def leave(self, queryset: Any, name: str, value: str) -> Any:
        """Sorting is the page's own affair: it goes by marks."""
        return queryset

    @property
    def order(self) -> str:
        """The column to sort by."""
        return self.form.cleaned_data.get("sort") or next(iter(SORTS))


class PledgeList(Page):
    """Pledges that their reader may see: for an employer its own, for a school or college what is offered to it."""

    permission_name = "pledge.view"
    template_name = "pledges/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page of the list."""
        filters = self._filters(request)
        rows = filters.qs.for_list()
        page = page_of(rows, request.GET.get("cursor", ""), order=filters.order)
        return self.page(
            listing=page,
            form=filters.form,
            filtered=any(request.GET.get(name) for name in (*_SHOWN, *_LINKED) if name != "sort"),
            only=self._only(filters),
            for_employer=request.user.is_employer_member,
            may_add=allowed(request.user, "pledge.add"),
        )

    def _filters(self, request: HttpRequest) -> ListedPledges:
        filters = ListedPledges(request.GET, queryset=Pledge.objects.visible_to(request.user))
        filters.is_valid()
        for name in _LINKED:
            box = filters.form.fields[name]
            box.widget = box.hidden_widget()
        return filters

    def _only(self, filters: ListedPledges) -> dict[str, str] | None:
        """The organisation that the list is narrowed to by a link, and the address without it."""
        chosen = filters.form.cleaned_data.get("employer")
        if not chosen:
            return None
        seen = Organisation.objects.visible_to(self.request.user)
        found = seen.identified(*chosen) if isinstance(chosen, tuple) else seen.filter(pk=chosen)
        left = [(name, value) for name, value in self.request.GET.items() if name not in ("employer", "cursor")]
        return {"name": str(found.first() or "an employer"), "address": f"?{urlencode(left)}"}
