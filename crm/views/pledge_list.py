"""The list of pledges."""

from typing import Any, cast

from django.db.models import QuerySet

from crm.exports.lists import PLEDGES
from crm.filtersets.pledge_list import PledgeListFilterSet
from crm.views.lists import ListPage
from crm.views.paging import Listing
from crm.views.pledge_bulk import VERBS
from guilds.access.permissions import allowed
from guilds.pledges.models import Pledge

#: What the columns and cells show of each.
LISTED = (
    "reference", "employer__name", "guild__name", "kind", "quantity", "current_quantity", "made_on", "valid_until",
    "engagement__title", "made_through", "conditions", "status",
)  # fmt: skip


class PledgeList(ListPage):
    """Pledges that their reader may see: for an employer its own, for a school or college what is offered to it."""

    permission_name = "pledge.view"
    template_name = "pledges/list.html"
    filterset_class = PledgeListFilterSet
    orderings = (
        ("-made_on", "Newest first"), ("made_on", "Oldest first"),
        ("-quantity", "Largest first"), ("quantity", "Smallest first"),
    )  # fmt: skip
    narrowing = ("employer", "engagement", "reference")
    columns, title = PLEDGES, "Pledges"

    def rows(self) -> QuerySet:
        """With their progress."""
        return Pledge.objects.visible_to(self.request.user).for_list().only(*LISTED)

    def extras(self, listing: Listing) -> dict[str, Any]:
        """Whose list it is, and whether something may be added."""
        user = self.request.user
        return {
            "one_employer": getattr(user, "is_employer_member", False),
            "may_add": allowed(user, "pledge.add"),
            "bulk_verbs": VERBS if allowed(user, "pledge.bulk") else {},
        }

    def _prepare(self, form: Any) -> None:
        super()._prepare(form)
        user = cast(Any, self.request.user)
        shown = {"whose": user.is_coordinator, "needs": user.is_staff_member, "stage": user.is_staff_member}
        for name in [name for name, seen in shown.items() if not seen]:
            form.fields.pop(name)
