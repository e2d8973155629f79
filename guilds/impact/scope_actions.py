"""Every change of saved scopes: a new one, another name or selection, an end."""

from typing import Any

from django.db import transaction
from django.utils.text import slugify

from guilds.audit import recording
from guilds.audit.refusals import Refusals
from guilds.impact.reach import SECONDARY_KINDS
from guilds.impact.saved_scopes import SavedScope
from guilds.organisations.models import LocalKind
from guilds.reference.models import District

#: What a scope may select by: of the schools, and of the work that reached them.
SELECTS = ("coastal", "provider_kinds", "local_kinds", "districts", "guild", "kind")


@transaction.atomic
def save_scope(*, by, name: str, description: str = "", **selects: Any) -> SavedScope:
    """Give a part of the schools a name. Raises ValidationError keyed by field."""
    scope = SavedScope(slug=_free_slug(name), name=name.strip(), description=description.strip(), **selects)
    _check(scope)
    return recording.create(scope, by=by, verb="saved")


@transaction.atomic
def correct_scope(*, by, scope: SavedScope, expected_version: int | None = None, **said: Any) -> SavedScope:
    """Rename it, or say otherwise what it selects; its address stays.

    Raises ValidationError keyed by field, Overtaken where `expected_version` is not the scope's any more.
    """
    with recording.changing(scope, by=by, verb="corrected", expected_version=expected_version) as now:
        for name, value in said.items():
            setattr(now, name, value.strip() if isinstance(value, str) else value)
        _check(now)
    return scope


def delete_scope(*, by, scope: SavedScope) -> None:
    """Nobody needs it any more; history keeps what it was. No figure rests on it."""
    recording.remove(scope, by=by, verb="deleted")


def _free_slug(name: str) -> str:
    """The name as addresses have it, numbered where another scope has had it first."""
    plain = slugify(name)[:50] or "scope"
    taken = set(SavedScope.objects.filter(slug__startswith=plain).values_list("slug", flat=True))
    numbered = (f"{plain}-{number}" for number in range(2, len(taken) + 3))
    return plain if plain not in taken else next(slug for slug in numbered if slug not in taken)


def _check(scope: SavedScope) -> None:
    """Everything that it says exists, and it says something."""
    refusals = Refusals()
    counting = [str(kind) for kind in SECONDARY_KINDS]
    for field, known, accepted in (
        ("provider_kinds", counting, "a kind of school that coverage counts"),
        ("local_kinds", LocalKind.values, "a kind of school in Kent"),
        ("districts", _codes(scope.districts), "a district of Kent or Medway"),
    ):
        for value in getattr(scope, field):
            refusals.add_when(value not in known, field, f"“{value}” is not {accepted}", "invalid_choice")
    says = any(getattr(scope, name) not in (None, "", []) for name in SELECTS)
    refusals.add_when(not says, "coastal", "Choose at least one thing that the scope selects", "empty")
    refusals.raise_if_any()


def _codes(said: list[str]) -> set[str]:
    return set(District.objects.local().filter(code__in=said).values_list("code", flat=True)) if said else set()
