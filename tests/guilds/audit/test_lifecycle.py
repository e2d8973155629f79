"""Lifecycles are tables of verbs; refusals gather; who/when pairs stay together; personal fields are named."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from guilds.access.invitations import INVITATION_LIFECYCLE, JOIN_LIFECYCLE, Invitation, JoinRequest
from guilds.audit.lifecycle import Lifecycle, step
from guilds.audit.models import StatusChange
from guilds.audit.refusals import Conflict, Overtaken, Refusals, RowRefusal
from guilds.desk.models import ENTRY_LIFECYCLE, DeskEntry
from guilds.engagement.follow_ups import FOLLOW_UP_LIFECYCLE, FollowUp
from guilds.engagement.models import LIFECYCLE as ENGAGEMENTS
from guilds.engagement.models import Engagement
from guilds.opportunities.models import APPRENTICESHIP_LIFECYCLE, PLACEMENT_LIFECYCLE, Apprenticeship, Placement
from guilds.organisations.models import LIFECYCLE as ORGANISATIONS
from guilds.organisations.models import Organisation
from guilds.pledges.advisers import ADVISER_LIFECYCLE, AdviserPlace
from guilds.pledges.claims import CLAIM_LIFECYCLE, DeliveryClaim
from guilds.pledges.models import ALLOCATION_LIFECYCLE, Allocation, Pledge
from guilds.pledges.models import LIFECYCLE as PLEDGES
from guilds.pledges.requests import REQUEST_LIFECYCLE as REQUESTS
from guilds.pledges.requests import Request
from guilds.publishing.models import LIFECYCLE as PUBLICATIONS
from guilds.publishing.models import Publication
from guilds.publishing.packs import PACK_LIFECYCLE, Pack
from guilds.rights.models import REQUEST_LIFECYCLE as RIGHTS_REQUESTS
from guilds.rights.models import RightsRequest
from tests.factories import make_commission_member, make_coordinator, make_engagement

LIFECYCLES = [
    (Engagement, ENGAGEMENTS), (FollowUp, FOLLOW_UP_LIFECYCLE), (Placement, PLACEMENT_LIFECYCLE),
    (Apprenticeship, APPRENTICESHIP_LIFECYCLE), (Pledge, PLEDGES), (Allocation, ALLOCATION_LIFECYCLE),
    (Organisation, ORGANISATIONS), (DeliveryClaim, CLAIM_LIFECYCLE),
    (RightsRequest, RIGHTS_REQUESTS), (Invitation, INVITATION_LIFECYCLE), (JoinRequest, JOIN_LIFECYCLE),
    (DeskEntry, ENTRY_LIFECYCLE), (AdviserPlace, ADVISER_LIFECYCLE), (Request, REQUESTS), (Publication, PUBLICATIONS),
    (Pack, PACK_LIFECYCLE),
]  # fmt: skip
MODELS = list(apps.get_app_config("guilds").get_models())


class Thing:
    status = "open"


DOOR = Lifecycle("door", {"close": step(["open"], "closed", needs_reason=True), "lock": step(["closed"], "locked")})


def test_a_verb_moves_from_where_it_may():
    thing = Thing()
    DOOR.move(thing, "close", "It is cold")
    assert (thing.status, DOOR.open_verbs("closed")) == ("closed", ["lock"])


def test_a_verb_that_the_lifecycle_forbids_is_a_conflict():
    with pytest.raises(Conflict) as refusal:
        DOOR.move(Thing(), "lock")
    assert refusal.value.messages == ["This door is open: only one that is closed can be changed this way (lock)"]


def test_a_verb_that_needs_a_reason_is_refused_without():
    with pytest.raises(ValidationError) as refusal:
        DOOR.move(Thing(), "close", "  ")
    assert refusal.value.message_dict == {"reason": ["Say why"]}


@pytest.mark.parametrize(("model", "lifecycle"), LIFECYCLES, ids=[model.__name__ for model, _ in LIFECYCLES])
def test_every_status_of_a_lifecycle_is_one_of_the_models(model, lifecycle):
    statuses = {value for value, _ in model._meta.get_field("status").choices}
    used = {status for taken in lifecycle.steps.values() for status in (*taken.sources, taken.target)}
    assert used <= statuses
    assert statuses - used <= {"fulfilled", "delivered", "met", "expired"}, "only what is never stored has no step"


def test_every_record_with_a_status_has_a_lifecycle():
    with_status = {
        model
        for model in MODELS
        if "status" in {field.name for field in model._meta.fields} and hasattr(model, "version")
    }
    without = {model.__name__ for model in with_status - {model for model, _ in LIFECYCLES}}
    assert without <= {"Import"}


def test_refusals_are_gathered():
    refusals = Refusals()
    refusals.raise_if_any()
    refusals.add("a", "One", "first")
    refusals.add_when(False, "a", "Never")
    refusals.add_from(ValidationError({"b": ValidationError("Two")}))
    refusals.add_row("rows", "Three", row=4, part="learners")
    with pytest.raises(ValidationError) as gathered:
        refusals.raise_if_any()
    assert gathered.value.message_dict == {"a": ["One"], "b": ["Two"], "rows": ["Three"]}
    (row,) = gathered.value.error_dict["rows"]
    assert isinstance(row, RowRefusal)
    assert (row.row, row.part) == (4, "learners")


def test_an_overtaken_change_without_events_names_no_fields():
    assert Overtaken(None, []).changed_fields == []


@pytest.mark.parametrize("model", MODELS, ids=[model.__name__ for model in MODELS])
def test_who_and_when_are_kept_together_by_a_constraint(model):
    """A moment and a person of the same name, `answered_at` and `answered_by`: one is not there without the other."""
    names = {field.name for field in model._meta.fields}
    for name in (name for name in names if name.endswith("_at") and f"{name[:-3]}_by" in names):
        paired = [
            constraint
            for constraint in model._meta.constraints
            if isinstance(constraint, models.CheckConstraint) and name in str(constraint.condition)
        ]
        assert paired, f"{model.__name__}.{name} and {name[:-3]}_by"


@pytest.mark.parametrize("model", MODELS, ids=[model.__name__ for model in MODELS])
def test_models_say_which_of_their_fields_are_personal(model):
    personal = getattr(model, "personal_fields", ())
    names = {field.name for field in model._meta.fields}
    assert set(personal) <= names
    emails = {field.name for field in model._meta.fields if isinstance(field, models.EmailField)}
    assert emails <= set(personal)


@pytest.mark.django_db
def test_histories_as_a_whole_are_the_administrators():
    make_engagement()
    for user in (make_coordinator(), make_commission_member()):
        assert not StatusChange.objects.visible_to(user).exists()
