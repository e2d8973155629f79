"""Where the demonstration is loaded, and where it is not."""

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from crm.demonstration import loading
from guilds.access.models import User
from guilds.engagement.models import Engagement
from guilds.importing.models import Import
from guilds.organisations.actions import register
from guilds.organisations.models import Organisation


@pytest.mark.django_db
def test_real_data_are_left_alone():
    register(by=None, name="Somebody real", is_employer=True)
    for flags in ([], ["--flush"]):
        with pytest.raises(CommandError, match="not the demonstration's"):
            call_command("load_demo", *flags)
    assert [organisation.name for organisation in Organisation.objects.all()] == ["Somebody real"]


@pytest.mark.django_db
def test_public_installations_refuse(settings):
    settings.PUBLIC = True
    with pytest.raises(CommandError, match="public"):
        call_command("load_demo", "--flush", "--delete-real-data")


@pytest.mark.django_db
def test_the_first_day_of_an_academic_year_is_good_for_loading():
    with time_machine.travel("2026-09-01T12:00:00Z", tick=False):
        loading.load(today=timezone.localdate())
        assert Engagement.objects.filter(starts_on=timezone.localdate(), status="confirmed").count() == 2


@pytest.mark.django_db
def test_a_row_that_is_refused_leaves_nothing(monkeypatch, tmp_path):
    for path in loading.DATA.glob("*.csv"):
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / "memberships.csv").unlink()
    (tmp_path / "memberships.csv").write_text("organisation,guild,joined_on\nNobody,sciences,2016-01-01\n")
    monkeypatch.setattr(loading, "DATA", tmp_path)
    with pytest.raises(CommandError, match="memberships row 2: organisation: There is no organisation “Nobody”"):
        call_command("load_demo")
    assert not loading.holds_data()


@pytest.mark.django_db(transaction=True)
def test_flush_begins_a_demonstration_afresh_and_real_data_go_only_on_request(capsys):
    register(by=None, name="Somebody real", is_employer=True)
    call_command("load_demo", "--flush", "--delete-real-data")
    assert loading.demo_password() in capsys.readouterr().out
    assert not Organisation.objects.filter(name="Somebody real").exists()
    register(by=None, name="Tried out", is_employer=True)
    call_command("load_demo", "--flush")
    assert not Organisation.objects.filter(name="Tried out").exists()
    assert (Import.objects.count(), User.objects.filter(role="administrator").count()) == (23, 1)
