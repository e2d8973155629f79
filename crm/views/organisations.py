"""The registry: the list, and a page for each organisation."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from crm.filtersets.organisations import OrganisationFilterSet
from crm.views.base import RecordPage
from crm.views.lists import ListPage
from guilds.organisations.models import Organisation


class OrganisationList(ListPage):
    """Employers, schools and colleges."""

    permission_name = "organisation.view"
    template_name = "organisations/list.html"
    filterset_class = OrganisationFilterSet
    orderings = (("name", "Name"), ("-updated_at", "Latest change"), ("-created_at", "Newest"))
    narrowing = ("identifier",)

    def rows(self) -> QuerySet:
        """Those of the registry that the reader may see."""
        return Organisation.objects.visible_to(self.request.user).for_list()


class OrganisationPage(RecordPage):
    """One organisation."""

    permission_name = "organisation.view"

    def records(self) -> QuerySet:
        """All, the merged ones too: old links still lead somewhere."""
        return Organisation.objects.select_related("district", "merged_into").prefetch_related("identifiers")


class OrganisationDetail(OrganisationPage):
    """What is known of it, and everything that happened with it."""

    template_name = "organisations/detail.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page."""
        return self.page(organisation=self.record)
