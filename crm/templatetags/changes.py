"""What stands beside a change in a history or a banner: the ways to what was changed with it, and back."""

from typing import Any

from django import template
from django.urls import reverse

from crm.histories.presenter import History
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
