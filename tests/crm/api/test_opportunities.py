"""Placements and apprenticeships over the API."""

from datetime import date

import pytest

from guilds.pledges.models import Delivery
from guilds.reference.models import ApprenticeshipStandard
from tests.crm.api.bodies import body_for
from tests.crm.api.caller import faults
from tests.factories import (
    make_apprenticeship,
    make_district,
    make_employer,
    make_guild,
    make_open_pledge,
    make_placement,
    make_school,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("prefix", ["placements", "apprenticeships"])
def test_added_with_the_pledge_that_it_fulfils(coordinator, prefix):
    kind = prefix.removesuffix("s")
    pledge = make_open_pledge(kind=kind)
    body = body_for(prefix, employer=pledge.employer) | {"pledge": str(pledge.pk), "reference": "R-1"}
    answer = coordinator.post(f"{prefix}/", body)
    assert answer.status_code == 201, answer.content
    shown = answer.json()
    assert shown["pledge"] == str(pledge.pk)
    assert coordinator.get(shown["url"]).json() == shown
    assert [row["id"] for row in coordinator.get(f"{prefix}/", {"pledge": str(pledge.pk)}).json()["results"]] == [
        shown["id"]
    ]

    assert coordinator.change(shown["url"], {"pledge": None}).json()["pledge"] is None
    assert not Delivery.objects.exists()
    other = make_open_pledge(kind=kind, employer=pledge.employer)
    assert coordinator.change(shown["url"], {"pledge": str(other.pk)}).json()["pledge"] == str(other.pk)
    assert list(faults(coordinator.post(f"{prefix}/", body))) == ["reference"]


def test_a_pledge_of_another_employer_is_refused_and_nothing_added(coordinator):
    answer = coordinator.post("placements/", body_for("placements") | {"pledge": str(make_open_pledge().pk)})
    assert faults(answer) == {"placement": "other_employer"}
    assert coordinator.get("placements/").json()["results"] == []


def test_other_guilds_pledges_are_theirs_to_credit(coordinator):
    pledge = make_open_pledge(guild=make_guild("sciences"))
    body = body_for("placements", employer=pledge.employer) | {"pledge": str(pledge.pk)}
    assert coordinator.post("placements/", body).status_code == 403


@pytest.mark.parametrize(
    ("verb", "before", "after", "body"),
    [
        ("start", "arranged", "started", {"on": "2017-04-03"}),
        ("complete", "started", "completed", {"on": "2017-05-03"}),
        ("cancel", "arranged", "cancelled", {"reason": "Ill", "cancelled_by": "learner"}),
        ("withdraw", "started", "withdrawn", {"reason": "Moved away", "on": "2017-05-03"}),
        ("did_not_attend", "arranged", "did_not_attend", {}),
    ],
)
def test_verbs_of_placements(coordinator, verb, before, after, body):
    url = f"placements/{make_placement(status=before).pk}/"
    done = coordinator.post(f"{url}{verb}/", body)
    assert (done.status_code, done.json()["status"]) == (200, after)
    again = coordinator.post(f"{url}{verb}/", body)
    assert (again.status_code, faults(again)) == (409, {"status": "lifecycle"})


@pytest.mark.parametrize(
    ("verb", "before", "after", "body"),
    [
        ("fill", "open", "filled", {}),
        ("start", "filled", "started", {"on": "2017-09-04"}),
        ("complete", "started", "completed", {"on": "2018-09-04"}),
        ("close_unfilled", "open", "closed_unfilled", {}),
        ("cancel", "filled", "cancelled", {"reason": "No money"}),
        ("withdraw", "started", "withdrawn", {"reason": "Left", "on": "2017-12-01"}),
    ],
)
def test_verbs_of_apprenticeships(coordinator, verb, before, after, body):
    dates = {"starts_on": date(2017, 9, 4)} if before == "started" else {}
    url = f"apprenticeships/{make_apprenticeship(status=before, **dates).pk}/"
    done = coordinator.post(f"{url}{verb}/", body)
    assert (done.status_code, done.json()["status"]) == (200, after)
    assert coordinator.post(f"{url}{verb}/", body).status_code == 409


def test_title_and_level_come_from_the_standard(coordinator):
    ApprenticeshipStandard.objects.create(reference="ST0228", title="Chef de partie", level=3)
    body = body_for("apprenticeships") | {"standard": "ST0228"}
    body.pop("standard_title"), body.pop("level")
    shown = coordinator.post("apprenticeships/", body).json()
    assert (shown["standard"], shown["standard_title"], shown["level"]) == ("ST0228", "Chef de partie", 3)
    assert faults(coordinator.post("apprenticeships/", body | {"standard": "ST9999"})) == {"standard": "does_not_exist"}


def test_everything_wrong_with_a_placement_is_said_at_once(coordinator):
    wrong = body_for("placements") | {"learners": 0, "starts_on": "31/02/2017", "employer": "nobody", "names": ["Sam"]}
    assert faults(coordinator.post("placements/", wrong)) == {
        "learners": "min_value",
        "starts_on": "invalid",
        "employer": "invalid",
        "names": "unknown",
    }


def test_filters_of_placements(coordinator):
    thanet, school = make_district(), make_school()
    one = make_placement(provider=school, programme="volunteering", district=thanet, reference="Quay-77")
    other = make_placement(guild=None, status="started", arranged_on=date(2018, 1, 1))
    for query, found in [
        ({"guild": "hospitality-tourism"}, one),
        ({"programme": "volunteering"}, one),
        ({"status": "started"}, other),
        ({"employer": str(one.employer_id)}, one),
        ({"provider": str(school.pk)}, one),
        ({"district": "E07000114"}, one),
        ({"from": "2017-12-01"}, other),
        ({"q": "quay-77"}, one),
    ]:
        assert [row["id"] for row in coordinator.get("placements/", query).json()["results"]] == [str(found.pk)], query


def test_filters_of_apprenticeships(coordinator):
    one = make_apprenticeship(level=2, intake="july", employer=make_employer("Pier Hotel"))
    other = make_apprenticeship(guild=None, status="filled", training_provider=make_school())
    for query, found in [
        ({"guild": "county-wide"}, other),
        ({"status": "filled"}, other),
        ({"level": "2"}, one),
        ({"intake": "july"}, one),
        ({"employer": str(one.employer_id)}, one),
        ({"training_provider": str(other.training_provider_id)}, other),
        ({"q": "pier"}, one),
    ]:
        rows = coordinator.get("apprenticeships/", query).json()["results"]
        assert [row["id"] for row in rows] == [str(found.pk)], query
