"""Saved scopes on the page of coverage: kept from its filters, found by all who read it, renamed, deleted."""

import pytest
from django.urls import reverse

from guilds.impact.saved_scopes import SavedScope
from tests.crm.views.sent import words
from tests.factories import make_commission_member, make_coordinator, make_district, make_school

pytestmark = [pytest.mark.django_db, pytest.mark.once]

TOKEN = {"form_token": "a" * 32}


def test_filters_get_a_name_that_everybody_finds(client):
    thanet = make_district()
    make_school("By the sea", district=thanet, coastal=True, pupils=900)
    make_school("Inland", district=thanet)
    client.force_login(make_coordinator())
    keep = f"{reverse('scope_new')}?coastal=true"
    assert keep in client.get(reverse("coverage"), {"coastal": "true"}).content.decode()
    assert '<option value="true" selected>' in client.get(keep).content.decode()

    sent = {"name": "Coastal schools", "description": "Careers work by the sea", "coastal": "true"} | TOKEN
    answer = client.post(reverse("scope_new"), sent, follow=True)

    assert answer.redirect_chain[-1][0] == "/impact/coverage/?scope=coastal-schools"
    read = words(answer)
    assert "0 of 1 schools reached" in read
    assert "Careers work by the sea" in read
    assert "Save these filters" not in read, "it has a name already"
    assert 'aria-current="true">Coastal schools' in answer.content.decode()
    assert "0 of 0" in words(client.get("/impact/coverage/?scope=coastal-schools&provider_kind=special"))
    assert "Mend the filters" in words(client.get("/impact/coverage/?scope=nowhere"))

    client.force_login(make_commission_member())
    assert "0 of 1 schools" in words(client.get("/impact/coverage/?scope=coastal-schools"))
    read = words(client.get(reverse("scope_list")))
    assert "Coastal schools Careers work by the sea" in read
    assert "Delete" not in read


def test_a_scope_is_renamed_and_deleted_and_a_second_hand_is_told(client):
    client.force_login(make_coordinator())
    empty = client.post(reverse("scope_new"), {"name": "All"} | TOKEN)
    assert (empty.status_code, "at least one thing" in words(empty)) == (422, True)
    client.post(reverse("scope_new"), {"name": "Coastal", "coastal": "true", "form_token": "b" * 32})
    scope = SavedScope.objects.get()
    change, delete = (reverse(f"scope_{verb}", args=[scope.pk]) for verb in ("correct", "delete"))

    sent = {"name": "By the sea", "coastal": "true", "version": "1"}
    client.post(change, sent | {"form_token": "c" * 32})
    late = client.post(change, sent | {"name": "Too late", "form_token": "d" * 32})

    assert (late.status_code, "By the sea" in words(late)) == (409, True)
    assert "By the sea" in words(client.get(reverse("scope_list")))
    assert "changed it" in words(client.get(reverse("history", args=["savedscope", scope.pk])))
    answer = client.post(delete, {"form_token": "e" * 32}, follow=True)
    assert "No scope is saved yet" in words(answer)
