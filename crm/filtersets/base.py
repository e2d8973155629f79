"""What all filter sets share: choices that refuse what they do not know, guilds, districts, organisations, spans of days."""

import uuid
from collections.abc import Iterable, Iterator
from copy import copy
from functools import cache, reduce
from operator import or_
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import CharField, Model, Q, QuerySet
from django.utils.functional import cached_property
from django_filters.fields import ModelChoiceField, ModelChoiceIterator

from guilds.organisations.models import Organisation, Scheme
from guilds.organisations.queries import sought
from guilds.reading import Asked, Given, Question, read_at_once
from guilds.reference.models import District, Guild
from guilds.search.index import Meant

COUNTY_WIDE = "county-wide"
UNKNOWN = "unknown"
#: More references that begin alike are not told apart by what was typed so far.
_REFERENCED = 200
_YES, _NO = ("true", "1", "yes", "on"), ("false", "0", "no", "off")


class YesNoField(forms.Field):
    """`true` or `false`; unlike Django's own, anything else is refused instead of being read as "either"."""

    widget = forms.Select(choices=[("", "Either"), ("true", "Yes"), ("false", "No")])

    def to_python(self, value: Any) -> bool | None:
        word = str(value or "").strip().lower()
        if word not in (*_YES, *_NO, ""):
            raise ValidationError("Say true or false", code="invalid")
        return None if word == "" else word in _YES


class YesNoFilter(django_filters.Filter):
    """Yes, no, or not asked."""

    field_class = YesNoField


class OrganisationField(forms.CharField):
    """An organisation by its id, or by an identifier such as `urn:118788`."""

    def clean(self, value: Any) -> uuid.UUID | tuple[str, str] | None:
        words = super().clean(value)
        return None if words in self.empty_values else _id_or_identifier(words)


def _id_or_identifier(words: str) -> uuid.UUID | tuple[str, str]:
    scheme, colon, number = words.partition(":")
    if colon and scheme in Scheme.values and number.strip():
        return scheme, number.strip()
    try:
        return uuid.UUID(words)
    except ValueError:
        raise ValidationError("Give an id, or an identifier such as urn:118788", code="invalid") from None


class OrganisationFilter(django_filters.Filter):
    """Rows of one organisation; an identifier that nobody has finds nothing."""

    field_class = OrganisationField

    def filter(self, queryset: QuerySet, value: Any) -> QuerySet:
        if isinstance(value, tuple):
            return super().filter(queryset, organisation_id(*value) or uuid.UUID(int=0))
        return super().filter(queryset, value)


def organisation_id(scheme: str, value: str) -> uuid.UUID | None:
    """The id behind an identifier."""
    return Organisation.objects.identified(scheme, value).values_list("pk", flat=True).first()


class ChoiceFilter(django_filters.ChoiceFilter):
    """One of the words that a field of the model may have."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"empty_label": "All"} | kwargs)


class _Names(ModelChoiceIterator):
    """Values and names to choose from: not whole records, of which nothing else is shown."""

    def __iter__(self) -> Iterator[tuple[str, str]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        if self.field.null_label is not None:
            yield self.field.null_value, self.field.null_label
        yield from self.queryset.values_list(self.field.to_field_name, "name")


class _NamedField(ModelChoiceField):
    iterator = _Names


class GuildFilter(django_filters.ModelChoiceFilter):
    """A guild by its slug, or `county-wide` for what no guild leads."""

    field_class = _NamedField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        usual = {
            "queryset": Guild.objects.all(),
            "to_field_name": "slug",
            "label": "Guild",
            "empty_label": "All",
            "null_label": "County-wide",
            "null_value": COUNTY_WIDE,
        }
        super().__init__(*args, **usual | kwargs)


class DistrictFilter(django_filters.ModelChoiceFilter):
    """A district by its GSS code, `outside`, or `unknown`."""

    field_class = _NamedField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        usual = {
            "queryset": District.objects.all(),
            "to_field_name": "code",
            "label": "District",
            "empty_label": "All",
            "null_label": "Not known",
            "null_value": UNKNOWN,
        }
        super().__init__(*args, **usual | kwargs)


class WordsFilter(django_filters.CharFilter):
    """`?q=`: the base of all searches."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=kwargs.pop("label", "Search"), max_length=200, **kwargs)


