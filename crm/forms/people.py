"""The forms about people who sign in: inviting, asking to join, and who somebody is to the system."""

from typing import Any

from django import forms

from crm.forms.organisations import OrganisationField
from crm.forms.records import SomeRecords
from crm.forms.sign_in import EMAIL_REFUSALS
from guilds.access.invitations import MEMBER_ROLES
from guilds.access.models import Role, User
from guilds.reference.models import Guild

LONGEST_NAME = {"max_length": "Write 200 characters or fewer"}


def email_box(label: str = "E-mail address", help_text: str = "") -> forms.EmailField:
    """An address."""
    widget = forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"})
    return forms.EmailField(label=label, help_text=help_text, widget=widget, error_messages=EMAIL_REFUSALS)


def name_box(label: str = "Name", *, required: bool = True, own: bool = False) -> forms.CharField:
    """Somebody's name; their `own` one may be filled in by the browser."""
    widget = forms.TextInput(attrs={"autocomplete": "name" if own else "off", "spellcheck": "false"})
    messages = LONGEST_NAME | {"required": "Enter your name" if own else "Enter the name"}
    return forms.CharField(label=label, required=required, max_length=200, widget=widget, error_messages=messages)


def role_box(roles: Any, label: str = "They are") -> forms.ChoiceField:
    """One of some roles."""
    choices = [(role.value, role.label) for role in roles]
    messages = {"required": "Choose one"}
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=messages)


def guilds_box() -> SomeRecords:
    """Whose coordinator somebody is."""
    return SomeRecords(
        Guild.objects.order_by("name"),
        label="Guilds",
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Only for coordinators",
    )


class MemberForm(forms.Form):
    """Somebody's role, and the organisation that goes with it."""

    @property
    def adds(self) -> str:
        """What an organisation is that is not in the list: what somebody of this role can be a member of."""
        return "provider" if self["role"].value() == Role.SCHOOL else "employer"


class InviteForm(MemberForm):
    """Whom, as what, for which organisation: as much of it as the one who invites may say."""

    email = email_box(help_text="The invitation is sent to this address")
    name = name_box("Name, if you know it", required=False)
    role = role_box(Role)
    organisation = OrganisationField(
        label="Organisation", required=False, help_text="Only for members: name, company number or URN"
    )
    guilds = guilds_box()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not user.is_administrator:
            del self.fields["guilds"]
            self.fields["role"].choices = [(role.value, role.label) for role in MEMBER_ROLES]  # type: ignore[attr-defined]
            self.fields["organisation"].required = True
            self.fields["organisation"].help_text = "Name, company number or URN"
            self.fields["organisation"].error_messages["required"] = "Say for which organisation"
        if not user.is_staff_member:
            del self.fields["role"], self.fields["organisation"]


class AcceptForm(forms.Form):
    """What somebody who is invited says."""

    name = name_box("Your name", own=True)
    agrees = forms.BooleanField(
        label="I use what I see here only for the work that I am invited for, and write no names of young people",
        error_messages={"required": "Tick the box if you agree: without it you can't sign in"},
    )


class JoinForm(forms.Form):
    """What somebody unknown says who wants to be let in."""

    name = name_box("Your name", own=True)
    email = email_box("Your e-mail address at work")
    role = role_box(MEMBER_ROLES, "You are")
    organisation_text = forms.CharField(
        label="Your organisation",
        max_length=200,
        help_text="Its company number, charity number or URN if you know it; else its full name",
        error_messages={"required": "Enter your organisation’s name or number"},
    )
    note = forms.CharField(
        label="Anything else",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Up to 500 characters",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (Role.EMPLOYER.value, "At an employer"), (Role.SCHOOL.value, "At a school or college"),
        ]  # fmt: skip


class LetJoinForm(forms.Form):
    """For which organisation somebody who asked is invited. One that is not in the list is added as they describe it."""

    organisation = OrganisationField(
        label="Organisation",
        help_text="Name, company number or URN",
        error_messages={"required": "Say for which organisation"},
    )

    def __init__(self, *args: Any, adds: str, called: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.adds, self.called = adds, called


class PersonForm(MemberForm):
    """Who somebody is to the system."""

    name = name_box()
    email = email_box()
    role = role_box(Role)
    organisation = OrganisationField(
        label="Organisation", required=False, help_text="Only for members: name, company number or URN"
    )
    guilds = guilds_box()
    version = forms.IntegerField(widget=forms.HiddenInput)
