"""One box for everything: to each reader what they may see, and no more."""

import pytest

from tests.factories import (
    make_apprenticeship,
    make_commission_member,
    make_contact,
    make_coordinator,
    make_district,
    make_employer,
    make_employer_member,
    make_engagement,
    make_membership,
    make_placement,
    make_pledge,
    make_school,
    make_school_member,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    make_district("outside", "Outside Kent and Medway")
    hotel, school = make_employer("Lantern Hotel", postcode="CT1 1AA"), make_school("Lantern School")
    make_engagement(title="Lantern fair", status="delivered", participations=[{"employer": hotel, "role": "host"}])
    make_pledge(employer=hotel, notes="Secretword of the hotel")
    make_placement(employer=hotel, provider=school)
    make_apprenticeship(employer=hotel)
    make_contact(hotel, name="Robin Lantern")
    other = make_employer("Quarry Works")
    make_engagement(title="Quarry fair", participations=[{"employer": other, "role": "host"}])
    make_pledge(employer=other, conditions="lantern light only", notes="lantern")
    return hotel, school


@pytest.fixture
def search(client, world):
    def ask(user, words: str, **headers):
        client.force_login(user)
        answer = client.get("/search/", {"q": words}, headers=headers)
        return {kind.title: [line.name for line in kind.lines] for kind in answer.context["found"]}

    return ask


def test_staff_find_everything_with_a_slip_in_it(search):
    found = search(make_coordinator(), "lanten")

    assert list(found) == ["Organisations", "Engagements", "Pledges", "Placements", "Apprenticeships"]
    assert sorted(found["Organisations"]) == ["Lantern Hotel", "Lantern School"]
    assert found["Engagements"] == ["Lantern fair"] and len(found["Pledges"]) == 1


@pytest.mark.parametrize("few", [0, 200])
def test_people_are_found_by_their_names_by_the_team_alone(search, world, few, monkeypatch):
    monkeypatch.setattr("guilds.organisations.queries._NAMED", few)
    assert search(make_coordinator(), "robin lan")["People"] == ["Robin Lantern"]
    make_membership(world[0], "sciences")
    assert "People" in search(make_coordinator(), "robin") and "People" not in search(
        make_coordinator("land-based"), "robin"
    )
    assert search(make_coordinator(), "sam@harbour") == {}
    for user in (make_employer_member(world[0]), make_commission_member()):
        assert "People" not in search(user, "robin")


def test_members_find_what_is_theirs_and_nothing_of_others(search, world):
    hotel, school = world
    found = search(make_employer_member(hotel), "lantern")

    assert found["Organisations"] == ["Lantern Hotel"] and found["Engagements"] == ["Lantern fair"]
    assert "Organisations" not in search(make_school_member(school), "hotel")
    assert search(make_employer_member(hotel), "quarry") == {}
    assert search(make_employer_member(hotel), "secretword") == {}


def test_lists_are_a_link_away_with_as_many_as_was_said(client, search):
    for n in range(7):
        make_engagement(title=f"Orchard day {n}")
    client.force_login(make_coordinator())
    group = client.get("/search/?q=orchard").context["found"][0]

    assert (len(group.lines), group.count, group.address) == (5, 7, "/engagements/?q=orchard")
    assert b"All 7 in the list" in client.get("/search/?q=orchard").content
    assert len(client.get(group.address).context["listing"].rows) == 7


def test_a_script_is_given_only_what_was_found(client, search):
    client.force_login(make_coordinator())
    part = client.get("/search/?q=lantern", headers={"HX-Request": "true"})

    assert b"Lantern Hotel" in part.content and b"<html" not in part.content
    assert client.get("/search/?q=l", headers={"HX-Request": "true"}).content.strip().endswith(b"letters.</p>")


def test_words_go_nowhere(client, search, caplog):
    client.force_login(make_coordinator())
    answer = client.get("/search/?q=robin")

    assert answer["Cache-Control"] == "private, no-store" and answer["Referrer-Policy"] == "strict-origin"
    assert "robin" not in caplog.text


@pytest.mark.parametrize("words", ["", "zzzz", "\x00", "%", "x" * 5000, "<script>"])
def test_nothing_found_says_what_could_be(client, search, words):
    client.force_login(make_commission_member())
    answer = client.get("/search/", {"q": words})

    assert answer.status_code == 200 and answer.context["found"] == []
    assert b"<script>alert" not in answer.content and (len(words) == 1 or b"Search looks through" in answer.content)


def test_as_many_queries_for_few_as_for_many(client, search, django_assert_max_num_queries):
    for n in range(8):
        hotel = make_employer(f"Lantern Inn {n}")
        make_engagement(title=f"Lantern day {n}"), make_pledge(employer=hotel), make_placement(employer=hotel)
    client.force_login(make_coordinator())
    client.get("/search/?q=lantern")
    with django_assert_max_num_queries(24):
        client.get("/search/?q=lantern")


def test_nobody_signed_in_is_sent_to_sign_in(client):
    assert client.get("/search/?q=x").status_code == 302
