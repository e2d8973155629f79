"""Figures on pages: ``{% load figures %}``. In Python, because a page has hundreds of them."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from crm.figures import Shown, percent
from crm.views.organisation_impact import OwnLine

register = template.Library()


@register.simple_tag
def figure(shown: Shown, label: str = "", plain: bool = False) -> SafeString:
    """One figure, a link to its rows, with the numbers missing beside it; `plain` leaves those out."""
    words: str | SafeString = shown.words
    if shown.address:
        of = f", {label}" if label else ""
        words = format_html(
            '<a class="govuk-link" href="{}">{}<span class="govuk-visually-hidden"> {}{}: the rows behind it</span></a>',
            shown.address, shown.words, shown.measure.label.lower(), of,
        )  # fmt: skip
    missing = (
        format_html('<br><span class="govuk-body-s">{} missing</span>', shown.missing) if shown.figure.missing else ""
    )
    return format_html("{}{}", words, "" if plain else missing)


@register.simple_tag
def figure_cell(shown: Shown, label: str = "", plain: bool = False) -> SafeString:
    """The same as the cell of a table."""
    inside = figure(shown, label, plain)
    return format_html('<td class="govuk-table__cell govuk-table__cell--numeric">{}</td>', inside)


@register.simple_tag
def years(lines: Iterable[OwnLine]) -> SafeString:
    """The rows of a table of an organisation's own figures, a column for each year."""
    return mark_safe("".join(map(_of_years, lines)))  # noqa: S308 (escaped piece by piece)


def _of_years(line: OwnLine) -> str:
    heading = f'<th scope="row" class="govuk-table__header govuk-!-font-weight-regular">{escape(line.label)}</th>'
    cells = (f'<td class="govuk-table__cell govuk-table__cell--numeric">{escape(words)}</td>' for words in line.words)
    return f'<tr class="govuk-table__row">{heading}{"".join(cells)}</tr>'


@register.simple_tag
def definitions(lines: Iterable[OwnLine]) -> SafeString:
    """What each of these figures counts, as the lines of a list."""
    said = (f"<li>{escape(line.label)}: {escape(line.definition)}</li>" for line in lines)
    return mark_safe("".join(said))  # noqa: S308 (escaped piece by piece)


@register.filter
def signed_percent(share: float) -> str:
    """How far off a forecast was: +4% or −3%."""
    rounded = round(100 * share)
    return f"{'+' if rounded > 0 else '−' if rounded < 0 else ''}{abs(rounded)}%"


register.filter("figures_percent", percent)
