"""Memberships, engagements, pledges, placements and apprenticeships from our own columns."""

from datetime import date

import pytest

from guilds.audit.models import StatusChange
from guilds.engagement.actions import answer
from guilds.engagement.models import Attendance, Engagement, Status
from guilds.opportunities.models import Apprenticeship, ApprenticeshipStatus, Placement, PlacementStatus
from guilds.organisations.actions import register
from guilds.organisations.models import Membership
from guilds.pledges.models import Delivery, Pledge, PledgeStatus
from guilds.reference.actions import save_standard

ENGAGEMENTS = (
    "reference,title,kind,guild,date,district,venue,status,"
    "provider,year_group,learners,staff,employer,volunteers,hours\n"
)
PLEDGES = "reference,employer,guild,kind,quantity,made_on,valid_until,engagement,districts,notes,status\n"
PLACEMENTS = "reference,employer,provider,guild,programme,learners,arranged_on,starts_on,ends_on,hours,status,pledge\n"
APPRENTICESHIPS = "reference,employer,guild,standard,level,positions,opened_on,starts_on,intake,status,pledge\n"


@pytest.fixture(autouse=True)
def registry(places):
    """Two schools in different districts that share a name, another, and two employers."""
    made = {}
    for urn, name, postcode in [
        ("990001", "St Someone's School", "TN23 9ZX"),
        ("990002", "St Someone's School", "CT9 9ZX"),
        ("990003", "Larkmere School", "TN23 9ZY"),
    ]:
        made[urn] = register(by=None, name=name, postcode=postcode, is_provider=True, provider_kind="secondary",
                             identifiers=[("urn", urn), ("ukprn", f"99{urn}")])  # fmt: skip
    for number, name in [("ZZ000001", "Tidewick Hotel"), ("ZZ000002", "Marldale Engineering")]:
        made[number] = register(by=None, name=name, postcode="TN23 9AA", is_employer=True,
                                identifiers=[("companies_house", number)])  # fmt: skip
    return made


def said(summary) -> list[tuple[int, str, str]]:
    return [(row, field, message) for row, outcome, field, message in summary.problems if outcome == "refused"]


# Memberships


def test_memberships_by_number_or_name_with_roles_and_days(load, registry):
    summary = load("memberships", "organisation,guild,role,joined_on,left_on\n"
                   "ZZ000001,hospitality-tourism,chair,01/09/2015,\nurn:990003,Hospitality & Tourism,provider,2016-01-11,\n"
                   "Marldale Engineering,Sciences Guild,employer,11 January 2016,2017-03-31\n")  # fmt: skip
    assert (summary.created, summary.refused) == (3, 0)
    left = Membership.objects.get(organisation=registry["ZZ000002"])
    assert (left.guild_id, left.role, left.left_on) == ("sciences", "employer", date(2017, 3, 31))


def test_membership_is_ended_by_loading_it_again_with_the_day(load):
    rows = "organisation,guild,role,joined_on,left_on\nZZ000001,sciences,employer,2015-09-01,"
    load("memberships", rows + "\n")
    assert load("memberships", rows + "2017-08-31\n").updated == 1
    assert load("memberships", rows + "\n").unchanged == 1
    assert Membership.objects.get().left_on == date(2017, 8, 31)


@pytest.mark.parametrize(
    ("row", "field", "message"),
    [
        ("Nobody,sciences,,2016-01-01,", "organisation", "There is no organisation “Nobody”"),
        ("St Someone's School,sciences,,2016-01-01,", "organisation", "fits 2"),
        ("ZZ000001,magic,,2016-01-01,", "guild", "There is no guild “magic”"),
        ("ZZ000001,,,2016-01-01,", "guild", "Enter this"),
        ("ZZ000001,sciences,king,2016-01-01,", "role", "not one of"),
        ("ZZ000001,sciences,,,", "joined_on", "Enter this"),
        ("ZZ000001,sciences,,01/13/2016,", "joined_on", "day first"),
        ("ZZ000001,sciences,,2016-01-02,2016-01-01", "left_on", "before it joined"),
    ],
)
def test_membership_that_is_refused(load, row, field, message):
    [(number, column, why)] = said(load("memberships", f"organisation,guild,role,joined_on,left_on\n{row}\n"))
    assert (number, column) == (2, field)
    assert message in why


