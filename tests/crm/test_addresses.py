"""Addresses that pages with a hundred links put together are those that everything else leads to."""

from uuid import uuid4

import pytest
from django.urls import NoReverseMatch, reverse

from crm.addresses import record_address

pytestmark = pytest.mark.once


def test_it_is_the_address_of_the_page_about_that_record():
    one, other = uuid4(), str(uuid4())
    for name in ("pledge_detail", "engagement_detail", "organisation_detail"):
        assert record_address(name, one) == reverse(name, args=[one])
        assert record_address(name, other) == reverse(name, args=[other])
    assert record_address("follow_up_verb", one, "snooze") == reverse("follow_up_verb", args=[one, "snooze"])
    assert record_address("follow_up_verb", one, "done") == reverse("follow_up_verb", args=[one, "done"])
    with pytest.raises(NoReverseMatch):
        record_address("nothing_of_this_name", one)
