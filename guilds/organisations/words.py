"""The words by which an organisation is found: those of its name and trading names, and their initials."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models

from guilds.organisations.names import bare_name
from guilds.search import index
from guilds.search.models import IndexedWord
from guilds.search.words import initials, words_of


class OrganisationWord(IndexedWord):
    """A word of an organisation's names."""

    record = models.ForeignKey("guilds.Organisation", on_delete=models.CASCADE, related_name="+", db_index=False)


def words_for(name: str, trading_names: Iterable[str]) -> set[str]:
    """What finds an organisation of these names. Company endings say nothing."""
    found: set[str] = set()
    for one in (name, *trading_names):
        found |= {*words_of(bare_name(one)), *initials(bare_name(one))}
    return found


def keep_words(organisations: Iterable[Any], *, new: bool = False) -> None:
    """Have these organisations found by the names that they have now."""
    index.keep(OrganisationWord, {one.pk: words_for(one.name, one.trading_names) for one in organisations}, new=new)


def rebuild(apps: Any = apps) -> None:
    """Make the index of all organisations anew."""
    rows = apps.get_model("guilds", "Organisation").objects.order_by("pk").values_list("pk", "name", "trading_names")
    index.fill(apps.get_model("guilds", "OrganisationWord"), rows.iterator(), words_for)
