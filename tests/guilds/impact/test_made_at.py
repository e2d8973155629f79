"""The conversion of one event: delivered ÷ pledged of the pledges made there, whenever and however much was delivered."""

import pytest
from django.utils import timezone

from guilds.impact.made_at import Promised, promised_at
from guilds.pledges import actions
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_what_was_promised_at_an_event_is_counted_by_kind_with_what_came_of_it(client, django_assert_num_queries):
    event, hotel = make.make_engagement(status="delivered"), make.make_employer()
    first = make.make_open_pledge(employer=hotel, engagement=event, quantity=4)
    make.make_open_pledge(employer=hotel, engagement=event, quantity=6)
    make.make_open_pledge(employer=hotel, engagement=event, kind="school_talk", quantity=1)
    make.make_pledge(employer=hotel, engagement=event, quantity=50)
    make.make_open_pledge(employer=hotel, quantity=70)
    actions.amend(by=None, pledge=first, quantity=3, reason="Fewer rooms")
    for status in ("completed", "arranged"):
        placement = make.make_placement(employer=hotel, learners=5, status=status)
        actions.credit(by=None, pledge=first, placement=placement)
    actions.withdraw(
        by=None, pledge=make.make_open_pledge(employer=hotel, engagement=event, quantity=10), reason="Moved"
    )

    with django_assert_num_queries(1):
        found = promised_at(event)

    assert found == [Promised("placement", 3, 20, 5), Promised("school_talk", 1, 1, 0)]
    client.force_login(make.make_commission_member())
    page = client.get(f"/engagements/{event.pk}/").content.decode()
    assert "Promised here" in page and "25%" in page and "Record a pledge made here" not in page
    client.force_login(make.make_employer_member(hotel))
    assert "Promised here" not in client.get(f"/engagements/{event.pk}/").content.decode()
    assert promised_at(make.make_engagement(starts_at=timezone.now())) == []
