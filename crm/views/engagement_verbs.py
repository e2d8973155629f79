"""What may be done with an engagement: confirm, close, cancel, postpone, add numbers; and a school's answer to a number."""

from typing import Any, NamedTuple, cast

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from crm.forms.engagement_verbs import AnswerForm, NumbersForm, ReasonForm
from crm.forms.refusals import show_refusal
from crm.forms.rows import unjudged
from crm.views.base import RecordPage
from crm.views.done import say_done
from crm.views.drafts import DraftPage
from crm.views.once import new_token, token_of
from guilds.access.models import User
from guilds.access.permissions import allowed
from guilds.audit.refusals import Conflict
from guilds.engagement import actions, queries
from guilds.engagement.models import LIFECYCLE, Answer, Attendance, Engagement, Status


class Verb(NamedTuple):
    """A button: its words, where it leads, and whether pressing it is enough (else a form is shown first)."""

    words: str
    address: str
    at_once: bool = False
    main: bool = False


WORDS = {
    "confirm": "Confirm that it will happen",
    "deliver": "Close as delivered",
    "postpone": "Postpone",
    "cancel": "Cancel",
    "numbers": "Add the missing numbers",
    "correct": "Correct",
}


def open_verbs(user: User, engagement: Engagement, *, numbers_missing: bool) -> list[Verb]:
    """The buttons for this reader now: what the lifecycle and the permission table both allow. `numbers_missing`: somebody's
    number of learners is not known.
    """
    if not allowed(user, "engagement.change", engagement):
        return []
    verbs = [verb for verb in WORDS if _makes_sense(engagement, verb, numbers_missing=numbers_missing)]
    return [
        Verb(WORDS[v], _address(engagement, v), at_once=v == "confirm", main=v in ("deliver", "numbers")) for v in verbs
    ]


def _makes_sense(engagement: Engagement, verb: str, *, numbers_missing: bool) -> bool:
    if verb == "deliver":
        return "deliver" in LIFECYCLE.open_verbs(engagement.status) and engagement.starts_on <= timezone.localdate()
    if verb == "numbers":
        return engagement.status == Status.DELIVERED and numbers_missing
    return verb == "correct" or verb in LIFECYCLE.open_verbs(engagement.status)


def _address(engagement: Engagement, verb: str) -> str:
    return reverse("engagement_verb", kwargs={"pk": engagement.pk, "verb": verb})


class EngagementVerb(RecordPage):
    """Something done with one engagement; afterwards its own page is shown again."""

    permission_name = "engagement.change"
    record: Engagement

    def records(self) -> QuerySet:
        """With what the pages show."""
        return queries.in_full()

    def way_back(self) -> str:
        """The engagement's own page."""
        return reverse("engagement_detail", args=[self.record.pk])

    def done(self, words: str) -> HttpResponse:
        """Say what was done."""
        say_done(self.request, words)
        return redirect(self.way_back())

    def show(self, form: Any, **context: Any) -> HttpResponse:
        """The verb's form."""
        return self.page(form=form, engagement=self.record, cancel_address=self.way_back(), **context)


class ConfirmEngagement(EngagementVerb):
    """It is going to happen; one press."""

    def post(self, request: HttpRequest, pk: Any, verb: str) -> HttpResponse:
        """Confirm it."""
        actions.confirm(by=request.user, engagement=self.record)
        return self.done(f"\u201c{self.record.title}\u201d is confirmed")


class EndEngagement(EngagementVerb):
    """Cancel or postpone, with the reason."""

    template_name = "engagements/reason.html"
    ENDINGS = {"cancel": (actions.cancel, "cancelled"), "postpone": (actions.postpone, "postponed")}

    def get(self, request: HttpRequest, pk: Any, verb: str) -> HttpResponse:
        """Ask why; where it is too late to ask, say so now."""
        LIFECYCLE.move(self.record, verb, reason="asked below")
        return self._show(ReasonForm(), verb)

    def post(self, request: HttpRequest, pk: Any, verb: str) -> HttpResponse:
        """Do it."""
        form, (end, done) = ReasonForm(request.POST), self.ENDINGS[verb]
        if form.is_valid():
            try:
                end(by=request.user, engagement=self.record, reason=form.cleaned_data["reason"])
            except Conflict:
                raise
            except ValidationError as refusal:
                show_refusal(form, refusal)
            else:
                return self.done(f"\u201c{self.record.title}\u201d is {done}")
        return self._show(form, verb)

    def _show(self, form: ReasonForm, verb: str) -> HttpResponse:
        heading = f"{WORDS[verb]} this engagement"
        return self.show(form, heading=heading, submit_label=heading, warns=verb == "cancel")


