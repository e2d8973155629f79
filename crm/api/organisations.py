"""The registry: employers, schools and colleges."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from rest_framework import serializers

from crm.api.fields import Day, EmployeesField, Number, StrictSerializer, Text
from crm.api.permissions import require
from crm.api.references import DistrictReference, GuildReference
from crm.api.resources import Correcting, Creating, day, key, verb
from crm.api.shapes import Shape
from crm.filtersets.organisations import RegistryFilterSet
from guilds.audit.refusals import Conflict
from guilds.organisations import actions
from guilds.organisations.models import (
    LocalKind,
    MemberRole,
    Membership,
    Organisation,
    ProviderKind,
    Scheme,
    SizeBand,
    Status,
)

_ROLES = ("employer", "provider")
#: What only the team may change: who an organisation is, and where it counts.
_TEAM_ONLY = frozenset({"name", "roles", "identifiers", "status", "district", "provider"})


class IdentifierInput(StrictSerializer):
    scheme = serializers.ChoiceField(choices=Scheme.choices)
    value = serializers.CharField(max_length=20)


class EmployerInput(StrictSerializer):
    sic_codes = serializers.ListField(child=serializers.CharField(max_length=10), max_length=20, required=False)
    size_band = serializers.ChoiceField(choices=SizeBand.choices, allow_blank=True, required=False)
    employees = EmployeesField(required=False, allow_null=True)
    headcount = Number(required=False, allow_null=True)
    levy_payer = serializers.BooleanField(required=False, allow_null=True)


class ProviderInput(StrictSerializer):
    kind = serializers.ChoiceField(choices=ProviderKind.choices, allow_blank=True, required=False)
    local_kind = serializers.ChoiceField(choices=LocalKind.choices, allow_blank=True, required=False)
    phase = serializers.CharField(max_length=40, allow_blank=True, required=False)
    pupils = Number(required=False, allow_null=True)
    coastal = serializers.BooleanField(required=False, allow_null=True)


class OrganisationInput(StrictSerializer):
    """Without `roles`, the parts that are given say what it is."""

    name = serializers.CharField(max_length=250)
    roles = serializers.ListField(child=serializers.ChoiceField(choices=_ROLES), required=False, max_length=2)
    identifiers = IdentifierInput(many=True, required=False, max_length=20)  # type: ignore[call-arg]
    status = serializers.ChoiceField(choices=Status.choices, required=False)
    trading_names = serializers.ListField(child=serializers.CharField(max_length=250), required=False, max_length=50)
    address = Text()
    postcode = serializers.CharField(max_length=10, allow_blank=True, required=False)
    district = DistrictReference(required=False, allow_null=True)
    website = serializers.URLField(max_length=300, allow_blank=True, required=False)
    phone = serializers.CharField(max_length=40, allow_blank=True, required=False)
    employer = EmployerInput(required=False, allow_null=True)
    provider = ProviderInput(required=False, allow_null=True)


class JoinInput(StrictSerializer):
    guild = GuildReference()
    role = serializers.ChoiceField(choices=MemberRole.choices, default=MemberRole.MEMBER)
    joined_on = Day(required=False)
    left_on = Day(required=False, allow_null=True)


class LeaveInput(StrictSerializer):
    guild = GuildReference()
    left_on = Day(required=False)


class IdentifierShape(serializers.Serializer):
    scheme = serializers.ChoiceField(choices=Scheme.choices)
    value = serializers.CharField()


class MembershipShape(serializers.Serializer):
    guild = serializers.CharField()
    role = serializers.ChoiceField(choices=MemberRole.choices)
    joined_on = serializers.DateField()
    left_on = serializers.DateField(allow_null=True)


class EmployeesShape(serializers.Serializer):
    low = serializers.IntegerField(allow_null=True)
    high = serializers.IntegerField(allow_null=True)


class EmployerShape(serializers.Serializer):
    sic_codes = serializers.ListField(child=serializers.CharField())
    size_band = serializers.ChoiceField(choices=SizeBand.choices, allow_blank=True)
    employees = EmployeesShape(allow_null=True)
    headcount = serializers.IntegerField(allow_null=True)
    levy_payer = serializers.BooleanField(allow_null=True)


class ProviderShape(serializers.Serializer):
    kind = serializers.ChoiceField(choices=ProviderKind.choices, allow_blank=True)
    local_kind = serializers.ChoiceField(choices=LocalKind.choices, allow_blank=True)
    phase = serializers.CharField()
    pupils = serializers.IntegerField(allow_null=True)
    coastal = serializers.BooleanField(allow_null=True)


class OrganisationShape(Shape):
    name = serializers.CharField()
    trading_names = serializers.ListField(child=serializers.CharField())
    roles = serializers.ListField(child=serializers.ChoiceField(choices=_ROLES))
    identifiers = IdentifierShape(many=True)
    status = serializers.ChoiceField(choices=Status.choices)
    address = serializers.CharField()
    postcode = serializers.CharField()
    district = serializers.CharField(allow_null=True)
    district_approximate = serializers.BooleanField()
    website = serializers.CharField()
    phone = serializers.CharField()
    employer = EmployerShape(allow_null=True)
    provider = ProviderShape(allow_null=True)
    memberships = MembershipShape(many=True)
    merged_into = serializers.UUIDField(allow_null=True)


class Organisations(Creating, Correcting):
    """Employers and providers; one organisation may be both.

    A record that was merged into another is in no list but that of `?merged=true`; its own address goes on answering, with
    `merged_into` saying where it went.
    """

    model = Organisation
    filterset_class = RegistryFilterSet
    shape = OrganisationShape
    input = correction = OrganisationInput
    error_names = {
        "is_employer": "roles",
        "is_provider": "roles",
        "provider_kind": "provider.kind",
        "local_kind": "provider.local_kind",
        "phase": "provider.phase",
        "pupils": "provider.pupils",
        "sic_codes": "employer.sic_codes",
        "size_band": "employer.size_band",
        "employees_low": "employer.employees",
        "employees_high": "employer.employees",
        "headcount": "employer.headcount",
    }
    permission_names = {
        "list": "organisation.view",
        "retrieve": "organisation.view",
        "create": "organisation.add",
        "partial_update": "organisation.change",
        "join": "membership.change",
        "leave": "membership.change",
    }

    def fetched(self, rows):
        return rows.prefetch_related("identifiers", "memberships")

    def represent(self, record: Organisation) -> dict[str, Any]:
        return {
            "name": record.name,
            "trading_names": record.trading_names,
            "roles": record.roles,
            "identifiers": [{"scheme": i.scheme, "value": i.value} for i in record.identifiers.all()],
            "status": record.status,
            "address": record.address,
            "postcode": record.postcode,
            "district": record.district_id,
            "district_approximate": record.district_approximate,
            "website": record.website,
            "phone": record.phone,
            "employer": _employer(record) if record.is_employer else None,
            "provider": _provider(record) if record.is_provider else None,
            "memberships": [_membership(m) for m in record.memberships.all()],
            "merged_into": key(record.merged_into_id),
        }

    def add(self, fields: dict[str, Any]) -> Organisation:
        return actions.register(by=self.user, **_columns(fields))

    def correct(self, record: Organisation, fields: dict[str, Any], version: int) -> None:
        refused = sorted(fields.keys() & _TEAM_ONLY) if not self.user.is_staff_member else []
        if refused:
            raise PermissionDenied(f"Only the guilds' team may change {', '.join(refused)}.")
        actions.correct(by=self.user, organisation=record, expected_version=version, **_columns(fields, record))

    @verb(JoinInput, status=201)
    def join(self, record: Organisation, fields: dict[str, Any]) -> None:
        """Become a member of a guild."""
        require(self.user, "membership.change", Membership(guild=fields["guild"]))
        joined_on = fields.pop("joined_on", None) or timezone.localdate()
        actions.join_guild(by=self.user, organisation=record, joined_on=joined_on, **fields)

    @verb(LeaveInput)
    def leave(self, record: Organisation, fields: dict[str, Any]) -> None:
        """End the membership of a guild; the day of leaving is the first without."""
        membership = record.memberships.filter(guild=fields["guild"], left_on__isnull=True).first()
        if membership is None:
            raise Conflict({"guild": Conflict("It is not a member of this guild", code="not_a_member")})
        require(self.user, "membership.change", membership)
        actions.leave_guild(by=self.user, membership=membership, left_on=fields.get("left_on") or timezone.localdate())


def _employer(record: Organisation) -> dict[str, Any]:
    low, high = record.employees_low, record.employees_high
    return {
        "sic_codes": record.sic_codes,
        "size_band": record.size_band,
        "employees": None if low is None and high is None else {"low": low, "high": high},
        "headcount": record.headcount,
        "levy_payer": record.levy_payer,
    }


def _provider(record: Organisation) -> dict[str, Any]:
    return {
        "kind": record.provider_kind,
        "local_kind": record.local_kind,
        "phase": record.phase,
        "pupils": record.pupils,
        "coastal": record.coastal,
    }


def _membership(membership) -> dict[str, Any]:
    return {
        "guild": membership.guild_id,
        "role": membership.role,
        "joined_on": day(membership.joined_on),
        "left_on": day(membership.left_on),
    }


def _columns(fields: dict[str, Any], record: Organisation | None = None) -> dict[str, Any]:
    """What the body says, under the names of the actions' columns."""
    columns = dict(fields)
    employer, provider = columns.pop("employer", None), columns.pop("provider", None)
    roles = columns.pop("roles", None)
    if roles is None:
        has = record.roles if record else []
        roles = [*has, *(["employer"] if employer is not None else []), *(["provider"] if provider is not None else [])]
    columns |= {"is_employer": "employer" in roles, "is_provider": "provider" in roles}
    if "identifiers" in columns:
        columns["identifiers"] = [(pair["scheme"], pair["value"]) for pair in columns["identifiers"]]
    return columns | _employer_columns(employer or {}) | _provider_columns(provider or {})


def _employer_columns(employer: dict[str, Any]) -> dict[str, Any]:
    columns = dict(employer)
    if "employees" in columns:
        columns["employees_low"], columns["employees_high"] = columns.pop("employees") or (None, None)
    return columns


def _provider_columns(provider: dict[str, Any]) -> dict[str, Any]:
    columns = dict(provider)
    if "kind" in columns:
        columns["provider_kind"] = columns.pop("kind")
    return columns
