"""One is one, and many are many: what is promised in words."""

import pytest

from crm.templatetags.promises import counted
from guilds.pledges.kinds import PledgeKind

pytestmark = pytest.mark.once


def test_so_many_of_each_kind_read_as_people_say_it():
    assert [counted(n, "placement") for n in (0, 1, 1200)] == [
        "0 work placements",
        "1 work placement",
        "1,200 work placements",
    ]
    assert counted(1, "industry_visit") == "1 visit to the workplace"
    alike = {kind for kind in PledgeKind.values if counted(1, kind)[2:] == counted(2, kind)[2:]}
    assert alike == {"mentoring", "staff_training"}, "of these there is no plural"
