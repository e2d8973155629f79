"""Targets and their history."""

import pytest

from guilds.audit.models import Event
from guilds.impact.models import Target
from guilds.impact.targets import set_target
from tests.factories import make_administrator, make_district, make_guild
from tests.guilds.refused import refused

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
