"""The daily reminder: all that waits for somebody in one mail a day, at 7 in Kent, never too often, never twice."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings as real_settings
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.emails import digest, sending
from guilds.access.actions import close_account
from guilds.engagement import actions as engagements
from guilds.engagement import claim_actions as claim_actions_of_engagements
from guilds.engagement import follow_up_actions as follow_ups
from guilds.engagement.models import Attendance
from guilds.mailing import actions, digests
from guilds.mailing.models import DigestDay, MailItem, SentMail
from guilds.pledges import actions as pledges
from guilds.pledges import claim_actions
from tests import factories as make

pytestmark = pytest.mark.django_db
#: A Tuesday on which everybody works.
TODAY = date(2017, 3, 21)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Call with a day: it is that day, 7 in the morning, for everything that is done from now on."""

    def be(day: date) -> None:
        now = timezone.make_aware(datetime(day.year, day.month, day.day, 7))
        monkeypatch.setattr(timezone, "now", lambda: now)

    be(TODAY)
    return be


def told(person, day: date = TODAY) -> dict[str, list[str]]:
    """What a person's reminder of a day says: the lines under each heading; nothing where there is none."""
    made = digest.send_to(person, day)
    if made is None:
        return {}
    return {part["heading"]: [item["words"] for item in part["items"]] for part in made.context["parts"]}


def of_mine(person, what="Ring them", due: date = TODAY, **more):
    return follow_ups.add_follow_up(by=more.pop("by", person), what=what, due_on=due, assigned_to=person, **more)


def asked_school(learners=40, **more) -> tuple:
    """A school with somebody to ask, and its claim at an engagement on make.DAY."""
    school = make.make_school("Hill School")
    rows = [{"provider": school, "learners": learners}]
    return make.make_school_member(school), make.make_engagement(status="delivered", attendances=rows, **more)


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (datetime(2026, 3, 30, 5, 59, tzinfo=UTC), False),  # the Monday after the clocks went forward
        (datetime(2026, 3, 30, 6, 0, tzinfo=UTC), True),
        (datetime(2026, 10, 26, 6, 0, tzinfo=UTC), False),  # the Monday after they went back
        (datetime(2026, 10, 26, 7, 0, tzinfo=UTC), True),
        (datetime(2026, 10, 26, 12, 0, tzinfo=UTC), False),  # too late for a morning's mail
        (datetime(2026, 11, 29, 8, 0, tzinfo=UTC), False),  # a Sunday
        (datetime(2026, 12, 28, 8, 0, tzinfo=UTC), False),  # a bank holiday
    ],
)
def test_it_is_made_at_7_in_kent_on_working_days(moment, due, monkeypatch):
    days = []
    monkeypatch.setattr(digest, "send_day", lambda day: days.append(day) or 1)

    assert digest.send_due(moment) == len(days) == due


def test_the_clock_starts_it_in_kents_time():
    beat = real_settings.CELERY_BEAT_SCHEDULE["make the daily reminders"]

    assert (real_settings.CELERY_TIMEZONE, beat["task"]) == ("Europe/London", "crm.tasks.send_reminders")
    assert min(beat["schedule"].hour) == digest.FROM.hour
    assert max(beat["schedule"].hour) < digest.UNTIL.hour


def test_coordinators_are_told_what_their_guilds_need():
    me, school, hotel = make.make_coordinator(), make.make_school("Hill School"), make.make_employer("Bay Hotel")
    row = [{"provider": school, "learners": 40}]
    make.make_engagement(title="Still open")
    make.make_engagement(title="No number", status="delivered", attendances=[{"provider": school}])
    disputed = make.make_engagement(title="Other number", status="delivered", attendances=row)
    engagements.answer(by=None, attendance=disputed.attendances.get(), answer="disputed", learners=30)
    make.make_pledge(employer=hotel)
    lapsing = make.make_open_pledge(employer=hotel, quantity=4, valid_until=TODAY + timedelta(days=9))
    pledges.allocate(by=None, pledge=lapsing, provider=school, quantity=2, status="requested")
    claim_actions.claim(by=None, pledge=lapsing, happened_on=TODAY, quantity=1)
    of_mine(me, due=TODAY - timedelta(days=1), organisation=hotel)
    make.make_engagement(title="Another guild's", guild=make.make_guild("sciences"))

    assert told(me) == {
        "Follow-ups": ["Ring them, Bay Hotel"],
        "Past engagements to close": ["Still open"],
        "Engagements with numbers missing": ["No number"],
        "Engagements with a disputed number": ["Other number"],
        "Pledges to verify": ["Bay Hotel: 10 work placements"],
        "Places that a school or college asks for": ["Hill School asks for 2 of 4 work placements, Bay Hotel"],
        "“We did it”, say employers: to be credited or declined": ["Bay Hotel: 1 of 4 work placements"],
        "Pledges about to lapse": ["Bay Hotel: 4 work placements"],
    }
    assert told(make.make_administrator()) == {}, "what a guild leads has its coordinators"
    assert told(make.make_employer_member(hotel)) == {
        "Places that a school or college asks for": ["Hill School asks for 2 of 4 work placements, Bay Hotel"],
        "Pledges about to lapse": ["Bay Hotel: 4 work placements"],
    }
    assert told(make.make_employer_member()) == told(make.make_school_member()) == {}


