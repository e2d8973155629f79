"""Several shares at once: all or none, whoever else gives at the same moment."""

import pytest

from guilds.audit.refusals import Conflict
from guilds.pledges.giving import Share, give_many, refused_rows
from guilds.pledges.models import Allocation, Pledge
from tests import factories as make
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def test_all_or_none_and_each_row_says_why():
    pledge = make.make_open_pledge(quantity=5)
    shares = [Share(pledge, make.make_school(), number) for number in (3, 3, 2)]
    with pytest.raises(Conflict) as refusal:
        give_many(by=None, shares=shares)

    assert refused_rows(refusal.value) == {1: "Only 2 remain of this pledge"}
    assert not Allocation.objects.exists()
    assert len(give_many(by=None, shares=[shares[0], shares[2]])) == 2


@pytest.mark.django_db(transaction=True)
def test_twenty_schools_for_the_last_five_places_given_by_several_at_once():
    pledges = [make.make_open_pledge(quantity=5), make.make_open_pledge(quantity=5)]
    schools = [make.make_school() for _ in range(20)]

    def give(number: int):
        order = pledges if number % 2 else list(reversed(pledges))
        return lambda: give_many(by=None, shares=[Share(pledge, schools[number], 1) for pledge in order])

    answers = at_once([give(number) for number in range(20)])
    told = {" ".join(answer.messages) for answer in answers if isinstance(answer, Conflict)}
    assert sum(isinstance(answer, list) for answer in answers) == 5
    assert told == {"Only 0 remain of this pledge Only 0 remain of this pledge"}
    assert set(Pledge.objects.with_progress().values_list("allocated", "remaining")) == {(5, 0)}
