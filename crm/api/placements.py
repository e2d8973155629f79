"""Placements: a time at a workplace for a number of learners."""

from typing import Any

from django.db.models import F
from rest_framework import serializers

from crm.api.fields import Day, Number, OnInput, ReasonInput, ReasonOnInput, StrictSerializer, Text
from crm.api.permissions import require
from crm.api.references import DistrictReference, GuildReference, OrganisationReference, RecordReference
from crm.api.resources import Correcting, Creating, day, key, verb
from crm.api.shapes import Shape
from crm.filtersets.placements import PlacementFilterSet
from guilds.opportunities import actions
from guilds.opportunities.models import Canceller, Placement, PlacementStatus, Programme
from guilds.pledges import fulfilling
from guilds.pledges.models import Pledge


class PlacementCorrection(StrictSerializer):
    reference = serializers.CharField(max_length=60, allow_blank=True, required=False)
    employer = OrganisationReference()
    workplace = OrganisationReference(required=False, allow_null=True)
    provider = OrganisationReference(required=False, allow_null=True)
    guild = GuildReference(required=False, allow_null=True)
    district = DistrictReference(required=False, allow_null=True)
    programme = serializers.ChoiceField(choices=Programme.choices, required=False)
    learners = Number(min_value=1, required=False, help_text="A number; names are never kept")
    hours = Number(required=False, allow_null=True, help_text="For each learner")
    arranged_on = Day(required=False)
    starts_on = Day(required=False, allow_null=True)
    ends_on = Day(required=False, allow_null=True)
    pledge = RecordReference(Pledge, required=False, allow_null=True, help_text="The pledge that it fulfils")
    suits_send = serializers.BooleanField(required=False)
    suits_reengagement = serializers.BooleanField(required=False)


class PlacementInput(PlacementCorrection):
    """`status`: whatever state it is in; `reason` and `cancelled_by` go with one that ended early."""

    status = serializers.ChoiceField(choices=PlacementStatus.choices, required=False)
    reason = Text()
    cancelled_by = serializers.ChoiceField(choices=Canceller.choices, allow_blank=True, required=False)


class CancelInput(ReasonInput):
    cancelled_by = serializers.ChoiceField(choices=Canceller.choices, allow_blank=True, required=False)


class PlacementShape(Shape):
    reference = serializers.CharField()
    employer = serializers.UUIDField()
    workplace = serializers.UUIDField(allow_null=True)
    provider = serializers.UUIDField(allow_null=True)
    guild = serializers.CharField(allow_null=True)
    district = serializers.CharField(allow_null=True)
    programme = serializers.ChoiceField(choices=Programme.choices)
    learners = serializers.IntegerField()
    hours = serializers.IntegerField(allow_null=True)
    arranged_on = serializers.DateField()
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    status = serializers.ChoiceField(choices=PlacementStatus.choices)
    status_reason = serializers.CharField(allow_null=True)
    cancelled_by = serializers.ChoiceField(choices=Canceller.choices, allow_blank=True)
    pledge = serializers.UUIDField(allow_null=True)
    suits_send = serializers.BooleanField()
    suits_reengagement = serializers.BooleanField()


class Placements(Creating, Correcting):
    """Each is for a number of learners, never their names."""

    model = Placement
    filterset_class = PlacementFilterSet
    shape = PlacementShape
    input, correction = PlacementInput, PlacementCorrection
    error_names = {"status_reason": "reason"}
    permission_names = {
        "list": "placement.view",
        "retrieve": "placement.view",
        "create": "placement.change",
        "partial_update": "placement.change",
        "start": "placement.change",
        "complete": "placement.change",
        "cancel": "placement.change",
        "withdraw": "placement.change",
        "did_not_attend": "placement.change",
    }

    def fetched(self, rows):
        return rows.annotate(fulfils=F("delivery__pledge_id"))

    def represent(self, record: Any) -> dict[str, Any]:
        return {
            "reference": record.reference,
            "employer": str(record.employer_id),
            "workplace": key(record.workplace_id),
            "provider": key(record.provider_id),
            "guild": record.guild_id,
            "district": record.district_id,
            "programme": record.programme,
            "learners": record.learners,
            "hours": record.hours,
            "arranged_on": day(record.arranged_on),
            "starts_on": day(record.starts_on),
            "ends_on": day(record.ends_on),
            "status": record.status,
            "status_reason": None if self.user.is_commission_member else record.status_reason,
            "cancelled_by": record.cancelled_by,
            "pledge": key(record.fulfils),
            "suits_send": record.suits_send,
            "suits_reengagement": record.suits_reengagement,
        }

    def add(self, fields: dict[str, Any]) -> Placement:
        require(self.user, "placement.change", Placement(guild=fields.get("guild")))
        _require_pledge(self.user, fields)
        return fulfilling.arrange_placement(by=self.user, **fields)

    def correct(self, record: Placement, fields: dict[str, Any], version: int) -> None:
        if "guild" in fields:
            require(self.user, "placement.change", Placement(guild=fields["guild"]))
        _require_pledge(self.user, fields)
        fulfilling.correct_placement(by=self.user, placement=record, expected_version=version, **fields)

    @verb(OnInput)
    def start(self, record: Placement, fields: dict[str, Any]) -> None:
        """The learners came."""
        actions.start_placement(by=self.user, placement=record, **fields)

    @verb(OnInput)
    def complete(self, record: Placement, fields: dict[str, Any]) -> None:
        """The learners stayed to the end."""
        actions.complete_placement(by=self.user, placement=record, **fields)

    @verb(CancelInput)
    def cancel(self, record: Placement, fields: dict[str, Any]) -> None:
        """It will not take place."""
        actions.cancel_placement(by=self.user, placement=record, **fields)

    @verb(ReasonOnInput)
    def withdraw(self, record: Placement, fields: dict[str, Any]) -> None:
        """The learners left early."""
        actions.withdraw_placement(by=self.user, placement=record, **fields)

    @verb(ReasonInput)
    def did_not_attend(self, record: Placement, fields: dict[str, Any]) -> None:
        """The learners never came."""
        actions.mark_did_not_attend(by=self.user, placement=record, **fields)


def _require_pledge(user: Any, fields: dict[str, Any]) -> None:
    """Crediting a pledge is for whoever leads it."""
    if fields.get("pledge"):
        require(user, "pledge.match", fields["pledge"])
