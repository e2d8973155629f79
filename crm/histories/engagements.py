"""How the history of an engagement reads."""

from crm.histories.presenter import DISTRICT, GUILD, ORGANISATION, USER, Part, Wording, words_of
from guilds.engagement.models import Answer, Delivery, EngagementKind, ParticipationRole, Status

ENGAGEMENT = Wording(
    verbs={
        "logged": "logged it",
        "corrected": "corrected it",
        "confirm": "confirmed that it will happen",
        "deliver": "closed it as delivered",
        "cancel": "cancelled it",
        "postpone": "postponed it",
        "answered": "answered a claimed number",
        "no answer": "stopped asking for an answer: none came",
        "attached": "attached a file",
        "detached": "removed a file",
        "undone": "undid an import",
        "restored": "undid an import",
    },
    fields={
        "status": "Status",
        "title": "Title",
        "kind": "Kind",
        "guild_id": "Lead guild",
        "supporting_guilds": "Supporting guilds",
        "starts_at": "Start",
        "ends_at": "End",
        "venue_id": "Venue",
        "venue_address": "Address",
        "district_id": "District",
        "delivery": "Delivery",
        "lead_coordinator_id": "Lead coordinator",
        "purpose": "Purpose",
        "gatsby_benchmarks": "Gatsby benchmarks",
        "reference": "Reference",
        "notes": "Notes",
    },
    choices={
        "status": words_of(Status),
        "kind": words_of(EngagementKind),
        "delivery": words_of(Delivery),
        "role": words_of(ParticipationRole),
        "answer": words_of(Answer),
        "year_group": {str(year): f"Year {year}" for year in range(1, 15)},
    },
    points_to={
        "guild_id": GUILD,
        "supporting_guilds": GUILD,
        "venue_id": ORGANISATION,
        "district_id": DISTRICT,
        "lead_coordinator_id": USER,
        "provider_id": ORGANISATION,
        "employer_id": ORGANISATION,
    },
    parts={
        "attendances": Part(
            key=("provider_id", "year_group"),
            fields={
                "learners": "Learners",
                "staff": "Staff",
                "send": "With SEND",
                "fsm": "With free school meals",
                "looked_after": "Looked after",
                "answer": "The school's answer",
                "answered_learners": "The school's number",
                "answer_note": "The school's note",
                "no_answer_on": "Without an answer since",
            },
        ),
        "participations": Part(
            key=("employer_id",),
            fields={"role": "Role", "volunteers": "Volunteers", "hours": "Hours", "job_offers": "Job offers"},
        ),
    },
    for_all=frozenset(
        {"status", "title", "kind", "guild_id", "starts_at", "ends_at", "venue_id", "district_id", "delivery"}
    ),
)
