"""Filters of people at organisations. None looks at an e-mail or a phone: addresses of pages and logs must not show them."""

from crm.filtersets.base import ListFilterSet, OrganisationFilter, SearchFilter, YesNoFilter
from guilds.organisations.models import Contact


class ContactFilterSet(ListFilterSet):
    """People by organisation, or by the organisation's name."""

    orderings = ("name", "created_at", "updated_at")

    q = SearchFilter("role", organisations=("organisation",), label="Organisation or job title")
    organisation = OrganisationFilter(label="Organisation")
    do_not_contact = YesNoFilter(label="Asked not to be contacted")

    class Meta:
        model = Contact
        fields: list[str] = []
