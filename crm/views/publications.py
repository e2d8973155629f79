"""Publications: the list, drafting one, its page, its versions side by side, and its files."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from crm.exports.lists import PUBLICATIONS
from crm.exports.publications import publication_table
from crm.exports.tables import FORMATS
from crm.filtersets.publications import PublicationFilterSet
from crm.forms.publications import MeasureForm, PublicationForm
from crm.histories.presenter import history_of
from crm.histories.publications import PUBLICATION
from crm.published import Shown, differing, side_by_side, tables
from crm.views.base import RecordPage
from crm.views.exports import figures_file
from crm.views.form_page import FormPage
from crm.views.impact import earliest_month
from crm.views.lists import ListPage
from crm.views.publication_verbs import open_verbs
from guilds.access.permissions import allowed
from guilds.publishing import actions
from guilds.publishing.differences import differences
from guilds.publishing.figures import frozen
from guilds.publishing.models import Publication

#: The measure whose tables are shown unless the reader chose another.
USUAL = "encounters"


class PublicationList(ListPage):
    """All that the reader may see: the team also drafts."""

    permission_name = "publication.view"
    template_name = "publications/list.html"
    filterset_class = PublicationFilterSet
    orderings = (("-created_at", "Latest first"), ("created_at", "First first"))
    columns, title = PUBLICATIONS, "Publications"

    def rows(self) -> QuerySet:
        """With what a row shows."""
        return Publication.objects.visible_to(self.request.user).for_list()


class NewPublication(FormPage):
    """Draft the figures of a period."""

    permission_name = "publication.make"
    heading, submit_label = "Make a publication", "Make a draft"
    done = "The draft is made. Its figures follow the records until it is published"

    def form(self, *args: Any, **kwargs: Any) -> PublicationForm:
        """With the periods that there are."""
        today = timezone.localdate()
        return PublicationForm(*args, today=today, earliest=earliest_month(today), **kwargs)

    def act(self, form: PublicationForm) -> str:
        """Make the draft."""
        return address_of(actions.make(by=self.request.user, **form.cleaned_data))

    def way_back(self) -> str:
        """The list."""
        return reverse("publication_list")


class PublicationPage(RecordPage):
    """A page about one version."""

    permission_name = "publication.view"
    record: Publication

    def records(self) -> QuerySet:
        """With all that the pages show."""
        return Publication.objects.for_list()

    def way_back(self) -> str:
        """Its own page."""
        return address_of(self.record)


class PublicationDetail(PublicationPage):
    """Its figures with all that belongs to them, what has changed since, and what may be done with it."""

    template_name = "publications/detail.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page; `?measure=` chooses whose tables are shown."""
        publication, user = self.record, request.user
        form = MeasureForm(request.GET)
        chosen = (form.is_valid() and form.cleaned_data["measure"]) or USUAL
        figures = frozen(publication, user)
        compared = allowed(user, "publication.compare", publication) and not publication.is_draft
        found = differing(differences(publication, user)) if compared else []
        changed = {one.slug: one for one in found if one.by == "total"}
        return self.page(
            publication=publication,
            totals=[(Shown(figure), changed.get(figure.measure)) for figure in figures if figure.by == "total"],
            tables=tables(figures, chosen),
            form=MeasureForm({"measure": chosen}),
            chosen=chosen,
            compared=compared,
            differences={
                "totals": [one for one in found if one.by == "total"],
                "parts": [one for one in found if one.by != "total"],
            },
            versions=list(Publication.objects.visible_to(user).versions_of(publication)),
            verbs=open_verbs(user, publication, changed=bool(found)),
            files=[(form, reverse("publication_file", args=[publication.pk, form])) for form in FORMATS],
            history=history_of(publication, PUBLICATION, reader=user),  # type: ignore[arg-type]
        )


class PublicationVersions(PublicationPage):
    """The totals of all versions side by side, with the reason for each."""

    template_name = "publications/versions.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page."""
        versions = list(Publication.objects.visible_to(request.user).versions_of(self.record))
        read = [(version, frozen(version, request.user)) for version in versions]
        return self.page(publication=self.record, versions=versions, rows=side_by_side(read))


class PublicationFile(PublicationPage):
    """Every figure as a file."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The download. Raises Http404 for a format that there is not."""
        if kwargs["form"] not in FORMATS:
            raise Http404
        publication = self.record
        table = publication_table(publication, frozen(publication, request.user))
        asked = {"period": publication.period, "guild": publication.guild_id, "district": publication.district_id,
                 "version": publication.edition}  # fmt: skip
        filters = urlencode({name: said for name, said in asked.items() if said})
        return figures_file(request, table, kwargs["form"], list_name="publication_file", filters=filters)


def address_of(publication: Publication) -> str:
    """The page of a publication."""
    return reverse("publication_detail", args=[publication.pk])
