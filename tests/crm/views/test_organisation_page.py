"""An organisation's page: everything about it, each part only for those who may know it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from guilds.engagement import actions as engagement_actions
from guilds.engagement import follow_up_actions
from guilds.engagement.follow_ups import Interaction
from guilds.merging import actions as merging
from guilds.organisations import actions as registry
from guilds.organisations.models import Contact, Membership, Organisation
from guilds.pledges.timeline import SORTS
from tests import factories as make

pytestmark = pytest.mark.django_db


def page_of(client, organisation, **query):
    return client.get(reverse("organisation_detail", args=[organisation.pk]), query)


@pytest.fixture
def employer():
    return make.make_employer("Bay Hotel")


@pytest.fixture
def coordinator(client):
    user = make.make_coordinator()
    client.force_login(user)
    return user


def fill(organisation, times: int = 1) -> None:
    """Something of every sort."""
    for number in range(times):
        day = date(2017, 1, 1) + timedelta(days=number)
        make.make_engagement(title=f"Fair {number}", participations=[{"employer": organisation}])
        make.make_open_pledge(employer=organisation, made_on=day)
        make.make_placement(employer=organisation, arranged_on=day)
        make.make_apprenticeship(employer=organisation, opened_on=day)
        follow_up_actions.log_interaction(
            by=None, organisation=organisation, kind="call", happened_on=day, summary=f"Spoke, {number}"
        )


def test_timeline_holds_everything_latest_first(client, coordinator, employer):
    fill(employer)
    fill(make.make_employer("Another"))
    rows = page_of(client, employer).context["timeline"].rows
    assert rows[0].sort == "change"
    assert sorted(row.sort for row in rows) == sorted(SORTS)
    assert [row.on for row in rows] == sorted((row.on for row in rows), reverse=True)


def test_timeline_goes_on_and_says_each_thing_once(client, coordinator, employer):
    fill(employer, times=9)
    seen, after = [], ""
    while after is not None:
        timeline = page_of(client, employer, after=after).context["timeline"]
        seen += [row.id for row in timeline.rows]
        after = timeline.next
    assert len(seen) == len(set(seen)) == 46


def test_timeline_is_narrowed_to_one_sort_and_goes_on_within_it(client, coordinator, employer):
    fill(employer, times=21)
    response = page_of(client, employer, sort="interaction")
    assert {row.sort for row in response.context["timeline"].rows} == {"interaction"}
    mark = response.context["timeline"].next
    assert f"?sort=interaction&amp;after={mark}".encode() in response.content
    assert len(page_of(client, employer, sort="interaction", after=mark).context["timeline"].rows) == 1
    assert len(page_of(client, employer, sort="nonsense").context["timeline"].rows) == 20
    client.force_login(make.make_employer_member(employer))
    response = page_of(client, employer, sort="interaction")
    assert not response.context["timeline"].rows and b"There is nothing of this sort" in response.content


def test_changes_of_the_record_are_told_as_far_as_their_reader_may_know(client, coordinator, employer):
    registry.correct(by=coordinator, organisation=employer, name="Bay Hotel and Spa")
    registry.correct(by=coordinator, organisation=employer, levy_payer=True)
    content = page_of(client, employer, sort="change").content.decode()
    assert "Name: from" in content and "levy" in content and "added it to the registry" in content
    client.force_login(make.make_employer_member(employer))
    content = page_of(client, employer, sort="change").content.decode()
    assert "Name: from" in content and "levy" not in content and coordinator.name not in content


def test_own_impact_is_shown_by_year(client, coordinator, employer):
    today = timezone.localdate()
    make.make_placement(employer=employer, status="started", starts_on=today, arranged_on=today, learners=3)
    make.make_engagement(status="delivered", participations=[{"employer": employer}], starts_at=make.moment(today, 0))
    own = page_of(client, employer).context["own"]
    figures = {line.label: line.words[0] for line in own.lines}
    assert (figures["Placements started"], figures["Engagements"]) == ("3", "1")
    assert b"Nothing counts yet" in page_of(client, make.make_employer()).content


def test_timeline_of_a_school_has_its_own_part(client, coordinator):
    school = make.make_school("Cliff School")
    make.make_engagement(attendances=[{"provider": school, "learners": 12}])
    make.make_placement(provider=school)
    make.make_placement()
    rows = page_of(client, school).context["timeline"].rows
    assert [row.sort for row in rows] == ["change", "placement", "engagement"]


def test_members_do_not_read_the_teams_notes(client, employer):
    fill(employer)
    follow_up_actions.add_follow_up(
        by=None, what="Ring them", due_on=date(2017, 5, 1), assigned_to=make.make_coordinator(), organisation=employer
    )
    client.force_login(make.make_employer_member(employer))
    response = page_of(client, employer)
    assert "interaction" not in [row.sort for row in response.context["timeline"].rows]
    assert b"Ring them" not in response.content and b"Spoke, 0" not in response.content
    assert b"Correct the details" in response.content


def test_page_costs_as_many_queries_for_much_as_for_little(client, coordinator, employer):
    fill(employer, times=3)
    make.make_contact(employer), make.make_membership(employer)
    with CaptureQueriesContext(connection) as few:
        page_of(client, employer)
    fill(employer, times=27)
    make.make_contact(employer), make.make_membership(employer, "engineering-manufacturing")
    with CaptureQueriesContext(connection) as many:
        assert len(page_of(client, employer).context["timeline"].rows) == 20
    assert len(many) == len(few)
    assert len(few) <= 25


def test_people_are_shown_to_coordinators_of_its_guilds_only(client, employer):
    make.make_membership(employer, "hospitality-tourism")
    make.make_contact(employer, name="Sam Example", email="sam@bay.example")
    client.force_login(make.make_coordinator("hospitality-tourism"))
    assert b"mailto:sam@bay.example" in page_of(client, employer).content
    for stranger in (make.make_coordinator("engineering-manufacturing"), make.make_commission_member()):
        client.force_login(stranger)
        response = page_of(client, employer)
        assert response.status_code == 200
        assert b"Sam Example" not in response.content and b"sam@bay.example" not in response.content
    client.force_login(make.make_coordinator("engineering-manufacturing"))
    assert b"1 person whose details" in page_of(client, employer).content


def test_nobody_is_offered_the_address_of_somebody_not_to_be_contacted(client, coordinator, employer):
    make.make_contact(employer, email="sam@bay.example", phone="01843 000000", do_not_contact=True)
    content = page_of(client, employer).content
    assert b"Do not contact" in content
    assert b"sam@bay.example" not in content and b"01843 000000" not in content


def test_old_links_lead_to_the_one_that_stayed(client, coordinator, employer):
    stayed = make.make_employer("Bay Hotels")
    merging.merge(by=None, winner=stayed, loser=employer)
    response = client.get(reverse("organisation_detail", args=[employer.pk]), follow=True)
    assert response.redirect_chain == [(reverse("organisation_detail", args=[stayed.pk]), 302)]
    assert b"Bay Hotel was merged into this" in response.content
    itself = page_of(client, employer, record="own").content
    assert reverse("organisation_detail", args=[stayed.pk]).encode() in itself
    assert reverse("organisation_detail", args=[employer.pk]).encode() not in client.get("/organisations/").content


def test_call_is_noted_in_one_line_once(client, coordinator, employer):
    words = {"kind": "call", "happened_on": "2017-03-14", "summary": "Will host in May", "form_token": "t1"}
    for _ in range(2):
        response = client.post(reverse("organisation_note", args=[employer.pk]), words)
        assert response["Location"] == reverse("organisation_detail", args=[employer.pk])
    assert Interaction.objects.get().summary == "Will host in May"


def test_note_without_words_is_refused_beside_its_box(client, coordinator, employer):
    response = client.post(
        reverse("organisation_note", args=[employer.pk]), {"kind": "call", "happened_on": "2017-03-14"}
    )
    assert b"Enter what was said" in response.content
    assert not Interaction.objects.exists()


def test_members_and_commission_note_nothing(client, employer):
    for reader in (make.make_employer_member(employer), make.make_commission_member()):
        client.force_login(reader)
        for name in ("organisation_note", "membership_join"):
            assert client.post(reverse(name, args=[employer.pk]), {}).status_code == 403


def corrected(client, organisation, **said):
    start = {"name": organisation.name, "is_employer": "on", "postcode": organisation.postcode, "status": "active"}
    start |= {"version": organisation.version, "companies_house": organisation.identifiers.get().value}
    return client.post(reverse("organisation_correct", args=[organisation.pk]), start | said)


def test_details_are_corrected(client, coordinator, employer):
    response = corrected(client, employer, name="Bay Hotel and Spa", companies_house="1234567")
    assert response.status_code == 302
    employer.refresh_from_db()
    assert employer.name == "Bay Hotel and Spa"
    assert employer.identifiers.get().value == "01234567"
    assert "Name: from" in page_of(client, employer).content.decode()


def test_number_of_another_is_refused_beside_its_box(client, coordinator, employer):
    other = make.make_employer()
    response = corrected(client, employer, companies_house=other.identifiers.get().value)
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"companies_house"}


def test_second_editor_is_told_what_changed_and_keeps_their_text(client, coordinator, employer):
    version = employer.version
    registry.correct(by=None, organisation=employer, phone="01843 111111")
    response = corrected(client, employer, name="Mine", version=version)
    assert response.status_code == 409
    assert "01843 111111" in response.content.decode() and 'value="Mine"' in response.content.decode()
    again = corrected(client, employer, name="Mine", version=response.context["form"].data["version"])
    assert again.status_code == 302


def test_members_correct_their_own_but_not_its_identity(client, employer):
    client.force_login(make.make_employer_member(employer))
    number = employer.identifiers.get().value
    response = corrected(client, employer, phone="01843 222222", companies_house="99999999", status="closed")
    assert response.status_code == 302
    employer.refresh_from_db()
    assert (employer.phone, employer.status, employer.identifiers.get().value) == ("01843 222222", "active", number)
    other = make.make_employer()
    assert corrected(client, other, name="Taken over").status_code == 404


def test_organisation_is_added(client, coordinator):
    words = {"name": "Cliff Café", "is_employer": "on", "companies_house": "1234567"}
    response = client.post(reverse("organisation_new"), words)
    added = Organisation.objects.get(name="Cliff Café")
    assert response["Location"] == reverse("organisation_detail", args=[added.pk])
    assert client.post(reverse("organisation_new"), {"name": "Nothing"}).context["form"].errors.keys() == {
        "is_employer"
    }


def test_person_is_added_and_corrected(client, coordinator, employer):
    words = {"name": "Sam Example", "email": "sam@bay.example", "lawful_basis": "public_task", "source": "person"}
    client.post(reverse("contact_new", args=[employer.pk]), words)
    contact = Contact.objects.get()
    address = reverse("contact_correct", args=[employer.pk, contact.pk])
    assert client.get(address).status_code == 200
    client.post(address, words | {"do_not_contact": "on", "version": 1})
    contact.refresh_from_db()
    assert contact.do_not_contact


def test_person_whom_a_coordinator_may_not_see_cannot_be_opened(client, coordinator, employer):
    make.make_membership(employer, "engineering-manufacturing")
    contact = make.make_contact(employer)
    assert client.get(reverse("contact_correct", args=[employer.pk, contact.pk])).status_code == 404


def test_organisation_joins_and_leaves_a_guild(client, coordinator, employer):
    guild = make.make_guild()
    day = {"joined_on_day": "1", "joined_on_month": "9", "joined_on_year": "2016"}
    client.post(reverse("membership_join", args=[employer.pk]), {"guild": guild.slug, "role": "employer"} | day)
    membership = Membership.objects.get()
    again = client.post(reverse("membership_join", args=[employer.pk]), {"guild": guild.slug, "role": "employer"} | day)
    assert again.context["form"].errors.keys() == {"joined_on"}
    leave = reverse("membership_leave", args=[employer.pk, membership.pk])
    client.post(leave, {"left_on_day": "1", "left_on_month": "9", "left_on_year": "2017"})
    membership.refresh_from_db()
    assert membership.left_on == date(2017, 9, 1)
    assert client.get(leave).status_code == 404


def test_history_is_told_in_plain_words(client, coordinator, employer):
    registry.correct(by=coordinator, organisation=employer, phone="01843 111111")
    content = page_of(client, employer).content.decode()
    assert coordinator.name in content and "Telephone" in content


def test_what_is_to_be_done_is_shown_to_the_team(client, coordinator, employer):
    follow_up_actions.add_follow_up(
        by=None, what="Ring them", due_on=timezone.localdate(), assigned_to=coordinator, organisation=employer
    )
    assert b"Ring them" in page_of(client, employer).content


def test_engagement_of_three_capacities_is_one_line(client, coordinator):
    both = make.make_employer("Both", is_provider=True, provider_kind="fe_college")
    engagement_actions.log(
        by=None, kind="careers_event", title="Fair", starts_at=make.moment(), venue=both,
        attendances=[{"provider": both}], participations=[{"employer": both}],
    )  # fmt: skip
    assert len(page_of(client, both, sort="engagement").context["timeline"].rows) == 1


def test_public_body_stands_against_its_target(client, coordinator):
    council = make.make_employer("Council", headcount=1001)
    today = timezone.localdate()
    make.make_apprenticeship(employer=council, status="started", positions=4, starts_on=today)
    make.make_apprenticeship(employer=council, status="started", positions=9, starts_on=date(2016, 4, 1))
    make.make_apprenticeship(employer=council, positions=7)
    target = page_of(client, council).context["target"]
    assert (target.wanted, target.started, target.since.month, target.since.day) == (24, 4, 4, 1)
    assert page_of(client, make.make_employer()).context["target"] is None


def test_memberships_are_ended_by_their_own_guilds_coordinators(client, coordinator, employer):
    own, other = make.make_membership(employer), make.make_membership(employer, "sciences")
    content = page_of(client, employer).content.decode()
    assert reverse("membership_leave", args=[employer.pk, own.pk]) in content
    leave = reverse("membership_leave", args=[employer.pk, other.pk])
    assert leave not in content
    assert client.get(leave).status_code == 403
