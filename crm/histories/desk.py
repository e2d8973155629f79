"""How the histories of a pledge desk and of what was written at it read."""

from crm.histories.presenter import ORGANISATION, Wording, words_of
from guilds.desk.models import EntryStatus
from guilds.pledges.models import PledgeKind

DESK = Wording(
    verbs={"opened": "opened it", "closed": "closed it", "extended": "kept it open longer"},
    fields={"closes_at": "Closes at", "closed_at": "Closed at"},
)
DESK_ENTRY = Wording(
    verbs={
        "received": "wrote it",
        "cleared": "accepted it",
        "rejected": "rejected it",
        "reopened": "took the decision back",
    },
    fields={
        "status": "Status",
        "organisation_id": "Organisation chosen",
        "organisation_name": "Organisation written",
        "kind": "What is promised",
        "quantity": "How many",
        "name": "Name",
        "email": "E-mail address",
        "note": "Note",
        "status_reason": "Reason",
    },
    choices={"status": words_of(EntryStatus), "kind": words_of(PledgeKind)},
    points_to={"organisation_id": ORGANISATION},
)
