"""What every page that lists records shares: filters as the API has them, an order, and pages that cost the same everywhere."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from crm.filtersets.base import OrganisationFilter, organisation_id
from crm.views.base import Page
from crm.views.paging import Listing, page_of
from guilds.organisations.models import Organisation


class ListPage(Page):
    """Rows that their reader may see, filtered, sorted, a page at a time.

    `orderings` are (value, words) pairs, the usual one first; a value is a column that is never empty, "-" before it for
    falling. `narrowing` names the filters that only links set: they stay in the address, and the page says them.
    """

    filterset_class: ClassVar[Any]
    orderings: ClassVar[tuple[tuple[str, str], ...]]
    narrowing: ClassVar[tuple[str, ...]] = ()

    def rows(self) -> QuerySet:
        """All that the reader may see, with what the list shows."""
        raise NotImplementedError

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page that the address asks for; filters that make no sense are told, and then nothing is listed."""
        filters = self.filterset_class(request.GET, queryset=self.rows(), request=request)
        self._prepare(filters.form)
        sound = filters.form.is_valid()
        order = (sound and filters.form.cleaned_data.pop("ordering")) or self.orderings[0][0]
        listing = page_of(filters.qs, request.GET.get("cursor", ""), order=order) if sound else Listing([], None, None)
        context = {
            "filters": filters.form,
            "listing": listing,
            "sound": sound,
            "filtered": self._filtered(filters.form),
        }
        return self.page(narrowed=self._narrowed(filters), **context, **self.extras(listing))

    def extras(self, listing: Listing) -> dict[str, Any]:
        """What else the template needs."""
        return {}

    def _prepare(self, form: forms.Form) -> None:
        form.fields["ordering"] = forms.ChoiceField(label="Sorted by", choices=self.orderings, required=False)
        for field in form.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        for name in self.narrowing:
            form.fields[name].widget = forms.HiddenInput()

    def _filtered(self, form: forms.Form) -> bool:
        """Whether the reader asked for less than everything."""
        return any(form.data.get(name) for name in form.fields if name != "ordering")

    def _narrowed(self, filters: Any) -> list[tuple[str, str]]:
        """What the hidden filters stand for, in words: (label, name)."""
        asked = [name for name in self.narrowing if filters.form.is_valid() and filters.form.cleaned_data.get(name)]
        return [(filters.filters[name].label, self._name_of(filters, name)) for name in asked]

    def _name_of(self, filters: Any, name: str) -> str:
        value = filters.form.cleaned_data[name]
        if not isinstance(filters.filters[name], OrganisationFilter):
            return str(value)
        pk = organisation_id(*value) if isinstance(value, tuple) else value
        found = Organisation.objects.visible_to(self.request.user).filter(pk=pk).values_list("name", flat=True)
        return found.first() or "an organisation that you can't see"
