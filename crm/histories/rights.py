"""How the history of a request about personal data reads."""

from crm.histories.presenter import Wording, words_of
from guilds.rights.models import RequestStatus

RIGHTS_REQUEST = Wording(
    verbs={"asked": "noted the request", "answer": "did what was asked", "refuse": "refused it"},
    fields={"status": "Status"},
    choices={"status": words_of(RequestStatus)},
    for_all=frozenset({"status", "status_reason"}),
)
