"""Engagements: the list, logging one, its page, correcting it."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from crm.exports.lists import ENGAGEMENTS
from crm.filtersets.engagement_list import EngagementListFilterSet
from crm.forms.engagement_page import EngagementForms, correction_forms, new_forms
from crm.forms.engagements import GATSBY, time_or_none
from crm.histories.engagements import ENGAGEMENT
from crm.histories.presenter import SHOWN, history_of, told
from crm.views.base import Page, RecordPage
from crm.views.engagement_verbs import answer_forms, open_verbs
from crm.views.lists import ListPage
from crm.views.once import Made, new_token, once, token_of
from guilds.access.models import User
from guilds.access.permissions import allowed
from guilds.audit.refusals import Overtaken
from guilds.engagement import actions, queries
from guilds.engagement.models import STAFF_KINDS, Engagement, Status
from guilds.reference.calendars import local_day

ALL_HISTORY = 1000


class EngagementList(ListPage):
    """All engagements that the reader may see."""

    permission_name = "engagement.view"
    template_name = "engagements/list.html"
    filterset_class = EngagementListFilterSet
    orderings = (("-starts_at", "Latest first"), ("starts_at", "Earliest first"), ("-updated_at", "Changed last"))
    narrowing = ("provider", "employer", "reference", "missing_numbers")
    columns, title = ENGAGEMENTS, "Engagements"

    def rows(self) -> QuerySet:
        """With what a row shows."""
        return queries.for_rows(Engagement.objects.visible_to(self.request.user))

    def _prepare(self, form: Any) -> None:
        super()._prepare(form)
        user = cast(User, self.request.user)
        if not user.is_coordinator:
            form.fields.pop("whose")
        if not (user.is_staff_member or user.is_school_member):
            form.fields.pop("needs")


class LogEngagement(Page):
    """Log an engagement: everything about it on one page."""

    permission_name = "engagement.add"
    template_name = "engagements/form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """An empty form; a link may name the guild."""
        return self._show(new_forms(request.user, initial={"guild": request.GET.get("guild")}), new_token())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Log it, once; or add a row; or show what is wrong, with everything that was typed."""
        forms = new_forms(request.user, request.POST)
        if not forms.add_row(request.POST) and forms.is_valid():
            try:
                made = once(request, lambda: address_of(self._log(forms)))
            except ValidationError as refusal:
                forms.show(refusal)
            else:
                return self._sent_before(forms, made.address) if made.changed else self._saved(forms, made)
        return self._show(forms, token_of(request))

    def _saved(self, forms: EngagementForms, made: Made) -> HttpResponse:
        """Go to its page, and say so there; once, even if the button was pressed twice."""
        if not (made.again and len(messages.get_messages(self.request))):
            messages.success(self.request, _logged(forms, made.address))
        return redirect(made.address)

    def _sent_before(self, forms: EngagementForms, address: str) -> HttpResponse:
        """Somebody went back, changed something and saved again: ask what they mean, and lose nothing."""
        words = 'You have saved this form already: <a href="{}">see what was saved</a>. Save again to log one more'
        forms.main.add_error(None, ValidationError(format_html(words, address), code="sent_before"))
        return self._show(forms, new_token())

    def _log(self, forms: EngagementForms) -> Engagement:
        user = cast(User, self.request.user)
        status = cast(Any, forms.main).status_to_save()
        lead = user if user.is_coordinator else None
        return actions.log(by=user, status=status, lead_coordinator=lead, **forms.facts())

    def _show(self, forms: EngagementForms, token: str) -> HttpResponse:
        return self.page(
            heading="Log an engagement",
            form=forms.main,
            forms=forms.formsets,
            form_token=token,
            cancel_address=reverse("engagement_list"),
        )


class EngagementPage(RecordPage):
    """A page about one engagement."""

    permission_name = "engagement.view"
    record: Engagement

    def records(self) -> QuerySet:
        """With all that the pages show."""
        return queries.in_full()

    def way_back(self) -> str:
        """The engagement's own page."""
        return address_of(self.record)


