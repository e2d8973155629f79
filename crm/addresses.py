"""Addresses of records, for pages that have a hundred of them: the pattern of a page is looked up once."""

from functools import cache
from typing import Any
from uuid import UUID

from django.urls import get_urlconf, reverse

_ANY = UUID(int=0)


def record_address(name: str, pk: Any) -> str:
    """The same as `reverse(name, args=[pk])` for a page about one record, whose only argument is the record's id."""
    return _pattern(name, get_urlconf()).replace(str(_ANY), str(pk))


@cache
def _pattern(name: str, urlconf: str | None) -> str:
    return reverse(name, urlconf=urlconf, args=[_ANY])
