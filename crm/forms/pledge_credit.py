"""What crediting a delivery to a pledge asks for."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from crm.forms.opportunities import count_box
from crm.forms.records import OneRecord
from guilds.pledges import crediting
from guilds.pledges.models import Pledge

_LABELS = {"placement": "Which placement", "apprenticeship": "Which apprenticeship", "engagement": "Which engagement"}


class _What(OneRecord):
    def label_from_instance(self, obj: Any) -> str:
        return crediting.told(obj)


class _Part(OneRecord):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.provider}: {obj.quantity} agreed, {obj.done} delivered"


class CreditForm(forms.Form):
    """What was delivered. How many follows from it, unless it is an engagement."""

    def __init__(self, *args: Any, pledge: Pledge, fitting: QuerySet, parts: QuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = crediting.fulfilled_by(pledge)
        self.fields["what"] = _What(
            fitting, label=_LABELS[self.kind], empty_label="Choose one", error_messages={"required": "Choose one"}
        )
        if self.kind == "engagement":
            help_text = f"Of the {pledge.promise} that were promised"
            self.fields["quantity"] = count_box("How many it delivered", help_text)
        if parts:
            self.fields["allocation"] = _Part(
                parts, label="For which school or college", required=False, empty_label="None of those agreed"
            )

    def facts(self) -> dict[str, Any]:
        """What was said, as the action takes it."""
        facts = dict(self.cleaned_data)
        return {self.kind: facts.pop("what")} | facts
