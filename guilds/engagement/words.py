"""The words by which an engagement is found: those of its title, its reference, and the address where it is held."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models

from guilds.search import index
from guilds.search.models import IndexedWord
from guilds.search.words import words_of

#: The columns that the words come from.
COLUMNS = ("title", "reference", "venue_address")


class EngagementWord(IndexedWord):
    """A word of an engagement's title, reference or address."""

    record = models.ForeignKey("guilds.Engagement", on_delete=models.CASCADE, related_name="+", db_index=False)


def words_for(*texts: str) -> set[str]:
    """What finds an engagement of which these texts are told."""
    return {word for text in texts for word in words_of(text)}


def keep_words(engagements: Iterable[Any], *, new: bool = False) -> None:
    """Have these engagements found by what is told of them now."""
    words = {one.pk: words_for(*(getattr(one, column) for column in COLUMNS)) for one in engagements}
    index.keep(EngagementWord, words, new=new)


def rebuild(apps: Any = apps) -> None:
    """Make the index of all engagements anew."""
    rows = apps.get_model("guilds", "Engagement").objects.order_by("pk").values_list("pk", *COLUMNS)
    index.fill(apps.get_model("guilds", "EngagementWord"), rows.iterator(), words_for)
