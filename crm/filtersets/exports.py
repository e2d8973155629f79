"""Filters of the log of exports."""

import django_filters

from crm.filtersets.base import ChoiceFilter, ListFilterSet
from guilds.access.models import ExportFormat, ExportLog, User


class ExportFilterSet(ListFilterSet):
    """Who took what out of the system, and when."""

    counted_on = "created_at__date"
    orderings = ("created_at",)
    user = django_filters.ModelChoiceFilter(queryset=User.objects.all(), label="Who", empty_label="Anybody")
    format = ChoiceFilter(choices=ExportFormat.choices, label="Format")

    class Meta:
        model = ExportLog
        fields: list[str] = []
