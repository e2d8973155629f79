"""Pledges over the API: made, verified, given out, fulfilled, and ended."""

from datetime import date

import pytest

from guilds.pledges import actions
from guilds.pledges.models import Amendment, Pledge
from tests.crm.api.bodies import body_for
from tests.crm.api.caller import Caller, faults
from tests.factories import (
    make_administrator,
    make_district,
    make_employer,
    make_employer_member,
    make_engagement,
    make_open_pledge,
    make_placement,
    make_pledge,
    make_school,
    make_school_member,
)

pytestmark = pytest.mark.django_db


def test_made_by_the_employer_itself_and_verified_by_a_coordinator(coordinator):
    member = make_employer_member()
    employer = Caller(member)
    body = body_for("pledges", employer=member.organisation)
    answer = employer.post("pledges/", body)
    assert answer.status_code == 201, answer.content
    shown = answer.json()
    assert (shown["status"], shown["made_through"], shown["employer"]) == (
        "unverified",
        "api",
        str(member.organisation_id),
    )
    assert (shown["districts"], shown["remaining"]) == (["E07000114"], 10)

    assert employer.change(shown["url"], {"quantity": 12}).json()["quantity"] == 12
    assert employer.post(f"{shown['url']}verify/").status_code == 403
    verified = coordinator.post(f"{shown['url']}verify/")
    assert (verified.status_code, verified.json()["status"]) == (200, "open")
    assert coordinator.post(f"{shown['url']}verify/").status_code == 409
    assert employer.change(shown["url"], {"quantity": 1}).status_code == 403


def test_employers_make_their_own_and_leave_verifying_to_others():
    member = make_employer_member()
    employer, body = Caller(member), body_for("pledges", employer=member.organisation)
    assert faults(employer.post("pledges/", body | {"employer": str(make_employer().pk)})) == {
        "employer": "does_not_exist"
    }
    assert employer.post("pledges/", body | {"status": "open"}).status_code == 403
    assert faults(employer.post("pledges/", body | {"made_through": "import"})) == {"made_through": "invalid_choice"}
    assert employer.post("pledges/", body | {"made_through": "portal"}).json()["made_through"] == "portal"
    assert Pledge.objects.count() == 1


def test_made_today_unless_somebody_says_when(coordinator):
    body = body_for("pledges")
    body.pop("made_on")
    assert coordinator.post("pledges/", body).json()["made_on"] is not None
    assert faults(coordinator.post("pledges/", body | {"made_on": "2090-01-01"})) == {"made_on": "future"}


def test_what_was_promised_stays_and_is_amended(coordinator):
    url = f"pledges/{make_open_pledge(quantity=10).pk}/"
    assert faults(coordinator.change(url, {"quantity": 8})) == {"quantity": "verified"}
    shown = coordinator.post(f"{url}amend/", {"quantity": 8, "reason": "Fewer rooms"}).json()
    assert (shown["quantity"], shown["current_quantity"], shown["remaining"]) == (10, 8, 8)
    assert Amendment.objects.get().reason == "Fewer rooms"
    assert faults(coordinator.post(f"{url}amend/", {"quantity": 9})) == {"reason": "required"}


def test_given_out_until_nothing_remains(coordinator):
    url, school = f"pledges/{make_open_pledge(quantity=10).pk}/", make_school(identifiers=[("urn", "118788")])
    tag = coordinator.get(url)["ETag"]
    given = coordinator.post(f"{url}allocate/", {"provider": {"scheme": "urn", "value": "118788"}, "quantity": 6})
    assert given.status_code == 201
    allocation = given.json()
    assert (allocation["status"], allocation["quantity"], allocation["provider"]) == ("agreed", 6, str(school.pk))
    assert coordinator.get(allocation["url"]).json() == allocation

    refused = coordinator.post(f"{url}allocate/", {"provider": str(school.pk), "quantity": 5})
    assert (refused.status_code, faults(refused)) == (409, {"quantity": "too_few_remain"})
    shown = coordinator.get(url)
    assert (shown.json()["allocated"], shown.json()["remaining"]) == (6, 4)
    assert shown["ETag"] != tag
    released = coordinator.post(f"{allocation['url']}release/", {"reason": "Not needed"})
    assert released.json()["status"] == "released"
    assert coordinator.get(url).json()["remaining"] == 10


def test_nothing_of_an_unverified_pledge_is_given_out(coordinator):
    body = {"provider": str(make_school().pk), "quantity": 1}
    assert coordinator.post(f"pledges/{make_pledge().pk}/allocate/", body).status_code == 409


def test_schools_ask_for_themselves_and_coordinators_agree(coordinator):
    thanet = make_district()
    member = make_school_member(make_school(district=thanet))
    pledge = make_open_pledge(districts=[thanet])
    school, url = Caller(member), f"pledges/{pledge.pk}/"
    asked = school.post(f"{url}allocate/", {"provider": str(member.organisation_id), "quantity": 3})
    assert (asked.status_code, asked.json()["status"]) == (201, "requested")
    assert faults(school.post(f"{url}allocate/", {"provider": str(make_school().pk), "quantity": 1})) == {
        "provider": "does_not_exist"
    }
    assert coordinator.post(f"allocations/{asked.json()['id']}/agree/").json()["status"] == "agreed"
    assert coordinator.post(f"allocations/{asked.json()['id']}/agree/").status_code == 409
    assert [row["id"] for row in school.get("allocations/").json()["results"]] == [asked.json()["id"]]


