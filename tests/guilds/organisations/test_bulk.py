"""Many at once leaves what one by one leaves: the same records, the same history, the same refusals."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from guilds.audit.models import Event, StatusChange
from guilds.organisations import actions
from guilds.organisations.bulk import Correction, Draft, correct_many, register_many
from guilds.organisations.models import Organisation
from guilds.reference.loading import load_reference

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places(db):
    load_reference()


def draft(called: str, urn: str, **fields) -> Draft:
    return Draft({"name": called, "is_provider": True, "postcode": "TN23 9ZX"} | fields, (("urn", urn),))


def left_behind(organisation: Organisation) -> tuple:
    """The record and its history, without what names this one record or this one moment."""
    events = Event.objects.about(organisation).values("verb", "before", "after", "reason", "subject_type")
    steps = StatusChange.objects.of(organisation).values("from_status", "to_status", "subject_type")
    organisation = Organisation.objects.get(pk=organisation.pk)
    return organisation.audit_state(), organisation.search_name, organisation.version, list(events), list(steps)


def test_registering_many_leaves_what_registering_one_leaves():
    [many] = register_many(by=None, drafts=[draft("Larkmere School", "990001")])
    seen = left_behind(many)
    assert seen[3]
    Organisation.objects.all().delete()
    one = actions.register(by=None, identifiers=[("urn", "990001")], name="Larkmere School", is_provider=True,
                           postcode="TN23 9ZX")  # fmt: skip
    assert left_behind(one) == seen


def test_correcting_many_leaves_what_correcting_one_leaves():
    change = {"name": "Larkmere Academy", "postcode": "CT9 9ZX", "status": "closed", "pupils": 900}
    first, second = register_many(by=None, drafts=[draft("A school", "990001"), draft("A school", "990002")])
    correct_many(by=None, corrections=[Correction(first, change)])
    actions.correct(by=None, organisation=second, **change)
    one, other = left_behind(first), left_behind(second)
    assert str(one).replace("990001", "990002") == str(other)
    assert (first.name, first.version, first.district.name) == ("Larkmere Academy", 2, "Thanet")


def test_correcting_many_touches_only_those_that_change():
    first, second = register_many(by=None, drafts=[draft("A school", "990001"), draft("Another", "990002")])
    made = Organisation.objects.get(pk=second.pk)
    changed = correct_many(
        by=None, corrections=[Correction(first, {"name": "A school"}), Correction(second, {"pupils": 900})]
    )
    assert changed == [False, True]
    now = Organisation.objects.get(pk=second.pk)
    assert (now.created_at, now.pupils, Organisation.objects.get(pk=first.pk).version) == (made.created_at, 900, 1)
    assert now.updated_at > made.updated_at
    assert Event.objects.filter(verb="corrected").count() == 1


def test_a_new_status_has_its_own_day():
    [school] = register_many(by=None, drafts=[draft("A school", "990001")])
    correct_many(by=None, corrections=[Correction(school, {"status": "closed"}, happened_on=date(2017, 8, 31))])
    assert StatusChange.objects.of(school).last().happened_on == date(2017, 8, 31)


@pytest.mark.parametrize("fields", [{"name": ""}, {"provider_kind": "castle"}, {"is_provider": False}])
def test_one_fault_and_none_comes_in(fields):
    with pytest.raises(ValidationError):
        register_many(by=None, drafts=[draft("A school", "990001"), draft("Another", "990002", **fields)])
    assert not Organisation.objects.exists()
    first, second = register_many(by=None, drafts=[draft("A school", "990001"), draft("Another", "990002")])
    with pytest.raises(ValidationError):
        correct_many(by=None, corrections=[Correction(first, {"pupils": 900}), Correction(second, fields)])
    assert not Organisation.objects.filter(pupils=900).exists()


@pytest.mark.parametrize("number", ["12", "99000A"])
def test_a_malformed_number_is_refused(number):
    with pytest.raises(ValidationError):
        register_many(by=None, drafts=[draft("A school", number)])


def test_a_number_of_somebody_else_is_refused_by_the_database():
    register_many(by=None, drafts=[draft("A school", "990001")])
    with pytest.raises(IntegrityError):
        register_many(by=None, drafts=[draft("Another", "990001")])
    assert Organisation.objects.count() == 1


def test_many_take_a_constant_number_of_queries(django_assert_max_num_queries):
    schools = register_many(by=None, drafts=[draft(f"School {n}", f"99{n:04}") for n in range(100)])
    with django_assert_max_num_queries(14):
        correct_many(by=None, corrections=[Correction(school, {"pupils": n}) for n, school in enumerate(schools)])
