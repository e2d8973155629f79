"""The list of pledges."""

from typing import Any

from django.db.models import QuerySet

from crm.exports.lists import PLEDGES
from crm.filtersets.pledges import PledgeFilterSet
from crm.views.lists import ListPage
from crm.views.paging import Listing
from guilds.access.permissions import allowed
from guilds.pledges.models import Pledge


class PledgeList(ListPage):
    """Pledges that their reader may see: for an employer its own, for a school or college what is offered to it."""

    permission_name = "pledge.view"
    template_name = "pledges/list.html"
    filterset_class = PledgeFilterSet
    orderings = (("-made_on", "Newest first"), ("made_on", "Oldest first"), ("-quantity", "Largest first"))
    narrowing = ("employer", "engagement", "reference")
    columns, title = PLEDGES, "Pledges"

    def rows(self) -> QuerySet:
        """With their progress."""
        return Pledge.objects.visible_to(self.request.user).for_list()

    def extras(self, listing: Listing) -> dict[str, Any]:
        """Whose list it is, and whether something may be added."""
        one_employer = getattr(self.request.user, "is_employer_member", False)
        return {"one_employer": one_employer, "may_add": allowed(self.request.user, "pledge.add")}