def test_schools_see_open_pledges_offered_to_their_district():
    thanet, ashford = make_district(), make_district("E07000105", "Ashford")
    school = Caller(make_school_member(make_school(district=thanet)))
    here, anywhere = make_open_pledge(districts=[thanet]), make_open_pledge()
    make_open_pledge(districts=[ashford])
    make_pledge(districts=[thanet])
    seen = {row["id"]: row for row in school.get("pledges/").json()["results"]}
    assert seen.keys() == {str(here.pk), str(anywhere.pk)}
    assert {row["notes"] for row in seen.values()} == {None}


def test_fulfilled_by_what_happened(coordinator):
    pledge = make_open_pledge(quantity=2)
    placement = make_placement(employer=pledge.employer, learners=2)
    url = f"pledges/{pledge.pk}/"
    credited = coordinator.post(f"{url}credit/", {"placement": str(placement.pk)})
    assert (credited.status_code, credited.json()["placement"]) == (201, str(placement.pk))
    assert coordinator.get(url).json()["delivered"] == 0
    coordinator.post(f"placements/{placement.pk}/start/", {"on": "2017-04-03"})
    shown = coordinator.get(url).json()
    assert (shown["delivered"], shown["remaining"], shown["status"]) == (2, 0, "fulfilled")
    assert coordinator.post(f"{url}uncredit/", {"delivery": credited.json()["id"]}).json()["status"] == "open"


def test_a_credit_belongs_to_its_own_pledge(coordinator):
    pledge = make_open_pledge()
    delivery = actions.credit(by=None, pledge=pledge, placement=make_placement(employer=pledge.employer))
    answer = coordinator.post(f"pledges/{make_open_pledge().pk}/uncredit/", {"delivery": str(delivery.pk)})
    assert faults(answer) == {"delivery": "other_pledge"}


@pytest.mark.parametrize(
    ("make", "verb", "body", "status"),
    [
        (make_pledge, "reject", {"reason": "A joke"}, "rejected"),
        (make_open_pledge, "withdraw", {"reason": "Closed"}, "withdrawn"),
        (lambda: make_open_pledge(valid_until=date(2017, 6, 1)), "lapse", {}, "lapsed"),
    ],
)
def test_endings(coordinator, make, verb, body, status):
    url = f"pledges/{make().pk}/"
    if body:
        assert faults(coordinator.post(f"{url}{verb}/")) == {"reason": "required"}
    assert coordinator.post(f"{url}{verb}/", body).json()["status"] == status
    assert coordinator.post(f"{url}{verb}/", body).status_code in (409, 400)


def test_a_lapsed_one_is_open_again_when_it_is_extended(coordinator):
    url = f"pledges/{make_open_pledge(valid_until=date(2017, 6, 1)).pk}/"
    coordinator.post(f"{url}lapse/")
    shown = coordinator.post(f"{url}extend/", {"valid_until": "2090-01-01", "reason": "They asked"}).json()
    assert (shown["status"], shown["valid_until"]) == ("open", "2090-01-01")


def test_filters(coordinator):
    thanet, event = make_district(), make_engagement()
    done, left = make_open_pledge(quantity=1), make_open_pledge(kind="mentoring", districts=[thanet], guild=None)
    new = make_pledge(made_on=date(2018, 1, 1), engagement=event, reference="P-1")
    started = make_placement(employer=done.employer, status="started")
    actions.credit(by=None, pledge=done, placement=started)
    for query, found in [
        ({"guild": "county-wide"}, [left]),
        ({"kind": "mentoring"}, [left]),
        ({"status": "open"}, [left]),
        ({"status": "fulfilled"}, [done]),
        ({"status": "unverified"}, [new]),
        ({"available": "true"}, [left]),
        ({"available": "false"}, [new, done]),
        ({"employer": str(done.employer_id)}, [done]),
        ({"district": "E07000114"}, [left]),
        ({"district": "unknown"}, [new, done]),
        ({"engagement": str(event.pk)}, [new]),
        ({"from": "2017-12-01"}, [new]),
        ({"reference": "P-1"}, [new]),
        ({"q": "p-1"}, [new]),
        ({"count": "true", "status": "fulfilled"}, [done]),
    ]:
        rows = coordinator.get("pledges/", query).json()["results"]
        assert sorted(row["id"] for row in rows) == sorted(str(one.pk) for one in found), query


def test_a_reference_is_one_pledges():
    caller, body = Caller(make_administrator()), body_for("pledges") | {"reference": "P-1"}
    assert caller.post("pledges/", body).status_code == 201
    assert list(faults(caller.post("pledges/", body))) == ["reference"]