def test_overlapping_membership_is_refused(load):
    rows = "organisation,guild,role,joined_on,left_on\nZZ000001,sciences,,2016-01-01,\nZZ000001,sciences,,2016-06-01,\n"
    [(number, column, why)] = said(load("memberships", rows))
    assert (number, column) == (3, "joined_on")
    assert "already" in why


# Engagements


def test_rows_with_one_reference_are_one_engagement(load, registry):
    fair = "E1,Careers Fair,careers_event,hospitality-tourism,14/03/2017,Ashford,Town Hall,delivered"
    summary = load("engagements", ENGAGEMENTS + fair + ",990003,Year 10,30,2,ZZ000001,3,7.5\n"
                   "E2,Assembly,assembly,,15/03/2017,,,delivered,990001,,0,,,,\n"
                   + fair + ",99990001,Year 9,,,Marldale Engineering,,\n")  # fmt: skip
    assert (summary.created, summary.refused) == (3, 0)
    fair = Engagement.objects.get(reference="E1")
    assert (fair.title, fair.guild_id, fair.status, fair.starts_on) == (
        "Careers Fair", "hospitality-tourism", "delivered", date(2017, 3, 14),
    )  # fmt: skip
    assert (fair.district.name, fair.venue, fair.venue_address) == ("Ashford", None, "Town Hall")
    rows = fair.attendances.values_list("provider", "year_group", "learners", "staff")
    assert list(rows) == [(registry["990003"].pk, "Year 10", 30, 2), (registry["990001"].pk, "Year 9", None, None)]
    assert [(p.volunteers, p.hours) for p in fair.participations.all()] == [(3, 7.5), (None, None)]
    assembly = Engagement.objects.get(reference="E2")
    assert (assembly.guild, assembly.attendances.get().learners) == (None, 0)


def test_a_venue_that_is_an_organisation_gives_the_district(load, registry):
    load("engagements", ENGAGEMENTS + "E1,Visit,industry_visit,,14/03/2017,,Tidewick Hotel,delivered,,,,,,,\n")
    visit = Engagement.objects.get()
    assert (visit.venue, visit.district.name) == (registry["ZZ000001"], "Ashford")


@pytest.mark.parametrize("status", Status.values)
def test_history_comes_in_as_it_was(load, status):
    rows = f"reference,title,kind,date,status,notes\nE1,Fair,careers_event,14/03/2017,{status},Snow\n"
    summary = load("engagements", rows)
    engagement = Engagement.objects.get()
    assert (summary.created, engagement.status) == (1, status)
    assert bool(engagement.status_reason) == (status in ("cancelled", "postponed"))
    assert load("engagements", rows).unchanged == 1


def test_groups_of_young_people_and_benchmarks_come_in_where_a_file_has_them(load):
    header = "reference,title,kind,guild,date,status,provider,learners,send,fsm,gatsby_benchmarks\n"
    row = "E1,Fair,careers_event,sciences,14/03/2017,delivered,990001,30,4,,"
    assert load("engagements", header + row + "5;2\n").refused == 0
    assert load("engagements", header + row + "2;5\n").unchanged == 1
    engagement, attendance = Engagement.objects.get(), Attendance.objects.get()
    assert (engagement.gatsby_benchmarks, attendance.send, attendance.fsm) == ([2, 5], 4, None)
    assert load("engagements", header + row.replace(",4,", ",6,") + "2;5\n").updated == 1
    [(_, field, why)] = said(load("engagements", header + row + "9\n"))
    assert (field, "from 1 to 8" in why) == ("gatsby_benchmarks", True)
    assert load("engagements", header + row.replace(",4,", ",40,") + "2;5\n").refused == 1, "more than came"


def test_a_later_file_moves_the_engagement_on_by_its_lifecycle(load):
    rows = "reference,title,kind,date,status\nE1,Fair,careers_event,14/03/2017,"
    for status in ("planned", "confirmed", "delivered"):
        load("engagements", rows + status)
    steps = StatusChange.objects.of(Engagement.objects.get()).values_list("to_status", flat=True)
    assert list(steps) == ["planned", "confirmed", "delivered"]
    [(_, field, why)] = said(load("engagements", rows + "planned"))
    assert (field, "delivered by now" in why) == ("status", True)


