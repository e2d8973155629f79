"""Bodies and answers of engagements."""

from rest_framework import serializers

from crm.api.fields import Moment, Number, StrictSerializer, Text
from crm.api.references import (
    DistrictReference,
    GuildReference,
    OrganisationReference,
    RecordReference,
    VenueReference,
)
from crm.api.shapes import Shape
from guilds.access.models import User
from guilds.engagement.models import Answer, Delivery, EngagementKind, ParticipationRole, Status

_MOST_ROWS = 500


class AttendanceInput(StrictSerializer):
    """`learners` null: nobody has said how many; 0: none. The school's answer comes by the verb `answer`."""

    given_back = frozenset({"id", "answer", "answered_learners", "answer_note", "no_answer_on"})

    provider = OrganisationReference()
    year_group = serializers.CharField(max_length=10, allow_blank=True, required=False)
    learners = Number(allow_null=True, required=False)
    staff = Number(allow_null=True, required=False)
    send = Number(allow_null=True, required=False)
    fsm = Number(allow_null=True, required=False)
    looked_after = Number(allow_null=True, required=False)


class ParticipationInput(StrictSerializer):
    employer = OrganisationReference()
    role = serializers.ChoiceField(choices=ParticipationRole.choices, required=False)
    volunteers = Number(allow_null=True, required=False)
    hours = serializers.DecimalField(
        max_digits=7, decimal_places=1, min_value=0, allow_null=True, required=False, coerce_to_string=False
    )
    job_offers = Number(allow_null=True, required=False)


class NumbersInput(StrictSerializer):
    """Rows that are given replace all rows of their sort."""

    attendances = AttendanceInput(many=True, required=False, max_length=_MOST_ROWS)  # type: ignore[call-arg]
    participations = ParticipationInput(many=True, required=False, max_length=_MOST_ROWS)  # type: ignore[call-arg]


class EngagementCorrection(NumbersInput):
    reference = serializers.CharField(max_length=60, allow_blank=True, required=False)
    title = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(choices=EngagementKind.choices)
    guild = GuildReference(allow_null=True, required=False)
    supporting_guilds = serializers.ListField(child=GuildReference(), required=False, max_length=50)
    starts_at = Moment()
    ends_at = Moment(allow_null=True, required=False)
    district = DistrictReference(allow_null=True, required=False)
    venue = VenueReference(allow_null=True, required=False)
    venue_address = serializers.CharField(max_length=300, allow_blank=True, required=False)
    delivery = serializers.ChoiceField(choices=Delivery.choices, required=False)
    lead_coordinator = RecordReference(User, allow_null=True, required=False)
    purpose = Text()
    gatsby_benchmarks = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=8), required=False, max_length=8
    )
    notes = Text()


class EngagementInput(EngagementCorrection):
    """`status`: whatever state it is in; `reason` goes with one that is cancelled or postponed."""

    status = serializers.ChoiceField(choices=Status.choices, required=False)
    reason = Text()


class AnswerInput(StrictSerializer):
    attendance = serializers.IntegerField(min_value=0, max_value=2**63 - 1)
    answer = serializers.ChoiceField(choices=[choice for choice in Answer.choices if choice[0] != "unanswered"])
    learners = Number(allow_null=True, required=False)
    note = Text()


class AttendanceShape(serializers.Serializer):
    id = serializers.IntegerField()
    provider = serializers.UUIDField()
    year_group = serializers.CharField()
    learners = serializers.IntegerField(allow_null=True)
    send = serializers.IntegerField(allow_null=True)
    fsm = serializers.IntegerField(allow_null=True)
    looked_after = serializers.IntegerField(allow_null=True)
    staff = serializers.IntegerField(allow_null=True)
    answer = serializers.ChoiceField(choices=Answer.choices)
    answered_learners = serializers.IntegerField(allow_null=True)
    answer_note = serializers.CharField(allow_null=True)
    no_answer_on = serializers.DateField(
        allow_null=True, help_text="When asking was given up; it is unanswered, and may still be answered"
    )


class ParticipationShape(serializers.Serializer):
    employer = serializers.UUIDField()
    role = serializers.ChoiceField(choices=ParticipationRole.choices)
    volunteers = serializers.IntegerField(allow_null=True)
    hours = serializers.FloatField(allow_null=True)
    job_offers = serializers.IntegerField(allow_null=True)


class EngagementShape(Shape):
    reference = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(choices=EngagementKind.choices)
    status = serializers.ChoiceField(choices=Status.choices)
    status_reason = serializers.CharField(allow_null=True)
    guild = serializers.CharField(allow_null=True, help_text="Slug; null: county-wide")
    supporting_guilds = serializers.ListField(child=serializers.CharField())
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)
    district = serializers.CharField(allow_null=True)
    venue = serializers.CharField(allow_null=True, help_text="The id of an organisation, or else an address")
    venue_address = serializers.CharField()
    delivery = serializers.ChoiceField(choices=Delivery.choices)
    lead_coordinator = serializers.UUIDField(allow_null=True, help_text="Shown to the guilds' team only")
    purpose = serializers.CharField()
    gatsby_benchmarks = serializers.ListField(child=serializers.IntegerField())
    notes = serializers.CharField(allow_null=True, help_text="Shown to the guilds' team only")
    attendances = AttendanceShape(many=True)
    participations = ParticipationShape(many=True)
