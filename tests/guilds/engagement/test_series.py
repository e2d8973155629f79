"""The same event on several dates: all of them or none, each its own, and without the first one's numbers."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from guilds.engagement import actions, queries
from guilds.engagement.models import Attendance, Engagement
from guilds.engagement.series import MOST_DATES, log_series
from tests.factories import make_coordinator, make_employer, make_guild, make_school, make_school_member, moment

pytestmark = pytest.mark.django_db


def log(**more) -> list[Engagement]:
    usual = {"by": None, "kind": "workshop", "title": "CV workshop", "guild": make_guild(), "starts_at": moment()}
    return log_series(**usual | more)


def test_each_date_has_everything_but_the_numbers():
    school, hotel = make_school(), make_employer()
    first, summer, later = log(
        status="delivered",
        ends_at=moment(hour=12),
        attendances=[{"provider": school, "year_group": "9", "learners": 30, "staff": 2}],
        participations=[{"employer": hotel, "role": "host", "hours": 4}],
        also_on=[timezone.localdate() + timedelta(days=9), date(2017, 6, 20)],
    )

    assert first.series and first.series == summer.series == later.series
    assert [row.status for row in (first, summer, later)] == ["delivered", "delivered", "planned"]
    assert (summer.starts_on, summer.starts_at, summer.ends_at) == (
        date(2017, 6, 20),
        datetime(2017, 6, 20, 9, tzinfo=UTC),  # ten o'clock in Kent, as in winter
        datetime(2017, 6, 20, 11, tzinfo=UTC),
    )
    rows = Attendance.objects.order_by("engagement__starts_at").values_list(
        "provider", "year_group", "learners", "staff"
    )
    assert list(rows) == [(school.pk, "9", 30, 2), *[(school.pk, "9", None, None)] * 2]
    assert list(later.participations.values_list("employer", "role", "hours")) == [(hotel.pk, "host", None)]


def test_one_date_alone_is_no_series_and_one_cancelled_leaves_the_others():
    (alone,) = log()
    first, second = log(also_on=[date(2017, 3, 21)])
    actions.cancel(by=None, engagement=second, reason="The hall is flooded")

    assert alone.series is None and queries.series_of(alone, make_coordinator()) == []
    first.refresh_from_db()
    assert (first.status, second.status) == ("planned", "cancelled")
    assert queries.series_of(first, make_coordinator()) == [second]
    assert queries.series_of(first, make_school_member()) == []


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"also_on": [date(2017, 3, 14)]}, "also_on"),
        ({"also_on": [date(2017, 3, 21), date(2017, 3, 21)]}, "also_on"),
        ({"also_on": [date(2017, 4, 1) + timedelta(days=n) for n in range(MOST_DATES + 1)]}, "also_on"),
        ({"also_on": [date(2017, 3, 21)], "title": ""}, "title"),
    ],
)
def test_all_or_nothing(more, field):
    with pytest.raises(ValidationError) as refusal:
        log(**more)

    assert field in refusal.value.error_dict
    assert not Engagement.objects.exists()
