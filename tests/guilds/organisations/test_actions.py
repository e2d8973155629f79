"""The registry: identity, memberships, people."""

from datetime import date

import pytest

from guilds.audit.models import Event, StatusChange
from guilds.audit.refusals import Overtaken
from guilds.organisations import actions
from guilds.organisations.models import Membership, Organisation, Succession
from guilds.reference.models import OUTSIDE, Outcode, Postcode
from tests.factories import (
    DAY,
    make_contact,
    make_coordinator,
    make_district,
    make_employer,
    make_guild,
    make_membership,
    make_school,
)
from tests.guilds.refused import conflict, refused
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def numbers_of(organisation):
    return [(number.scheme, number.value) for number in organisation.identifiers.all()]


def test_a_school_that_employs_is_both():
    organisation = make_school(is_employer=True)
    assert organisation.roles == ["employer", "provider"]
    assert "is_employer" in refused(actions.register, by=None, name="Neither")
    assert "is_provider" in refused(actions.register, by=None, name="Firm", is_employer=True, provider_kind="secondary")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (("companies_house", "1234567"), "01234567"),
        (("companies_house", "oc 12345"), "OC012345"),
        (("urn", " 118788 "), "118788"),
        (("laestab", "886/1132"), "8861132"),
        (("charity", "1234567"), "1234567"),
    ],
)
def test_numbers_are_kept_as_their_scheme_writes_them(given, kept):
    assert numbers_of(make_employer(identifiers=[given])) == [(given[0], kept)]


@pytest.mark.parametrize(
    ("scheme", "value", "message"),
    [
        ("companies_house", "no", "A company number has 8 characters, such as 01234567 or OC123456"),
        ("urn", "12345", "A URN has 6 digits, such as 118788"),
        ("ukprn", "1000000", "A UKPRN has 8 digits, such as 10000001"),
        ("laestab", "886", "A LAESTAB has 7 digits, such as 8861132"),
        ("passport", "1", "Choose a scheme of: companies_house, charity, urn, ukprn, laestab"),
    ],
)
def test_a_number_that_is_none_is_refused(scheme, value, message):
    assert refused(make_employer, identifiers=[(scheme, value)]) == {"identifiers": [message]}


def test_a_number_is_one_organisations():
    first = make_employer(identifiers=[("companies_house", "00000042")])
    told = refused(make_employer, identifiers=[("companies_house", "42")])
    assert told == {"identifiers": [f"Company number 00000042 belongs to {first} already"]}


def test_names_decide_nothing():
    assert make_school(name="St Mary's").pk != make_school(name="St Mary's").pk


def test_numbers_that_are_given_replace_those_that_were():
    school = make_school(identifiers=[("urn", "100001"), ("ukprn", "10000001")])
    actions.correct(by=None, organisation=school, identifiers=[("urn", "100002"), ("ukprn", "10000001")])
    assert numbers_of(school) == [("ukprn", "10000001"), ("urn", "100002")]
    changed, registered = Event.objects.about(school)
    assert registered.after == changed.before
    assert changed.after["identifiers"] == [["ukprn", "10000001"], ["urn", "100002"]]


def test_the_district_follows_from_the_postcode():
    thanet = make_district()
    make_district(OUTSIDE, "Outside Kent and Medway")
    Outcode.objects.create(outcode="CT9", district=thanet)
    guessed = make_employer(postcode="ct91aa")
    assert (guessed.postcode, guessed.district, guessed.district_approximate) == ("CT9 1AA", thanet, True)
    Postcode.objects.create(postcode="CT91AA", district=thanet)
    known = make_employer(postcode="CT9 1AA")
    assert (known.district, known.district_approximate) == (thanet, False)
    assert make_employer(postcode="EH1 1AA").district_id == OUTSIDE
    assert make_employer(postcode="").district is None


def test_ages_and_employees_come_in_order():
    assert "age_low" in refused(make_school, age_low=18, age_high=11)
    assert "employees_low" in refused(make_employer, employees_low=50, employees_high=10)


def test_the_careers_leader_works_there():
    school = make_school()
    actions.correct(by=None, organisation=school, careers_leader=make_contact(school))
    assert "careers_leader" in refused(actions.correct, by=None, organisation=school, careers_leader=make_contact())


