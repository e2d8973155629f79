"""Beginning afresh."""

import pytest
from django.core.management import call_command

from crm.demonstration import loading
from guilds.access.models import User
from guilds.importing.models import Import
from guilds.organisations.actions import register
from guilds.organisations.models import Organisation

pytestmark = pytest.mark.django_db(transaction=True)


def test_flush_begins_a_demonstration_afresh_and_real_data_go_only_on_request(capsys):
    register(by=None, name="Somebody real", is_employer=True)
    call_command("load_demo", "--flush", "--delete-real-data")
    assert loading.demo_password() in capsys.readouterr().out
    assert not Organisation.objects.filter(name="Somebody real").exists()
    register(by=None, name="Tried out", is_employer=True)
    call_command("load_demo", "--flush")
    assert not Organisation.objects.filter(name="Tried out").exists()
    assert (Import.objects.count(), User.objects.filter(role="administrator").count()) == (17, 1)
