"""Organisations and their people over the API."""

from datetime import date

import pytest

from guilds.merging.actions import merge
from guilds.organisations.models import Contact, Organisation
from tests.crm.api.bodies import body_for
from tests.crm.api.caller import Caller, faults
from tests.factories import (
    make_contact,
    make_district,
    make_employer,
    make_employer_member,
    make_guild,
    make_membership,
    make_school,
    make_school_member,
)

pytestmark = pytest.mark.django_db

SCHOOL = {
    "name": "Hill School",
    "identifiers": [{"scheme": "urn", "value": "118788"}, {"scheme": "ukprn", "value": "10012345"}],
    "district": "E07000114",
    "provider": {"kind": "secondary", "local_kind": "high", "phase": "Secondary", "pupils": 900, "coastal": True},
}


def test_an_employer_with_all_that_is_known_of_it(coordinator):
    answer = coordinator.post("organisations/", body_for("organisations"))
    assert answer.status_code == 201, answer.content
    shown = answer.json()
    assert shown["roles"] == ["employer"]
    assert shown["provider"] is None
    assert shown["employer"] == {
        "sic_codes": ["55100"],
        "size_band": "small",
        "employees": {"low": 10, "high": 49},
        "headcount": None,
        "levy_payer": None,
    }
    assert coordinator.get(shown["url"]).json() == shown


def test_a_school_is_what_its_part_says_it_is(coordinator):
    make_district()
    shown = coordinator.post("organisations/", SCHOOL).json()
    assert (shown["roles"], shown["employer"]) == (["provider"], None)
    assert shown["provider"] == SCHOOL["provider"]
    assert shown["identifiers"] == SCHOOL["identifiers"][::-1]
    assert (shown["district"], shown["district_approximate"]) == ("E07000114", False)


def test_one_number_of_employees_is_a_range_of_one(coordinator):
    shown = coordinator.post("organisations/", {"name": "One Ltd", "employer": {"employees": 12}}).json()
    assert shown["employer"]["employees"] == {"low": 12, "high": 12}


def test_faults_come_under_the_names_of_the_api(coordinator):
    make_school(identifiers=[("urn", "118788")])
    make_district()
    assert faults(coordinator.post("organisations/", {"name": "Nothing"})).keys() == {"roles"}
    assert faults(coordinator.post("organisations/", SCHOOL)).keys() == {"identifiers"}
    body = {"name": "X", "employer": {"employees": {"low": 9, "high": 2}, "size_band": "huge"}}
    assert faults(coordinator.post("organisations/", body)).keys() == {"employer.employees", "employer.size_band"}


def test_corrected_in_parts(coordinator):
    make_district()
    shown = coordinator.post("organisations/", SCHOOL).json()
    changed = coordinator.change(shown["url"], {"provider": {"pupils": 950}, "employer": {"levy_payer": True}}).json()
    assert changed["provider"] == SCHOOL["provider"] | {"pupils": 950}
    assert changed["roles"] == ["employer", "provider"]
    assert changed["identifiers"] == shown["identifiers"]


def test_employers_keep_their_details_and_the_team_their_identity(coordinator):
    member = make_employer_member()
    caller, url = Caller(member), f"organisations/{member.organisation_id}/"
    assert caller.change(url, {"phone": "01843 000000", "employer": {"headcount": 12}}).status_code == 200
    refused = caller.change(url, {"name": "Another Ltd", "identifiers": []})
    assert refused.status_code == 403
    assert "identifiers, name" in refused.json()["detail"]
    assert Organisation.objects.get(pk=member.organisation_id).name == member.organisation.name


def test_members_see_their_own_organisation_only():
    make_employer(), make_school()
    for member in (make_employer_member(), make_school_member()):
        rows = Caller(member).get("organisations/").json()["results"]
        assert [row["id"] for row in rows] == [str(member.organisation_id)]


def test_joining_and_leaving_a_guild(coordinator):
    make_guild()
    url = f"organisations/{make_employer().pk}/"
    body = {"guild": "hospitality-tourism", "role": "chair", "joined_on": "2016-09-01"}
    joined = coordinator.post(f"{url}join/", body)
    assert (joined.status_code, joined.json()["memberships"]) == (201, [body | {"left_on": None}])
    assert faults(coordinator.post(f"{url}join/", body)) == {"joined_on": "overlap"}
    left = coordinator.post(f"{url}leave/", {"guild": "hospitality-tourism", "left_on": "2017-07-31"})
    assert left.json()["memberships"] == [body | {"left_on": "2017-07-31"}]
    assert left["ETag"] != joined["ETag"]
    assert coordinator.post(f"{url}leave/", {"guild": "hospitality-tourism"}).status_code == 409


