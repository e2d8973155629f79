"""How the history of a request reads. The school or college reads all of it."""

from crm.histories.presenter import GUILD, Wording, words_of
from guilds.pledges.models import PledgeKind
from guilds.pledges.requests import RequestStatus

_FIELDS = {
    "status": "Status",
    "kind": "What is asked for",
    "quantity": "How many",
    "guild_id": "Guild",
    "year_groups": "Year groups",
    "level": "Level",
    "for_send": "For young people with SEND",
    "for_reengagement": "For young people who are returning to education or work",
    "for_t_level": "For T-level students",
    "wanted_from": "Wanted from",
    "wanted_until": "Wanted until",
    "note": "Note",
}
REQUEST = Wording(
    verbs={
        "asked": "asked for it",
        "corrected": "corrected it",
        "withdraw": "withdrew it",
        "close": "closed it",
        "reopen": "opened it again",
    },
    fields=_FIELDS,
    choices={"status": words_of(RequestStatus), "kind": words_of(PledgeKind)},
    points_to={"guild_id": GUILD},
    for_all=frozenset(_FIELDS) | {"status_reason"},
)
