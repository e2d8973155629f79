"""A board pack says what was published, in a document that a screen reader can read."""

import io
import re
import time

import pytest
from pypdf import PdfReader

from crm.documents.board_pack import TEMPLATE, board_pack
from crm.documents.pdf import laid_out
from crm.figures import number, percent
from crm.published import worded
from guilds.impact import cells, targets
from guilds.opportunities import actions as opportunities
from guilds.publishing import actions
from guilds.publishing.models import PublishedFigure
from tests.crm.api.caller import Caller
from tests.crm.documents.reading import elements, faults
from tests.guilds.publishing.world import Year

pytestmark = pytest.mark.django_db


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_the_pdf_holds_the_apis_figures_and_not_what_changed_later(caplog):
    year = Year()
    targets.set_target(by=year.by, measure="placements_arranged", period="2016-17", value=100)
    version = year.published()
    opportunities.correct_placement(by=year.by, placement=year.placement, learners=82)
    cells.refresh()
    began = time.monotonic()
    content, pages = laid_out(TEMPLATE, board_pack(version))
    assert time.monotonic() - began < 10

    text, reader = text_of(content), PdfReader(io.BytesIO(content))
    assert pages == len(reader.pages)
    by_api = Caller(year.by).get(f"/api/v1/publications/{version.pk}/").json()["figures"]
    context = board_pack(version)
    for figure in (f for f in by_api if f["by"] == "total"):
        [row] = [row for row in context["totals"] if row.shown.figure.measure == figure["measure"]]
        share = figure["denominator"] is not None
        said = figure["symbol"] or (percent(figure["value"]) if share else number(figure["value"]))
        assert row.shown.words == said
        assert re.search(rf"{re.escape(row.shown.measure.label)} {re.escape(said)}", text), figure["measure"]
    rows = PublishedFigure.objects.filter(publication=version, measure="encounters", by="district")
    assert [f"{one.label} {worded(one)}" in text for one in rows] == [True] * len(rows)
    assert "Placements were arranged for 85 learners, 85% of the target of 100." in text
    assert "87" not in re.findall(r"\d+", text), "what a record says now is not what was published"
    assert "Of the year before nothing had been published." in text

    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB" and root["/MarkInfo"]["/Marked"] and reader.metadata.title.startswith("Board pack")
    assert not faults(content)
    assert not caplog.records, "nothing that a document of this standard needs is missing"
    tagged = list(elements(root["/StructTreeRoot"]))
    figures = [str(one["/Alt"]) for one in tagged if one["/S"] == "/Figure"]
    assert len(figures) == 4 and any("by district: Ashford 50, Thanet 100" in words for words in figures)
    cells_of_tables = [one for one in tagged if one["/S"] == "/TD"]
    assert len(cells_of_tables) > 100
    assert all(len(cell["/A"]["/Headers"]) == 2 for cell in cells_of_tables), (
        "each has its row's and its column's heading"
    )
    assert {"/H1", "/H2", "/Table", "/Caption", "/L"} <= {one["/S"] for one in tagged}
    assert root["/Outlines"]


def test_a_guilds_quarter_is_compared_with_what_was_published_of_the_year_before():
    year = Year()
    guild = year.fair.guild
    before = actions.make(by=year.by, period="2015-16-Q3", guild=guild)
    actions.publish(by=year.by, publication=before, status="final")
    draft = actions.make(by=year.by, period="2016-17-Q3", guild=guild)
    version = actions.publish(by=year.by, publication=draft, status="final")
    found = board_pack(version)
    assert [section.by for section in found["sections"]] == ["district", "kind", "month"]
    assert found["summary"][0] == (
        "There were 150 encounters with employers, after none the year before. Schools and colleges have confirmed none of "
        "them."
    )  # fmt: skip
    assert found["earlier"] == before and found["comparable"]
    [district] = [section for section in found["sections"] if section.by == "district"]
    assert district.leading == "Encounters: most in Thanet, with 100, 67% of all."
    reach = district.tables[0]
    assert reach.rows[0] == ("Ashford", ["50", "0", "1", "0", "0"])
    assert [measure.slug for measure in reach.not_adding_up] == ["schools", "colleges", "employers"]


def test_an_empty_publication_makes_a_pack_that_says_so():
    year = Year()
    version = year.published(period="2011-12")
    found = board_pack(version)
    assert found["summary"][0] == "There were no encounters with employers."
    assert [(section.bars, section.columns) for section in found["sections"]] == [(None, None)] * 4
    assert laid_out(TEMPLATE, found)[1] >= 1
