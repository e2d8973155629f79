"""The forms of follow-ups: what somebody must do by a day."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from crm.forms.opportunities import ReasonForm, VerbForm
from crm.forms.organisations import OrganisationField
from crm.forms.registry import day_box
from guilds.access.models import Role, User


class FollowUpForm(forms.Form):
    """What, by whom, by when, about which organisation."""

    what = forms.CharField(label="What is to be done", max_length=300, help_text="No names of young people")
    due_on = day_box("By when")
    assigned_to = forms.ModelChoiceField(User.objects.none(), label="Who does it", empty_label=None)
    organisation = OrganisationField(
        label="About", required=False, help_text="An organisation: name, URN or company number"
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = User.objects.visible_to(user).filter(role__in=(Role.ADMINISTRATOR, Role.COORDINATOR), is_active=True)
        self.fields["assigned_to"].queryset = team.order_by("name")  # type: ignore[attr-defined]


class SnoozeForm(VerbForm):
    """Until when."""

    due_on = day_box("Do it by")

    @staticmethod
    def start(record: Any) -> dict[str, Any]:
        """The day that holds now, if it is still to come."""
        return {"due_on": max(record.due_on, timezone.localdate())}

    def clean_due_on(self) -> Any:
        """Later means later than today."""
        day = self.cleaned_data["due_on"]
        if day <= timezone.localdate():
            raise ValidationError("Choose a day after today", code="past")
        return day


class DropForm(ReasonForm):
    """Why it need not be done."""
