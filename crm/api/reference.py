"""Guilds and districts: what other resources refer to."""

from typing import Any

from rest_framework import serializers

from crm.api.resources import Resource
from crm.api.shapes import Shape
from crm.filtersets.reference import DistrictFilterSet, GuildFilterSet
from guilds.reference.models import District, Guild


class GuildShape(Shape):
    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField(help_text="The sector")


class DistrictShape(Shape):
    code = serializers.CharField(help_text="GSS code, or `outside`")
    name = serializers.CharField()
    area = serializers.CharField(help_text="North, South, East, West or Medway")
    former_names = serializers.ListField(child=serializers.CharField())


class Guilds(Resource):
    """The sector guilds."""

    model = Guild
    filterset_class = GuildFilterSet
    shape = GuildShape
    lookup_field = "slug"
    permission_names = {"list": "reference.view", "retrieve": "reference.view"}

    def represent(self, record: Guild) -> dict[str, Any]:
        return {"slug": record.slug, "name": record.name, "description": record.description}


class Districts(Resource):
    """The districts of Kent, Medway, and one row for everywhere else."""

    model = District
    filterset_class = DistrictFilterSet
    shape = DistrictShape
    lookup_field = "code"
    permission_names = {"list": "reference.view", "retrieve": "reference.view"}

    def represent(self, record: District) -> dict[str, Any]:
        names = {"code": record.code, "name": record.name, "area": record.area}
        return names | {"former_names": record.former_names}
