"""Histories as pages of their own: all of one record, all that one press of a button changed, and the way back."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property

from crm.histories.presenter import SHOWN, History
from crm.histories.subjects import NO_PRESS, SUBJECTS, Subject, entries_of
from crm.views.base import Page
from guilds.access.models import User
from guilds.audit.models import Event
from guilds.undoing.actions import undo


class _SubjectPage(Page):
    """A page about a record of any kind that has a history."""

    permission_name = "history.view"

    def subject_of(self, kind: str) -> Subject:
        """How that kind is told. Raises Http404 for one that has no history."""
        if kind not in SUBJECTS:
            raise Http404
        return SUBJECTS[kind]

    @property
    def reader(self) -> User:
        """Who looks."""
        return cast(User, self.request.user)

    def seen(self, kind: str, pk: UUID) -> Any:
        """The record, if its history is there for this reader. Raises Http404."""
        return get_object_or_404(self.subject_of(kind).seen_by(self.reader), pk=pk)


class RecordHistory(_SubjectPage):
    """All that happened to one record, a page at a time."""

    template_name = "histories/record.html"

    def get(self, request: HttpRequest, kind: str, pk: UUID) -> HttpResponse:
        """The latest, or those before `?before=`."""
        record, subject = self.seen(kind, pk), self.subject_of(kind)
        events = Event.objects.about(record).select_related("actor")
        before = _uuid(request.GET.get("before", ""))
        rows = list((events.filter(pk__lt=before) if before else events)[: SHOWN + 1])
        shown = rows[:SHOWN]
        latest = None if before else next(iter(rows), None)
        history = History(entries_of(subject, shown, self.reader), record=record, latest=latest)
        earlier = f"?before={shown[-1].pk}" if len(rows) > SHOWN else ""
        address = subject.address(record)
        return self.page(
            record=record, subject=subject, history=history, earlier=earlier, address=address, before=before
        )


class Changes(_SubjectPage):
    """What one request changed, of what its reader may see."""

    template_name = "histories/request.html"

    def get(self, request: HttpRequest, request_id: str) -> HttpResponse:
        """Record by record, in the order in which they were changed."""
        if NO_PRESS in request_id:
            raise Http404
        events = list(self._page(Event.objects.filter(request_id=request_id).select_related("actor").order_by("id")))
        told = self._told(events[:SHOWN])
        if not told:
            raise Http404
        later = f"?after={events[SHOWN - 1].pk}" if len(events) > SHOWN else ""
        return self.page(told=told, later=later, first=told[0]["entry"], total=len(told))

    def _page(self, events: Any) -> Any:
        after = _uuid(self.request.GET.get("after", ""))
        return (events.filter(pk__gt=after) if after else events)[: SHOWN + 1]

    def _told(self, events: list[Event]) -> list[dict[str, Any]]:
        """Each event with its record; what this reader may not see is left out."""
        lines: dict[UUID, dict[str, Any]] = {}
        for kind, subject in SUBJECTS.items():
            own = [event for event in events if event.subject_type == kind]
            seen = subject.seen_by(self.reader).in_bulk({event.subject_id for event in own}) if own else {}
            for entry in entries_of(subject, [event for event in own if event.subject_id in seen], self.reader):
                record = seen[entry.event.subject_id]
                lines[entry.event.pk] = {
                    "entry": entry,
                    "noun": subject.noun,
                    "record": record,
                    "address": subject.address(record),
                    "history": reverse("history", args=[kind, record.pk]),
                }
        return [lines[event.pk] for event in events if event.pk in lines]


class UndoChange(_SubjectPage):
    """Takes the latest change of a record back; one press. Whether it may be is the action's affair, in words."""

    permission_name = "history.undo"

    @cached_property
    def event(self) -> Event:
        """The change. Raises Http404 for one of a record that is not there for this reader."""
        return get_object_or_404(Event.objects.filter(Q(subject_type__in=SUBJECTS)), pk=self.kwargs["pk"])

    @cached_property
    def record(self) -> Any:
        """Its record."""
        return self.seen(self.event.subject_type, self.event.subject_id)

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Undo it, and show the record again."""
        undo(by=request.user, record=self.record, event=self.event)
        messages.success(request, "The change is undone. It is as it was before")
        return redirect(self.way_back())

    def way_back(self) -> str:
        """The record's page."""
        return self.subject_of(self.event.subject_type).address(self.record)


def _uuid(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None
