"""Several things are read by one way to the database and back, and are what they would have been by themselves."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import CharField, Count, DateTimeField, F
from django.utils import timezone

from guilds.organisations.models import Identifier, Organisation
from guilds.reading import Given, Question, read_at_once
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


def test_a_connection_that_sends_values_beside_the_text_asks_one_after_the_other(
    django_assert_num_queries, monkeypatch
):
    _make()
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {"server_side_binding": True})
    everybody = Organisation.objects.order_by("name")
    with django_assert_num_queries(2):
        read_at_once(everybody.values("name"), everybody.values("pk"))


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


def _known_by(numbers: list[str]) -> list[str]:
    """The names of those with a number, by one question that is asked for each number."""
    question = Question(_put_known_by, number=CharField(), since=DateTimeField())
    since = timezone.now() - timedelta(days=1)
    asked = [question(number=number, since=since) for number in numbers]
    read_at_once(*asked, Organisation.objects.order_by("name"))
    return [name for one in asked for name, _, _ in one]


def _put_known_by(number: Given, since: Given):
    rows = Organisation.objects.filter(identifiers__value=number, created_at__gte=since, is_employer=True)
    return rows.values_list("name", "pk", "district__name")


def test_a_question_in_words_is_asked_for_one_after_the_other():
    _make()
    make_employer(name="Tide Mill", identifiers=[("companies_house", "07654321")])
    assert _known_by(["07654321", "00000000", "01234567"]) == ["Tide Mill", "Harbour Hotel"]


def test_a_question_is_put_into_words_once_and_finds_what_is_new(django_assert_num_queries):
    put = []

    def everybody(name: Given):
        put.append(name)
        return Organisation.objects.filter(name=name).values_list("pk", "created_at")

    question = Question(everybody, name=CharField())
    for number in range(3):
        hotel = make_employer(name=f"Hotel {number}")
        asked = question(name=hotel.name)
        with django_assert_num_queries(1):
            read_at_once(asked)
            read_at_once(asked)
        assert list(asked) == [(hotel.pk, hotel.created_at)] and len(asked) == 1
    assert len(put) == 1


def test_a_question_that_nothing_can_fit_is_not_asked(django_assert_num_queries):
    question = Question(lambda name: Organisation.objects.none().values_list("pk"), name=CharField())
    with django_assert_num_queries(0):
        asked = question(name="Harbour Hotel")
        read_at_once(asked)
        assert list(asked) == []


def test_a_question_of_which_something_is_not_given_is_refused():
    question = Question(lambda name: Organisation.objects.filter(name=name).values_list("pk"), name=CharField())
    with pytest.raises(KeyError):
        read_at_once(question())
