"""The counting rules of counting.md, one by one, in its order."""

from datetime import date

import pytest

from guilds.audit import recording
from guilds.engagement import actions as engagement
from guilds.engagement.models import Attendance, EngagementKind
from guilds.opportunities import actions as opportunities
from guilds.organisations import actions as registry
from guilds.organisations.models import Organisation
from guilds.pledges import actions as pledges
from tests.factories import (
    make_apprenticeship,
    make_district,
    make_employer,
    make_engagement,
    make_guild,
    make_membership,
    make_open_pledge,
    make_placement,
    make_pledge,
    make_school,
    moment,
)
from tests.guilds.impact.reading import behind, figure, rows, value

pytestmark = pytest.mark.django_db

BEFORE_AND_AFTER = [(date(2017, 8, 31), "2016-17"), (date(2017, 9, 1), "2017-18")]


def delivered(*attendances: dict, **fields):
    return make_engagement(status="delivered", attendances=list(attendances), **fields)


def coming(learners: int | None = 30, **fields) -> dict:
    return {"provider": make_school(), "learners": learners} | fields


class TestDimensions:
    @pytest.mark.parametrize(("day", "year"), BEFORE_AND_AFTER)
    def test_an_engagement_counts_in_the_month_it_started(self, day, year):
        delivered(starts_at=moment(day))

        assert value("engagements", year) == 1
        assert rows("engagements", "month", year) == {f"{day:%Y-%m}": 1, "total": 1}

    def test_the_month_is_that_of_kent(self):
        delivered(starts_at=moment(date(2017, 5, 31), hour=23))

        assert value("engagements", "2017-06") == 1, "00:30 on 1 June, British Summer Time"

    @pytest.mark.parametrize(
        "period", ["2016-17", "FY2016-17", "2016-17-Q3", "FY2016-17-Q4", "2017-03", "2017-02_2017-04"]
    )
    def test_every_form_of_period_has_it(self, period):
        delivered(coming())

        assert (value("engagements", period), value("encounters", period), value("schools", period)) == (1, 30, 1)

    def test_the_lead_guild_alone_counts_it(self):
        delivered(coming(), guild=make_guild("sciences"), supporting_guilds=[make_guild("land-based")])

        assert rows("encounters", "guild") == {"sciences": 30, "total": 30}

    def test_no_lead_guild_is_county_wide(self):
        delivered(coming(), guild=None)

        assert rows("encounters", "guild") == {"county-wide": 30, "total": 30}
        assert value("encounters", guild="county-wide") == 30

    def test_an_engagement_counts_in_its_venues_district_and_learners_in_their_schools(self):
        thanet, ashford = make_district(), make_district("E07000105", "Ashford")
        delivered(coming(10, provider=make_school(district=ashford)), coming(20), district=thanet)

        assert rows("engagements", "district") == {"E07000114": 1, "total": 1}
        assert rows("encounters", "district") == {"E07000105": 10, "unknown": 20, "total": 30}

    def test_outside_is_a_district_too(self):
        delivered(coming(provider=make_school(district=make_district("outside", "Outside Kent and Medway"))))

        assert rows("encounters", "district") == {"outside": 30, "total": 30}

    def test_the_part_that_schools_confirmed_is_told(self):
        event = delivered(coming(10), coming(20), coming(40))
        first, second, _ = Attendance.objects.filter(engagement=event).order_by("learners")
        engagement.answer(by=None, attendance=first, answer="confirmed")
        engagement.answer(by=None, attendance=second, answer="disputed", learners=5)

        assert (figure("encounters").value, figure("encounters").confirmed) == (70, 10)
        assert value("encounters_confirmed") == 10


class TestOnlyWhatHappened:
    @pytest.mark.parametrize("status", ["planned", "confirmed", "cancelled", "postponed"])
    def test_other_statuses_count_nothing(self, status):
        brought = [{"employer": make_employer(), "hours": 4, "job_offers": 1}]
        make_engagement(status=status, reason="Snow", attendances=[coming()], participations=brought)

        for measure in ("engagements", "encounters", "schools", "employers", "volunteer_hours", "job_offers"):
            assert value(measure) == 0, measure

    def test_closing_it_as_delivered_counts_it(self):
        event = make_engagement(attendances=[coming()])
        assert value("encounters") == 0

        engagement.deliver(by=None, engagement=event)

        assert value("encounters") == 30


