"""The pledges behind each step from promise to confirmation: those of one cohort, with how far each came."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from crm.exports.promises import PROMISES
from crm.filtersets.promises import PromiseFilterSet
from crm.views.lists import ListPage
from crm.views.paging import Listing
from guilds.impact import periods
from guilds.impact.promises import cohort
from guilds.pledges.models import Pledge


class PromiseList(ListPage):
    """The rows add up to the numbers of the step that they are narrowed to."""

    permission_name = "impact.view"
    template_name = "impact/promises.html"
    filterset_class = PromiseFilterSet
    orderings = (
        ("-made_on", "Newest first"), ("made_on", "Oldest first"),
        ("-quantity", "Largest first"), ("quantity", "Smallest first"),
    )  # fmt: skip
    columns, title = PROMISES, "Promises"

    @cached_property
    def period(self) -> periods.Period:
        """The period that was asked for; this academic year, for none or one that makes no sense."""
        filters = self.filterset_class(self.request.GET, queryset=Pledge.objects.none(), request=self.request)
        filters.form.is_valid()
        return filters.form.cleaned_data.get("period") or periods.academic_year(timezone.localdate())

    def rows(self) -> QuerySet:
        """Those that the reader may see: what waits to be verified is for the team."""
        seen = Pledge.objects.visible_to(self.request.user).order_by().values("pk")
        rows = cohort(self.period).filter(pk__in=seen)
        return rows.select_related("employer__district", "guild")

    def extras(self, listing: Listing) -> dict[str, Any]:
        """Of when they are."""
        return {"period": self.period}

    def _filtered(self, form: Any) -> bool:
        """The period alone narrows nothing."""
        return any(form.data.get(name) for name in form.fields if name not in ("ordering", "period"))
