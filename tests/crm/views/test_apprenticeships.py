"""Apprenticeships: intakes, lists, verbs, recording and correcting."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guilds.opportunities.models import Apprenticeship
from guilds.reference.models import ApprenticeshipStandard
from tests import factories as make
from tests.crm.views.test_placements import parts, shown

pytestmark = pytest.mark.django_db

LIST = "/apprenticeships/"


def verb(apprenticeship, name: str) -> str:
    return reverse("apprenticeship_verb", args=[apprenticeship.pk, name])


@pytest.fixture
def coordinator(client):
    user = make.make_coordinator()
    client.force_login(user)
    return user


def test_everybody_lists_what_they_may_see(client):
    trainer = make.make_school("Trainers", provider_kind="training_provider")
    mine, others = make.make_apprenticeship(training_provider=trainer), make.make_apprenticeship()
    for reader, seen in (
        (make.make_coordinator(), {mine.pk, others.pk}),
        (make.make_commission_member(), {mine.pk, others.pk}),
        (make.make_employer_member(mine.employer), {mine.pk}),
        (make.make_school_member(trainer), {mine.pk}),
        (make.make_employer_member(), set()),
    ):
        client.force_login(reader)
        assert shown(client.get(LIST)) == seen, reader.role
        expected = 200 if others.pk in seen else 404
        assert client.get(reverse("apprenticeship_detail", args=[others.pk])).status_code == expected


def test_open_positions_are_summed_by_intake_for_what_the_reader_sees(client, coordinator):
    make.make_apprenticeship(positions=3, intake="september"), make.make_apprenticeship(positions=2, intake="september")
    make.make_apprenticeship(positions=4, intake="january", status="filled")
    own = make.make_apprenticeship(positions=1)
    open_ones = {intake.label: intake.positions for intake in client.get(LIST).context["intakes"]}
    assert open_ones == {"September": 5, "January": 0, "April": 0, "July": 0, "Any time": 1}
    client.force_login(make.make_employer_member(own.employer))
    assert sum(intake.positions for intake in client.get(LIST).context["intakes"]) == 1


def test_list_costs_as_many_queries_for_30_rows_as_for_3(client, coordinator):
    for _ in range(3):
        make.make_apprenticeship()
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for _ in range(27):
        make.make_apprenticeship()
    with CaptureQueriesContext(connection) as many:
        assert len(client.get(LIST).context["listing"].rows) == 25
    assert len(many) == len(few) <= 9


def test_apprenticeship_goes_through_its_life(client, coordinator):
    apprenticeship = make.make_apprenticeship()
    client.post(verb(apprenticeship, "fill"), {})
    assert client.post(verb(apprenticeship, "close_unfilled"), {}).status_code == 409
    client.post(verb(apprenticeship, "start"), parts("on", 1, 9, 2017))
    assert client.post(verb(apprenticeship, "withdraw"), parts("on", 1, 10, 2017)).context["form"].errors.keys() == {
        "reason"
    }
    client.post(verb(apprenticeship, "complete"), parts("on", 1, 9, 2018))
    apprenticeship.refresh_from_db()
    assert apprenticeship.status == "completed"
    content = client.get(reverse("apprenticeship_detail", args=[apprenticeship.pk])).content.decode()
    assert "said that somebody was found" in content


def test_verbs_are_for_those_who_lead_it(client):
    apprenticeship = make.make_apprenticeship()
    for stranger in (make.make_coordinator("sciences"), make.make_employer_member(apprenticeship.employer)):
        client.force_login(stranger)
        assert client.post(verb(apprenticeship, "fill"), {}).status_code == 403


def said(**more) -> dict:
    start = {"positions": "2", "guild": "hospitality-tourism", "status": "open", "intake": "september"}
    return start | parts("opened_on", 14, 3, 2017) | more


def test_standard_is_found_by_reference_or_kept_as_words(client, coordinator):
    employer = make.make_employer("Bay Hotel")
    chef = ApprenticeshipStandard.objects.create(reference="ST0228", title="Chef de partie", level=3)
    client.post(reverse("apprenticeship_new"), said(employer_text="Bay Hotel", standard="st0228"))
    found = Apprenticeship.objects.get()
    assert (found.employer, found.standard, found.standard_title, found.level) == (employer, chef, "Chef de partie", 3)
    client.post(reverse("apprenticeship_new"), said(employer_text="Bay Hotel", standard="Pot washing", level="2"))
    words = Apprenticeship.objects.exclude(pk=found.pk).get()
    assert (words.standard, words.standard_title, words.level) == (None, "Pot washing", 2)


def test_correcting_changes_what_was_changed_only(client, coordinator):
    apprenticeship = make.make_apprenticeship(positions=1, district=make.make_district())
    words = said(employer_text=apprenticeship.employer.name, standard="Chef de partie", level="3", version="1")
    response = client.post(reverse("apprenticeship_correct", args=[apprenticeship.pk]), words)
    assert response.status_code == 302
    apprenticeship.refresh_from_db()
    assert (apprenticeship.positions, apprenticeship.district_id) == (2, "E07000114")


def test_apprenticeship_made_for_a_pledge_is_credited_to_it(client, coordinator):
    pledge = make.make_open_pledge(kind="apprenticeship")
    client.post(f"{reverse('apprenticeship_new')}?pledge={pledge.pk}", said(employer_text=pledge.employer.name))
    assert Apprenticeship.objects.get().delivery.pledge == pledge
