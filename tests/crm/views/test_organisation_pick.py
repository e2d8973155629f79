"""What the picker offers: by name, number or postcode; only what its reader may see; never much, never slowly."""

import pytest

from guilds.organisations import actions
from tests.factories import (
    make_commission_member,
    make_coordinator,
    make_district,
    make_employer,
    make_employer_member,
    make_school,
    make_school_member,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pick(client):
    make_district("outside", "Outside Kent and Medway")
    client.force_login(make_coordinator())

    def ask(q: str, role: str = "") -> list[str]:
        return [found["name"] for found in client.get("/organisations/pick/", {"q": q, "role": role}).json()]

    return ask


def test_by_start_of_the_name_first_and_then_by_any_words(pick):
    for name in ("Dover Grammar School", "Grammar House School", "Vale School"):
        make_school(name)

    assert pick("grammar") == ["Grammar House School", "Dover Grammar School"]
    assert pick("grammar dover") == ["Dover Grammar School"]


def test_accents_capitals_and_punctuation_do_not_matter(pick):
    make_school("St Mary's Café School")

    assert pick("ST MARYS cafe") == ["St Mary's Café School"]


@pytest.mark.parametrize("typed", ["118788", "1187", " 118 788 "])
def test_by_urn_or_its_start(pick, typed):
    make_school("Hill School", identifiers=[("urn", "118788")])
    make_school("Vale School", identifiers=[("urn", "200000")])

    assert pick(typed) == ["Hill School"]


@pytest.mark.parametrize("typed", ["01234567", "1234567"])
def test_by_company_number_with_and_without_its_zero(pick, typed):
    make_employer("Bay Hotel Ltd", identifiers=[("companies_house", "01234567")])

    assert pick(typed) == ["Bay Hotel Ltd"]


@pytest.mark.parametrize("typed", ["ME14 1XX", "me141xx", "me14"])
def test_by_postcode(pick, typed):
    make_employer("Bay Hotel", postcode="ME14 1XX")
    make_employer("Far Hotel", postcode="CT1 1AA")

    assert pick(typed) == ["Bay Hotel"]


def test_role_narrows(pick):
    make_school("Harbour School")
    make_employer("Harbour Works")

    assert pick("harbour", "employer") == ["Harbour Works"]
    assert pick("harbour", "provider") == ["Harbour School"]
    assert len(pick("harbour")) == 2


def test_closed_ones_come_last_and_say_so_and_archived_ones_not_at_all(client, pick):
    closed, gone = make_school("Hill A School"), make_school("Hill B School")
    make_school("Hill C School")
    actions.correct(by=None, organisation=closed, status="closed")
    actions.correct(by=None, organisation=gone, status="archived")

    assert pick("hill") == ["Hill C School", "Hill A School"]
    assert client.get("/organisations/pick/?q=hill+a").json()[0]["detail"].endswith(", Closed")


def test_detail_tells_namesakes_apart(client, pick):
    make_school("Hill School", identifiers=[("urn", "118788")], postcode="ME14 1XX")
    found = client.get("/organisations/pick/?q=hill").json()[0]

    assert found["detail"] == "URN 118788, Secondary school, ME14 1XX"


@pytest.mark.parametrize("typed", ["", "h", "   ", "!!", "\x00", "%", "__", "x" * 5000])
def test_too_little_or_nonsense_finds_nothing(pick, typed):
    make_school("Hill School")

    assert pick(typed) == []


def test_never_more_than_ten_for_the_same_few_queries(client, pick, django_assert_max_num_queries):
    for n in range(30):
        make_school(f"Hill {n} School")

    with django_assert_max_num_queries(6):
        assert len(pick("hill")) == 10
    with django_assert_max_num_queries(8):
        assert len(pick("school")) == 10


@pytest.mark.parametrize("make", [make_employer_member, make_school_member])
def test_members_pick_only_their_own_organisation(client, make):
    user = make()
    make_school("Valley School"), make_employer("Valley Works")
    client.force_login(user)

    assert client.get("/organisations/pick/?q=valley").json() == []
    own = client.get("/organisations/pick/", {"q": user.organisation.name}).json()
    assert [found["id"] for found in own] == [str(user.organisation.pk)]


def test_commission_reads_the_registry(client):
    make_school("Hill School")
    client.force_login(make_commission_member())

    assert len(client.get("/organisations/pick/?q=hill").json()) == 1


def test_answers_are_not_kept_by_browsers(client, pick):
    assert client.get("/organisations/pick/?q=hill")["Cache-Control"] == "private, no-store"
