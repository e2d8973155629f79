"""What the questions of the home depend on: whoever asks, with their guilds as they are now, and the day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.views.needs import needs_of
from guilds.access import actions as access
from guilds.access.models import User
from guilds.engagement.follow_up_actions import add_follow_up
from tests.factories import make_administrator, make_coordinator, make_engagement, make_guild, make_pledge

pytestmark = pytest.mark.django_db


def told(user, day=None) -> dict[str, int]:
    """What somebody who has just come is told."""
    found = needs_of(User.objects.get(pk=user.pk), day or timezone.localdate())
    return {need.words: need.number for need in found if need.number}


def test_what_was_done_since_is_counted():
    user = make_coordinator()
    assert told(user) == {}
    make_engagement()
    assert told(user) == {"past engagement to close": 1}
    make_engagement()
    assert told(user) == {"past engagements to close": 2}


def test_a_guild_that_somebody_is_given_or_leaves_counts_at_once_and_so_does_its_name():
    user, sciences = make_coordinator("hospitality-tourism"), make_guild("sciences")
    make_engagement(guild=sciences)
    make_pledge(guild=sciences)
    assert told(user) == {}

    access.correct_user(by=None, user=user, guilds=[sciences])
    assert told(user) == {"past engagement to close": 1, "pledge to verify, Sciences": 1}
    sciences.name = "Life sciences"
    sciences.save()
    assert "pledge to verify, Life sciences" in told(user)

    access.correct_user(by=None, user=user, guilds=[make_guild("hospitality-tourism")])
    assert told(user) == {}


def test_somebody_whose_role_changed_is_asked_about_what_is_theirs_now():
    user = make_coordinator("hospitality-tourism")
    make_engagement(guild=make_guild("sciences"))
    assert told(user) == {}
    access.correct_user(by=None, user=user, role="administrator", guilds=[])
    assert told(user) == {"past engagement to close": 1}


def test_two_people_of_the_same_guilds_have_follow_ups_of_their_own():
    user, other = make_coordinator(), make_coordinator()
    add_follow_up(by=user, what="Ring the hotel", due_on=timezone.localdate(), assigned_to=user)
    assert told(user) == {"follow-up due within a week": 1}
    assert told(other) == {}


def test_the_next_day_other_things_are_due():
    user, today = make_administrator(), timezone.localdate()
    make_engagement(starts_at=timezone.now())
    add_follow_up(by=user, what="Ring the hotel", due_on=today + timedelta(days=8), assigned_to=user)
    assert told(user, today) == {}
    assert told(user, today + timedelta(days=1)) == {"past engagement to close": 1, "follow-up due within a week": 1}
