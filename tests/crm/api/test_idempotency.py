"""A POST that is sent again is answered again, and done once."""

import pytest

from guilds.engagement.models import Engagement
from guilds.pledges.models import Allocation
from tests.crm.api.bodies import body_for
from tests.crm.api.caller import Caller, faults
from tests.factories import make_administrator, make_coordinator, make_engagement, make_open_pledge, make_school
from tests.threads import at_once


@pytest.mark.django_db
def test_the_first_answer_comes_again(coordinator):
    body = body_for("engagements")
    first = coordinator.post("engagements/", body, idempotency_key="k-1")
    again = coordinator.post("engagements/", dict(reversed(body.items())), idempotency_key="k-1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert (again["ETag"], again["Location"]) == (first["ETag"], first["Location"])
    assert (again["Idempotency-Replayed"], first.has_header("Idempotency-Replayed")) == ("true", False)
    assert Engagement.objects.count() == 1


@pytest.mark.django_db
def test_the_answer_is_the_first_even_if_the_record_has_moved_on(coordinator):
    body = body_for("engagements")
    first = coordinator.post("engagements/", body, idempotency_key="k-1").json()
    coordinator.change(first["url"], {"title": "Another"})
    assert coordinator.post("engagements/", body, idempotency_key="k-1").json() == first


@pytest.mark.django_db
def test_another_body_or_address_with_the_same_key_is_422(coordinator):
    body = body_for("engagements")
    coordinator.post("engagements/", body, idempotency_key="k-1")
    for path, other in [("engagements/", body | {"title": "Other"}), ("contacts/", body)]:
        answer = coordinator.post(path, other, idempotency_key="k-1")
        assert (answer.status_code, list(faults(answer).values())) == (422, ["key_reused"])
    assert Engagement.objects.count() == 1


@pytest.mark.django_db
def test_keys_are_each_users_own(coordinator, administrator):
    body = body_for("engagements")
    coordinator.post("engagements/", body, idempotency_key="k-1")
    assert administrator.post("engagements/", body, idempotency_key="k-1").status_code == 201
    assert Engagement.objects.count() == 2


@pytest.mark.django_db
def test_a_refusal_leaves_the_key_free(coordinator):
    body = body_for("engagements")
    assert coordinator.post("engagements/", body | {"kind": "party"}, idempotency_key="k-1").status_code == 400
    assert coordinator.post("engagements/", body, idempotency_key="k-1").status_code == 201


@pytest.mark.django_db
def test_verbs_are_done_once_too(coordinator):
    url = f"engagements/{make_engagement().pk}/confirm/"
    assert [coordinator.post(url, idempotency_key="k-1").status_code for _ in range(2)] == [200, 200]
    assert coordinator.post(url, idempotency_key="k-2").status_code == 409

    pledge, school = make_open_pledge(), make_school()
    given = {"provider": str(school.pk), "quantity": 6}
    answers = [coordinator.post(f"pledges/{pledge.pk}/allocate/", given, idempotency_key="k-3") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Allocation.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "k" * 201, "k\xe9y"])
def test_what_is_no_key_is_refused(coordinator, key):
    answer = coordinator.post("engagements/", body_for("engagements"), idempotency_key=key)
    assert (answer.status_code, faults(answer)) == (400, {"Idempotency-Key": "invalid"})


@pytest.mark.django_db(transaction=True)
def test_the_same_request_at_the_same_moment_is_done_once():
    user, body = make_coordinator(), body_for("engagements")
    callers = [Caller(user) for _ in range(6)]
    answers = at_once([lambda c=c: c.post("engagements/", body, idempotency_key="same") for c in callers])

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert Engagement.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_several_who_read_the_same_version_one_may_change_it():
    user = make_administrator()
    url = f"engagements/{make_engagement().pk}/"
    callers = [Caller(user) for _ in range(6)]
    tag = callers[0].get(url)["ETag"]
    answers = at_once(
        [lambda c=c, n=n: c.patch(url, {"title": f"Title {n}"}, if_match=tag) for n, c in enumerate(callers)]
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 5
    [winner] = [answer.json() for answer in answers if answer.status_code == 200]
    assert callers[0].get(url).json() == winner


@pytest.mark.django_db(transaction=True)
def test_the_last_places_go_to_one_of_several_who_want_them():
    user, pledge = make_administrator(), make_open_pledge(quantity=10)
    callers = [(Caller(user), {"provider": str(make_school().pk), "quantity": 6}) for _ in range(5)]
    answers = at_once([lambda c=c, b=b: c.post(f"pledges/{pledge.pk}/allocate/", b) for c, b in callers])

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 4
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert faults(refused) == {"quantity": "too_few_remain"}
    shown = callers[0][0].get(f"pledges/{pledge.pk}/").json()
    assert (shown["allocated"], shown["remaining"]) == (6, 4)
