"""The page on which an engagement is logged, once or on several dates, and the same page for correcting it."""

from typing import Any, ClassVar, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from crm.forms.engagement_page import EngagementForms, copied, correction_forms, new_forms, row_beside
from crm.forms.missing_organisations import MissingOrganisation
from crm.forms.rows import unjudged
from crm.histories.engagements import ENGAGEMENT
from crm.histories.presenter import told
from crm.views.done import say_done
from crm.views.drafts import DraftPage
from crm.views.engagements import EngagementPage, address_of
from crm.views.missing_organisations import press
from crm.views.once import Made, new_token, once, token_of
from guilds.access.models import User
from guilds.audit.refusals import Overtaken
from guilds.engagement import actions, queries
from guilds.engagement.models import STAFF_KINDS, Engagement, Status
from guilds.engagement.series import log_series

#: What a button beside a picker sends along when the script asks for its row alone: the picker's name.
ROW = "row"
LABELS = {"provider": "School or college", "employer": "Employer"}


class EngagementFormPage(DraftPage):
    """What logging and correcting share: rows come and go, and a missing organisation is added, before anything is saved."""

    template_name = "engagements/form.html"
    keeps_draft: ClassVar[bool] = True

    def forms(self, data: QueryDict | None = None) -> EngagementForms:
        """The forms as they begin, or with what was sent."""
        raise NotImplementedError

    def save(self, forms: EngagementForms) -> HttpResponse:
        """Call the action, or show what is wrong."""
        raise NotImplementedError

    def show(self, forms: EngagementForms, **context: Any) -> HttpResponse:
        """The page with the forms as they stand."""
        raise NotImplementedError

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Save; or add a row, or an organisation; or show what is wrong, with everything that was typed."""
        if request.headers.get("HX-Request") and ROW in request.GET:
            return self._show_row(request)
        forms = self.forms(request.POST)
        pressed = next((missing for missing in forms.missing if missing.pressed), None)
        if pressed:
            press(request, pressed)
            forms.unjudge()
            return self.show(forms)
        if forms.add_row(request.POST) or not forms.is_valid():
            return self.show(forms)
        return self.save(forms)

    def parts(self, forms: EngagementForms) -> dict[str, Any]:
        """What the template shows of the forms, and whose errors are summed up above them."""
        refused = [missing.form for missing in forms.missing if missing.is_refused]
        return {"form": forms.main, "rows": forms.rows, "forms": [*forms.formsets, *refused], "whole": forms}

    def begun(self) -> EngagementForms:
        """The forms as somebody left them."""
        forms = self.forms(self.typed)
        forms.unjudge()
        return forms

    def _show_row(self, request: HttpRequest) -> HttpResponse:
        """One row alone, for the script: its organisation was missing."""
        found = row_beside(request.user, request.POST, request.GET[ROW])
        if not found or not found[0].missing:
            raise Http404
        row, number = found
        missing = cast(MissingOrganisation, row.missing)
        press(request, missing)
        unjudged(row)
        context = {"row": row, "number": number, "row_label": LABELS[missing.role], "alone": True}
        return render(request, "components/formset_row.html", context, status=422 if missing.is_refused else 200)


class LogEngagement(EngagementFormPage):
    """Log an engagement: the few things that every one has, and the rest behind "More details"."""

    permission_name = "engagement.add"

    def forms(self, data: QueryDict | None = None) -> EngagementForms:
        """Empty, with the guild that a link names, or like another engagement."""
        return new_forms(self.request.user, data, None if data else self._initial())

    def get(self, request: HttpRequest) -> HttpResponse:
        """An empty form, one like another engagement's, or what was left unfinished."""
        if self.typed is not None:
            return self.show(self.begun(), token=token_of(self.typed))
        return self.show(self.forms(), token=new_token())

    def save(self, forms: EngagementForms) -> HttpResponse:
        """Log it, once."""
        try:
            made = once(self.request, lambda: address_of(self._log(forms)))
        except ValidationError as refusal:
            forms.show(refusal)
            return self.show(forms)
        return self._sent_before(forms, made.address) if made.changed else self._saved(forms, made)

    def show(self, forms: EngagementForms, *, token: str = "", **context: Any) -> HttpResponse:
        """The page with the forms as they stand."""
        return self.page(
            heading="Log an engagement",
            **self.parts(forms),
            form_token=token or token_of(self.request.POST),
            cancel_address=reverse("engagement_list"),
            **context,
        )

    def _initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("copy")
        if asked is None:
            return {"guild": self.request.GET.get("guild")}
        seen = queries.in_full().visible_to(self.request.user)
        return copied(get_object_or_404(seen, pk=_id_or_404(asked)), self.request.user)

    def _log(self, forms: EngagementForms) -> Engagement:
        user = cast(User, self.request.user)
        status = cast(Any, forms.main).status_to_save()
        lead = user if user.is_coordinator else None
        return log_series(by=user, status=status, lead_coordinator=lead, **forms.facts())[0]

    def _saved(self, forms: EngagementForms, made: Made) -> HttpResponse:
        """Go to its page, and say so there; once, even if the button was pressed twice."""
        self.forget_draft()
        if not (made.again and len(messages.get_messages(self.request))):
            messages.success(self.request, _logged(forms, made.address))
        return redirect(made.address)

    def _sent_before(self, forms: EngagementForms, address: str) -> HttpResponse:
        """Somebody went back, changed something and saved again: ask what they mean, and lose nothing."""
        words = 'You have saved this form already: <a href="{}">see what was saved</a>. Save again to log one more'
        forms.main.add_error(None, ValidationError(format_html(words, address), code="sent_before"))
        return self.show(forms, token=new_token())


