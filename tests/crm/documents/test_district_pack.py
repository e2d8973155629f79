"""A district's data pack: what was done, whom it left out, what is offered and asked for, and the context of it."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone
from pypdf import PdfReader

from crm.documents.district_pack import TEMPLATE, district_pack
from crm.documents.pdf import laid_out
from guilds.impact import cells, indicator_actions, periods
from guilds.impact.supply import supply_of
from guilds.pledges import actions as pledges
from guilds.pledges import request_actions
from guilds.pledges.models import AllocationStatus
from tests.crm.documents.reading import faults
from tests.factories import (
    make_employer,
    make_guild,
    make_open_pledge,
    make_pledge,
    make_request,
    make_school,
)
from tests.guilds.publishing.world import Year

pytestmark = pytest.mark.django_db
SPAN = periods.parse("2016-17")


def test_supply_is_what_is_left_and_what_is_still_waited_for():
    year = Year()
    school, today, sciences = year.schools[0], timezone.localdate(), make_guild("sciences")
    here = make_open_pledge(quantity=10, valid_until=None, guild=sciences, districts=[year.thanet])
    make_open_pledge(quantity=4, guild=sciences)  # for no district in particular
    make_open_pledge(quantity=50, guild=sciences, districts=[year.ashford])
    make_open_pledge(quantity=50, guild=sciences, valid_until=date(2017, 12, 31))  # over
    make_pledge(quantity=50, guild=sciences)  # nobody has verified it
    make_open_pledge(quantity=2, guild=None, kind="workshop")
    pledges.allocate(by=None, pledge=here, provider=school, quantity=3, status=AllocationStatus.AGREED)
    make_request(provider=school, guild=sciences, quantity=30)
    make_request(provider=year.schools[1], guild=sciences, quantity=50)  # of another district
    gone = make_request(provider=school, guild=sciences, quantity=50)
    request_actions.move_request(by=None, request=gone, verb="withdraw", reason="Not any more")

    found = {sector.key: sector for sector in supply_of(year.thanet, on=today)}
    placements = found["sciences"].supplies["placement"]
    assert (placements.offered, placements.asked, placements.short) == (11, 30, 19)
    assert found["county-wide"].supplies["other"].offered == 2
    assert found["hospitality-tourism"].supplies["placement"].offered == 0


def test_the_pack_of_a_district(django_assert_max_num_queries, caplog):
    year = Year()
    never = make_school("Cold Harbour School", district=year.thanet, pupils=900)
    make_school("Fort Special School", district=year.thanet, provider_kind="special")
    make_request(provider=never, guild=make_guild("sciences"), quantity=6)
    neet = indicator_actions.add_indicator(by=None, code="NEET", statement="Young people not in education", unit="%")
    for period, district, value in (("2015", year.thanet, "4.1"), ("2016", year.thanet, "5.3"), ("2016", None, "4"),
                                    ("2016", year.ashford, "2"), ("2019", year.thanet, "9.9")):  # fmt: skip
        indicator_actions.set_value(
            by=None, indicator=neet, period=period, district=district, value=Decimal(value), source="Year book, page 7"
        )
    cells.refresh()
    found = district_pack(year.thanet, SPAN, year.by)
    said = found["summary"]
    assert said[0] == (
        "There were 100 encounters with employers. Schools and colleges have confirmed none of them."
    )  # fmt: skip
    assert (
        "1 of 3 schools with young people of secondary age met employers. The 2 left out have 900 pupils; of 1 it is not "
        "known." in said
    )
    assert "Work placements: more are asked for than offered in Sciences (6)." in said
    assert [(label, share.reached, share.there) for label, share in found["coverage"]["kinds"]] == [
        ("Secondary school", 1, 2), ("Special school", 0, 1),
    ]  # fmt: skip
    assert [school.name for school in found["coverage"]["schools"]] == ["Cold Harbour School", "Fort Special School"]
    [context] = found["context"]
    assert (context["period"], context["value"], context["county"]) == ("2016", "5.3%", "4%")
    assert [line.label for line in found["guilds"]] == ["Hospitality Tourism", "Total"]
    assert found["guilds"][0].words == ["85", "0", "0", "0", "0"]

    content, pages = laid_out(TEMPLATE, found)
    assert not faults(content)
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())
    for words in (
        "Thanet",
        "Cold Harbour School",
        "Never, as far as is recorded",
        "Year book, page 7",
        "5.3%",
        "so far",
    ):
        assert (words in text) == (words != "so far"), words
    assert pages > 1 and not caplog.records

    for number in range(3):
        make_school(f"School {number}", district=year.thanet)
        make_open_pledge(employer=make_employer(), districts=[year.thanet])
    with django_assert_max_num_queries(45):
        district_pack(year.thanet, SPAN, year.by)


def test_a_district_with_nothing_says_so_everywhere():
    year = Year()
    cells.refresh()
    found = district_pack(year.ashford, periods.parse("2010-11"), year.by)
    assert found["summary"][0] == "There were no encounters with employers."
    assert (found["bars"], found["columns"], found["context"]) == (None, None, [])
    assert laid_out(TEMPLATE, found)[1] >= 1
