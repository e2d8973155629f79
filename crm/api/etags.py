"""Versions of what was read: `ETag`, `If-Match` and `If-None-Match` (RFC 9110, section 13)."""

import hashlib
import json
from typing import Any

from django.utils.http import parse_etags
from rest_framework.request import Request

from crm.api.problems import PreconditionFailed, PreconditionRequired


def etag(version: int, shown: dict[str, Any]) -> str:
    """The tag of a record as one caller sees it: its version, and a digest of all that is shown with it."""
    digest = hashlib.blake2b(json.dumps(shown, sort_keys=True).encode(), digest_size=9)
    return f'"{version}-{digest.hexdigest()}"'


def check_match(request: Request, tag: str, *, required: bool) -> None:
    """Raises PreconditionRequired without If-Match where it is `required`, PreconditionFailed for another tag."""
    given = request.headers.get("If-Match")
    if given is None:
        if required:
            raise PreconditionRequired
    elif given.strip() != "*" and tag not in _tags(given):
        raise PreconditionFailed


def is_known(request: Request, tag: str) -> bool:
    """Whether the caller has this very version already (304)."""
    given = request.headers.get("If-None-Match", "")
    return given.strip() == "*" or tag in _tags(given)


def _tags(header: str) -> list[str]:
    """The tags of a header; a proxy that compresses answers marks them as weak, and means the same version."""
    return [tag.removeprefix("W/") for tag in parse_etags(header)]
