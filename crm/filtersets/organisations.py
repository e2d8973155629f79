"""Filters of the registry."""

from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from crm.filtersets.base import ChoiceFilter, DistrictFilter, GuildFilter, ListFilterSet, WordsFilter
from guilds.organisations.models import Membership, Organisation, ProviderKind, Scheme, Status
from guilds.organisations.queries import matching

ROLES = (("employer", "Employers"), ("provider", "Schools and colleges"))


class IdentifierField(django_filters.CharFilter.field_class):
    """A scheme and a value, such as `urn:118788`."""

    def clean(self, value: Any) -> tuple[str, str] | None:
        words = super().clean(value)
        if not words:
            return None
        scheme, _, number = words.partition(":")
        if scheme not in Scheme.values or not number.strip():
            raise ValidationError(f"Give scheme:value, with one of the schemes {', '.join(Scheme.values)}")
        return scheme, number.strip()


class IdentifierFilter(django_filters.Filter):
    """The organisation that has an identifier."""

    field_class = IdentifierField

    def filter(self, queryset: Any, value: tuple[str, str] | None) -> QuerySet:
        return queryset.identified(*value) if value else queryset


class NameOrNumberFilter(WordsFilter):
    """Words of a name, also misspelt ones; a postcode; a number or its beginning."""

    def filter(self, queryset: Any, value: str) -> QuerySet:
        return matching(value, among=queryset) if value else queryset


class MemberOfFilter(GuildFilter):
    """Members of a guild today; `county-wide` finds those of no guild."""

    def filter(self, queryset: QuerySet, value) -> QuerySet:
        if not value:
            return queryset
        now = Membership.objects.open_on(timezone.localdate()).filter(organisation=OuterRef("pk"))
        if value == self.null_value:
            return queryset.filter(~Exists(now))
        return queryset.filter(Exists(now.filter(guild=value)))


class OrganisationFilterSet(ListFilterSet):
    """Employers, schools and colleges."""

    orderings = ("name", "created_at", "updated_at")

    q = NameOrNumberFilter(label="Name, postcode or number")
    role = ChoiceFilter(choices=ROLES, label="Role", method="filter_role")
    guild = MemberOfFilter(null_label="No guild yet")
    district = DistrictFilter()
    provider_kind = ChoiceFilter(choices=ProviderKind.choices, label="Kind of school or college")
    trust = django_filters.CharFilter(label="Trust, by its whole name")
    identifier = IdentifierFilter(label="Identifier")
    status = ChoiceFilter(choices=Status.choices, label="Status")

    class Meta:
        model = Organisation
        fields: list[str] = []

    def filter_role(self, queryset: Any, name: str, value: str) -> QuerySet:
        """Both roles are columns of their own: an organisation may have both."""
        return queryset.employers() if value == "employer" else queryset.providers()


class RegistryFilterSet(OrganisationFilterSet):
    """What the API asks by: also those that were merged, by which a copy elsewhere learns where they went."""

    always = True
    merged = django_filters.BooleanFilter(
        label="Only those that were merged into another; without it, they are left out", method="filter_merged"
    )

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """One organisation is listed once, under the record that stayed."""
        self.form.cleaned_data["merged"] = bool(self.form.cleaned_data.get("merged"))
        return super().filter_queryset(queryset)

    def filter_merged(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        """The records that stayed, or those that were merged into them."""
        return queryset.filter(merged_into__isnull=not value)
