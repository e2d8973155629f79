"""The registry: the list, and a page for each organisation."""

from datetime import date, datetime
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet, UUIDField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from crm.exports.lists import ORGANISATIONS
from crm.filtersets.organisation_list import OF_THE_TEAM, OrganisationListFilterSet
from crm.forms.refusals import show_refusal
from crm.forms.registry import InteractionForm, OrganisationForm, facts_of
from crm.histories.organisations import ORGANISATION_WORDING
from crm.histories.presenter import History, told
from crm.templatetags.changes import with_ways
from crm.views.base import RecordPage
from crm.views.done import say_done
from crm.views.form_page import FormPage
from crm.views.lists import ListPage
from crm.views.once import new_token, once, token_of
from crm.views.organisation_impact import own_figures
from crm.views.paging import Listing
from guilds.access.models import User
from guilds.access.permissions import allowed
from guilds.access.questions import ReadersQuestion
from guilds.audit.models import Event
from guilds.engagement import follow_up_actions
from guilds.engagement.follow_ups import FollowUp, FollowUpStatus
from guilds.impact.periods import financial_year
from guilds.impact.public_sector import PublicSectorTarget, public_sector_target
from guilds.merging.models import Merge
from guilds.organisations import actions
from guilds.organisations.models import Membership, Organisation
from guilds.organisations.profile import profile_of
from guilds.pledges.timeline import timeline
from guilds.reading import Given

#: What a timeline can be narrowed to, in words.
SORTS = (
    ("", "Everything"), ("engagement", "Engagements"), ("interaction", "Calls and meetings"), ("pledge", "Pledges"),
    ("placement", "Placements"), ("apprenticeship", "Apprenticeships"), ("change", "Changes of the record"),
)  # fmt: skip


#: What the list may show or be sorted by: an organisation has as much again.
LISTED = (
    "name", "is_employer", "is_provider", "provider_kind", "district__name", "postcode", "last_contact_on", "status",
    "size_band", "phase", "pupils", "trust", "phone", "website", "created_at", "updated_at",
)  # fmt: skip


class OrganisationList(ListPage):
    """Employers, schools and colleges."""

    permission_name = "organisation.view"
    template_name = "organisations/list.html"
    filterset_class = OrganisationListFilterSet
    orderings = (
        ("name", "Name, A to Z"), ("-name", "Name, Z to A"),
        ("-last_contact_on", "Latest contact"), ("last_contact_on", "Longest without contact"),
        ("-updated_at", "Latest change"), ("updated_at", "Longest unchanged"), ("-created_at", "Newest"),
    )  # fmt: skip
    narrowing = ("identifier",)
    columns, title = ORGANISATIONS, "Organisations"

    def rows(self) -> QuerySet:
        """Those of the registry that the reader may see; merged records are found as the one that stayed."""
        return Organisation.objects.visible_to(self.request.user).filter(merged_into=None).for_list().only(*LISTED)

    def _prepare(self, form: Any) -> None:
        """Pledges and notes of organisations are the team's to look through."""
        super()._prepare(form)
        if not allowed(self.request.user, "interaction.view"):
            for name in OF_THE_TEAM:
                form.fields.pop(name)
            ordering: Any = form.fields["ordering"]
            ordering.choices = [(value, words) for value, words in self.orderings if "contact" not in value]

    def extras(self, listing: Listing) -> dict[str, Any]:
        """Whether something may be added."""
        return {"may_add": allowed(self.request.user, "organisation.add")}


class ToDo(NamedTuple):
    """An open follow-up about an organisation."""

    pk: UUID
    what: str
    due_on: date
    assigned_to: str | None


class Merged(NamedTuple):
    """A merge of another into an organisation that stands."""

    pk: UUID
    on: datetime
    loser: str


def _follow_ups(reader: User, organisation: Given) -> QuerySet:
    open_ones = FollowUp.objects.visible_to(reader).filter(organisation=organisation, status=FollowUpStatus.OPEN)
    return open_ones.values_list("pk", "what", "due_on", "assigned_to__name")


def _merges(reader: User, organisation: Given) -> QuerySet:
    """The team's affair."""
    standing = Merge.objects.visible_to(reader).filter(undone_at=None, winner=organisation)
    return standing.values_list("pk", "created_at", "loser__name")


_FOLLOW_UPS, _MERGES = (ReadersQuestion(put, organisation=UUIDField()) for put in (_follow_ups, _merges))


class OrganisationPage(RecordPage):
    """A page about one organisation."""

    permission_name = "organisation.view"
    record: Organisation

    def records(self) -> QuerySet:
        """All, the merged ones too: old links still lead somewhere."""
        return Organisation.objects.select_related("district").prefetch_related("identifiers")

    def way_back(self) -> str:
        """The organisation's own page."""
        return address_of(self.record)