class TestUnknownIsNotZero:
    def test_no_number_adds_nothing_and_is_missing(self):
        delivered(coming(None), coming(0), coming(5))

        assert (figure("encounters").value, figure("encounters").missing) == (5, 1)
        assert value("encounters_missing") == 1

    @pytest.mark.parametrize("kind", ["staff_training", "briefing", "guild_meeting"])
    def test_events_for_staff_have_no_encounters_that_could_be_missing(self, kind):
        delivered(coming(None), kind=kind)

        assert (figure("encounters").value, figure("encounters").missing) == (0, 0)
        assert value("schools", kind=kind) == 1


class TestEncounters:
    def test_one_person_at_two_events_is_two_encounters(self):
        school = make_school()
        for day in (1, 2):
            delivered(coming(1, provider=school), starts_at=moment(date(2017, 3, day)))

        assert (value("encounters"), value("schools")) == (2, 1)

    def test_year_groups_of_one_school_add_up(self):
        school = make_school()
        delivered(coming(10, provider=school, year_group="9"), coming(20, provider=school, year_group="10"))

        assert (value("encounters"), value("schools")) == (30, 1)

    def test_kinds_add_up(self):
        for kind in EngagementKind.values:
            delivered(kind=kind)

        assert rows("engagements", "kind") == dict.fromkeys(EngagementKind.values, 1) | {"total": 11}


class TestDistinct:
    def test_a_school_at_four_events_is_one(self):
        school = make_school(district=make_district())
        for month in (9, 10, 11, 12):
            delivered(coming(provider=school), starts_at=moment(date(2016, month, 3)),
                      guild=make_guild("sciences" if month % 2 else "land-based"))  # fmt: skip

        assert value("schools") == 1
        assert rows("schools", "guild") == {"sciences": 1, "land-based": 1, "total": 1}
        assert rows("schools", "month") == {"2016-09": 1, "2016-10": 1, "2016-11": 1, "2016-12": 1, "total": 1}
        assert value("schools", "2016-10_2017-01") == 1
        assert not figure("schools").adds_up

    def test_schools_and_colleges_are_told_apart(self):
        for kind in ("secondary", "special", "independent", "pru_ap"):
            delivered(coming(provider=make_school(provider_kind=kind)))
        for kind in ("sixth_form", "fe_college", "university", "training_provider"):
            delivered(coming(provider=make_school(provider_kind=kind)))

        assert (value("schools"), value("colleges")) == (4, 4)

    @pytest.mark.parametrize("period", ["2016-17", "2017-01_2017-07"])
    def test_a_school_that_became_an_academy_is_still_one(self, period):
        school, academy = make_school(), make_school()
        registry.link_successor(by=None, predecessor=school, successor=academy, happened_on=date(2017, 4, 1))
        delivered(coming(provider=school), starts_at=moment(date(2017, 2, 1)))
        delivered(coming(provider=academy), starts_at=moment(date(2017, 5, 1)))

        assert value("schools", period) == 1
        assert len(behind("schools", period)) == 1
        assert rows("schools", "month", period)["total"] == 1

    def test_it_is_two_in_a_scope_that_ends_before(self):
        school, academy = make_school(), make_school()
        registry.link_successor(by=None, predecessor=school, successor=academy, happened_on=date(2017, 4, 1))
        for who in (school, academy):
            delivered(coming(provider=who), starts_at=moment(date(2017, 2, 1)))

        assert (value("schools", "2017-02"), value("schools", "2016-17")) == (2, 1)

    def test_a_succession_told_later_is_counted_then(self):
        school, academy = make_school(), make_school()
        for who in (school, academy):
            delivered(coming(provider=who))
        assert value("schools") == 2

        registry.link_successor(by=None, predecessor=school, successor=academy)

        assert value("schools") == 1

    def test_a_merged_organisation_counts_as_the_one_it_is_in(self):
        one, other = make_employer(), make_employer()
        for employer in (one, other):
            delivered(participations=[{"employer": employer}])
        assert value("employers") == 2

        with recording.changing(other, by=None, verb="merged") as now:
            now.merged_into, now.status = one, "archived"

        assert value("employers") == 1
        assert [row.id for row in behind("employers")] == [one.pk]

    def test_hosts_of_started_placements_and_apprenticeships_count(self):
        make_placement(status="started")
        make_apprenticeship(status="started", starts_on=date(2017, 3, 1), training_provider=make_school())
        make_placement(starts_on=date(2017, 3, 1))

        assert (value("employers"), value("schools")) == (2, 2)
        assert value("employers", kind="workshop") == 0

    def test_a_school_that_moves_takes_its_figures_along(self):
        school = make_school(district=make_district())
        delivered(coming(provider=school))
        assert rows("schools", "district") == {"E07000114": 1, "total": 1}

        registry.correct(by=None, organisation=school, district=make_district("E07000105", "Ashford"))

        assert rows("schools", "district") == {"E07000105": 1, "total": 1}
        assert rows("encounters", "district") == {"E07000105": 30, "total": 30}


