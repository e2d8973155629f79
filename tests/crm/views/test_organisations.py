"""The registry's pages: who sees what, and what they cost."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from guilds.engagement import follow_up_actions
from guilds.pledges import actions as pledge_actions
from tests import factories as make

pytestmark = pytest.mark.django_db

LIST = "/organisations/"


def names(response) -> list[str]:
    return [organisation.name for organisation in response.context["listing"].rows]


@pytest.fixture
def coordinator(client):
    user = make.make_coordinator()
    client.force_login(user)
    return user


def test_list_is_not_for_strangers(client):
    response = client.get(LIST)
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("make_reader", [make.make_administrator, make.make_coordinator, make.make_commission_member])
def test_staff_and_commission_list_the_registry(client, make_reader):
    make.make_employer("Bay Hotel"), make.make_school("Cliff School")
    client.force_login(make_reader())
    assert names(client.get(LIST)) == ["Bay Hotel", "Cliff School"]


@pytest.mark.parametrize("make_reader", [make.make_employer_member, make.make_school_member])
def test_members_list_their_own_organisation_only(client, make_reader):
    other = make.make_employer("Aaa Other")
    reader = make_reader()
    client.force_login(reader)
    assert names(client.get(LIST)) == [reader.organisation.name]
    assert client.get(reverse("organisation_detail", args=[other.pk])).status_code == 404
    assert client.get(reverse("organisation_detail", args=[reader.organisation_id])).status_code == 200


def test_list_filters_and_sorts(client, coordinator):
    make.make_employer("Bay Hotel"), make.make_school("Cliff School"), make.make_school("Bay School")
    assert names(client.get(LIST, {"q": "bay"})) == ["Bay Hotel", "Bay School"]
    assert names(client.get(LIST, {"role": "provider", "ordering": "-created_at"})) == ["Bay School", "Cliff School"]


def test_the_schools_of_a_trust_are_one_press_away(client, coordinator):
    school = make.make_school("Cliff School", trust="Fable & Sons Trust")
    make.make_school("Bay School", trust="Fable & Sons Trust"), make.make_school("Cove School")
    page = client.get(reverse("organisation_detail", args=[school.pk]))
    assert "?trust=Fable%20%26%20Sons%20Trust" in page.content.decode()
    assert names(client.get(LIST, {"trust": "Fable & Sons Trust"})) == ["Bay School", "Cliff School"]


def test_list_says_what_is_wrong_with_a_filter(client, coordinator):
    make.make_employer("Bay Hotel")
    response = client.get(LIST, {"guild": "nonsense"})
    assert names(response) == []
    assert response.context["filters"].errors.keys() == {"guild"}
    assert b"There is a problem" in response.content


def test_list_says_that_nothing_fits(client, coordinator):
    assert b"There are no organisations yet" in client.get(LIST).content
    make.make_employer("Bay Hotel")
    assert b"Nothing fits these filters" in client.get(LIST, {"q": "zzz"}).content


def test_list_pages_through_everything_once(client, coordinator):
    for number in range(30):
        make.make_employer(f"Firm {number:02}")
    first = client.get(LIST)
    second = client.get(LIST, {"cursor": first.context["listing"].next})
    assert names(first) + names(second) == [f"Firm {number:02}" for number in range(30)]


def test_list_costs_as_many_queries_for_30_rows_as_for_3(client, coordinator, django_assert_num_queries):
    for number in range(30):
        if number == 3:
            with CaptureQueriesContext(connection) as few:
                assert len(names(client.get(LIST))) == 3
        make.make_membership(make.make_employer(f"Firm {number:02}"))
    with django_assert_num_queries(len(few)):
        assert len(names(client.get(LIST))) == 25
    assert len(few) <= 9


def test_list_finds_whom_nobody_has_spoken_with(client, coordinator):
    spoken, quiet = make.make_employer("Spoken"), make.make_employer("Quiet")
    today = timezone.localdate()
    for organisation, days in ((spoken, 10), (quiet, 100)):
        follow_up_actions.log_interaction(
            by=None, organisation=organisation, kind="call", happened_on=today - timedelta(days=days), summary="Spoke"
        )
    assert names(client.get(LIST, {"quiet": "90"})) == ["Quiet"]
    assert names(client.get(LIST, {"quiet": "365"})) == []
    make.make_employer("Never")
    assert names(client.get(LIST, {"quiet": "365"})) == names(client.get(LIST, {"quiet": "never"})) == ["Never"]
    middle = (today - timedelta(days=50)).isoformat()
    assert names(client.get(LIST, {"contact_from": middle})) == ["Spoken"]
    assert names(client.get(LIST, {"contact_to": middle})) == ["Quiet"]
    assert names(client.get(LIST, {"ordering": "-last_contact_on"})) == ["Spoken", "Quiet", "Never"]
    assert b">Never<" in client.get(LIST, {"quiet": "never"}).content


def test_day_of_last_contact_follows_the_notes(coordinator):
    employer, day = make.make_employer(), date(2017, 3, 14)
    for back in (3, 0, 7):
        note = follow_up_actions.log_interaction(
            by=None, organisation=employer, kind="call", happened_on=day - timedelta(days=back), summary="Spoke"
        )
    version = employer.version
    employer.refresh_from_db()
    assert (employer.last_contact_on, employer.version) == (day, version)
    follow_up_actions.correct_interaction(by=None, interaction=note, happened_on=day + timedelta(days=1))
    employer.refresh_from_db()
    assert employer.last_contact_on == day + timedelta(days=1)


def test_list_finds_who_has_promised_and_not_yet_given(client, coordinator):
    open_one, given, none = (make.make_employer(name) for name in ("Open", "Given", "None"))
    make.make_open_pledge(employer=open_one), make.make_pledge(employer=none)
    pledge = make.make_open_pledge(employer=given, quantity=1)
    placement = make.make_placement(employer=given, status="started", provider=make.make_school("School"))
    pledge_actions.credit(by=None, pledge=pledge, placement=placement)
    assert names(client.get(LIST, {"open_pledges": "true"})) == ["Open"]
    assert names(client.get(LIST, {"open_pledges": "false"})) == ["Given", "None", "School"]


def test_commission_cannot_ask_whom_the_team_has_spoken_with(client):
    make.make_employer("Quiet")
    client.force_login(make.make_commission_member())
    response = client.get(LIST, {"quiet": "90", "open_pledges": "true", "contact_from": "2017-01-01"})
    assert names(response) == ["Quiet"] and b"Last contact" not in response.content
    assert client.get(LIST, {"ordering": "-last_contact_on"}).context["sound"] is False
    assert "quiet" not in response.context["filters"].fields
