"""The demonstration's pledge desk is open, and its promises wait."""

import pytest
from django.test import Client
from django.utils import timezone

from guilds.desk.models import Desk
from guilds.pledges.models import Pledge


@pytest.mark.once
def test_a_desk_is_open_with_promises_to_clear(demonstration, db):
    desk = Desk.objects.open_at(timezone.now()).get()

    assert desk.engagement.guild_id == "hospitality-tourism"
    assert desk.entries.to_clear().count() == desk.entries.count() == 3
    assert not Pledge.objects.filter(made_through="desk").exists(), "no figure rests on it"
    assert Client().get(f"/desk/{desk.code}/").status_code == 200
