"""What employers offer: the shelf from which schools and colleges ask for places."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from crm.exports.offers import OFFERS
from crm.filtersets.offers import OfferFilterSet
from crm.views.lists import ListPage
from crm.views.paging import Listing
from guilds.access.permissions import allowed
from guilds.pledges.offers import on_offer, with_parts


class OfferList(ListPage):
    """Open pledges with something left: for a school or college those of its district, for an employer its own."""

    permission_name = "pledge.view"
    template_name = "offers/list.html"
    filterset_class = OfferFilterSet
    orderings = (
        ("-made_on", "Newest first"), ("made_on", "Oldest first"), ("-current_quantity", "Largest first"),
        ("current_quantity", "Smallest first"),
    )  # fmt: skip
    columns, title = OFFERS, "Offers"

    def rows(self) -> QuerySet:
        """With what is left of each, and the parts that its reader may know of."""
        user: Any = self.request.user
        return with_parts(on_offer(user, on=timezone.localdate()), user)

    def extras(self, listing: Listing) -> dict[str, Any]:
        """Whether something may be added."""
        return {"may_add": allowed(self.request.user, "pledge.add")}
