"""A cohort of promises step by step: each step is of the pledges made in the period, whenever it was taken."""

from datetime import date

import pytest

from guilds.engagement import actions as engagement_actions
from guilds.impact.periods import parse
from guilds.impact.promises import Steps, steps
from guilds.impact.scopes import Scope
from guilds.pledges import actions
from tests import factories as make

pytestmark = pytest.mark.django_db
YEAR = parse("2016-17")


def test_every_step_is_of_the_same_pledges():
    thanet, school = make.make_district(), make.make_school("Hill")
    mine = {"employer": make.make_employer("Inn", district=thanet)}
    talks = make.make_open_pledge(kind="school_talk", quantity=10, **mine)
    agreed = actions.allocate(by=None, pledge=talks, provider=school, quantity=4)
    actions.allocate(by=None, pledge=talks, provider=school, quantity=2, status="requested")
    make.make_pledge(kind="school_talk", quantity=7, **mine)
    make.make_open_pledge(kind="school_talk", quantity=99, made_on=date(2018, 10, 2), **mine)
    for answer, quantity in (("confirmed", 3), ("unanswered", 2)):
        event = make.make_engagement(
            status="delivered", starts_at=make.moment(date(2018, 3, 2)),
            attendances=[{"provider": school, "learners": 20}],
        )  # fmt: skip
        if answer == "confirmed":
            member = make.make_school_member(school)
            engagement_actions.answer(by=member, attendance=event.attendances.get(), answer=answer)
        actions.credit(by=None, pledge=talks, engagement=event, quantity=quantity)
    places = make.make_open_pledge(kind="placement", quantity=6, employer=make.make_employer("Farm"))

    assert steps(YEAR) == [
        Steps("placement", made=6, verified=6, agreed=0, delivered=0, confirmed=None),
        Steps("school_talk", made=17, verified=10, agreed=9, delivered=5, confirmed=3),
    ]
    assert [found.kind for found in steps(YEAR, Scope(district=thanet.code))] == ["school_talk"]
    assert [found.kind for found in steps(YEAR, Scope(district="unknown"))] == ["placement"]
    assert steps(YEAR, Scope(guild="county-wide")) == []
    actions.release(by=None, allocation=agreed)
    actions.withdraw(by=None, pledge=places, reason="Closed")
    assert [(found.verified, found.agreed) for found in steps(YEAR)] == [(6, 0), (10, 5)]
