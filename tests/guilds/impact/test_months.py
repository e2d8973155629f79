"""Months as the database counts them are those of a calendar."""

from datetime import date

import pytest
from django.db.models import F

from guilds.engagement.models import Engagement
from guilds.impact.months import MONTHS_IN_A_WORD, Month, MonthsFrom, TakenMonths, months_between
from guilds.reference.calendars import add_months
from tests.factories import make_engagement

pytestmark = pytest.mark.django_db
FIRST = date(2000, 9, 1)


@pytest.fixture
def days():
    """First and last days of months, leap years and a far one among them."""
    found = [
        date(2000, 9, 1),
        date(2000, 9, 30),
        date(2004, 2, 29),
        date(2016, 12, 31),
        date(2017, 3, 14),
        date(2099, 8, 31),
    ]
    one = make_engagement()
    others = [
        Engagement(title=f"Fair {at}", kind=one.kind, starts_at=one.starts_at, starts_on=day)
        for at, day in enumerate(found)
    ]
    Engagement.objects.all().delete()
    Engagement.objects.bulk_create(others)
    return found


def test_a_day_is_in_its_month_and_a_month_so_many_after_the_first(days):
    rows = Engagement.objects.values_list("starts_on", Month(F("starts_on")), MonthsFrom(Month(F("starts_on")), FIRST))
    assert {str(month)[:10] for _, month, _ in rows} == {f"{day:%Y-%m}-01" for day in days}
    assert {(day, at) for day, _, at in rows} == {(day, months_between(FIRST, day.replace(day=1))) for day in days}


def test_months_are_numbered_rightly_for_a_century_and_a_half():
    numbered = [((add_months(FIRST, at) - FIRST).days * 100 + 1522) // 3044 for at in range(1800)]
    assert numbered == list(range(1800))


def test_several_rows_in_a_month_are_one_bit_in_the_word_of_the_month(days):
    at, bits = MonthsFrom(Month(F("starts_on")), FIRST), {}
    for day in days:
        word, bit = divmod(months_between(FIRST, day.replace(day=1)), MONTHS_IN_A_WORD)
        bits[word] = bits.get(word, 0) | 1 << bit
    words = {f"w{word}": TakenMonths(at, word) for word in range(20)}
    one = Engagement.objects.order_by().values("kind").annotate(**words).get()
    assert len(bits) == 3
    assert {word: one[f"w{word}"] for word in range(20) if one[f"w{word}"]} == bits
