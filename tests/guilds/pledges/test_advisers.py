"""Schools sign up for an enterprise adviser, are matched with one, and end it; both stocks count them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from guilds.audit.models import StatusChange
from guilds.audit.refusals import Conflict
from guilds.impact.targets import set_target
from guilds.pledges.adviser_actions import end_place, match_adviser, sign_up
from guilds.pledges.advisers import AdviserPlace
from tests.factories import (
    make_administrator,
    make_commission_member,
    make_contact,
    make_district,
    make_employer,
    make_employer_member,
    make_open_pledge,
    make_school,
    make_school_member,
)
from tests.guilds.impact.reading import behind, figure, rows, value

pytestmark = pytest.mark.django_db

SINCE, MATCHED, LATER = date(2016, 10, 3), date(2017, 1, 9), date(2017, 6, 1)


def waiting(**fields) -> AdviserPlace:
    return sign_up(**{"by": None, "organisation": make_school(), "signed_up_on": SINCE} | fields)


def matched(**fields) -> AdviserPlace:
    place = fields.pop("place", None) or waiting()
    employer = fields.pop("employer", None) or make_employer()
    return match_adviser(**{"by": None, "place": place, "employer": employer, "matched_on": MATCHED} | fields)


def test_its_life_is_dated_and_told():
    administrator, employer = make_administrator(), make_employer()
    adviser = make_contact(employer)
    promise = make_open_pledge(employer=employer, kind="enterprise_adviser", quantity=1)
    place = matched(by=administrator, employer=employer, contact=adviser, pledge=promise)
    assert (place.status, place.matched_by, place.contact, place.pledge) == ("matched", administrator, adviser, promise)
    end_place(by=None, place=place, verb="end", reason="Moved away", ended_on=LATER)
    steps = StatusChange.objects.of(place).values_list("to_status", "happened_on")
    assert list(steps) == [("signed_up", SINCE), ("matched", MATCHED), ("ended", LATER)]
    assert waiting(organisation=place.organisation, signed_up_on=LATER).status == "signed_up", "it looks for another"
    gone = end_place(by=None, place=waiting(), verb="withdraw", reason="No time", ended_on=LATER)
    assert (gone.status, gone.status_reason) == ("withdrawn", "No time")
    with pytest.raises(Conflict):
        matched(place=gone)
    with pytest.raises(Conflict):
        end_place(by=None, place=waiting(), verb="end", reason="Never begun", ended_on=LATER)


@pytest.mark.parametrize(
    ("act", "field"),
    [
        (lambda: waiting(organisation=make_employer()), "organisation"),
        (lambda: waiting(organisation=waiting().organisation), "organisation"),
        (lambda: waiting(signed_up_on=timezone.localdate() + timedelta(days=1)), "signed_up_on"),
        (lambda: matched(employer=make_school()), "employer"),
        (lambda: matched(contact=make_contact()), "contact"),
        (lambda: matched(matched_on=SINCE - timedelta(days=1)), "matched_on"),
        (lambda: matched(pledge=make_open_pledge(kind="placement")), "pledge"),
        (lambda: end_place(by=None, place=matched(), verb="end", reason="", ended_on=LATER), "reason"),
        (lambda: end_place(by=None, place=matched(), verb="end", reason="x", ended_on=SINCE), "ended_on"),
    ],
)
def test_what_can_not_be_is_refused(act, field):
    with pytest.raises(ValidationError) as error:
        act()
    assert field in error.value.message_dict


def test_both_stocks_count_schools_on_the_last_day():
    thanet = make_district()
    matched(place=waiting(organisation=make_school(district=thanet)))
    waiting()
    end_place(by=None, place=matched(), verb="end", reason="Moved away", ended_on=LATER)
    assert (value("adviser_schools_signed_up"), value("adviser_schools_matched")) == (2, 1)
    assert (value("adviser_schools_signed_up", "2016-17-Q2"), value("adviser_schools_matched", "2016-17-Q2")) == (3, 2)
    assert value("adviser_schools_matched", "2016-12") == 0
    assert rows("adviser_schools_signed_up", "district") == {"E07000114": 1, "unknown": 1, "total": 2}
    assert rows("adviser_schools_matched", "guild") == {"county-wide": 1, "total": 1}
    assert rows("adviser_schools_matched", "month")["2017-05"] == 2
    assert len(behind("adviser_schools_signed_up")) == 2
    set_target(by=None, measure="adviser_schools_signed_up", period="2016-17", value=20)
    assert figure("adviser_schools_signed_up").target == 20


def test_who_sees_them():
    place = matched()
    waiting()
    see = {
        make_administrator: 2, make_commission_member: 2, make_school_member: 0, make_employer_member: 0,
        lambda: make_school_member(place.organisation): 1, lambda: make_employer_member(place.employer): 1,
    }  # fmt: skip
    for make, number in see.items():
        assert AdviserPlace.objects.visible_to(make()).count() == number
