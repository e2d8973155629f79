"""The data behind a chart as a file."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from crm.exports.impact import NAMES, impact_table
from crm.exports.tables import FORMATS
from crm.forms.impact import ComparisonForm
from crm.views.base import Page
from crm.views.exports import figures_file
from crm.views.impact import earliest_month, sections_of
from guilds.impact.totals import Scope


class ImpactFile(Page):
    """CSV, Excel or OpenDocument, by the same period, comparison and scope as the page that leads here."""

    permission_name = "impact.view"
    template_name = "impact/no_file.html"

    def get(self, request: HttpRequest, name: str, form: str) -> HttpResponse:
        """The download; what is wrong with the address is said. Raises Http404 for a table or format that there is not."""
        if name not in NAMES or form not in FORMATS:
            raise Http404
        today = timezone.localdate()
        asked = ComparisonForm(request.GET, today=today, earliest=earliest_month(today))
        if not asked.is_valid() or asked.chosen is None:
            return self.page(
                refusals=[message for messages in asked.errors.values() for message in messages], status=400
            )
        scope = Scope(**{key: request.GET.get(key) or None for key in ("guild", "district", "kind")})
        for_team = bool(getattr(request.user, "is_staff_member", False))
        try:
            table = impact_table(sections_of(scope, asked.chosen, asked, for_team=for_team), name)
        except ValidationError as refusal:
            return self.page(refusals=refusal.messages, status=400)
        return figures_file(request, table, form, list_name="impact_file")
