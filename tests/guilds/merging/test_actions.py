"""Merging: everything goes over, is told, counts as one, and comes back exactly; or is refused in words."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from guilds.audit.models import Event
from guilds.audit.refusals import Conflict
from guilds.engagement import follow_up_actions
from guilds.engagement.models import Attendance, Participation
from guilds.impact import cells
from guilds.impact.periods import parse
from guilds.impact.rebuild import differences
from guilds.impact.totals import summary
from guilds.merging import actions, relations
from guilds.merging.models import DuplicatePair, Merge
from guilds.merging.moves import state_of
from guilds.organisations import actions as registry
from guilds.organisations.models import NEVER, Identifier, Membership, Organisation
from guilds.pledges import actions as pledges
from tests import factories as make

pytestmark = pytest.mark.django_db
YEAR = parse("2016-17")
DERIVED = ("merge", "presence", "organisationword")


@pytest.fixture
def by():
    return make.make_administrator()


@pytest.fixture
def winner():
    return make.make_employer("Bay Hotel", phone="01843 000000")


@pytest.fixture
def loser():
    return make.make_employer("Bay Hotel Ltd and Spa", website="https://bay.example", address="1 Harbour Street")


def fill(organisation: Organisation) -> None:
    """Something of every sort that points to an organisation."""
    make.make_contact(organisation)
    make.make_membership(organisation, "sciences")
    make.make_engagement(
        title=f"Fair of {organisation}", status="delivered", participations=[{"employer": organisation, "hours": 4}],
        attendances=[{"provider": make.make_school(), "learners": 20}], venue=organisation,
    )  # fmt: skip
    make.make_open_pledge(employer=organisation)
    make.make_placement(employer=organisation, workplace=organisation, status="started")
    make.make_apprenticeship(employer=organisation)
    make.make_employer_member(organisation)
    follow_up_actions.log_interaction(
        by=None, organisation=organisation, kind="call", happened_on=make.DAY, summary="Spoke"
    )
    follow_up_actions.add_follow_up(
        by=None, what="Ring", due_on=make.DAY, assigned_to=make.make_coordinator(), organisation=organisation
    )


def everything() -> dict[str, list]:
    """All rows that point to organisations, and these themselves, but for what says only when they were written."""
    models = {field.model for key, field in relations.fields_that_point().items() if key[0] not in DERIVED}
    when = {"updated_at", "version", "created_at"}
    return {
        model.__name__: sorted(
            sorted((name, str(value)) for name, value in state_of(row).items() if name not in when)
            for row in model._default_manager.all()
        )
        for model in {*models, Organisation}
    }


def pointing_to(organisation: Organisation) -> set[str]:
    """What points to it, as model.field."""
    return {
        ".".join(key)
        for key, field in relations.fields_that_point().items()
        if relations.RELATIONS[key] not in (relations.Rule.FOLLOWS, relations.Rule.STAYS)
        and field.model._default_manager.filter(**{field.name: organisation}).exists()
    }


def test_every_relation_to_organisations_is_on_the_list_and_no_other():
    assert relations.fields_that_point().keys() == relations.RELATIONS.keys()


def test_merge_refuses_while_a_relation_is_not_on_the_list(by, winner, loser, monkeypatch):
    monkeypatch.delitem(relations.RELATIONS, ("pledge", "employer"))
    with pytest.raises(ValidationError, match=r"pledge\.employer"):
        actions.merge(by=by, winner=winner, loser=loser)


def test_everything_goes_over_counts_as_one_and_comes_back_exactly(by, winner, loser):
    fill(winner), fill(loser)
    cells.refresh()
    before, counted = everything(), summary(period=YEAR, by="total").total.measures
    moving = pointing_to(loser)

    merge = actions.merge(by=by, winner=winner, loser=loser, reason="One firm")

    assert not pointing_to(loser) and moving <= pointing_to(winner)
    assert (loser.status, loser.merged_into) == ("archived", winner)
    assert winner.identifiers.count() == 2 and winner.trading_names == ["Bay Hotel Ltd and Spa"]
    assert (winner.phone, winner.website, winner.address) == ("01843 000000", "https://bay.example", "1 Harbour Street")
    assert (winner.last_contact_on, loser.last_contact_on) == (make.DAY, NEVER)
    assert {move["model"] for move in merge.moved} >= {"pledge", "participation", "identifier", "user", "membership"}
    assert Event.objects.about(loser).first().verb == "merged away"
    cells.refresh()
    as_one = summary(period=YEAR, by="total").total.measures
    assert (counted["employers"].value, as_one["employers"].value) == (2, 1)
    assert as_one["encounters"].value == counted["encounters"].value == 40
    assert not list(differences())

    actions.undo(by=by, merge=merge)

    assert everything() == before
    cells.refresh()
    assert summary(period=YEAR, by="total").total.measures["employers"].value == 2
    assert not list(differences())
    with pytest.raises(Conflict, match="already"):
        actions.undo(by=by, merge=merge)


def test_what_both_have_at_one_event_or_at_one_time_becomes_one(by):
    winner, loser = (make.make_school(name, is_employer=True) for name in ("Cliff School", "Cliffe School"))
    event = make.make_engagement(
        status="delivered",
        attendances=[
            {"provider": winner, "year_group": "10"}, {"provider": loser, "year_group": "10", "learners": 30},
            {"provider": loser, "year_group": "11", "learners": 5},
        ],
        participations=[{"employer": winner, "hours": 3, "volunteers": 1}, {"employer": loser}],
    )  # fmt: skip
    make.make_membership(winner, joined_on=date(2017, 1, 1), role="chair")
    make.make_membership(loser, joined_on=date(2016, 1, 1), left_on=date(2017, 2, 1))
    make.make_membership(loser, joined_on=date(2015, 1, 1), left_on=date(2015, 2, 1))
    registry.link_successor(by=None, predecessor=loser, successor=winner)
    before = everything()

    merge = actions.merge(by=by, winner=winner, loser=loser)

    rows = Attendance.objects.filter(engagement=event).values_list("provider", "year_group", "learners")
    assert sorted(rows) == [(winner.pk, "10", 30), (winner.pk, "11", 5)]
    assert Participation.objects.get().hours == 3
    times = Membership.objects.filter(organisation=winner).values_list("joined_on", "left_on", "role")
    assert sorted(times) == [
        (date(2015, 1, 1), date(2015, 2, 1), "member"), (date(2016, 1, 1), None, "chair"),
    ]  # fmt: skip
    actions.undo(by=by, merge=merge)
    assert everything() == before


def test_undo_is_refused_in_words_where_something_moved_was_changed_since(by, winner, loser):
    pledge = make.make_open_pledge(employer=loser)
    school = make.make_school()
    merge = actions.merge(by=by, winner=winner, loser=loser)
    make.make_open_pledge(employer=winner), make.make_placement(employer=winner, provider=school)
    pledge.refresh_from_db()
    pledges.amend(by=by, pledge=pledge, quantity=4, reason="Fewer rooms")
    with pytest.raises(Conflict, match="pledge 10 work placements"):
        actions.undo(by=by, merge=merge)
    assert Merge.objects.get().undone_at is None and winner.identifiers.count() == 2


def test_undo_is_refused_once_the_winner_is_merged_itself(by, winner, loser):
    merge = actions.merge(by=by, winner=winner, loser=loser)
    third = make.make_employer("The third")
    latest = actions.merge(by=by, winner=third, loser=winner)
    loser.refresh_from_db()
    assert loser.merged_into == third and Identifier.objects.filter(organisation=third).count() == 3
    with pytest.raises(Conflict, match="changed since"):
        actions.undo(by=by, merge=merge)
    actions.undo(by=by, merge=latest)
    actions.undo(by=by, merge=merge)
    loser.refresh_from_db()
    assert loser.merged_into is None and loser.status == "active"


def test_merges_that_make_no_sense_are_refused(by, winner, loser):
    def refused(one, other):
        with pytest.raises(ValidationError) as refusal:
            actions.merge(by=by, winner=one, loser=other)
        return refusal.value.message_dict

    assert refused(winner, winner) == {"loser": ["Choose another organisation: this is the same one"]}
    registry.close(by=None, organisation=winner, reason="Gone")
    assert "keep the one that is active" in refused(winner, loser)["winner"][0]
    actions.merge(by=by, winner=loser, loser=winner)
    assert "has been merged already" in refused(winner, loser)["winner"][0]
    assert "has been merged already" in refused(loser, winner)["loser"][0]


def test_two_that_are_two_are_remembered_once(by, winner, loser):
    for pair in ((winner, loser), (loser, winner)):
        actions.tell_apart(by=by, one=pair[0], other=pair[1])
    assert DuplicatePair.objects.get().different
    assert not DuplicatePair.objects.offered()
