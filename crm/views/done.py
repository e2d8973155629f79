"""Saying what was done, with the way back where there is one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone

from guilds.audit.context import current_request_id
from guilds.audit.models import Event
from guilds.undoing.actions import undoable

#: More changes than this at once are no single press that one button takes back.
_FEW = 20


def say_done(request: HttpRequest, words: str) -> None:
    """The green banner of the next page; it offers to undo what this request has changed, if that is one thing."""
    change = _only_change(request.user)
    messages.success(request, words, extra_tags=f"undo:{change.pk}" if change else "")


def _only_change(user: Any) -> Event | None:
    """What can be taken back: the one record that was changed, or the pledge of which parts were released along."""
    request_id = current_request_id.get()
    if not request_id:
        return None
    made = Event.objects.filter(request_id=request_id, actor=user).order_by("id")[:_FEW]
    able = [event for event in made if undoable(event, at=timezone.now())]
    chief = [event for event in able if event.subject_type != "allocation"] or able
    return chief[0] if len(chief) == 1 else None
