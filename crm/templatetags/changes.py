"""What stands beside a change in a history or a banner: the ways to what was changed with it, and back."""

from html import escape
from typing import Any

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from crm.exports.columns import long_day
from crm.histories.presenter import Change, Entry, History
from crm.histories.subjects import beside, undo_address

register = template.Library()


@register.simple_tag
def with_ways(history: History, reader: Any) -> list[dict[str, Any]]:
    """Each entry with how many others its request made and where they are told; the latest with where it is undone."""
    made = beside([entry.event for entry in history.entries], reader)
    latest = history.latest.pk if history.latest else None
    return [
        {
            "told": entry,
            "others": max(made.get(entry.event.request_id, 0) - 1, 0),
            "together": reverse("changes", args=[entry.event.request_id]) if entry.event.request_id in made else "",
            "undo": undo_address(history.record, history.latest, reader) if entry.event.pk == latest else "",
        }
        for entry in history.entries
    ]


@register.simple_tag(takes_context=True)
def change(context: Any, line: dict[str, Any], below: int) -> SafeString:
    """One of `with_ways` as an item of a list: who did what, when and why, and the ways on and back. `below`: the room under
    its button, in the design system's steps. In Python: a history has thirty of them.
    """
    entry: Entry = line["told"]
    moment = timezone.localtime(entry.at)
    at = f"{long_day(moment)}, {moment:%H:%M}"
    time = f'<time class="guildhall-history__time" datetime="{moment.isoformat()}">{at}</time>'
    parts = [
        _paragraph(f"<strong>{escape(entry.who)}</strong> {escape(entry.did)}<br>{time}"),
        _paragraph(f"Reason: {escape(entry.reason)}") if entry.reason else "",
        _what_changed(entry.changes),
        _paragraph(_together(line, at)) if line["others"] else "",
        _undo(line["undo"], CsrfTokenNode().render(context), below) if line["undo"] else "",
    ]
    inside = "\n".join(parts)
    return mark_safe(f'<li class="guildhall-history__entry">\n{inside}\n</li>')  # noqa: S308 (escaped piece by piece)


def _paragraph(inside: str) -> str:
    return f'<p class="govuk-body govuk-!-margin-bottom-1">{inside}</p>'


def _what_changed(changes: list[Change]) -> str:
    lines = "".join(
        f'<li>{escape(one.label)}: from <span class="guildhall-history__before">{escape(one.before)}</span>'
        f" to <strong>{escape(one.after)}</strong></li>\n"
        for one in changes
    )
    return f'<ul class="govuk-list govuk-list--bullet">\n{lines}</ul>' if changes else ""


def _together(line: dict[str, Any], at: str) -> str:
    number, unseen = line["others"], f'<span class="govuk-visually-hidden"> on {at}</span>'
    words = f"With {number} other change{'' if number == 1 else 's'}"
    return f'<a class="govuk-link" href="{escape(line["together"])}">{words}{unseen}</a>'


def _undo(address: str, token: str, below: int) -> str:
    look = f"govuk-button govuk-button--secondary govuk-!-margin-top-2 govuk-!-margin-bottom-{below}"
    behaviour = 'data-module="govuk-button" data-prevent-double-click="true"'
    unseen = '<span class="govuk-visually-hidden"> this change</span>'
    button = f'<button type="submit" class="{look}" {behaviour}>Undo{unseen}</button>'
    return f'<form method="post" action="{escape(address)}">{token}{button}</form>'


@register.filter
def undo_of(message: Any) -> str:
    """Where what a banner tells of is undone (crm.views.done); empty where it can't be."""
    kind, _, event = (message.extra_tags or "").partition(":")
    return reverse("change_undo", args=[event]) if kind == "undo" else ""


@register.simple_tag
def history_address(history: History) -> str:
    """The page with all of a record's history."""
    record = history.record
    return reverse("history", args=[record._meta.model_name, record.pk]) if record is not None else ""