class TestPromises:
    def test_unverified_and_rejected_pledges_do_not_count(self):
        make_pledge()
        pledges.reject(by=None, pledge=make_pledge(), reason="A joke")
        pledges.withdraw(by=None, pledge=make_pledge(), reason="Never meant")

        assert value("pledges") == 0

    def test_a_pledge_counts_whatever_came_of_it(self):
        pledges.withdraw(by=None, pledge=make_open_pledge(), reason="Closed down")
        pledges.lapse(by=None, pledge=make_open_pledge(valid_until=date(2017, 4, 1)), on=date(2017, 5, 1))

        assert (value("pledges"), value("placements_pledged")) == (2, 20)

    def test_what_was_pledged_stays_when_it_is_delivered_or_amended(self):
        pledge = make_open_pledge()
        pledges.credit(by=None, pledge=pledge, placement=make_placement(employer=pledge.employer, status="started"))
        pledges.amend(by=None, pledge=pledge, quantity=4, reason="Fewer rooms")

        assert value("placements_pledged") == 10

    def test_kinds_are_told_apart(self):
        make_open_pledge(kind="apprenticeship", quantity=3)
        make_open_pledge(kind="school_talk", quantity=2)

        assert (value("pledges"), value("placements_pledged"), value("apprenticeships_pledged")) == (2, 0, 3)

    def test_conversion_is_of_the_same_pledges_and_not_capped(self):
        pledge = make_open_pledge(quantity=4)
        for learners in (3, 3):
            placement = make_placement(
                employer=pledge.employer, learners=learners, status="started", arranged_on=date(2018, 1, 1),
                starts_on=date(2018, 2, 1),
            )  # fmt: skip
            pledges.credit(by=None, pledge=pledge, placement=placement)

        found = figure("pledge_conversion")

        assert (found.value, found.numerator, found.denominator) == (1.5, 6, 4)
        assert value("pledge_conversion", "2017-18") is None, "nothing was pledged then"
        assert value("placements_started", "2017-18") == 6, "a delivery counts on the day it happened"

    def test_a_delivery_after_lapse_belongs_to_its_pledge(self):
        pledge = make_open_pledge(valid_until=date(2017, 4, 1))
        pledges.lapse(by=None, pledge=pledge, on=date(2017, 5, 1))
        placement = make_placement(employer=pledge.employer, learners=4, status="started", starts_on=date(2017, 6, 1))
        pledges.credit(by=None, pledge=pledge, placement=placement)

        assert figure("pledge_conversion").parts == {
            "placement": {"pledged": 10, "delivered": 4, "open": 0, "lapsed": 6, "withdrawn": 0, "value": 0.4}
        }

    def test_the_parts_of_each_kind_add_up_to_what_was_pledged(self):
        make_open_pledge(quantity=5)
        pledges.amend(by=None, pledge=make_open_pledge(quantity=8), quantity=3, reason="Fewer rooms")
        pledges.withdraw(by=None, pledge=make_open_pledge(quantity=2), reason="Closed down")
        make_open_pledge(kind="workshop", quantity=1)

        parts = figure("pledge_conversion").parts

        assert parts["placement"] == {
            "pledged": 15, "delivered": 0, "open": 8, "lapsed": 0, "withdrawn": 7, "value": 0.0,
        }  # fmt: skip
        assert parts["workshop"]["open"] == 1

    def test_only_what_took_place_is_delivered(self):
        pledge = make_open_pledge()
        placement = make_placement(employer=pledge.employer, learners=4, starts_on=date(2017, 3, 20))
        pledges.credit(by=None, pledge=pledge, placement=placement)
        assert figure("pledge_conversion").numerator == 0

        opportunities.start_placement(by=None, placement=placement)

        assert figure("pledge_conversion").numerator == 4

    def test_an_engagement_that_is_delivered_delivers_on_its_pledge(self):
        event, pledge = make_engagement(), make_open_pledge(kind="workshop", quantity=2)
        pledges.credit(by=None, pledge=pledge, engagement=event, quantity=1)
        assert value("pledge_conversion") == 0

        engagement.deliver(by=None, engagement=event)

        assert value("pledge_conversion") == 0.5


