"""What people may ask about their own data, and how administrators answer: shown, taken along, corrected, erased."""

import json
from datetime import date

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone

from crm import tasks
from crm.emails import sending
from guilds.access.models import ExportLog
from guilds.mailing.models import SentMail
from guilds.organisations.models import Contact
from guilds.rights import actions
from guilds.rights.models import ErasureRecord, RetentionRun, RightsRequest
from tests.factories import make_contact, make_employer_member
from tests.guilds.rights.people_world import EMAIL, NAME, Somebody, dump

pytestmark = pytest.mark.django_db


@pytest.fixture
def somebody() -> Somebody:
    return Somebody()


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_whoever_signs_in_reads_and_takes_along_what_is_theirs_and_asks(somebody, django_assert_max_num_queries):
    client = browser(somebody.user)
    with django_assert_max_num_queries(60):
        page = client.get("/my-data/").content.decode()
    assert somebody.user.email in page and "Drafts" in page
    assert EMAIL not in page, "a contact's address is nobody's identity"

    copy = json.loads(client.get("/my-data/file.json").content)
    assert copy["Somebody who signs in"][0]["E-mail"] == somebody.user.email
    html = client.get("/my-data/file.html")
    assert html["Content-Disposition"].startswith("attachment") and "no-store" in html["Cache-Control"]
    assert client.get("/my-data/file.exe").status_code == client.get("/my-data/ask/gift/").status_code == 404

    refused = client.post("/my-data/ask/correct/", {"wish": ""})
    assert refused.status_code == 422 and "required" in refused.content.decode().lower()
    form = {"wish": "My name is Zeb", "form_token": "one"}
    for _ in range(2):
        assert client.post("/my-data/ask/correct/", form).status_code == 302
    asked = RightsRequest.objects.get(asked_by=somebody.user)
    assert asked.due_on == actions.a_month_after(timezone.localdate())
    assert "A correction" in client.get("/my-data/").content.decode()
    assert "2 requests about personal data to answer" in browser(somebody.administrator).get("/").content.decode()
    assert "My name is Zeb" not in browser(make_employer_member()).get("/my-data/").content.decode()


@pytest.mark.parametrize(
    ("came", "due"),
    [
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2026, 12, 5), date(2027, 1, 5)),
        (date(2028, 1, 30), date(2028, 2, 29)),
    ],
)
def test_there_is_a_calendar_month_to_answer(came, due):
    assert actions.a_month_after(came) == due


def test_whoever_asked_is_told_of_the_answer_and_of_an_erasure_while_there_is_an_address(somebody, monkeypatch):
    client, user, address = browser(somebody.administrator), somebody.user, somebody.user.email
    for kind, verb in (("correct", "refuse"), ("erase", "answer")):
        asked = actions.ask(by=user, kind=kind, wish="Call me Zeb", on=date(2026, 3, 1))
        sent = {"reason": "Passports say Zebedee", "version": asked.version}
        assert client.post(f"/rights/{asked.pk}/{verb}/", sent).status_code == 302
        note = SentMail.objects.get(subject_id=asked.pk)
        assert (note.user, sending.deliver(note.pk)) == (user, True)
    refused, done = mail.outbox
    assert "not done all of it" in refused.body and "It is answered" in done.body and "/my-data/" in done.body
    for told in (refused, done):
        whole = told.subject + told.body + told.alternatives[0].content
        assert told.to == [address] and not [word for word in ("Zeb ", "Passports") if word in whole]

    waits = actions.ask(by=user, kind="erase", wish="All of it", on=date(2026, 3, 2))
    page = f"/rights/people/user/{user.pk}/erase/"
    assert client.get(page).context["form"].initial["request"] == str(waits.pk), "the request that they made"
    sent = {"why": "asked", "request": str(waits.pk), "sure": "on"}
    contact = f"/rights/people/contact/{somebody.contact.pk}/erase/"
    client.post(page, sent, follow=True)
    assert mail.outbox[2].to == [address] and "last mail to this address" in mail.outbox[2].body
    assert "On 2 March 2026 you asked for erasure" in mail.outbox[2].body
    monkeypatch.setattr(EmailMultiAlternatives, "send", raising(OSError))
    assert "tell them in another way" in client.post(contact, sent | {"request": ""}, follow=True).content.decode()
    assert ErasureRecord.objects.count() == 2
    assert not SentMail.objects.exclude(context={}).exists()


