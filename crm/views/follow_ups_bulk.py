"""One verb on several follow-ups at once: done, later, somebody else's, or dropped."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from crm.filtersets.follow_ups import FollowUpFilterSet
from crm.forms.opportunities import VerbForm
from crm.views.follow_ups import FollowUpVerb, form_of, in_full
from crm.views.opportunities_bulk import BulkPage
from guilds.engagement.follow_ups import FollowUp, FollowUpStatus


class BulkFollowUps(BulkPage):
    """Asks once what the verb asks for, then does it to each of the chosen ones that is still to be done."""

    permission_name = "followup.change"
    template_name = "follow_ups/bulk.html"
    one, model = FollowUpVerb, FollowUp
    filterset_class, list_name, order = FollowUpFilterSet, "follow_up_list", "due_on"

    def seen(self) -> QuerySet:
        """With what each is about."""
        return in_full(self.request.user)

    def sources(self) -> Iterable[str] | None:
        """What is still to be done, also for what is no step of its life; what was done is opened again."""
        return super().sources() or [FollowUpStatus.OPEN]

    def is_possible(self, record: Any) -> bool:
        """Whether it is still to be done; what was done is opened again."""
        return (record.status == FollowUpStatus.OPEN) != (self.request.GET["verb"] == "reopen")

    def name_of(self, record: Any) -> str:
        """What is to be done."""
        return str(record)

    def form(self, *args: Any, **kwargs: Any) -> VerbForm:
        """What the verb asks for: the same for all."""
        return form_of(self.verb, self.request.user, *args, **kwargs)
