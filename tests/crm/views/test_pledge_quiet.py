"""Employers who have gone quiet: since when, and one press makes one follow-up."""

import pytest
from django.test import Client
from django.urls import reverse

from guilds.engagement.follow_ups import FollowUp
from tests import factories as make
from tests.crm.views.sent import words

pytestmark = pytest.mark.django_db


def test_one_press_makes_one_follow_up_and_says_that_somebody_is_on_it(django_assert_max_num_queries):
    coordinator, client = make.make_coordinator(), Client()
    client.force_login(coordinator)
    assert "Nobody has gone quiet" in words(client.get(reverse("pledge_quiet")))
    pledge = make.make_open_pledge(employer=make.make_employer("Harbour Hotel"))
    for _ in range(3):
        make.make_open_pledge()
    with django_assert_max_num_queries(7):
        html = words(client.get(reverse("pledge_quiet")))
    assert "Harbour Hotel 14 Mar 2017" in html

    address = reverse("pledge_follow_up", args=[pledge.pk])
    for token in "aab":
        landed = client.post(address, {"form_token": token * 32}, follow=True)
    made = FollowUp.objects.get()
    assert (made.pledge, made.organisation, made.assigned_to) == (pledge, pledge.employer, coordinator)
    assert "There is a follow-up about this pledge of Harbour Hotel already" in words(landed)
    assert "Somebody is on it" in words(landed)
    assert client.get(reverse("pledge_list"), {"needs": "quiet"}).content.decode().count('name="chosen"') == 4
    file = client.get(reverse("pledge_quiet"), {"export": "csv"})
    assert "2017-03-14" in b"".join(file.streaming_content if file.streaming else [file.content]).decode()
