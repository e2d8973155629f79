"""The pledge desk as its coordinator sees it: opening it, its poster, and clearing what was written at it."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from crm.documents.desk_poster import poster
from crm.documents.pdf import NoPango
from crm.forms.desk import DecisionForm, RejectForm
from crm.forms.missing_organisations import MissingOrganisation
from crm.forms.organisations import find_organisations
from crm.forms.rows import unjudged
from crm.views.base import RecordPage
from crm.views.engagements import EngagementPage
from crm.views.missing_organisations import press
from crm.views.once import token_of
from guilds.access.models import User
from guilds.access.permissions import allowed
from guilds.audit.refusals import Conflict
from guilds.desk import actions, clearing
from guilds.desk.candidates import OFFERED, candidates, certain
from guilds.desk.models import Desk, DeskEntry, EntryStatus
from guilds.organisations.queries import pickable

#: How many of those that wait are listed under the one that is being cleared.
LISTED = 25


class OpenDesk(EngagementPage):
    """Open a desk for an engagement, or go to the one that is open."""

    permission_name = "desk.open"

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Open it; pressed twice, it is the same one."""
        return redirect("desk_detail", pk=actions.open_desk(by=request.user, engagement=self.record).pk)


class DeskPage(RecordPage):
    """A page about one desk, for those who lead its engagement."""

    permission_name = "desk.clear"
    record: Desk

    def records(self) -> QuerySet:
        """With what the pages show."""
        return Desk.objects.select_related("engagement__guild", "engagement__venue")

    def subject(self) -> Any:
        """Who leads the engagement decides."""
        return self.record.engagement

    def way_back(self) -> str:
        """The desk's own page."""
        return reverse("desk_detail", args=[self.record.pk])

    def public_address(self) -> str:
        """What people type into their phones."""
        return self.request.build_absolute_uri(reverse("desk", args=[self.record.code]))


class DeskDetail(DeskPage):
    """The code, how it stands, and the next entry to clear."""

    template_name = "desk/detail.html"

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """The first that waits, or the one of `?entry=`; `?last=` is what was just decided."""
        return self.show(self._asked_for("entry") or self.waiting().first())

    def show(self, entry: DeskEntry | None, form: Any = None, reject_form: Any = None) -> HttpResponse:
        """The page about one entry."""
        among = pickable(cast(User, self.request.user), "employer")
        form = form or self.decision(entry)
        refused = [missing.form for missing in form.beside if missing.is_refused]
        waiting = list(self.waiting()[:LISTED])
        return self.page(
            desk=self.record,
            public_address=self.public_address(),
            counts=self._counts(),
            entry=entry,
            candidates=candidates(entry, among=among) if entry else [],
            form=form,
            form_token=token_of(self.request.POST),
            forms=[reject_form, *refused] if reject_form else refused,
            reject_form=reject_form or RejectForm(auto_id="reject_%s"),
            waiting=waiting,
            certain=len(certain(self.waiting())),
            last=self._asked_for("last", decided=True),
            keys=range(1, OFFERED + 1),
        )

    def decision(self, entry: DeskEntry | None, sent: Any = None) -> DecisionForm:
        """Which employer it is from; one that is not in the list can be added beside the box."""
        user = cast(User, self.request.user)
        called, may_add = entry.called if entry else "", allowed(user, "organisation.add")
        return DecisionForm(sent, among=pickable(user, "employer"), called=called, may_add=may_add)

    def entries(self) -> QuerySet[DeskEntry]:
        """Of this desk, as far as the reader may see them."""
        seen = DeskEntry.objects.visible_to(self.request.user).filter(desk=self.record)
        return seen.select_related("organisation", "pledge__employer", "desk__engagement__guild")

    def waiting(self) -> QuerySet[DeskEntry]:
        """First come, first cleared."""
        return self.entries().to_clear()  # type: ignore[attr-defined]

    def _asked_for(self, name: str, *, decided: bool = False) -> DeskEntry | None:
        named = self.request.GET.get(name)
        if not named:
            return None
        try:
            found = self.entries().filter(pk=named).first()
        except ValidationError:
            raise Http404 from None
        return found if found and (found.status != EntryStatus.WAITING) == decided else None

    def _counts(self) -> dict[str, int]:
        waits = Q(status=EntryStatus.WAITING)
        counted = self.entries().order_by()
        return counted.aggregate(
            all=Count("pk"),
            waiting=Count("pk", filter=waits),
            cleared=Count("pk", filter=Q(status=EntryStatus.CLEARED)),
            rejected=Count("pk", filter=Q(status=EntryStatus.REJECTED)),
        )


