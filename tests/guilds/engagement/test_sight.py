"""Who sees which engagements, and which parts of them."""

import pytest
from django.contrib.auth.models import AnonymousUser

from guilds.engagement.follow_up_actions import add_follow_up, log_interaction
from guilds.engagement.follow_ups import FollowUp, Interaction
from guilds.engagement.models import Attendance, Engagement, Participation
from tests.factories import (
    DAY,
    make_administrator,
    make_commission_member,
    make_coordinator,
    make_employer,
    make_employer_member,
    make_engagement,
    make_school,
    make_school_member,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    """One planned and one delivered engagement, of a school and an employer that have members, and of others."""
    school, employer = make_school_member(), make_employer_member()
    came = {
        "attendances": [{"provider": school.organisation, "learners": 3}, {"provider": make_school()}],
        "participations": [{"employer": employer.organisation}, {"employer": make_employer()}],
    }
    planned, delivered = (
        make_engagement(title="Planned", **came),
        make_engagement(title="Delivered", status="delivered", **came),
    )
    others = make_engagement(title="Others'", status="delivered", attendances=[{"provider": make_school()}])
    return {"school": school, "employer": employer, "planned": planned, "delivered": delivered, "others": others}


def seen(model, user, field="title"):
    return {getattr(row, field) for row in model.objects.visible_to(user)}


def test_the_team_sees_all(scene):
    for user in (make_administrator(), make_coordinator("sciences")):
        assert seen(Engagement, user) == {"Planned", "Delivered", "Others'"}
        assert Attendance.objects.visible_to(user).count() == 5
        assert Participation.objects.visible_to(user).count() == 4


def test_the_commission_sees_what_counts(scene):
    user = make_commission_member()
    assert seen(Engagement, user) == {"Delivered", "Others'"}
    assert Attendance.objects.visible_to(user).count() == 3
    assert Participation.objects.visible_to(user).count() == 2


def test_members_see_what_they_take_part_in(scene):
    school, employer = scene["school"], scene["employer"]
    assert seen(Engagement, school) == seen(Engagement, employer) == {"Planned", "Delivered"}
    assert seen(Attendance, school, "provider") == {school.organisation}
    assert seen(Participation, employer, "employer") == {employer.organisation}
    assert not Participation.objects.visible_to(school).exists()
    assert not Attendance.objects.visible_to(employer).exists()


def test_nobody_sees_nothing(scene):
    for model in (Engagement, Attendance, Participation, Interaction, FollowUp):
        assert not model.objects.visible_to(AnonymousUser()).exists()


def test_notes_and_tasks_are_the_teams_own(scene):
    coordinator = make_coordinator()
    log_interaction(by=coordinator, organisation=make_employer(), kind="call", happened_on=DAY, summary="Called")
    add_follow_up(by=coordinator, what="Call again", due_on=DAY, assigned_to=coordinator)
    for user in (scene["school"], scene["employer"], make_commission_member()):
        assert not Interaction.objects.visible_to(user).exists()
        assert not FollowUp.objects.visible_to(user).exists()
    assert Interaction.objects.visible_to(coordinator).count() == FollowUp.objects.visible_to(coordinator).count() == 1
