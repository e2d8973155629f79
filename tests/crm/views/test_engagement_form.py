"""The page for logging: like another one, on several dates, with what is not known said, and with what is missing added."""

import re
from uuid import uuid4

import pytest

from guilds.engagement.models import Attendance, Engagement
from guilds.organisations.models import Organisation
from tests.crm.views.sent import filled, management, words
from tests.factories import (
    make_coordinator,
    make_district,
    make_employer,
    make_engagement,
    make_guild,
    make_school,
    make_school_member,
)

pytestmark = pytest.mark.django_db

NEW = "/engagements/new/"


@pytest.fixture
def coordinator(client):
    make_district("outside", "Outside Kent and Medway")
    user = make_coordinator("hospitality-tourism")
    client.force_login(user)
    return user


def test_another_like_this_brings_all_but_dates_numbers_and_answers(client, coordinator):
    hill, hotel = make_school("Hill School"), make_employer("Bay Hotel")
    fair = make_engagement(
        title="Bay fair",
        status="delivered",
        venue=hotel,
        notes="Between us",
        supporting_guilds=[make_guild("sciences")],
        attendances=[{"provider": hill, "year_group": "9", "learners": 777, "staff": 5}],
        participations=[{"employer": hotel, "role": "host", "volunteers": 888}],
    )
    assert f"{NEW}?copy={fair.pk}" in client.get(f"/engagements/{fair.pk}/").content.decode()
    html = client.get(f"{NEW}?copy={fair.pk}").content.decode()

    for there in ('value="Bay fair"', 'value="Hill School"', 'value="Bay Hotel"', '"careers_event" selected'):
        assert there in html, there
    assert '"9" selected' in html and '"host" selected' in html and 'value="sciences" id' in html
    for gone in ('value="777"', 'value="888"', 'value="5" id="id_att', 'value="2017"', "Between us", "Choose a guild"):
        assert gone not in html, gone
    theirs = make_engagement(guild=make_guild("land-based"))
    assert (
        '"land-based"' not in client.get(f"{NEW}?copy={theirs.pk}").content.decode().partition("supporting_guilds")[0]
    )
    for nothing in (uuid4(), "nonsense"):
        assert client.get(f"{NEW}?copy={nothing}").status_code == 404
    client.force_login(make_school_member(hill))
    assert client.get(f"{NEW}?copy={fair.pk}").status_code == 403
    assert "Log another like this" not in words(client.get(f"/engagements/{fair.pk}/"))


def test_the_page_costs_the_same_however_many_rows_it_has(client, coordinator, django_assert_max_num_queries):
    for rows in (1, 20):
        came = [{"provider": make_school()} for _ in range(rows)]
        fair = make_engagement(attendances=came, participations=[{"employer": make_employer()} for _ in range(rows)])
        with django_assert_max_num_queries(14):
            client.get(f"{NEW}?copy={fair.pk}")
        with django_assert_max_num_queries(14):
            client.get(f"/engagements/{fair.pk}/correct/")


def other_dates(*days: str) -> dict:
    names = ("date_day", "date_month", "date_year")
    return management("also_on", [dict(zip(names, day.split(), strict=True)) for day in days])


def test_other_dates_make_a_series_once(client, coordinator):
    make_school("Hill School")
    sent = filled(schools=[{"provider_text": "Hill School", "learners": "30"}]) | other_dates("21 3 2017", "28 3 2017")
    first, again = client.post(NEW, sent), client.post(NEW, sent)

    assert first.url == again.url and Engagement.objects.count() == 3
    assert list(Attendance.objects.order_by("engagement__starts_at").values_list("learners", flat=True)) == [
        30,
        None,
        None,
    ]
    page = words(client.get(first.url))
    assert "and the same on 2 more dates" in page
    assert "Others of this series Tuesday 21 March 2017 Delivered Tuesday 28 March 2017 Delivered" in page
    planned = make_engagement(series=Engagement.objects.first().series)
    assert "The others of its series stay as they are" in words(client.get(f"/engagements/{planned.pk}/cancel/"))


def test_dates_are_added_without_scripts_and_refused_on_their_row(client, coordinator):
    more = client.post(NEW, filled(add_row="also_on") | other_dates("21 3 2017"))
    twice = client.post(NEW, filled() | other_dates("21 3 2017", "14 3 2017"))
    nonsense = client.post(NEW, filled() | other_dates("32 3 2017"))

    assert more.status_code == 200 and 'name="also_on-1-date_day"' in more.content.decode()
    assert '<details class="govuk-details" open>' in more.content.decode()
    assert "Row 2: It is on this date already" in words(twice)
    assert "Row 1: Enter a real date" in words(nonsense)
    assert (twice.status_code, nonsense.status_code, Engagement.objects.count()) == (422, 422, 0)


