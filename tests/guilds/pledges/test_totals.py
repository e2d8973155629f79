"""Totals over parts are the same numbers wherever they stand in a query."""

import pytest

from guilds.pledges import actions
from guilds.pledges.models import Delivery, Pledge, delivered_total
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_a_total_means_the_same_inside_other_queries_even_of_the_tables_that_it_reads():
    kept, other = make.make_open_pledge(), make.make_open_pledge()
    placement = make.make_placement(employer=kept.employer, learners=4, status="completed")
    actions.credit(by=None, pledge=kept, placement=placement)

    assert dict(Pledge.objects.with_given().values_list("pk", "delivered")) == {kept.pk: 4, other.pk: 0}
    some = Pledge.objects.with_progress().filter(delivered=4, remaining=6).values("pk")
    assert Pledge.objects.with_given().get(pk__in=some).delivered == 4
    assert Delivery.objects.filter(pledge__in=some).with_quantity().get().pledge == kept
    assert Pledge.objects.filter(deliveries__isnull=False).annotate(done=delivered_total()).get(done=4) == kept
