"""The brand's style sheet, and the contrast that it keeps whatever the colour."""

import pytest

from crm.colours import ENOUGH, contrast, legible, readable_on
from crm.views.brand import DARK_PAGE, LIGHT_PAGE, style_sheet, version


def test_brand_is_public_and_cached(client, settings):
    settings.BRAND_COLOUR = "#123456"
    answer = client.get("/brand.css")

    assert answer.headers["Content-Type"].startswith("text/css")
    assert "public" in answer.headers["Cache-Control"]
    assert "--guildhall-brand:#123456;" in answer.content.decode()


def test_another_colour_is_another_address(settings):
    settings.BRAND_COLOUR = "#123456"
    before = version()
    settings.BRAND_COLOUR = "#654321"

    assert version() != before


@pytest.mark.parametrize("colour", ["#17494d", "#ffdd00", "#000000", "#ffffff", "#ff0000", "#7f7f7f"])
@pytest.mark.parametrize("page", [LIGHT_PAGE, DARK_PAGE])
def test_every_brand_can_be_told_from_the_page_and_read_on(colour, page):
    shade = legible(colour, on=page)

    assert contrast(shade, page) >= ENOUGH
    assert contrast(shade, readable_on(shade)) >= ENOUGH
    assert contrast(colour, readable_on(colour)) >= ENOUGH


def test_colour_that_is_legible_already_stays():
    assert legible("#17494d", on=LIGHT_PAGE) == "#17494d"


def test_contrast_is_that_of_wcag():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_style_sheet_has_both_schemes():
    assert "prefers-color-scheme:dark" in style_sheet("#17494d")
