"""What may be undone, record by record: the verbs, who may, and what stands in the way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from guilds.audit.models import Event, Record
from guilds.engagement.follow_up_actions import remember_contact
from guilds.engagement.follow_ups import FollowUp, Interaction
from guilds.engagement.models import Attendance, Engagement
from guilds.impact.models import Target
from guilds.opportunities.actions import check_facts
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.organisations.actions import refuse_overlap
from guilds.organisations.models import Contact, Membership, Organisation
from guilds.pledges.models import Allocation, AllocationStatus, Pledge
from guilds.pledges.requests import Request


def _nothing(_: Any) -> None:
    """No rule looks at more than the record's own columns."""


def _no_hindrance(_record: Any, _event: Event) -> str:
    return ""


@dataclass(frozen=True)
class Topic:
    """How one kind of record takes back its latest change.

    `permissions`: each verb that may be undone → who may do (and so undo) it. `asked_of`: what the permission is about,
    of the record and the change. `made_by`: the verb that made it, where undoing that takes the record away. `check`: the
    topic's rules, beyond fields and constraints. `after`: what follows from the record, to be kept anew. `hindrance`: why
    it can't be taken back now, in words; empty if it can.
    """

    model: type[Record]
    permissions: Mapping[str, str]
    asked_of: Callable[[Any, Event], Any] = lambda record, _event: record
    made_by: str = ""
    check: Callable[[Any], None] = _nothing
    after: Callable[[Any], None] = _nothing
    hindrance: Callable[[Any, Event], str] = _no_hindrance


def _what_was_changed(engagement: Engagement, event: Event) -> Any:
    """An answer is about the one number that was answered; the permission is asked of that. None where it is gone."""
    if event.verb != "answered":
        return engagement
    before = (event.before or {}).get("attendances", [])
    answered = [row for row in (event.after or {}).get("attendances", []) if row not in before]
    there = Attendance.objects.filter(engagement=engagement)
    named = [there.filter(provider=row["provider_id"], year_group=row["year_group"]).first() for row in answered]
    return named[0] if named else None


def _days_of_contact(interaction: Interaction) -> None:
    remember_contact(interaction.organisation)


def _pledge_hindrance(pledge: Pledge, event: Event) -> str:
    """A pledge of which parts are given out, or something is delivered, can't be unverified again."""
    if event.verb != "verify":
        return ""
    held = (AllocationStatus.REQUESTED, AllocationStatus.AGREED)
    if pledge.allocations.filter(status__in=held).exists() or pledge.deliveries.exists():
        return "Places of it have been asked for, given or delivered since: release those first"
    return ""


def _release_hindrance(allocation: Allocation, event: Event) -> str:
    """Places that were free again may be somebody else's by now."""
    if event.verb not in ("release", "decline"):
        return ""
    pledge: Any = Pledge.objects.with_progress().get(pk=allocation.pledge_id)
    if pledge.status != "open":
        return "The pledge is not open any more"
    agreed = (event.before or {}).get("status") == AllocationStatus.AGREED
    few = agreed and allocation.quantity > pledge.remaining
    return f"Only {pledge.remaining} places remain of the pledge" if few else ""


_STEPS = ("corrected", "start", "complete", "cancel", "withdraw")
TOPICS: dict[str, Topic] = {
    topic.model._meta.model_name or "": topic
    for topic in (
        Topic(
            Engagement,
            dict.fromkeys(("corrected", "confirm", "deliver", "cancel", "postpone"), "engagement.change")
            | {"answered": "engagement.answer"},
            asked_of=_what_was_changed,
        ),
        Topic(
            Interaction,
            dict.fromkeys(("logged", "corrected"), "interaction.change"),
            made_by="logged",
            after=_days_of_contact,
        ),
        Topic(Target, dict.fromkeys(("moved", "ended"), "target.change")),
        Topic(FollowUp, dict.fromkeys(("finish", "drop", "reopen", "snoozed", "corrected"), "followup.change")),
        Topic(
            Placement,
            dict.fromkeys(("corrected", "cancel"), "placement.change")
            | dict.fromkeys(("start", "complete", "withdraw", "did_not_attend"), "placement.confirm"),
            check=check_facts,
        ),
        Topic(
            Apprenticeship,
            dict.fromkeys((*_STEPS, "fill", "close_unfilled"), "apprenticeship.change"),
            check=check_facts,
        ),
        Topic(
            Pledge,
            {
                "corrected": "pledge.correct",
                "verify": "pledge.verify",
                "reject": "pledge.verify",
                "extend": "pledge.amend",
                "withdraw": "pledge.withdraw",
            },
            hindrance=_pledge_hindrance,
        ),
        Topic(Request, dict.fromkeys(("corrected", "withdraw", "close", "reopen"), "request.change")),
        Topic(
            Allocation,
            {"agree": "pledge.match", "decline": "pledge.match", "release": "pledge.release"},
            asked_of=lambda allocation, event: allocation if event.verb == "release" else allocation.pledge,
            hindrance=_release_hindrance,
        ),
        Topic(
            Organisation,
            dict.fromkeys(("corrected", "close", "reopen", "archive", "restore"), "organisation.change"),
        ),
        Topic(Contact, {"corrected": "contact.change"}, asked_of=lambda contact, _event: contact.organisation),
        Topic(Membership, dict.fromkeys(("corrected", "left"), "membership.change"), check=refuse_overlap),
    )
}
