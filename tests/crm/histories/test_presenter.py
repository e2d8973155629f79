"""History in plain words: what is told, to whom, and at what cost."""

import pytest

from crm.histories.engagements import ENGAGEMENT
from crm.histories.presenter import Change, history_of, plain
from guilds.engagement import actions
from tests.factories import (
    make_coordinator,
    make_district,
    make_employer,
    make_employer_member,
    make_engagement,
    make_guild,
    make_school,
    make_school_member,
    moment,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return make_coordinator("hospitality-tourism")


def changes(engagement, reader) -> list[str]:
    latest = history_of(engagement, ENGAGEMENT, reader=reader).entries[0]
    return [f"{change.label}: {change.before} -> {change.after}" for change in latest.changes]


def test_ids_dates_and_choices_are_told_in_words(coordinator):
    venue = make_school("Hill School")
    engagement = make_engagement()
    actions.correct(
        by=coordinator,
        engagement=engagement,
        kind="workshop",
        guild=make_guild("sciences"),
        district=make_district(),
        venue=venue,
        starts_at=moment(hour=14),
        gatsby_benchmarks=[5, 6],
        supporting_guilds=[make_guild("hospitality-tourism")],
    )

    assert changes(engagement, coordinator) == [
        "Kind: Careers event -> Workshop",
        "Lead guild: Hospitality Tourism -> Sciences",
        "Supporting guilds: not given -> Hospitality Tourism",
        "Start: 14 March 2017, 10:00 -> 14 March 2017, 14:00",
        "Venue: not given -> Hill School",
        "District: not given -> Thanet",
        "Gatsby benchmarks: not given -> 5, 6",
    ]


def test_rows_that_come_go_and_change(coordinator):
    hill, vale, glen = make_school("Hill School"), make_school("Vale School"), make_school("Glen School")
    rows = [{"provider": hill, "learners": 30}, {"provider": vale, "learners": None}]
    engagement = make_engagement(attendances=rows)
    actions.correct(
        by=coordinator,
        engagement=engagement,
        attendances=[
            {"provider": hill, "learners": 0, "year_group": ""},
            {"provider": glen, "year_group": "9", "staff": 2},
        ],
    )

    assert changes(engagement, coordinator) == [
        "Hill School, learners: 30 -> 0",
        "Vale School: there -> not there",
        "Glen School (Year 9): not there -> Staff: 2",
    ]


def test_reason_actor_and_first_entry(coordinator):
    engagement = make_engagement(by=coordinator)
    actions.cancel(by=coordinator, engagement=engagement, reason="The hall is flooded")
    cancelled, logged = history_of(engagement, ENGAGEMENT, reader=coordinator).entries

    assert (cancelled.who, cancelled.did, cancelled.reason) == (coordinator.name, "cancelled it", "The hall is flooded")
    assert cancelled.changes == [Change("Status", "Planned", "Cancelled")]
    assert (logged.did, logged.changes) == ("logged it", [])


def test_members_read_what_concerns_all_and_their_own_rows_without_names(coordinator):
    hill, vale = make_school("Hill School"), make_school("Vale School")
    rows = [{"provider": hill, "learners": 1}, {"provider": vale, "learners": 2}]
    engagement = make_engagement(attendances=rows)
    actions.correct(
        by=coordinator,
        engagement=engagement,
        title="New",
        notes="Secret",
        attendances=[{"provider": hill, "learners": 3}, {"provider": vale, "learners": 4}],
    )
    entry = history_of(engagement, ENGAGEMENT, reader=make_school_member(hill)).entries[0]

    assert entry.who == "Guild coordinator"
    assert [change.label for change in entry.changes] == ["Title", "Hill School, learners"]


def test_change_of_nothing_that_a_member_may_read_is_not_told(coordinator):
    hotel = make_employer()
    engagement = make_engagement(participations=[{"employer": hotel}])
    actions.correct(by=coordinator, engagement=engagement, notes="Secret")
    member = make_employer_member(hotel)

    assert [entry.did for entry in history_of(engagement, ENGAGEMENT, reader=member).entries] == ["logged it"]


def test_history_costs_the_same_however_long_and_says_that_there_is_more(coordinator, django_assert_num_queries):
    schools = [make_school() for _ in range(5)]
    engagement = make_engagement(attendances=[{"provider": school} for school in schools])
    for number in range(8):
        actions.correct(
            by=coordinator,
            engagement=engagement,
            title=f"Fair {number}",
            attendances=[{"provider": school, "learners": number} for school in schools],
        )

    with django_assert_num_queries(3):
        history = history_of(engagement, ENGAGEMENT, reader=coordinator, size=5)
    assert len(history.entries) == 5 and history.more
    with django_assert_num_queries(3):
        assert not history_of(engagement, ENGAGEMENT, reader=coordinator, size=9).more


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2017-07-14T09:30:00Z", "14 July 2017, 10:30"),
        ("2017-03-14T00:00:00Z", "14 March 2017"),
        ("2017-03-14", "14 March 2017"),
        ("2017-99-99", "2017-99-99"),
        ("Trust in Time", "Trust in Time"),
        (True, "yes"),
        (0, "0"),
    ],
)
def test_values_read_as_people_write_them(value, words):
    assert plain(value) == words
