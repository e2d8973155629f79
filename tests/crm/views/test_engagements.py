"""Engagements' pages: who sees and does what, and that nothing typed is lost and nothing is saved twice."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from guilds.engagement import actions
from guilds.engagement.models import Attendance, Engagement
from tests.crm.views.sent import filled, words
from tests.factories import (
    make_administrator,
    make_commission_member,
    make_coordinator,
    make_employer,
    make_employer_member,
    make_engagement,
    make_guild,
    make_school,
    make_school_member,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    user = make_coordinator("hospitality-tourism")
    client.force_login(user)
    return user


def test_log_a_delivered_engagement_with_an_unknown_headcount(client, coordinator):
    first, second, hotel = make_school("Hill School"), make_school("Vale School"), make_employer("Bay Hotel Ltd")
    answer = client.post(
        "/engagements/new/",
        filled(
            schools=[
                {"provider_text": "Hill School", "provider": str(first.pk), "learners": "120", "year_group": "9"},
                {"provider_text": second.identifiers.get().value, "not_known": "on", "staff": "0"},
            ],
            employers=[{"employer_text": "bay hotel", "role": "host", "volunteers": "3", "hours": "7.5"}],
        ),
    )

    engagement = Engagement.objects.get()
    assert answer.url == f"/engagements/{engagement.pk}/"
    assert (engagement.status, engagement.guild_id, engagement.starts_on) == (
        "delivered",
        "hospitality-tourism",
        date(2017, 3, 14),
    )
    assert engagement.lead_coordinator == coordinator
    rows = engagement.attendances.order_by("id").values_list("provider", "year_group", "learners", "staff")
    assert list(rows) == [(first.pk, "9", 120, None), (second.pk, "", None, 0)]
    assert engagement.participations.get().employer == hotel
    page = words(client.get(answer.url))
    assert "is saved as delivered. 1 of its numbers of learners is not known yet." in page
    assert "1 number of learners is not known yet." in page


def test_the_same_form_sent_twice_makes_one_engagement(client, coordinator):
    first = client.post("/engagements/new/", filled())
    second = client.post("/engagements/new/", filled())

    assert first.url == second.url
    assert Engagement.objects.count() == 1


def test_a_form_that_was_saved_and_then_changed_asks_before_it_makes_another(client, coordinator):
    client.post("/engagements/new/", filled())
    again = client.post("/engagements/new/", filled(title="Another"))

    assert Engagement.objects.count() == 1
    assert "You have saved this form already" in words(again)
    assert 'value="Another"' in again.content.decode()
    token = re.search(r'name="form_token" value="(\w+)"', again.content.decode())[1]
    client.post("/engagements/new/", filled(title="Another", form_token=token))
    assert Engagement.objects.count() == 2


def test_a_form_that_was_refused_keeps_its_token_and_its_words(client, coordinator):
    refused = client.post("/engagements/new/", filled(title="", notes="Ask the head"))

    assert Engagement.objects.count() == 0
    assert "Enter title" in words(refused)
    assert "Ask the head" in refused.content.decode()
    assert f'name="form_token" value="{"a" * 32}"' in refused.content.decode()


def test_status_follows_from_the_date_when_nobody_chose(client, coordinator):
    tomorrow = timezone.localdate() + timedelta(days=1)
    coming = {"date_day": tomorrow.day, "date_month": tomorrow.month, "date_year": tomorrow.year}
    client.post("/engagements/new/", filled(status="", title="Past"))
    client.post("/engagements/new/", filled(status="", title="Coming", form_token="b", **coming))

    assert dict(Engagement.objects.values_list("title", "status")) == {"Past": "delivered", "Coming": "planned"}


def test_what_lies_in_the_future_is_not_delivered(client, coordinator):
    refused = client.post("/engagements/new/", filled(date_year="2097"))

    assert "It lies in the future" in words(refused)
    assert not Engagement.objects.exists()


def test_times_are_times_in_kent(client, coordinator):
    client.post("/engagements/new/", filled(date_month="7", start_time="09:30", end_time="12:00"))

    engagement = Engagement.objects.get()
    assert engagement.starts_at.isoformat() == "2017-07-14T08:30:00+00:00"
    assert "14 July 2017, 09:30 to 12:00" in words(client.get(f"/engagements/{engagement.pk}/"))


def test_end_before_start_is_said_beside_the_end(client, coordinator):
    refused = client.post("/engagements/new/", filled(start_time="09:30", end_time="09:00"))

    assert 'href="#id_end_time"' in refused.content.decode()


def test_unknown_organisation_is_refused_with_candidates(client, coordinator):
    make_school("Hill School Dover")
    refused = client.post("/engagements/new/", filled(schools=[{"provider_text": "Hill School", "learners": "12"}]))

    page = words(refused)
    assert "There is no school or college called “Hill School”" in page
    assert "Perhaps: Hill School Dover (URN" in page
    assert 'value="12"' in refused.content.decode()


def test_name_of_two_schools_is_refused_and_a_number_decides(client, coordinator):
    first, second = make_school("St Mary's School"), make_school("St Mary's School")
    refused = client.post("/engagements/new/", filled(schools=[{"provider_text": "st marys school"}]))
    number = second.identifiers.get().value
    client.post("/engagements/new/", filled(schools=[{"provider_text": number, "learners": "1"}]))

    assert "fits 2. Enter the number of the one that you mean" in words(refused)
    assert [row.provider for row in Attendance.objects.select_related("provider")] == [second]
    assert first != second


def test_id_left_over_from_another_name_is_not_believed(client, coordinator):
    hill, vale = make_school("Hill School"), make_school("Vale School")
    client.post(
        "/engagements/new/",
        filled(schools=[{"provider_text": "Vale School", "provider": str(hill.pk), "learners": "1"}]),
    )

    assert Attendance.objects.get().provider == vale


def test_an_employer_is_no_school(client, coordinator):
    hotel = make_employer("Bay Hotel")
    refused = client.post(
        "/engagements/new/", filled(schools=[{"provider_text": "Bay Hotel", "provider": str(hotel.pk)}])
    )

    assert "There is no school or college" in words(refused)


def test_refusals_of_rows_stand_on_the_row(client, coordinator):
    make_school("Hill School"), make_school("Vale School")
    refused = client.post(
        "/engagements/new/",
        filled(
            schools=[
                {"provider_text": "Vale School", "not_known": "on"},
                {},
                {"provider_text": "Hill School", "learners": "10", "send": "11"},
            ]
        ),
    )

    html = refused.content.decode()
    assert "Row 3: More learners with SEND than learners" in words(refused)
    assert 'href="#id_attendances-2-learners"' in html or 'href="#id_attendances-2-send"' in html
    assert not Engagement.objects.exists()


def test_school_that_stands_twice_is_refused_on_its_second_row(client, coordinator):
    make_school("Hill School")
    refused = client.post("/engagements/new/", filled(schools=[{"provider_text": "Hill School", "learners": "1"}] * 2))

    assert 'href="#id_attendances-1-provider"' in refused.content.decode()


def test_numbers_without_a_school_are_refused(client, coordinator):
    refused = client.post("/engagements/new/", filled(schools=[{"learners": "10"}]))

    assert "Row 1: Enter school or college" in words(refused)


def test_learners_at_an_event_for_staff_are_refused_beside_the_number(client, coordinator):
    make_school("Hill School")
    refused = client.post(
        "/engagements/new/", filled(kind="staff_training", schools=[{"provider_text": "Hill School", "learners": "5"}])
    )

    assert 'href="#id_attendances-0-learners"' in refused.content.decode()


def test_row_is_added_by_the_server_without_judging_or_losing_anything(client, coordinator):
    page = client.post(
        "/engagements/new/",
        filled(title="", schools=[{"provider_text": "Hill Sch", "learners": "many"}], add_row="attendances"),
    )

    html = page.content.decode()
    assert "There is a problem" not in html
    assert 'value="Hill Sch"' in html and 'value="many"' in html
    assert 'name="attendances-1-provider_text"' in html and "autofocus" in html
    assert 'name="attendances-TOTAL_FORMS" value="2"' in html


def test_removed_row_is_neither_judged_nor_saved_nor_shown_again(client, coordinator):
    school = make_school("Hill School")
    rows = [{"provider_text": "Nowhere", "DELETE": "on"}, {"provider_text": "Hill School", "learners": "9"}]
    refused = client.post("/engagements/new/", filled(title="", schools=rows))
    client.post("/engagements/new/", filled(schools=rows))

    assert "Nowhere" not in refused.content.decode()
    assert [row.provider for row in Attendance.objects.all()] == [school]


def test_coordinator_logs_for_own_guilds_and_county_wide_only(client, coordinator):
    make_guild("sciences")
    page = client.get("/engagements/new/").content.decode()
    refused = client.post("/engagements/new/", filled(guild="sciences"))
    client.post("/engagements/new/", filled(guild="county-wide"))

    assert 'value="sciences"' not in page.partition('name="supporting_guilds"')[0]
    assert refused.status_code == 422
    assert Engagement.objects.get().guild is None


@pytest.mark.parametrize("make", [make_employer_member, make_school_member, make_commission_member])
def test_others_can_not_log(client, make):
    client.force_login(make())

    assert client.get("/engagements/new/").status_code == 403
    assert client.post("/engagements/new/", filled()).status_code == 403
    assert "Log an engagement" not in client.get("/engagements/").content.decode()
    assert not Engagement.objects.exists()


@pytest.mark.parametrize("address", ["/engagements/", "/engagements/new/", "/organisations/pick/?q=hill"])
def test_nobody_is_asked_to_sign_in(client, address):
    assert client.get(address).url.startswith("/sign-in/?next=/")


def page_of(engagement, verb="") -> str:
    return (
        reverse("engagement_verb", kwargs={"pk": engagement.pk, "verb": verb})
        if verb
        else reverse("engagement_detail", args=[engagement.pk])
    )


def test_members_see_their_own_and_nothing_of_others(client):
    mine, other = make_school("Hill School"), make_school("Vale School")
    shared = make_engagement(
        title="Shared",
        status="delivered",
        attendances=[{"provider": mine, "learners": 3}, {"provider": other, "learners": 7777}],
    )
    hidden = make_engagement(title="Hidden", attendances=[{"provider": other}])
    client.force_login(make_school_member(mine))

    listed = client.get("/engagements/").content.decode()
    page = client.get(page_of(shared))
    assert "Shared" in listed and "Hidden" not in listed
    assert "Vale School" not in page.content.decode() and "7777" not in words(page)
    assert client.get(page_of(hidden)).status_code == 404
    assert client.post(page_of(hidden, "cancel"), {"reason": "x"}).status_code == 404
    assert client.post(page_of(shared, "cancel"), {"reason": "x"}).status_code == 403


def test_employer_member_sees_own_part_without_the_schools(client):
    hotel, school = make_employer("Bay Hotel"), make_school("Hill School")
    engagement = make_engagement(
        notes="Between us",
        attendances=[{"provider": school, "learners": 3}],
        participations=[{"employer": hotel}, {"employer": make_employer("Other Works")}],
    )
    actions.correct(
        by=None, engagement=engagement, attendances=[{"provider": school, "learners": 4444}], notes="Still so"
    )
    client.force_login(make_employer_member(hotel))
    page = words(client.get(page_of(engagement)))

    assert "Bay Hotel" in page
    for secret in ("Hill School", "Other Works", "Between us", "Still so", "4444"):
        assert secret not in page


def test_commission_sees_what_was_delivered_and_no_names(client, coordinator):
    planned = make_engagement(title="Planned one")
    done = make_engagement(title="Done one", by=coordinator, status="delivered", lead_coordinator=coordinator)
    client.force_login(make_commission_member())

    assert client.get(page_of(planned)).status_code == 404
    page = client.get(page_of(done))
    assert "Done one" in words(page) and coordinator.name not in page.content.decode()


def test_list_is_filtered_sorted_and_says_what_is_missing(client, coordinator):
    make_engagement(title="Fair", status="delivered", attendances=[{"provider": make_school(), "learners": None}])
    make_engagement(title="Visit", kind="industry_visit", guild=None)
    page = words(client.get("/engagements/"))

    assert "Numbers missing" in page and "County-wide" in page
    titles = {
        "kind=industry_visit": "Visit",
        "needs=numbers": "Fair",
        "missing_numbers=true": "Fair",
        "q=fai": "Fair",
        "status=delivered": "Fair",
        "whose=mine": "Fair",
        "guild=county-wide": "Visit",
        "needs=closing": "Visit",
        "needs=answer": "Fair",
    }
    for query, title in titles.items():
        shown = client.get(f"/engagements/?{query}").content.decode()
        assert re.findall(r">(Fair|Visit)</a>", shown) == [title], query


def test_filter_that_makes_no_sense_is_told(client, coordinator):
    make_engagement(title="Fair")
    page = client.get("/engagements/?kind=nonsense")

    assert page.status_code == 200
    assert "There is a problem" in words(page) and ">Fair<" not in page.content.decode()


def test_list_costs_the_same_however_long_it_is(client, coordinator, django_assert_num_queries):
    schools = [make_school() for _ in range(3)]
    make_engagement(attendances=[{"provider": school} for school in schools])
    client.get("/engagements/")
    with django_assert_num_queries(6):
        client.get("/engagements/")
    for _ in range(30):
        make_engagement(attendances=[{"provider": school} for school in schools], guild=make_guild("sciences"))
    with django_assert_num_queries(6):
        page = client.get("/engagements/")
    second = client.get(
        re.search(r'href="(\?cursor=[^"]+)" rel="next"', page.content.decode())[1].join(["/engagements/", ""])
    )

    assert page.content.decode().count('scope="row"') == 25
    assert second.content.decode().count('scope="row"') == 6


def test_confirm_cancel_and_postpone(client, coordinator):
    first, second = make_engagement(title="One"), make_engagement(title="Two")
    client.post(page_of(first, "confirm"))
    empty = client.post(page_of(second, "cancel"), {"reason": " "})
    client.post(page_of(second, "cancel"), {"reason": "The hall is flooded"})

    first.refresh_from_db(), second.refresh_from_db()
    assert "Say why" in words(empty)
    assert (first.status, second.status, second.status_reason) == ("confirmed", "cancelled", "The hall is flooded")
    page = words(client.get(page_of(second)))
    assert "cancelled it" in page and "Reason: The hall is flooded" in page


def test_too_late_is_a_conflict_that_says_why(client, coordinator):
    engagement = make_engagement(status="delivered")

    for answer in (
        client.post(page_of(engagement, "cancel"), {"reason": "x"}),
        client.get(page_of(engagement, "cancel")),
        client.post(page_of(engagement, "confirm")),
        client.post(page_of(engagement, "deliver")),
    ):
        assert answer.status_code == 409
        assert "This engagement is delivered" in words(answer)
    assert "See it as it is now" in words(answer)


def test_closing_asks_only_for_what_is_missing(client, coordinator):
    known, unknown = make_school("Hill School"), make_school("Vale School")
    engagement = make_engagement(attendances=[{"provider": known, "learners": 30, "fsm": 4}, {"provider": unknown}])
    row = engagement.attendances.get(provider=unknown)
    form = words(client.get(page_of(engagement, "deliver")))
    client.post(page_of(engagement, "deliver"), {f"learners-{row.pk}": "25"})

    engagement.refresh_from_db()
    assert "Learners from Vale School" in form and "Learners from Hill School" not in form
    assert engagement.status == "delivered"
    assert list(engagement.attendances.order_by("id").values_list("learners", "fsm")) == [(30, 4), (25, None)]


def test_closing_without_the_numbers_leaves_them_missing_and_they_can_be_added(client, coordinator):
    engagement = make_engagement(attendances=[{"provider": make_school()}])
    row = engagement.attendances.get()
    asked = client.post(page_of(engagement, "deliver"), {f"learners-{row.pk}": ""})
    both = client.post(page_of(engagement, "deliver"), {f"learners-{row.pk}": "3", f"not_known-{row.pk}": "on"})
    assert (asked.status_code, both.status_code) == (422, 422)
    assert "Enter how many learners came from Hill School" in words(asked)
    client.post(page_of(engagement, "deliver"), {f"not_known-{row.pk}": "on"})
    assert engagement.attendances.get().learners is None
    assert "Add the missing numbers" in words(client.get(page_of(engagement)))
    client.post(page_of(engagement, "numbers"), {f"learners-{row.pk}": "0"})

    assert engagement.attendances.get().learners == 0
    assert "Add the missing numbers" not in words(client.get(page_of(engagement)))


def test_correct_keeps_before_and_after_and_loses_no_number(client, coordinator):
    school = make_school("Hill School")
    engagement = make_engagement(
        title="Fair", attendances=[{"provider": school, "year_group": "9-10", "learners": 30, "send": 3}]
    )
    form = client.get(page_of(engagement, "correct")).content.decode()
    sent = filled(
        schools=[{"provider_text": "Hill School", "year_group": "9-10", "learners": "31", "send": "3"}],
        title="Careers fair",
        version=engagement.version,
    )
    client.post(page_of(engagement, "correct"), sent)

    assert 'value="9-10" selected' in form and 'value="30"' in form
    row = engagement.attendances.get()
    assert (row.year_group, row.learners, row.send) == ("9-10", 31, 3)
    page = words(client.get(page_of(engagement)))
    assert "Title: from Fair to Careers fair" in page
    assert "Hill School (9-10), learners: from 30 to 31" in page


def test_second_editor_is_told_what_changed_and_keeps_what_was_typed(client, coordinator):
    engagement = make_engagement(title="Fair")
    version = engagement.version
    actions.correct(by=make_administrator(), engagement=engagement, title="Their title")
    told = client.post(page_of(engagement, "correct"), filled(title="My title", notes="My notes", version=version))

    engagement.refresh_from_db()
    html = told.content.decode()
    assert told.status_code == 409
    assert engagement.title == "Their title"
    assert "Title: from Fair to Their title" in words(told)
    assert 'value="My title"' in html and "My notes" in html
    client.post(page_of(engagement, "correct"), filled(title="My title", version=engagement.version))
    engagement.refresh_from_db()
    assert engagement.title == "My title"


def test_form_without_a_version_overwrites_nothing(client, coordinator):
    engagement = make_engagement(title="Fair")

    assert client.post(page_of(engagement, "correct"), filled(title="Mine")).status_code == 409


def test_other_guilds_engagements_are_read_but_not_changed(client, coordinator):
    engagement = make_engagement(guild=make_guild("sciences"))

    assert client.get(page_of(engagement)).status_code == 200
    assert "Postpone" not in words(client.get(page_of(engagement)))
    for verb in ("confirm", "deliver", "numbers", "cancel", "postpone", "correct"):
        assert client.post(page_of(engagement, verb), filled(reason="x", version=1)).status_code == 403, verb


@pytest.fixture
def claimed(client):
    school = make_school("Hill School")
    engagement = make_engagement(status="delivered", attendances=[{"provider": school, "learners": 30}])
    client.force_login(make_school_member(school))
    return engagement.attendances.get()


def test_school_confirms_with_one_press(client, claimed):
    answer = client.post(
        page_of(claimed.engagement, "answer"),
        {"attendance": claimed.pk, "answer": "confirmed", "claimed": "30", "from": "home"},
    )

    claimed.refresh_from_db()
    assert answer.url == "/"
    assert (claimed.answer, claimed.answered_learners, claimed.learners) == ("confirmed", 30, 30)


def test_coordinator_is_told_where_nobody_can_confirm_and_invites_somebody(client, coordinator):
    empty, held = make_school("Empty School"), make_school("Held School")
    make_school_member(held)
    rows = [{"provider": one, "learners": 30} for one in (empty, held)]
    event = make_engagement(status="delivered", attendances=rows)
    client.force_login(coordinator)

    page = client.get(f"/engagements/{event.pk}/").content.decode()
    way = f"/people/invite/?organisation={empty.pk}"
    assert page.count("Nobody signs in there") == 1 and way in page
    assert "Empty School" in client.get(way).content.decode()
    make_engagement(title="Answered", status="delivered", attendances=rows[1:])
    listed = client.get("/engagements/?needs=nobody").content.decode()
    assert f"/engagements/{event.pk}/" in listed and "Answered" not in listed
    assert (
        "Nobody signs in there"
        not in client.get(f"/engagements/{make_engagement(attendances=rows).pk}/").content.decode()
    )


def test_school_gives_its_own_number_and_the_claim_stays(client, claimed):
    empty = client.post(page_of(claimed.engagement, "answer"), {"attendance": claimed.pk, "answer": "disputed"})
    client.post(
        page_of(claimed.engagement, "answer"),
        {"attendance": claimed.pk, "answer": "disputed", "learners": "28", "note": "Two were ill"},
    )

    claimed.refresh_from_db()
    assert "Enter your own number of learners" in words(empty)
    assert (claimed.answer, claimed.answered_learners, claimed.learners) == ("disputed", 28, 30)
    assert "Its number: 28" in words(client.get(page_of(claimed.engagement)))


def test_number_that_changed_in_the_meantime_is_not_confirmed_unseen(client, claimed):
    sent = {"attendance": claimed.pk, "answer": "confirmed", "claimed": "29"}
    answer = client.post(page_of(claimed.engagement, "answer"), sent)

    claimed.refresh_from_db()
    assert answer.status_code == 409
    assert claimed.answer == "unanswered"


def test_nobody_answers_for_another_school(client, claimed):
    other = make_engagement(status="delivered", attendances=[{"provider": make_school(), "learners": 5}])
    row = other.attendances.get()
    sent = {"attendance": row.pk, "answer": "confirmed"}

    assert client.post(page_of(claimed.engagement, "answer"), sent).status_code == 404
    assert client.post(page_of(other, "answer"), sent).status_code == 404
    client.force_login(make_coordinator())
    assert client.post(page_of(other, "answer"), sent).status_code == 403


@pytest.mark.parametrize("attendance", ["", "x", "9" * 30, "-1"])
def test_answer_to_nothing_is_not_found(client, claimed, attendance):
    sent = {"attendance": attendance, "answer": "confirmed"}

    assert client.post(page_of(claimed.engagement, "answer"), sent).status_code == 404