class EngagementDetail(EngagementPage):
    """What it was, who came, what may be done with it, and its history."""

    template_name = "engagements/detail.html"

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Facts, rows and history, each only as far as the reader may know."""
        engagement, user = self.record, cast(User, request.user)
        attendances = queries.attendances_of(engagement, user)
        size = ALL_HISTORY if request.GET.get("history") == "all" else SHOWN
        return self.page(
            engagement=engagement,
            **_facts(engagement),
            attendances=[(row, answer_forms(user, engagement, row)) for row in attendances],
            participations=queries.participations_of(engagement, user),
            unknown=sum(row.learners is None for row in attendances) if engagement.has_learners else 0,
            verbs=open_verbs(user, engagement),
            files=queries.files_of(engagement, user) if user.is_staff_member else None,
            may_attach=allowed(user, "attachment.change", engagement),
            reads_notes=user.is_staff_member,
            reads_history=not user.is_commission_member,
            history=history_of(engagement, ENGAGEMENT, reader=user, size=size),
        )


class CorrectEngagement(EngagementPage):
    """Correct an engagement, unless somebody else has in the meantime."""

    permission_name = "engagement.change"
    template_name = "engagements/form.html"

    def get(self, request: HttpRequest, pk: Any, verb: str) -> HttpResponse:
        """The form with what is there."""
        return self._show(correction_forms(request.user, self.record), self.record.version)

    def post(self, request: HttpRequest, pk: Any, verb: str) -> HttpResponse:
        """Save; where another editor was quicker, say what they changed and keep what was typed here."""
        forms, version = correction_forms(request.user, self.record, request.POST), _version(request)
        if not forms.add_row(request.POST) and forms.is_valid():
            try:
                actions.correct(by=request.user, engagement=self.record, expected_version=version, **forms.facts())
            except Overtaken as overtaken:
                return self._say_what_changed(forms, overtaken)
            except ValidationError as refusal:
                forms.show(refusal, status="date")
            else:
                messages.success(request, f"\u201c{self.record.title}\u201d is saved")
                return redirect(address_of(self.record))
        return self._show(forms, version)

    def _say_what_changed(self, forms: EngagementForms, overtaken: Overtaken) -> HttpResponse:
        entries = told(overtaken.changes, ENGAGEMENT, reader=cast(User, self.request.user))
        return self._show(forms, overtaken.current.version, status=409, overtaken=entries)

    def _show(self, forms: EngagementForms, version: int | None, status: int = 200, **context: Any) -> HttpResponse:
        return self.page(
            heading="Correct this engagement",
            form=forms.main,
            forms=forms.formsets,
            version=version,
            engagement=self.record,
            cancel_address=address_of(self.record),
            status=status,
            **context,
        )


def address_of(engagement: Engagement) -> str:
    """The engagement's own page."""
    return reverse("engagement_detail", args=[engagement.pk])


def _facts(engagement: Engagement) -> dict[str, Any]:
    """What its page says in words of several fields."""
    place = [engagement.venue.name if engagement.venue else "", engagement.venue_address]
    return {
        "when": _when(engagement),
        "venue": ", ".join(filter(None, place)),
        "supporting": ", ".join(guild.name for guild in engagement.supporting_guilds.all()),
        "benchmarks": ", ".join(f"{number}. {GATSBY[number - 1]}" for number in engagement.gatsby_benchmarks),
    }


def _when(engagement: Engagement) -> str:
    """The day and, where somebody gave them, the times; "14 March 2017, 10:00 to 12:30"."""
    first, start, end = (
        date_format(engagement.starts_on, "j F Y"),
        time_or_none(engagement.starts_at),
        time_or_none(engagement.ends_at),
    )
    last = date_format(local_day(engagement.ends_at), "j F Y") if engagement.ends_at else first
    begins = ", ".join([first, *([f"{start:%H:%M}"] if start else [])])
    ends = ", ".join([*([last] if last != first else []), *([f"{end:%H:%M}"] if end else [])])
    return f"{begins} to {ends}" if ends else begins


def _version(request: HttpRequest) -> int:
    """The version that the form was filled from; one that is missing fits none, so nothing is overwritten unseen."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else 0


def _logged(forms: EngagementForms, address: str) -> SafeString:
    """What was saved, and where to go on."""
    facts, status = forms.facts(), Status(cast(Any, forms.main).status_to_save())
    unknown = 0 if facts["kind"] in STAFF_KINDS else sum(row["learners"] is None for row in facts["attendances"])
    missing = (
        f" {unknown} of its numbers of learners {'is' if unknown == 1 else 'are'} not known yet." if unknown else ""
    )
    link = '<a class="govuk-notification-banner__link" href="{}">{}</a>'
    return format_html(
        "\u201c{}\u201d is saved as {}.{} " + link + " or " + link,
        *(facts["title"], status.label.lower(), missing),
        *(reverse("engagement_new"), "Log another"),
        *(
            reverse("engagement_verb", kwargs={"pk": address.strip("/").rpartition("/")[2], "verb": "correct"}),
            "correct it",
        ),
    )