def raising(error):
    def fail(*args, **more):
        raise error

    return fail


def test_a_request_is_noted_and_answered_once(somebody):
    client = browser(somebody.administrator)
    day = {"received_on_day": "1", "received_on_month": "3", "received_on_year": "2090"}
    sent = {"about": "Pat by telephone", "kind": "access", "wish": ""} | day
    assert "Enter today or a day before it" in client.post("/rights/new/", sent).content.decode()
    page = client.post("/rights/new/", sent | {"received_on_year": "2017"}, follow=True)
    asked = RightsRequest.objects.get(about="Pat by telephone")
    assert "Overdue" in page.content.decode() and "Overdue" in client.get("/rights/").content.decode()

    answer = {"reason": "Sent by post", "version": asked.version}
    assert client.post(f"/rights/{asked.pk}/answer/", answer | {"reason": ""}).status_code == 422
    assert client.post(f"/rights/{asked.pk}/answer/", answer).status_code == 302
    asked.refresh_from_db()
    assert (asked.status, asked.status_reason) == ("done", "Sent by post")
    assert client.get(f"/rights/{asked.pk}/refuse/").status_code == 409


def test_somebody_is_found_copied_and_erased_without_a_name_in_an_address(somebody, django_capture_on_commit_callbacks):
    client = browser(somebody.administrator)
    namesake = make_contact(name=NAME, email="other@quay.example")
    found = client.post("/rights/people/", {"words": "quillfeather"}).content.decode()
    address = f"/rights/people/contact/{somebody.contact.pk}/"
    assert address in found and client.post("/rights/people/", {"words": "x"}).status_code == 422
    held = client.get(address).content.decode()
    assert "Rang Zébedee Quillfeather" in held and f"/rights/people/contact/{namesake.pk}/" in held
    assert "pledge_new" not in held, "a draft is nobody else's business"
    assert client.get(f"{address}file.html").status_code == 200
    assert ExportLog.objects.get().list_name == "rights_person"

    page = client.get(f"{address}erase/")
    form = page.context["form"]
    same = [key for key, _ in form.fields["others"].choices if str(namesake.pk) not in key]
    sent = {"others": same, "mentions": form.initial["mentions"], "why": "asked", "request": ""}
    assert "Tick the box if you are sure" in client.post(f"{address}erase/", sent).content.decode()
    assert not ErasureRecord.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(f"{address}erase/", sent | {"sure": "on"}, follow=True)
    assert "Person at an organisation × 1" in done.content.decode()
    namesake.refresh_from_db()
    assert namesake.name == NAME
    left = {table for table, text in dump().items() if EMAIL in text or "555917" in text}
    assert not left
    assert (
        client.get(address).status_code == client.get(f"/rights/people/pledge/{somebody.pledge.pk}/").status_code == 404
    )


def test_a_person_says_where_their_details_come_from_and_to_what_they_agreed(somebody):
    client, address = browser(somebody.administrator), f"/organisations/{somebody.employer.pk}/people/new/"
    sent = {"name": "Ada Example", "lawful_basis": "consent", "source": ""}
    assert "Say where these details come from" in client.post(address, sent).content.decode()
    day = {"source_on_day": "1", "source_on_month": "3", "source_on_year": "2026"}
    assert client.post(address, sent | {"source": "person"} | day).status_code == 302
    ada = Contact.objects.get(name="Ada Example")
    assert (ada.source, ada.source_on, ada.consent_version) == ("person", date(2026, 3, 1), "1")
    page = client.get(f"/organisations/{somebody.employer.pk}/").content.decode()
    assert "Kept by consent (words 1); from the person themselves, 1 March 2026" in page
    assert "nobody has said where from" in page


def test_retention_is_counted_on_the_page_and_done_by_a_second_press(somebody, monkeypatch):
    client = browser(somebody.administrator)
    assert "Not counted since it was set up" in client.get("/rights/retention/").content.decode()
    assert client.post("/rights/retention/", follow=True).status_code == 200
    assert "Erase what is due" in client.get("/rights/retention/").content.decode()
    assert not RetentionRun.objects.get().applied
    monkeypatch.setattr(tasks, "ask", lambda task, *ids: task(*ids) or True)

    client.post("/rights/retention/apply/", {"form_token": "one"})

    done = RetentionRun.objects.first()
    assert done.applied and done.by == somebody.administrator
    assert "Done last on" in client.get("/rights/retention/").content.decode()
