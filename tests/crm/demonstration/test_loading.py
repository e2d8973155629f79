"""What the demonstration holds for each person."""

import stat
from collections import Counter
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db.models import Count, Q
from django.utils import timezone

from crm.demonstration import loading
from crm.views.sign_in import DEMONSTRATION_PEOPLE
from guilds.access.models import User
from guilds.audit.models import Event
from guilds.engagement.follow_ups import FollowUp
from guilds.engagement.models import Attendance, Engagement
from guilds.impact import forecast, periods, supported
from guilds.impact.cold_spots import ColdSpots
from guilds.impact.context import context_of
from guilds.impact.periods import academic_year
from guilds.impact.rebuild import differences
from guilds.impact.saved_scopes import SavedScope
from guilds.impact.scopes import Scope
from guilds.importing.models import Import
from guilds.opportunities.models import Placement
from guilds.organisations.models import Contact, Identifier, Organisation
from guilds.pledges.models import Allocation, Pledge
from guilds.publishing.differences import differences as differences_of
from guilds.publishing.models import Publication
from guilds.reference.models import District, Guild


@pytest.fixture
def person(demonstration, db):
    return lambda name: User.objects.get(email=f"{name}@guildhall.example")


@pytest.fixture(params=["hospitality", "engineering"])
def coordinator(request, person):
    return person(request.param)


def test_each_person_has_the_one_password(person):
    for email in DEMONSTRATION_PEOPLE:
        assert person(email.split("@")[0]).check_password(loading.demo_password())
    kept = settings.VAR_DIR / "demo_password"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert kept.read_text().strip() == loading.demo_password()


def test_nobody_else_has_a_password(person):
    others = User.objects.exclude(email__in=DEMONSTRATION_PEOPLE)
    assert others.count() > 0
    assert not any(user.has_usable_password() for user in others)


def test_coordinator_has_engagements_this_week_and_some_to_close(coordinator):
    today, [guild] = timezone.localdate(), coordinator.guild_slugs
    mine = Engagement.objects.filter(guild=guild)
    assert mine.filter(starts_on=today, status="confirmed").exists()
    assert mine.not_closed(today).count() >= 2
    assert mine.filter(starts_on__gt=today, status__in=("planned", "confirmed")).count() >= 3
    assert mine.missing_numbers().filter(starts_on__gte=today - timedelta(days=14)).exists()


def test_coordinator_has_answers_to_look_at(coordinator):
    since = timezone.localdate() - timedelta(days=40)
    claims = Attendance.objects.filter(
        engagement__guild__in=coordinator.guild_slugs, engagement__starts_on__gte=since, learners__isnull=False
    )
    answers = Counter(claims.values_list("answer", flat=True))
    assert answers["unanswered"] >= 2
    assert answers["disputed"] == 1


def test_coordinator_has_pledges_to_verify_and_some_about_to_lapse(coordinator):
    today = timezone.localdate()
    pledges = Pledge.objects.with_progress().filter(guild__in=coordinator.guild_slugs)
    assert pledges.filter(status="unverified").count() >= 2
    assert pledges.filter(standing="open", valid_until__range=(today, today + timedelta(days=30))).exists()
    assert pledges.filter(standing="open", remaining__gt=0).count() >= 3
    assert {"open", "fulfilled", "lapsed", "unverified"} <= set(pledges.values_list("standing", flat=True))


def test_coordinator_has_something_to_do_late_today_and_later(coordinator):
    today = timezone.localdate()
    due = FollowUp.objects.filter(assigned_to=coordinator, status="open")
    assert due.filter(due_on__lt=today).exists()
    assert due.filter(due_on=today).exists()
    assert due.filter(due_on__gt=today).exists()


def test_employer_member_has_pledges_in_every_state(person):
    employer = person("employer").organisation
    pledges = Pledge.objects.with_progress().filter(employer=employer)
    assert {"unverified", "open"} <= set(pledges.values_list("standing", flat=True))
    assert pledges.filter(standing="open", allocated__gt=0, delivered__gt=0, remaining__gt=0).exists()
    assert Placement.objects.filter(employer=employer, status="arranged").exists()
    assert Engagement.objects.visible_to(person("employer")).filter(status="confirmed").exists()