def test_filters(coordinator):
    thanet = make_district()
    hotel = make_employer("Pier Hotel Ltd", district=thanet, postcode="CT9 1XX")
    school = make_school("Hill School", identifiers=[("urn", "118788")])
    closed = make_school("Old School", provider_kind="special", status="closed", is_employer=True)
    make_membership(hotel)
    make_membership(school, joined_on=date(2016, 1, 1), left_on=date(2016, 7, 1))
    for query, found in [
        ({"role": "employer"}, [closed, hotel]),
        ({"role": "provider"}, [school, closed]),
        ({"guild": "hospitality-tourism"}, [hotel]),
        ({"guild": "county-wide"}, [school, closed]),
        ({"provider_kind": "special"}, [closed]),
        ({"identifier": "urn:118788"}, [school]),
        ({"identifier": "urn:1"}, []),
        ({"status": "closed"}, [closed]),
        ({"q": "pier hotel limited"}, [hotel]),
        ({"q": "118788"}, [school]),
        ({"q": "school"}, [school, closed]),
    ]:
        rows = coordinator.get("organisations/", query).json()["results"]
        assert [row["id"] for row in rows] == [str(one.pk) for one in sorted(found, key=lambda one: one.name)], query


@pytest.mark.parametrize("identifier", ["118788", "urn:", "passport:1", "urn"])
def test_an_identifier_names_its_scheme(coordinator, identifier):
    assert list(faults(coordinator.get("organisations/", {"identifier": identifier}))) == ["identifier"]


def test_what_was_merged_is_in_no_list_but_its_own_and_says_where_it_went(coordinator):
    winner, loser = (make_employer(name) for name in ("Bay Hotel", "Bay Hotel Ltd"))
    merge(by=None, winner=winner, loser=loser)
    assert [(row["name"], row["merged_into"]) for row in coordinator.get("organisations/").json()["results"]] == [
        ("Bay Hotel", None)
    ]
    assert coordinator.get("organisations/?status=archived").json()["results"] == []
    gone = coordinator.get("organisations/?merged=true").json()["results"]
    assert [(row["id"], row["merged_into"]) for row in gone] == [(str(loser.pk), str(winner.pk))]
    assert coordinator.get(f"organisations/{loser.pk}/").json()["merged_into"] == str(winner.pk)


def test_people_are_added_and_corrected_where_ones_guild_works(coordinator, other_coordinator):
    organisation = make_employer()
    make_membership(organisation)
    shown = coordinator.post("contacts/", body_for("contacts", employer=organisation)).json()
    assert (shown["organisation"], shown["lawful_basis"]) == (str(organisation.pk), "public_task")
    assert coordinator.change(shown["url"], {"do_not_contact": True}).json()["do_not_contact"] is True
    assert other_coordinator.get(shown["url"]).status_code == 404
    assert faults(coordinator.change(shown["url"], {"email": "no e-mail", "name": ""})) == {
        "email": "invalid",
        "name": "blank",
    }


def test_a_person_does_not_move_to_another_organisation(coordinator):
    contact = make_contact()
    answer = coordinator.change(f"contacts/{contact.pk}/", {"organisation": str(make_employer().pk)})
    assert faults(answer) == {"organisation": "read_only"}


def test_nobody_is_looked_up_by_e_mail(coordinator):
    make_contact(email="sam@harbour.example")
    assert faults(coordinator.get("contacts/", {"email": "sam@harbour.example"})) == {"email": "unknown"}
    assert coordinator.get("contacts/", {"q": "sam@harbour"}).json()["results"] == []


def test_the_commission_sees_no_people(commission):
    make_contact()
    assert commission.get("contacts/").json()["results"] == []


def test_filters_of_people(coordinator):
    one, other = make_contact(do_not_contact=True), make_contact()
    for query, found in [
        ({"organisation": str(one.organisation_id)}, one),
        ({"do_not_contact": "true"}, one),
        ({"do_not_contact": "false"}, other),
        ({"q": other.organisation.name}, other),
    ]:
        assert [row["id"] for row in coordinator.get("contacts/", query).json()["results"]] == [str(found.pk)], query
    assert Contact.objects.count() == 2
