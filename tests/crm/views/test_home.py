"""Home of each role: counts that open lists of as many, nothing of others, and the same cost however much there is."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from crm.forms.engagements import moment
from guilds.engagement import actions
from guilds.engagement.follow_up_actions import add_follow_up
from guilds.impact import cells
from guilds.pledges import actions as pledge_actions
from guilds.pledges.request_actions import make_request
from tests.factories import (
    make_administrator,
    make_commission_member,
    make_coordinator,
    make_district,
    make_employer,
    make_employer_member,
    make_engagement,
    make_guild,
    make_open_pledge,
    make_pledge,
    make_school,
    make_school_member,
)

pytestmark = pytest.mark.django_db


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def home(client, user) -> str:
    client.force_login(user)
    return client.get("/").content.decode()


def disputed_engagement(**fields):
    engagement = make_engagement(status="delivered", attendances=[{"provider": make_school(), "learners": 9}], **fields)
    actions.answer(by=None, attendance=engagement.attendances.get(), answer="disputed", learners=8)
    return engagement


def test_nobody_is_asked_to_sign_in(client):
    assert client.get("/").url == "/sign-in/?next=/"


def test_coordinator_sees_what_needs_the_own_guilds_and_each_count_opens_as_many(client):
    user = make_coordinator("hospitality-tourism")
    sciences = make_guild("sciences")
    for _ in range(2):
        make_engagement()
        make_engagement(status="delivered", attendances=[{"provider": make_school()}])
        disputed_engagement()
        make_pledge()
        make_pledge(guild=None)
    make_engagement(guild=sciences)
    disputed_engagement(guild=sciences)
    make_pledge(guild=sciences)
    promised, school, others = (
        make_open_pledge(valid_until=timezone.localdate()),
        make_school(),
        make_open_pledge(guild=sciences),
    )
    given = make_open_pledge(guild=None)
    pledge_actions.allocate(by=None, pledge=promised, provider=school, quantity=1, status="requested")
    pledge_actions.allocate(by=None, pledge=others, provider=school, quantity=1, status="requested")
    pledge_actions.allocate(by=None, pledge=given, provider=school, quantity=1)
    for guild in (None, make_guild(), sciences):
        make_request(by=None, provider=school, kind="placement", quantity=2, guild=guild)
    add_follow_up(by=user, what="Ring the hotel", due_on=timezone.localdate(), assigned_to=user)
    add_follow_up(by=user, what="Not mine", due_on=timezone.localdate(), assigned_to=make_coordinator())
    page = home(client, user)

    found = re.findall(r'href="([^"]+)"><span class="guildhall-need__count">(\d+)</span> <span>([^<]+)<', page)
    assert [(int(number), what) for _, number, what in found] == [
        (2, "past engagements to close"),
        (2, "engagements with numbers missing"),
        (2, "engagements with a disputed number"),
        (2, "pledges to verify, Hospitality Tourism"),
        (2, "pledges to verify, no guild yet"),
        (1, "pledge with places asked for, to be answered"),
        (1, "pledge about to lapse within 30 days"),
        (1, "open pledge matched with nobody"),
        (2, "requests of schools and colleges to meet"),
        (1, "follow-up due within a week"),
    ]
    for address, number, what in found:
        listed = client.get(address.replace("&amp;", "&")).content.decode()
        assert len(re.findall(r'scope="row"|class="guildhall-task"', listed)) == int(number), what
    assert "Ring the hotel" in page and "Not mine" not in page


def test_coordinator_with_nothing_to_do_is_told_so(client):
    page = home(client, make_coordinator())

    for nothing in ("No past engagement is left open", "No numbers are missing", "Nothing this week."):
        assert nothing in page
    useful = re.search(r"useful next:</p>(.*?)</ul>", page, re.DOTALL)[1]
    addresses = [address.replace("&amp;", "&") for address in re.findall(r'href="([^"]+)"', useful)]
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]
    make_engagement()
    assert "useful next" not in client.get("/").content.decode()


def test_coordinator_sees_this_week_of_the_own_guilds(client, time_machine):
    time_machine.move_to("2017-03-15 09:00:00+00:00")
    monday = timezone.localdate() - timedelta(days=2)
    for title, day in (
        ("Monday fair", monday),
        ("Sunday fair", monday + timedelta(6)),
        ("Next fair", monday + timedelta(7)),
    ):
        make_engagement(title=title, starts_at=moment(day, None))
    make_engagement(title="Others' fair", starts_at=moment(monday, None), guild=make_guild("sciences"))
    page = home(client, make_coordinator())

    assert re.findall(r"(\w+) fair</a>", page) == ["Monday", "Sunday"]
    assert "This week, 13 March to 19 March" in page
    listed = client.get("/engagements/?from=2017-03-13&to=2017-03-19&whose=mine").content.decode()
    assert re.findall(r"(\w+) fair</a>", listed) == ["Sunday", "Monday"]


def test_administrator_sees_all_guilds_and_the_system(client):
    user = make_administrator()
    make_engagement(guild=make_guild("sciences"))
    make_engagement(guild=None)
    client.force_login(user)
    page = words(client.get("/"))

    assert "2 past engagements to close" in page
    assert "No file has been loaded yet" in page
    assert "Administrator 1" in page


def test_employer_sees_its_pledges_with_progress_and_what_is_to_come(client):
    hotel, tomorrow = make_employer("Bay Hotel"), timezone.localdate() + timedelta(days=1)
    make_open_pledge(employer=hotel, quantity=12)
    make_open_pledge(employer=make_employer("Other Works"), quantity=7777)
    make_engagement(title="Coming fair", starts_at=moment(tomorrow, None), participations=[{"employer": hotel}])
    make_engagement(title="Hidden fair", starts_at=moment(tomorrow, None))
    page = home(client, make_employer_member(hotel))

    assert "Record a pledge" in page and "0 of 12" in page
    assert "Coming fair" in page
    for hidden in ("7777", "Hidden fair", "Log an engagement"):
        assert hidden not in page


def test_employer_without_pledges_is_invited(client):
    assert "You have made no pledge yet." in home(client, make_employer_member())


def test_school_answers_from_its_home_with_one_press(client):
    thanet = make_district()
    school = make_school("Hill School", district=thanet)
    engagement = make_engagement(title="Fair", status="delivered", attendances=[{"provider": school, "learners": 30}])
    make_engagement(title="Training", kind="staff_training", status="delivered", attendances=[{"provider": school}])
    here = make_open_pledge(employer=make_employer("Bay Hotel"), quantity=12, districts=[thanet])
    make_open_pledge(employer=make_employer("Far Works"), districts=[make_district("E07000105", "Ashford")])
    page = home(client, make_school_member(school))
    row = engagement.attendances.get()

    assert "Confirm 30 learners" in page and "Training" not in page
    assert f"/pledges/{here.pk}/" in page and "Far Works" not in page
    form = re.search(r'<form method="post" action="([^"]+)">.*?</form>', page[page.index('id="waiting"') :], re.DOTALL)
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0])) | {"answer": "confirmed"}
    answered = client.post(form[1], sent, follow=True)
    row.refresh_from_db()
    assert row.answer == "confirmed"
    assert "Thank you. You have confirmed 30 learners" in words(answered)
    assert "You have answered everything" in words(answered)


def test_school_sees_no_number_of_another(client):
    school, other = make_school(), make_school("Vale School")
    make_engagement(
        status="delivered", attendances=[{"provider": school, "learners": 1}, {"provider": other, "learners": 777}]
    )
    page = home(client, make_school_member(school))

    assert "Vale School" not in page and "777" not in page


def test_commission_sees_this_years_figures_and_their_rows(client):
    make_engagement(
        status="delivered", starts_at=timezone.now(), attendances=[{"provider": make_school(), "learners": 321}]
    )
    cells.refresh()
    page = home(client, make_commission_member())

    assert "321" in page
    address = re.search(r'href="(/impact/evidence/\?measure=encounters[^"]+)"', page)[1].replace("&amp;", "&")
    assert client.get(address).status_code == 200
    assert "Log an engagement" not in page


@pytest.mark.parametrize(
    ("make", "queries"),
    [(make_coordinator, 6), (make_administrator, 8), (make_employer_member, 19), (make_school_member, 16)],
)
def test_home_costs_the_same_however_much_there_is(client, django_assert_num_queries, make, queries):
    user = make()
    own = user.organisation
    school, hotel = (own, make_employer()) if user.is_school_member else (make_school(), own or make_employer())

    def more():
        make_engagement(attendances=[{"provider": school}], participations=[{"employer": hotel}])
        make_engagement(
            starts_at=timezone.now(), attendances=[{"provider": school}], participations=[{"employer": hotel}]
        )
        make_engagement(status="delivered", attendances=[{"provider": school, "learners": 4}])
        make_open_pledge(employer=hotel)
        make_pledge(employer=hotel)

    client.force_login(user)
    more()
    client.get("/")
    with django_assert_num_queries(queries):
        client.get("/")
    for _ in range(4):
        more()
    with django_assert_num_queries(queries):
        assert client.get("/").status_code == 200
