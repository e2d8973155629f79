"""What an employer tells of what it did, and how a coordinator credits it."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from crm.forms.opportunities import count_box
from crm.forms.pledge_credit import CreditForm
from crm.forms.records import OneRecord
from crm.forms.registry import day_box, words_box
from guilds.pledges.claim_actions import can_be_recorded
from guilds.pledges.claims import DeliveryClaim
from guilds.pledges.models import Pledge


class _ForWhom(OneRecord):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.provider} ({obj.quantity} agreed)"


class ClaimForm(forms.Form):
    """When, how many, and for which school or college where some were agreed."""

    def __init__(self, *args: Any, pledge: Pledge, parts: QuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["happened_on"] = day_box("When was it", help_text="The first day, if it took several")
        help_text = f"Of the {pledge.promise} that you promised"
        self.fields["quantity"] = count_box("How many", help_text)
        if parts:
            self.fields["allocation"] = _ForWhom(
                parts, label="For which school or college", required=False, empty_label="Another, or several"
            )
        self.fields["note"] = words_box(
            "Anything else", required=False, help_text="For your coordinator. No names of young people"
        )

    @staticmethod
    def start(pledge: Any, parts: QuerySet) -> dict[str, Any]:
        """Today; the one part that was agreed, or what is left to deliver."""
        only = parts[0] if len(parts) == 1 else None
        left = max(pledge.current_quantity - pledge.delivered, 1)
        return {
            "happened_on": timezone.localdate(),
            "quantity": only.outstanding if only else left,
            "allocation": only,
        }


class AcceptForm(CreditForm):
    """What it was that the employer did; where nothing is chosen, it is recorded as the employer tells it."""

    def __init__(self, *args: Any, claim: DeliveryClaim, **kwargs: Any) -> None:
        super().__init__(*args, pledge=claim.pledge, **kwargs)
        what: Any = self.fields["what"]
        if can_be_recorded(claim.pledge):
            what.required, what.empty_label = False, "None of these: record it as the employer tells it"
        self.initial = {**self.initial, "quantity": claim.quantity, "allocation": claim.allocation_id}
