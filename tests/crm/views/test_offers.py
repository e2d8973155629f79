"""What employers offer: who sees which, what narrows it, and asking for some of it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from guilds.pledges import actions
from guilds.pledges.models import Pledge
from guilds.reference.models import ApprenticeshipStandard
from tests import factories as make
from tests.crm.views.test_list_files import csv_of
from tests.crm.views.test_placements import parts, shown

pytestmark = pytest.mark.django_db
LIST = "/offers/"


@pytest.fixture
def thanet():
    return make.make_district()


@pytest.fixture
def school(client, thanet):
    user = make.make_school_member(make.make_school("Cliff School", district=thanet))
    client.force_login(user)
    return user


def names(response) -> set[str]:
    return {offer.employer.name for offer in response.context["listing"].rows}


def offer(name: str, **fields) -> Pledge:
    return make.make_open_pledge(employer=make.make_employer(name), **fields)


def test_everybody_sees_what_is_theirs_to_see(client, thanet):
    medway, today = make.make_district("E06000035", "Medway"), timezone.localdate()
    here = offer("Here", districts=[thanet])
    offer("There", districts=[medway])
    offer("Anywhere", valid_until=today)
    offer("Over", valid_until=today - timedelta(days=1))
    make.make_pledge(employer=make.make_employer("Unverified"))
    actions.allocate(by=None, pledge=offer("All given", quantity=2), provider=make.make_school(), quantity=2)
    everywhere = {"Here", "There", "Anywhere"}
    for reader, seen in (
        (make.make_administrator(), everywhere),
        (make.make_coordinator("sciences"), everywhere),
        (make.make_commission_member(), everywhere),
        (make.make_school_member(make.make_school(district=thanet)), {"Here", "Anywhere"}),
        (make.make_employer_member(here.employer), {"Here"}),
    ):
        client.force_login(reader)
        response = client.get(LIST)
        assert names(response) == seen, reader.role
        assert (b"Ask for some" in response.content) == reader.is_school_member, reader.role


def test_filters_are_what_a_careers_leader_has_in_mind(client, school, thanet):
    ApprenticeshipStandard.objects.create(reference="ST1", title="Chef", level=2, route="Catering and hospitality")
    spring = {"starts_on": date(2030, 3, 1), "ends_on": date(2030, 3, 31)}
    offer("Hotel", level=2, suits_send=True, route="Catering and hospitality", districts=[thanet], quantity=3, **spring)
    offer("Office", programme="industry_placement", suits_t_level=True, level=3, starts_on=date(2030, 6, 1))
    offer("Works", kind="apprenticeship", guild=make.make_guild("sciences"), quantity=1)
    for asked, found in (
        ({"suits": "send", "level": "2"}, {"Hotel"}),
        ({"suits": "t_level"}, {"Office"}),
        ({"programme": "industry_placement"}, {"Office"}),
        ({"kind": "apprenticeship"}, {"Works"}),
        ({"guild": "sciences"}, {"Works"}),
        ({"route": "Catering and hospitality"}, {"Hotel"}),
        ({"places": "3"}, {"Hotel", "Office"}),
        ({"wanted_from": "2030-03-31", "wanted_until": "2030-05-31"}, {"Hotel", "Works"}),
        ({"wanted_from": "2030-04-01"}, {"Office", "Works"}),
        ({"district": "E07000114"}, {"Hotel", "Office", "Works"}),
        ({"q": "hot"}, {"Hotel"}),
        ({"asked": "true"}, set()),
    ):
        assert names(client.get(LIST, asked)) == found, asked
    for wrong in ({"suits": "all"}, {"route": "Magic"}, {"level": "99"}, {"places": "none"}, {"wanted_from": "x"}):
        assert client.get(LIST, wrong).context["sound"] is False, wrong


def test_a_school_asks_sees_its_own_requests_and_the_answer(client, school):
    pledge = offer("Hotel", quantity=3)
    other = actions.allocate(by=None, pledge=pledge, provider=make.make_school("Rival School"), quantity=1)
    ask = reverse("pledge_verb", args=[pledge.pk, "ask"])
    assert ask in client.get(LIST).content.decode()
    assert b"Only 2 remain" in client.post(ask, {"quantity": "3"}).content
    client.post(ask, {"quantity": "2"})
    content = client.get(LIST, {"asked": "true"}).content.decode()
    assert "Asked for</strong>" in content and "Rival School" not in content
    asked = pledge.allocations.exclude(pk=other.pk).get()
    actions.agree(by=None, allocation=asked)
    row = client.get(LIST).context["listing"].rows[0]
    assert row.remaining == 0 and [part.standing for part in row.parts] == ["agreed"], "it stays with who has some"
    client.force_login(make.make_school_member())
    assert names(client.get(LIST)) == set()


def test_the_team_and_the_employer_see_who_asked_the_commission_does_not(client, school):
    pledge = offer("Hotel", quantity=9)
    for number in range(6):
        provider = make.make_school(f"School {number}")
        actions.allocate(by=None, pledge=pledge, provider=provider, quantity=1, status="requested")
    for reader, told in (
        (make.make_coordinator(), True),
        (make.make_employer_member(pledge.employer), True),
        (make.make_commission_member(), False),
    ):
        client.force_login(reader)
        content = client.get(LIST).content.decode()
        assert ("School 3: 1" in content and "All 6" in content) == told, reader.role
        assert ("School 5 1, asked for" in str(csv_of(client.get(LIST, {"export": "csv"})))) == told, reader.role


def test_list_costs_as_many_queries_for_30_rows_as_for_3(client, school):
    for number in range(3):
        offer(f"Firm {number}")
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for number in range(27):
        offer(f"More {number}")
    with CaptureQueriesContext(connection) as many:
        assert len(client.get(LIST).context["listing"].rows) == 25
    assert len(many) == len(few) <= 11


def test_a_pledge_says_more_about_its_places(client):
    client.force_login(make.make_coordinator())
    ApprenticeshipStandard.objects.create(reference="ST1", title="Chef", level=2, route="Catering and hospitality")
    make.make_employer("Bay Hotel")
    said = {
        "employer_text": "Bay Hotel", "kind": "placement", "quantity": "4", "guild": "hospitality-tourism",
        "programme": "work_experience", "route": "Catering and hospitality", "verified": "on",
    } | parts("made_on", 14, 3, 2017) | parts("starts_on", 5, 6, 2017)  # fmt: skip
    new = reverse("pledge_new")
    refused = client.post(new, said | parts("ends_on", 4, 6, 2017))
    assert refused.context["form"].errors.keys() == {"ends_on"}
    assert client.post(new, said | {"route": "Magic"}).context["form"].errors.keys() == {"route"}
    with pytest.raises(ValidationError) as magic:
        make.make_pledge(route="Magic")
    assert magic.value.error_dict.keys() == {"route"}
    refused = client.post(new, said | {"kind": "school_talk"})
    assert refused.context["form"].errors.keys() == {"programme"}
    made = client.post(new, said | parts("ends_on", 9, 6, 2017))
    pledge = Pledge.objects.get()
    assert (pledge.programme, pledge.route, pledge.ends_on) == (
        "work_experience", "Catering and hospitality", date(2017, 6, 9)
    )  # fmt: skip
    content = client.get(made["Location"]).content.decode()
    assert "Work experience" in content and "5 Jun 2017 to 9 Jun 2017" in content
    ApprenticeshipStandard.objects.all().delete()
    form = client.get(reverse("pledge_correct", args=[pledge.pk])).context["form"]
    assert ("Catering and hospitality", "Catering and hospitality") in form.fields["route"].choices
    assert shown(client.get(LIST)) == {pledge.pk}
