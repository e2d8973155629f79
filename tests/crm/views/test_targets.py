"""Targets: read, set, moved, ended, spread over the guilds."""

import pytest
from django.test import Client
from django.urls import reverse

from guilds.impact.cells import refresh
from guilds.impact.models import Cell, Target
from guilds.impact.targets import in_force, set_target
from tests import factories as make
from tests.crm.views.sent import words

pytestmark = pytest.mark.django_db
YEAR = "2017-18"
TOKEN = {"form_token": "a" * 32}
AIM = {"measure": "apprenticeships_created", "period": YEAR}


@pytest.fixture
def administrator() -> Client:
    return door(make.make_administrator())


def door(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def values() -> dict[str, int]:
    """What is aimed at, by guild."""
    return {guild: value for (_, _, guild, _), value in in_force([AIM["measure"]], [YEAR]).items()}


def test_targets_of_a_period_stand_beside_what_came(time_machine):
    time_machine.move_to("2018-03-14 12:00:00+00:00")
    make.make_apprenticeship(opened_on=make.date(2017, 10, 2), positions=40, guild=make.make_guild())
    refresh()
    set_target(by=None, value=20, guild=make.make_guild(), **AIM)
    set_target(by=None, value=300, **AIM)
    set_target(by=None, value=5, measure="encounters", period=YEAR, district=make.make_district())
    for someone in (make.make_commission_member(), make.make_coordinator("sciences")):
        read = words(door(someone).get("/targets/", {"period": YEAR}))
        assert (
            "Hospitality Tourism 40 apprenticeships created, Hospitality Tourism: the rows behind it 20 200%, pace"
            in read
        )
        assert "Whole county 40 apprenticeships created, Whole county: the rows behind it 300 13%, pace" in read
        assert "Thanet" in read
        assert "Not enough past years" in read
        file = door(someone).get("/targets/", {"period": YEAR, "file": "csv"}).content.decode()
        assert ",hospitality-tourism,,40,20,2," in file
        assert ",,,40,300,0.1333333333,,,,Not enough past years" in file
        assert "Set a target" not in read


def test_targets_cost_the_same_for_many(administrator, django_assert_max_num_queries):
    def cost() -> int:
        with django_assert_max_num_queries(40) as queries:
            administrator.get("/targets/", {"period": YEAR})
        return len(queries)

    for guild in (None, make.make_guild()):
        set_target(by=None, value=20, guild=guild, **AIM)
    few = cost()
    for number in range(5):
        set_target(by=None, value=20, guild=make.make_guild(f"guild-{number}"), **AIM)
    assert cost() == few


def test_a_forecast_says_how_it_came_and_how_far_off_it_was(administrator, time_machine):
    time_machine.move_to("2018-03-14 12:00:00+00:00")
    for year in (2014, 2015, 2016, 2017):
        months = [make.date(year + (month < 9), month, 1) for month in (*range(9, 13), *range(1, 9))]
        values = [10] * (6 if year == 2017 else 12)
        Cell.objects.bulk_create(
            Cell(month=month, measure=AIM["measure"], value=value) for month, value in zip(months, values, strict=False)
        )
    target = set_target(by=None, value=100, **AIM)
    for address in (f"/targets/{target.pk}/", f"/targets/?period={YEAR}", "/impact/"):
        assert "120" in words(administrator.get(address)), address
    read = words(administrator.get(f"/targets/{target.pk}/"))
    assert "120, from 120 to 120; 60 are counted so far." in read
    assert "At this point it would have said: 2016-17: 120, and 120 came (0%)." in read
    assert "After 6 months, the past years had reached: 2014-15 50%" in words(administrator.get("/impact/"))


def test_a_target_is_set_once_and_then_moved_for_a_reason(administrator, time_machine):
    time_machine.move_to("2015-03-14 12:00:00+00:00")
    asked = AIM | TOKEN | {"value": "300", "reason": "The plan"}
    made = administrator.post("/targets/new/", asked)
    target = Target.objects.get()
    page = f"/targets/{target.pk}/"
    assert made["Location"] == page

    again = administrator.post("/targets/new/", asked | {"form_token": "b" * 32})
    assert again.status_code == 422
    assert "The target is 300 already" in words(again)
    both = administrator.post("/targets/new/", asked | {"form_token": "c" * 32, "guild": make.make_guild().slug,
                                                        "district": make.make_district().code})  # fmt: skip
    assert "a guild, a district or the whole county" in words(both)

    unsaid = administrator.post(f"{page}move/", TOKEN | {"version": "1", "value": "320", "reason": ""})
    assert unsaid.status_code == 422
    moved = administrator.post(
        f"{page}move/", {"form_token": "d" * 32, "version": "1", "value": "320", "reason": "More"}
    )
    assert moved["Location"] == page
    late = administrator.post(
        f"{page}move/", {"form_token": "e" * 32, "version": "1", "value": "330", "reason": "Late"}
    )
    assert late.status_code == 409

    for someone in (make.make_commission_member(), make.make_coordinator()):
        read = words(door(someone).get(page))
        assert "moved the target" in read
        assert "Reason: More" in read
        assert "300" in read
        assert "Move it" not in read


def test_a_target_is_ended_and_its_history_stays(administrator):
    target = set_target(by=None, value=300, **AIM)
    page = f"/targets/{target.pk}/"
    administrator.post(f"{page}end/", TOKEN | {"version": "1", "reason": "Another plan"})

    assert values() == {}
    read = words(administrator.get(page))
    assert "figures no longer show it" in read
    assert "Reason: Another plan" in read
    assert administrator.get(f"{page}move/").status_code == 409
    assert "No target is set" in words(administrator.get("/targets/", {"period": YEAR}))


@pytest.mark.parametrize("someone", [make.make_coordinator, make.make_commission_member])
def test_only_administrators_change_targets(someone):
    target = set_target(by=None, value=300, **AIM)
    client = door(someone())

    for address in ("/targets/new/", "/targets/spread/", f"/targets/{target.pk}/move/", f"/targets/{target.pk}/end/"):
        assert (client.get(address).status_code, client.post(address).status_code) == (403, 403)
    assert door(make.make_school_member()).get(f"/targets/{target.pk}/").status_code in (403, 404)


@pytest.fixture
def guilds(time_machine):
    """Two guilds: the first created 30 last year and has one member, the second 10 and three."""
    time_machine.move_to("2017-03-14 12:00:00+00:00")
    first, second = make.make_guild("construction"), make.make_guild("sciences")
    for guild, positions, members in ((first, 30, 1), (second, 10, 3)):
        make.make_apprenticeship(opened_on=make.date(2016, 10, 3), positions=positions, guild=guild)
        for _ in range(members):
            make.make_membership(make.make_employer(), guild.slug, joined_on=make.date(2016, 1, 1))
    refresh()
    return first, second


@pytest.mark.parametrize(("how", "parts"), [("equal", (51, 50)), ("last_year", (76, 25)), ("members", (25, 76))])
def test_a_proposal_adds_up(administrator, guilds, how, parts):
    page = administrator.get("/targets/spread/", AIM | {"value": "101", "how": how})

    boxes = page.context["form"].initial
    assert (boxes["construction"], boxes["sciences"], boxes["county"]) == (*parts, 101)
    assert values() == {}


def test_a_proposal_is_changed_and_saved_in_one_go(administrator, guilds):
    address = f"{reverse('target_spread')}?measure={AIM['measure']}&period={YEAR}&value=100&how=equal"
    sent = {"county": "100", "construction": "60", "sciences": "45", "reason": ""}
    assert administrator.post(address, sent | TOKEN | {"sciences": "-1"}).status_code == 422
    assert values() == {}

    saved = administrator.post(address, sent | {"form_token": "b" * 32}, follow=True)
    assert values() == {"": 100, "construction": 60, "sciences": 45}
    assert "Those of the guilds add up to 105, that of the county is 100" in words(saved)

    moved = administrator.post(address, sent | {"form_token": "c" * 32, "sciences": "40"})
    assert moved.status_code == 422
    assert "Say why" in words(moved)
    empty = sent | {"form_token": "d" * 32, "sciences": "", "construction": "50", "reason": "Fairer"}
    administrator.post(address, empty)
    assert values() == {"": 100, "construction": 50, "sciences": 45}


def test_what_can_not_be_spread_is_asked_again(administrator, guilds):
    assert "Propose" in words(administrator.get("/targets/spread/"))
    wrong = administrator.get("/targets/spread/", AIM | {"value": "some", "how": "equal"})
    assert "Write a whole number, like 20" in words(wrong)
    assert "Propose" in words(administrator.post("/targets/spread/", TOKEN))
