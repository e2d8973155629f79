"""News of pledges and requests: told to the members whom it matters to, by whatever way it came about; once, with why."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from crm import tasks
from crm.emails import news, sending
from guilds.access.actions import close_account
from guilds.audit.models import Event
from guilds.mailing import actions as mailing
from guilds.mailing.models import SentMail
from guilds.pledges import actions, claim_actions
from guilds.pledges.models import AllocationStatus
from guilds.undoing import actions as undoing
from tests import factories as make

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str]]:
    """To whom and under which subject mail goes now."""
    with time_machine.travel(timezone.now() + timedelta(minutes=3), tick=False):
        tasks.tell_news()
    before = len(mail.outbox)
    for noted in SentMail.objects.filter(status="queued"):
        sending.deliver(noted.pk)
    return [(message.to[0], message.subject) for message in mail.outbox[before:]]


def test_members_are_told_once_with_the_reason_and_nobody_else_is():
    hotel, me, now = make.make_employer("Bay Hotel"), make.make_coordinator(), timezone.localdate()
    ann, ben, gone, quiet = (make.make_employer_member(hotel) for _ in range(4))
    make.make_employer_member(), make.make_school_member()
    close_account(by=None, user=gone)
    mailing.choose(by=quiet, person=quiet, kind="news", wanted=False)
    pledge, other = make.make_open_pledge(employer=hotel), make.make_pledge(employer=hotel)
    claim, fair = (claim_actions.claim(by=ann, pledge=pledge, happened_on=now, quantity=n) for n in (2, 3))
    assert told() == [], "nothing has been decided yet"

    claim_actions.decline(by=me, claim=claim, reason="We found no such visit")
    claim_actions.accept(by=me, claim=fair)
    actions.reject(by=ben, pledge=other, reason="Sent twice")

    (declined, credited) = (
        "What you told about your pledge was not credited",
        "What you did is credited to your pledge",
    )
    rejected = "Your pledge was not accepted"
    assert sorted(told()) == sorted(
        [(p.email, words) for p in (ann, ben) for words in (declined, credited)] + [(ann.email, rejected)]
    ), "whoever did it knows it"
    body = next(message.body for message in mail.outbox if message.subject == declined)
    assert "2 on" in body and "The reason given: We found no such visit" in body and f"/pledges/{pledge.pk}/" in body
    assert told() == []
    assert not SentMail.objects.exclude(context={}).exists()


def test_schools_are_told_what_became_of_what_they_asked_for_but_not_of_what_was_given_unasked():
    school, pledge = make.make_school("Hill School"), make.make_open_pledge(quantity=9)
    member = make.make_school_member(school)
    first, second = (
        actions.allocate(by=member, pledge=pledge, provider=school, quantity=n, status=AllocationStatus.REQUESTED)
        for n in (2, 3)
    )
    actions.allocate(by=None, pledge=pledge, provider=school, quantity=1)

    actions.agree(by=None, allocation=first)
    actions.decline(by=None, allocation=second, reason="All given")

    assert sorted(told()) == [
        (member.email, "What you asked for can’t be given"), (member.email, "What you asked for is agreed")
    ]  # fmt: skip


def test_what_was_taken_back_or_is_old_or_came_as_history_is_no_news():
    hotel = make.make_employer()
    make.make_employer_member(hotel)
    make.make_pledge(employer=hotel, status="rejected", reason="As the file says")
    slip, real = (make.make_pledge(employer=hotel) for _ in range(2))
    actions.reject(by=None, pledge=slip, reason="The wrong one")
    assert news.send_due(timezone.now()) == 0, "there is a moment to undo it"
    undoing.undo(by=None, record=slip, event=Event.objects.about(slip).first())
    actions.reject(by=None, pledge=real, reason="Not real")

    assert news.send_due(timezone.now() + timedelta(days=4)) == 0
    assert len(told()) == 1
