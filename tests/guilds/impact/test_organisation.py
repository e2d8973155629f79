"""An organisation's own figures are the county's, where the county has no other."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guilds.engagement import actions as engagements
from guilds.impact import cells
from guilds.impact.lineage import Lineage
from guilds.impact.organisation import OF_EMPLOYERS, OF_PROVIDERS, impact_of, impacts_of
from guilds.impact.periods import parse
from guilds.impact.totals import summary
from guilds.merging import actions as merging
from guilds.organisations import actions as registry
from tests import factories as make

pytestmark = pytest.mark.django_db
YEAR = parse("2016-17")
EARLIER = parse("2010-11")
OUTSIDE = date(2015, 3, 14)


def work(employer, school, times: int = 1) -> None:
    """Of everything something that counts, and something that does not."""
    college = make.make_school(provider_kind="fe_college")
    heir = make.make_school()
    registry.link_successor(by=None, predecessor=school, successor=heir, happened_on=date(2017, 4, 1))
    for _ in range(times):
        for fields in ({"status": "delivered"}, {"status": "planned"}, {"starts_at": make.moment(OUTSIDE)}):
            make.make_engagement(
                attendances=[{"provider": school, "learners": 20}, {"provider": heir}, {"provider": college, "learners": 0}],
                participations=[{"employer": employer, "hours": "4.5", "job_offers": 1}], **fields,
            )  # fmt: skip
        make.make_engagement(kind="staff_training", status="delivered", attendances=[{"provider": school, "staff": 3}],
                             participations=[{"employer": employer}])  # fmt: skip
        for status in ("arranged", "cancelled", "started", "completed"):
            why = {"reason": "Closed", "cancelled_by": "employer"} if status == "cancelled" else {}
            make.make_placement(employer=employer, provider=school, learners=2, status=status, **why)
        make.make_placement(employer=employer, provider=school, arranged_on=OUTSIDE)
        make.make_apprenticeship(employer=employer, status="started", starts_on=make.DAY, training_provider=school)
        make.make_open_pledge(employer=employer), make.make_pledge(employer=employer)
        make.make_open_pledge(employer=employer, kind="apprenticeship", quantity=3)


def county() -> dict:
    cells.refresh()
    return summary(period=YEAR, by="total").total.measures


def told(figure) -> tuple:
    return figure.value, figure.confirmed, figure.missing or 0


def test_an_employers_figures_are_the_countys_where_it_is_the_only_one():
    employer, school = make.make_employer(), make.make_school()
    work(employer, school)
    event = employer.participations.filter(engagement__status="delivered").first().engagement
    engagements.answer(
        by=make.make_school_member(school), attendance=event.attendances.get(provider=school), answer="confirmed"
    )
    figures, all_of_it = impact_of(employer, YEAR).figures, county()
    assert figures.keys() == set(OF_EMPLOYERS)
    assert {slug: told(figure) for slug, figure in figures.items()} == {
        slug: told(all_of_it[slug]) for slug in OF_EMPLOYERS
    }
    assert told(figures["encounters"]) == (20, 20, 1) and figures["schools"].value == 1
    assert impact_of(employer, EARLIER).is_empty


def test_a_schools_figures_are_the_countys_where_it_is_the_only_one():
    employer, school = make.make_employer(), make.make_school()
    make.make_engagement(status="delivered", attendances=[{"provider": school, "learners": 12}],
                         participations=[{"employer": employer}, {"employer": make.make_employer()}])  # fmt: skip
    make.make_placement(employer=employer, provider=school, status="started")
    figures, all_of_it = impact_of(school, YEAR).figures, county()
    assert {slug: told(figure) for slug, figure in figures.items()} == {
        slug: told(all_of_it[slug]) for slug in OF_PROVIDERS
    }
    assert figures["employers"].value == 2


def test_others_work_is_not_its_own_and_much_costs_as_little_as_a_little():
    employer, school = make.make_employer(), make.make_school()
    work(make.make_employer(), make.make_school())
    assert impact_of(employer, YEAR).is_empty and impact_of(school, YEAR).is_empty
    work(employer, school)
    with CaptureQueriesContext(connection) as few:
        impact_of(employer, YEAR)
    work(employer, school, times=3)
    with CaptureQueriesContext(connection) as many:
        assert impact_of(employer, YEAR).figures["placements_started"].value == 16
    assert len(many) == len(few) <= 10


def test_two_years_are_told_as_each_alone_and_cost_as_much_as_one():
    employer, school = make.make_employer(), make.make_school()
    work(employer, school)
    alone = [impact_of(employer, YEAR), impact_of(employer, EARLIER)]
    with CaptureQueriesContext(connection) as queries:
        assert impacts_of(employer, YEAR, EARLIER) == alone
    assert not alone[0].is_empty and len(queries) <= 10


def test_whom_it_met_count_once_however_far_their_links_lead_and_other_links_are_not_read():
    employer = make.make_employer()
    first, second, third, stayed, *others = [make.make_school() for _ in range(6)]
    for before, after, day in ((first, second, date(2016, 9, 1)), (second, third, None), (*others, None)):
        registry.link_successor(by=None, predecessor=before, successor=after, happened_on=day)
    make.make_engagement(
        status="delivered",
        attendances=[{"provider": school, "learners": 1} for school in (first, third, stayed)],
        participations=[{"employer": employer}],
    )
    merging.merge(by=None, winner=stayed, loser=third)
    assert impact_of(employer, YEAR).figures["schools"].value == 1
    own, every = Lineage.of([first.pk, third.pk]), Lineage.load()
    assert [own.identity(school.pk, YEAR.end) for school in (first, second, third)] == [stayed.pk] * 3
    assert own.members() == every.members() - {other.pk for other in others}
