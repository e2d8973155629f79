"""Many decided at once: as one by one, in a few queries, and one refusal holds up no other."""

from datetime import date, timedelta

import pytest

from guilds.audit.models import Event, StatusChange
from guilds.engagement.follow_ups import FollowUp
from guilds.pledges import bulk
from guilds.pledges.models import Pledge
from tests import factories as make
from tests.guilds.refused import refused

pytestmark = pytest.mark.django_db


def test_many_are_verified_as_one_is(django_assert_max_num_queries):
    somebody, late = make.make_administrator(), date(2017, 3, 20)
    pledges = [make.make_pledge(districts=[make.make_district()], reference=f"P{number}") for number in range(6)]
    open_already = make.make_open_pledge(employer=make.make_employer("Harbour Hotel"))
    tomorrow = make.make_pledge(made_on=late + timedelta(days=1))
    with django_assert_max_num_queries(20):
        outcome = bulk.verify_many(by=somebody, pledges=[*pledges, open_already, tomorrow], on=late)

    assert outcome.changed == 6
    assert sorted(outcome.refused)[0].startswith("10 work placements, Harbour")
    assert any("Harbour Hotel: This pledge is open" in words for words in outcome.refused)
    assert any("before it was made" in words for words in outcome.refused)
    pledge = Pledge.objects.get(pk=pledges[0].pk)
    assert (pledge.status, pledge.verified_on, pledge.version) == ("open", late, 2)
    event = Event.objects.about(pledge).first()
    assert (event.verb, event.actor, event.counted) == ("verify", somebody, False)
    assert event.before["status"] == "unverified"
    assert event.after == pledge.audit_state() | {"made_on": "2017-03-14", "verified_on": "2017-03-20"} | {
        key: str(value) for key, value in pledge.audit_state().items() if key.endswith("employer_id")
    }
    assert StatusChange.objects.of(pledge).last().happened_on == late


def test_many_are_rejected_with_one_reason():
    pledges = [make.make_pledge() for _ in range(3)]
    assert refused(bulk.reject_many, by=None, pledges=pledges, reason=" ") == {"reason": ["Say why"]}
    assert bulk.reject_many(by=None, pledges=pledges, reason="A test of the form").changed == 3

    assert set(Pledge.objects.values_list("status", "status_reason")) == {("rejected", "A test of the form")}
    assert Event.objects.filter(verb="reject", reason="A test of the form").count() == 3


def test_somebody_is_given_something_to_do_about_each():
    pledges, who = [make.make_open_pledge() for _ in range(2)], make.make_coordinator()
    bulk.follow_up_many(by=None, pledges=pledges, what="Ring them", due_on=make.DAY, assigned_to=who)

    made = set(FollowUp.objects.values_list("pledge", "organisation", "assigned_to", "what"))
    assert made == {(pledge.pk, pledge.employer_id, who.pk, "Ring them") for pledge in pledges}
