"""What every resource does alike: finds what the caller sees, asks permission, reads strictly, writes once, tags versions.

A resource says what it shows (`shape`, `represent`), what it takes (`input`, `correction`), which permission each
action needs, and ends each write in one call of a domain action.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeAlias
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404
from django.urls import reverse
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.api import etags, once
from crm.api.fields import StrictSerializer
from crm.api.pagination import PARAMETERS, Cursor
from crm.api.permissions import permission_of, require
from crm.api.references import References
from crm.filtersets.base import ListFilterSet
from guilds.access.models import User
from guilds.reference.calendars import LONDON

#: What a mixin of views is to the type checker.
if TYPE_CHECKING:
    _View = APIView
else:
    _View = object


Records: TypeAlias = list[Any]
Shown: TypeAlias = list[dict[str, Any]]


class Nothing(StrictSerializer):
    """A verb that needs no words."""


class Verb(NamedTuple):
    """A `POST` to a record that does one thing. `answer`: what it gives back, the record itself if None."""

    input: type[StrictSerializer]
    status: int
    answer: type[serializers.Serializer] | None


def verb(input: type[StrictSerializer] = Nothing, *, status: int = 200, answer: Any = None) -> Callable:
    """Make a method `(self, record, fields) -> dict | None` a verb: it calls one action.

    What it returns is the answer; None: the record as it is now.
    """

    def decorate(method: Callable) -> Callable:
        @wraps(method)
        def endpoint(self: "Resource", request: Request, **kwargs: Any) -> Response:
            return once.respond(request, lambda: self.do(method, endpoint.verb))  # type: ignore[attr-defined]

        endpoint.verb = Verb(input, status, answer)  # type: ignore[attr-defined]
        return action(detail=True, methods=["post"], url_path=method.__name__)(endpoint)

    return decorate


class Strict(_View):
    """A view that refuses query parameters it does not know, and those given twice."""

    request: Any
    http_method_names: Any = ("get", "head", "post", "patch")

    def known_parameters(self) -> set[str]:
        """The query parameters of what is asked for."""
        return set()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        given = request.query_params
        if given:
            self._check_parameters(given)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Answers are one caller's own, and asked for again before they are used again."""
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def _check_parameters(self, given: Any) -> None:
        known = self.known_parameters()
        errors = {
            name: ValidationError("There is no such parameter", code="unknown") for name in given if name not in known
        }
        errors |= {
            name: ValidationError("Give it once", code="repeated")
            for name in given
            if name in known and len(given.getlist(name)) > 1
        }
        if errors:
            raise ValidationError(errors)


