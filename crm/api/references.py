"""Related records in a body: by id, slug or code, or by an identifier; all of one body are looked up together.

What the caller may not see can't be referred to either.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Model, Q
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from guilds.access.models import User
from guilds.engagement.models import Engagement
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.organisations.models import Contact, Identifier, Organisation, Scheme
from guilds.pledges.models import Allocation, Delivery, Pledge
from guilds.reference.models import ApprenticeshipStandard, District, Guild

_UUID = {"type": "string", "format": "uuid"}
#: An identifier: scheme and value.
Pair = tuple[str, str]


class Reference(serializers.Field):
    """A record named in a body. `key_of` reads what is written into a key that `found` records are filed under."""

    model: type[Model]
    default_error_messages = {
        "invalid": "Give an id",
        "does_not_exist": "There is no such {noun}, or you may not see it",
    }

    def key_of(self, data: Any) -> Any:
        """The key under which the record is looked for. Raises ValueError or TypeError for what is no key."""
        return UUID(data) if isinstance(data, str) else self.fail("invalid")

    def to_internal_value(self, data: Any) -> Model:
        try:
            key = self.key_of(data)
        except (ValueError, TypeError):
            self.fail("invalid")
        record = self.context["references"].found.get((self.model, key))
        if record is None:
            self.fail("does_not_exist", noun=self.model._meta.verbose_name)
        return record

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field(
    {
        "oneOf": [
            _UUID,
            {
                "type": "object",
                "properties": {
                    "scheme": {"type": "string", "enum": list(Scheme.values)},
                    "value": {"type": "string"},
                },
                "required": ["scheme", "value"],
                "additionalProperties": False,
                "example": {"scheme": "urn", "value": "118788"},
            },
        ]
    }
)
class OrganisationReference(Reference):
    """An organisation by its id, or by scheme and value."""

    model = Organisation
    default_error_messages = {"invalid": 'Give an id, or an identifier such as {{"scheme": "urn", "value": "118788"}}'}

    def key_of(self, data: Any) -> UUID | Pair:
        if isinstance(data, Mapping):
            scheme, value = data.get("scheme"), data.get("value")
            known = scheme in Scheme.values and isinstance(value, str) and data.keys() == {"scheme", "value"}
            return (str(scheme), str(value).strip()) if known else self.fail("invalid")
        return super().key_of(data)


class VenueReference(OrganisationReference):
    """An organisation, or else the words of an address."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, str) and not _is_uuid(data):
            return serializers.CharField(max_length=300, allow_blank=True).run_validation(data)
        return super().to_internal_value(data)


@extend_schema_field({"type": "string", "example": "hospitality-tourism"})
class GuildReference(Reference):
    """A guild by its slug."""

    model = Guild
    default_error_messages = {"invalid": "Give the slug of a guild"}

    def key_of(self, data: Any) -> str:
        return data if isinstance(data, str) else self.fail("invalid")


@extend_schema_field({"type": "string", "example": "E07000114"})
class DistrictReference(GuildReference):
    """A district by its GSS code."""

    model = District  # type: ignore[assignment]
    default_error_messages = {"invalid": "Give the GSS code of a district"}


@extend_schema_field({"type": "string", "example": "ST0116"})
class StandardReference(GuildReference):
    """An apprenticeship standard by its reference, or its id."""

    model = ApprenticeshipStandard  # type: ignore[assignment]
    default_error_messages = {"invalid": "Give the reference of a standard, such as ST0116"}


@extend_schema_field(_UUID)
class RecordReference(Reference):
    """Any other record by its id."""

    def __init__(self, model: type[Model], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.model = model


class References:
    """The records that one body refers to, found in one query for each sort of key."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.found: dict[tuple[type[Model], Any], Model] = {}

    def look_up(self, serializer: serializers.Serializer, data: Any) -> None:
        """Find everything that `data` names in fields of `serializer`; what is not found stays missing."""
        wanted: dict[type[Model], set] = defaultdict(set)
        for field, given in _references_in(serializer, data):
            key = _key_or_none(field, given)
            if key is not None and all(part.isprintable() for part in _parts(key)):
                wanted[field.model].add(key)
        for model, keys in wanted.items():
            for key, record in self._records(model, keys):
                self.found[model, key] = record

    def _records(self, model: type[Model], keys: set) -> Iterator[tuple[Any, Model]]:
        if model is Organisation:
            return self._organisations(keys)
        visible = model.objects.visible_to(self.user)  # type: ignore[attr-defined]
        column = {Guild: "slug", District: "code", ApprenticeshipStandard: "reference"}.get(model, "pk")  # type: ignore[arg-type]
        related = _WITH.get(model, ())
        rows = visible.filter(**{f"{column}__in": keys}).select_related(*related)
        return ((getattr(row, column), row) for row in rows)

    def _organisations(self, keys: set) -> Iterator[tuple[Any, Model]]:
        """By id and by identifier; one that was merged leads to the one that stayed."""
        visible = Organisation.objects.visible_to(self.user)
        ids = {key for key in keys if isinstance(key, UUID)}
        for row in visible.filter(pk__in=ids).select_related("merged_into") if ids else ():
            yield row.pk, row.merged_into or row
        pairs = Q()
        for scheme, value in keys - ids:
            pairs |= Q(scheme=scheme, value=value)
        if pairs:
            held = Identifier.objects.filter(pairs, organisation__in=visible)
            for row in held.select_related("organisation__merged_into"):
                yield (row.scheme, row.value), row.organisation.merged_into or row.organisation


#: What checks look at beside the record itself.
_WITH: dict[type[Model], tuple[str, ...]] = {
    Allocation: ("pledge",),
    Delivery: ("pledge",),
    Contact: ("organisation",),
    Engagement: (),
    Placement: (),
    Apprenticeship: (),
    Pledge: (),
}


def _references_in(field: Any, data: Any) -> Iterator[tuple[Reference, Any]]:
    if isinstance(field, Reference):
        if data is not None:
            yield field, data
    elif isinstance(field, serializers.Serializer) and isinstance(data, Mapping):
        for name, inner in field.fields.items():
            if name in data:
                yield from _references_in(inner, data[name])
    elif isinstance(field, (serializers.ListSerializer, serializers.ListField)) and isinstance(data, list):
        for item in data:
            yield from _references_in(field.child, item)


def _key_or_none(field: Reference, given: Any) -> Any:
    try:
        return field.key_of(given)
    except (ValueError, TypeError, serializers.ValidationError):
        return None


def _parts(key: Any) -> tuple[str, ...]:
    return key if isinstance(key, tuple) else (str(key),)


def _is_uuid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
