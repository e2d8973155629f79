"""Placements: who sees which, what may be done, and what is refused where."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from guilds.opportunities import actions
from guilds.opportunities.models import Placement
from tests import factories as make

pytestmark = pytest.mark.django_db

LIST = "/placements/"


def shown(response) -> set:
    return {placement.pk for placement in response.context["listing"].rows}


def verb(placement, name: str) -> str:
    return reverse("placement_verb", args=[placement.pk, name])


def parts(name: str, day: int, month: int, year: int) -> dict[str, str]:
    return {f"{name}_day": str(day), f"{name}_month": str(month), f"{name}_year": str(year)}


@pytest.fixture
def coordinator(client):
    user = make.make_coordinator()
    client.force_login(user)
    return user


def test_everybody_lists_what_they_may_see(client):
    mine, others = make.make_placement(), make.make_placement()
    cancelled = make.make_placement(status="cancelled", reason="Closed down")
    everything = {mine.pk, others.pk, cancelled.pk}
    for reader, seen in (
        (make.make_administrator(), everything),
        (make.make_coordinator("engineering-manufacturing"), everything),
        (make.make_commission_member(), {mine.pk, others.pk}),
        (make.make_employer_member(mine.employer), {mine.pk}),
        (make.make_school_member(mine.provider), {mine.pk}),
        (make.make_school_member(), set()),
    ):
        client.force_login(reader)
        response = client.get(LIST)
        assert shown(response) == seen, reader.role
        for placement in (mine, others, cancelled):
            expected = 200 if placement.pk in seen else 404
            address = reverse("placement_detail", args=[placement.pk])
            assert client.get(address).status_code == expected, reader.role
        assert (b"Record a placement" in response.content) == reader.is_staff_member


def test_list_filters_sorts_and_says_to_what_a_link_narrows(client, coordinator):
    few, many = make.make_placement(learners=2), make.make_placement(learners=9, programme="volunteering")
    assert shown(client.get(LIST, {"programme": "volunteering"})) == {many.pk}
    assert next(iter(client.get(LIST, {"ordering": "-learners"}).context["listing"].rows)) == many
    narrowed = client.get(LIST, {"employer": str(few.employer_id)})
    assert shown(narrowed) == {few.pk}
    assert f"Employer: <strong>{few.employer.name}</strong>" in narrowed.content.decode()
    assert client.get(LIST, {"employer": "nonsense"}).context["sound"] is False


def test_list_costs_as_many_queries_for_30_rows_as_for_3(client, coordinator):
    for _ in range(3):
        make.make_placement()
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for _ in range(27):
        make.make_placement()
    with CaptureQueriesContext(connection) as many:
        assert len(client.get(LIST).context["listing"].rows) == 25
    assert len(many) == len(few) <= 8


def test_page_offers_the_verbs_of_its_status_to_those_who_lead_it(client, coordinator):
    placement = make.make_placement()
    content = client.get(reverse("placement_detail", args=[placement.pk])).content.decode()
    assert "Say that it started" in content and "Nobody came" in content and "They left early" not in content
    for stranger in (make.make_coordinator("engineering-manufacturing"), make.make_employer_member(placement.employer)):
        client.force_login(stranger)
        content = client.get(reverse("placement_detail", args=[placement.pk])).content.decode()
        assert "Say that it started" not in content and "Correct</a>" not in content
        assert client.post(verb(placement, "start"), parts("on", 1, 3, 2017)).status_code == 403


def test_placement_goes_through_its_life(client, coordinator):
    placement = make.make_placement(learners=3)
    assert client.get(verb(placement, "start")).status_code == 200
    response = client.post(verb(placement, "start"), parts("on", 1, 4, 2017))
    assert response["Location"] == reverse("placement_detail", args=[placement.pk])
    early = client.post(verb(placement, "complete"), parts("on", 1, 3, 2017))
    assert early.context["form"].errors.keys() == {"on"}
    client.post(verb(placement, "complete"), parts("on", 1, 5, 2017))
    placement.refresh_from_db()
    assert (placement.status, placement.ends_on.isoformat()) == ("completed", "2017-05-01")
    content = client.get(reverse("placement_detail", args=[placement.pk])).content.decode()
    assert "said that it was completed" in content and "from <" in content


def test_cancelling_asks_who_and_why(client, coordinator):
    placement = make.make_placement()
    assert client.post(verb(placement, "cancel"), {}).context["form"].errors.keys() == {"reason", "cancelled_by"}
    client.post(verb(placement, "cancel"), {"reason": "Kitchen closed", "cancelled_by": "employer"})
    placement.refresh_from_db()
    assert (placement.status, placement.cancelled_by) == ("cancelled", "employer")


def test_verb_that_life_forbids_says_so(client, coordinator):
    placement = make.make_placement()
    actions.cancel_placement(by=None, placement=placement, reason="Closed", cancelled_by="employer")
    assert client.get(verb(placement, "start")).status_code == 409
    assert client.post(verb(placement, "start"), parts("on", 1, 4, 2017)).status_code == 409
    assert client.get(verb(placement, "dance")).status_code == 404


def test_start_in_the_future_is_refused_beside_its_box(client, coordinator):
    response = client.post(verb(make.make_placement(), "start"), parts("on", 1, 4, 2999))
    assert response.context["form"].errors.keys() == {"on"}


def said(**more) -> dict:
    start = {"programme": "work_experience", "learners": "2", "guild": "hospitality-tourism", "status": "arranged"}
    return start | parts("arranged_on", 14, 3, 2017) | more


def test_placement_is_recorded_once(client, coordinator):
    employer, school = make.make_employer("Bay Hotel"), make.make_school("Cliff School")
    words = said(employer_text="bay hotel ltd", provider_text="Cliff School", form_token="once")
    first = client.post(reverse("placement_new"), words)
    again = client.post(reverse("placement_new"), words)
    placement = Placement.objects.get()
    assert first["Location"] == again["Location"] == reverse("placement_detail", args=[placement.pk])
    assert (placement.employer, placement.provider, placement.learners) == (employer, school, 2)


def test_what_cannot_be_recorded_is_told_beside_its_box_and_kept(client, coordinator):
    response = client.post(reverse("placement_new"), said(employer_text="Nobody Ltd", learners="0"))
    assert response.context["form"].errors.keys() == {"learners"}
    response = client.post(reverse("placement_new"), said(employer_text="Nobody Ltd"))
    assert response.context["form"].errors.keys() == {"employer"}
    assert b"Nobody Ltd" in response.content
    assert not Placement.objects.exists()


def test_coordinator_records_nothing_for_another_guild(client, coordinator):
    make.make_employer("Bay Hotel"), make.make_guild("sciences")
    response = client.post(reverse("placement_new"), said(employer_text="Bay Hotel", guild="sciences"))
    assert response.context["form"].errors.keys() == {"guild"}


def test_members_record_nothing(client):
    for reader in (make.make_employer_member(), make.make_school_member(), make.make_commission_member()):
        client.force_login(reader)
        assert client.get(reverse("placement_new")).status_code == 403


def test_placement_made_for_a_pledge_is_credited_to_it(client, coordinator):
    pledge = make.make_open_pledge(quantity=5)
    address = f"{reverse('placement_new')}?pledge={pledge.pk}"
    assert pledge.employer.name in client.get(address).content.decode()
    client.post(address, said(employer_text=pledge.employer.name))
    placement = Placement.objects.get()
    assert placement.delivery.pledge == pledge
    detail = client.get(reverse("placement_detail", args=[placement.pk])).content.decode()
    assert reverse("pledge_detail", args=[pledge.pk]) in detail
    assert client.get(f"{reverse('placement_new')}?pledge=nonsense").status_code == 404


def test_placement_for_a_pledge_of_another_employer_is_not_made(client, coordinator):
    pledge, other = make.make_open_pledge(), make.make_employer("Other Works")
    response = client.post(f"{reverse('placement_new')}?pledge={pledge.pk}", said(employer_text=other.name))
    assert "another employer" in response.content.decode()
    assert not Placement.objects.exists()


def test_placement_is_corrected_unless_overtaken(client, coordinator):
    placement = make.make_placement(learners=3)
    address = reverse("placement_correct", args=[placement.pk])
    assert client.get(address).context["form"].initial["learners"] == 3
    words = said(
        employer_text=placement.employer.name, provider_text=placement.provider.name, learners="4", version="1"
    )
    assert client.post(address, words).status_code == 302
    overtaken = client.post(address, words | {"learners": "5"})
    assert overtaken.status_code == 409
    assert [change.label for entry in overtaken.context["meanwhile"] for change in entry.changes] == ["Learners"]
    placement.refresh_from_db()
    assert placement.learners == 4


def test_a_school_says_what_became_of_its_own_placements_and_changes_nothing_else(client):
    school, today = make.make_school_member(), timezone.localdate()
    own, later = (make.make_placement(provider=school.organisation, starts_on=day) for day in (make.DAY, None))
    over = make.make_placement(provider=school.organisation, status="started", ends_on=make.DAY)
    on_it = make.make_placement(provider=school.organisation, status="started", ends_on=today)
    client.force_login(school)
    page = client.get(LIST)
    assert page.context["to_confirm"] == 2 and b"2 placements to confirm" in page.content
    assert shown(client.get(LIST, {"needs": "confirm"})) == {own.pk, over.pk}
    assert {later.pk, on_it.pk} <= shown(page)
    assert "cancel" not in page.context["verbs"] and "start" in page.context["verbs"]
    detail = client.get(reverse("placement_detail", args=[own.pk])).content.decode()
    assert "Nobody came" in detail and "Correct</a>" not in detail and "it is cancelled" not in detail
    for name in ("cancel", "correct"):
        assert client.get(verb(own, name)).status_code == 403
    client.post(verb(own, "start"), parts("on", 14, 3, 2017))
    client.post(bulk(own, over, name="complete"), parts("on", 17, 3, 2017))
    assert set(Placement.objects.filter(pk__in=[own.pk, over.pk]).values_list("status", flat=True)) == {"completed"}
    client.force_login(make.make_school_member())
    assert client.post(verb(later, "start"), parts("on", 14, 3, 2017)).status_code == 404
    assert client.get(bulk(later, name="start")).context["able"] == []


def bulk(*chosen, name: str) -> str:
    return f"{reverse('placement_bulk')}?verb={name}&" + "&".join(f"chosen={placement.pk}" for placement in chosen)


def test_several_are_changed_at_once_and_what_cannot_be_is_left(client, coordinator):
    first, second = make.make_placement(), make.make_placement()
    started, theirs = make.make_placement(status="started"), make.make_placement(guild=make.make_guild("sciences"))
    address = bulk(first, second, started, theirs, name="cancel")
    context = client.get(address).context
    assert {row.pk for row in context["able"]} == {first.pk, second.pk}
    assert {row.pk for row in context["unable"]} == {started.pk, theirs.pk}
    assert client.post(address, {}).context["form"].errors.keys() == {"reason", "cancelled_by"}
    response = client.post(address, {"reason": "Kitchen closed", "cancelled_by": "employer"}, follow=True)
    assert "The placement is cancelled: 2 of 4 chosen" in response.content.decode()
    assert Placement.objects.filter(status="cancelled").count() == 2


def test_refusal_of_one_holds_up_no_other(client, coordinator):
    early, late = (make.make_placement(status="started", starts_on=date(2017, month, 1)) for month in (3, 9))
    response = client.post(bulk(early, late, name="complete"), parts("on", 1, 4, 2017), follow=True)
    assert "1 of 2" in response.content.decode() and "The end must not be before the start" in response.content.decode()
    assert set(Placement.objects.values_list("status", flat=True)) == {"completed", "started"}


def test_bulk_needs_something_chosen_and_a_verb(client, coordinator):
    assert client.get(bulk(name="cancel")).status_code == 302
    assert client.get(bulk(make.make_placement(), name="dance")).status_code == 404
    assert client.get(f"{reverse('placement_bulk')}?verb=cancel&chosen=nonsense").status_code == 200


def test_members_change_nothing_in_bulk(client):
    placement = make.make_placement()
    client.force_login(make.make_employer_member(placement.employer))
    assert client.post(bulk(placement, name="start"), parts("on", 1, 4, 2017)).status_code == 403
    assert b'name="chosen"' not in client.get(LIST).content
