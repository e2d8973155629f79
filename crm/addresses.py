"""Addresses of records, for pages that have a hundred of them: the pattern of a page is looked up once."""

from functools import cache
from typing import Any
from uuid import UUID

from django.urls import get_urlconf, reverse

_ANY = UUID(int=0)


def record_address(name: str, pk: Any, *which: str) -> str:
    """The same as `reverse(name, args=[pk, *which])` for a page about one record; `which` of several that share the name."""
    return _pattern(name, which, get_urlconf()).replace(str(_ANY), str(pk))


@cache
def _pattern(name: str, which: tuple[str, ...], urlconf: str | None) -> str:
    return reverse(name, urlconf=urlconf, args=[_ANY, *which])
