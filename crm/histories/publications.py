"""How the history of a publication reads."""

from crm.histories.presenter import USER, Wording, words_of
from guilds.publishing.models import PublicationStatus

PUBLICATION = Wording(
    verbs={
        "made": "drafted it",
        "revised": "drafted this version",
        "published": "published it",
        "superseded": "replaced it by a newer version",
        "scheduled": "chose when it is published",
        "unscheduled": "took the schedule back",
        "sign-off asked": "asked for a sign-off",
        "signed off": "signed it off",
        "made public": "let everybody read it",
        "no longer public": "took it away from the public",
    },
    fields={
        "status": "Status",
        "scheduled_for": "Scheduled for",
        "signed_off_by_id": "Signed off by",
    },
    choices={"status": words_of(PublicationStatus)},
    points_to={"signed_off_by_id": USER},
    for_all=frozenset({"status"}),
)
