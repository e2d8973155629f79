"""What schools ask for: who sees it, what meets it, and how it ends."""

import pytest

from guilds.audit.models import Event, StatusChange
from guilds.pledges import actions, request_actions
from guilds.pledges.requests import Request
from tests import factories as make
from tests.guilds.refused import conflict, refused

pytestmark = pytest.mark.django_db


def progress(request):
    row = Request.objects.with_progress().get(pk=request.pk)
    return row.agreed, row.remaining, row.standing


def test_what_is_agreed_meets_a_request_and_what_is_released_no_longer_does():
    request = make.make_request(quantity=4)
    pledge = make.make_open_pledge()
    give = {"by": None, "provider": request.provider, "request": request}
    first = actions.allocate(pledge=pledge, quantity=3, **give)
    actions.allocate(pledge=make.make_open_pledge(), quantity=1, status="requested", **give)
    assert progress(request) == (3, 1, "open")
    assert Request.objects.waiting().get() == request

    actions.allocate(pledge=make.make_open_pledge(), quantity=1, **give)
    assert progress(request) == (4, 0, "met")
    assert not Request.objects.waiting().exists()
    actions.release(by=None, allocation=first)
    assert progress(request) == (1, 3, "open")


def test_only_what_was_asked_for_by_whom_it_is_given_to_counts_for_it():
    request, pledge = make.make_request(), make.make_open_pledge()
    other = make.make_open_pledge(kind="workshop")
    give = {"by": None, "quantity": 1, "request": request}

    told = refused(actions.allocate, pledge=pledge, provider=make.make_school(), **give)
    assert told == {"request": ["Another school or college asks for this"]}
    assert refused(actions.allocate, pledge=other, provider=request.provider, **give) == {
        "request": ["They ask for work placements"]
    }
    request_actions.move_request(by=None, request=request, verb="close", reason="Found elsewhere")
    assert "is closed" in conflict(actions.allocate, pledge=pledge, provider=request.provider, **give)


def test_a_life_in_steps_that_are_kept():
    request = make.make_request()
    waiting = actions.allocate(
        by=None, pledge=make.make_open_pledge(), provider=request.provider, quantity=1, status="requested",
        request=request,
    )  # fmt: skip
    move = {"by": None, "request": request}

    assert refused(request_actions.move_request, verb="withdraw", reason=" ", **move) == {"reason": ["Say why"]}
    request_actions.move_request(verb="withdraw", reason="The trip is off", **move)
    waiting.refresh_from_db()
    assert (request.status, request.status_reason, waiting.status) == ("withdrawn", "The trip is off", "released")
    assert "is withdrawn" in conflict(request_actions.move_request, verb="close", reason="x", **move)
    assert "open it again" in conflict(request_actions.correct_request, quantity=2, **move)

    request_actions.move_request(verb="reopen", reason="It is on again", **move)
    request_actions.correct_request(quantity=2, **move)
    steps = StatusChange.objects.of(request).values_list("to_status", flat=True)
    assert list(steps) == ["open", "withdrawn", "open"]
    assert Event.objects.about(request).count() == 4


def test_refusals_say_what_would_be_accepted():
    employer = make.make_employer("Harbour Hotel")
    assert "is not a school or college" in str(refused(make.make_request, provider=employer))
    assert "Ask for 1 or more" in str(refused(make.make_request, quantity=0))
    days = {"wanted_from": make.DAY, "wanted_until": make.DAY.replace(day=1)}
    assert "before the first" in str(refused(make.make_request, **days))


def test_who_sees_a_request():
    request = make.make_request()
    people = {
        "administrator": make.make_administrator(),
        "coordinator": make.make_coordinator("sciences"),
        "own": make.make_school_member(request.provider),
        "school": make.make_school_member(),
        "employer": make.make_employer_member(),
        "commission": make.make_commission_member(),
    }
    see = {who for who, user in people.items() if Request.objects.visible_to(user).exists()}

    assert see == {"administrator", "coordinator", "own"}
