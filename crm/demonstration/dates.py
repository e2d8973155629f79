"""Days in the demonstration's files that depend on the day of loading.

`today`, `today-3` and `today+14` are days from then; `year 40%` is the day by which two fifths of the academic year so
far were over. `year-2 40%` is that day two years earlier, and `year-2 rest 40%` one of the days that were still to come in
that year: so past years had come as far by then as this one has now. But for `today`, weekends are avoided: what is past
moves back to Friday, what is to come on to Monday.
"""

import re
from datetime import date, timedelta

from guilds.reference.calendars import academic_year_start

_TODAY = re.compile(r"today(?:([+-])(\d+))?")
_SO_FAR = re.compile(r"year(?:-(\d))?( rest)? (\d+)%")
_DAYS_IN_A_YEAR = 364
_SATURDAY = 5


def dated(text: str, today: date) -> str:
    """A cell with such a day written out (2026-03-14); any other cell as it is."""
    if match := _TODAY.fullmatch(text):
        return _from_today(today, int(f"{match[1] or '+'}{match[2] or 0}")).isoformat()
    if match := _SO_FAR.fullmatch(text):
        return _in_a_year(today, int(match[1] or 0), rest=bool(match[2]), share=int(match[3])).isoformat()
    return text


def _from_today(today: date, days: int) -> date:
    day = today + timedelta(days=days)
    over = day.weekday() - _SATURDAY
    if days == 0 or over < 0:
        return day
    return day + timedelta(days=2 - over) if days > 0 else day - timedelta(days=1 + over)


def _in_a_year(today: date, years_ago: int, *, rest: bool, share: int) -> date:
    over = (today - academic_year_start(today)).days
    first = academic_year_start(today).replace(year=academic_year_start(today).year - years_ago)
    days = over + (_DAYS_IN_A_YEAR - over) * share // 100 if rest else over * share // 100
    day = first + timedelta(days=days)
    weekday = day - timedelta(days=max(0, day.weekday() - _SATURDAY + 1))
    return max(weekday, first)
