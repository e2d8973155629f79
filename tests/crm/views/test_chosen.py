"""All that the filters of a list leave, in one go: exactly what was shown, in parts where it is too much."""

from datetime import date

import pytest
from django.urls import reverse

from crm.views.opportunities_bulk import BulkPlacements
from guilds.opportunities import actions
from guilds.opportunities.models import Placement
from tests import factories as make

pytestmark = pytest.mark.django_db

LIST = "/placements/"


def test_all_that_the_filters_leave_are_changed_and_nothing_that_came_later(client, monkeypatch):
    client.force_login(make.make_coordinator())
    fitting, theirs = [make.make_placement(learners=2) for _ in range(2)], make.make_placement()
    actions.start_placement(by=None, placement=theirs, on=date(2017, 3, 14))
    html = client.get(f"{LIST}?status=arranged&ordering=-learners").content.decode()
    assert "With all that fit these filters" in html and 'type="hidden" name="status" value="arranged"' in html
    address = f"{reverse('placement_bulk')}?verb=cancel&all=1&status=arranged&ordering=-learners"
    page = client.get(address)
    assert {row.pk for row in page.context["able"]} == {row.pk for row in fitting}
    later = make.make_placement()
    sent = {"reason": "Kitchen closed", "cancelled_by": "employer", "about": page.context["decided_on"]}
    done = client.post(address, sent)
    assert done.url == f"{LIST}?ordering=-learners&status=arranged"
    assert "The placement is cancelled: 2 of 2 chosen" in client.get(done.url).content.decode()
    assert Placement.objects.get(pk=later.pk).status == "arranged"
    monkeypatch.setattr(BulkPlacements, "most", 1)
    make.make_placement(), make.make_placement(guild=make.make_guild("sciences"))
    more = client.get(f"{reverse('placement_bulk')}?verb=cancel&all=1")
    assert "There are more: 1 are taken in one go" in more.content.decode()
    assert [row.pk for row in more.context["able"]] == [later.pk], (
        "what is over, or led by another, takes nobody's place"
    )
    assert client.get(f"{reverse('placement_bulk')}?all=1").status_code == 404
    assert client.get(address.replace("arranged&", "nonsense&")).status_code == 302
