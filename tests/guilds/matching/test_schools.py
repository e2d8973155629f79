"""Schools beside a pledge: what fits is said point by point, and who waits longest comes first."""

from datetime import date

import pytest

from guilds.impact import rebuild
from guilds.matching.schools import schools_for
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = date(2017, 5, 1)


@pytest.fixture
def thanet():
    return make.make_district()


def matches(pledge, **more):
    found = schools_for(pledge, reader=make.make_administrator(), today=TODAY, **more)
    return {match.school.name: match for match in found}


def missed(match):
    return {point.label for point in match.points if not point.met and point.binding}


def test_each_point_is_met_or_not_in_words(thanet):
    dover = make.make_district("E07000108", "Dover")
    make.make_school("Fits", district=thanet)
    make.make_school("Elsewhere", district=dover)
    make.make_school("Too young", district=thanet, provider_kind="primary")
    make.make_school("Sixth form", district=thanet, provider_kind="sixth_form")
    make.make_school("Special", district=thanet, provider_kind="special")
    make.make_school("Closed", district=thanet, status="closed")
    pledge = make.make_open_pledge(districts=[thanet], year_groups=["10", "11"])
    found = matches(pledge)

    assert {name: missed(match) for name, match in found.items()} == {
        "Fits": set(), "Elsewhere": {"District"}, "Too young": {"Age", "Year groups"}, "Sixth form": {"Year groups"},
        "Special": {"Needs"},
    }  # fmt: skip
    assert found["Elsewhere"].points[0].words == "In Dover; it is for Thanet only"
    assert next(iter(found)) == "Fits"
    assert not missed(matches(make.make_open_pledge(suits_send=True))["Special"])


def test_who_asks_comes_first_then_who_has_met_employers_least():
    names = ("Asks", "Never", "Last year", "This year")
    asks, _, last_year, this_year = (make.make_school(name) for name in names)
    for school, day in ((last_year, date(2016, 3, 1)), (this_year, date(2017, 3, 1)), (asks, date(2017, 3, 1))):
        make.make_engagement(starts_at=make.moment(day), status="delivered", attendances=[{"provider": school}])
    rebuild.rebuild()
    make.make_request(provider=asks, quantity=4)
    found = matches(make.make_open_pledge())

    assert list(found) == list(names)
    assert [match.points[4].words for match in found.values()][1:] == [
        "No encounter is recorded", "Last met employers in March 2016",
        "Last met employers in March 2017, this school year",
    ]  # fmt: skip
    assert found["Asks"].points[5].words == "Asks for 4"


def test_a_request_brings_its_needs_and_many_schools_cost_no_more_queries(django_assert_max_num_queries):
    pledge, admin = make.make_open_pledge(), make.make_administrator()
    asks = make.make_school("Asks")
    make.make_request(provider=asks, for_t_level=True)
    assert missed(matches(pledge)["Asks"]) == {"Needs"}
    for _ in range(10):
        make.make_school()
    with django_assert_max_num_queries(8):
        assert len(schools_for(pledge, reader=admin, today=TODAY)) == 11
