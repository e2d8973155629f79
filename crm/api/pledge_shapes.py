"""Bodies and answers of pledges and their allocations."""

from rest_framework import serializers

from crm.api.fields import Day, Number, OnInput, ReasonInput, StrictSerializer, Text
from crm.api.references import (
    DistrictReference,
    GuildReference,
    OrganisationReference,
    RecordReference,
)
from crm.api.shapes import Shape
from guilds.engagement.models import Engagement
from guilds.opportunities.models import Apprenticeship, Placement, Programme
from guilds.organisations.models import Contact
from guilds.pledges.models import (
    Allocation,
    AllocationStatus,
    Delivery,
    MadeThrough,
    PledgeKind,
    PledgeStatus,
)


class PledgeCorrection(StrictSerializer):
    reference = serializers.CharField(max_length=60, allow_blank=True, required=False)
    guild = GuildReference(allow_null=True, required=False)
    kind = serializers.ChoiceField(choices=PledgeKind.choices)
    quantity = Number(min_value=1, help_text="Stays as it is once verified: amend it")
    made_on = Day(required=False)
    valid_until = Day(required=False, allow_null=True)
    districts = serializers.ListField(
        child=DistrictReference(), required=False, max_length=50, help_text="Empty: anywhere"
    )
    year_groups = serializers.ListField(child=serializers.CharField(max_length=10), required=False, max_length=20)
    level = Number(min_value=1, max_value=8, required=False, allow_null=True)
    suits_send = serializers.BooleanField(required=False)
    suits_reengagement = serializers.BooleanField(required=False)
    suits_t_level = serializers.BooleanField(required=False)
    programme = serializers.ChoiceField(choices=Programme.choices, allow_blank=True, required=False)
    route = serializers.CharField(
        max_length=100, allow_blank=True, required=False, help_text="A route of the apprenticeship standards"
    )
    starts_on = Day(required=False, allow_null=True, help_text="When the places are, if fixed")
    ends_on = Day(required=False, allow_null=True)
    engagement = RecordReference(Engagement, required=False, allow_null=True, help_text="Where it was made")
    contact = RecordReference(Contact, required=False, allow_null=True)
    conditions = Text()
    notes = Text()


class PledgeInput(PledgeCorrection):
    """`made_through` and `status` are for the team; `made_on` is today unless given."""

    employer = OrganisationReference()
    made_through = serializers.ChoiceField(choices=MadeThrough.choices, required=False)
    status = serializers.ChoiceField(
        choices=[choice for choice in PledgeStatus.choices if choice[0] != "fulfilled"], required=False
    )
    reason = Text()


class ExtendInput(ReasonInput):
    valid_until = Day()


class AmendInput(ReasonInput, OnInput):
    quantity = Number()


class AllocateInput(StrictSerializer):
    provider = OrganisationReference()
    quantity = Number(min_value=1)
    note = Text()


class CreditInput(StrictSerializer):
    """One of placement, apprenticeship and engagement; `quantity` goes with an engagement."""

    placement = RecordReference(Placement, required=False, allow_null=True)
    apprenticeship = RecordReference(Apprenticeship, required=False, allow_null=True)
    engagement = RecordReference(Engagement, required=False, allow_null=True)
    quantity = Number(required=False, allow_null=True)
    allocation = RecordReference(Allocation, required=False, allow_null=True)


class UncreditInput(ReasonInput):
    delivery = RecordReference(Delivery)


class PledgeShape(Shape):
    reference = serializers.CharField()
    employer = serializers.UUIDField()
    guild = serializers.CharField(allow_null=True)
    kind = serializers.ChoiceField(choices=PledgeKind.choices)
    quantity = serializers.IntegerField(help_text="What was promised at first")
    current_quantity = serializers.IntegerField(help_text="What is promised after amendments")
    made_on = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)
    status = serializers.ChoiceField(choices=PledgeStatus.choices)
    status_reason = serializers.CharField(allow_null=True)
    verified_on = serializers.DateField(allow_null=True)
    engagement = serializers.UUIDField(allow_null=True)
    made_through = serializers.ChoiceField(choices=MadeThrough.choices)
    districts = serializers.ListField(child=serializers.CharField())
    year_groups = serializers.ListField(child=serializers.CharField())
    level = serializers.IntegerField(allow_null=True)
    suits_send = serializers.BooleanField()
    suits_reengagement = serializers.BooleanField()
    suits_t_level = serializers.BooleanField()
    programme = serializers.ChoiceField(choices=Programme.choices, allow_blank=True)
    route = serializers.CharField()
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    contact = serializers.UUIDField(allow_null=True)
    conditions = serializers.CharField()
    notes = serializers.CharField(allow_null=True)
    allocated = serializers.IntegerField(help_text="Agreed, and not yet delivered")
    delivered = serializers.IntegerField()
    remaining = serializers.IntegerField()


class AllocationShape(Shape):
    pledge = serializers.UUIDField()
    provider = serializers.UUIDField()
    quantity = serializers.IntegerField()
    status = serializers.ChoiceField(choices=AllocationStatus.choices)
    note = serializers.CharField()


class DeliveryShape(serializers.Serializer):
    id = serializers.UUIDField()
    pledge = serializers.UUIDField()
    placement = serializers.UUIDField(allow_null=True)
    apprenticeship = serializers.UUIDField(allow_null=True)
    engagement = serializers.UUIDField(allow_null=True)
    quantity = serializers.IntegerField(allow_null=True)
    allocation = serializers.UUIDField(allow_null=True)
