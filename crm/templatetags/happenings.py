"""What happened with an organisation: ``{% load happenings %}``. In Python: a page has twenty of them."""

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from crm.addresses import record_address
from crm.exports.columns import long_day
from crm.templatetags.tags import tag
from guilds.pledges.timeline import Happening

register = template.Library()


@register.simple_tag
def sorts_of(sorts: Iterable[tuple[str, str]], chosen: str) -> SafeString:
    """What a timeline can be narrowed to, each a link, with the one that is chosen marked."""
    return mark_safe("".join(_sort(value, words, value == chosen) for value, words in sorts))  # noqa: S308 (our own words)


def _sort(value: str, words: str, chosen: bool) -> str:
    address, here = f"?{f'sort={value}' if value else ''}#timeline-heading", ' aria-current="true"' if chosen else ""
    return f'<li><a class="guildhall-chip" href="{address}"{here}>{words}</a></li>'


@register.simple_tag
def happening(row: Happening, organisation: Any, may_note: bool) -> SafeString:
    """One of a timeline, other than a change of the record; a note with the ways to correct it and to its history."""
    title = escape(row.title)
    if row.sort != "interaction":
        title = f'<a class="govuk-link" href="{record_address(f"{row.sort}_detail", row.id)}">{title}</a>'
    status, day = f" {tag(row.status, row.status_label)}" if row.status else "", long_day(row.on)
    time = f'<time class="guildhall-history__time" datetime="{row.on}">{day}</time>'
    detail = f'<p class="govuk-body govuk-!-margin-bottom-1">{escape(row.detail)}</p>' if row.detail else ""
    ways = _ways(row, organisation, day) if row.sort == "interaction" and may_note else ""
    return mark_safe(  # noqa: S308 (escaped piece by piece)
        '<li class="guildhall-history__entry">\n<p class="govuk-body govuk-!-margin-bottom-1">'
        f"<strong>{title}</strong>{status}<br>{time}</p>\n{detail}\n{ways}\n</li>"
    )


def _ways(note: Happening, organisation: Any, day: str) -> str:
    correct = reverse("note_correct", args=[organisation.pk, note.id])
    history = reverse("history", args=["interaction", note.id])
    of_it = f"the note of {day}</span></a></li>"
    return (
        '<ul class="govuk-list guildhall-inline govuk-!-margin-bottom-1">'
        f'<li><a class="govuk-link" href="{correct}">Correct<span class="govuk-visually-hidden"> {of_it}'
        f'<li><a class="govuk-link" href="{history}">History<span class="govuk-visually-hidden"> of {of_it}</ul>'
    )
