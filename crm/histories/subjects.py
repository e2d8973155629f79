"""Every kind of record that has a history: how it reads, who reads it, and where the record's own page is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Model, QuerySet
from django.urls import reverse
from django.utils import timezone

from crm.histories.claims import CLAIM, SHARE
from crm.histories.desk import DESK, DESK_ENTRY
from crm.histories.engagements import ENGAGEMENT
from crm.histories.follow_ups import FOLLOW_UP
from crm.histories.indicators import ADVISER_PLACE, INDICATOR, INDICATOR_VALUE, INDICATOR_VERSION, SAVED_SCOPE
from crm.histories.opportunities import APPRENTICESHIP, PLACEMENT
from crm.histories.organisations import ORGANISATION_WORDING
from crm.histories.parts import ALLOCATION, GUILD_WORDING, INTERACTION, MEMBERSHIP, TARGET
from crm.histories.people import CONTACT, USER_WORDING
from crm.histories.pledges import PLEDGE
from crm.histories.presenter import Entry, Wording, told
from crm.histories.requests import REQUEST
from guilds.access.models import User
from guilds.audit.models import Event
from guilds.desk.models import Desk, DeskEntry
from guilds.engagement.follow_ups import FollowUp, Interaction
from guilds.engagement.models import Engagement
from guilds.impact.indicators import Indicator, IndicatorValue, IndicatorVersion
from guilds.impact.models import Target
from guilds.impact.saved_scopes import SavedScope
from guilds.impact.shares import StatementShare
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.organisations.models import Contact, Membership, Organisation
from guilds.pledges.advisers import AdviserPlace
from guilds.pledges.claims import DeliveryClaim
from guilds.pledges.models import Allocation, Pledge
from guilds.pledges.requests import Request
from guilds.reference.models import Guild
from guilds.undoing.actions import may_undo, undoable

#: Ids of what many records are changed by at once, without anybody pressing a button, have this in them.
NO_PRESS = ":"


def _not_commission(user: User) -> bool:
    return not user.is_commission_member


def _team(user: User) -> bool:
    return user.is_staff_member


def _administrator(user: User) -> bool:
    return user.is_administrator


def _team_or_employer(user: User) -> bool:
    return user.is_staff_member or user.is_employer_member


def _page(name: str) -> Callable[[Any], str]:
    return lambda record: reverse(name, args=[record.pk])


def _organisation_of(record: Any) -> str:
    return reverse("organisation_detail", args=[record.organisation_id])


def _indicator_of(record: Any) -> str:
    return reverse("indicator_detail", args=[record.indicator_id])


@dataclass(frozen=True)
class Subject:
    """A kind of record. `readers`: who of those that see the record read its history; `address`: its page, or its owner's."""

    model: type[Model]
    noun: str
    wording: Wording
    readers: Callable[[User], bool]
    address: Callable[[Any], str]
    with_it: tuple[str, ...] = ()

    def seen_by(self, user: User) -> QuerySet:
        """The records whose history this person may read."""
        rows: Any = self.model._default_manager.all()
        return rows.visible_to(user).select_related(*self.with_it) if self.readers(user) else rows.none()


SUBJECTS: dict[str, Subject] = {
    subject.model._meta.model_name or "": subject
    for subject in (
        Subject(Engagement, "Engagement", ENGAGEMENT, _not_commission, _page("engagement_detail")),
        Subject(Pledge, "Pledge", PLEDGE, _team_or_employer, _page("pledge_detail"), ("employer",)),
        Subject(
            Allocation,
            "Part of a pledge",
            ALLOCATION,
            _team,
            lambda record: reverse("pledge_detail", args=[record.pledge_id]),
            ("pledge", "provider"),
        ),
        Subject(
            DeliveryClaim,
            "What an employer says it did",
            CLAIM,
            _team_or_employer,
            lambda record: reverse("pledge_detail", args=[record.pledge_id]),
        ),
        Subject(
            StatementShare,
            "Link to a statement",
            SHARE,
            _team_or_employer,
            lambda record: reverse("statement", args=[record.organisation_id]),
            ("organisation",),
        ),
        Subject(Request, "Request", REQUEST, _not_commission, _page("request_detail"), ("provider",)),
        Subject(Desk, "Pledge desk", DESK, _team, _page("desk_detail")),
        Subject(
            DeskEntry,
            "Written at a pledge desk",
            DESK_ENTRY,
            _team,
            lambda record: reverse("desk_detail", args=[record.desk_id]),
        ),
        Subject(Placement, "Placement", PLACEMENT, _not_commission, _page("placement_detail"), ("employer",)),
        Subject(
            Apprenticeship,
            "Apprenticeship",
            APPRENTICESHIP,
            _not_commission,
            _page("apprenticeship_detail"),
            ("employer",),
        ),
        Subject(Organisation, "Organisation", ORGANISATION_WORDING, _not_commission, _page("organisation_detail")),
        Subject(Contact, "Person", CONTACT, _not_commission, _organisation_of, ("organisation",)),
        Subject(
            Membership,
            "Membership of a guild",
            MEMBERSHIP,
            _not_commission,
            _organisation_of,
            ("organisation", "guild"),
        ),
        Subject(Interaction, "Note", INTERACTION, _team, _organisation_of, ("organisation",)),
        Subject(FollowUp, "Follow-up", FOLLOW_UP, _team, _page("follow_up")),
        Subject(Target, "Target", TARGET, _team, _page("target_detail")),
        Subject(AdviserPlace, "Enterprise adviser", ADVISER_PLACE, _team, _page("adviser_detail"), ("organisation",)),
        Subject(Indicator, "Indicator", INDICATOR, _team, _page("indicator_detail")),
        Subject(IndicatorVersion, "Words of an indicator", INDICATOR_VERSION, _team, _indicator_of),
        Subject(IndicatorValue, "Value of an indicator", INDICATOR_VALUE, _team, _indicator_of),
        Subject(SavedScope, "Saved scope", SAVED_SCOPE, _team, _page("scope_correct")),
        Subject(User, "Somebody who signs in", USER_WORDING, _administrator, _page("person")),
        Subject(Guild, "Guild", GUILD_WORDING, _team, lambda record: reverse("guild_detail", args=[record.slug])),
    )
}


def entries_of(subject: Subject, events: Iterable[Event], reader: User) -> list[Entry]:
    """Events of one kind of record in words."""
    return told(events, subject.wording, reader=reader)


def beside(events: Iterable[Event], reader: User) -> dict[str, int]:
    """How many changes were made by the requests of these events, of the kinds that the whole team reads. One query."""
    ids = {event.request_id for event in events if event.request_id and NO_PRESS not in event.request_id}
    if not ids or not reader.is_staff_member:
        return {}
    kinds = [kind for kind in SUBJECTS if kind != "user" and (kind != "contact" or reader.is_administrator)]
    made = Event.objects.filter(request_id__in=ids, subject_type__in=kinds).order_by()
    return dict(made.values_list("request_id").annotate(Count("pk")))


def undo_address(record: Any, latest: Event | None, reader: User) -> str:
    """Where the latest change of a record is undone; empty if it can't be, or not by this person."""
    at = timezone.now()
    if latest is None or not undoable(latest, at=at) or not may_undo(reader, record, latest):
        return ""
    return reverse("change_undo", args=[latest.pk])
