"""The same request twice is done once."""

from datetime import timedelta
from time import sleep

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from crm import tasks
from guilds.access.models import AnsweredRequest
from guilds.access.once import Answer, KeyReused, answer_once, digest, forget_answers
from guilds.audit.refusals import refuse
from guilds.reference.models import District
from tests.factories import make_coordinator, make_district, make_user
from tests.threads import at_once

SAME, OTHER = digest("POST", "/api/v1/engagements/", b"{}"), digest("POST", "/api/v1/engagements/", b"[]")


def add_district():
    return 201, {"id": str(make_district().pk)}


@pytest.mark.django_db
def test_the_first_answer_is_given_again():
    user = make_coordinator()
    first = answer_once(user=user, key="k", digest=SAME, produce=add_district)
    again = answer_once(user=user, key="k", digest=SAME, produce=lambda: pytest.fail("done twice"))
    assert (first.status, first.repeated) == (201, False)
    assert again == Answer(201, first.body, repeated=True)


@pytest.mark.django_db
def test_another_request_with_the_same_key_is_refused():
    user = make_coordinator()
    answer_once(user=user, key="k", digest=SAME, produce=add_district)
    with pytest.raises(KeyReused) as refusal:
        answer_once(user=user, key="k", digest=OTHER, produce=lambda: pytest.fail("done"))
    assert list(refusal.value.message_dict) == ["key"]


@pytest.mark.django_db
def test_keys_are_each_users_own():
    one, two = make_user("administrator"), make_user("administrator")
    answer_once(user=one, key="k", digest=SAME, produce=add_district)
    assert not answer_once(user=two, key="k", digest=OTHER, produce=lambda: (201, None)).repeated


@pytest.mark.django_db
def test_a_refused_request_leaves_nothing_and_its_key_is_free():
    user = make_coordinator()

    def add_and_refuse():
        add_district()
        raise refuse("name", "No")

    with pytest.raises(ValidationError):
        answer_once(user=user, key="k", digest=SAME, produce=add_and_refuse)
    assert not District.objects.exists()
    assert not answer_once(user=user, key="k", digest=OTHER, produce=add_district).repeated


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "k" * 201])
def test_what_is_no_key_is_refused(key):
    with pytest.raises(ValidationError) as refusal:
        answer_once(user=make_coordinator(), key=key, digest=SAME, produce=add_district)
    assert "1 to 200" in refusal.value.message_dict["key"][0]


@pytest.mark.django_db
def test_old_answers_are_forgotten():
    user = make_coordinator()
    answer_once(user=user, key="old", digest=SAME, produce=add_district)
    AnsweredRequest.objects.update(at=timezone.now() - timedelta(days=2))
    answer_once(user=user, key="new", digest=SAME, produce=add_district)
    assert forget_answers(timezone.now() - timedelta(days=1)) == 1
    assert [kept.key for kept in AnsweredRequest.objects.all()] == ["new"]


@pytest.mark.django_db(transaction=True)
def test_the_same_request_at_the_same_moment_is_done_once():
    user = make_coordinator()
    done = []

    def slowly():
        done.append(1)
        sleep(0.05)
        return 201, len(done)

    answers = at_once([lambda: answer_once(user=user, key="k", digest=SAME, produce=slowly)] * 8)
    assert len(done) == 1
    assert sorted(answer.repeated for answer in answers) == [False] + [True] * 7
    assert {answer.body for answer in answers} == {1}


def test_parts_of_a_request_do_not_run_into_each_other():
    assert digest("a", "bc") != digest("ab", "c")


@pytest.mark.django_db
def test_the_clock_forgets_what_is_a_week_old():
    user = make_coordinator()
    for key, days in (("old", 8), ("new", 6)):
        answer_once(user=user, key=key, digest=SAME, produce=add_district)
        AnsweredRequest.objects.filter(key=key).update(at=timezone.now() - timedelta(days=days))
    tasks.forget_answers()
    assert [kept.key for kept in AnsweredRequest.objects.all()] == ["new"]
