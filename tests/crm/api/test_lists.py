"""Lists: pages by keyset in any order, and the same number of queries however long they are."""

from collections.abc import Callable
from datetime import date
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guilds.impact.targets import set_target
from guilds.importing.models import Import, ImportRow
from guilds.pledges import actions as pledge_actions
from tests.crm.api.caller import faults
from tests.factories import (
    make_apprenticeship,
    make_contact,
    make_district,
    make_employer,
    make_engagement,
    make_guild,
    make_membership,
    make_open_pledge,
    make_placement,
    make_school,
    moment,
)

pytestmark = pytest.mark.django_db


def pages_of(caller, path: str, query: dict) -> list[list[dict]]:
    """All pages, following `next`."""
    answer = caller.get(path, query).json()
    pages = [answer["results"]]
    while answer["next"]:
        answer = caller.get(answer["next"]).json()
        pages.append(answer["results"])
    return pages


@pytest.fixture
def nine() -> list[str]:
    """Nine engagements on three days, so that many are level."""
    return [str(make_engagement(title=f"E{n}", starts_at=moment(date(2017, 3, 1 + n % 3))).pk) for n in range(9)]


@pytest.mark.parametrize("ordering", [None, "starts_at", "-title", "-starts_at,title", "created_at"])
@pytest.mark.parametrize("size", [1, 4, 9])
def test_every_row_comes_once_in_order_and_back_again(coordinator, nine, ordering, size):
    query = {"page_size": size} | ({"ordering": ordering} if ordering else {})
    whole = coordinator.get("engagements/", query | {"page_size": 500}).json()["results"]
    pages = pages_of(coordinator, "engagements/", query)

    assert [row["id"] for page in pages for row in page] == [row["id"] for row in whole]
    assert sorted(row["id"] for row in whole) == sorted(nine)
    if ordering:
        for name in reversed(ordering.split(",")):
            whole = sorted(whole, key=lambda row: row[name.lstrip("-")], reverse=name.startswith("-"))
        assert pages[0][0]["id"] == whole[0]["id"]

    answer, seen = coordinator.get("engagements/", query).json(), []
    while answer["next"]:
        answer = coordinator.get(answer["next"]).json()
    while answer["previous"]:
        answer = coordinator.get(answer["previous"]).json()
        seen.append(answer["results"])
    assert seen == pages[-2::-1]


def test_the_first_page_has_none_before_it_and_the_last_none_after(coordinator, nine):
    first = coordinator.get("engagements/", {"page_size": 5}).json()
    last = coordinator.get(first["next"]).json()
    assert (first["previous"], last["next"], len(last["results"])) == (None, None, 4)
    assert coordinator.get(last["previous"]).json() == first


def test_rows_added_meanwhile_move_nothing(coordinator, nine):
    first = coordinator.get("engagements/", {"page_size": 5}).json()
    make_engagement(title="Newest", starts_at=moment(date(2017, 6, 1)))
    rest = coordinator.get(first["next"]).json()["results"]
    assert sorted(row["id"] for row in first["results"] + rest) == sorted(nine)


def test_filters_stay_on_from_page_to_page(coordinator, nine):
    make_engagement(kind="assembly")
    pages = pages_of(coordinator, "engagements/", {"kind": "careers_event", "page_size": 4})
    assert [len(page) for page in pages] == [4, 4, 1]


def test_count_is_given_when_asked_for(coordinator, nine):
    assert "count" not in coordinator.get("engagements/").json()
    answer = coordinator.get("engagements/", {"count": "true", "page_size": 2, "q": "E"}).json()
    assert (answer["count"], len(answer["results"])) == (9, 2)


def test_a_cursor_is_taken_as_it_was_given_or_not_at_all(coordinator, nine):
    following = coordinator.get("engagements/", {"page_size": 2}).json()["next"]
    assert faults(coordinator.get(following.replace("cursor=", "cursor=x"))) == {"cursor": "invalid_cursor"}
    assert faults(coordinator.get(following + "&ordering=title")) == {"cursor": "invalid_cursor"}