def test_school_member_has_claims_to_answer_and_offers(person):
    user = person("school")
    claims = Counter(
        Attendance.objects.filter(provider=user.organisation, engagement__status="delivered").values_list(
            "answer", flat=True
        )
    )
    assert min(claims["unanswered"], claims["confirmed"], claims["disputed"]) >= 1
    assert Pledge.objects.visible_to(user).filter(districts__code=user.organisation.district_id).exists()
    assert {"requested", "agreed"} == set(
        Allocation.objects.filter(provider=user.organisation).values_list("status", flat=True)
    )


def test_each_guild_has_a_chair_and_a_year_so_far(person):
    assert Guild.objects.filter(chair__isnull=False).count() == 8
    first = Engagement.objects.filter(starts_on__lte=timezone.localdate(), status="delivered").order_by("-starts_on")
    recent = first.filter(starts_on__gte=date(timezone.localdate().year - 1, 9, 1))
    assert recent.values("guild").annotate(n=Count("pk")).filter(guild__isnull=False).count() == 8


def test_all_of_it_is_fictional(person):
    numbers = Identifier.objects.exclude(
        Q(scheme="urn", value__startswith="99") | Q(scheme="ukprn", value__startswith="99")
        | Q(scheme="companies_house", value__startswith="ZZ") | Q(scheme="charity", value__startswith="99")
    )  # fmt: skip
    assert not numbers.exists()
    assert not Contact.objects.exclude(email__endswith=".guildhall.example").exists()
    assert not User.objects.exclude(email__endswith="guildhall.example").exists()
    assert not Organisation.objects.filter(district=None).exists()


def test_files_went_through_the_importer_and_each_change_is_in_history(person):
    files = Import.objects.filter(filename__startswith=loading.FOLDER)
    assert files.count() == 23
    assert not files.filter(refused__gt=0).exists()
    created = Event.objects.filter(subject_type="engagement", verb="logged")
    assert created.count() == Engagement.objects.count() == created.filter(request_id__startswith="import:").count()


def test_a_year_can_be_forecast_and_the_forecast_judged(person):
    year, today = academic_year(timezone.localdate()), timezone.localdate()
    found = forecast.forecasts(year, ["encounters", "placements_arranged"], today=today)
    for one in found.values():
        assert one.reason == forecast.NO_MONTH or (one.low <= one.value <= one.high and len(one.tests) == 2)


def test_what_is_published_stays_and_what_was_corrected_since_is_shown(person):
    """The year before last: published 85 placements, now 87. The last year: provisional. And one waits for a sign-off."""
    commission, coordinator = person("commission"), person("engineering")
    final, provisional = Publication.objects.visible_to(commission).order_by("period")
    assert (final.status, provisional.status) == ("final", "provisional")
    [found] = [
        one
        for one in differences_of(final, commission)
        if (one.figure.measure, one.figure.by) == ("placements_arranged", "total")
    ]
    assert found.now is not None
    assert (found.figure.value, found.now.value) == (85, 87)
    assert not differences_of(provisional, commission)
    assert Publication.objects.to_sign_off(coordinator).exists()


def test_the_commission_reads_context_outcomes_and_saved_scopes(person):
    commission, year = person("commission"), periods.parse("2017-18")
    thanet = context_of(District.objects.get(name="Thanet"), commission, until=year)
    assert {f"Local {number}" for number in range(1, 7)} <= {one.version.code for one in thanet}
    assert all(one.county is not None and "Made up" in one.value.source for one in thanet)
    internships = supported.routes(year)[0]
    assert internships.known > 0 < internships.sustained
    coastal = SavedScope.objects.visible_to(commission).get(slug="coastal-schools")
    assert ColdSpots(year, Scope(), coastal.schools).total.there > 0
    assert any(offered.workplaces for offered in ColdSpots(year, Scope(), Q()).year_groups())


def test_figures_are_up_to_date(person):
    assert list(differences()) == []
    assert not Event.objects.uncounted().exists()


def test_loaded_already_is_said_and_changes_nothing(person, capsys):
    events = Event.objects.count()
    call_command("load_demo")
    assert "loaded already" in capsys.readouterr().out
    assert Event.objects.count() == events