class OrganisationDetail(OrganisationPage):
    """What is known of it, and everything that happened with it."""

    template_name = "organisations/detail.html"

    def records(self) -> QuerySet:
        """With its memberships, which the page shows and which say who works with it."""
        seen = Membership.objects.visible_to(self.request.user).select_related("guild")
        return Organisation.objects.select_related("district").prefetch_related(Prefetch("memberships", seen))

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page; a merged record's leads on to the one that stayed, unless the record itself is asked for."""
        if self.record.merged_into and "record" not in request.GET:
            messages.info(request, f"{self.record.name} was merged into this organisation")
            return redirect(address_of(self.record.merged_into))
        return self.show(InteractionForm(initial={"happened_on": timezone.localdate()}), new_token())

    def show(self, form: InteractionForm, token: str, status: int = 200) -> HttpResponse:
        """The page, with the form for noting a call as it stands."""
        organisation, user = self.record, cast(Any, self.request.user)
        follow_ups, merges = (ask(user, organisation=organisation.pk) for ask in (_FOLLOW_UPS, _MERGES))
        profile = profile_of(organisation, reader=user, beside=(follow_ups, merges))
        return self.page(
            status=status,
            organisation=organisation,
            profile=profile,
            follow_ups=[ToDo(*row) for row in follow_ups],
            today=timezone.localdate(),
            target=self._target(user),
            merges=[Merged(*row) for row in merges],
            own=own_figures(organisation, timezone.localdate()),
            form=form,
            form_token=token,
            **self._timeline(user),
            **self._may(user),
        )

    def _timeline(self, user: Any) -> dict[str, Any]:
        """What happened, of every sort or of the one that was asked for."""
        asked = self.request.GET.get("sort", "")
        found = timeline(self.record, reader=user, after=self.request.GET.get("after", ""), sort=asked)
        unseen = {"interaction"} - ({"interaction"} if allowed(user, "interaction.view") else set())
        unseen |= {"change"} if user.is_commission_member else set()
        return {
            "timeline": found,
            "changes": self._changes([row.event for row in found.rows if row.event], user),
            "sorts": [one for one in SORTS if one[0] not in unseen],
            "sort": asked if asked in dict(SORTS) else "",
        }

    def _changes(self, events: list[Event], user: Any) -> dict[Any, dict[str, Any]]:
        """Changes of the record in words, by their event, with the ways on and back."""
        if not events:
            return {}
        entries = told(events, ORGANISATION_WORDING, reader=user)
        latest = Event.objects.about(self.record).first()
        lines = with_ways(History(entries, record=self.record, latest=latest), user)
        return {line["told"].event.pk: line for line in lines}

    def _may(self, user: Any) -> dict[str, bool]:
        organisation = self.record
        return {
            "may_change": allowed(user, "organisation.change", organisation),
            "may_change_contacts": allowed(user, "contact.change", organisation),
            "may_invite": allowed(user, "invitation.send", organisation),
            "may_change_memberships": allowed(user, "membership.change"),
            "may_merge": not organisation.merged_into_id and allowed(user, "organisation.merge", [organisation]),
            "may_note": allowed(user, "interaction.change"),
        }

    def _target(self, user: Any) -> PublicSectorTarget | None:
        year = financial_year(timezone.localdate())
        return public_sector_target(self.record, reader=user, year=(year.start, year.end))


class NoteInteraction(OrganisationDetail):
    """Notes a call, meeting or message from the organisation's own page."""

    permission_name = "interaction.change"

    def subject(self) -> Any:
        """Whoever may note anything may note it of every organisation that they see."""
        return None

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Its form stands on the organisation's page."""
        return redirect(self.way_back())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Note it, once."""
        form = InteractionForm(request.POST)
        if form.is_valid():
            try:
                once(request, lambda: self._note(form))
            except ValidationError as refusal:
                show_refusal(form, refusal)
            else:
                say_done(request, "The note is kept")
                return redirect(self.way_back())
        return self.show(form, token_of(request.POST), 422)

    def _note(self, form: InteractionForm) -> str:
        follow_up_actions.log_interaction(by=self.request.user, organisation=self.record, **form.cleaned_data)
        return self.way_back()


class NewOrganisation(FormPage):
    """Add an organisation to the registry."""

    permission_name = "organisation.add"
    heading, done = "Add an organisation", "The organisation is added"
    names = {"identifiers": "companies_house"}

    def form(self, *args: Any, **kwargs: Any) -> OrganisationForm:
        """Empty."""
        return OrganisationForm(*args, user=self.request.user, **kwargs)

    def act(self, form: OrganisationForm) -> str:
        """Add it."""
        return address_of(actions.register(by=self.request.user, **form.facts()))

    def way_back(self) -> str:
        """The list."""
        return reverse("organisation_list")


class CorrectOrganisation(FormPage, OrganisationPage):
    """Correct what is known of it, unless somebody else has in the meantime."""

    permission_name = "organisation.change"
    heading, done = "Correct the details", "The details are corrected"

    @property
    def names(self) -> dict[str, str]:  # type: ignore[override]
        """A number that another has is told beside the first number of those that were given."""
        given = [
            name for name in ("companies_house", "charity", "urn", "ukprn", "laestab") if self.request.POST.get(name)
        ]
        return {"identifiers": given[0] if given else "companies_house"}

    def initial(self) -> dict[str, Any]:
        """The organisation as it is."""
        return facts_of(self.record)

    def form(self, *args: Any, **kwargs: Any) -> OrganisationForm:
        """What this person may change."""
        return OrganisationForm(*args, user=self.request.user, organisation=self.record, **kwargs)

    def act(self, form: OrganisationForm) -> str:
        """Save the corrections."""
        version = form.cleaned_data["version"]
        actions.correct(by=self.request.user, organisation=self.record, expected_version=version, **form.facts())
        return self.way_back()

    def words(self) -> dict[str, Any]:
        """Whose details they are."""
        return super().words() | {"about": self.record.name}


def address_of(organisation: Organisation) -> str:
    """The address of an organisation's page."""
    return reverse("organisation_detail", args=[organisation.pk])
