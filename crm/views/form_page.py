"""A page that is one form: filled in, checked, acted on once, and led on from; nothing that was typed is ever lost."""

from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from crm.forms.missing_organisations import MissingOrganisation, offer_beside
from crm.forms.organisations import find_organisations
from crm.forms.refusals import show_refusal
from crm.forms.rows import unjudged
from crm.histories.presenter import Entry
from crm.histories.subjects import SUBJECTS, entries_of
from crm.views.done import say_done
from crm.views.drafts import DraftPage
from crm.views.missing_organisations import press
from crm.views.once import new_token, once, token_of
from guilds.access.models import User
from guilds.access.permissions import allowed
from guilds.audit.refusals import Conflict, Overtaken

SENT_BEFORE = "This form was sent before, with other answers. This is what was saved then: correct it here if needed"


class FormPage(DraftPage):
    """`act` calls the domain and gives the address to lead on to; its refusals are shown beside the boxes.

    `names` are the action's fields whose box is called otherwise. A form with a `version` box is told when somebody else
    has been quicker, and may be sent again. `keeps_draft`: what is typed is kept until it is sent.
    `adds_organisations`: one that a picker does not find can be added beside it.
    """

    template_name = "layouts/form_once.html"
    heading: ClassVar[str] = ""
    submit_label: ClassVar[str] = "Save"
    done: ClassVar[str] = "Saved"
    names: ClassVar[dict[str, str]] = {}
    adds_organisations: ClassVar[bool] = False

    def form(self, *args: Any, **kwargs: Any) -> forms.Form:
        """The form, empty or with what was sent."""
        raise NotImplementedError

    def initial(self) -> dict[str, Any]:
        """What the boxes hold at first."""
        return {}

    def act(self, form: Any) -> str:
        """Do it, and give the address to go to."""
        raise NotImplementedError

    def words(self) -> dict[str, Any]:
        """What the template says around the form."""
        return {"heading": self.heading, "submit_label": self.submit_label}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form to be filled in, or as it was left."""
        if self.typed is not None:
            form = self.form(self.typed)
            unjudged(form)
            return self.show(form, token_of(self.typed))
        return self.show(self.form(initial=self.initial()), new_token())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do what it asks for, once."""
        form = self.form(request.POST, request.FILES)
        if pressed := next((missing for missing in self.beside(form) if missing.pressed), None):
            return self._press(pressed, form)
        if form.is_valid():
            find_organisations([form], request.user)
        for missing in self.beside(form):
            missing.ask()
        if not form.is_valid():
            return self.show(form, token_of(request.POST))
        try:
            made = once(request, lambda: self.act(form))
        except Overtaken as overtaken:
            return self.show(self._again(overtaken), token_of(request.POST), 409, meanwhile=self._meanwhile(overtaken))
        except Conflict:
            raise
        except ValidationError as refusal:
            show_refusal(form, refusal, names=self.names)
            return self.show(form, token_of(request.POST))
        self.forget_draft()
        say_done(request, SENT_BEFORE if made.changed else self.done)
        return redirect(made.address)

    def show(self, form: forms.Form, token: str, status: int = 200, **more: Any) -> HttpResponse:
        """The page with the form as it stands."""
        context = {"form": form, "form_token": token, "cancel_address": self.way_back()} | more
        context["forms"] = [missing.form for missing in self.beside(form) if missing.is_refused]
        return self.page(status=status, **context | self.words())

    def beside(self, form: Any) -> list[MissingOrganisation]:
        """What stands beside the form's pickers for organisations that are not in the registry."""
        if not hasattr(form, "beside"):
            may_add = self.adds_organisations and allowed(self.request.user, "organisation.add")
            form.beside = offer_beside(form) if may_add else []
        return cast(list[MissingOrganisation], form.beside)

    def _press(self, pressed: MissingOrganisation, form: forms.Form) -> HttpResponse:
        """A button beside a picker: nothing is judged yet; with another organisation, a form may have more to ask."""
        press(self.request, pressed)
        if not pressed.is_open:
            form = self.form(form.data)
            pressed.go_on_in(form)
        unjudged(form)
        return self.show(form, token_of(self.request.POST))

    def _meanwhile(self, overtaken: Overtaken) -> list[Entry]:
        """What somebody else changed since the form was opened, in words."""
        subject = SUBJECTS.get(overtaken.current._meta.model_name)
        return entries_of(subject, overtaken.changes, cast(User, self.request.user)) if subject else []

    def _again(self, overtaken: Overtaken) -> forms.Form:
        """The same answers over the newest version."""
        data = self.request.POST.copy()
        data["version"] = str(overtaken.current.version)
        form = self.form(data)
        form.is_valid()
        fields = [name.removesuffix("_id").replace("_", " ") for name in overtaken.changed_fields]
        what = f" ({', '.join(fields)})" if fields else ""
        form.add_error(
            None, f"Somebody else has changed this since you opened it{what}. Save again if your answers are right"
        )
        return form