def test_an_organisation_closes_and_history_says_when_and_why():
    school = make_school()
    assert refused(actions.close, by=None, organisation=school, reason="") == {"reason": ["Say why"]}
    actions.close(by=None, organisation=school, reason="Became an academy", on=DAY)
    assert conflict(actions.close, by=None, organisation=school, reason="Again").startswith(
        "This organisation is closed"
    )
    actions.archive(by=None, organisation=school, reason="Entered twice")
    actions.restore(by=None, organisation=school, reason="It was not")
    steps = [(step.to_status, step.reason) for step in StatusChange.objects.of(school)][1:]
    assert steps == [("closed", "Became an academy"), ("archived", "Entered twice"), ("active", "It was not")]


def test_what_was_merged_is_archived():
    kept, merged = make_school(), make_school()
    Organisation.objects.filter(pk=merged.pk).update(merged_into=kept, status="archived")
    assert refused(actions.restore, by=None, organisation=merged, reason="No") == {
        "merged_into": ["A merged organisation is archived"]
    }


def test_an_organisation_is_once_at_a_time_in_a_guild():
    employer = make_employer()
    membership = make_membership(employer, joined_on=date(2016, 9, 1))
    told = refused(make_membership, employer, joined_on=date(2017, 1, 1))
    assert told == {"joined_on": [f"{employer} is a member of this guild already at that time"]}
    make_membership(employer, "sciences")
    actions.leave_guild(by=None, membership=membership, left_on=date(2017, 1, 1))
    again = make_membership(employer, joined_on=date(2017, 1, 1))
    assert "joined_on" in refused(actions.correct_membership, by=None, membership=again, joined_on=date(2016, 12, 1))


def test_who_has_left_does_not_leave_again():
    membership = make_membership(make_employer())
    told = refused(actions.leave_guild, by=None, membership=membership, left_on=date(2016, 8, 31))
    assert told == {"left_on": ["It can't leave before it joined"]}
    actions.leave_guild(by=None, membership=membership, left_on=date(2017, 1, 1))
    assert (
        conflict(actions.leave_guild, by=None, membership=membership, left_on=DAY)
        == "It left on 1 January 2017 already"
    )


def test_membership_is_open_until_the_day_of_leaving():
    membership = make_membership(make_employer(), joined_on=date(2016, 9, 1), left_on=date(2017, 1, 1))
    assert list(Membership.objects.open_on(date(2016, 12, 31))) == [membership]
    assert not Membership.objects.open_on(date(2017, 1, 1)).exists()
    assert not Membership.objects.open_on(date(2016, 8, 31)).exists()


@pytest.mark.django_db(transaction=True)
def test_two_memberships_at_once_do_not_overlap():
    employer, guild = make_employer(), make_guild()

    def join(left_on):
        return lambda: actions.join_guild(
            by=None, organisation=employer, guild=guild, role="member", joined_on=DAY, left_on=left_on
        )

    at_once([join(date(2018, month, 1)) for month in range(1, 7)])
    assert Membership.objects.count() == 1


def test_a_successor_is_linked_once():
    before, after = make_school(), make_school()
    first = actions.link_successor(by=None, predecessor=before, successor=after)
    assert actions.link_successor(by=None, predecessor=before, successor=after) == first
    assert Succession.objects.count() == 1
    assert "predecessor" in refused(actions.link_successor, by=None, predecessor=before, successor=before)
    assert "successor" in refused(actions.link_successor, by=None, predecessor=before, successor=make_employer())


def test_several_people_share_an_email():
    employer = make_employer()
    assert make_contact(employer, name="Sam").pk != make_contact(employer, name="Kim").pk


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"name": ""}, "name"), ({"email": "sam"}, "email"), ({"lawful_basis": "why not"}, "lawful_basis")],
)
def test_a_person_who_can_not_be_is_refused(fields, field):
    assert list(refused(make_contact, **fields)) == [field]


def test_who_asked_not_to_be_contacted_is_left_alone():
    employer = make_employer()
    sam, kim = make_contact(employer, name="Sam"), make_contact(employer, name="Kim")
    actions.correct_contact(by=make_coordinator(), contact=sam, do_not_contact=True)
    assert list(employer.contacts.contactable()) == [kim]


def test_two_editors_of_one_person():
    contact = make_contact()
    actions.correct_contact(by=None, contact=contact, phone="01843 000000")
    with pytest.raises(Overtaken):
        actions.correct_contact(by=None, contact=contact, phone="", expected_version=1)
