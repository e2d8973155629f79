"""The least that Django and REST framework can do over the same tables: what the product's own times are held against."""

from collections.abc import Callable

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from rest_framework import generics, pagination, permissions, serializers

from guilds.engagement.models import Attendance, Engagement, Participation


class CountQueries:
    """Answers a request that asks for it with the number of its queries in a header; others pass untouched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "X-Count-Queries" not in request.headers:
            return self.get_response(request)
        count = 0

        def counted(execute, sql, params, many, context):
            nonlocal count
            count += 1
            return execute(sql, params, many, context)

        with connection.execute_wrapper(counted):
            response = self.get_response(request)
        response.headers["X-Queries"] = str(count)
        return response


def view(request: HttpRequest) -> HttpResponse:
    """A page that says one word."""
    return HttpResponse("ok")


view.permission_name = "public"  # type: ignore[attr-defined]


class AttendanceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Attendance
        fields = ("provider", "year_group", "learners", "staff")


class ParticipationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Participation
        fields = ("employer", "role", "volunteers", "hours", "job_offers")


class EngagementSerializer(serializers.ModelSerializer):
    """An engagement with who came: no history, no rules, no permissions."""

    attendances = AttendanceSerializer(many=True)
    participations = ParticipationSerializer(many=True)

    class Meta:
        model = Engagement
        fields = ("id", "title", "kind", "status", "guild", "starts_at", "district", "attendances", "participations")

    @transaction.atomic
    def create(self, validated_data: dict) -> Engagement:
        """Save the three tables' rows."""
        attendances, participations = validated_data.pop("attendances"), validated_data.pop("participations")
        engagement = Engagement.objects.create(**validated_data, starts_on=validated_data["starts_at"].date())
        Attendance.objects.bulk_create([Attendance(engagement=engagement, **row) for row in attendances])
        Participation.objects.bulk_create([Participation(engagement=engagement, **row) for row in participations])
        return engagement


class Newest(pagination.CursorPagination):
    page_size = 50
    ordering = ("-starts_at", "-id")


class List(generics.ListAPIView):
    """Fifty engagements with who came."""

    authentication_classes = ()
    permission_classes = (permissions.AllowAny,)
    permission_name = "public"
    serializer_class = EngagementSerializer
    pagination_class = Newest
    queryset = Engagement.objects.select_related("guild", "district").prefetch_related("attendances", "participations")


class Create(generics.CreateAPIView):
    """One engagement with who came."""

    authentication_classes = ()
    permission_classes = (permissions.AllowAny,)
    permission_name = "public"
    serializer_class = EngagementSerializer
    queryset = Engagement.objects.all()
