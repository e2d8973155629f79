"""Finding all that is held about somebody, taking it along for them, and erasing it."""

from functools import cached_property
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from crm.emails.rights import tell_erased
from crm.forms.rights import EraseForm, FindPersonForm
from crm.views.base import Page
from crm.views.form_page import FormPage
from crm.views.my_data import FORMS, copy_of
from guilds.access.bookkeeping import log_export
from guilds.access.models import User
from guilds.audit.models import Record
from guilds.organisations.models import Contact
from guilds.rights.erasing import erase, marks_of
from guilds.rights.finding import Mention, mentions, others
from guilds.rights.holding import held_about
from guilds.rights.models import RightsRequest, Why
from guilds.rights.people import KINDS, PersonKind, key_of, kind_of, record_of

#: How many of each kind a search shows.
SHOWN = 20
NOT_TOLD = "The mail that tells them could not be sent, and their address is gone now: tell them in another way"


class FindPerson(Page):
    """Look for somebody. What is typed is sent in the body: a name never stands in an address."""

    permission_name = "rights.view"
    template_name = "rights/find.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The box."""
        return self.page(form=FindPersonForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Whom it finds."""
        form = FindPersonForm(request.POST)
        if not form.is_valid():
            return self.page(form=form)
        words = " ".join(form.cleaned_data["words"].split())
        found = [_line(record) for kind in KINDS.values() for record in kind.called(words)[:SHOWN]]
        return self.page(form=form, found=found, searched=True)


def _line(record: Any) -> dict[str, str]:
    """One found record: what it is, who, of which organisation."""
    kind, of = kind_of(record), getattr(record, "organisation", None)
    address = reverse("rights_person", args=[kind.slug, record.pk])
    return {"noun": kind.noun, "name": record.name or record.email, "of": of.name if of else "", "address": address}


class PersonPage(Page):
    """A page about one person's record. It is 404 where it is gone, or erased."""

    permission_name = "rights.view"

    @cached_property
    def kind(self) -> PersonKind:
        """Which kind of record. Raises Http404 for what is no person."""
        if self.kwargs["kind"] not in KINDS:
            raise Http404
        return KINDS[self.kwargs["kind"]]

    @cached_property
    def record(self) -> Any:
        """The record. Raises Http404."""
        rows: Any = self.kind.model._default_manager.all()
        found = rows.visible_to(self.request.user).filter(pk__in=self.kind.known(), pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def mentions(self) -> list[Mention]:
        """Where else they are named."""
        return mentions(marks_of([self.record]), but=[self.record])

    @cached_property
    def others(self) -> list[Any]:
        """Who may be the same person."""
        return others(marks_of([self.record]), but=[self.record])

    def way_back(self) -> str:
        """What is held about them."""
        return reverse("rights_person", args=[self.kind.slug, self.kwargs["pk"]])


class PersonHeld(PersonPage):
    """All that is held about somebody, and what may be done about it."""

    template_name = "rights/person.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page."""
        address = self.way_back()
        return self.page(
            person=self.record,
            kind=self.kind,
            sections=held_about(self.record),
            mentions=self.mentions,
            others=[_line(one) for one in self.others],
            files=[
                (form, reverse("rights_person_file", args=[self.kind.slug, self.record.pk, form])) for form in FORMS
            ],
            correct=_correct_address(self.record),
            erase=f"{address}erase/",
        )


class PersonFile(PersonPage):
    """A copy for the person."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The download, noted in the log of exports. Raises Http404."""
        answer = copy_of(request, self.record, kwargs["form"])
        log_export(
            by=cast(User, request.user),
            list_name="rights_person",
            filters="",
            columns=[],
            rows=1,
            format=kwargs["form"],
        )
        return answer


class ErasePerson(FormPage, PersonPage):
    """Erase somebody: everything that will be reached is listed first."""

    permission_name = "rights.change"
    template_name = "rights/erase.html"
    heading, submit_label, done = "Erase a person", "Erase for good", "The person is erased"

    def form(self, *args: Any, **kwargs: Any) -> EraseForm:
        """What is reached."""
        asked = RightsRequest.objects.visible_to(self.request.user).waiting()
        return EraseForm(
            *args,
            others=[(key_of(one), _words(one)) for one in self.others],
            mentions=[(one.key, one.words) for one in self.mentions],
            requests=[(str(one.pk), f"{one.get_kind_display()}: {one.about}") for one in asked],
            **kwargs,
        )

    def initial(self) -> dict[str, Any]:
        """Everything that names them; nobody who only may be the same. The request that they made, if they did."""
        waiting = RightsRequest.objects.visible_to(self.request.user).waiting()
        own = waiting.filter(asked_by=self.record).first() if isinstance(self.record, User) else None
        return {"mentions": [one.key for one in self.mentions], "why": "asked", "request": str(own.pk) if own else ""}

    def act(self, form: EraseForm) -> str:
        """Erase it."""
        facts = form.cleaned_data
        people = [self.record, *(record_of(key) for key in facts.get("others", []))]
        asked = RightsRequest.objects.visible_to(self.request.user).filter(pk=facts["request"] or None).first()
        if facts["why"] == Why.ASKED and not tell_erased(people, asked):
            messages.error(self.request, NOT_TOLD)
        erase(
            by=self.request.user,
            people=people,
            mentions=facts.get("mentions", []),
            why=facts["why"],
            on=timezone.localdate(),
            request=asked,
        )
        return reverse("erasure_list")

    def words(self) -> dict[str, Any]:
        """Whom, and that there is no way back."""
        explained = (
            "Their details are erased here and in what history keeps of them, for good. Records and figures stay, without "
            "the name. An account can’t be used any more; its drafts, views and keys are removed. If they asked for it, they "
            "are told by e-mail first."
        )
        return super().words() | {"about": _words(self.record), "explained": explained, "grave": True}


def _words(record: Any) -> str:
    line = _line(record)
    return ", ".join(part for part in (line["name"], line["of"], line["noun"].lower()) if part)


def _correct_address(record: Record) -> str:
    """Where their details are corrected; empty where they are not."""
    if isinstance(record, Contact):
        return reverse("contact_correct", args=[record.organisation_id, record.pk])
    return reverse("person_correct", args=[record.pk]) if isinstance(record, User) else ""
