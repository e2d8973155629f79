"""What a decision on many pledges asks for."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from crm.forms.records import OneRecord
from crm.forms.registry import day_box, words_box
from guilds.access.models import Role, User


class BulkForm(forms.Form):
    """A decision that asks for nothing."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    @staticmethod
    def start(user: Any) -> dict[str, Any]:
        """Nothing is known beforehand."""
        return {}


class BulkReasonForm(BulkForm):
    """Why; the same for all."""

    reason = words_box("Why", help_text="The same for all of them")


class BulkFollowUpForm(BulkForm):
    """What, by whom, by when; the same for all."""

    what = forms.CharField(label="What is to be done", max_length=300, help_text="No names of young people")
    due_on = day_box("By when")
    assigned_to: Any = OneRecord(User.objects.none(), label="Who does it", empty_label=None)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        team = User.objects.visible_to(user).filter(role__in=(Role.ADMINISTRATOR, Role.COORDINATOR), is_active=True)
        self.fields["assigned_to"].queryset = team.order_by("name")  # type: ignore[attr-defined]

    @staticmethod
    def start(user: Any) -> dict[str, Any]:
        """For oneself, within a week."""
        return {"assigned_to": user.pk, "due_on": timezone.localdate() + timedelta(days=7)}
