"""The forms of follow-ups: what somebody must do by a day."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from crm.forms.opportunities import ReasonForm, VerbForm
from crm.forms.organisations import OrganisationField
from crm.forms.records import OneRecord
from crm.forms.registry import day_box, words_box
from guilds.access.models import Role, User


class FollowUpForm(forms.Form):
    """What, by whom, by when, about which organisation."""

    what = forms.CharField(label="What is to be done", max_length=300, help_text="No names of young people")
    due_on = day_box("By when")
    assigned_to = OneRecord(User.objects.none(), label="Who does it", required=False, empty_label="Nobody yet")
    organisation = OrganisationField(
        label="About", required=False, help_text="An organisation: name, URN or company number"
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assigned_to"].queryset = team_of(user)  # type: ignore[attr-defined]


def team_of(user: Any) -> QuerySet[User]:
    """Those who can be given something to do."""
    team = User.objects.visible_to(user).filter(role__in=(Role.ADMINISTRATOR, Role.COORDINATOR), is_active=True)
    return team.order_by("name")


class CorrectFollowUpForm(FollowUpForm):
    """The same boxes over what is there, with the version that they show."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class FinishForm(VerbForm):
    """What came of it, for those who look later."""

    outcome = words_box("What came of it", required=False, help_text="Up to 500 characters. No names of young people")

    def clean_outcome(self) -> Any:
        """As much as is kept."""
        words = self.cleaned_data["outcome"]
        if len(words) > 500:
            raise ValidationError(f"Write 500 characters or fewer: these are {len(words)}", code="max_length")
        return words


class HandOverForm(VerbForm):
    """To whom."""

    assigned_to = OneRecord(
        User.objects.none(),
        label="Who does it",
        empty_label="Choose somebody",
        error_messages={"required": "Choose who does it"},
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assigned_to"].queryset = team_of(user)  # type: ignore[attr-defined]

    @staticmethod
    def start(record: Any) -> dict[str, Any]:
        """Whoever has it now."""
        return {"assigned_to": record.assigned_to_id}


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
