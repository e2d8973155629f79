"""An organisation's people and its memberships of guilds."""

from functools import cached_property
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone

from crm.forms.registry import ContactForm, CorrectInteractionForm, LeavingForm, MembershipForm
from crm.views.form_page import FormPage
from crm.views.organisations import OrganisationPage
from guilds.engagement.follow_up_actions import correct_interaction
from guilds.engagement.follow_ups import Interaction
from guilds.organisations import actions
from guilds.organisations.models import Contact, Membership


class PartPage(FormPage, OrganisationPage):
    """A form about something that belongs to an organisation."""

    def words(self) -> dict[str, Any]:
        """Whose it is."""
        return super().words() | {"about": self.record.name}


class NewContact(PartPage):
    """Add a person at an organisation."""

    permission_name = "contact.change"
    heading, done = "Add a person", "The person is added"

    def initial(self) -> dict[str, Any]:
        """Mostly somebody has just told them."""
        return {"source_on": timezone.localdate()}

    def form(self, *args: Any, **kwargs: Any) -> ContactForm:
        """Empty."""
        return ContactForm(*args, **kwargs)

    def act(self, form: ContactForm) -> str:
        """Add the person."""
        actions.add_contact(by=self.request.user, organisation=self.record, **form.facts())
        return self.way_back()


class CorrectContact(PartPage):
    """Correct a person's details, or note that they do not wish to be contacted."""

    permission_name = "contact.change"
    heading, done = "Correct a person's details", "The person's details are corrected"

    def subject(self) -> Any:
        """The organisation; but a person who may not be seen is not there at all, rather than forbidden."""
        assert self.contact
        return super().subject()

    @cached_property
    def contact(self) -> Contact:
        """The person of the address. Raises Http404 for one whose details this reader may not see."""
        seen = Contact.objects.visible_to(self.request.user).filter(organisation=self.record)
        return get_object_or_404(seen, pk=self.kwargs["contact"])

    def initial(self) -> dict[str, Any]:
        """The person as they are known."""
        return {name: getattr(self.contact, name) for name in ContactForm.base_fields}

    def form(self, *args: Any, **kwargs: Any) -> ContactForm:
        """The person's details."""
        return ContactForm(*args, agreed=self.contact.consent_version, **kwargs)

    def act(self, form: ContactForm) -> str:
        """Save them."""
        version = form.cleaned_data["version"]
        actions.correct_contact(by=self.request.user, contact=self.contact, expected_version=version, **form.facts())
        return self.way_back()


class CorrectNote(PartPage):
    """Correct what was noted of a call, meeting or message. Who noted it by mistake takes it back from its history."""

    permission_name = "interaction.change"
    heading, done = "Correct the note", "The note is corrected"

    def subject(self) -> Any:
        """Whoever may note anything may correct any note that they see."""
        return self.interaction

    @cached_property
    def interaction(self) -> Interaction:
        """The note of the address. Raises Http404 for one that is not there for this reader."""
        seen = Interaction.objects.visible_to(self.request.user).filter(organisation=self.record)
        return get_object_or_404(seen, pk=self.kwargs["note"])

    def initial(self) -> dict[str, Any]:
        """As it was noted."""
        return {name: getattr(self.interaction, name) for name in CorrectInteractionForm.base_fields}

    def form(self, *args: Any, **kwargs: Any) -> CorrectInteractionForm:
        """What it was, when, and what was said."""
        return CorrectInteractionForm(*args, **kwargs)

    def act(self, form: CorrectInteractionForm) -> str:
        """Save it."""
        said = dict(form.cleaned_data)
        version = said.pop("version")
        correct_interaction(by=self.request.user, interaction=self.interaction, expected_version=version, **said)
        return self.way_back()


class JoinGuild(PartPage):
    """An organisation joins a guild."""

    permission_name = "membership.change"
    heading, done = "Join a guild", "The membership is recorded"

    def initial(self) -> dict[str, Any]:
        """Today, and the coordinator's own guild."""
        user: Any = self.request.user
        guild = next(iter(user.guild_slugs)) if len(user.guild_slugs) == 1 else None
        return {"joined_on": timezone.localdate(), "guild": guild}

    def form(self, *args: Any, **kwargs: Any) -> MembershipForm:
        """Which guild, as what, since when."""
        return MembershipForm(*args, today=timezone.localdate(), user=self.request.user, **kwargs)

    def act(self, form: MembershipForm) -> str:
        """Record it."""
        actions.join_guild(by=self.request.user, organisation=self.record, **form.cleaned_data)
        return self.way_back()


class LeaveGuild(PartPage):
    """An organisation leaves a guild."""

    permission_name = "membership.change"
    heading, done = "Leave a guild", "The end of the membership is recorded"

    def subject(self) -> Membership:
        """The membership: a guild's own coordinators end it."""
        return self.membership

    @cached_property
    def membership(self) -> Membership:
        """The membership of the address. Raises Http404 for one that has ended already."""
        own = Membership.objects.visible_to(self.request.user).filter(organisation=self.record, left_on=None)
        return get_object_or_404(own.select_related("guild"), pk=self.kwargs["membership"])

    def initial(self) -> dict[str, Any]:
        """Today."""
        return {"left_on": timezone.localdate()}

    def form(self, *args: Any, **kwargs: Any) -> LeavingForm:
        """When."""
        return LeavingForm(*args, **kwargs)

    def act(self, form: LeavingForm) -> str:
        """Record it."""
        actions.leave_guild(by=self.request.user, membership=self.membership, **form.cleaned_data)
        return self.way_back()

    def words(self) -> dict[str, Any]:
        """Which guild."""
        return super().words() | {"about": f"{self.record.name}, {self.membership.guild.name}"}