class CorrectEngagement(EngagementFormPage, EngagementPage):
    """Correct an engagement, unless somebody else has in the meantime."""

    permission_name = "engagement.change"

    def forms(self, data: QueryDict | None = None) -> EngagementForms:
        """With what is there, or what was sent."""
        return correction_forms(self.request.user, self.record, data)

    def get(self, request: HttpRequest, pk: Any, verb: str) -> HttpResponse:
        """The form with what is there, or what was left unfinished."""
        if self.typed is not None:
            return self.show(self.begun(), version=_version(self.typed), form_token=token_of(self.typed))
        return self.show(self.forms(), version=self.record.version, form_token=new_token())

    def save(self, forms: EngagementForms) -> HttpResponse:
        """Save; where another editor was quicker, say what they changed and keep what was typed here."""
        version = _version(self.request.POST)
        try:
            actions.correct(by=self.request.user, engagement=self.record, expected_version=version, **forms.facts())
        except Overtaken as overtaken:
            return self._say_what_changed(forms, overtaken)
        except ValidationError as refusal:
            forms.show(refusal, status="date")
            return self.show(forms)
        self.forget_draft()
        say_done(self.request, f"\u201c{self.record.title}\u201d is saved")
        return redirect(address_of(self.record))

    def show(self, forms: EngagementForms, *, version: int | None = None, **context: Any) -> HttpResponse:
        """The page with the forms as they stand, and the version that they were filled from."""
        return self.page(
            heading="Correct this engagement",
            **self.parts(forms),
            version=_version(self.request.POST) if version is None else version,
            engagement=self.record,
            cancel_address=address_of(self.record),
            **{"form_token": token_of(self.request.POST)} | context,
        )

    def _say_what_changed(self, forms: EngagementForms, overtaken: Overtaken) -> HttpResponse:
        entries = told(overtaken.changes, ENGAGEMENT, reader=cast(User, self.request.user))
        return self.show(forms, version=overtaken.current.version, status=409, overtaken=entries)


def _version(sent: QueryDict) -> int:
    """The version that the form was filled from; one that is missing fits none, so nothing is overwritten unseen."""
    said = sent.get("version", "")
    return int(said) if said.isdecimal() and len(said) < 10 else 0


def _id_or_404(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError:
        raise Http404 from None


def _logged(forms: EngagementForms, address: str) -> SafeString:
    """What was saved, and where to go on."""
    facts, status = forms.facts(), Status(cast(Any, forms.main).status_to_save())
    unknown = 0 if facts["kind"] in STAFF_KINDS else sum(row["learners"] is None for row in facts["attendances"])
    missing = (
        f" {unknown} of its numbers of learners {'is' if unknown == 1 else 'are'} not known yet." if unknown else ""
    )
    more = len(facts["also_on"])
    dates = f", and the same on {more} more date{'' if more == 1 else 's'}" if more else ""
    link = '<a class="govuk-notification-banner__link" href="{}">{}</a>'
    pk = address.strip("/").rpartition("/")[2]
    return format_html(
        "\u201c{}\u201d is saved as {}{}.{} " + link + ", " + link + " or " + link,
        *(facts["title"], status.label.lower(), dates, missing),
        *(f"{reverse('engagement_new')}?copy={pk}", "Log another like this"),
        *(reverse("engagement_new"), "log another"),
        *(reverse("engagement_verb", kwargs={"pk": pk, "verb": "correct"}), "correct it"),
    )
