"""Pages of guilds: who leads them, who is in them and does what, who comes to meetings; for the team and the Commission."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guilds.impact import cells, targets
from guilds.impact.members import with_activity
from guilds.impact.periods import parse
from guilds.organisations.guild_members import during
from guilds.organisations.models import Membership
from guilds.reference import actions as reference
from tests import factories as make

pytestmark = pytest.mark.django_db
SLUG = "hospitality-tourism"
YEAR = {"period": "2016-17"}
YEAR_OF = parse("2016-17")


def page(client, name: str = "guild_detail", **query):
    return client.get(reverse(name, args=[SLUG]), YEAR | query)


@pytest.fixture
def guild():
    return make.make_guild(SLUG)


@pytest.fixture
def coordinator(client, guild):
    user = make.make_coordinator(SLUG)
    client.force_login(user)
    return user


@pytest.fixture
def members(guild) -> dict[str, Membership]:
    """One who takes part, one who pledges, one who does nothing, one who has left, and one of another guild."""
    names = ("Partaker", "Pledger", "Sleeper", "Gone")
    found = {name: make.make_membership(make.make_employer(name), SLUG) for name in names[:3]}
    found["Gone"] = make.make_membership(make.make_employer("Gone"), SLUG, left_on=date(2016, 10, 1))
    make.make_membership(make.make_employer("Stranger"), "sciences")
    make.make_engagement(
        guild=make.make_guild("sciences"), status="delivered", supporting_guilds=[guild], title="Lent a hand",
        participations=[{"employer": found["Partaker"].organisation}],
    )  # fmt: skip
    make.make_open_pledge(employer=found["Pledger"].organisation)
    return found


def meeting(*came, day: date = make.DAY, **fields):
    fields = {"kind": "guild_meeting", "title": f"Meeting {day}", "status": "delivered"} | fields
    return make.make_engagement(
        starts_at=make.moment(day), participations=[{"employer": one, "role": "attendee"} for one in came], **fields
    )


def test_all_guilds_stand_with_their_leaders_members_and_progress(client, coordinator, guild, members):
    chair = members["Pledger"].organisation
    reference.save_guild(by=None, slug=SLUG, name=guild.name, chair=chair)
    targets.set_target(by=None, measure="pledges", period="2016-17", value=4, guild=guild)
    cells.refresh()
    content = client.get(reverse("guild_list"), YEAR).content.decode()
    assert coordinator.name in content and chair.name in content and "Pledges: 1 of 4 (25%)" in content
    lines = client.get(reverse("guild_list"), YEAR).context["guilds"]
    assert [(line["guild"].slug, line["employers"]) for line in lines] == [(SLUG, 3), ("sciences", 1)]
    client.force_login(make.make_commission_member())
    content = client.get(reverse("guild_list"), YEAR).content.decode()
    assert coordinator.name not in content and chair.name in content


def test_a_guilds_page_says_who_is_quiet_and_what_it_only_supports(client, coordinator, members):
    meeting(members["Partaker"].organisation)
    response = page(client)
    assert (response.context["members"], response.context["quiet"]) == (4, 2)
    rows = with_activity(during(Membership.objects.filter(guild=SLUG), YEAR_OF.start, YEAR_OF.end), YEAR_OF)
    assert rows.filter(active=0).count() == 2, "as the list of them says"
    content = response.content.decode()
    assert "Lent a hand" in content and "1 delivered engagement that others led" in content
    assert "Meeting 2017-03-14" in content and "No target is set" in content


def test_members_are_listed_with_what_each_did(client, coordinator, members):
    def names(**query):
        return [row.organisation.name for row in page(client, "guild_members", **query).context["listing"].rows]

    assert names() == ["Gone", "Partaker", "Pledger", "Sleeper"]
    assert names(standing="left") == ["Gone"]
    assert names(standing="current", did="no") == ["Sleeper"]
    assert names(did="yes") == ["Partaker", "Pledger"]
    rows = {row.organisation.name: row for row in page(client, "guild_members").context["listing"].rows}
    assert (rows["Partaker"].took_part, rows["Pledger"].pledged, rows["Sleeper"].hosted) == (1, 1, 0)
    file = page(client, "guild_members", export="csv")
    assert b"Pledger" in b"".join(file.streaming_content) if file.streaming else b"Pledger" in file.content


def test_long_lists_of_members_go_on_by_name(client, coordinator, guild):
    for number in range(26):
        make.make_membership(make.make_employer(f"Member {number:02}"), SLUG)
    first = page(client, "guild_members").context["listing"]
    rest = page(client, "guild_members", cursor=first.next).context["listing"]
    assert [row.organisation.name for row in rest.rows] == ["Member 25"]


def test_who_came_to_which_meeting(client, coordinator, members):
    often, guest = members["Partaker"].organisation, make.make_employer("Guest")
    meeting(often, guest)
    meeting(often, day=date(2017, 5, 2))
    meeting(often, day=date(2017, 6, 2), status="planned")
    meeting(often, guild=make.make_guild("sciences"))
    attended = page(client, "guild_meetings").context["attended"]
    assert [row.came for row in attended.members] == [[True, True]] + [[False, False]] * 3
    assert [(row.organisation.name, row.came) for row in attended.others] == [("Guest", [True, False])]
    assert b"No meeting took place" in page(client, "guild_meetings", period="2015-16").content


def test_own_coordinators_add_members_and_end_memberships(client, coordinator, guild):
    employer = make.make_employer("Bay Hotel")
    address = reverse("guild_member_new", args=[SLUG])
    said = {"organisation": str(employer.pk), "organisation_text": "Bay Hotel", "role": "member"}
    said |= {"joined_on_day": "1", "joined_on_month": "9", "joined_on_year": "2016"}
    assert client.post(address, said)["Location"] == reverse("guild_members", args=[SLUG])
    membership = Membership.objects.get()
    assert (
        reverse("membership_leave", args=[employer.pk, membership.pk]) in page(client, "guild_members").content.decode()
    )
    assert "already at that time" in client.post(address, said).content.decode()
    client.force_login(make.make_coordinator("sciences"))
    assert client.post(address, said).status_code == client.get(address).status_code == 403
    assert b"membership_leave" not in page(client, "guild_members").content


def test_members_of_organisations_see_no_guilds_pages(client, guild, members):
    for member in (make.make_employer_member(members["Sleeper"].organisation), make.make_school_member()):
        client.force_login(member)
        addresses = [reverse(name, args=[SLUG]) for name in ("guild_detail", "guild_members", "guild_meetings")]
        for address in (reverse("guild_list"), *addresses, reverse("guild_member_new", args=[SLUG])):
            assert client.get(address).status_code == 404, address
    client.force_login(make.make_commission_member())
    assert [client.get(address).status_code for address in addresses] == [200] * 3
    assert client.get(reverse("guild_detail", args=["nowhere"])).status_code == 404


def test_pages_cost_as_many_queries_for_many_members(client, coordinator, guild, members):
    meeting(members["Partaker"].organisation)

    def costs() -> list[int]:
        found = []
        for name in ("guild_detail", "guild_members", "guild_meetings"):
            with CaptureQueriesContext(connection) as queries:
                page(client, name)
            found.append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("guild_list"), YEAR)
        return [*found, len(queries)]

    few = costs()
    for number in range(5):
        employer = make.make_employer()
        make.make_membership(employer, SLUG), make.make_open_pledge(employer=employer)
        meeting(employer, day=date(2017, 1, 1 + number))
    assert costs() == few
    assert max(few) <= 40