def test_the_claims_change_and_answers_to_others_stay(load, registry):
    rows = (
        ENGAGEMENTS
        + "E1,Fair,careers_event,,14/03/2017,,,delivered,990001,,30,,,,\nE1,Fair,careers_event,,14/03/2017,,,delivered,990003,,"
    )
    load("engagements", rows + "20,,,,\n")
    for attendance in Attendance.objects.select_related("engagement"):
        answer(by=None, attendance=attendance, answer="confirmed")
    assert load("engagements", rows + "25,,,,\n").updated == 2
    answers = dict(Attendance.objects.values_list("provider__identifiers__value", "answer"))
    assert (answers["990001"], answers["990003"]) == ("confirmed", "unanswered")


@pytest.mark.parametrize(("district", "urn"), [("Ashford", "990001"), ("E07000114", "990002")])
def test_a_name_of_two_schools_is_told_apart_by_the_district(load, registry, district, urn):
    row = f"E1,Fair,careers_event,,14/03/2017,{district},,delivered,st someone's  school,,30,,,,\n"
    assert load("engagements", ENGAGEMENTS + row).refused == 0
    assert Attendance.objects.get().provider == registry[urn]


def test_a_name_of_two_schools_without_district_is_refused_with_both(load):
    row = "E1,Fair,careers_event,,14/03/2017,,,delivered,St Someone's School,,30,,,,\n"
    [(_, field, why)] = said(load("engagements", ENGAGEMENTS + row))
    assert field == "provider"
    assert "fits 2" in why
    assert "990001" in why
    assert "990002" in why


@pytest.mark.parametrize(
    ("row", "field", "message"),
    [
        (",Fair,careers_event,,14/03/2017,,,delivered,,,,,,,", "reference", "Enter this"),
        ("E1,,careers_event,,14/03/2017,,,delivered,,,,,,,", "title", "Enter this"),
        ("E1,Fair,,,14/03/2017,,,delivered,,,,,,,", "kind", "Choose one of"),
        ("E1,Fair,party,,14/03/2017,,,delivered,,,,,,,", "kind", "not one of"),
        ("E1,Fair,careers_event,magic,14/03/2017,,,delivered,,,,,,,", "guild", "There is no guild"),
        ("E1,Fair,careers_event,,,,,delivered,,,,,,,", "date", "Enter this"),
        ("E1,Fair,careers_event,,03/14/2017,,,delivered,,,,,,,", "date", "day first"),
        ("E1,Fair,careers_event,,14/03/2199,,,delivered,,,,,,,", "status", "future"),
        ("E1,Fair,careers_event,,14/03/2017,Gravesend,,delivered,,,,,,,", "district", "There is no district"),
        ("E1,Fair,careers_event,,14/03/2017,,,done,,,,,,,", "status", "not one of"),
        ("E1,Fair,careers_event,,14/03/2017,,,delivered,123456,,,,,,", "provider", "no school or college"),
        ("E1,Fair,careers_event,,14/03/2017,,,delivered,,,30,,,,", "provider", "Say which provider"),
        ("E1,Fair,careers_event,,14/03/2017,,,delivered,990001,,about 30,,,,", "learners", "not a whole number"),
        ("E1,Fair,careers_event,,14/03/2017,,,delivered,ZZ000001,,30,,,,", "provider", "no school or college"),
        ("E1,Fair,careers_event,,14/03/2017,,,delivered,,,,,990001,,", "employer", "no employer"),
        ("E1,Training,staff_training,,14/03/2017,,,delivered,990001,,30,,,,", "learners", "No learners come"),
    ],
)
def test_engagement_that_is_refused(load, row, field, message):
    refused = said(load("engagements", ENGAGEMENTS + row + "\n"))
    assert [(number, column) for number, column, _ in refused] == [(2, field)]
    assert message in refused[0][2]
    assert not Engagement.objects.exists()


