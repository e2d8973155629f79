"""Every endpoint × every role. An endpoint without a row here fails."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from django.urls import URLPattern

from crm.api.urls import urlpatterns
from tests.crm.api.caller import Caller
from tests.crm.api.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.once]

#: The roles, and a key of an administrator with one scope each. "Other": of another guild or organisation.
ROLES = (
    "nobody", "administrator", "coordinator", "other coordinator", "employer", "other employer", "school",
    "other school", "commission", "records:read", "records:write", "impact:read",
)  # fmt: skip

#                  nobody admin coord other  empl other  schl other  comm  read write impact
READ_BY_ALL = (401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 403, 403)
REFERENCE = (401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200)
READ_BY_PARTIES = (401, 200, 200, 200, 200, 404, 200, 404, 200, 200, 403, 403)
CHANGED_BY_LEAD = (401, 200, 200, 403, 403, 404, 403, 404, 403, 403, 200, 403)
BEFORE_IT_COUNTS = (401, 200, 200, 403, 403, 404, 403, 404, 404, 403, 200, 403)
ADDED_BY_LEAD = (401, 201, 201, 403, 403, 403, 403, 403, 403, 403, 201, 403)
BEFORE_VERIFIED = (401, 200, 200, 403, 403, 404, 404, 404, 404, 403, 200, 403)
LEAD_OR_EMPLOYER = (401, 200, 200, 403, 200, 404, 403, 404, 403, 403, 200, 403)
FIGURES = (401, 200, 200, 200, 403, 403, 403, 403, 200, 403, 403, 200)
OPEN_TO_ALL = (200,) * len(ROLES)

TABLE = {
    "guild.list": REFERENCE,
    "guild.retrieve": REFERENCE,
    "district.list": REFERENCE,
    "district.retrieve": REFERENCE,
    "organisation.list": READ_BY_ALL,
    "organisation.retrieve": (401, 200, 200, 200, 200, 404, 404, 404, 200, 200, 403, 403),
    "organisation.create": (401, 201, 201, 201, 403, 403, 403, 403, 403, 403, 201, 403),
    "organisation.partial_update": (401, 200, 200, 403, 200, 404, 404, 404, 403, 403, 200, 403),
    "organisation.join": (401, 201, 403, 201, 403, 404, 404, 404, 403, 403, 201, 403),
    "organisation.leave": (401, 200, 200, 403, 403, 404, 404, 404, 403, 403, 200, 403),
    "contact.list": READ_BY_ALL,
    "contact.retrieve": (401, 200, 200, 404, 200, 404, 404, 404, 404, 200, 403, 403),
    # Others can't name an organisation that they don't see.
    "contact.create": (401, 201, 201, 403, 201, 400, 403, 403, 403, 403, 201, 403),
    "contact.partial_update": (401, 200, 200, 404, 200, 404, 404, 404, 404, 403, 200, 403),
    "engagement.list": READ_BY_ALL,
    "engagement.retrieve": READ_BY_PARTIES,
    "engagement.create": ADDED_BY_LEAD,
    "engagement.partial_update": CHANGED_BY_LEAD,
    "engagement.confirm": BEFORE_IT_COUNTS,
    "engagement.deliver": BEFORE_IT_COUNTS,
    "engagement.cancel": BEFORE_IT_COUNTS,
    "engagement.postpone": BEFORE_IT_COUNTS,
    # The school's own word: nobody else's, not even an administrator's.
    "engagement.answer": (401, 403, 403, 403, 403, 404, 200, 404, 403, 403, 403, 403),
    "pledge.list": READ_BY_ALL,
    "pledge.retrieve": READ_BY_PARTIES,
    "pledge.create": (401, 201, 201, 201, 201, 400, 403, 403, 403, 403, 201, 403),
    "pledge.partial_update": (401, 200, 200, 403, 200, 404, 404, 404, 404, 403, 200, 403),
    "pledge.verify": BEFORE_VERIFIED,
    "pledge.reject": BEFORE_VERIFIED,
    "pledge.withdraw": LEAD_OR_EMPLOYER,
    "pledge.lapse": CHANGED_BY_LEAD,
    "pledge.extend": LEAD_OR_EMPLOYER,
    "pledge.amend": LEAD_OR_EMPLOYER,
    "pledge.allocate": (401, 201, 201, 403, 403, 404, 201, 404, 403, 403, 201, 403),
    "pledge.credit": (401, 201, 201, 403, 403, 404, 403, 404, 403, 403, 201, 403),
    "pledge.uncredit": CHANGED_BY_LEAD,
    "allocation.list": READ_BY_ALL,
    "allocation.retrieve": (401, 200, 200, 200, 200, 404, 200, 404, 404, 200, 403, 403),
    "allocation.agree": BEFORE_IT_COUNTS,
    "allocation.decline": BEFORE_IT_COUNTS,
    "allocation.release": (401, 200, 200, 403, 403, 404, 200, 404, 404, 403, 200, 403),
    "placement.list": READ_BY_ALL,
    "placement.retrieve": READ_BY_PARTIES,
    "placement.create": ADDED_BY_LEAD,
    "placement.partial_update": CHANGED_BY_LEAD,
    "placement.start": CHANGED_BY_LEAD,
    "placement.complete": CHANGED_BY_LEAD,
    "placement.cancel": CHANGED_BY_LEAD,
    "placement.withdraw": CHANGED_BY_LEAD,
    "placement.did_not_attend": CHANGED_BY_LEAD,
    "apprenticeship.list": READ_BY_ALL,
    "apprenticeship.retrieve": READ_BY_PARTIES,
    "apprenticeship.create": ADDED_BY_LEAD,
    "apprenticeship.partial_update": CHANGED_BY_LEAD,
    "apprenticeship.fill": CHANGED_BY_LEAD,
    "apprenticeship.start": CHANGED_BY_LEAD,
    "apprenticeship.complete": CHANGED_BY_LEAD,
    "apprenticeship.close_unfilled": CHANGED_BY_LEAD,
    "apprenticeship.cancel": CHANGED_BY_LEAD,
    "apprenticeship.withdraw": CHANGED_BY_LEAD,
    "target.list": (401, 200, 200, 200, 403, 403, 403, 403, 200, 200, 403, 200),
    "target.retrieve": (401, 200, 200, 200, 404, 404, 404, 404, 200, 200, 403, 200),
    "target.create": (401, 201, 403, 403, 403, 403, 403, 403, 403, 403, 201, 403),
    "target.partial_update": (401, 200, 403, 403, 404, 404, 404, 404, 403, 403, 200, 403),
    "publication.list": (401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 403, 200),
    "publication.retrieve": (401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 403, 200),
    "publication.create": (401, 201, 201, 201, 403, 403, 403, 403, 403, 403, 201, 403),
    # A draft is out of sight of whoever is not of the team.
    "publication.publish": (401, 200, 403, 403, 404, 404, 404, 404, 404, 403, 200, 403),
    "publication.revise": (401, 201, 201, 201, 403, 403, 403, 403, 403, 403, 201, 403),
    "publication.differences": (401, 200, 200, 200, 403, 403, 403, 403, 200, 200, 403, 200),
    "import.list": (401, 200, 200, 200, 403, 403, 403, 403, 403, 200, 403, 403),
    "import.retrieve": (401, 200, 200, 200, 404, 404, 404, 404, 404, 200, 403, 403),
    "impact-summary": FIGURES,
    "impact-evidence": FIGURES,
    "schema": OPEN_TO_ALL,
    "docs": OPEN_TO_ALL,
    "nowhere": (404,) * len(ROLES),
}

#: What is read beside a record, at an address of its own.
READS = frozenset({"differences"})
METHODS = {"list": "GET", "retrieve": "GET", "create": "POST", "partial_update": "PATCH"}
QUERIES = {
    "impact-summary": "impact/summary/?period=2016-17&by=guild",
    "impact-evidence": "impact/evidence/?period=2016-17&measure=engagements",
    "schema": "schema/",
    "docs": "docs/",
    "nowhere": "nowhere/",
}


def endpoints() -> Iterator[str]:
    """What the addresses offer: `engagement.list`, `impact-summary` and the like."""
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        actions = getattr(pattern.callback, "actions", None)
        if actions:
            yield from (
                f"{pattern.callback.initkwargs['basename']}.{action}" for m, action in actions.items() if m != "head"
            )
        else:
            yield pattern.name


class Request(NamedTuple):
    method: str
    path: str
    body: dict[str, Any] | None

    def by(self, caller: Caller) -> int:
        """Sent, and undone again."""
        with transaction.atomic():
            if self.method == "GET":
                answer = caller.get(self.path)
            else:
                match = {"if_match": "*"} if self.method == "PATCH" else {}
                answer = caller.send(self.method, self.path, self.body, **match)
            transaction.set_rollback(True)
        return answer.status_code


def request_for(endpoint: str, world: World) -> Request:
    if endpoint in QUERIES:
        return Request("GET", QUERIES[endpoint], None)
    resource, action = endpoint.split(".")
    method, path = METHODS.get(action, "POST"), f"{resource}s/"
    if action in ("list", "create"):
        return Request(method, path, world.body(resource, action))
    path += f"{world.record_for(resource, action)}/"
    if action in READS:
        return Request("GET", f"{path}{action}/", None)
    return Request(method, path if action in METHODS else f"{path}{action}/", world.body(resource, action))


def test_every_endpoint_has_its_row():
    assert set(endpoints()) == set(TABLE)


def test_who_may_do_what():
    """One world for all: whatever is made and done for an endpoint is undone before the next."""
    world, wrong = World(), {}
    callers = {role: world.caller(role) for role in ROLES}
    for endpoint, row in TABLE.items():
        with transaction.atomic():
            request = request_for(endpoint, world)
            answers = {role: request.by(caller) for role, caller in callers.items()}
            transaction.set_rollback(True)
        expected = dict(zip(ROLES, row, strict=True))
        wrong |= {
            f"{endpoint} by {role}": f"{answers[role]} instead of {expected[role]}"
            for role in ROLES
            if answers[role] != expected[role]
        }
    assert wrong == {}
