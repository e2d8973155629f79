"""What the schema says of each operation: parameters, bodies, answers and every refusal."""

from typing import Any, Literal

import django_filters
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from crm.api import once, problems
from crm.api.fields import StrictSerializer
from crm.api.pagination import DEFAULT_SIZE, LARGEST
from crm.api.resources import Resource
from crm.api.shapes import ProblemShape
from crm.filtersets.base import ListFilterSet, YesNoFilter

_HEADER: Literal["header"] = "header"
_QUERY: Literal["query"] = "query"
_SUCCESSES = ("200", "201")


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """How the schema describes an API key."""

    target_class = "crm.api.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        words = "`Api-Key ` and the key that `manage.py create_api_client` printed"
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": words}


class Operation(AutoSchema):
    """One method of one address. It reads what the view declares, so that it can't say anything else."""

    @property
    def resource(self) -> Resource | None:
        """The resource, if the view is one."""
        return self.view if isinstance(self.view, Resource) else None

    @property
    def act(self) -> str:
        """What is done: list, retrieve, create, partial_update, or a verb."""
        return getattr(self.view, "action", "") or ""

    @property
    def verb(self) -> Any:
        """The verb, if it is one."""
        return getattr(getattr(self.view, self.act, None), "verb", None)

    def get_override_parameters(self) -> list:
        """Path, filters and paging, and the headers that matter."""
        if self.resource is None:
            return list(self.view.parameters)  # type: ignore[attr-defined]
        path = [_key_of(self.resource)] if "{" in self.path else []
        query = _list_parameters(self.resource.filterset_class) if self.act == "list" else []
        return path + query + _headers(self.act, self.verb is not None)

    def get_request_serializer(self) -> Any:
        """What a body holds."""
        if self.verb:
            return self.verb.input
        kind = {"create": "input", "partial_update": "correction"}.get(self.act)
        return getattr(self.view, kind) if kind else None

    def get_response_serializers(self) -> Any:
        """The answer, and every refusal that there may be."""
        refusals = {(code, problems.MEDIA_TYPE): _refusal(code) for code in self._refusals()}
        return self._answers() | refusals

    def get_operation_id(self) -> str:
        """`engagements_list`, `engagements_deliver`."""
        words = [word for word in self._tokenize_path() if word != self.act]
        return "_".join(word.replace("-", "_") for word in [*words, self.act or self.method.lower()])

    def get_serializer_name(self, serializer: serializers.Serializer, direction: Any) -> str:
        """The name of the thing, not of its class."""
        return super().get_serializer_name(serializer, direction).removesuffix("Shape")

    def _is_list_view(self, serializer: Any = None) -> bool:
        """Pages are described as they are, not as REST framework would make them."""
        return False

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        schema = super()._map_basic_serializer(serializer, direction)
        if isinstance(serializer, StrictSerializer):
            repeated = {name: {"description": "May be repeated, and changes nothing"} for name in serializer.given_back}
            schema.setdefault("properties", {}).update(repeated)
            if not serializer.partial:
                schema["additionalProperties"] = False
        return schema

    def _answers(self) -> dict[Any, Any]:
        own = getattr(getattr(self.view, self.act, None), "answer", None)
        shape = (self.verb and self.verb.answer) or own or self.view.shape  # type: ignore[attr-defined]
        if self.act == "list":
            return {200: _page_of(shape)}
        if self.verb:
            return {self.verb.status: shape}
        if self.act == "create":
            return {201: shape} | ({200: shape} if getattr(self.view, "sets", False) else {})
        known = {304: OpenApiResponse(description="You have it already")} if self.act == "retrieve" else {}
        return {200: shape} | known

    def _refusals(self) -> list[int]:
        codes = {400, 401, 403, 406}
        if "{" in self.path:
            codes.add(404)
        if self.method == "POST":
            codes |= {409, 413, 415, 422} | ({412} if self.verb else set()) | {404}
        if self.method == "PATCH":
            codes |= {409, 412, 413, 415, 428}
        return sorted(codes)


def _refusal(code: int) -> OpenApiResponse:
    return OpenApiResponse(ProblemShape, description=problems.title(code))


def _page_of(shape: type[serializers.Serializer]) -> Any:
    name = shape.__name__.removesuffix("Shape")
    address: dict[str, Any] = {"allow_null": True, "help_text": "The address of the page"}
    return inline_serializer(
        f"{name}Page",
        {
            "next": serializers.URLField(**address),
            "previous": serializers.URLField(**address),
            "count": serializers.IntegerField(required=False, help_text="Only with `count=true`"),
            "results": shape(many=True),
        },
    )


def _key_of(resource: Resource) -> OpenApiParameter:
    by_id = resource.lookup_field == "pk"
    schema = {"type": "string", "format": "uuid"} if by_id else {"type": "string"}
    name = "id" if by_id else resource.lookup_field
    return OpenApiParameter(name, schema, "path", description="Its id" if by_id else "Slug or code")


def _list_parameters(filters: type[ListFilterSet]) -> list[OpenApiParameter]:
    names = [sign + name for name in filters.orderings for sign in ("", "-")]
    ordering = {"type": "array", "items": {"type": "string", "enum": names}}
    size = {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": DEFAULT_SIZE}
    return [
        *(
            OpenApiParameter(name, _schema_of(each), _QUERY, description=str(each.label or name))
            for name, each in filters.base_filters.items()
        ),
        OpenApiParameter("cursor", str, _QUERY, description="As it stands in `next` and `previous`"),
        OpenApiParameter("page_size", size, _QUERY, description="Rows on a page"),
        OpenApiParameter("ordering", ordering, _QUERY, style="form", explode=False, description="A minus: descending"),
        OpenApiParameter("count", bool, _QUERY, description="Whether to count all rows"),
    ]


def _schema_of(each: django_filters.Filter) -> dict[str, Any]:
    if isinstance(each, YesNoFilter):
        return {"type": "boolean"}
    if isinstance(each, django_filters.DateFilter):
        return {"type": "string", "format": "date"}
    if isinstance(each, django_filters.UUIDFilter):
        return {"type": "string", "format": "uuid"}
    if "choices" in each.extra:
        values = [value for value, _ in each.extra["choices"]]
        return {"type": "integer" if isinstance(values[0], int) else "string", "enum": values}
    longest = each.extra.get("max_length")
    return {"type": "string"} | ({"maxLength": longest} if longest else {})


def _headers(act: str, is_verb: bool) -> list[OpenApiParameter]:
    headers = []
    if act == "create" or is_verb:
        words = "Sent again with the same key and body, the request is done once and answered alike"
        headers.append(OpenApiParameter(once.HEADER, {"type": "string", "maxLength": 200}, _HEADER, description=words))
    if act == "partial_update" or is_verb:
        words = "The ETag of the version that you read"
        headers.append(OpenApiParameter("If-Match", str, _HEADER, required=not is_verb, description=words))
    if act == "retrieve":
        headers.append(OpenApiParameter("If-None-Match", str, _HEADER, description="The ETag that you have"))
    if act != "list":
        words = "The version, for If-Match and If-None-Match"
        headers.append(OpenApiParameter("ETag", str, _HEADER, response=list(_SUCCESSES), description=words))
    return headers
