"""A coordinator's decisions on what was written at a desk, and taking them back."""

import pytest
from django.core.exceptions import ValidationError

from guilds.audit.refusals import Conflict
from guilds.desk import clearing
from guilds.desk.actions import receive
from guilds.desk.models import DeskEntry
from guilds.organisations.models import Contact, Organisation
from guilds.pledges import actions as pledges
from guilds.pledges.models import Pledge
from tests import factories as make
from tests.guilds.desk.test_actions import open_desk, wrote

pytestmark = pytest.mark.django_db


@pytest.fixture
def hotel():
    return make.make_employer("Harbour Hotel")


@pytest.fixture
def desk(hotel):
    return open_desk(participations=[{"employer": hotel}])


@pytest.fixture
def coordinator(desk):
    return desk.opened_by


def typed(desk, name: str = "Harbour Hotel", **fields) -> DeskEntry:
    return receive(desk=desk, organisation_name=name, **wrote(**fields))[0]


def test_clearing_makes_a_verified_pledge_and_the_person_a_contact(desk, hotel, coordinator):
    entry = typed(desk)

    clearing.clear(by=coordinator, entry=entry, employer=hotel)

    pledge, person = Pledge.objects.get(), Contact.objects.get()
    assert (entry.status, entry.pledge, pledge.status) == ("cleared", pledge, "open")
    assert (pledge.employer, pledge.contact, pledge.made_through) == (hotel, person, "desk")
    assert (person.name, person.email, person.lawful_basis) == ("Robin Example", "robin@harbour.example", "consent")
    with pytest.raises(Conflict, match="cleared"):
        clearing.clear(by=coordinator, entry=entry, employer=hotel)


def test_a_picked_one_is_verified_as_it_is_or_given_to_another(desk, hotel, coordinator):
    other = make.make_employer()
    first, second = (receive(desk=desk, organisation=hotel, **wrote())[0] for _ in range(2))

    clearing.clear(by=coordinator, entry=first, employer=hotel)
    clearing.clear(by=coordinator, entry=second, employer=other)

    assert set(Pledge.objects.values_list("employer", "status")) == {(hotel.pk, "open"), (other.pk, "open")}
    assert Contact.objects.count() == 2, "one at each"


def test_who_asked_to_be_left_alone_is_not_the_one_to_ask(desk, hotel, coordinator):
    make.make_contact(hotel, email="ROBIN@harbour.example", do_not_contact=True)

    clearing.clear(by=coordinator, entry=typed(desk), employer=hotel)

    assert (Pledge.objects.get().contact, Contact.objects.count()) == (None, 1)


def test_a_new_employer_comes_only_by_its_own_press(desk, coordinator):
    entry = typed(desk, "Quarry Works")

    clearing.clear_as_new(by=coordinator, entry=entry)

    assert Pledge.objects.get().employer == Organisation.objects.get(name="Quarry Works")


def test_rejecting_needs_a_reason_and_rejects_the_pledge_too(desk, hotel, coordinator):
    entry = receive(desk=desk, organisation=hotel, **wrote())[0]
    with pytest.raises(ValidationError):
        clearing.reject(by=coordinator, entry=entry, reason=" ")

    clearing.reject(by=coordinator, entry=entry, reason="A joke")

    assert (entry.status, entry.status_reason, Pledge.objects.get().status) == ("rejected", "A joke", "rejected")


def test_each_decision_can_be_taken_back_and_made_anew(desk, hotel, coordinator):
    entry, other = typed(desk), make.make_employer()
    clearing.clear(by=coordinator, entry=entry, employer=other)
    clearing.reopen(by=coordinator, entry=entry)
    assert (entry.status, Pledge.objects.get().status) == ("waiting", "unverified")

    clearing.reject(by=coordinator, entry=entry, reason="A joke")
    clearing.reopen(by=coordinator, entry=entry)
    clearing.clear(by=coordinator, entry=entry, employer=hotel)

    assert Pledge.objects.values_list("employer", "status").get() == (hotel.pk, "open")


def test_what_rests_on_the_pledge_by_now_keeps_it(desk, hotel, coordinator):
    entry = typed(desk)
    clearing.clear(by=coordinator, entry=entry, employer=hotel)
    pledges.amend(by=coordinator, pledge=Pledge.objects.get(), quantity=7, reason="Two more")

    with pytest.raises(Conflict, match="changed since"):
        clearing.reopen(by=coordinator, entry=entry)
    entry.refresh_from_db()
    assert entry.status == "cleared"


def test_what_is_certain_is_cleared_in_one_go(desk, hotel, coordinator):
    twins = [make.make_employer("Twin Works") for _ in range(2)]
    receive(desk=desk, organisation=hotel, **wrote())
    typed(desk, "The HARBOUR hotel Ltd")
    unsure = [typed(desk, "Twin Works"), typed(desk, "Nobody knows"), typed(desk, "Harbour Hotels")]
    unsure.append(receive(desk=desk, organisation=hotel, organisation_name="Twin Works", **wrote())[0])

    assert clearing.clear_certain(by=coordinator, desk=desk) == (2, 0)

    assert set(DeskEntry.objects.to_clear()) == set(unsure)
    assert set(Pledge.objects.values_list("employer", "status")) == {(hotel.pk, "open")}
    assert not Pledge.objects.filter(employer__in=twins).exists()


def test_a_pledge_decided_elsewhere_is_left_alone(desk, hotel, coordinator):
    entry = receive(desk=desk, organisation=hotel, **wrote())[0]
    pledges.reject(by=coordinator, pledge=Pledge.objects.get(), reason="Twice")

    assert not DeskEntry.objects.to_clear().exists()
    clearing.clear(by=coordinator, entry=entry, employer=hotel)

    assert Pledge.objects.get().status == "rejected"
