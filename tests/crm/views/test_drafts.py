"""What is typed is never lost: kept while somebody types, through an expired sign-in, for its owner alone."""

import pytest
from django.test import Client

from crm.tasks import forget_drafts
from guilds.access.models import Draft
from guilds.engagement.models import Engagement
from tests.crm.views.sent import filled, words
from tests.factories import make_coordinator, make_employer_member, make_engagement, make_school

pytestmark = pytest.mark.django_db

NEW = "/engagements/new/"


@pytest.fixture
def coordinator(client):
    user = make_coordinator("hospitality-tourism")
    client.force_login(user)
    return user


def half_done() -> dict:
    """Two rows, the second with what nobody has judged yet."""
    hill = make_school("Hill School")
    rows = [{"provider_text": "Hill School", "provider": str(hill.pk), "learners": "12"}, {"learners": "many"}]
    return filled(schools=rows, title="", notes="Ask the \0head", supporting_guilds=["hospitality-tourism"])


def shows_it_all(html: str) -> bool:
    there = ('value="Hill School"', 'value="12"', 'value="many"', "Ask the head", 'attendances-TOTAL_FORMS" value="2"')
    return all(part in html for part in there) and "There is a problem" not in html


def test_typed_words_are_kept_offered_and_shown_again_until_they_are_sent(client, coordinator):
    kept = client.post(NEW, half_done() | {"keep_draft": "1"})
    offer = client.get(NEW)
    again = client.get(f"{NEW}?draft=go").content.decode()

    assert kept.json().keys() == {"kept"} and not Engagement.objects.exists()
    assert "You began this on" in words(offer) and "Hill School" not in offer.content.decode()
    assert shows_it_all(again) and f'name="form_token" value="{"a" * 32}"' in again
    assert 'name="csrfmiddlewaretoken"' not in str(Draft.objects.get().fields)
    client.post(f"{NEW}?draft=go", filled())
    assert Engagement.objects.count() == 1 and not Draft.objects.exists()
    assert client.post(NEW, filled(keep_draft="1")).status_code == 204  # the script was late: it has been sent
    assert not Draft.objects.exists()


def test_thrown_away_too_much_and_forgotten(client, coordinator):
    client.post(NEW, filled(keep_draft="1"))
    assert client.post(NEW, filled(keep_draft="1", notes="x" * 600_000)).status_code == 413
    thrown = client.post(f"{NEW}?guild=sciences&draft=go", {"throw_draft": "1"})

    assert thrown.url == f"{NEW}?guild=sciences"
    assert not Draft.objects.exists()
    client.post(NEW, filled(keep_draft="1"))
    Draft.objects.update(saved_at="2026-01-01T00:00Z")
    forget_drafts()
    assert not Draft.objects.exists()


def test_only_its_owner_sees_it_and_only_who_may_use_the_form_keeps_one(client, coordinator):
    client.post(NEW, half_done() | {"keep_draft": "1"})
    for other in (make_coordinator("hospitality-tourism"), make_employer_member()):
        client.force_login(other)
        assert "You began this" not in words(client.get(NEW))
    assert client.post(NEW, filled(keep_draft="1")).status_code == 403
    assert Draft.objects.get().user == coordinator


def test_form_that_is_sent_signed_out_comes_back_after_signing_in(client, coordinator):
    typed = half_done() | {"typed_by": str(coordinator.pk)}
    browser = Client()
    asked = browser.post(NEW, typed)
    assert asked.url == "/sign-in/?next=/engagements/new/%3Fdraft%3Dgo"
    browser.force_login(coordinator)
    back = browser.get(f"{NEW}?draft=go")

    assert shows_it_all(back.content.decode())
    assert browser.post(NEW, filled(keep_draft="1"), follow=False).status_code == 200
    assert Client().post(NEW, filled(keep_draft="1")).status_code == 401
    part = Client().post(f"{NEW}?row=attendances-0-provider", typed, headers={"HX-Request": "true"})
    assert part["HX-Redirect"].startswith("/sign-in/?next=/engagements/new/")


def test_nobody_else_who_signs_in_at_that_browser_is_given_it(client, coordinator):
    browser = Client()
    browser.post(NEW, half_done() | {"typed_by": str(coordinator.pk)})
    browser.force_login(make_coordinator("hospitality-tourism"))

    assert "Hill School" not in browser.get(f"{NEW}?draft=go").content.decode()
    assert not Draft.objects.exists()
    browser.logout()
    browser.force_login(coordinator)
    assert "Hill School" not in browser.get(f"{NEW}?draft=go").content.decode()


def test_corrections_and_pledges_have_drafts_of_their_own(client, coordinator):
    one, two = make_engagement(title="One"), make_engagement(title="Two")
    client.post(f"/engagements/{one.pk}/correct/", filled(title="Better", version="1", keep_draft="1"))
    client.post("/pledges/new/", {"kind": "placement", "quantity": "dozens", "keep_draft": "1"})

    assert 'value="Better"' in client.get(f"/engagements/{one.pk}/correct/?draft=go").content.decode()
    assert "You began this" not in words(client.get(f"/engagements/{two.pk}/correct/"))
    pledge = client.get("/pledges/new/?draft=go").content.decode()
    assert 'value="dozens"' in pledge and "There is a problem" not in pledge
    assert Draft.objects.count() == 2


def test_what_is_offered_stays_while_another_is_begun_sent_or_thrown_away(client, coordinator):
    client.post(NEW, filled(title="First", keep_draft="1", form_token="b" * 32))
    client.post(NEW, filled(title="Second", keep_draft="1", form_token="c" * 32))
    offer = client.get(f"{NEW}?guild=sciences")
    assert [draft.fields["title"] for _, _, draft in offer.context["view"].offered] == [["First"], ["Second"]]
    assert 'href="/engagements/new/?guild=sciences&amp;draft=2"' in offer.content.decode()
    assert 'value="First"' in client.get(f"{NEW}?draft=1").content.decode()
    client.post(NEW, filled(title="Third", form_token="d" * 32))
    assert Draft.objects.count() == 2
    client.post(NEW, filled(title="Second", form_token="c" * 32))
    assert [draft.fields["title"] for draft in Draft.objects.all()] == [["First"]]
    client.post(NEW, {"throw_draft": "1"})
    assert not Draft.objects.exists() and Engagement.objects.count() == 2


def test_numbers_of_a_closing_form_are_kept_until_it_is_sent(client, coordinator):
    one = make_engagement(title="One", status="confirmed", attendances=[{"provider": make_school()}])
    box, address = f"learners-{one.attendances.get().pk}", f"/engagements/{one.pk}/deliver/"
    client.post(address, {box: "dozens", "keep_draft": "1", "form_token": "e" * 32})
    assert "You began this on" in words(client.get(address))
    back = client.get(f"{address}?draft=go").content.decode()
    assert 'value="dozens"' in back and "There is a problem" not in back
    client.post(address, {box: "12", "form_token": "e" * 32})
    assert Engagement.objects.get().status == "delivered" and not Draft.objects.exists()