def test_an_engagement_comes_in_whole_or_not_at_all(load):
    summary = load("engagements", ENGAGEMENTS
        + "E1,Fair,careers_event,,14/03/2017,,,delivered,990001,,30,,,,\n"
        + "E1,Fair,careers_event,,14/03/2017,,,delivered,nobody,,30,,,,\n"
        + "E2,Fair,careers_event,,14/03/2017,,,delivered,990001,,30,,,,\n")  # fmt: skip
    assert [number for number, _, _ in said(summary)] == [2, 3]
    assert "Row 3 of the same engagement" in {number: why for number, _, why in said(summary)}[2]
    assert [e.reference for e in Engagement.objects.all()] == ["E2"]


@pytest.mark.parametrize(
    ("second", "field"),
    [
        ("E1,Another,careers_event,,14/03/2017,,,delivered,990003,,30,,,,", "title"),
        ("E1,Fair,assembly,,14/03/2017,,,delivered,990003,,30,,,,", "kind"),
        ("E1,Fair,careers_event,sciences,14/03/2017,,,delivered,990003,,30,,,,", "guild"),
        ("E1,Fair,careers_event,,15/03/2017,,,delivered,990003,,30,,,,", "date"),
        ("E1,Fair,careers_event,,14/03/2017,,,planned,990003,,30,,,,", "status"),
        ("E1,Fair,careers_event,,14/03/2017,,,delivered,990001,,31,,,,", "provider"),
    ],
)
def test_rows_that_contradict_each_other_are_refused(load, second, field):
    first = "E1,Fair,careers_event,,14/03/2017,,,delivered,990001,,30,,,,\n"
    refused = said(load("engagements", ENGAGEMENTS + first + second + "\n"))
    assert (3, field) in [(number, column) for number, column, _ in refused]
    assert not Engagement.objects.exists()


def test_what_stands_in_one_row_of_an_engagement_need_not_stand_in_all(load):
    header = "reference,title,kind,guild,date,status,provider,learners\n"
    assert load("engagements", header + "E1,Fair,careers_event,sciences,14/03/2017,delivered,990001,30\n"
                "E1,Fair,careers_event,,14/03/2017,,990003,20\n").refused == 0  # fmt: skip
    assert Engagement.objects.get().attendances.count() == 2


def test_supporting_guilds_where_the_file_has_them(load):
    header = "reference,title,kind,guild,supporting_guilds,date\n"
    load(
        "engagements",
        header + "E1,STEM,careers_event,sciences,engineering-manufacturing; Land-Based Industries,14/03/2017\n",
    )
    assert set(Engagement.objects.get().supporting_guilds.values_list("slug", flat=True)) == {
        "engineering-manufacturing", "land-based",
    }  # fmt: skip
    load("engagements", "reference,title,kind,guild,date\nE1,STEM,careers_event,sciences,15/03/2017\n")
    assert Engagement.objects.get().supporting_guilds.count() == 2


def test_old_name_of_a_district(load):
    load("engagements", "reference,title,kind,date,district\nE1,Fair,careers_event,14/03/2017,Shepway\n")
    assert Engagement.objects.get().district_id == "E07000112"


# Pledges


@pytest.mark.parametrize("status", PledgeStatus.values)
def test_pledges_come_in_as_they_were(load, status):
    row = f"P1,ZZ000001,sciences,placement,10,14/03/2017,31/08/2018,,Ashford;Shepway,A reason,{status}\n"
    summary = load("pledges", PLEDGES + row)
    pledge = Pledge.objects.get()
    assert (summary.created, pledge.status) == (1, "open" if status == "fulfilled" else status)
    assert (pledge.verified_on is None) == (status in ("unverified", "rejected"))
    assert set(pledge.districts.values_list("code", flat=True)) == {"E07000105", "E07000112"}
    assert load("pledges", PLEDGES + row).unchanged == 1


def test_a_fulfilled_pledge_is_so_by_what_was_delivered(load):
    pledge = load("pledges", PLEDGES + "P1,ZZ000001,,placement,2,14/03/2017,,,,,fulfilled\n")
    assert (pledge.warned, Pledge.objects.with_progress().get().standing) == (1, "open")
    load("placements", PLACEMENTS + "W1,ZZ000001,990001,,,2,20/03/2017,27/03/2017,31/03/2017,30,completed,P1\n")
    assert Pledge.objects.with_progress().get().standing == "fulfilled"


