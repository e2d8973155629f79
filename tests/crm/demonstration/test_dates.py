"""Days that depend on the day of loading."""

from datetime import date, timedelta

import pytest

from crm.demonstration import loading
from crm.demonstration.dates import dated

WEDNESDAY = date(2026, 3, 11)


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("today", WEDNESDAY, "2026-03-11"),
        ("today", date(2026, 3, 14), "2026-03-14"),  # a Saturday stays one
        ("today-1", WEDNESDAY, "2026-03-10"),
        ("today-3", WEDNESDAY, "2026-03-06"),  # not Sunday the 8th
        ("today+3", WEDNESDAY, "2026-03-16"),  # not Saturday the 14th
        ("today+4", WEDNESDAY, "2026-03-16"),
        ("year 0%", WEDNESDAY, "2025-09-01"),
        ("year 100%", WEDNESDAY, "2026-03-11"),
        ("year 50%", WEDNESDAY, "2025-12-05"),
        ("year 40%", date(2026, 9, 1), "2026-09-01"),
        ("year 100%", date(2029, 9, 2), "2029-09-01"),  # a Sunday; the Friday before is last year's
        ("year-2 50%", WEDNESDAY, "2023-12-05"),
        ("year-1 rest 0%", WEDNESDAY, "2025-03-11"),
        ("year-1 rest 100%", WEDNESDAY, "2025-08-29"),  # not Sunday the 31st
        ("2017-03-09", WEDNESDAY, "2017-03-09"),
        ("this year", WEDNESDAY, "this year"),
        ("Say today+1 aloud", WEDNESDAY, "Say today+1 aloud"),
    ],
)
def test_dated(text, today, day):
    assert dated(text, today) == day


@pytest.mark.parametrize("today", [date(2026, 9, 1), date(2026, 9, 5), WEDNESDAY, date(2028, 2, 29), date(2027, 8, 31)])
def test_nothing_of_the_year_so_far_lies_ahead(today):
    days = [date.fromisoformat(dated(f"year {share}%", today)) for share in range(101)]
    assert days == sorted(days)
    assert days[-1] <= today


@pytest.mark.parametrize("kind", ["engagements", "pledges", "placements", "apprenticeships"])
def test_days_are_in_order_whenever_it_is_loaded(kind):
    for today in (date(2026, 9, 1) + timedelta(days=days) for days in range(0, 731, 5)):
        for row in (*loading._rows(f"{kind}-before", today), *loading._rows(f"{kind}-now", today)):
            past = [row[name] for name in ("made_on", "arranged_on", "opened_on") if name in row]
            past += [row["date"]] if row.get("status") == "delivered" else []
            past += (
                [row["starts_on"]]
                if row.get("status") in ("started", "completed", "withdrawn") and kind != "pledges"
                else []
            )
            assert max(past, default="") <= today.isoformat(), (today, row)
            for first, last in (("made_on", "valid_until"), ("starts_on", "ends_on")):
                assert not row.get(last) or row[first] <= row[last], (today, row)
