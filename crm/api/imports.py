"""Imports: what came in from files, and the rows that were refused."""

from typing import Any

from django.db.models import F, Prefetch, Window
from django.db.models.functions import RowNumber
from rest_framework import serializers

from crm.api.resources import Resource, key, written
from crm.api.shapes import Shape
from crm.filtersets.imports import ImportFilterSet
from guilds.importing.models import Import, ImportRow, ImportStatus, Kind, Outcome

#: How many refused rows a list shows of each import; its own address shows all.
ROWS_IN_LIST = 20


class ImportRowShape(serializers.Serializer):
    row = serializers.IntegerField(help_text="As a spreadsheet numbers it")
    field = serializers.CharField()
    message = serializers.CharField()


class ImportShape(Shape):
    kind = serializers.ChoiceField(choices=Kind.choices)
    filename = serializers.CharField()
    layout = serializers.CharField()
    status = serializers.ChoiceField(choices=ImportStatus.choices)
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    warned = serializers.IntegerField()
    refused = serializers.IntegerField()
    finished_at = serializers.DateTimeField(allow_null=True)
    undone_at = serializers.DateTimeField(allow_null=True)
    imported_by = serializers.UUIDField(allow_null=True)
    rows = ImportRowShape(many=True, help_text=f"The refused ones; in a list, the first {ROWS_IN_LIST}")


class Imports(Resource):
    """Read only: files are loaded on the imports page, or by `manage.py import_file`."""

    model = Import
    filterset_class = ImportFilterSet
    shape = ImportShape
    permission_names = {"list": "import.view", "retrieve": "import.view"}

    def fetched(self, rows):
        refused = ImportRow.objects.filter(outcome=Outcome.REFUSED).order_by("row", "id")
        if not self.detail:
            place = Window(RowNumber(), partition_by=F("batch"), order_by=("row", "id"))
            refused = refused.annotate(place=place).filter(place__lte=ROWS_IN_LIST)
        return rows.prefetch_related(Prefetch("rows", refused.defer("raw"), to_attr="refused_rows"))

    def represent(self, record: Any) -> dict[str, Any]:
        return {
            "kind": record.kind,
            "filename": record.filename,
            "layout": record.layout,
            "status": record.status,
            "created": record.created,
            "updated": record.updated,
            "unchanged": record.unchanged,
            "warned": record.warned,
            "refused": record.refused,
            "finished_at": written(record.finished_at),
            "undone_at": written(record.undone_at),
            "imported_by": key(record.imported_by_id),
            "rows": [{"row": row.row, "field": row.field, "message": row.message} for row in record.refused_rows],
        }