class TestPlacementsAndApprenticeships:
    def test_each_counts_on_its_own_day(self):
        make_placement(status="completed", learners=3, arranged_on=date(2016, 9, 9), starts_on=date(2016, 10, 10),
                       ends_on=date(2016, 11, 11))  # fmt: skip

        assert rows("placements_arranged", "month") == {"2016-09": 3, "total": 3}
        assert rows("placements_started", "month") == {"2016-10": 3, "total": 3}
        assert rows("placements_completed", "month") == {"2016-11": 3, "total": 3}

    @pytest.mark.parametrize(
        ("status", "arranged", "started", "completed"),
        [("arranged", 1, 0, 0), ("started", 1, 1, 0), ("completed", 1, 1, 1), ("withdrawn", 1, 1, 0),
         ("did_not_attend", 1, 0, 0), ("cancelled", 0, 0, 0)],
    )  # fmt: skip
    def test_statuses_of_placements(self, status, arranged, started, completed):
        make_placement(status=status, reason="Ill")

        found = value("placements_arranged"), value("placements_started"), value("placements_completed")
        assert found == (arranged, started, completed)

    @pytest.mark.parametrize(
        ("status", "created", "started"),
        [("open", 2, 0), ("filled", 2, 0), ("started", 2, 2), ("completed", 2, 2), ("withdrawn", 2, 2),
         ("closed_unfilled", 2, 0), ("cancelled", 0, 0)],
    )  # fmt: skip
    def test_statuses_of_apprenticeships(self, status, created, started):
        make_apprenticeship(status=status, positions=2, starts_on=date(2017, 3, 20), reason="No takers")

        assert (value("apprenticeships_created"), value("apprenticeships_started")) == (created, started)

    def test_the_district_is_the_workplaces(self):
        employer = make_employer(district=make_district())
        workplace = make_employer(district=make_district("E07000105", "Ashford"))
        make_placement(employer=employer, workplace=workplace)
        make_placement(employer=employer)

        assert rows("placements_arranged", "district") == {"E07000105": 1, "E07000114": 1, "total": 2}


class TestOtherSums:
    def test_hours_and_offers_of_employers_count_where_the_event_was(self):
        brought = [
            {"employer": make_employer(), "hours": 7.5, "job_offers": 2},
            {"employer": make_employer(), "hours": 1},
        ]
        make_engagement(status="delivered", participations=brought, district=make_district())

        assert rows("volunteer_hours", "district") == {"E07000114": 8.5, "total": 8.5}
        assert (figure("job_offers").value, figure("job_offers").missing) == (2, 1)

    def test_staff_count_as_trained_at_staff_training_only(self):
        delivered(coming(None, staff=6), kind="staff_training")
        delivered(coming(None, staff=9), kind="briefing")

        assert value("staff_trained") == 6


class TestMembership:
    def test_members_are_those_of_the_last_day(self):
        make_membership(make_employer(), joined_on=date(2016, 1, 1), left_on=date(2017, 8, 31))
        make_membership(make_employer(), joined_on=date(2017, 8, 31))
        make_membership(make_employer(), joined_on=date(2017, 9, 1))

        assert value("employer_members") == 1
        assert rows("employer_members", "month") == {f"2016-{m:02}": 1 for m in range(9, 13)} | {
            f"2017-{m:02}": 1 for m in range(1, 9)
        } | {"total": 1}

    def test_an_employer_in_two_guilds_is_one_employer(self):
        employer = make_employer()
        make_membership(employer, "sciences")
        make_membership(employer, "land-based")

        assert rows("employer_members", "guild") == {"sciences": 1, "land-based": 1, "total": 1}

    def test_schools_and_colleges_are_provider_members(self):
        make_membership(make_school(), role="chair")
        make_membership(make_employer(), role="chair")

        assert (value("provider_members"), value("employer_members")) == (1, 1)

    def test_a_member_and_its_successor_are_one(self):
        school, academy = make_school(), make_school()
        make_membership(school)
        make_membership(academy)
        registry.link_successor(by=None, predecessor=school, successor=academy, happened_on=date(2017, 4, 1))

        assert (value("provider_members", "2017-03"), value("provider_members", "2017-04")) == (2, 1)
        assert rows("provider_members", "month")["2017-03"] == 2
        assert len(behind("provider_members")) == 1


def test_a_record_that_is_taken_away_counts_nothing():
    event = delivered(coming())
    assert value("encounters") == 30

    recording.remove(event, by=None)

    assert (value("encounters"), value("schools"), value("engagements")) == (0, 0, 0)
    assert Organisation.objects.exists()
