"""Publications: figures that were frozen, and what the records say by now."""

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api import etags
from crm.api.fields import ReasonInput, StrictSerializer
from crm.api.permissions import require
from crm.api.references import DistrictReference, GuildReference
from crm.api.resources import Creating, verb, written
from crm.api.shapes import Shape
from crm.filtersets.publications import PublicationFilterSet
from guilds.publishing import actions
from guilds.publishing.differences import Difference, differences
from guilds.publishing.figures import frozen
from guilds.publishing.models import Publication, PublicationStatus, PublishedFigure

_DIMENSIONS = ("total", "guild", "district", "kind", "month")


class PublicationInput(StrictSerializer):
    """For a guild, a district, or neither: the whole county."""

    period = serializers.CharField(max_length=20, help_text="2016-17, FY2016-17, 2016-17-Q1, FY2016-17-Q1 or 2017-03")
    guild = GuildReference(required=False, allow_null=True)
    district = DistrictReference(required=False, allow_null=True)


class PublishInput(StrictSerializer):
    status = serializers.ChoiceField(choices=[("provisional", "Provisional"), ("final", "Final")])


class PublishedFigureShape(serializers.Serializer):
    """`value` null: what `symbol` says (c confidential, z not applicable). `digest`: of the rows behind it."""

    measure = serializers.CharField()
    by = serializers.ChoiceField(choices=_DIMENSIONS)
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.FloatField(allow_null=True)
    confirmed = serializers.IntegerField(allow_null=True)
    missing = serializers.IntegerField(allow_null=True)
    target = serializers.IntegerField(allow_null=True)
    numerator = serializers.IntegerField(allow_null=True)
    denominator = serializers.IntegerField(allow_null=True)
    adds_up = serializers.BooleanField()
    symbol = serializers.CharField()
    rows = serializers.IntegerField()
    digest = serializers.CharField()


class PublicationShape(Shape):
    period = serializers.CharField()
    guild = serializers.CharField(allow_null=True)
    district = serializers.CharField(allow_null=True)
    version = serializers.IntegerField()
    status = serializers.ChoiceField(choices=PublicationStatus.choices)
    published_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(help_text="Why there is this version, from the second on")
    methodology_version = serializers.CharField(allow_null=True)
    as_of = serializers.DateTimeField(allow_null=True, help_text="Changes until then are in the figures")
    figures = PublishedFigureShape(many=True, required=False, help_text="Not in lists")


class ChangeShape(serializers.Serializer):
    record = serializers.CharField(help_text="engagement, pledge, placement, apprenticeship or organisation")
    id = serializers.UUIDField()
    title = serializers.CharField(help_text="Empty for a record that you may not see")
    before = serializers.FloatField()
    now = serializers.FloatField()


class DifferenceShape(serializers.Serializer):
    measure = serializers.CharField()
    by = serializers.ChoiceField(choices=_DIMENSIONS)
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    published = serializers.FloatField(allow_null=True)
    now = serializers.FloatField(allow_null=True)
    confirmed_published = serializers.IntegerField(allow_null=True)
    confirmed_now = serializers.IntegerField(allow_null=True)
    changes = ChangeShape(many=True, help_text="The records that add something else now")
    more_changes = serializers.IntegerField(help_text="How many changed records are not named")


class DifferencesShape(serializers.Serializer):
    """All at once: `next` and `previous` are always null."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = DifferenceShape(many=True)


class Publications(Creating):
    """A draft follows the records. What is published is never changed: a revision is a new version, and both stay."""

    model = Publication
    filterset_class = PublicationFilterSet
    shape = PublicationShape
    input = PublicationInput
    permission_names = {
        "list": "publication.view",
        "retrieve": "publication.view",
        "create": "publication.make",
        "publish": "publication.publish",
        "revise": "publication.make",
        "differences": "publication.compare",
    }

    def fetched(self, rows):
        return rows.for_list()

    def gather(self, records: list[Publication]) -> list[PublishedFigure] | None:
        """The figures of one; a list has none."""
        return None if self.action == "list" else frozen(records[0], self.user)

    def represent(self, record: Publication) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "period": record.period,
            "guild": record.guild_id,
            "district": record.district_id,
            "version": record.edition,
            "status": record.status,
            "published_at": written(record.published_at),
            "reason": record.reason,
            "methodology_version": record.methodology_version or None,
            "as_of": written(record.as_of),
        }
        if self.gathered is not None:
            shown["figures"] = [_figure(figure) for figure in self.gathered]
        return shown

    def add(self, fields: dict[str, Any]) -> Publication:
        return actions.make(by=self.user, **fields)

    @verb(PublishInput)
    def publish(self, record: Publication, fields: dict[str, Any]) -> None:
        """Freeze the figures as they are now; or say that provisional ones are final."""
        actions.publish(by=self.user, publication=record, **fields)

    @verb(ReasonInput, status=201)
    def revise(self, record: Publication, fields: dict[str, Any]) -> dict[str, Any]:
        """A draft of a new version, with a reason that everybody can read. Answers with the new version."""
        return self.shown(actions.revise(by=self.user, publication=record, **fields))

    @action(detail=True, methods=["get"])
    def differences(self, request: Request, **kwargs: Any) -> Response:
        """What the records say now against what was published, with the records that have changed."""
        record = self.record()
        require(self.user, self.permission, record)
        found = [_difference(difference) for difference in differences(record, self.user)]
        shown = {"next": None, "previous": None, "results": found}
        return Response(shown, headers={"ETag": etags.etag(record.version, shown)})

    differences.answer = DifferencesShape  # type: ignore[attr-defined]


def _figure(figure: PublishedFigure) -> dict[str, Any]:
    return {name: getattr(figure, name) for name in PublishedFigureShape._declared_fields} | {
        "value": _plain(figure.value)
    }


def _difference(found: Difference) -> dict[str, Any]:
    figure, now = found.figure, found.now
    return {
        "measure": figure.measure,
        "by": figure.by,
        "key": figure.key,
        "label": figure.label,
        "published": _plain(figure.value),
        "now": _plain(now.value) if now else None,
        "confirmed_published": figure.confirmed,
        "confirmed_now": now.confirmed if now else None,
        "changes": [
            {"record": c.record, "id": c.id, "title": c.title, "before": _plain(c.before), "now": _plain(c.now)}
            for c in found.changes
        ],
        "more_changes": found.more,
    }


def _plain(value: float | None) -> float | int | None:
    """Whole numbers without a point."""
    return value if value is None or value != int(value) else int(value)
