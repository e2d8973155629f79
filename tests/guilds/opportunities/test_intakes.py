"""Which intake of which academic year positions belong to, and how many there are."""

from datetime import date

import pytest

from guilds.opportunities import intakes
from guilds.opportunities.models import Apprenticeship
from tests import factories as make

pytestmark = pytest.mark.django_db
YEAR = date(2017, 9, 1)


@pytest.mark.parametrize(
    ("intake", "opened_on", "starts_on", "year"),
    [
        ("september", date(2017, 3, 14), None, 2017),
        ("september", date(2017, 9, 30), None, 2017),
        ("september", date(2017, 10, 1), None, 2018),
        ("january", date(2017, 10, 1), None, 2017),
        ("july", date(2017, 9, 1), None, 2017),
        ("july", date(2017, 7, 31), None, 2016),
        ("september", date(2016, 1, 1), date(2017, 8, 29), 2017),
        ("september", date(2016, 1, 1), date(2018, 2, 1), 2017),
        ("july", date(2016, 1, 1), date(2018, 9, 3), 2017),
        ("", date(2017, 10, 1), None, 2017),
        ("", date(2016, 10, 1), date(2018, 8, 31), 2017),
    ],
)
def test_the_year_of_an_intake(intake, opened_on, starts_on, year):
    make.make_apprenticeship(intake=intake, opened_on=opened_on, starts_on=starts_on)
    found = {
        start
        for start in range(2014, 2021)
        if Apprenticeship.objects.filter(intakes.of_year(date(start, 9, 1), intake)).exists()
        and Apprenticeship.objects.filter(intakes.of_year(date(start, 9, 1))).exists()
    }
    assert found == {year}


def test_positions_are_summed_by_intake_guild_and_what_became_of_them(django_assert_num_queries):
    sciences = make.make_guild("sciences")
    for status, positions in (("open", 3), ("open", 2), ("filled", 4), ("closed_unfilled", 1)):
        make.make_apprenticeship(intake="september", status=status, positions=positions)
    for status in ("started", "completed", "withdrawn", "cancelled"):
        days = {"starts_on": date(2017, 9, 4), "ends_on": date(2018, 9, 4)} if status != "cancelled" else {}
        make.make_apprenticeship(intake="september", status=status, guild=sciences, reason="Told so", **days)
    make.make_apprenticeship(intake="january", guild=None, opened_on=date(2017, 10, 1))
    coordinator = make.make_coordinator()
    with django_assert_num_queries(6):
        september, january, april, july = intakes.tables(coordinator, start=YEAR)
    assert [(line.name, line.positions) for line in september.lines] == [
        ("Hospitality Tourism", (5, 4, 0, 1)),
        ("Sciences", (0, 0, 3, 0)),
    ]
    assert (september.label, september.total.positions, len(september.open)) == ("September 2017", (5, 4, 3, 1), 2)
    assert [line.name for line in january.lines] == ["County-wide"]
    assert april.total.positions == july.total.positions == (0, 0, 0, 0)
    stranger = make.make_employer_member()
    assert not any(any(table.total.positions) for table in intakes.tables(stranger, start=YEAR))
