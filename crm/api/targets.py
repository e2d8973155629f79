"""Targets: what is aimed at, and what was aimed at before."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api import once
from crm.api.fields import Number, StrictSerializer, Text
from crm.api.problems import PreconditionFailed
from crm.api.references import DistrictReference, GuildReference
from crm.api.resources import Correcting, day, written
from crm.api.shapes import Shape
from crm.filtersets.targets import TargetFilterSet
from guilds.audit.models import Event
from guilds.impact.measures import MEASURES
from guilds.impact.models import Target
from guilds.impact.targets import set_target


class TargetCorrection(StrictSerializer):
    value = Number()
    reason = Text(help_text="Why it is another value now")


class TargetInput(TargetCorrection):
    """For a guild, a district, or neither: the whole county."""

    measure = serializers.ChoiceField(choices=[(slug, measure.label) for slug, measure in MEASURES.items()])
    guild = GuildReference(required=False, allow_null=True)
    district = DistrictReference(required=False, allow_null=True)
    period = serializers.CharField(max_length=20, help_text="2016-17, FY2016-17, 2016-17-Q1, FY2016-17-Q1 or 2017-03")


class HistoryShape(serializers.Serializer):
    value = serializers.IntegerField()
    at = serializers.DateTimeField()
    by = serializers.CharField(allow_null=True)
    reason = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field]:
        """Adds `from`, which Python keeps for itself."""
        before = serializers.IntegerField(allow_null=True, help_text="The value before; null: there was none")
        return super().get_fields() | {"from": before}


class TargetShape(Shape):
    measure = serializers.CharField()
    guild = serializers.CharField(allow_null=True)
    district = serializers.CharField(allow_null=True)
    period = serializers.CharField()
    value = serializers.IntegerField()
    ended_on = serializers.DateField(allow_null=True, help_text="Since when nobody aims at it; null: it is in force")
    history = HistoryShape(many=True, help_text="First to last")


class Targets(Correcting):
    """A new value never overwrites the old one: the history keeps it."""

    model = Target
    filterset_class = TargetFilterSet
    shape = TargetShape
    input, correction = TargetInput, TargetCorrection
    #: Creating what is there already gives it another value (200).
    sets = True
    permission_names = {
        "list": "target.view",
        "retrieve": "target.view",
        "create": "target.change",
        "partial_update": "target.change",
    }

    def represent(self, record: Target) -> dict[str, Any]:
        return {
            "measure": record.measure,
            "guild": record.guild_id,
            "district": record.district_id,
            "period": record.period,
            "value": record.value,
            "ended_on": day(record.ended_on),
            "history": self.gathered[record.pk],
        }

    def create(self, request: Request) -> Response:
        """201 with a new target, 200 with one that had a value before."""
        return once.respond(request, self._set)

    def correct(self, record: Target, fields: dict[str, Any], version: int) -> None:
        """The lock holds until the answer: nobody can set it between what was compared and what is set."""
        if Target.objects.select_for_update().get(pk=record.pk).version != version:
            raise PreconditionFailed
        set_target(
            by=self.user,
            measure=record.measure,
            period=record.period,
            guild=record.guild,
            district=record.district,
            **{"value": record.value} | fields,
        )

    def _set(self) -> once.Answer:
        target = set_target(by=self.user, **self.parsed(self.input))
        return self.answered(target.pk, 201 if target.version == 1 else 200)

    def gather(self, records: list[Target]) -> dict[UUID, list[dict]]:
        """The values of each target, first to last. Names of the team's people are for the team."""
        named = self.user.is_staff_member
        ids = [record.pk for record in records]
        events = Event.objects.filter(subject_type="target", subject_id__in=ids, after__isnull=False)
        histories: dict[UUID, list[dict]] = defaultdict(list)
        for event in events.select_related("actor").order_by("at", "id"):
            histories[event.subject_id].append(
                {
                    "value": event.after["value"],  # type: ignore[index]
                    "from": (event.before or {}).get("value"),
                    "at": written(event.at),
                    "by": event.actor.name if named and event.actor else None,
                    "reason": event.reason,
                }
            )
        return histories