def test_a_pledge_made_at_an_engagement(load):
    load("engagements", "reference,title,kind,date\nE1,Fair,careers_event,14/03/2017\n")
    load("pledges", PLEDGES + "P1,ZZ000001,,placement,2,14/03/2017,,E1,,,open\n")
    assert Pledge.objects.get().engagement.reference == "E1"


@pytest.mark.parametrize(
    ("row", "field", "message"),
    [
        ("P1,,,placement,2,14/03/2017,,,,,open", "employer", "Enter this"),
        ("P1,Nobody,,placement,2,14/03/2017,,,,,open", "employer", "no employer “Nobody”"),
        ("P1,ZZ000001,,placement,0,14/03/2017,,,,,open", "quantity", "1 or more"),
        ("P1,ZZ000001,,placement,,14/03/2017,,,,,open", "quantity", "how many were promised"),
        ("P1,ZZ000001,,dinner,2,14/03/2017,,,,,open", "kind", "not one of"),
        ("P1,ZZ000001,,placement,2,14/03/2199,,,,,open", "made_on", "future"),
        ("P1,ZZ000001,,placement,2,14/03/2017,13/03/2017,,,,open", "valid_until", "before it was made"),
        ("P1,ZZ000001,,placement,2,14/03/2017,,E9,,,open", "engagement", "There is no engagement E9"),
        ("P1,ZZ000001,,placement,2,14/03/2017,,,Narnia,,open", "districts", "There is no district"),
        ("P1,990001,,placement,2,14/03/2017,,,,,open", "employer", "no employer"),
    ],
)
def test_pledge_that_is_refused(load, row, field, message):
    [(number, column, why)] = said(load("pledges", PLEDGES + row + "\n"))
    assert (number, column) == (2, field)
    assert message in why


def test_what_was_promised_is_not_changed_by_a_file_once_it_is_verified(load):
    load("pledges", PLEDGES + "P1,ZZ000001,,placement,2,14/03/2017,,,,,open\n")
    [(_, field, why)] = said(load("pledges", PLEDGES + "P1,ZZ000001,,placement,3,14/03/2017,,,,,open\n"))
    assert (field, "amend it" in why) == ("quantity", True)


def test_a_file_verifies_withdraws_and_lapses(load):
    rows = PLEDGES + "P{0},ZZ000001,,placement,2,14/03/2017,31/08/2017,,,Sold,{1}\n"
    for number, status in enumerate(("open", "withdrawn", "lapsed", "rejected")):
        load("pledges", rows.format(number, "unverified"))
        assert load("pledges", rows.format(number, status)).updated == 1
        assert Pledge.objects.get(reference=f"P{number}").status == status


# Placements and apprenticeships


@pytest.mark.parametrize("status", PlacementStatus.values)
def test_placements_come_in_as_they_were(load, registry, status):
    row = f"W1,ZZ000001,990001,sciences,industry_placement,3,14/03/2017,20/03/2017,24/03/2017,30,{status},\n"
    assert load("placements", PLACEMENTS + row).created == 1
    placement = Placement.objects.get()
    assert (placement.status, placement.learners, placement.programme) == (status, 3, "industry_placement")
    assert (placement.provider, placement.district.name) == (registry["990001"], "Ashford")
    assert load("placements", PLACEMENTS + row).unchanged == 1


@pytest.mark.parametrize("status", ApprenticeshipStatus.values)
def test_apprenticeships_come_in_as_they_were(load, status):
    save_standard(by=None, reference="ST0228", title="Commis chef", level=2)
    row = f"A1,ZZ000001,sciences,st0228,,2,14/03/2017,01/04/2017,April,{status},\n"
    assert load("apprenticeships", APPRENTICESHIPS + row).created == 1
    found = Apprenticeship.objects.get()
    assert (found.status, found.positions, found.intake) == (status, 2, "april")
    assert (found.standard_title, found.level) == ("Commis chef", 2)
    assert load("apprenticeships", APPRENTICESHIPS + row).unchanged == 1


