"""How long what about a person is kept: every personal field has one rule, counted first, and done only when told."""

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.db.models import Sum
from django.utils import timezone

from crm.tasks import keep_to_retention
from guilds.access import actions as access
from guilds.access import invitation_actions
from guilds.access.invitations import Invitation, JoinRequest
from guilds.audit.models import Event
from guilds.engagement.follow_ups import Interaction
from guilds.engagement.models import Attachment, Attendance
from guilds.organisations import actions as registry
from guilds.organisations.models import Contact
from guilds.rights import keeping
from guilds.rights.models import ErasureRecord, RetentionRun
from guilds.rights.people import own_rows
from guilds.rights.retention import RULES, YEAR, Then
from tests.guilds.rights.people_world import EMAIL, NAME, PHONE, Somebody

MODELS = list(apps.get_app_config("guilds").get_models())
#: Fields that sound like a person and are none.
NOBODYS = {
    "organisation.phone": "a switchboard", "organisation.address": "a place", "engagement.venue_address": "a place",
    "organisation.name": "an organisation", "organisation.search_name": "an organisation", "guild.name": "a guild",
    "district.name": "a district", "apiclient.name": "a program", "savedview.name": "a list",
}  # fmt: skip


def personal(model) -> set[str]:
    return set(getattr(model, "personal_fields", ()))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_personal_field_has_one_rule(model):
    """A new personal field: say in guilds/rights/retention.py how long it is kept, and what is done then."""
    label = model._meta.model_name
    ruled = [field for rule in RULES if rule.model == label for field in rule.fields]

    assert sorted(ruled) == sorted(personal(model)), f"Add a rule for the personal fields of {model.__name__}"
    sounds = ("email", "phone", "mobile", "surname", "first_name", "person_name", "contact_name", "birth", "address")
    named = {
        f.name for f in model._meta.concrete_fields if not f.is_relation and any(word in f.name for word in sounds)
    }
    named -= {"email_bounced_at"}
    unsaid = {name for name in named - personal(model) if f"{label}.{name}" not in NOBODYS}
    assert not unsaid, f"{model.__name__}: {unsaid} sound personal: name them in personal_fields, or here say why not"


def test_every_rule_says_why():
    for rule in RULES:
        assert rule.since or rule.then is Then.FOLLOW
        assert rule.reason and rule.source and rule.what and rule.noun and rule.lasts
    follows = {rule.model for rule in RULES if rule.then is Then.FOLLOW}
    assert follows <= {rows.model._meta.model_name for rows in own_rows(apps.get_model("guilds", "User")())}


@pytest.mark.django_db
def test_the_clock_first_counts_then_erases_and_counts_stay(capsys, settings, django_capture_on_commit_callbacks):
    somebody, now = Somebody(), timezone.now()
    young = keeping.dry_run(by=None, at=now)
    assert {label for label, count in young.counts.items() if count} <= {"interaction", "attachment", "attendance"}
    access.close_account(by=somebody.administrator, user=somebody.user)
    asked = JoinRequest.objects.get()
    invitation_actions.decline_join(by=somebody.administrator, request=asked, reason=f"Nobody knows {NAME}")

    with time_machine.travel(now + 7 * YEAR, tick=False):
        call_command("retention")
        told = capsys.readouterr().out
        assert "Person at an organisation" in told and "Nothing was changed" in told
        due = keeping.dry_run(by=None, at=timezone.now()).counts
        assert due["invitation"] == due["joinrequest"] == 1, "neither accepted nor let in: nobody needs them any more"
        assert Contact.objects.filter(name=NAME).exists()
        keep_to_retention()
        assert Contact.objects.filter(name=NAME).exists(), "the clock only counts, unless it is told to do it"
        learners = Attendance.objects.aggregate(n=Sum("learners"))

        settings.RETENTION_APPLY = True
        with django_capture_on_commit_callbacks(execute=True):
            keep_to_retention()

        assert not Contact.objects.filter(name=NAME).exists() and not Attachment.objects.exists()
        assert Interaction.objects.get().summary == "[erased]"
        assert Attendance.objects.get().answer_note == "[erased]"
        assert Attendance.objects.aggregate(n=Sum("learners")) == learners
        assert not Event.objects.filter(subject_type__in=("contact", "interaction"), after__icontains=PHONE).exists()
        assert ErasureRecord.objects.filter(why="age").count() == 5
        asked.refresh_from_db()
        assert (asked.status, asked.status_reason) == ("declined", "[erased]"), "what became of it stays"
        assert Invitation.objects.get().status == "open"
        for gone in (asked, Invitation.objects.get()):
            told = [(e.verb, str(e.before) + str(e.after) + e.reason) for e in Event.objects.about(gone)]
            assert len(told) >= 2 and not any(NAME in words or EMAIL in words for _, words in told)
        done = RetentionRun.objects.first()
        assert done.applied and done.counts["contact"] == 1
        assert not any(keeping.dry_run(by=None, at=timezone.now()).counts.values()), "what is done is not due again"
        call_command("retention", "--apply")
        assert "0" in capsys.readouterr().out


@pytest.mark.django_db
def test_whoever_is_in_touch_stays():
    somebody, now = Somebody(), timezone.now()
    later = now + 3 * YEAR + timedelta(days=2)
    contacts = next(rule for rule in RULES if rule.model == "contact")
    assert list(contacts.rows(later)) == [somebody.contact]

    with time_machine.travel(later - timedelta(days=1)):
        registry.correct_contact(by=None, contact=somebody.contact, role="Owner")

    assert not contacts.rows(later).exists()
