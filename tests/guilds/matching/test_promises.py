"""Pledges beside a request: only what is left to give, what fits first."""

from datetime import date

import pytest

from guilds.matching.promises import pledges_for
from guilds.pledges import actions
from guilds.pledges.requests import Request
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_what_fits_comes_first_and_each_point_is_said(django_assert_max_num_queries):
    thanet, dover = make.make_district(), make.make_district("E07000108", "Dover")
    request = make.make_request(
        provider=make.make_school(district=thanet), quantity=4, for_send=True, year_groups=["10"], level=2,
        wanted_from=date(2017, 6, 1), wanted_until=date(2017, 7, 1), guild=make.make_guild(),
    )  # fmt: skip
    suits = {"suits_send": True}
    fits = make.make_open_pledge(districts=[thanet], year_groups=["10", "11"], level=2, **suits)
    few = make.make_open_pledge(quantity=2, **suits)
    away = make.make_open_pledge(districts=[dover], **suits)
    wrong = make.make_open_pledge(year_groups=["12"], level=3, starts_on=date(2017, 9, 1))
    given = make.make_open_pledge(quantity=1)
    actions.allocate(by=None, pledge=given, provider=make.make_school(), quantity=1)
    make.make_pledge()
    make.make_open_pledge(kind="workshop")
    reader, asked = make.make_administrator(), Request.objects.for_list().get(pk=request.pk)
    with django_assert_max_num_queries(4):
        found = pledges_for(asked, reader=reader)

    assert [match.pledge for match in found] == [fits, few, away, wrong]
    misses = [{point.label for point in match.points if not point.met} for match in found]
    assert misses == [set(), {"Enough"}, {"District"}, {"Year groups", "Level", "Needs", "When"}]
    assert [match.fits for match in found] == [True, True, False, False]