class DecideEntry(DeskDetail):
    """One decision on one entry; then the next is shown."""

    def post(self, request: HttpRequest, pk: Any, entry: Any) -> HttpResponse:
        """Accept, add as a new employer, reject, or take a decision back."""
        found = get_object_or_404(self.entries(), pk=entry)
        form = self.decision(found, request.POST)
        if pressed := next((missing for missing in form.beside if missing.pressed), None):
            return self._press(pressed, form, found)
        decide = {"accept": self._accept, "new": self._add, "reject": self._reject, "undo": self._undo}
        if request.POST.get("decision") not in decide:
            raise Http404
        return decide[request.POST["decision"]](found)

    def get(self, request: HttpRequest, pk: Any, entry: Any = None) -> HttpResponse:
        """Somebody came back to the address of a button: to the entry."""
        return redirect(f"{self.way_back()}?entry={get_object_or_404(self.entries(), pk=entry).pk}")

    def _press(self, pressed: MissingOrganisation, form: DecisionForm, entry: DeskEntry) -> HttpResponse:
        """A button beside the box: nothing is decided yet."""
        press(self.request, pressed)
        unjudged(form)
        return self.show(entry, form)

    def _accept(self, entry: DeskEntry) -> HttpResponse:
        form = self.decision(entry, self.request.POST)
        if form.is_valid():
            find_organisations([form], self.request.user)
        for missing in form.beside:
            missing.ask()
        if not form.is_valid():
            return self.show(entry, form)
        return self._done(entry, lambda: clearing.clear(by=self.request.user, entry=entry, employer=form.chosen))

    def _add(self, entry: DeskEntry) -> HttpResponse:
        return self._done(entry, lambda: clearing.clear_as_new(by=self.request.user, entry=entry))

    def _reject(self, entry: DeskEntry) -> HttpResponse:
        form = RejectForm(self.request.POST, auto_id="reject_%s")
        if not form.is_valid():
            return self.show(entry, reject_form=form)
        reason = form.cleaned_data["reason"]
        return self._done(entry, lambda: clearing.reject(by=self.request.user, entry=entry, reason=reason))

    def _undo(self, entry: DeskEntry) -> HttpResponse:
        clearing.reopen(by=self.request.user, entry=entry)
        return redirect(f"{self.way_back()}?entry={entry.pk}")

    def _done(self, entry: DeskEntry, act: Any) -> HttpResponse:
        try:
            act()
        except Conflict:
            raise
        except ValidationError as refusal:
            messages.error(self.request, ". ".join(refusal.messages))
            return redirect(f"{self.way_back()}?entry={entry.pk}")
        return redirect(f"{self.way_back()}?last={entry.pk}")


class DeskVerb(DeskPage):
    """Close, extend, or clear what needs no thought: one press each."""

    def post(self, request: HttpRequest, pk: Any, verb: str) -> HttpResponse:
        """Do it. Raises Http404 for a verb that there is not."""
        acts = {"close": self._close, "extend": self._extend, "clear": self._clear}
        if verb not in acts:
            raise Http404
        messages.success(request, acts[verb]())
        return redirect(self.way_back())

    def _close(self) -> str:
        actions.close_desk(by=self.request.user, desk=self.record)
        return "The desk is closed"

    def _extend(self) -> str:
        actions.extend_desk(by=self.request.user, desk=self.record)
        return "The desk is open for a day longer"

    def _clear(self) -> str:
        cleared, refused = clearing.clear_certain(by=self.request.user, desk=self.record)
        words = f"{cleared} {'is' if cleared == 1 else 'are'} accepted"
        return f"{words}; {refused} could not be: look at them one by one" if refused else words


class DeskPoster(DeskPage):
    """The poster with the QR code, as a PDF to print."""

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """The file."""
        try:
            file = poster(self.record, self.public_address())
        except NoPango as missing:
            raise Conflict(str(missing)) from None
        answer = HttpResponse(file, content_type="application/pdf")
        answer.headers["Content-Disposition"] = f'inline; filename="pledge-desk-{self.record.code}.pdf"'
        return answer