class CloseEngagement(EngagementVerb, DraftPage):
    """Close as delivered, asking only for the numbers that are missing; or add them later (`numbers`)."""

    template_name = "engagements/numbers.html"
    keeps_draft = True

    def get(self, request: HttpRequest, pk: Any, verb: str) -> HttpResponse:
        """The boxes that are still empty, or as they were left."""
        if verb == "deliver":
            LIFECYCLE.move(self.record, "deliver")
        form = NumbersForm(self.typed, engagement=self.record, closing=verb == "deliver")
        if self.typed is None:
            return self._show(form, verb, new_token())
        unjudged(form)
        return self._show(form, verb, token_of(self.typed))

    def post(self, request: HttpRequest, pk: Any, verb: str) -> HttpResponse:
        """Save the numbers, and close it unless it is closed already."""
        form = NumbersForm(request.POST, engagement=self.record, closing=verb == "deliver")
        save = actions.deliver if verb == "deliver" else actions.correct
        if form.is_valid():
            try:
                save(by=request.user, engagement=self.record, expected_version=self.record.version, **form.rows())
            except Conflict:
                raise
            except ValidationError as refusal:
                show_refusal(form, refusal)
            else:
                self.forget_draft()
                return self.done(self._done(verb))
        return self._show(form, verb, token_of(request.POST))

    def _done(self, verb: str) -> str:
        return f"\u201c{self.record.title}\u201d is delivered" if verb == "deliver" else "The numbers are saved"

    def _show(self, form: NumbersForm, verb: str, token: str) -> HttpResponse:
        heading = "Close as delivered" if verb == "deliver" else "Add the missing numbers"
        label = heading if verb == "deliver" else "Save"
        return self.show(form, heading=heading, submit_label=label, verb=verb, form_token=token)


class AnswerAttendance(EngagementVerb):
    """A school or college confirms the number claimed for it, or gives its own."""

    permission_name = "engagement.answer"
    template_name = "engagements/answer.html"

    def subject(self) -> Any:
        """The attendance that is answered: one that the reader sees, of this engagement."""
        named = self.request.POST.get("attendance") or self.request.GET.get("attendance") or ""
        rows = Attendance.objects.visible_to(self.request.user).filter(engagement=self.record)
        self.attendance = get_object_or_404(rows.select_related("provider"), pk=int(named) if _is_id(named) else None)
        return self.attendance

    def get(self, request: HttpRequest, pk: Any, verb: str) -> HttpResponse:
        """Both ways to answer."""
        return self._show(AnswerForm())

    def post(self, request: HttpRequest, pk: Any, verb: str) -> HttpResponse:
        """Keep the answer; the claim stays as it is beside it."""
        answer, form = request.POST.get("answer", ""), AnswerForm(request.POST)
        said = (
            {"learners": None, "note": ""}
            if answer == Answer.CONFIRMED
            else form.cleaned_data
            if form.is_valid()
            else None
        )
        if said is None:
            return self._show(form)
        self._refuse_unseen(answer)
        try:
            actions.answer(by=request.user, attendance=self.attendance, answer=answer, **said)
        except Conflict:
            raise
        except ValidationError as refusal:
            show_refusal(form, refusal, names={"answer": "learners"})
            return self._show(form)
        return self.done(_thanks(self.attendance))

    def way_back(self) -> str:
        """Where the answer was given: the home page or the engagement's."""
        return "/" if self.request.POST.get("from") == "home" else super().way_back()

    def _refuse_unseen(self, answer: str) -> None:
        """Nobody confirms a number that they have not seen: it may have been corrected in the meantime."""
        claimed = self.attendance.learners
        if answer == Answer.CONFIRMED and self.request.POST.get("claimed", str(claimed)) != str(claimed):
            words = f"The number has been changed to {claimed} since you opened the page: look again, then answer"
            raise Conflict({"learners": Conflict(words, code="overtaken")})

    def _show(self, form: AnswerForm) -> HttpResponse:
        return self.show(form, heading="Is this number right?", attendance=self.attendance)


def _is_id(words: str) -> bool:
    return words.isascii() and words.isdecimal() and len(words) < 19


def _thanks(attendance: Attendance) -> str:
    if attendance.answer == Answer.CONFIRMED:
        return f"Thank you. You have confirmed {attendance.learners} learners"
    return f"Thank you. We have noted your number, {attendance.answered_learners}. The coordinator will look at it"


def answer_forms(user: User, engagement: Engagement, attendance: Attendance) -> AnswerForm | None:
    """The form beside a claimed number, for the school or college that may still answer it."""
    open_for_answer = engagement.status == Status.DELIVERED and engagement.has_learners
    if not (open_for_answer and allowed(user, "engagement.answer", attendance)):
        return None
    if attendance.answer != Answer.UNANSWERED:
        return None
    return own_number_form(attendance)


def own_number_form(attendance: Attendance) -> AnswerForm:
    """A form whose boxes have ids of their own: several stand on one page."""
    return cast(AnswerForm, AnswerForm(auto_id=f"id_{attendance.pk}_%s"))
