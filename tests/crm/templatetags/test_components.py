"""The components' own logic: where pages lead, how far bars reach, which colour a status has."""

import pytest
from django.apps import apps
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from crm.templatetags.bars import Bar
from crm.templatetags.tags import OF, colour_of


def rendered(source: str, path: str = "/engagements/", **context) -> str:
    request = RequestFactory().get(path)
    return Template("{% load guildhall %}" + source).render(Context(context | {"request": request}))


def test_pagination_by_cursor_keeps_the_filters():
    html = rendered("{% pagination page %}", "/engagements/?guild=construction&cursor=old", page={"next": "new"})

    assert 'href="?guild=construction&amp;cursor=new"' in html
    assert 'rel="prev"' not in html


def test_pagination_by_number():
    html = rendered("{% pagination page %}", page=Paginator(range(30), 10).page(2))

    assert 'href="?page=1"' in html
    assert 'href="?page=3"' in html


def test_pagination_of_one_page_is_nothing():
    assert "<nav" not in rendered("{% pagination page %}", page={"next": None, "previous": None})


@pytest.mark.parametrize(
    ("value", "target", "most", "reach", "mark"),
    [
        (120, 300, None, 40, 100),
        (450, 300, None, 100, 66.67),
        (None, 300, None, 0, 100),
        (5, None, 10, 50, None),
        (0, None, None, 0, None),
    ],
)
def test_bar_reaches(value, target, most, reach, mark):
    bar = Bar.of(value, target, most)

    assert (bar.value, bar.target) == (reach, mark)


def test_progress_beyond_the_target_is_not_capped():
    assert Bar.of(450, 300).percent == 150


def test_bar_reads_out_its_label():
    assert 'role="img" aria-label="120 of 300"' in rendered("{% bar 120 300 '120 of 300' %}")


@pytest.mark.parametrize(("status", "colour"), [("delivered", "green"), ("Cancelled", "grey"), ("unheard of", "blue")])
def test_status_has_a_colour(status, colour):
    assert colour_of(status) == colour


def test_every_status_of_the_domain_has_a_colour_of_its_own_choosing():
    fields = (field for model in apps.get_app_config("guilds").get_models() for field in model._meta.fields)
    statuses = {status for field in fields if field.name in {"status", "answer"} for status, _ in field.choices or ()}

    assert statuses
    assert statuses <= set(OF)


def test_table_has_a_caption_that_names_its_frame():
    html = rendered("{% table 'Pledges made' 'Employer, Positions#' %}<tr><td>x</td></tr>{% endtable %}")

    assert 'aria-labelledby="table-pledges-made"' in html
    assert 'id="table-pledges-made">Pledges made</caption>' in html
    assert 'govuk-table__header--numeric">Positions</th>' in html
    assert "<tr><td>x</td></tr>" in html


def test_summary_list_says_when_nothing_is_known():
    html = rendered("{% summary_list rows %}", rows=[("Headcount", None), ("Staff", 0, "/x/", "Change")])

    assert "Not known" in html
    assert '<dd class="govuk-summary-list__value">0</dd>' in html


def test_values_are_escaped():
    assert "<script>" not in rendered("{% summary_list rows %}", rows=[("Name", "<script>")])