class SearchFilter(WordsFilter):
    """Rows in which any of some columns contains the words, whose reference begins so (`reference`), or of which any of
    some organisations is meant by them. References are looked up by their index, as typed, in small letters or capitals.
    """

    def __init__(
        self, *columns: str, organisations: tuple[str, ...] = (), reference: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.columns, self.organisations, self.reference = columns, organisations, reference

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        if not value:
            return queryset
        referenced, meant = self.referenced(queryset.model, value), Meant([])
        if self.organisations:
            words = sought(value)
            read_at_once(referenced, *words.questions)
            meant = words.meant
        return self.narrowed(queryset, value, meant, referenced)

    def narrowed(self, queryset: QuerySet, value: str, meant: Meant, referenced: Iterable[tuple]) -> QuerySet:
        """The same for words of which it is known already which organisations they mean, and whose reference begins so."""
        found = [meant.on(f"{organisation}__id", each=bool(self.columns)) for organisation in self.organisations]
        found += [Q(**{f"{column}__icontains": value}) for column in self.columns]
        if ids := [pk for (pk,) in referenced]:
            found.append(Q(pk__in=ids))
        return queryset.filter(reduce(or_, found))

    def referenced(self, model: type[Model], value: str) -> Asked | QuerySet:
        """The ids of the first rows whose reference begins so. They are asked for first, because there are hardly ever any: a
        database that has to ask each row whether it is one of thousands of organisations' *or* has a reference takes many
        times as long.
        """
        if not self.reference:
            return model._default_manager.none()
        return _referenced(model)(typed=value, upper=value.upper(), lower=value.lower(), title=value.title())


@cache
def _referenced(model: type[Model]) -> Question:
    """The question after the rows whose reference begins as it was typed, in capitals or small letters."""

    def put(**ways: Given) -> QuerySet:
        begins = reduce(or_, (Q(reference__begins=way) for way in ways.values()))
        rows = model._default_manager.filter(begins).exclude(reference="").order_by("reference")
        return rows.values_list("pk")[:_REFERENCED]

    return Question(put, **{way: CharField() for way in ("typed", "upper", "lower", "title")})


class Filters(dict[str, django_filters.Filter]):
    """Filters by name. A request has copies of its own, but not of all that they are made of: that never changes."""

    def __deepcopy__(self, memo: Any) -> dict[str, django_filters.Filter]:
        return {name: _copied(one) for name, one in self.items()}


def _copied(one: django_filters.Filter) -> django_filters.Filter:
    own = copy(one)
    own.extra = dict(one.extra)
    own.method = one.method  # bound to the copy
    return own


class ListFilterSet(django_filters.FilterSet):
    """The base of all.

    `orderings` are the names that a list may be ordered by; they are columns that are never empty, or (`worked_out`)
    what its page adds to each row and never leaves empty.
    `counted_on` is the day that `from` and `to` (both inclusive) look at, if the list has one.
    `always`: it leaves something out even where nothing was asked for.
    """

    orderings: tuple[str, ...] = ("created_at", "updated_at")
    worked_out: tuple[str, ...] = ()
    counted_on = ""
    always = False

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        """Adds `from` and `to`, which Python keeps for itself as names of attributes."""
        filters = super().get_filters()
        if cls.counted_on:
            filters["from"] = django_filters.DateFilter(field_name=cls.counted_on, lookup_expr="gte", label="From")
            filters["to"] = django_filters.DateFilter(field_name=cls.counted_on, lookup_expr="lte", label="To")
        return Filters(filters)

    @cached_property
    def form(self) -> forms.Form:
        """The filters' boxes. They are this request's own already: a form of a class of its own would copy them once more."""
        form = forms.Form(self.data if self.is_bound else None, prefix=self.form_prefix)
        form.fields = {name: one.field for name, one in self.filters.items()}
        return form
