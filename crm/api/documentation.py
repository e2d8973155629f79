"""The schema, its pages, and an answer for addresses that are none of ours."""

from functools import cache
from typing import Any

from django.http import Http404
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.api.permissions import PUBLIC, NamedPermission


@cache
def schema() -> dict[str, Any]:
    """The schema; making it takes a second, and it is the same for everybody."""
    return SchemaGenerator().get_schema(request=None, public=True)


class Schema(APIView):
    """OpenAPI 3, as JSON or, where it is asked for, YAML."""

    permission_name = PUBLIC
    schema = None
    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer, OpenApiYamlRenderer2]

    def get(self, request: Request) -> Response:
        return Response(schema(), headers={"Content-Disposition": 'inline; filename="guildhall-api"'})


class Documentation(SpectacularSwaggerSplitView):
    """Pages made from the schema, with nothing from elsewhere and no script inside them."""

    permission_name = PUBLIC
    permission_classes = [NamedPermission]
    url_name = "api:schema"
    template_name = "api/docs.html"


class Nowhere(APIView):
    """A problem instead of a page for addresses that do not exist."""

    permission_name = PUBLIC
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise Http404
