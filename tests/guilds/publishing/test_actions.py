"""Drafts follow the records; what is published never changes, and what comes after it says why."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from guilds.audit.models import Event
from guilds.audit.refusals import Conflict
from guilds.engagement import actions as engagement
from guilds.impact.measures import METHODOLOGY_VERSION
from guilds.impact.targets import set_target
from guilds.opportunities import actions as opportunities
from guilds.publishing import actions, freezing
from guilds.publishing.differences import differences
from guilds.publishing.figures import frozen
from guilds.publishing.models import Publication, PublishedFigure, PublishedRows
from tests.factories import (
    make_administrator,
    make_commission_member,
    make_coordinator,
    make_employer_member,
    make_guild,
)
from tests.guilds.publishing.world import Year

pytestmark = pytest.mark.django_db


@pytest.fixture
def year() -> Year:
    return Year()


def value(publication: Publication, measure: str, by: str = "total", key: str = "total"):
    return PublishedFigure.objects.get(publication=publication, measure=measure, by=by, key=key).value


def refused(words: str):
    return pytest.raises(Conflict, match=words)


def test_a_draft_follows_the_records_and_a_publication_does_not(year):
    set_target(by=None, measure="placements_arranged", period="2016-17", value=100)
    draft = year.draft()
    live = {(f.measure, f.by, f.key): f for f in frozen(draft, year.by)}
    assert not PublishedFigure.objects.exists()
    assert live["placements_arranged", "total", "total"].value in (0, 85)  # as far as it is counted

    actions.publish(by=year.by, publication=draft, status="provisional")
    figure = PublishedFigure.objects.get(publication=draft, measure="placements_arranged", by="total")
    assert (figure.value, figure.target, figure.rows) == (85, 100, 2)
    assert (draft.methodology_version, draft.status, draft.author) == (METHODOLOGY_VERSION, "provisional", year.by)
    assert value(draft, "encounters", "district", "E07000114") == 100
    assert value(draft, "encounters", "month", "2017-03") == 150
    assert value(draft, "encounters", "kind", "careers_event") == 150
    assert value(draft, "schools", "guild", "hospitality-tourism") == 2
    same = PublishedFigure.objects.filter(publication=draft, measure="encounters", rows=2)
    assert len({f.digest for f in same}) == 1, "the same rows, the same digest, whatever they are told by"

    opportunities.correct_placement(by=year.by, placement=year.placement, learners=82)
    set_target(by=None, measure="placements_arranged", period="2016-17", value=120)
    figure.refresh_from_db()
    assert (figure.value, figure.target) == (85, 100)


def test_published_85_now_87_and_what_changed(year):
    version = year.published()
    assert differences(version, year.by) == []

    opportunities.correct_placement(by=year.by, placement=year.placement, learners=82)
    engagement.correct(by=year.by, engagement=year.fair, attendances=[{"provider": year.schools[0], "learners": 90}])
    actions.cells.refresh()
    found = {(d.figure.measure, d.figure.by, d.figure.key): d for d in differences(version, year.by)}
    placed = found["placements_arranged", "total", "total"]
    assert (placed.figure.value, placed.now.value) == (85, 87)
    assert [(c.record, c.id, c.before, c.now) for c in placed.changes] == [
        ("placement", str(year.placement.pk), 80, 82)
    ]
    assert ("placements_arranged", "guild", "sciences") not in found
    met = found["encounters", "total", "total"]
    assert [(c.title, c.before, c.now) for c in met.changes] == [("Careers fair", 150, 90)]
    assert found["schools", "total", "total"].changes[0].id == str(year.schools[1].pk)
    seen = differences(version, make_commission_member())
    assert {d.figure.measure for d in seen} & {"placements_arranged", "encounters"}
    assert not [d for d in seen if d.figure.measure == "encounters_send"], "a difference of few is for the team"


def test_a_revision_is_a_new_version_with_a_public_reason(year):
    first = year.published("final")
    opportunities.correct_placement(by=year.by, placement=year.placement, learners=82)
    with pytest.raises(ValidationError) as refusal:
        actions.revise(by=year.by, publication=first, reason=" ")
    assert set(refusal.value.error_dict) == {"reason"}

    second = actions.revise(by=year.by, publication=first, reason="Two learners came later")
    assert (second.edition, second.status, first.status) == (2, "draft", "final")
    with refused("draft of version 2"):
        actions.revise(by=year.by, publication=first, reason="Again")
    actions.publish(by=year.by, publication=second, status="final")
    first.refresh_from_db()
    assert (first.status, second.status) == ("revised", "final")
    assert (value(first, "placements_arranged"), value(second, "placements_arranged")) == (85, 87)
    with refused("Only what is published"):
        actions.revise(by=year.by, publication=first, reason="The old one")
    assert Event.objects.about(second).filter(verb="revised").get().reason == "Two learners came later"


def test_what_comes_at_the_wrong_moment_is_refused(year):
    draft = year.draft()
    with refused("draft of version 1"):
        year.draft()
    with refused("Only what is published"):
        actions.revise(by=year.by, publication=draft, reason="Because")
    with pytest.raises(ValidationError, match="provisional or final"):
        actions.publish(by=year.by, publication=draft, status="draft")
    actions.publish(by=year.by, publication=draft, status="provisional")
    for status in ("provisional", "final"):
        if status == "provisional":
            with refused("is provisional"):
                actions.publish(by=year.by, publication=draft, status=status)
    with refused("Version 1 is published already"):
        year.draft()
    with refused("stays"):
        actions.discard(by=year.by, publication=draft)

    opportunities.correct_placement(by=year.by, placement=year.placement, learners=82)
    with refused("Revise it"):
        actions.publish(by=year.by, publication=draft, status="final")
    opportunities.correct_placement(by=year.by, placement=year.placement, learners=80)
    actions.publish(by=year.by, publication=draft, status="final")
    with refused("is final"):
        actions.publish(by=year.by, publication=draft, status="final")
    other = year.draft(guild=make_guild())
    actions.discard(by=year.by, publication=other)
    assert Publication.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "named"),
    [({"period": "2016"}, "period"), ({"period": " 2016-17"}, "period"), ({"guild": 1, "district": 1}, "district")],
)
def test_what_can_not_be_published_is_said_by_its_field(year, fields, named):
    if "guild" in fields:
        fields = {"guild": make_guild(), "district": year.thanet}
    with pytest.raises(ValidationError) as refusal:
        year.draft(**fields)
    assert set(refusal.value.error_dict) == {named}


def test_two_people_stand_for_final_figures_where_it_is_asked_for(year, settings):
    settings.PUBLICATION_SIGN_OFF = True
    draft = year.draft()
    with refused("ask for a sign-off"):
        actions.publish(by=year.by, publication=draft, status="final")
    draft.refresh_from_db()
    actions.ask_for_sign_off(by=year.by, publication=draft)
    with refused("Somebody else"):
        actions.sign_off(by=year.by, publication=draft)
    actions.cells.refresh()
    actions.sign_off(by=make_coordinator(), publication=draft)
    opportunities.correct_placement(by=year.by, placement=year.placement, learners=82)
    with refused("changed since they were signed off"):
        actions.publish(by=year.by, publication=draft, status="final")
    draft.refresh_from_db()
    assert draft.is_draft
    assert not PublishedFigure.objects.exists()
    actions.sign_off(by=make_administrator(), publication=draft)
    actions.publish(by=year.by, publication=draft, status="final")
    assert draft.signed_off_by != draft.author


def test_what_is_scheduled_is_published_once_its_time_has_come(year, settings):
    settings.PUBLICATION_SIGN_OFF = True
    now = timezone.now()
    draft, other = year.draft(), year.draft(guild=make_guild())
    with pytest.raises(ValidationError, match="time to come"):
        actions.schedule(by=year.by, publication=draft, status="provisional", at=now)
    actions.schedule(by=year.by, publication=draft, status="provisional", at=now + timedelta(hours=1))
    actions.schedule(by=year.by, publication=other, status="final", at=now + timedelta(hours=1))

    assert actions.publish_due(now=now) == []
    assert actions.publish_due(now=now + timedelta(hours=2)) == [draft]
    assert actions.publish_due(now=now + timedelta(hours=2)) == []
    other.refresh_from_db()
    assert other.is_draft, "it still waits for its sign-off"
    with refused("published"):
        actions.unschedule(by=year.by, publication=Publication.objects.get(pk=draft.pk))


CHANGES = [
    "UPDATE guilds_publishedfigure SET value = 87 WHERE measure = 'placements_arranged'",
    "DELETE FROM guilds_publishedfigure",
    "DELETE FROM guilds_publishedrows",
    "UPDATE guilds_publishedrows SET measure = 'other'",
    "INSERT INTO guilds_publishedrows (publication_id, measure, record, packed) "
    "SELECT publication_id, 'other', record, packed FROM guilds_publishedrows",
    "DELETE FROM guilds_publication",
    "UPDATE guilds_publication SET period = '2017-18'",
    "UPDATE guilds_publication SET reason = 'Another'",
    "UPDATE guilds_publication SET methodology_version = '0'",
    "UPDATE guilds_publication SET status = 'draft', published_at = NULL",
    "UPDATE guilds_publication SET status = 'provisional' WHERE status = 'final'",
    "UPDATE guilds_publication SET status = 'final' WHERE status = 'revised'",
]


def test_the_database_itself_refuses_to_change_what_is_published(year):
    first = year.published("final")
    actions.publish(
        by=year.by, publication=actions.revise(by=year.by, publication=first, reason="Late"), status="final"
    )
    before = list(PublishedFigure.objects.order_by("pk").values_list())
    for change in CHANGES:
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    assert list(PublishedFigure.objects.order_by("pk").values_list()) == before
    first.refresh_from_db()
    actions.show_in_public(by=year.by, publication=first, on=True)
    assert Publication.objects.public().get() == first
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {NAME} FROM {TRIGGERS[connection.vendor]}")
        assert freezing.trigger_names() <= {name for (name,) in cursor.fetchall()}


NAME = "DISTINCT name" if connection.vendor == "sqlite" else "DISTINCT trigger_name"
TRIGGERS = {"sqlite": "sqlite_master WHERE type = 'trigger'", "postgresql": "information_schema.triggers"}


@pytest.mark.django_db(transaction=True)
def test_emptying_a_whole_database_on_purpose_still_works():
    Year().published()
    call_command("flush", interactive=False, verbosity=0)

    assert not Publication.objects.exists()
    year = Year()
    year.published()
    with pytest.raises(IntegrityError):
        PublishedRows.objects.all().delete()


def test_members_of_organisations_see_totals_of_what_is_published(year):
    version, member = year.published(), make_employer_member(year.employer)
    year.draft(guild=make_guild())

    assert list(Publication.objects.visible_to(member)) == [version]
    assert {figure.by for figure in frozen(version, member)} == {"total"}
    assert {figure.by for figure in frozen(version, make_commission_member())} == {
        "total", "guild", "district", "kind", "month",
    }  # fmt: skip
    assert Publication.objects.visible_to(make_coordinator()).count() == 2
