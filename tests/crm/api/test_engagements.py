"""Engagements over the API: logged in one call, corrected by who read them last, moved by verbs, answered by schools."""

import pytest

from guilds.audit.models import Event
from guilds.engagement import actions
from guilds.engagement.models import Engagement
from tests.crm.api.caller import Caller, faults
from tests.factories import (
    DAY,
    make_district,
    make_employer,
    make_employer_member,
    make_engagement,
    make_guild,
    make_school,
    make_school_member,
    moment,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def body() -> dict:
    """An engagement as a program would send it."""
    make_guild(), make_guild("sciences"), make_district()
    school, employer = make_school(identifiers=[("urn", "118788")]), make_employer()
    return {
        "title": "Hospitality Conversation",
        "kind": "careers_event",
        "guild": "hospitality-tourism",
        "supporting_guilds": ["sciences"],
        "starts_at": "2017-03-14T10:00:00Z",
        "ends_at": "2017-03-14T15:00:00Z",
        "district": "E07000114",
        "status": "delivered",
        "reference": "HC-1",
        "attendances": [{"provider": {"scheme": "urn", "value": "118788"}, "year_group": "10", "learners": 40}],
        "participations": [
            {"employer": str(employer.pk), "role": "host", "volunteers": 3, "hours": 4.5, "job_offers": 2}
        ],
    } | {"_school": school, "_employer": employer}


def sent(body: dict, **changes) -> dict:
    return {name: value for name, value in (body | changes).items() if not name.startswith("_")}


def test_logged_in_one_call(coordinator, body):
    answer = coordinator.post("engagements/", sent(body))

    assert answer.status_code == 201, answer.content
    shown = answer.json()
    assert shown["url"] == answer["Location"]
    assert coordinator.get(shown["url"]).json() == shown
    assert coordinator.get(shown["url"])["ETag"] == answer["ETag"]
    assert (shown["status"], shown["guild"], shown["supporting_guilds"]) == (
        "delivered",
        "hospitality-tourism",
        ["sciences"],
    )
    assert shown["starts_at"] == "2017-03-14T10:00:00Z"
    [attendance] = shown["attendances"]
    assert attendance["provider"] == str(body["_school"].pk)
    assert (attendance["learners"], attendance["send"], attendance["answer"]) == (40, None, "unanswered")
    assert shown["participations"] == [
        {"employer": str(body["_employer"].pk), "role": "host", "volunteers": 3, "hours": 4.5, "job_offers": 2}
    ]
    assert Event.objects.about(Engagement.objects.get()).count() == 1


def test_unknown_number_is_null_and_zero_is_zero(coordinator, body):
    rows = [{"provider": str(make_school().pk)}, {"provider": str(make_school().pk), "learners": 0}]
    shown = coordinator.post("engagements/", sent(body, attendances=rows)).json()
    assert [row["learners"] for row in shown["attendances"]] == [None, 0]


def test_everything_wrong_is_said_at_once(coordinator, body):
    wrong = sent(
        body,
        kind="party",
        guild="no-guild",
        starts_at="yesterday",
        attendances=[
            {"provider": {"scheme": "urn", "value": "000000"}, "learners": -1},
            {"provider": "not an id", "names": ["Sam"]},
        ],
        participations=[{"employer": str(body["_school"].pk), "hours": "many"}],
        colour="red",
    )
    wrong.pop("title")
    answer = coordinator.post("engagements/", wrong)

    assert answer.status_code == 400
    assert faults(answer) == {
        "title": "required",
        "kind": "invalid_choice",
        "guild": "does_not_exist",
        "starts_at": "invalid",
        "attendances.0.provider": "does_not_exist",
        "attendances.0.learners": "min_value",
        "attendances.1.provider": "invalid",
        "attendances.1.names": "unknown",
        "participations.0.hours": "invalid",
        "colour": "unknown",
    }
    assert not Engagement.objects.exists()


def test_rules_of_the_domain_come_under_the_row_they_are_about(coordinator, body):
    rows = [{"provider": str(body["_school"].pk), "learners": 5}, {"provider": str(body["_employer"].pk)}]
    answer = coordinator.post("engagements/", sent(body, attendances=rows))
    assert answer.status_code == 400
    assert faults(answer) == {"attendances.1.provider": "not_provider"}


def test_a_reference_is_one_engagements(coordinator, body):
    assert coordinator.post("engagements/", sent(body)).status_code == 201
    assert "reference" in faults(coordinator.post("engagements/", sent(body)))
    assert Engagement.objects.count() == 1


@pytest.mark.parametrize("venue", ["organisation", "identifier", "address"])
def test_venue_is_an_organisation_or_an_address(coordinator, body, venue):
    school = body["_school"]
    given = {
        "organisation": str(school.pk),
        "identifier": {"scheme": "urn", "value": "118788"},
        "address": "The Winter Gardens, Margate",
    }[venue]
    shown = coordinator.post("engagements/", sent(body, venue=given)).json()
    assert shown["venue"] == ("The Winter Gardens, Margate" if venue == "address" else str(school.pk))
    assert coordinator.change(shown["url"], {"venue": shown["venue"]}).json()["venue"] == shown["venue"]


def test_a_time_without_offset_is_a_time_in_kent(coordinator, body):
    shown = coordinator.post("engagements/", sent(body, starts_at="2016-07-01T10:00:00", ends_at=None)).json()
    assert shown["starts_at"] == "2016-07-01T10:00:00+01:00"


def test_coordinators_log_for_their_guilds_and_for_none(coordinator, body):
    assert coordinator.post("engagements/", sent(body, guild=None)).status_code == 201
    assert coordinator.post("engagements/", sent(body, guild="sciences", reference="")).status_code == 403


def test_corrected_by_who_read_it_last(coordinator, body):
    first = coordinator.post("engagements/", sent(body))
    url = first.json()["url"]

    changed = coordinator.patch(url, {"title": "Another title"}, if_match=first["ETag"])
    assert changed.status_code == 200
    assert changed.json()["title"] == "Another title"
    assert changed["ETag"] != first["ETag"]
    assert coordinator.patch(url, {"title": "Late"}, if_match=first["ETag"]).status_code == 412
    assert coordinator.patch(url, {"title": "Blind"}).status_code == 428
    assert coordinator.patch(url, {"title": "Sure"}, if_match=changed["ETag"]).status_code == 200
    assert coordinator.patch(url, {"title": "Whatever it is"}, if_match="*").status_code == 200


def test_a_proxy_may_have_marked_the_tag_as_weak(coordinator):
    url = f"engagements/{make_engagement().pk}/"
    tag = coordinator.get(url)["ETag"]
    assert coordinator.get(url, if_none_match=f"W/{tag}").status_code == 304
    assert coordinator.patch(url, {"title": "Another"}, if_match=f"W/{tag}").status_code == 200


def test_answers_are_kept_by_nobody_else(coordinator):
    for path in ("engagements/", f"engagements/{make_engagement().pk}/", "contacts/", "impact/summary/"):
        assert coordinator.get(path)["Cache-Control"] == "private, no-cache"


def test_a_changed_row_is_another_version(coordinator, body):
    first = coordinator.post("engagements/", sent(body))
    rows = [{"provider": str(body["_school"].pk), "year_group": "10", "learners": 41}]
    assert coordinator.change(first.json()["url"], {"attendances": rows})["ETag"] != first["ETag"]


def test_what_was_read_may_come_back_with_the_change(coordinator, body):
    shown = coordinator.post("engagements/", sent(body)).json()
    answer = coordinator.change(shown["url"], shown | {"title": "Only this"})
    assert answer.status_code == 200, answer.content
    assert answer.json()["title"] == "Only this"
    assert answer.json()["attendances"] == shown["attendances"]


def test_status_moves_by_verbs_only(coordinator, body):
    shown = coordinator.post("engagements/", sent(body, status="planned")).json()
    answer = coordinator.change(shown["url"], {"status": "delivered"})
    assert faults(answer) == {"status": "read_only"}
    assert coordinator.get(shown["url"]).json()["status"] == "planned"


def test_304_for_who_has_it_already(coordinator):
    url = f"engagements/{make_engagement().pk}/"
    tag = coordinator.get(url)["ETag"]
    again = coordinator.get(url, if_none_match=tag)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert coordinator.get(url, if_none_match='"another"').status_code == 200


def test_verbs_move_the_lifecycle_and_a_second_time_is_a_conflict(coordinator):
    url = f"engagements/{make_engagement().pk}/"
    rows = [{"provider": str(make_school().pk), "learners": 30}]

    assert coordinator.post(f"{url}confirm/").json()["status"] == "confirmed"
    delivered = coordinator.post(f"{url}deliver/", {"attendances": rows})
    assert (delivered.status_code, delivered.json()["status"]) == (200, "delivered")
    assert delivered.json()["attendances"][0]["learners"] == 30
    again = coordinator.post(f"{url}deliver/")
    assert (again.status_code, faults(again)) == (409, {"status": "lifecycle"})
    assert "delivered" in again.json()["detail"]


@pytest.mark.parametrize("verb", ["cancel", "postpone"])
def test_endings_need_a_reason(coordinator, verb):
    url = f"engagements/{make_engagement().pk}/"
    assert faults(coordinator.post(f"{url}{verb}/")) == {"reason": "required"}
    ended = coordinator.post(f"{url}{verb}/", {"reason": "Snow"}).json()
    assert (ended["status"], ended["status_reason"]) == (
        f"{verb.removesuffix('e')}ed".replace("cancel", "cancell"),
        "Snow",
    )


def test_a_verb_may_be_tied_to_what_was_read(coordinator):
    url = f"engagements/{make_engagement().pk}/"
    tag = coordinator.get(url)["ETag"]
    coordinator.patch(url, {"title": "Changed meanwhile"}, if_match=tag)
    assert coordinator.post(f"{url}confirm/", if_match=tag).status_code == 412


def test_schools_answer_for_themselves(coordinator):
    member = make_school_member()
    theirs = make_school_member()
    engagement = make_engagement(
        status="delivered",
        attendances=[{"provider": member.organisation, "learners": 40}, {"provider": theirs.organisation}],
    )
    url, school, other = f"engagements/{engagement.pk}/", Caller(member), Caller(theirs)
    [row] = school.get(url).json()["attendances"]

    answer = {"attendance": row["id"], "answer": "disputed", "learners": 38, "note": "Two were ill"}
    assert other.post(f"{url}answer/", answer).status_code == 404
    assert coordinator.post(f"{url}answer/", answer).status_code == 403
    assert faults(school.post(f"{url}answer/", answer | {"learners": None})) == {"learners": "required"}
    assert school.post(f"{url}answer/", answer).status_code == 200
    [row] = school.get(url).json()["attendances"]
    assert (row["learners"], row["answer"], row["answered_learners"]) == (40, "disputed", 38)


def test_answers_before_the_day_are_a_conflict():
    member = make_school_member()
    engagement = make_engagement(attendances=[{"provider": member.organisation, "learners": 4}])
    school = Caller(member)
    row = school.get(f"engagements/{engagement.pk}/").json()["attendances"][0]
    answer = school.post(f"engagements/{engagement.pk}/answer/", {"attendance": row["id"], "answer": "confirmed"})
    assert answer.status_code == 409


def test_members_see_their_own_numbers_in_what_they_take_part_in():
    school, employer = make_school_member(), make_employer_member()
    engagement = make_engagement(
        notes="Coordinators' own",
        attendances=[{"provider": school.organisation, "learners": 4}, {"provider": make_school(), "learners": 5}],
        participations=[{"employer": employer.organisation}, {"employer": make_employer()}],
    )
    make_engagement(attendances=[{"provider": make_school()}], participations=[{"employer": make_employer()}])

    seen = Caller(school).get("engagements/").json()["results"]
    assert [row["id"] for row in seen] == [str(engagement.pk)]
    assert [row["provider"] for row in seen[0]["attendances"]] == [str(school.organisation_id)]
    assert (seen[0]["participations"], seen[0]["notes"]) == ([], None)
    [seen] = Caller(employer).get("engagements/").json()["results"]
    assert [row["employer"] for row in seen["participations"]] == [str(employer.organisation_id)]
    assert (seen["attendances"], seen["notes"]) == ([], None)


def test_the_commission_sees_what_was_delivered_without_anything_personal(commission):
    member = make_school_member()
    rows = [{"provider": member.organisation, "learners": 40, "send": 3}]
    delivered = make_engagement(status="delivered", notes="Ask for Pat", attendances=rows)
    actions.answer(
        by=member, attendance=delivered.attendances.get(), answer="disputed", learners=39, note="Pat was ill"
    )
    make_engagement()

    [seen] = commission.get("engagements/").json()["results"]
    assert seen["id"] == str(delivered.pk)
    assert "Pat" not in str(seen)
    row = seen["attendances"][0]
    assert (row["learners"], row["answered_learners"], row["send"], row["answer_note"]) == (40, 39, None, None)


def test_filters(coordinator):
    thanet, school, employer = make_district(), make_school(), make_employer()
    fair = make_engagement(
        title="Fair", reference="F-1", district=thanet, status="delivered", attendances=[{"provider": school}]
    )
    talk = make_engagement(
        title="Talk",
        kind="assembly",
        guild=None,
        starts_at=moment(DAY.replace(month=5)),
        participations=[{"employer": employer}],
    )
    urn = school.identifiers.get().value
    for query, found in [
        ({"guild": "hospitality-tourism"}, [fair]),
        ({"guild": "county-wide"}, [talk]),
        ({"kind": "assembly"}, [talk]),
        ({"status": "delivered"}, [fair]),
        ({"district": "E07000114"}, [fair]),
        ({"district": "unknown"}, [talk]),
        ({"from": "2017-04-01"}, [talk]),
        ({"to": "2017-03-14"}, [fair]),
        ({"from": "2017-03-14", "to": "2017-03-14"}, [fair]),
        ({"provider": str(school.pk)}, [fair]),
        ({"provider": f"urn:{urn}"}, [fair]),
        ({"provider": "urn:999999"}, []),
        ({"employer": str(employer.pk)}, [talk]),
        ({"missing_numbers": "true"}, [fair]),
        ({"missing_numbers": "false"}, [talk]),
        ({"reference": "F-1"}, [fair]),
        ({"q": "tal"}, [talk]),
        ({"q": "f-1"}, [fair]),
        ({"guild": "hospitality-tourism", "kind": "assembly"}, []),
    ]:
        rows = coordinator.get("engagements/", query).json()["results"]
        assert [row["id"] for row in rows] == [str(one.pk) for one in found], query


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("guild", "no-guild"),
        ("kind", "party"),
        ("status", "done"),
        ("district", "Thanet"),
        ("from", "soon"),
        ("to", "2017-02-30"),
        ("provider", "St Anselm's"),
        ("missing_numbers", "maybe"),
        ("q", "\0"),
        ("page_size", "0"),
        ("page_size", "501"),
        ("page_size", "9" * 40),
        ("ordering", "notes"),
        ("count", "yes"),
        ("cursor", "abc"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_under_its_name(coordinator, name, value):
    answer = coordinator.get("engagements/", {name: value})
    assert answer.status_code == 400
    assert list(faults(answer)) == [name]


def test_unknown_and_repeated_parameters_are_refused_by_name(coordinator):
    assert faults(coordinator.get("engagements/", {"colour": "red", "size": "5"})) == {
        "colour": "unknown",
        "size": "unknown",
    }
    assert faults(coordinator.get("engagements/?status=planned&status=delivered")) == {"status": "repeated"}
    assert faults(coordinator.get(f"engagements/{make_engagement().pk}/?q=x")) == {"q": "unknown"}
    assert faults(coordinator.post("engagements/?guild=sciences")) == {"guild": "unknown"}