class Resource(Strict, viewsets.ViewSet):
    """The base of all resources. Without `input` and `correction` it can only be read."""

    model: ClassVar[type[Model]]
    filterset_class: ClassVar[type[ListFilterSet]]
    permission_names: ClassVar[dict[str, str]]
    shape: ClassVar[type[serializers.Serializer]]
    lookup_field: ClassVar[str] = "pk"
    #: How this API calls what actions call otherwise, for errors.
    error_names: ClassVar[Mapping[str, str]] = {}

    @property
    def user(self) -> User:
        """The caller."""
        return self.request.user  # type: ignore[return-value]

    # What a resource says of itself.

    def fetched(self, rows: QuerySet) -> QuerySet:
        """Rows with all that `represent` reads, in a constant number of queries."""
        return rows

    def gather(self, records: Records) -> Any:
        """What `represent` finds in `self.gathered`: parts of all the records of an answer, read at once."""

    def represent(self, record: Any) -> dict[str, Any]:
        """What is shown of a record, beside its id, url and times."""
        raise NotImplementedError

    def subject(self, record: Any) -> Any:
        """What the permission for one record is asked about."""
        return record

    # Reading.

    def rows(self) -> QuerySet:
        """What the caller sees."""
        return self.model.objects.visible_to(self.user)  # type: ignore[attr-defined]

    def list(self, request: Request) -> Response:
        """One page."""
        pages = Cursor()
        rows = pages.paginate_queryset(self.fetched(self._filtered(self.rows())), request, self)
        return pages.get_paginated_response(self.shown_all(rows))

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        """One record, with its tag; nothing but 304 for who has it already."""
        record = self.record()
        require(self.user, self.permission, self.subject(record))
        shown = self.shown(record)
        tag = etags.etag(record.version, shown)
        headers = {"ETag": tag}
        if etags.is_known(request, tag):
            return Response(status=304, headers=headers)
        return Response(shown, headers=headers)

    def known_parameters(self) -> set[str]:
        """Filters and paging of lists; nothing else has parameters."""
        action = getattr(self, "action", None)
        return {*self.filterset_class.base_filters, *PARAMETERS} if action == "list" else set()

    def record(self) -> Any:
        """The record of the address. Raises Http404 for one that is not there, or not for this caller."""
        return self._only(self.fetched(self.rows()), self.kwargs[self.lookup_field])

    def shown(self, record: Any) -> dict[str, Any]:
        """A record as answers show it."""
        return self.shown_all([record])[0]

    def shown_all(self, records: Records) -> Shown:
        """Records as answers show them."""
        self.gathered: Any = self.gather(records) if records else None
        return [
            {
                "id": str(record.pk),
                "url": f"{self._address}{getattr(record, self.lookup_field)}/",
                "created_at": written(record.created_at),
                "updated_at": written(record.updated_at),
                **self.represent(record),
            }
            for record in records
        ]

    @property
    def permission(self) -> str:
        """The permission that what is asked for needs."""
        return permission_of(self) or ""

    # Writing.

    def parsed(self, kind: type[StrictSerializer], *, shown: dict[str, Any] | None = None) -> dict[str, Any]:
        """The body, checked and with its references found. `shown`: the record, where only some fields are sent.

        Raises ValidationError with everything that is wrong.
        """
        references = References(self.user)
        context = {
            "references": references,
            "shown": shown,
            "shape": self.shape._declared_fields,
            "request": self.request,
        }
        serializer = kind(data=self.request.data, partial=shown is not None, context=context)
        references.look_up(serializer, self.request.data)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def do(self, method: Callable, verb: Verb) -> once.Answer:
        """Run one verb on the record of the address."""
        record = self.record()
        require(self.user, self.permission, self.subject(record))
        if "If-Match" in self.request.headers:
            tag = etags.etag(record.version, self.shown(record))
            etags.check_match(self.request, tag, required=False)
        answer = method(self, record, self.parsed(verb.input))
        if answer is not None:
            return once.Answer(verb.status, answer, {})
        return self.answered(record.pk, verb.status)

    def answered(self, pk: UUID, status: int) -> once.Answer:
        """A record after a write, to whoever wrote it: even one that has gone out of the writer's sight by it."""
        record = self.fetched(self.model._default_manager.all()).get(pk=pk)
        shown = self.shown(record)
        headers = {"ETag": etags.etag(record.version, shown)}
        return once.Answer(status, shown, headers | ({"Location": shown["url"]} if status == 201 else {}))

    # Inside.

    def _filtered(self, rows: QuerySet) -> QuerySet:
        given = {name: value for name, value in self.request.query_params.items() if name not in PARAMETERS}
        if not given and not self.filterset_class.always:
            return rows
        filters = self.filterset_class(given, queryset=rows, request=self.request)
        if not filters.is_valid():
            raise ValidationError(dict(filters.errors.as_data()))
        return filters.qs

    def _only(self, rows: QuerySet, key: str) -> Any:
        try:
            return rows.get(**{self.lookup_field: UUID(key) if self.lookup_field == "pk" else key.replace("\0", "")})
        except (ValueError, self.model.DoesNotExist):  # type: ignore[attr-defined]
            raise Http404 from None

    @cached_property
    def _address(self) -> str:
        return self.request.build_absolute_uri(reverse(f"api:{self.basename}-list"))


class Creating(Resource):
    """A resource to which records can be added."""

    input: ClassVar[type[StrictSerializer]]

    def add(self, fields: dict[str, Any]) -> Any:
        """Ask whether this very record may be added, then call the action that adds it. Gives the record."""
        raise NotImplementedError

    def create(self, request: Request) -> Response:
        """201 with the new record."""
        return once.respond(request, lambda: self.answered(self.add(self.parsed(self.input)).pk, 201))


class Correcting(Resource):
    """A resource whose records can be corrected."""

    correction: ClassVar[type[StrictSerializer]]

    def correct(self, record: Any, fields: dict[str, Any], version: int) -> None:
        """Call the action that corrects a record, if it still has this version."""
        raise NotImplementedError

    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """200 with the record as it is now; 428 or 412 for one that the caller has not read as it is."""
        with transaction.atomic():
            record = self.record()
            require(self.user, self.permission, self.subject(record))
            shown = self.shown(record)
            etags.check_match(request, etags.etag(record.version, shown), required=True)
            self.correct(record, self.parsed(self.correction, shown=shown), record.version)
            answer = self.answered(record.pk, 200)
        return Response(answer.body, status=answer.status, headers=answer.headers)


def written(moment: datetime | None) -> str | None:
    """A time as answers write it: in Kent, with its offset."""
    return moment.astimezone(LONDON).isoformat().replace("+00:00", "Z") if moment else None


def day(value: Any) -> str | None:
    """A day as answers write it."""
    return value.isoformat() if value else None


def key(value: Any) -> str | None:
    """The id of a related record as answers write it."""
    return str(value) if value else None
