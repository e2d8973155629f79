"""History with the press that made it, undoing from the page, and two people who edit one record."""

from html.parser import HTMLParser

import pytest
from django.urls import reverse

from guilds.audit.context import current_request_id
from guilds.audit.models import Event
from guilds.engagement import actions as engagements
from guilds.engagement import follow_up_actions as to_do
from guilds.opportunities import actions as opportunities
from guilds.organisations import actions as registry
from guilds.pledges import actions as pledges
from tests.factories import (
    DAY,
    make_administrator,
    make_apprenticeship,
    make_commission_member,
    make_contact,
    make_coordinator,
    make_employer,
    make_employer_member,
    make_engagement,
    make_membership,
    make_open_pledge,
    make_placement,
    make_pledge,
    make_school,
    make_school_member,
)

pytestmark = pytest.mark.django_db


def page(client, address: str) -> str:
    return client.get(address).content.decode()


class _Boxes(HTMLParser):
    """The boxes of a page as they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self._select = self._area = ""

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        if (
            tag == "input"
            and named.get("name")
            and ("checked" in named or named.get("type") not in ("checkbox", "radio"))
        ):
            self.sent[named["name"]] = named.get("value") or ""
        self._select = named.get("name", "") if tag == "select" else self._select
        self._area = named.get("name", "") if tag == "textarea" else ""
        if tag == "option" and "selected" in named:
            self.sent[self._select] = named.get("value") or ""

    def handle_data(self, data):
        if self._area:
            self.sent[self._area] = data.strip()


def as_the_browser_sends(html: str) -> dict[str, str]:
    boxes = _Boxes()
    boxes.feed(html.split('<form method="post" novalidate')[1])
    return boxes.sent


def at_once(name: str, *changes) -> None:
    token = current_request_id.set(name)
    for change in changes:
        change()
    current_request_id.reset(token)


def undo_of(record) -> str:
    return reverse("change_undo", args=[Event.objects.about(record).first().pk])


def test_a_change_is_undone_from_its_banner_or_its_history(client):
    pledge = make_pledge()
    client.force_login(make_coordinator())
    address = reverse("pledge_detail", args=[pledge.pk])

    done = client.post(reverse("pledge_verb", args=[pledge.pk, "verify"]), follow=True)
    assert done.content.decode().count(f'action="{undo_of(pledge)}"') == 2, "in the banner and in the history"
    undone = client.post(undo_of(pledge), follow=True)

    assert undone.redirect_chain == [(address, 302)]
    pledge.refresh_from_db()
    assert pledge.status == "unverified" and pledge.verified_on is None
    assert "undid the change before" in undone.content.decode() and "/undo/" not in undone.content.decode()


def test_a_school_takes_its_answer_back_and_a_note_goes_from_its_page(client):
    member = make_school_member()
    engagement = make_engagement(attendances=[{"provider": member.organisation, "learners": 30}])
    engagements.deliver(by=None, engagement=engagement)
    client.force_login(member)
    address = reverse("engagement_verb", kwargs={"pk": engagement.pk, "verb": "answer"})
    told = client.post(address, {"attendance": engagement.attendances.get().pk, "answer": "confirmed"}, follow=True)
    assert told.content.decode().count(undo_of(engagement)) == 2, "in the banner and in the history"
    client.post(undo_of(engagement))
    assert engagement.attendances.get().answer == "unanswered"

    employer = make_employer()
    client.force_login(make_coordinator())
    said = {"kind": "call", "happened_on": "2017-03-14", "summary": "At the wrong organisation"}
    noted = client.post(reverse("organisation_note", args=[employer.pk]), said, follow=True).content.decode()
    note = employer.interactions.get()
    assert undo_of(note) in noted and reverse("history", args=["interaction", note.pk]) in noted
    client.post(undo_of(note))
    assert "wrong organisation" not in page(client, reverse("organisation_detail", args=[employer.pk]))


def test_undo_says_why_not_and_where_the_record_is(client):
    engagement = make_engagement(attendances=[{"provider": make_school(), "learners": 3}])
    engagements.deliver(by=None, engagement=engagement)
    address = undo_of(engagement)
    engagements.answer(by=None, attendance=engagement.attendances.get(), answer="confirmed")
    client.force_login(make_coordinator())

    refused = client.post(address)

    assert refused.status_code == 409 and "has answered since" in refused.content.decode()
    assert reverse("engagement_detail", args=[engagement.pk]) in refused.content.decode()
    assert "/undo/" not in page(client, reverse("engagement_detail", args=[engagement.pk]))
    client.force_login(make_coordinator("sciences"))
    engagements.correct(by=None, engagement=engagement, title="Another")
    assert client.post(undo_of(engagement)).status_code == 403
    client.force_login(make_employer_member())
    assert client.post(undo_of(engagement)).status_code == 404


def test_what_one_press_changed_is_told_together_as_far_as_its_reader_sees_it(client):
    employer = make_employer("Lantern Bakery")
    make_membership(employer)
    contact, placement = make_contact(employer), make_placement(employer=employer)
    pledge = make_open_pledge(employer=employer)
    pledges.allocate(by=None, pledge=pledge, provider=make_school(), quantity=1)
    at_once(
        "pressed-once",
        lambda: pledges.withdraw(by=None, pledge=pledge, reason="They moved away"),
        lambda: registry.correct_contact(by=None, contact=contact, name="Ash Example"),
    )
    client.force_login(make_administrator())
    assert "With 2 other changes" in page(client, reverse("pledge_detail", args=[pledge.pk]))
    together = page(client, "/changes/pressed-once/")
    assert "3 changes, made at once" in together and "Ash Example" in together and "They moved away" in together

    client.force_login(make_coordinator("sciences"))
    assert "With 1 other change" in page(client, reverse("pledge_detail", args=[pledge.pk]))
    together = page(client, "/changes/pressed-once/")
    assert "2 changes" in together and "Ash Example" not in together, "whose guild does not work with the employer"

    client.force_login(make_employer_member(employer))
    assert "Ash Example" in page(client, "/changes/pressed-once/")
    assert "other change" not in page(client, reverse("pledge_detail", args=[pledge.pk]))
    for reader in (make_commission_member(), make_employer_member()):
        client.force_login(reader)
        assert client.get("/changes/pressed-once/").status_code == 404
    client.force_login(make_administrator())
    at_once("command:0190", lambda: registry.correct(by=None, organisation=employer, phone="01843 111111"))
    at_once("task:0191", lambda: engagements.log(by=None, kind="assembly", title="A", starts_at=pledge.created_at))
    assert client.get("/changes/command:0190/").status_code == 404
    assert "other change" not in page(client, reverse("placement_detail", args=[placement.pk]))


def test_a_long_history_is_paged_and_costs_the_same(client, django_assert_max_num_queries):
    contact = make_contact(make_employer())
    for number in range(35):
        registry.correct_contact(by=None, contact=contact, phone=f"01843 {number:06}")
    client.force_login(make_administrator())
    address = reverse("history", args=["contact", contact.pk])

    with django_assert_max_num_queries(8):
        first = page(client, address)

    assert "01843 000034" in first and "01843 000003" not in first and "Earlier changes" in first
    earlier = page(client, address + _next(first))
    assert "01843 000003" in earlier and "added the person" in earlier and "/undo/" not in earlier


def test_a_pledges_history_says_whom_to_ask_and_where_it_was_made_to_those_who_may_know(client):
    employer, made_at = make_employer(), make_engagement(title="Breakfast at the pier")
    make_membership(employer)
    pledge, ash = make_pledge(employer=employer), make_contact(employer, name="Ash Example")
    pledges.correct(by=None, pledge=pledge, contact=ash, engagement=made_at)
    address = reverse("history", args=["pledge", pledge.pk])
    for reader, name in ((make_coordinator(), "Ash Example"), (make_coordinator("sciences"), "whose details you can")):
        client.force_login(reader)
        html = page(client, address)
        assert "Whom to ask about it" in html and name in html and "Breakfast at the pier" in html
    assert "Ash Example" not in html


def _next(html: str) -> str:
    return "?before=" + html.split('href="?before=')[1].split('"')[0]


@pytest.mark.parametrize(
    "kind", ["organisation", "contact", "pledge", "placement", "apprenticeship", "follow_up", "note"]
)
def test_the_second_of_two_editors_is_told_what_changed_and_keeps_the_own_words(client, kind):
    employer = make_employer("Lantern Bakery")
    make_membership(employer)
    records = {
        "organisation": lambda: employer,
        "contact": lambda: make_contact(employer, source="person"),
        "pledge": lambda: make_open_pledge(employer=employer),
        "placement": lambda: make_placement(employer=employer),
        "apprenticeship": lambda: make_apprenticeship(employer=employer),
        "follow_up": lambda: to_do.add_follow_up(by=None, what="Ring", due_on=DAY, organisation=employer),
        "note": lambda: to_do.log_interaction(
            by=None, organisation=employer, kind="call", happened_on=DAY, summary="Rang"
        ),
    }
    first = make_coordinator()
    record = records[kind]()
    label, field, theirs, box, mine = {
        "organisation": ("Telephone", "phone", "01843 222222", "website", "https://lantern.example"),
        "contact": ("Telephone", "phone", "01843 222222", "name", "Ash Example"),
        "pledge": ("Conditions", "conditions", "Sturdy shoes", "notes", "Ring first"),
        "placement": ("Hours for each learner", "hours", 12, "reference", "P-17"),
        "apprenticeship": ("Positions", "positions", 7, "reference", "A-17"),
        "follow_up": ("What is to be done", "what", "Ring Ash", "what", "Ring about March"),
        "note": ("What was said", "summary", "They are moving", "summary", "They said no"),
    }[kind]
    act = {
        "organisation": lambda: registry.correct(by=first, organisation=record, **{field: theirs}),
        "contact": lambda: registry.correct_contact(by=first, contact=record, **{field: theirs}),
        "pledge": lambda: pledges.correct(by=first, pledge=record, **{field: theirs}),
        "placement": lambda: opportunities.correct_placement(by=first, placement=record, **{field: theirs}),
        "apprenticeship": lambda: opportunities.correct_apprenticeship(
            by=first, apprenticeship=record, **{field: theirs}
        ),
        "follow_up": lambda: to_do.correct_follow_up(by=first, follow_up=record, **{field: theirs}),
        "note": lambda: to_do.correct_interaction(by=first, interaction=record, **{field: theirs}),
    }[kind]
    arguments = [employer.pk, record.pk] if kind in ("contact", "note") else [record.pk]
    address = reverse(f"{kind}_correct", args=arguments)
    client.force_login(make_coordinator())
    sent = as_the_browser_sends(page(client, address)) | {box: mine}
    act()

    told = client.post(address, sent)

    html = told.content.decode()
    assert told.status_code == 409, told.context["form"].errors
    assert "Somebody else has changed this" in html
    assert f"{first.name} corrected" in html and f"{label}: from" in html and f"<strong>{theirs}" in html
    assert mine in html
