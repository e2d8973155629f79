"""One query says how many records each of several questions finds."""

import pytest

from crm.numbers import numbers_of
from guilds.pledges.models import Pledge
from tests.factories import make_coordinator, make_employer, make_open_pledge, make_pledge

pytestmark = pytest.mark.django_db


def test_each_question_has_its_own_number_counted_no_further_than_asked(django_assert_num_queries):
    coordinator, hotel = make_coordinator(), make_employer()
    for _ in range(3):
        make_open_pledge(employer=hotel)
    make_pledge(employer=hotel)
    seen = Pledge.objects.visible_to(coordinator)
    questions = {
        "open": seen.filter(status="open"),
        "unverified": seen.filter(status="unverified"),
        "lapsed": seen.filter(status="lapsed"),
        "none": seen.none(),
    }
    with django_assert_num_queries(1):
        assert numbers_of(questions, at_most=10) == {
            "open": 3, "unverified": 1, "lapsed": 0, "none": 0,
        }  # fmt: skip
    assert numbers_of(questions, at_most=2)["open"] == 2


def test_no_question_needs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert numbers_of({}, at_most=10) == {}
