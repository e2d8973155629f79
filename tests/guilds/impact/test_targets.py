"""Targets and their history."""

import pytest

from guilds.audit.models import Event
from guilds.audit.refusals import Overtaken
from guilds.impact.models import Target
from guilds.impact.targets import (
    end_target,
    in_force,
    move_target,
    set_for_guilds,
    set_new_target,
    set_target,
    spread,
)
from tests.factories import DAY, make_administrator, make_district, make_guild
from tests.guilds.refused import conflict, refused

pytestmark = pytest.mark.django_db

AIM = {"measure": "apprenticeships_created", "period": "2017-18", "value": 300}


def test_a_new_value_keeps_the_old_one_in_history():
    first, second = make_administrator(), make_administrator()
    target = set_target(by=first, **AIM)
    again = set_target(by=second, reason="Agreed in March", **AIM | {"value": 320})

    assert again.pk == target.pk
    assert Target.objects.get().value == 320
    latest, earliest = Event.objects.about(target)
    assert (latest.actor, latest.reason, latest.before["value"], latest.after["value"]) == (
        second, "Agreed in March", 300, 320,
    )  # fmt: skip
    assert (earliest.actor, earliest.before, earliest.after["value"]) == (first, None, 300)


def test_guilds_districts_and_county_have_their_own():
    set_target(by=None, **AIM)
    set_target(by=None, guild=make_guild(), **AIM | {"value": 40})
    set_target(by=None, district=make_district(), **AIM | {"value": 30})

    assert sorted(Target.objects.values_list("value", flat=True)) == [30, 40, 300]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"measure": "happiness"}, "measure"), ({"measure": "pledge_conversion"}, "measure"), ({"period": "soon"}, "period"),
     ({"value": -1}, "value")],
)  # fmt: skip
def test_what_no_target_can_be(wrong, field):
    assert field in refused(set_target, by=None, **AIM | wrong)


def test_not_for_a_guild_in_a_district():
    assert refused(set_target, by=None, guild=make_guild(), district=make_district(), **AIM)


def test_a_target_moves_for_a_reason_and_the_old_value_stays_in_its_history():
    target = set_new_target(by=None, **AIM)
    move_target(by=None, target=target, value=320, reason="More employers", expected_version=1)

    assert [event.after["value"] for event in Event.objects.about(target)] == [320, 300]
    assert "value" in refused(set_new_target, by=None, **AIM)
    assert "value" in refused(move_target, by=None, target=target, value=320, reason="The same")
    assert "reason" in refused(move_target, by=None, target=target, value=330, reason=" ")
    with pytest.raises(Overtaken):
        move_target(by=None, target=target, value=330, reason="Late", expected_version=1)


def test_one_that_has_ended_is_in_force_no_more_until_it_is_set_again():
    target = set_new_target(by=None, **AIM)
    asked = ([AIM["measure"]], [AIM["period"]])
    assert list(in_force(*asked).values()) == [300]
    assert "reason" in refused(end_target, by=None, target=target, on=DAY, reason="")

    end_target(by=None, target=target, on=DAY, reason="The plan is another")
    assert in_force(*asked) == {}
    assert "ended" in conflict(move_target, by=None, target=target, value=1, reason="Again")
    assert "ended" in conflict(end_target, by=None, target=target, on=DAY, reason="Again")

    again = set_new_target(by=None, **AIM | {"value": 310})
    assert (again.pk, list(in_force(*asked).values())) == (target.pk, [310])


@pytest.mark.parametrize(
    ("value", "weights", "parts"),
    [
        (300, {"a": 1, "b": 1, "c": 1}, [100, 100, 100]),
        # Thirds of a hundred: the first of equal remainders is rounded up.
        (100, {"a": 1, "b": 1, "c": 1}, [34, 33, 33]),
        # 2.5, 5.83 and 1.67 of ten: the largest remainders are rounded up.
        (10, {"a": 3, "b": 7, "c": 2}, [2, 6, 2]),
        (7, {"a": 0, "b": 0}, [4, 3]),
        (10, {"a": 0, "b": 5}, [0, 10]),
        (3, {"a": 0.1, "b": 0.2}, [1, 2]),
    ],
)
def test_a_target_is_spread_in_whole_parts_that_add_up(value, weights, parts):
    found = spread(value, weights)

    assert list(found.values()) == parts
    assert sum(found.values()) == value


def test_targets_of_guilds_are_set_all_or_none():
    first, second = make_guild(), make_guild("sciences")
    aim = {"measure": AIM["measure"], "period": AIM["period"]}
    set_for_guilds(by=None, values={None: 300, first: 200}, **aim)
    assert "reason" in refused(set_for_guilds, by=None, values={first: 190, second: 100}, **aim)
    assert "sciences" in refused(set_for_guilds, by=None, values={first: 190, second: -1}, reason="Fairer", **aim)
    assert sorted(in_force([aim["measure"]], [aim["period"]]).values()) == [200, 300]

    set_for_guilds(by=None, values={first: 190, second: 110}, reason="Fairer", **aim)
    assert sorted(in_force([aim["measure"]], [aim["period"]]).values()) == [110, 190, 300]
