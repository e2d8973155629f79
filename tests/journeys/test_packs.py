"""A pack is made while its reader waits; a publication is shown to everybody, read by a stranger, and taken away again."""

import pytest

from crm import tasks
from guilds.impact.cells import refresh
from guilds.publishing.packs import Pack
from tests.guilds.publishing.world import Year

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_a_pack_is_made_and_a_publication_is_shown_to_everybody(page, axe, be, monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(tasks.make_pack, "delay", lambda pk: None)
    year = Year()
    refresh()
    version = year.published()
    be(year.by)
    page.goto(f"/publications/{version.pk}/")
    page.get_by_role("link", name="Board pack").click()
    page.get_by_text("Placements were arranged for 85 learners.").wait_for()
    axe(page)
    page.get_by_role("button", name="Make the PDF").click()
    page.get_by_role("button", name="Make the PDF").click()
    page.get_by_text("Waiting for its turn").wait_for()
    axe(page)
    tasks.make_pack(str(Pack.objects.get().pk))
    page.get_by_text("The pack is ready").wait_for()
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the PDF").click()
    assert download.value.suggested_filename == "board-pack-whole-county-2016-17-version-1.pdf"

    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("/impact/districts/E07000114/pack/?period=2016-17")
    page.get_by_role("heading", name="Cold spots").wait_for()
    axe(page)

    page.goto(f"/publications/{version.pk}/show/")
    page.get_by_role("button", name="Show it in public").click()
    page.get_by_role("link", name="Public page").click()
    address = page.url
    page.context.clear_cookies()
    page.emulate_media(color_scheme="dark")
    page.goto(address)
    page.get_by_text("Placements were arranged for 85 learners.").wait_for()
    page.get_by_role("link", name="Board pack (PDF").wait_for()
    axe(page)
    page.goto(f"{address}embed/encounters/?by=district")
    page.get_by_role("table", name="By district").wait_for()
    axe(page)

    be(year.by)
    page.goto(f"/publications/{version.pk}/hide/")
    page.get_by_role("button", name="Take it away from the public").click()
    page.get_by_text("It is for those who sign in only").wait_for()
    page.context.clear_cookies()
    answer = page.request.get(address)
    assert answer.status == 404
