"""The public-sector target: 2.3% of a headcount, against starts in a financial year."""

from datetime import date

import pytest

from guilds.impact.public_sector import all_together, bound_by_law, public_bodies, public_sector_target
from tests import factories as make

pytestmark = pytest.mark.django_db
YEAR = (date(2017, 4, 1), date(2018, 3, 31))


def bodies(reader, **more):
    return {body.name: body for body in public_bodies(reader, year=YEAR).filter(**more)}


def test_targets_are_rounded_up_and_starts_count_on_their_first_day_whatever_came_after():
    council, school = make.make_employer("Council", headcount=1001), make.make_employer("School", headcount=40)
    make.make_employer("No headcount"), make.make_employer("Nobody", headcount=0)
    for status, first, positions in (
        ("started", date(2017, 4, 1), 4),
        ("withdrawn", date(2018, 3, 31), 2),
        ("completed", date(2017, 5, 1), 1),
        ("started", date(2017, 3, 31), 50),
        ("started", date(2018, 4, 1), 60),
    ):
        last = {"ends_on": date(2019, 1, 1)} if status == "completed" else {}
        make.make_apprenticeship(
            employer=council, status=status, starts_on=first, positions=positions, reason="Told so", **last
        )
    make.make_apprenticeship(employer=council, positions=70)
    make.make_apprenticeship(employer=school, status="started", positions=3, starts_on=date(2017, 9, 4))
    reader = make.make_commission_member()
    found = bodies(reader)
    assert {name: (row.wanted, row.started, row.missing) for name, row in found.items()} == {
        "Council": (24, 7, 17),
        "School": (1, 3, 0),
    }
    assert all_together(public_bodies(reader, year=YEAR)) == (2, 1041, 25, 10, 17)
    assert set(public_bodies(reader, year=YEAR).filter(bound_by_law())) == {council}
    assert public_sector_target(council, reader=reader, year=YEAR) == (24, 7, YEAR[0])
    assert all_together(public_bodies(reader, year=YEAR).none()) == (0, 0, 0, 0, 0)


@pytest.mark.parametrize(("headcount", "wanted"), [(1, 1), (43, 1), (44, 2), (1000, 23), (30_740, 708)])
def test_a_target_is_whole_people(headcount, wanted):
    make.make_employer("Body", headcount=headcount)
    assert bodies(make.make_administrator())["Body"].wanted == wanted
