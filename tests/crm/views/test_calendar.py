"""The calendar and its feeds: the right hours, only what their reader may see, and no more queries for a fuller month."""

from datetime import UTC, date, datetime

import pytest
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from guilds.access.actions import close_account
from guilds.calendar import actions
from guilds.engagement.actions import cancel
from guilds.engagement.follow_up_actions import add_follow_up
from tests.factories import (
    make_administrator,
    make_coordinator,
    make_employer,
    make_employer_member,
    make_engagement,
    make_guild,
    make_open_pledge,
    make_placement,
)

pytestmark = pytest.mark.django_db
TODAY = datetime(2017, 3, 14, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_a_time(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: TODAY)


def fetch(client, token, **headers):
    return client.get(f"/feeds/{token}.ics", headers=headers)


def test_a_fuller_month_takes_no_more_queries_and_tells_how_many_more(client, connection_queries):
    user = make_coordinator()
    client.force_login(user)
    employer = make_employer("Harbour Works")

    def one_of_each():
        make_engagement()
        add_follow_up(by=user, what="Ring", due_on=date(2017, 3, 20), assigned_to=user)
        make_open_pledge(employer=employer, valid_until=date(2017, 3, 31))
        make_placement(employer=employer, status="started", starts_on=date(2017, 3, 6))

    one_of_each()
    client.get("/calendar/")
    few = connection_queries(lambda: client.get("/calendar/"))
    for _ in range(6):
        one_of_each()
    many = connection_queries(lambda: client.get("/calendar/"))
    page = client.get("/calendar/").content.decode()

    assert few == many == 5
    for words in ("Careers fair", "Due: Ring", "Pledge lapses: Harbour Works", "Placement starts: Harbour Works"):
        assert words in page
    assert "3 more" in page
    for view in ("week", "list"):
        assert "Careers fair" in client.get(f"/calendar/?view={view}").content.decode()
    assert "Careers fair" not in client.get("/calendar/?kind=follow_up").content.decode()
    assert client.get("/calendar/?day=9999-99-99&view=x&guild=none").status_code == 200


@pytest.fixture
def connection_queries():
    from django.db import connection

    def count(act):
        with CaptureQueriesContext(
            connection,
        ) as found:
            act()
        return len(found)

    return count


def test_an_administrator_who_is_of_no_guild_has_everything_as_theirs_also_in_a_feed(client):
    admin, coordinator = make_administrator(), make_coordinator("hospitality-tourism")
    employer, guild = make_employer("Harbour Works"), make_guild("engineering-manufacturing")
    make_engagement(guild=guild, title="Open day")
    make_open_pledge(employer=employer, guild=guild, valid_until=date(2017, 3, 31))
    make_placement(employer=employer, guild=guild, status="started", starts_on=date(2017, 3, 6))
    everything = {"Open day", "Pledge lapses: Harbour Works", "Placement starts: Harbour Works"}

    def seen_by(user):
        client.force_login(user)
        page = client.get("/calendar/").content.decode()
        events = Calendar.from_ical(fetch(client, actions.add_feed(by=user)[1]).content).walk("VEVENT")
        return {words for words in everything if words in page}, {str(event["summary"]) for event in events}

    assert seen_by(admin) == (everything, everything)
    assert seen_by(coordinator) == (set(), set())


def test_where_there_is_not_room_for_all_engagements_come_first(client):
    """Only then: where there is room, what takes the whole day stands above what has an hour."""
    user, employer = make_coordinator(), make_employer("Harbour Works")
    client.force_login(user)
    for day in (20, 21):
        make_engagement(title=f"<Fair> on {day} March", starts_at=datetime(2017, 3, day, 10, tzinfo=UTC))
        for _ in range(3 if day == 20 else 4):
            make_open_pledge(employer=employer, valid_until=date(2017, 3, day))
    cells = client.get("/calendar/").content.decode().split("<td")
    (roomy,) = [cell for cell in cells if "&lt;Fair&gt; on 20 March" in cell]
    (full,) = [cell for cell in cells if "&lt;Fair&gt; on 21 March" in cell]

    assert roomy.index("&lt;Fair&gt; on 20 March") > roomy.rindex("Pledge lapses")
    assert " more" not in roomy
    assert full.index("&lt;Fair&gt; on 21 March") < full.index("Pledge lapses")
    assert full.count("Pledge lapses") == 3
    assert "1 more" in full


def test_members_see_their_own_only(client):
    mine, other = make_employer("Mine"), make_employer("Other")
    for employer in (mine, other):
        make_placement(employer=employer, status="started", starts_on=date(2017, 3, 6))
    client.force_login(make_employer_member(mine))
    page = client.get("/calendar/?whose=all").content.decode()

    assert "Placement starts: Mine" in page
    assert "Other" not in page


def test_feed_tells_the_right_hours_across_the_clock_change(client):
    user = make_coordinator()
    moments = {
        "winter": (datetime(2017, 1, 10, 10, tzinfo=UTC), datetime(2017, 1, 10, 12, tzinfo=UTC)),
        "summer": (datetime(2017, 7, 10, 9, tzinfo=UTC), datetime(2017, 7, 10, 11, tzinfo=UTC)),
        "across": (datetime(2017, 3, 25, 22, tzinfo=UTC), datetime(2017, 3, 26, 9, tzinfo=UTC)),
    }
    for title, (start, end) in moments.items():
        made = make_engagement(title=title, starts_at=start, ends_at=end, venue_address="Quay; 1, Dover")
    cancel(by=user, engagement=made, reason="Snow")
    make_engagement(title="long ago", starts_at=datetime(2015, 1, 1, 9, tzinfo=UTC))
    add_follow_up(by=user, what="Ring", due_on=date(2017, 3, 20), assigned_to=user)
    _, token = actions.add_feed(by=user)
    answer = fetch(client, token)
    parsed = Calendar.from_ical(answer.content)
    events = {str(event["summary"]): event for event in parsed.walk("VEVENT")}

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"TZID:Europe/London" in answer.content
    assert b"DTSTART;TZID=Europe/London:20170710T100000" in answer.content
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in answer.content
    assert set(events) == {*moments, "Due: Ring"}
    for title, (start, end) in moments.items():
        assert events[title]["dtstart"].dt.astimezone(UTC) == start
        assert events[title]["dtend"].dt.astimezone(UTC) == end
        assert events[title]["location"] == "Quay; 1, Dover"
    assert events["across"]["status"] == "CANCELLED"
    assert events["across"]["sequence"] == 2
    assert events["winter"]["status"] == "TENTATIVE"
    assert events["Due: Ring"]["dtstart"].dt == date(2017, 3, 20)


def test_feed_answers_304_until_something_changes_and_404_once_ended(client):
    user = make_coordinator()
    make_engagement()
    feed, token = actions.add_feed(by=user)
    first = fetch(client, token)

    assert fetch(client, token, if_none_match=first["ETag"]).status_code == 304
    assert fetch(client, token, if_modified_since=first["Last-Modified"]).status_code == 304
    make_engagement(title="Another")
    assert fetch(client, token, if_none_match=first["ETag"]).status_code == 200
    feed.refresh_from_db()
    assert feed.read_at == TODAY
    assert token not in str(vars(feed))
    _, renewed = actions.renew_feed(by=user, feed=feed)
    assert fetch(client, token).status_code == 404
    assert fetch(client, renewed).status_code == 200
    close_account(by=None, user=user)
    assert fetch(client, renewed).status_code == 404


def test_owner_makes_and_ends_feeds_on_a_page(client):
    user = make_coordinator()
    client.force_login(user)
    client.post("/calendar/feeds/", {"guild": "hospitality-tourism"})
    page = client.get("/calendar/feeds/").content.decode()
    feed = user.calendar_feeds.get()

    assert "/feeds/" in page
    assert "It is not shown again" not in client.get("/calendar/feeds/").content.decode()
    client.force_login(make_coordinator())
    assert client.post("/calendar/feeds/", {"revoke": str(feed.pk)}).status_code == 404
    client.force_login(user)
    client.post("/calendar/feeds/", {"revoke": str(feed.pk)})
    feed.refresh_from_db()
    assert feed.revoked_at
