"""An organisation joins the guild whose page one is on."""

from django import forms

from crm.forms.organisations import OrganisationField
from crm.forms.registry import day_box
from guilds.organisations.models import MemberRole


class NewMemberForm(forms.Form):
    """Who, as what, since when."""

    organisation = OrganisationField(label="Who joins", help_text="An employer, a school, a college or a provider")
    role = forms.ChoiceField(label="As", choices=MemberRole.choices, initial=MemberRole.MEMBER)
    joined_on = day_box("Joined on")
