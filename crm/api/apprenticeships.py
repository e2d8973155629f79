"""Apprenticeships: positions that an employer opened on one standard."""

from typing import Any

from django.db.models import F
from rest_framework import serializers

from crm.api.fields import Day, Number, OnInput, ReasonInput, ReasonOnInput, StrictSerializer, Text
from crm.api.permissions import require
from crm.api.references import (
    DistrictReference,
    GuildReference,
    OrganisationReference,
    RecordReference,
    StandardReference,
)
from crm.api.resources import Correcting, Creating, day, key, verb
from crm.api.shapes import Shape
from crm.filtersets.apprenticeships import ApprenticeshipFilterSet
from guilds.opportunities import actions
from guilds.opportunities.models import Apprenticeship, ApprenticeshipStatus, Intake
from guilds.pledges import fulfilling
from guilds.pledges.models import Pledge


class ApprenticeshipCorrection(StrictSerializer):
    reference = serializers.CharField(max_length=60, allow_blank=True, required=False)
    employer = OrganisationReference()
    workplace = OrganisationReference(required=False, allow_null=True)
    training_provider = OrganisationReference(required=False, allow_null=True)
    guild = GuildReference(required=False, allow_null=True)
    district = DistrictReference(required=False, allow_null=True)
    standard = StandardReference(required=False, allow_null=True)
    standard_title = serializers.CharField(max_length=250, allow_blank=True, required=False)
    level = Number(min_value=2, max_value=8, required=False, allow_null=True)
    positions = Number(min_value=1, required=False)
    intake = serializers.ChoiceField(choices=Intake.choices, allow_blank=True, required=False)
    assisted = serializers.BooleanField(required=False)
    opened_on = Day(required=False)
    starts_on = Day(required=False, allow_null=True)
    ends_on = Day(required=False, allow_null=True)
    pledge = RecordReference(Pledge, required=False, allow_null=True, help_text="The pledge that it fulfils")


class ApprenticeshipInput(ApprenticeshipCorrection):
    """`status`: whatever state it is in; `reason` goes with one that ended early."""

    status = serializers.ChoiceField(choices=ApprenticeshipStatus.choices, required=False)
    reason = Text()


class ApprenticeshipShape(Shape):
    reference = serializers.CharField()
    employer = serializers.UUIDField()
    workplace = serializers.UUIDField(allow_null=True)
    training_provider = serializers.UUIDField(allow_null=True)
    guild = serializers.CharField(allow_null=True)
    district = serializers.CharField(allow_null=True)
    standard = serializers.CharField(allow_null=True, help_text="Reference, such as ST0116")
    standard_title = serializers.CharField()
    level = serializers.IntegerField(allow_null=True)
    positions = serializers.IntegerField()
    intake = serializers.ChoiceField(choices=Intake.choices, allow_blank=True)
    assisted = serializers.BooleanField()
    opened_on = serializers.DateField()
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    status = serializers.ChoiceField(choices=ApprenticeshipStatus.choices)
    status_reason = serializers.CharField(allow_null=True)
    pledge = serializers.UUIDField(allow_null=True)


class Apprenticeships(Creating, Correcting):
    """Title and level are copied from the standard where they are not given: lists of standards change."""

    model = Apprenticeship
    filterset_class = ApprenticeshipFilterSet
    shape = ApprenticeshipShape
    input, correction = ApprenticeshipInput, ApprenticeshipCorrection
    error_names = {"status_reason": "reason"}
    permission_names = {
        "list": "apprenticeship.view",
        "retrieve": "apprenticeship.view",
        "create": "apprenticeship.change",
        "partial_update": "apprenticeship.change",
        "fill": "apprenticeship.change",
        "start": "apprenticeship.change",
        "complete": "apprenticeship.change",
        "close_unfilled": "apprenticeship.change",
        "cancel": "apprenticeship.change",
        "withdraw": "apprenticeship.change",
    }

    def fetched(self, rows):
        return rows.annotate(fulfils=F("delivery__pledge_id"), standard_reference=F("standard__reference"))

    def represent(self, record: Any) -> dict[str, Any]:
        return {
            "reference": record.reference,
            "employer": str(record.employer_id),
            "workplace": key(record.workplace_id),
            "training_provider": key(record.training_provider_id),
            "guild": record.guild_id,
            "district": record.district_id,
            "standard": record.standard_reference,
            "standard_title": record.standard_title,
            "level": record.level,
            "positions": record.positions,
            "intake": record.intake,
            "assisted": record.assisted,
            "opened_on": day(record.opened_on),
            "starts_on": day(record.starts_on),
            "ends_on": day(record.ends_on),
            "status": record.status,
            "status_reason": None if self.user.is_commission_member else record.status_reason,
            "pledge": key(record.fulfils),
        }

    def add(self, fields: dict[str, Any]) -> Apprenticeship:
        require(self.user, "apprenticeship.change", Apprenticeship(guild=fields.get("guild")))
        _require_pledge(self.user, fields)
        return fulfilling.open_apprenticeship(by=self.user, **fields)

    def correct(self, record: Apprenticeship, fields: dict[str, Any], version: int) -> None:
        if "guild" in fields:
            require(self.user, "apprenticeship.change", Apprenticeship(guild=fields["guild"]))
        _require_pledge(self.user, fields)
        fulfilling.correct_apprenticeship(by=self.user, apprenticeship=record, expected_version=version, **fields)

    @verb()
    def fill(self, record: Apprenticeship, fields: dict[str, Any]) -> None:
        """Somebody was found for the positions."""
        actions.fill_apprenticeship(by=self.user, apprenticeship=record)

    @verb(OnInput)
    def start(self, record: Apprenticeship, fields: dict[str, Any]) -> None:
        """The apprentices started."""
        actions.start_apprenticeship(by=self.user, apprenticeship=record, **fields)

    @verb(OnInput)
    def complete(self, record: Apprenticeship, fields: dict[str, Any]) -> None:
        """The apprentices completed."""
        actions.complete_apprenticeship(by=self.user, apprenticeship=record, **fields)

    @verb(ReasonInput)
    def close_unfilled(self, record: Apprenticeship, fields: dict[str, Any]) -> None:
        """Nobody was found for the positions."""
        actions.close_apprenticeship_unfilled(by=self.user, apprenticeship=record, **fields)

    @verb(ReasonInput)
    def cancel(self, record: Apprenticeship, fields: dict[str, Any]) -> None:
        """The employer took the positions back."""
        actions.cancel_apprenticeship(by=self.user, apprenticeship=record, **fields)

    @verb(ReasonOnInput)
    def withdraw(self, record: Apprenticeship, fields: dict[str, Any]) -> None:
        """The apprentices left early."""
        actions.withdraw_apprenticeship(by=self.user, apprenticeship=record, **fields)


def _require_pledge(user: Any, fields: dict[str, Any]) -> None:
    """Crediting a pledge is for whoever leads it."""
    if fields.get("pledge"):
        require(user, "pledge.match", fields["pledge"])
