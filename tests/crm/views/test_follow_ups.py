"""Follow-ups: whose, due when, and what may be done with them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from guilds.access.actions import close_account
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


def test_whose_they_are(client, coordinator):
    other = make.make_coordinator("sciences")
    add(coordinator, "mine", 1), add(make.make_coordinator(), "a colleague's", 2), add(other, "theirs", 4)
    add(other, "about our fair", 3, engagement=make.make_engagement())
    add(None, "nobody's", 5)
    gone = make.make_coordinator("sciences")
    add(gone, "of somebody who left", 6)
    close_account(by=None, user=gone)

    def whose(value: str) -> list[str]:
        return shown(client.get(LIST, {"whose": value}))

    assert whose("mine") == ["mine"]
    assert whose("guild") == ["mine", "a colleague's", "about our fair"]
    assert whose("nobody") == ["nobody's", "of somebody who left"]
    assert len(whose("all")) == 6
    assert b"Nobody yet" in client.get(LIST, {"whose": "nobody"}).content


@pytest.mark.parametrize("noun", ["organisation", "engagement", "pledge", "placement", "apprenticeship"])
def test_from_every_record_in_one_line(client, coordinator, noun):
    employer = make.make_employer("Bay Hotel")
    record = {
        "organisation": lambda: employer,
        "engagement": make.make_engagement,
        "pledge": lambda: make.make_open_pledge(employer=employer),
        "placement": lambda: make.make_placement(employer=employer),
        "apprenticeship": lambda: make.make_apprenticeship(employer=employer),
    }[noun]()
    page = reverse(f"{noun}_detail", args=[record.pk])
    address = f"{reverse('follow_up_new')}?{noun}={record.pk}"
    assert f'action="{address}"' in client.get(page).content.decode()

    line = {"what": "Ask for dates", "in_days": "14", "form_token": "t"}
    for _ in range(2):
        assert client.post(address, line)["Location"] == page
    added = FollowUp.objects.get()
    assert (added.assigned_to, added.assigned_by) == (coordinator, coordinator)
    assert added.due_on == timezone.localdate() + timedelta(days=14)
    assert getattr(added, noun) == record
    assert added.organisation == (None if noun == "engagement" else employer)
    assert "Ask for dates" in client.get(page).content.decode()
    assert shown(client.get(LIST, {noun: record.pk})) == ["Ask for dates"]
    assert client.post(address, line | {"what": "", "form_token": "u"}).context["form"].errors.keys() == {"what"}
    client.force_login(make.make_employer_member(employer))
    assert "Ask for dates" not in client.get(page, follow=True).content.decode()


def test_a_follow_up_has_a_page_is_corrected_and_tells_of_an_overtaking(client, coordinator):
    follow_up, colleague = add(coordinator, organisation=make.make_employer("Bay Hotel")), make.make_coordinator()
    page = reverse("follow_up", args=[follow_up.pk])
    assert "Bay Hotel" in client.get(page).content.decode()
    words = {"what": "Write to them", "assigned_to": str(colleague.pk), "version": "1", "form_token": "t"}
    words |= parts("due_on", 1, 6, 2030)

    assert client.post(f"{page}correct/", words)["Location"] == page
    follow_up.refresh_from_db()
    assert (follow_up.what, follow_up.assigned_to, follow_up.assigned_by) == ("Write to them", colleague, coordinator)
    assert client.post(f"{page}correct/", words | {"form_token": "u"}).status_code == 409


def test_done_with_a_note_that_undoing_takes_back(client, coordinator):
    follow_up = add(coordinator)
    assert client.post(verb(follow_up, "finish"), {"outcome": "x" * 501}).context["form"].errors.keys() == {"outcome"}
    client.post(verb(follow_up, "finish"), {"outcome": "They take four"})

    assert "They take four" in client.get(LIST, {"status": "done"}).content.decode()
    client.post(verb(follow_up, "reopen"))
    follow_up.refresh_from_db()
    assert (follow_up.status, follow_up.outcome) == ("open", "")


def test_given_to_a_colleague_but_to_nobody_outside_the_team(client, coordinator):
    follow_up, colleague = add(coordinator), make.make_coordinator("sciences")
    stranger = {"assigned_to": str(make.make_school_member().pk)}
    assert client.post(verb(follow_up, "give"), stranger).context["form"].errors.keys() == {"assigned_to"}
    client.post(verb(follow_up, "give"), {"assigned_to": str(colleague.pk)})
    follow_up.refresh_from_db()
    assert (follow_up.assigned_to, follow_up.assigned_by) == (colleague, coordinator)
    actions.move_follow_up(by=None, follow_up=follow_up, verb="finish")
    assert client.get(verb(follow_up, "give")).status_code == 409


BULK = "/follow-ups/bulk/"


def test_several_are_changed_at_once_and_what_is_done_already_stays(client, coordinator):
    colleague, rows = make.make_coordinator("sciences"), [add(coordinator, f"row {number}") for number in range(4)]
    actions.move_follow_up(by=None, follow_up=rows[3], verb="finish")
    chosen = "".join(f"&chosen={row.pk}" for row in rows)
    assert client.get(f"{BULK}?verb=snooze").status_code == 302
    assert client.get(f"{BULK}?verb=nonsense{chosen}").status_code == 404

    page = client.get(f"{BULK}?verb=snooze{chosen}")
    assert ([row.what for row in page.context["unable"]], len(page.context["able"])) == (["row 3"], 3)
    client.post(f"{BULK}?verb=snooze{chosen}", parts("due_on", 1, 6, 2040) | {"form_token": "a"})
    client.post(f"{BULK}?verb=give{chosen}", {"assigned_to": str(colleague.pk), "form_token": "b"})
    told = client.post(f"{BULK}?verb=finish{chosen}", {"outcome": "All rung", "form_token": "c"}, follow=True)

    assert "Done: 3 of 4" in told.content.decode()
    done = FollowUp.objects.filter(assigned_to=colleague, due_on__year=2040, outcome="All rung", status="done")
    assert done.count() == 3
    assert FollowUp.objects.get(pk=rows[3].pk).due_on.year != 2040
    mine, _ = add(coordinator, "mine"), add(colleague, "a colleague's")
    assert [row.pk for row in client.get(f"{BULK}?verb=finish&all=1&due=week").context["able"]] == [mine.pk]
    client.force_login(make.make_school_member())
    assert client.get(f"{BULK}?verb=finish{chosen}").status_code == 403


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
