"""Opening a desk, and receiving each promise once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from guilds.audit.models import Event
from guilds.audit.refusals import Conflict
from guilds.desk import actions
from guilds.desk.consent import WORDINGS
from guilds.desk.models import CODE_LETTERS, Desk, DeskEntry
from guilds.desk.queries import participants, tally
from guilds.engagement import actions as engagements
from guilds.organisations.models import Organisation
from guilds.pledges.models import MadeThrough, Pledge, PledgeStatus
from tests import factories as make
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def open_desk(**fields) -> Desk:
    now = timezone.now()
    event = make.make_engagement(starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1), **fields)
    return actions.open_desk(by=make.make_coordinator(), engagement=event)


def wrote(**fields) -> dict:
    told = {"name": "Robin Example", "email": "robin@harbour.example", "kind": "placement", "quantity": 5}
    return {"by": None, "key": uuid4(), "consent_version": "1"} | told | fields


def test_a_desk_has_a_code_that_can_be_read_aloud_and_closes_some_hours_after_the_event():
    desk = open_desk()

    assert len(desk.code) == 6
    assert set(desk.code) <= set(CODE_LETTERS)
    assert not set(CODE_LETTERS) & set("0O1IL5SAEU")
    assert desk.closes_at == actions.usual_end(desk.engagement, timezone.now())
    assert desk.closes_at - desk.engagement.starts_at == timedelta(hours=2) + actions.AFTERWARDS
    assert actions.open_desk(by=None, engagement=desk.engagement) == desk, "pressed twice it is one desk"
    assert Event.objects.about(desk).count() == 1


def test_an_event_that_is_off_has_no_desk():
    off = make.make_engagement()
    engagements.cancel(by=None, engagement=off, reason="Snow")

    with pytest.raises(Conflict, match="cancelled"):
        actions.open_desk(by=None, engagement=off)


def test_a_desk_closes_by_hand_and_opens_again_for_a_day():
    desk = open_desk()
    actions.close_desk(by=None, desk=desk)
    with pytest.raises(Conflict, match="closed already"):
        actions.close_desk(by=None, desk=desk)
    assert not desk.is_open_now

    actions.extend_desk(by=None, desk=desk)
    assert desk.is_open(timezone.now() + timedelta(hours=23))
    assert not desk.is_open(timezone.now() + timedelta(hours=25))

    actions.close_desk(by=None, desk=desk)
    actions.open_desk(by=None, engagement=desk.engagement)
    with pytest.raises(Conflict, match="Another desk is open"):
        actions.extend_desk(by=None, desk=desk)


def test_whose_organisation_was_picked_is_an_unverified_pledge_at_once():
    hotel = make.make_employer("Harbour Hotel")
    desk = open_desk(participations=[{"employer": hotel}])

    entry, again = actions.receive(desk=desk, organisation=hotel, note="In March", **wrote())

    pledge = Pledge.objects.get()
    assert (entry.pledge, again) == (pledge, False)
    assert (pledge.employer, pledge.status, pledge.made_through) == (hotel, PledgeStatus.UNVERIFIED, MadeThrough.DESK)
    assert (pledge.engagement, pledge.guild) == (desk.engagement, desk.engagement.guild)
    assert (pledge.quantity, pledge.conditions, pledge.made_on) == (5, "In March", timezone.localdate())
    assert (entry.consent_version, entry.consent_wording) == ("1", WORDINGS["1"])


def test_what_was_typed_waits_and_makes_no_organisation():
    make.make_employer("Harbour Hotel")
    before = Organisation.objects.count()
    desk = open_desk()

    entry, _ = actions.receive(desk=desk, organisation_name="The Harbour Hotel Ltd", **wrote())

    assert (entry.status, entry.pledge, Organisation.objects.count()) == ("waiting", None, before)
    assert not Pledge.objects.exists()


def test_one_who_picks_one_and_writes_another_is_asked_about():
    hotel = make.make_employer("Harbour Hotel")
    desk = open_desk(participations=[{"employer": hotel}])

    entry, _ = actions.receive(desk=desk, organisation=hotel, organisation_name="Quarry Works", **wrote())
    same, _ = actions.receive(desk=desk, organisation=hotel, organisation_name="HARBOUR hotel", **wrote())

    assert (entry.pledge, same.pledge is not None) == (None, True)


def test_the_list_shows_nobody_but_those_who_take_part():
    here, elsewhere = make.make_employer(), make.make_employer()
    desk = open_desk(participations=[{"employer": here}])

    assert list(participants(desk)) == [here]
    with pytest.raises(ValidationError) as refusal:
        actions.receive(desk=desk, organisation=elsewhere, **wrote())
    assert list(refusal.value.message_dict) == ["organisation"]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"organisation_name": " - "}, "organisation_name"),
        ({"organisation_name": "Quarry", "quantity": 501}, "quantity"),
        ({"organisation_name": "Quarry", "quantity": 0}, "quantity"),
        ({"organisation_name": "Quarry", "kind": "fame"}, "kind"),
        ({"organisation_name": "Quarry", "email": "nobody"}, "email"),
        ({"organisation_name": "Quarry", "consent_version": "0"}, "consent"),
    ],
)
def test_what_is_not_taken_says_which_box(fields, named):
    with pytest.raises(ValidationError) as refusal:
        actions.receive(desk=open_desk(), **wrote(**fields))
    assert list(refusal.value.message_dict) == [named]
    assert not DeskEntry.objects.exists()


def test_the_same_key_is_one_entry_however_often_it_comes():
    desk, sent = open_desk(), wrote(organisation_name="Quarry Works")

    first, _ = actions.receive(desk=desk, **sent)
    second, again = actions.receive(desk=desk, **sent)

    assert (first, again, DeskEntry.objects.count()) == (second, True, 1)


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_the_same_moment_is_one_pledge():
    hotel = make.make_employer()
    desk = open_desk(participations=[{"employer": hotel}])
    sent = wrote(organisation=hotel)

    answers = at_once([lambda: actions.receive(desk=desk, **sent)] * 4)

    assert sorted(again for _, again in answers) == [False, True, True, True]
    assert (DeskEntry.objects.count(), Pledge.objects.count()) == (1, 1)


def test_a_closed_desk_takes_what_was_written_in_time_for_a_day():
    desk = open_desk()
    known = wrote(organisation_name="Quarry Works")
    actions.receive(desk=desk, **known)
    Desk.objects.filter(pk=desk.pk).update(closes_at=timezone.now() - timedelta(hours=2))
    desk.refresh_from_db()
    in_time, late = timezone.now() - timedelta(hours=3), timezone.now()

    actions.receive(desk=desk, **known)
    actions.receive(desk=desk, written_at=in_time, **wrote(organisation_name="Quarry Works"))
    for written_at in (None, late):
        with pytest.raises(Conflict, match="closed"):
            actions.receive(desk=desk, written_at=written_at, **wrote(organisation_name="Quarry Works"))
    desk.closes_at = timezone.now() - timedelta(hours=25)
    with pytest.raises(Conflict, match="closed"):
        actions.receive(
            desk=desk, written_at=timezone.now() - timedelta(days=2), **wrote(organisation_name="Quarry Works")
        )


def test_a_full_desk_takes_nothing_more():
    desk = open_desk()
    desk.entries_at_most = 1
    actions.receive(desk=desk, **wrote(organisation_name="Quarry Works"))

    with pytest.raises(Conflict, match="full"):
        actions.receive(desk=desk, **wrote(organisation_name="Quarry Works"))


def test_the_wall_counts_each_organisation_once(django_assert_num_queries):
    hotel = make.make_employer("Harbour Hotel")
    desk = open_desk(participations=[{"employer": hotel}])
    for fields in (
        {"organisation": hotel}, {"organisation": hotel, "kind": "school_talk", "quantity": 2},
        {"organisation_name": "Quarry Works"}, {"organisation_name": "quarry works ltd"},
    ):  # fmt: skip
        actions.receive(desk=desk, **wrote(**fields))

    with django_assert_num_queries(2):
        sums = tally(desk)

    assert (sums.pledges, sums.employers) == (4, 2)
    assert [(kind.label, kind.quantity) for kind in sums.kinds] == [
        ("Work placements", 15),
        ("Talks at schools or colleges", 2),
    ]


def test_a_desk_is_seen_by_those_who_lead_its_event():
    desk = open_desk()
    actions.receive(desk=desk, **wrote(organisation_name="Quarry Works"))
    seen = {
        name: (Desk.objects.visible_to(user).count(), DeskEntry.objects.visible_to(user).count())
        for name, user in {
            "own": make.make_coordinator(), "other": make.make_coordinator("sciences"),
            "administrator": make.make_administrator(), "employer": make.make_employer_member(),
            "commission": make.make_commission_member(),
        }.items()
    }  # fmt: skip
    nothing = (0, 0)
    assert seen == {
        "own": (1, 1), "administrator": (1, 1), "other": nothing, "employer": nothing, "commission": nothing,
    }  # fmt: skip