def test_pages_hold_fifty_unless_asked(coordinator):
    for number in range(52):
        make_engagement(title=f"E{number}")
    assert len(coordinator.get("engagements/").json()["results"]) == 50
    assert len(coordinator.get("engagements/", {"page_size": 500}).json()["results"]) == 52


_numbers = count()


def an_import() -> None:
    batch = Import.objects.create(kind="pledges", filename="pledges.csv", refused=2)
    for row in (2, 3):
        ImportRow.objects.create(batch=batch, row=row, outcome="refused", field="kind", message="No")


def an_organisation() -> None:
    make_membership(make_employer(district=make_district()))


def an_engagement() -> None:
    make_engagement(
        status="delivered",
        supporting_guilds=[make_guild("sciences")],
        attendances=[{"provider": make_school(), "learners": 1}, {"provider": make_school()}],
        participations=[{"employer": make_employer()}, {"employer": make_employer()}],
    )


def an_allocation() -> None:
    pledge_actions.allocate(by=None, pledge=make_open_pledge(), provider=make_school(), quantity=1)


def a_target() -> None:
    year = 1960 + next(_numbers) % 150
    for value in (1, 2):
        set_target(by=None, measure="encounters", period=f"FY{year}-{(year + 1) % 100:02}", value=value)


MAKERS: dict[str, Callable[[], object]] = {
    "guilds": lambda: make_guild(f"guild-{next(_numbers)}"),
    "districts": lambda: make_district(f"E{next(_numbers):08}", name=f"District {next(_numbers)}"),
    "organisations": an_organisation,
    "contacts": make_contact,
    "engagements": an_engagement,
    "pledges": lambda: make_open_pledge(districts=[make_district()]),
    "allocations": an_allocation,
    "placements": make_placement,
    "apprenticeships": make_apprenticeship,
    "targets": a_target,
    "imports": an_import,
}


#: Lists that a role is refused.
NOT_THEIRS = [("imports", "commission")]


def queries_of(caller, path: str) -> tuple[int, int]:
    """How many queries a list takes, and how many rows it gives."""
    with CaptureQueriesContext(connection) as queries:
        answer = caller.get(path)
    return len(queries), len(answer.json()["results"])


@pytest.mark.parametrize(
    ("prefix", "role"),
    [(prefix, role) for prefix in MAKERS for role in ("coordinator", "commission") if (prefix, role) not in NOT_THEIRS],
)
def test_a_list_takes_the_same_queries_for_3_rows_and_for_30(prefix, role, request):
    caller, path = request.getfixturevalue(role), f"{prefix}/?page_size=500"
    for _ in range(3):
        MAKERS[prefix]()
    caller.get(path)
    few, rows = queries_of(caller, path)
    for _ in range(27):
        MAKERS[prefix]()
    many, more = queries_of(caller, path)
    assert many == few <= 9
    if role == "coordinator":
        assert (rows >= 3, more >= 30) == (True, True)


def test_a_list_of_imports_shows_the_first_refused_rows_of_each_and_its_address_all(coordinator):
    batches = [Import.objects.create(kind="pledges", filename="pledges.csv", refused=30) for _ in range(2)]
    for batch in batches:
        for row in range(2, 32):
            ImportRow.objects.create(batch=batch, row=row, outcome="refused", field="kind", message="No")
        ImportRow.objects.create(batch=batch, row=1, outcome="warned", field="kind", message="Well")
    listed = coordinator.get("imports/").json()["results"]
    assert [[row["row"] for row in one["rows"]] for one in listed] == [list(range(2, 22))] * 2
    whole = coordinator.get(listed[0]["url"]).json()
    assert [row["row"] for row in whole["rows"]] == list(range(2, 32))
    assert whole["rows"][0] == {"row": 2, "field": "kind", "message": "No"}
