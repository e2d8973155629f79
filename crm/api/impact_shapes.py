"""Parameters and answers of figures and their evidence."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from crm.api.pagination import DEFAULT_SIZE, LARGEST


def _parameter(name: str, description: str, type: object = str, **more: object) -> OpenApiParameter:
    return OpenApiParameter(name, type, description=description, **more)  # type: ignore[arg-type]


_SCOPE = (
    _parameter("period", "2016-17, FY2016-17, 2016-17-Q1, FY2016-17-Q1 or 2017-03"),
    _parameter("from", "First day, the first of a month; instead of `period`", {"type": "string", "format": "date"}),
    _parameter("to", "Last day, the last of a month", {"type": "string", "format": "date"}),
    _parameter("guild", "Slug, or `county-wide`"),
    _parameter("district", "GSS code, `outside` or `unknown`"),
    _parameter("kind", "Kind of engagement"),
)
SUMMARY_PARAMETERS = (
    *_SCOPE,
    _parameter("by", "What the rows are", enum=["guild", "district", "kind", "month", "total"]),
    _parameter("measures", "Slugs with commas between; all of them unless given"),
)
EVIDENCE_PARAMETERS = (
    *_SCOPE,
    _parameter("measure", "Slug of one measure", required=True),
    _parameter("cursor", "Where to go on: as it stands in `next`"),
    _parameter(
        "page_size",
        "Rows on a page",
        {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": DEFAULT_SIZE},
    ),
)


class PeriodShape(serializers.Serializer):
    slug = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    to = serializers.DateField()

    def get_fields(self) -> dict[str, serializers.Field]:
        """Adds `from`, which Python keeps for itself."""
        return super().get_fields() | {"from": serializers.DateField()}


class FigureShape(serializers.Serializer):
    """`value` null: not applicable, or what `symbol` says (c: confidential). `missing`: how many records have no number."""

    value = serializers.FloatField(allow_null=True)
    confirmed = serializers.FloatField(allow_null=True)
    missing = serializers.IntegerField(allow_null=True)
    target = serializers.IntegerField(allow_null=True)
    adds_up = serializers.BooleanField(help_text="False: rows count some twice, so they need not add up to the total")
    symbol = serializers.CharField(required=False)
    numerator = serializers.IntegerField(required=False, allow_null=True)
    denominator = serializers.IntegerField(required=False, allow_null=True)
    parts = serializers.DictField(
        child=serializers.DictField(child=serializers.FloatField(allow_null=True)), required=False, allow_null=True
    )


class RowShape(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    measures = serializers.DictField(child=FigureShape())


class SummaryShape(serializers.Serializer):
    period = PeriodShape()
    as_of = serializers.DateField()
    methodology_version = serializers.CharField()
    refreshed_at = serializers.DateTimeField(allow_null=True)
    by = serializers.CharField()
    rows = RowShape(many=True)
    total = RowShape()


class EvidenceShape(serializers.Serializer):
    record = serializers.CharField(help_text="engagement, pledge, placement, apprenticeship or organisation")
    id = serializers.UUIDField()
    title = serializers.CharField()
    on = serializers.DateField(allow_null=True)
    guild = serializers.CharField(allow_null=True)
    district = serializers.CharField(allow_null=True)
    organisation = serializers.CharField(allow_null=True)
    status = serializers.CharField()
    contribution = serializers.FloatField()
    confirmed = serializers.IntegerField(allow_null=True)
    missing = serializers.BooleanField()
    promised = serializers.IntegerField(allow_null=True)


class EvidencePageShape(serializers.Serializer):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    total = serializers.FloatField(allow_null=True, help_text="The figure")
    results = EvidenceShape(many=True)
