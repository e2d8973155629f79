"""What the page of engagements filters by, over what the API does: the links of the home pages lead here."""

from django.utils import timezone

from crm.filtersets.base import ChoiceFilter
from crm.filtersets.engagements import EngagementFilterSet
from guilds.engagement import queries
from guilds.engagement.models import Answer, EngagementQuerySet
from guilds.mailing.asked import nobody_to_answer

NEEDS = (
    ("closing", "Past, not closed yet"),
    ("numbers", "Numbers of learners missing"),
    ("disputed", "A number is disputed"),
    ("answer", "Waiting for the school or college"),
    ("no_answer", "No answer from the school or college"),
    ("nobody", "Nobody signs in who can answer"),
)


class EngagementListFilterSet(EngagementFilterSet):
    """`whose=mine`: led by a coordinator's own guilds. `needs`: what somebody still has to do."""

    whose = ChoiceFilter(choices=(("mine", "My guilds"),), label="Led by", method="filter_whose", empty_label="Anybody")
    needs = ChoiceFilter(choices=NEEDS, label="Needs", method="filter_needs", empty_label="Anything or nothing")

    def filter_whose(self, queryset: EngagementQuerySet, name: str, value: str) -> EngagementQuerySet:
        """What this reader's guilds lead."""
        return queries.led_by(self.request.user, among=queryset)

    def filter_needs(self, queryset: EngagementQuerySet, name: str, value: str) -> EngagementQuerySet:
        """What still has to be done."""
        if value == "closing":
            return queryset.not_closed(timezone.localdate())
        if value == "numbers":
            return queryset.missing_numbers()
        if value == "no_answer":
            return queries.without_answer(queryset, self.request.user)
        if value == "nobody":
            return nobody_to_answer(queryset, self.request.user)
        answer = Answer.DISPUTED if value == "disputed" else Answer.UNANSWERED
        return queries.with_answer(queryset, answer, self.request.user)
