"""Guilds, districts, standards, the calendar, and from an address to a district."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser

from guilds.audit.models import Event
from guilds.reference import actions
from guilds.reference.calendars import academic_year_start, add_months, first_of_month, local_day
from guilds.reference.models import OUTSIDE, ApprenticeshipStandard, District, Guild, Outcode, Postcode
from guilds.reference.places import UNKNOWN, Place, district_for, districts_for, tidy_postcode
from tests.factories import make_commission_member, make_coordinator, make_district, make_guild
from tests.guilds.refused import refused


@pytest.mark.django_db
def test_saving_again_corrects_and_changes_nothing_twice():
    coordinator = make_coordinator()
    guild = actions.save_guild(by=coordinator, slug="sciences", name="Sciences")
    actions.save_guild(by=coordinator, slug="sciences", name="Sciences", description="Laboratories")
    actions.save_guild(by=coordinator, slug="sciences", name="Sciences", description="Laboratories")
    assert [event.verb for event in Event.objects.about(guild)] == ["corrected", "added"]


@pytest.mark.django_db
def test_a_guild_is_retired_and_kept():
    make_guild("sciences", active_from=date(2012, 9, 1))
    actions.save_guild(by=None, slug="sciences", active_to=date(2018, 8, 31))
    assert Guild.objects.active(date(2018, 8, 31)).exists()
    assert not Guild.objects.active(date(2018, 9, 1)).exists()
    assert not Guild.objects.active(date(2012, 8, 31)).exists()
    assert "active_to" in refused(actions.save_guild, by=None, slug="sciences", active_to=date(2012, 8, 31))


@pytest.mark.django_db
def test_names_are_one_guilds():
    actions.save_guild(by=None, slug="sciences", name="Sciences")
    assert list(refused(actions.save_guild, by=None, slug="sciences-2", name="Sciences")) == ["name"]


@pytest.mark.django_db
def test_a_district_does_not_end_before_it_begins():
    told = refused(
        actions.save_district, by=None, code="E07000112", name="Shepway",
        valid_from=date(2018, 4, 1), valid_to=date(2017, 1, 1),
    )  # fmt: skip
    assert told == {"valid_to": ["It can't end before it begins"]}


@pytest.mark.django_db
@pytest.mark.parametrize("level", [1, 9])
def test_levels_of_standards(level):
    told = refused(actions.save_standard, by=None, reference="ST0001", title="Chef", level=level)
    assert told == {"level": ["Levels go from 2 to 8"]}


@pytest.mark.django_db
def test_reference_data_is_for_everybody_who_has_signed_in():
    make_guild(), make_district()
    actions.save_standard(by=None, reference="ST0228", title="Chef de partie", level=3)
    for model in (Guild, District, ApprenticeshipStandard):
        assert model.objects.visible_to(make_commission_member()).exists()
        assert not model.objects.visible_to(AnonymousUser()).exists()


@pytest.mark.django_db
def test_from_an_address_to_a_district():
    thanet, outside = make_district(), make_district(OUTSIDE, "Outside Kent and Medway")
    Outcode.objects.create(outcode="CT9", district=thanet)
    Outcode.objects.create(outcode="TN31", district=outside)
    assert district_for("CT9 1AA") == Place(thanet.code, approximate=True)
    assert district_for("TN31 1AA") == Place(OUTSIDE)
    assert district_for("near the harbour") == UNKNOWN


@pytest.mark.django_db
def test_many_addresses_take_three_queries(django_assert_num_queries):
    make_district()
    with django_assert_num_queries(3):
        assert len(districts_for([f"CT9 {n}AA" for n in range(9)])) == 9


@pytest.mark.django_db
def test_a_loaded_postcode_decides():
    thanet = make_district()
    make_district(OUTSIDE, "Outside Kent and Medway")
    Postcode.objects.create(postcode="CT91AA", district=thanet)
    assert district_for("ct9 1aa") == Place(thanet.code)


@pytest.mark.parametrize(("text", "tidy"), [("me14 1xx", "ME14 1XX"), ("ME141XX", "ME14 1XX"), ("ME14", ""), ("", "")])
def test_postcodes_are_written_one_way(text, tidy):
    assert tidy_postcode(text) == tidy


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2017, 6, 30, 23, 30, tzinfo=UTC), date(2017, 7, 1)),
        (datetime(2017, 1, 31, 23, 30, tzinfo=UTC), date(2017, 1, 31)),
    ],
)
def test_days_are_days_in_kent(moment, day):
    assert local_day(moment) == day


def test_academic_years_begin_in_september():
    assert academic_year_start(date(2017, 8, 31)) == date(2016, 9, 1)
    assert academic_year_start(date(2017, 9, 1)) == date(2017, 9, 1)


def test_months_go_over_the_year():
    assert add_months(date(2016, 11, 1), 3) == date(2017, 2, 1)
    assert add_months(date(2017, 2, 1), -3) == date(2016, 11, 1)
    assert first_of_month(date(2017, 2, 28)) == date(2017, 2, 1)
