"""Every refusal in one shape: RFC 9457, with all that is wrong at once and each under its field."""

import logging
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.core.signals import got_request_exception
from django.db import IntegrityError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import set_rollback

from guilds.access.once import KeyReused
from guilds.audit.refusals import Conflict, Overtaken, RowRefusal

MEDIA_TYPE = "application/problem+json"
_TITLES = {
    400: "The request can't be taken as it is",
    401: "Say who you are",
    403: "You may not do this",
    404: "There is nothing here",
    409: "Not possible any more, or not yet",
    412: "It has changed since you read it",
    413: "Too large",
    422: "This Idempotency-Key stands for another request",
    428: "Say which version you are changing",
    500: "Something went wrong here",
}
_log = logging.getLogger("crm.api")


class PreconditionFailed(exceptions.APIException):
    status_code = 412
    default_detail = "Somebody else has changed it: read it again, then change what it is now."
    default_code = "overtaken"


class PreconditionRequired(exceptions.APIException):
    status_code = 428
    default_detail = "Send If-Match with the ETag of the version that you read."
    default_code = "if_match_required"


class Fault(NamedTuple):
    """One thing that is wrong. `field` is a dotted path into the request; None: the request as a whole."""

    field: str | None
    code: str
    message: str


def problem(error: Exception, context: dict[str, Any]) -> Response:
    """The answer to an exception; what nobody foresaw is logged and told to nobody."""
    set_rollback()
    status, faults, detail = _describe(error)
    names = getattr(context.get("view"), "error_names", {})
    faults = [fault._replace(field=_renamed(fault.field, names)) for fault in faults]
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        _report(error, context)
    return answer(status, detail or " ".join(dict.fromkeys(fault.message for fault in faults[:5])), faults, error)


def title(status: int) -> str:
    """What a status says, in words."""
    return _TITLES.get(status, HTTPStatus(status).phrase)


def answer(status: int, detail: str, faults: list[Fault], error: Exception | None = None) -> Response:
    """A problem as a response."""
    body = {
        "type": f"urn:guildhall:problem:{HTTPStatus(status).name.lower().replace('_', '-')}",
        "title": title(status),
        "status": int(status),
        "detail": detail or HTTPStatus(status).description,
        "errors": [fault._asdict() for fault in faults],
    }
    body = _sendable(body)
    return Response(body, status=status, headers=_headers(error), content_type=MEDIA_TYPE)


def _describe(error: Exception) -> tuple[int, list[Fault], str]:
    """Status, faults and detail; an empty detail is made from the faults."""
    if isinstance(error, ValidationError):
        return _status_of(error), list(_faults_of(error)), ""
    if isinstance(error, exceptions.ValidationError):
        return 400, list(_flattened(error.detail)), ""
    if isinstance(error, exceptions.APIException):
        return error.status_code, [], str(error.detail)
    if isinstance(error, Http404):
        return 404, [], "It does not exist, or you may not see it."
    if isinstance(error, PermissionDenied):
        return 403, [], str(error) or "You may not do this."
    if isinstance(error, IntegrityError):
        _log.warning("Refused by a constraint: %s", type(error.__cause__).__name__)
        return (
            409,
            [],
            "Somebody else has just made a change that this one does not go with. Read again, then try again.",
        )
    if isinstance(error, SuspiciousOperation):
        return 413 if isinstance(error, RequestDataTooBig) else 400, [], "The request can't be read."
    return 500, [], "It is our fault and has been reported. Nothing was changed."


def _status_of(error: ValidationError) -> int:
    kinds = ((Overtaken, 412), (Conflict, 409), (KeyReused, 422))
    return next((status for kind, status in kinds if isinstance(error, kind)), 400)


def _faults_of(error: ValidationError) -> Iterator[Fault]:
    by_field = error.error_dict if hasattr(error, "error_dict") else {"__all__": error.error_list}
    for field, errors in by_field.items():
        for one in errors:
            path = None if field == "__all__" else _path_to_row(field, one)
            yield Fault(path, str(one.code or "invalid"), " ".join(one.messages))


def _path_to_row(field: str, error: ValidationError) -> str:
    if not isinstance(error, RowRefusal):
        return field
    return ".".join(filter(None, (field, str(error.row), error.part)))


def _flattened(detail: Any, path: str = "") -> Iterator[Fault]:
    """REST framework's nested errors, as dotted paths."""
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            yield from _flattened(inner, path if key == api_settings.NON_FIELD_ERRORS_KEY else _joined(path, key))
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            yield from _flattened(inner, path if isinstance(inner, str) else _joined(path, index))
    else:
        yield Fault(path or None, str(getattr(detail, "code", "invalid")), str(detail))


def _sendable(value: Any) -> Any:
    """What a stranger sent may be quoted, but half a character of it can't be sent back."""
    if isinstance(value, dict):
        return {name: _sendable(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_sendable(inner) for inner in value]
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _joined(path: str, key: Any) -> str:
    return f"{path}.{key}" if path else str(key)


def _renamed(field: str | None, names: Mapping[str, str]) -> str | None:
    first, dot, rest = (field or "").partition(".")
    return field if first not in names else names[first] + dot + rest


def _headers(error: Exception | None) -> dict[str, str]:
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[union-attr]
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait))  # type: ignore[union-attr]
    return headers


def _report(error: Exception, context: dict[str, Any]) -> None:
    request = context.get("request")
    _log.error("Unforeseen", exc_info=error)
    got_request_exception.send(sender=type(context.get("view")), request=getattr(request, "_request", None))