def test_number_is_given_or_said_to_be_unknown(client, coordinator):
    make_school("Hill School")

    def send(**more):
        row = {name: more.pop(name) for name in ("learners", "not_known") if name in more}
        return client.post(NEW, filled(schools=[{"provider_text": "Hill School"} | row], **more))

    neither, both = send(), send(learners="3", not_known="on")
    assert "Row 1: Enter how many learners came, or say that it is not known yet" in words(neither)
    assert "not both" in words(both) and 'href="#id_attendances-0-learners"' in both.content.decode()
    assert (neither.status_code, both.status_code) == (422, 422)
    unknown = send(not_known="on")
    assert Attendance.objects.get().learners is None
    assert re.search(r'not_known"[^>]* checked', client.get(f"{unknown.url}correct/").content.decode())
    assert send(status="planned", title="To come", form_token="b").status_code == 302
    assert send(kind="staff_training", title="For staff", form_token="c").status_code == 302


def test_title_is_offered_to_whoever_left_it_empty(client, coordinator):
    make_school("Hill School")
    sent = filled(schools=[{"provider_text": "Hill School", "learners": "3"}], kind="school_visit", title="")
    asked = client.post(NEW, sent)
    client.post(NEW, sent | {"use_title": "School visit, Hill School"})

    assert "Call it “School visit, Hill School” and save" in words(asked)
    assert Engagement.objects.get().title == "School visit, Hill School"


def add(client, *, script: bool = False, kind: str = "employer", **new):
    """Press a button beside the first picker of a kind."""
    prefix, name = ("participations", "employer") if kind == "employer" else ("attendances", "provider")
    box = f"{prefix}-0-{name}"
    sent = {f"{box}_new-{part}": value for part, value in new.items() if part != "button"}
    sent = filled(**{f"{box}_text": "Quay Works"}, **sent, **{f"{box}_new": ["shown", new.get("button", "add")]})
    return client.post(f"{NEW}?row={box}" if script else NEW, sent, headers={"HX-Request": "true"} if script else {})


@pytest.mark.parametrize("script", [False, True])
def test_missing_employer_is_added_beside_its_picker_and_nothing_is_lost(client, coordinator, script):
    asked = add(client, script=script, button="open")
    made = add(client, script=script, name="Quay Works Ltd", number="1234567", postcode="ME14 1XX")
    again = add(client, script=script, name="Quay Works Ltd", number="1234567", postcode="ME14 1XX", same="none")

    html, quay = made.content.decode(), Organisation.objects.get()
    assert 'name="participations-0-employer_new-name" value="Quay Works"' in asked.content.decode()
    assert (asked.status_code, made.status_code) == (200, 200) and "problem" not in html
    assert 'value="Quay Works Ltd"' in html and f'value="{quay.pk}"' in html
    assert quay.is_employer and list(quay.identifiers.values_list("value", flat=True)) == ["01234567"]
    assert script or 'value="Hospitality Conversation"' in html
    assert again.status_code == 200 and Organisation.objects.count() == 1  # the same facts once more: pressed twice


def test_look_alikes_are_shown_before_another_is_added(client, coordinator):
    quay = make_school("Quay Works School", postcode="CT9 1AA")
    asked = add(client, kind="provider", name="Quay Works", provider_kind="secondary")
    assert asked.status_code == 422 and Organisation.objects.count() == 1
    assert "Is it one of these?" in words(asked) and f"URN {quay.identifiers.get().value}, Secondary school" in words(
        asked
    )
    meant = add(client, kind="provider", name="Quay Works", provider_kind="secondary", same=str(quay.pk))
    assert 'value="Quay Works School"' in meant.content.decode() and Organisation.objects.count() == 1
    taken = add(client, kind="provider", name="Other", provider_kind="special", number=quay.identifiers.get().value)
    assert "Is it one of these?" in words(taken)
    add(client, kind="provider", name="Quay Works", provider_kind="special", same="none")
    assert Organisation.objects.filter(name="Quay Works", provider_kind="special").exists()


def test_what_was_described_and_not_added_is_not_forgotten(client, coordinator):
    box = "participations-0-employer"
    refused = client.post(NEW, filled(**{f"{box}_new": "shown", f"{box}_new-name": "Quay Works"}))
    nameless = add(client, name="")
    put_away = add(client, name="Quay Works", button="close")

    assert "Press “Add it” below for the employer that is missing" in words(refused)
    assert "Enter name" in words(nameless) and nameless.status_code == 422
    assert "Add it to Employer 1" not in words(put_away)
    assert not Organisation.objects.exists() and not Engagement.objects.exists()
    stray = client.post(f"{NEW}?row=nothing-0-x", filled(), headers={"HX-Request": "true"})
    assert stray.status_code == 404
