"""Follow-ups: whose, due when, and what may be done with them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from guilds.engagement import follow_up_actions as actions
from guilds.engagement.follow_ups import FollowUp
from tests import factories as make
from tests.crm.views.test_placements import parts

pytestmark = pytest.mark.django_db

LIST = "/follow-ups/"


@pytest.fixture
def coordinator(client):
    user = make.make_coordinator()
    client.force_login(user)
    return user


def add(person, what: str = "Ring them", days: int = 3, **more) -> FollowUp:
    due = timezone.localdate() + timedelta(days=days)
    return actions.add_follow_up(by=None, what=what, due_on=due, assigned_to=person, **more)


def shown(response) -> list[str]:
    return [row.what for row in response.context["listing"].rows]


def verb(follow_up, name: str) -> str:
    return reverse("follow_up_verb", args=[follow_up.pk, name])


def test_list_is_ones_own_that_is_still_to_be_done_due_first(client, coordinator):
    add(coordinator, "later", 9), add(coordinator, "late", -2), add(make.make_coordinator(), "somebody else's")
    actions.move_follow_up(by=None, follow_up=add(coordinator, "done"), verb="finish")
    response = client.get(LIST)
    assert shown(response) == ["late", "later"]
    assert response.content.count(b"Overdue</strong>") == 1


def test_list_filters(client, coordinator):
    add(coordinator, "late", -2), add(coordinator, "soon", 6), add(coordinator, "far", 30)
    add(make.make_coordinator(), "theirs", 1)
    assert shown(client.get(LIST, {"due": "overdue"})) == ["late"]
    assert shown(client.get(LIST, {"due": "week", "whose": "all"})) == ["late", "theirs", "soon"]
    assert shown(client.get(LIST, {"status": "done"})) == []
    assert shown(client.get(LIST, {"q": "FAR"})) == ["far"]


def test_nothing_to_do_says_so(client, coordinator):
    assert b"You have nothing to do" in client.get(LIST).content


def test_list_costs_as_many_queries_for_30_rows_as_for_3(client, coordinator):
    for _ in range(3):
        add(coordinator, organisation=make.make_employer())
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for _ in range(27):
        add(coordinator, organisation=make.make_employer(), engagement=make.make_engagement())
    with CaptureQueriesContext(connection) as many:
        assert len(shown(client.get(LIST))) == 25
    assert len(many) == len(few) <= 5


@pytest.mark.parametrize(
    "make_reader", [make.make_employer_member, make.make_school_member, make.make_commission_member]
)
def test_follow_ups_are_the_teams_own(client, make_reader):
    follow_up = add(make.make_coordinator())
    client.force_login(make_reader())
    assert client.get(LIST).status_code == 403
    assert client.get(reverse("follow_up_new")).status_code == 403
    assert client.post(verb(follow_up, "finish")).status_code == 404


def test_follow_up_is_added_about_the_organisation_one_came_from(client, coordinator):
    employer, colleague = make.make_employer("Bay Hotel"), make.make_coordinator("sciences")
    address = f"{reverse('follow_up_new')}?organisation={employer.pk}"
    assert b"Bay Hotel" in client.get(address).content
    words = {"what": "Ask for dates", "assigned_to": str(colleague.pk), "organisation_text": "Bay Hotel"}
    response = client.post(address, words | parts("due_on", 1, 6, 2030))
    assert response["Location"] == reverse("organisation_detail", args=[employer.pk])
    added = FollowUp.objects.get()
    assert (added.assigned_to, added.organisation) == (colleague, employer)


def test_only_the_team_is_given_something_to_do(client, coordinator):
    words = {"what": "Ask", "assigned_to": str(make.make_employer_member().pk)} | parts("due_on", 1, 6, 2030)
    assert client.post(reverse("follow_up_new"), words).context["form"].errors.keys() == {"assigned_to"}


def test_finish_twice_is_finished_once(client, coordinator):
    follow_up = add(coordinator)
    for _ in range(2):
        assert client.post(verb(follow_up, "finish"))["Location"] == LIST
    follow_up.refresh_from_db()
    assert (follow_up.status, follow_up.version) == ("done", 2)
    client.post(verb(follow_up, "reopen"))
    follow_up.refresh_from_db()
    assert follow_up.status == "open"


def test_snooze_means_later_than_today(client, coordinator):
    follow_up = add(coordinator, days=-2)
    assert client.post(verb(follow_up, "snooze"), parts("due_on", 1, 1, 2020)).context["form"].errors.keys() == {
        "due_on"
    }
    client.post(verb(follow_up, "snooze"), parts("due_on", 1, 1, 2040))
    follow_up.refresh_from_db()
    assert follow_up.due_on.year == 2040


def test_dropping_says_why(client, coordinator):
    follow_up = add(coordinator)
    assert client.post(verb(follow_up, "drop"), {}).context["form"].errors.keys() == {"reason"}
    client.post(verb(follow_up, "drop"), {"reason": "They closed"})
    follow_up.refresh_from_db()
    assert follow_up.status == "dropped"
    assert client.get(verb(follow_up, "finish")).status_code == 409
    assert client.get(verb(follow_up, "snooze")).status_code == 409
