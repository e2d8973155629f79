"""Engagements: logged, corrected, closed; who came, and what the schools say of the numbers."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from guilds.audit.models import Event, StatusChange
from guilds.audit.refusals import Conflict, RowRefusal
from guilds.engagement import actions
from guilds.engagement.models import Engagement
from guilds.engagement.queries import without_numbers
from tests.factories import (
    DAY,
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
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def steps_of(record):
    return [
        (step.from_status, step.to_status, step.happened_on, step.reason) for step in StatusChange.objects.of(record)
    ]


def refused(call, *args, **kwargs) -> dict:
    with pytest.raises(ValidationError) as refusal:
        call(*args, **kwargs)
    return refusal.value.message_dict


def test_a_delivered_engagement_counts_from_its_own_day():
    school, employer = make_school(), make_employer()
    engagement = make_engagement(
        status="delivered",
        attendances=[{"provider": school, "year_group": "10", "learners": 30, "staff": 2}],
        participations=[{"employer": employer, "role": "speaker", "volunteers": 2, "hours": 3}],
    )
    assert engagement.starts_on == DAY
    assert steps_of(engagement) == [("", "delivered", DAY, "")]
    assert engagement.attendances.get().learners == 30
    assert engagement.participations.get().role == "speaker"


def test_history_of_a_new_engagement_says_what_reading_it_back_says():
    by, school, employer = make_coordinator(), make_school(), make_employer()
    engagement = make_engagement(
        by=by,
        supporting_guilds=[make_guild("sciences"), make_guild("land-based")],
        attendances=[{"provider": school, "learners": 30}, {"provider": make_school(), "learners": None}],
        participations=[{"employer": employer, "hours": 3}],
    )
    actions.correct(by=by, engagement=engagement, title="Another")
    changed, logged = Event.objects.about(engagement)
    assert logged.after == changed.before


def test_logging_takes_the_same_queries_however_many_come(django_assert_num_queries):
    by, guild = make_coordinator(), make_guild()
    schools, employers = [make_school() for _ in range(6)], [make_employer() for _ in range(6)]
    with django_assert_num_queries(12):  # of which 5 are for the words that find it
        make_engagement(
            by=by,
            guild=guild,
            attendances=[{"provider": school, "learners": 10} for school in schools],
            participations=[{"employer": employer} for employer in employers],
        )


def test_the_day_is_the_day_in_kent():
    summer_night = moment(date(2017, 6, 30), 23).replace(minute=30)
    assert make_engagement(starts_at=summer_night).starts_on == date(2017, 7, 1)


def test_the_district_is_the_venues_unless_somebody_says():
    thanet, medway = make_district(), make_district("E06000035", "Medway")
    hall = make_school(district=thanet)
    assert make_engagement(venue=hall).district == thanet
    assert make_engagement(venue=hall, district=medway).district == medway


def test_unknown_is_not_zero():
    engagement = make_engagement(
        status="delivered", attendances=[{"provider": make_school()}, {"provider": make_school(), "learners": 0}]
    )
    assert [part.learners for part in engagement.attendances.all()] == [None, 0]
    assert list(Engagement.objects.missing_numbers()) == [engagement]
    assert [row["engagement_id"] for row in without_numbers(Engagement.objects.all())] == [engagement.pk]


def test_planned_confirmed_delivered():
    engagement = make_engagement()
    actions.confirm(by=None, engagement=engagement)
    actions.deliver(by=None, engagement=engagement, attendances=[{"provider": make_school(), "learners": 12}])
    assert [step[:2] for step in steps_of(engagement)] == [
        ("", "planned"), ("planned", "confirmed"), ("confirmed", "delivered"),
    ]  # fmt: skip
    assert steps_of(engagement)[-1][2] == DAY
    assert engagement.attendances.get().learners == 12


@pytest.mark.parametrize("verb", ["cancel", "postpone"])
@pytest.mark.parametrize("confirmed", [True, False])
def test_it_does_not_happen_for_a_reason(verb, confirmed):
    engagement = make_engagement()
    if confirmed:
        actions.confirm(by=None, engagement=engagement)
    assert refused(getattr(actions, verb), by=None, engagement=engagement, reason=" ") == {"reason": ["Say why"]}
    getattr(actions, verb)(by=None, engagement=engagement, reason="Snow")
    assert steps_of(engagement)[-1][3] == "Snow"
    assert engagement.status_reason == "Snow"


@pytest.mark.parametrize("status", ["delivered", "cancelled", "postponed"])
@pytest.mark.parametrize("verb", ["confirm", "deliver", "cancel", "postpone"])
def test_what_is_closed_stays_closed(status, verb):
    engagement = make_engagement(status=status, reason="Snow")
    why = {"reason": "x"} if verb in ("cancel", "postpone") else {}
    with pytest.raises(Conflict) as refusal:
        getattr(actions, verb)(by=None, engagement=engagement, **why)
    assert f"This engagement is {status}" in refusal.value.messages[0]
    assert len(steps_of(engagement)) == 1


def test_what_lies_in_the_future_is_not_delivered():
    tomorrow = moment(timezone.localdate() + timedelta(days=1))
    assert "status" in refused(make_engagement, starts_at=tomorrow, status="delivered")
    engagement = make_engagement(starts_at=tomorrow)
    assert "status" in refused(actions.deliver, by=None, engagement=engagement)
    delivered = make_engagement(status="delivered")
    assert "status" in refused(actions.correct, by=None, engagement=delivered, starts_at=tomorrow)


def test_what_is_cancelled_at_once_says_why():
    assert refused(make_engagement, status="cancelled") == {"status": ["Say why it was cancelled or postponed"]}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"title": ""}, {"title": ["Enter this"]}),
        ({"starts_at": None}, {"starts_at": ["Enter this"]}),
        ({"ends_at": moment(hour=9)}, {"ends_at": ["The end must not be before the start"]}),
        ({"gatsby_benchmarks": [5, 9]}, {"gatsby_benchmarks": ["Gatsby benchmarks are numbered 1 to 8"]}),
        ({"delivery": "by post"}, {"delivery": ["Choose one of: in_person, virtual"]}),
    ],
)
def test_refusals_say_what_would_be_accepted(fields, told):
    assert refused(make_engagement, **fields) == told


def test_everything_wrong_is_said_at_once():
    assert set(refused(make_engagement, title="", kind="party", delivery="by post")) == {"title", "kind", "delivery"}


def test_a_lead_coordinator_is_one_of_the_team():
    member = make_employer_member()
    assert refused(make_engagement, lead_coordinator=member) == {"lead_coordinator": ["Choose a coordinator"]}
    assert make_engagement(lead_coordinator=make_coordinator()).lead_coordinator


def test_the_lead_guild_does_not_support_itself():
    guild, other = make_guild(), make_guild("sciences")
    assert "supporting_guilds" in refused(make_engagement, guild=guild, supporting_guilds=[guild])
    engagement = make_engagement(guild=guild, supporting_guilds=[other])
    assert "supporting_guilds" in refused(actions.correct, by=None, engagement=engagement, guild=other)
    actions.correct(by=None, engagement=engagement, guild=other, supporting_guilds=[guild])
    assert [guild.slug for guild in engagement.supporting_guilds.all()] == [guild.slug]


def test_no_learners_come_to_events_for_staff():
    row = {"provider": make_school(), "learners": 5}
    assert "attendances" in refused(make_engagement, kind="staff_training", attendances=[row])
    engagement = make_engagement(attendances=[row])
    assert "attendances" in refused(actions.correct, by=None, engagement=engagement, kind="briefing")


def test_a_refusal_of_a_row_says_which():
    with pytest.raises(ValidationError) as refusal:
        make_engagement(
            attendances=[
                {"provider": make_school(), "learners": 9},
                {"provider": make_school(), "learners": 3, "send": 4},
            ]
        )
    (row,) = refusal.value.error_dict["attendances"]
    assert isinstance(row, RowRefusal)
    assert (row.row, row.part, row.messages) == (1, "send", ["More learners with SEND than learners"])


def test_who_is_no_school_and_who_is_no_employer_is_refused():
    school, employer = make_school(), make_employer()
    told = refused(make_engagement, attendances=[{"provider": employer}], participations=[{"employer": school}])
    assert told["attendances"] == [f"{employer} is not a school or college: choose one"]
    assert told["participations"] == [f"{school} is not an employer: choose one"]


def test_a_school_is_there_once_for_each_year_group():
    school = make_school()
    twice = [{"provider": school, "year_group": "9"}, {"provider": school, "year_group": "9"}]
    assert "attendances" in refused(make_engagement, attendances=twice)
    make_engagement(attendances=[{"provider": school, "year_group": "9"}, {"provider": school, "year_group": "10"}])


def test_an_employer_is_there_once():
    employer = make_employer()
    assert "participations" in refused(make_engagement, participations=[{"employer": employer}] * 2)


def test_rows_that_are_given_replace_those_that_were():
    first, second, third = make_school(), make_school(), make_school()
    engagement = make_engagement(attendances=[{"provider": first, "learners": 1}, {"provider": second, "learners": 2}])
    kept = engagement.attendances.get(provider=second).pk
    actions.correct(
        by=None, engagement=engagement, attendances=[{"provider": second, "learners": 3}, {"provider": third}]
    )
    assert {(part.provider, part.learners) for part in engagement.attendances.all()} == {(second, 3), (third, None)}
    assert engagement.attendances.get(provider=second).pk == kept


def test_a_change_of_rows_is_a_change_of_the_engagement():
    engagement = make_engagement()
    actions.correct(by=None, engagement=engagement, participations=[{"employer": make_employer()}])
    assert engagement.version == 2
    event = Event.objects.about(engagement)[0]
    assert (event.before["participations"], len(event.after["participations"])) == ([], 1)


def delivered_with(school, learners):
    engagement = make_engagement(status="delivered", attendances=[{"provider": school, "learners": learners}])
    return engagement.attendances.get()


def test_a_schools_answer_never_overwrites_the_claim():
    member = make_school_member()
    attendance = delivered_with(member.organisation, 30)
    actions.answer(by=member, attendance=attendance, answer="disputed", learners=28, note="Two were ill")
    attendance.refresh_from_db()
    assert (attendance.learners, attendance.answered_learners) == (30, 28)
    assert (attendance.answer, attendance.answered_by, attendance.answer_note) == ("disputed", member, "Two were ill")
    assert attendance.answered_at is not None


def test_confirming_takes_the_number_that_was_claimed():
    attendance = delivered_with(make_school(), 30)
    actions.answer(by=None, attendance=attendance, answer="confirmed", learners=99)
    assert (attendance.answer, attendance.answered_learners) == ("confirmed", 30)


def test_correcting_the_number_asks_again():
    attendance = delivered_with(make_school(), 30)
    actions.answer(by=None, attendance=attendance, answer="confirmed")
    rows = [{"provider": attendance.provider, "learners": 31}]
    actions.correct(by=None, engagement=attendance.engagement, attendances=rows)
    attendance.refresh_from_db()
    assert (attendance.answer, attendance.answered_learners, attendance.answered_at) == ("unanswered", None, None)


def test_correcting_something_else_keeps_the_answer():
    attendance = delivered_with(make_school(), 30)
    actions.answer(by=None, attendance=attendance, answer="confirmed")
    rows = [{"provider": attendance.provider, "learners": 30, "staff": 4}]
    actions.correct(by=None, engagement=attendance.engagement, attendances=rows, title="Fair")
    attendance.refresh_from_db()
    assert (attendance.answer, attendance.staff) == ("confirmed", 4)


def test_numbers_are_answered_once_the_engagement_is_delivered():
    engagement = make_engagement(attendances=[{"provider": make_school(), "learners": 30}])
    with pytest.raises(Conflict):
        actions.answer(by=None, attendance=engagement.attendances.get(), answer="confirmed")


def test_what_nobody_claimed_is_not_confirmed():
    attendance = delivered_with(make_school(), None)
    assert "answer" in refused(actions.answer, by=None, attendance=attendance, answer="confirmed")
    assert "learners" in refused(actions.answer, by=None, attendance=attendance, answer="disputed")
    assert "answer" in refused(actions.answer, by=None, attendance=attendance, answer="perhaps", learners=1)
    actions.answer(by=None, attendance=attendance, answer="disputed", learners=0)
    assert attendance.answered_learners == 0


def test_events_for_staff_have_no_number_to_answer():
    engagement = make_engagement(
        kind="briefing", status="delivered", attendances=[{"provider": make_school(), "staff": 2}]
    )
    told = refused(actions.answer, by=None, attendance=engagement.attendances.get(), answer="disputed", learners=4)
    assert "answer" in told


def test_what_callers_may_not_set_is_a_mistake_of_the_program():
    with pytest.raises(TypeError):
        make_engagement(version=3)
    with pytest.raises(TypeError):
        actions.correct(by=None, engagement=make_engagement(), status="delivered")


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_both_stay_in_history():
    engagement = make_engagement()
    fields = [{"title": "Careers evening"}, {"notes": "In the hall"}, {"purpose": "To meet"}]

    def change(field):
        return lambda: actions.correct(by=None, engagement=Engagement.objects.get(pk=engagement.pk), **field)

    at_once([change(field) for field in fields])
    engagement.refresh_from_db()
    assert (engagement.title, engagement.notes, engagement.purpose) == ("Careers evening", "In the hall", "To meet")
    assert engagement.version == 4
    assert Event.objects.about(engagement).count() == 4


@pytest.mark.django_db(transaction=True)
def test_it_is_closed_once():
    engagement = make_engagement()
    answers = at_once([lambda: actions.deliver(by=None, engagement=Engagement.objects.get(pk=engagement.pk))] * 4)
    assert sum(isinstance(answer, Conflict) for answer in answers) == 3
    assert len(steps_of(engagement)) == 2