def test_each_line_leads_to_its_page_and_the_mail_says_how_to_stop(client):
    me = make.make_coordinator()
    of_mine(me)
    for number in range(12):
        make.make_engagement(title=f"Fair {number}")

    sending.deliver(digest.send_to(me, TODAY).pk)

    (message,) = mail.outbox
    assert message.subject == "13 things need you"
    assert "and 2 more: http" in message.body
    client.force_login(me)
    links = [line.split("http://")[1] for line in message.body.splitlines() if "http://" in line]
    assert len(links) == 1 + 10 + 1 + 3
    for link in links:
        assert client.get("/" + link.split("/", 1)[1]).status_code == 200
    assert "more" in message.body
    assert message.extra_headers["List-Unsubscribe"]


def test_nothing_is_told_more_often_than_the_setting_says(settings, clock):
    settings.REMINDERS_AT_MOST = 2
    me = make.make_coordinator()
    make.make_engagement(title="Still open")
    days = [TODAY + timedelta(days=ahead) for ahead in range(3)]

    assert [bool(told(me, day)) for day in days] == [True, True, False]
    late = of_mine(me)
    assert [bool(told(me, day)) for day in days] == [False, False, True], "one mail a day"
    clock(TODAY + timedelta(days=9))
    follow_ups.snooze_follow_up(by=me, follow_up=late, due_on=TODAY + timedelta(days=10))
    assert told(me, TODAY + timedelta(days=10)), "putting it off asks to be told anew"


def test_a_mail_that_failed_told_nobody():
    me = make.make_coordinator()
    make.make_engagement()
    for ahead in range(4):
        actions.give_up(digest.send_to(me, TODAY + timedelta(days=ahead)))

    assert told(me, TODAY + timedelta(days=5))


def test_what_is_not_due_is_told_once_within_a_week_or_when_somebody_gives_it():
    me, colleague = make.make_coordinator(), make.make_coordinator("sciences")
    of_mine(me, "soon", TODAY + timedelta(days=6))
    of_mine(me, "far", TODAY + timedelta(days=60))
    of_mine(me, "given", TODAY + timedelta(days=60), by=colleague)
    of_mine(colleague, "theirs")
    nobodys = follow_ups.add_follow_up(by=colleague, what="nobody's", due_on=TODAY)

    assert told(me) == {"Follow-ups": ["soon", "given"]}
    assert told(me, TODAY + timedelta(days=1)) == {}
    follow_ups.hand_over_follow_up(by=colleague, follow_up=nobodys, assigned_to=me)
    assert told(me, TODAY + timedelta(days=2)) == {"Follow-ups": ["nobody's"]}


def test_parts_and_the_whole_can_be_switched_off():
    me = make.make_coordinator()
    make.make_engagement()
    make.make_pledge()
    actions.choose(by=me, person=me, kind="to_close", wanted=False)
    assert list(told(me)) == ["Pledges to verify"]
    actions.choose(by=me, person=me, kind="digest", wanted=False)

    assert me not in digests.people_left(TODAY)
    assert told(me, TODAY + timedelta(days=1)) == {}


def test_schools_are_asked_three_times_a_week_apart_then_there_is_no_answer(clock):
    clock(make.DAY)
    member, engagement = asked_school()
    asked = []
    for ahead in range(1, 40):
        clock(day := make.DAY + timedelta(days=ahead))
        digest.send_day(day)
        asked += [ahead] * SentMail.objects.filter(user=member, once_key__contains=str(day)).count()
        if Attendance.objects.get().no_answer_on:
            break

    assert (asked, ahead) == ([7, 14, 21], 28)
    claim = Attendance.objects.get()
    assert (claim.answer, claim.standing) == ("unanswered", ("no_answer", "No answer"))
    engagements.answer(by=member, attendance=claim, answer="confirmed")
    claim.refresh_from_db()
    assert (claim.answer, claim.no_answer_on) == ("confirmed", None), "it can still be answered"


