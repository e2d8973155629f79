"""Public bodies against the public-sector apprenticeship target, and all of them together."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from crm.exports.public_sector import PUBLIC_SECTOR, share
from crm.filtersets.public_sector import PublicSectorFilterSet, years
from crm.views.lists import ListPage
from crm.views.paging import Listing
from guilds.impact import periods
from guilds.impact.public_sector import all_together, public_bodies


class PublicSector(ListPage):
    """Employers with a headcount; numbers only, so the Commission sees all of it."""

    permission_name = "publicsector.view"
    template_name = "organisations/public_sector.html"
    filterset_class = PublicSectorFilterSet
    orderings = (
        ("-headcount", "Largest first"), ("headcount", "Smallest first"), ("name", "Name, A to Z"), ("-name", "Name, Z to A"),
    )  # fmt: skip
    columns, title = PUBLIC_SECTOR, "Public-sector target"

    @cached_property
    def year(self) -> periods.Period:
        """The financial year that was asked for; this one, for none or one that is not offered."""
        asked = self.request.GET.get("year", "")
        return periods.parse(asked) if asked in dict(years()) else periods.financial_year(timezone.localdate())

    def rows(self) -> QuerySet:
        """With the numbers of the year, and where the list of the starts is."""
        bodies = public_bodies(self.request.user, year=(self.year.start, self.year.end))
        return bodies.select_related("district")

    def starts_of(self, body: Any) -> str:
        """The address of the list of exactly the starts that count for a body in the year."""
        start, end = self.year.start, self.year.end
        asked = {"employer": body.pk, "stage": "started", "starts_from": start, "starts_to": end}
        return f"{reverse('apprenticeship_list')}?{urlencode(asked)}"

    def extras(self, listing: Listing) -> dict[str, Any]:
        """The year, and the sums over all pages of what is filtered."""
        for body in listing.rows:
            body.starts_address = self.starts_of(body)
        filters = self.filterset_class(self.request.GET, queryset=self.rows(), request=self.request)
        total = all_together(filters.qs) if filters.form.is_valid() else None  # type: ignore[arg-type]
        reached = share(total.started, total.wanted) if total and total.wanted else None
        return {"year": self.year, "total": total, "reached": reached}
