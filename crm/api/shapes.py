"""What answers look like, for the schema. Answers themselves are made by each resource's `represent`, which tests hold to it."""

from rest_framework import serializers


class Shape(serializers.Serializer):
    """What every record shows."""

    id = serializers.UUIDField()
    url = serializers.URLField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class FaultShape(serializers.Serializer):
    field = serializers.CharField(allow_null=True, help_text="A dotted path into the request, or null for all of it")
    code = serializers.CharField()
    message = serializers.CharField()


class ProblemShape(serializers.Serializer):
    """RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = FaultShape(many=True)  # type: ignore[assignment]