def test_where_nobody_can_be_asked_there_is_no_answer_after_the_same_four_weeks(clock, monkeypatch):
    rows = [{"provider": make.make_school(name), "learners": 40} for name in ("Empty", "Silent", "Asked")]
    make.make_engagement(status="delivered", attendances=rows)
    silent, _ = make.make_school_member(rows[1]["provider"]), make.make_school_member(rows[2]["provider"])
    actions.choose(by=silent, person=silent, kind="claims", wanted=False)
    clock(make.DAY)
    Attendance.objects.update(asked_on=make.DAY)

    assert digests.give_up_unanswered(make.DAY + timedelta(days=27)) == 0
    broken, honest = iter([ValidationError("Say where")]), claim_actions_of_engagements.give_up_asking

    def give_up(**claim):
        if error := next(broken, None):
            raise error
        return honest(**claim)

    monkeypatch.setattr(claim_actions_of_engagements, "give_up_asking", give_up)
    later = make.DAY + timedelta(days=28)
    assert (digests.give_up_unanswered(later), digests.give_up_unanswered(later)) == (1, 1), "one holds up no other"
    waiting = Attendance.objects.get(no_answer_on=None)
    assert waiting.provider.name == "Asked", "whose members get the reminder is asked first"


def test_a_number_that_changes_is_asked_for_anew(clock):
    clock(make.DAY)
    member, engagement = asked_school()
    for ahead in (7, 14, 21):
        clock(make.DAY + timedelta(days=ahead))
        assert told(member, make.DAY + timedelta(days=ahead)) == {
            "Are these numbers of learners right?": ["Careers fair: 40 learners"]
        }
    clock(make.DAY + timedelta(days=25))
    provider = engagement.attendances.get().provider
    engagements.correct(by=None, engagement=engagement, attendances=[{"provider": provider, "learners": 41}])
    clock(make.DAY + timedelta(days=30))
    assert digests.give_up_unanswered(make.DAY + timedelta(days=30)) == 0
    assert told(member, make.DAY + timedelta(days=30)) == {}
    assert told(member, make.DAY + timedelta(days=32))


def test_a_day_is_made_once_however_often_it_is_tried(monkeypatch):
    people = [make.make_coordinator() for _ in range(3)]
    make.make_engagement()
    crash = iter([None, RuntimeError, None, None])
    honest = digest.send_to

    def crashing(person, day):
        if error := next(crash, None):
            raise error
        return honest(person, day)

    monkeypatch.setattr(digest, "send_to", crashing)
    assert digest.send_day(TODAY) == 2, "one that can't be made holds up no other"
    assert not DigestDay.objects.exists()
    assert digest.send_day(TODAY) == 1, "and is made by whoever goes on"
    assert digest.send_day(TODAY) == 0
    assert {sent.user for sent in SentMail.objects.all()} == set(people)
    assert SentMail.objects.count() == MailItem.objects.count() == 3


def test_two_workers_at_once_make_one():
    me = make.make_coordinator()
    make.make_engagement()

    assert digest.send_to(me, TODAY)
    assert digest.send_to(me, TODAY) is None
    assert SentMail.objects.count() == MailItem.objects.count() == 1


def test_nobody_who_is_gone_or_whose_mail_comes_back_is_looked_for():
    gone, back, here = (make.make_coordinator() for _ in range(3))
    close_account(by=None, user=gone)
    actions.mark_bounced(address=back.email, at=timezone.now())
    make.make_commission_member()

    assert list(digests.people_left(TODAY)) == [here]


def test_a_reminder_costs_as_many_queries_for_30_things_as_for_3():
    def queries(number: int) -> int:
        me = make.make_coordinator(slug := f"guild-{number}")
        for _ in range(number):
            make.make_engagement(guild=make.make_guild(slug))
            make.make_pledge(guild=make.make_guild(slug))
            of_mine(me, engagement=make.make_engagement(status="delivered"))
        with CaptureQueriesContext(connection) as made:
            assert digest.send_to(me, TODAY)
        return len(made)

    few = queries(3)
    assert queries(9) == few
    assert few <= 30
