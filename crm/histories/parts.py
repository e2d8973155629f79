"""How the histories of what belongs to other records read: memberships, notes, parts of pledges, targets, guilds."""

from crm.histories.presenter import DISTRICT, GUILD, ORGANISATION, Wording, words_of
from guilds.engagement.follow_ups import InteractionKind
from guilds.organisations.models import MemberRole
from guilds.pledges.models import AllocationStatus

MEMBERSHIP = Wording(
    verbs={"joined": "made it a member", "left": "ended the membership", "corrected": "corrected it"},
    fields={
        "organisation_id": "Organisation",
        "guild_id": "Guild",
        "role": "Role",
        "joined_on": "Joined on",
        "left_on": "Left on",
    },
    choices={"role": words_of(MemberRole)},
    points_to={"organisation_id": ORGANISATION, "guild_id": GUILD},
    for_all=frozenset({"guild_id", "role", "joined_on", "left_on"}),
)
INTERACTION = Wording(
    verbs={"logged": "noted it", "corrected": "corrected it"},
    fields={
        "kind": "Kind",
        "happened_on": "Day",
        "summary": "What was said",
        "organisation_id": "Organisation",
        "guild_id": "Guild",
    },
    choices={"kind": words_of(InteractionKind)},
    points_to={"organisation_id": ORGANISATION, "guild_id": GUILD},
)
ALLOCATION = Wording(
    verbs={
        "allocated": "gave or asked for places",
        "agree": "agreed to the places",
        "decline": "declined the request",
        "release": "released the places",
    },
    fields={"status": "Status", "quantity": "Places", "provider_id": "School or college", "note": "Note"},
    choices={"status": words_of(AllocationStatus)},
    points_to={"provider_id": ORGANISATION},
    for_all=frozenset({"status", "quantity"}),
)
TARGET = Wording(
    verbs={"set": "set the target", "moved": "moved the target", "ended": "ended the target"},
    fields={
        "measure": "Measure",
        "guild_id": "Guild",
        "district_id": "District",
        "period": "Period",
        "value": "Value",
        "ended_on": "Ended on",
    },
    points_to={"guild_id": GUILD, "district_id": DISTRICT},
    # Why a target was moved is for all who read targets.
    for_all=frozenset({"measure", "guild_id", "district_id", "period", "value", "ended_on", "status_reason"}),
)
GUILD_WORDING = Wording(
    verbs={"created": "added the guild", "corrected": "corrected it", "saved": "saved it"},
    fields={
        "name": "Name",
        "description": "Description",
        "sic_prefixes": "Industry codes",
        "chair_id": "Chair",
        "active_from": "Begins on",
        "active_to": "Ends on",
    },
    points_to={"chair_id": ORGANISATION},
    for_all=frozenset({"name", "description", "chair_id", "active_from", "active_to"}),
)
