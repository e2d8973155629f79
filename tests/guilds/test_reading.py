"""Several things are read by one way to the database and back, and are what they would have been by themselves."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Count, F

from guilds.organisations.models import Identifier, Organisation
from guilds.reading import read_at_once
from tests.factories import make_employer, make_school

pytestmark = pytest.mark.django_db


def _questions():
    """Of every sort that a page asks."""
    everybody = Organisation.objects.order_by("name")
    employers = everybody.filter(is_employer=True)
    return [
        everybody.select_related("district").prefetch_related("identifiers").annotate(known_by=Count("identifiers")),
        everybody.only("name"),
        everybody.none(),
        everybody.values_list("name", "is_employer", "created_at"),
        everybody.filter(name="Nobody's"),
        everybody.values("name", of=F("district__name")),
        everybody.values_list("pk", flat=True)[:1],
        everybody.filter(pk__in=[]),
        Identifier.objects.order_by("organisation__name").values_list("value").distinct(),
        employers.order_by().values_list("name").union(everybody.order_by().values_list("name")).order_by("name"),
    ]


def _told(rows):
    return [
        (row.pk, row.name, getattr(row, "known_by", None), row.get_deferred_fields())
        if isinstance(row, Organisation)
        else row
        for row in rows
    ]


def _make():
    make_employer(name="Harbour Hotel", identifiers=[("companies_house", "01234567")])
    make_school(name="A school", identifiers=[("urn", "100001")])


def test_each_is_answered_as_if_it_had_been_asked_alone():
    _make()
    alone, together = _questions(), _questions()
    read_at_once(*together)
    assert [_told(rows) for rows in together] == [_told(rows) for rows in alone]
    assert _told(together[0]), "something was there to be read"


def test_nothing_more_is_asked_afterwards_and_postgresql_is_asked_once(django_assert_num_queries):
    _make()
    asked = _questions()
    at_once = 1 if connection.vendor == "postgresql" else len(asked) - 2
    with django_assert_num_queries(at_once + 1):  # and what the first has fetched beside it
        read_at_once(*asked)
    with django_assert_num_queries(0):
        assert [row.name for row in asked[0]] == ["A school", "Harbour Hotel"]
        assert [[one.value for one in row.identifiers.all()] for row in asked[0]] == [["100001"], ["01234567"]]
        read_at_once(*asked)
        read_at_once(Organisation.objects.none())
        read_at_once()


def test_what_is_narrowed_further_asks_anew(django_assert_num_queries):
    _make()
    everybody = Organisation.objects.order_by("name")
    read_at_once(everybody, everybody.values("name"))
    with django_assert_num_queries(1):
        assert [row.name for row in everybody.filter(is_provider=True)] == ["A school"]


def test_where_one_fails_the_others_are_still_to_be_read():
    _make()
    broken = Organisation.objects.extra(where=["nowhere.nothing = 1"])
    others = Organisation.objects.order_by("name")
    with pytest.raises(DatabaseError), transaction.atomic():
        read_at_once(broken, others)
    assert len(others) == 2, "asked again, by itself"