def test_what_is_delivered_is_credited_to_its_pledge_and_can_be_moved_to_another(load):
    load(
        "pledges",
        PLEDGES + "P1,ZZ000001,,placement,5,14/03/2017,,,,,open\nP2,ZZ000001,,placement,5,14/03/2017,,,,,open\n",
    )
    row = "W1,ZZ000001,990001,,,3,20/03/2017,27/03/2017,31/03/2017,30,completed,"
    load("placements", PLACEMENTS + row + "P1\n")
    assert dict(Pledge.objects.with_progress().values_list("reference", "delivered")) == {"P1": 3, "P2": 0}
    assert load("placements", PLACEMENTS + row + "P2\n").updated == 1
    assert dict(Pledge.objects.with_progress().values_list("reference", "delivered")) == {"P1": 0, "P2": 3}
    assert load("placements", PLACEMENTS + row + "\n").unchanged == 1
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "field", "message"),
    [
        ("W1,Nobody,990001,,,1,14/03/2017,,,,,", "employer", "no employer"),
        ("W1,ZZ000001,nobody,,,1,14/03/2017,,,,,", "provider", "no school or college"),
        ("W1,ZZ000001,990001,,,0,14/03/2017,,,,,", "learners", "1 or more"),
        ("W1,ZZ000001,990001,,,1,,,,,,", "arranged_on", "Enter this"),
        ("W1,ZZ000001,990001,,,1,14/03/2017,,,,completed,", "status", "has a start"),
        ("W1,ZZ000001,990001,,,1,14/03/2017,14/03/2199,,,started,", "starts_on", "future"),
        ("W1,ZZ000001,990001,,,1,14/03/2017,20/03/2017,19/03/2017,,,", "starts_on", "before the start"),
        ("W1,ZZ000001,990001,,,1,14/03/2017,,,,,P9", "pledge", "There is no pledge P9"),
        ("W1,ZZ000001,990001,,holiday,1,14/03/2017,,,,,", "programme", "not one of"),
    ],
)
def test_placement_that_is_refused(load, row, field, message):
    refused = said(load("placements", PLACEMENTS + row + "\n"))
    assert (2, field) in [(number, column) for number, column, _ in refused]
    assert any(message in why for _, _, why in refused)
    assert not Placement.objects.exists()


@pytest.mark.parametrize(
    ("row", "field", "message"),
    [
        ("A1,ZZ000001,,Juggler,,1,14/03/2017,,,,", "standard", "There is no standard “Juggler”"),
        ("A1,ZZ000001,,,9,1,14/03/2017,,,,", "level", "2 to 8"),
        ("A1,ZZ000001,,,,1,14/03/2017,,Easter,,", "intake", "not one of"),
        ("A1,ZZ000001,,,,1,14/03/2017,,,started,", "status", "has a start"),
    ],
)
def test_apprenticeship_that_is_refused(load, row, field, message):
    refused = said(load("apprenticeships", APPRENTICESHIPS + row + "\n"))
    assert (2, field) in [(number, column) for number, column, _ in refused]
    assert any(message in why for _, _, why in refused)


def test_delivery_on_a_pledge_of_another_employer_is_refused(load):
    load("pledges", PLEDGES + "P1,ZZ000002,,placement,5,14/03/2017,,,,,open\n")
    row = "W1,ZZ000001,990001,,,3,20/03/2017,27/03/2017,31/03/2017,30,completed,P1\n"
    [(_, _, why)] = said(load("placements", PLACEMENTS + row))
    assert "another employer" in why
    assert not Placement.objects.exists()


@pytest.mark.parametrize("status", ["unverified", "rejected"])
def test_delivery_on_a_pledge_that_was_never_verified_is_refused(load, status):
    load("pledges", PLEDGES + f"P1,ZZ000001,,placement,5,14/03/2017,,,,No,{status}\n")
    row = "W1,ZZ000001,990001,,,3,20/03/2017,27/03/2017,31/03/2017,30,completed,P1\n"
    [(_, _, why)] = said(load("placements", PLACEMENTS + row))
    assert "never verified" in why
