"""Pages of pledges: recorded once, changed by those who may, seen by those who may."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from guilds.audit.models import Event
from guilds.pledges import actions
from guilds.pledges.models import Allocation, Pledge
from tests import factories as make

pytestmark = pytest.mark.django_db
TOKEN = {"form_token": "a" * 32}


@pytest.fixture
def coordinator():
    return make.make_coordinator("hospitality-tourism")


@pytest.fixture
def employer():
    return make.make_employer("Harbour Hotel")


@pytest.fixture
def member(employer):
    return make.make_employer_member(employer)


def door(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user, name: str, *args, **parameters) -> str:
    response = door(user).get(reverse(name, args=args), parameters)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def promise(**more) -> dict:
    day = timezone.localdate()
    made = {"made_on_day": day.day, "made_on_month": day.month, "made_on_year": day.year}
    return {"kind": "placement", "quantity": "20", "guild": "", **made, **TOKEN} | more


def verb(pledge: Pledge, name: str) -> str:
    return reverse("pledge_verb", args=[pledge.pk, name])


# Recording


def test_employer_records_its_own_pledge(member, employer):
    make.make_membership(employer)
    response = door(member).post(reverse("pledge_new"), promise(guild="hospitality-tourism"))

    pledge = Pledge.objects.get()
    assert response.headers["Location"] == reverse("pledge_detail", args=[pledge.pk])
    assert (pledge.employer, pledge.status, pledge.made_through) == (employer, "unverified", "portal")
    assert (pledge.quantity, pledge.guild_id) == (20, "hospitality-tourism")


def test_employer_can_neither_choose_an_employer_nor_verify(member, employer):
    other = make.make_employer("Other Works")
    data = promise(employer=str(other.pk), employer_text=other.name, verified="on")
    door(member).post(reverse("pledge_new"), data)

    pledge = Pledge.objects.get()
    assert (pledge.employer, pledge.status) == (employer, "unverified")


def test_form_starts_with_today_and_the_employers_only_guild(member, employer):
    make.make_membership(employer)
    html = page(member, "pledge_new")
    today = timezone.localdate()

    assert f'name="made_on_day" value="{today.day}"' in html
    assert '<option value="hospitality-tourism" selected>' in html


def test_coordinator_records_a_pledge_already_verified(coordinator, employer):
    data = promise(employer_text="harbour hotel", guild="hospitality-tourism", verified="on")
    door(coordinator).post(reverse("pledge_new"), data)

    pledge = Pledge.objects.get()
    assert (pledge.employer, pledge.status, pledge.made_through) == (employer, "open", "coordinator")


def test_everything_that_can_be_said_is_kept(coordinator, employer):
    thanet, event = make.make_district(), make.make_engagement(starts_at=timezone.now() - timedelta(days=3))
    until = {"valid_until_day": "31", "valid_until_month": "8", "valid_until_year": "2040"}
    more = {"districts": [thanet.code], "engagement": str(event.pk), "suits_send": "on", "conditions": "From 16"}
    door(coordinator).post(reverse("pledge_new"), promise(employer_text="Harbour Hotel", **until, **more))

    pledge = Pledge.objects.get()
    assert (pledge.valid_until, pledge.engagement, pledge.suits_send) == (date(2040, 8, 31), event, True)
    assert (list(pledge.districts.all()), pledge.conditions) == ([thanet], "From 16")


def test_whom_to_ask_and_for_whom_it_is_are_kept_and_shown(member, employer, coordinator):
    sam = make.make_contact(employer, name="Sam Example", role="Chef")
    left_alone = make.make_contact(employer, name="Kim Example", do_not_contact=True)
    make.make_contact(name="Elsewhere Example")
    form = page(member, "pledge_new")
    assert "Sam Example, Chef" in form
    assert "Kim Example (asked not to be contacted)" in form
    assert "Elsewhere Example" not in form

    more = {"contact": str(sam.pk), "year_groups": ["10", "11"], "level": "2"}
    door(member).post(reverse("pledge_new"), promise(**more))
    pledge = Pledge.objects.get()
    assert (pledge.contact, pledge.year_groups, pledge.level) == (sam, ["10", "11"], 2)
    html = page(coordinator, "pledge_detail", pledge.pk)
    assert [words in html for words in ("Sam Example, Chef", "Year 10, Year 11")] == [True, True]
    refused = door(member).post(reverse("pledge_new"), promise(contact=str(left_alone.pk), form_token="b" * 32))
    assert "asked not to be contacted: choose somebody else" in refused.content.decode()


def test_people_are_offered_once_the_employer_is_known(coordinator, employer):
    sam = make.make_contact(employer, name="Sam Example")
    assert "Show its people" in page(coordinator, "pledge_new")
    assert "Sam Example" in page(coordinator, "pledge_new", employer=str(employer.pk))
    chosen = {"employer": str(employer.pk), "employer_text": employer.name, "contact": str(sam.pk)}
    door(coordinator).post(reverse("pledge_new"), promise(**chosen))
    assert Pledge.objects.get().contact == sam


def test_people_are_shown_before_saving_with_and_without_the_script(coordinator, employer):
    sam, other = make.make_contact(employer, name="Sam Example"), make.make_employer("Quay Works")
    client, named = door(coordinator), {"employer_text": "Harbour Hotel", "quantity": "many", "people": "1"}
    whole = client.post(reverse("pledge_new"), named).content.decode()
    assert "Sam Example" in whole and 'value="many"' in whole and "There is a problem" not in whole
    part = client.post(f"{reverse('pledge_new')}?part=people", {"employer": str(employer.pk), **named}).content.decode()
    assert "Sam Example" in part and "<h1" not in part
    unknown = client.post(reverse("pledge_new"), {"employer_text": "Nowhere", "people": "1"})
    assert unknown.status_code == 422 and "There is no employer" in unknown.content.decode()
    pledge = make.make_pledge(employer=employer, contact=sam)
    moved = {"employer": str(other.pk), "employer_text": "Quay Works", "people": "1"}
    nobody = client.post(reverse("pledge_correct", args=[pledge.pk]), moved).content.decode()
    assert "Nobody is known at this employer yet" in nobody and not Pledge.objects.exclude(pk=pledge.pk).exists()


def test_coordinator_has_only_its_own_guilds_to_choose(coordinator, employer):
    make.make_guild("sciences")
    response = door(coordinator).post(reverse("pledge_new"), promise(employer_text="Harbour Hotel", guild="sciences"))

    assert response.status_code == 422
    assert not Pledge.objects.exists()


def test_sent_twice_it_is_one_pledge(member):
    client = door(member)
    first, second = (client.post(reverse("pledge_new"), promise()) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert Pledge.objects.count() == 1


def test_another_form_makes_another_pledge(member):
    client = door(member)
    for token in ("a" * 32, "b" * 32):
        client.post(reverse("pledge_new"), promise(form_token=token))

    assert Pledge.objects.count() == 2


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"kind": ""}, "Choose what is promised"),
        ({"quantity": ""}, "Say how many"),
        ({"quantity": "some"}, "Write a whole number"),
        ({"quantity": "0"}, "greater than or equal to 1"),
        ({"made_on_day": "31", "made_on_month": "2"}, "Write a real date"),
        ({"made_on_year": "2200"}, "not made in the future"),
        ({"valid_until_day": "1", "valid_until_month": "1", "valid_until_year": "2001"}, "run out before"),
    ],
)
def test_mistakes_are_said_and_nothing_is_lost(member, more, words):
    response = door(member).post(reverse("pledge_new"), promise(conditions="From 16") | more)
    html = response.content.decode()

    assert response.status_code == 422
    assert words in html
    assert "There is a problem" in html
    assert "From 16" in html
    assert not Pledge.objects.exists()


def test_employer_that_nobody_knows_is_refused(coordinator):
    response = door(coordinator).post(reverse("pledge_new"), promise(employer_text="Nobody plc"))

    assert response.status_code == 422
    assert "There is no employer" in response.content.decode()


@pytest.mark.parametrize("someone", [make.make_school_member, make.make_commission_member])
def test_schools_and_commission_record_no_pledges(someone):
    client = door(someone())

    assert client.get(reverse("pledge_new")).status_code == 403
    assert client.post(reverse("pledge_new"), promise()).status_code == 403
    assert not Pledge.objects.exists()


# The list


def test_list_shows_what_was_promised_and_what_became_of_it(coordinator):
    pledge = make.make_open_pledge(quantity=10)
    actions.allocate(by=None, pledge=pledge, provider=make.make_school(), quantity=4)
    actions.credit(by=None, pledge=pledge, placement=make.make_placement(
        employer=pledge.employer, learners=3, status="completed"
    ))  # fmt: skip
    html = page(coordinator, "pledge_list")

    assert [html.count(f'numeric">{number}</td>') for number in (10, 4, 3)] == [1, 1, 2]
    asked_for = page(coordinator, "pledge_list", columns="promised")
    assert (html.count("list__spare"), asked_for.count("list__spare")) == (2, 0), "only what nobody asked for is spared"


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({}, {"Alpha", "Beta", "Gamma"}),
        ({"q": "alp"}, {"Alpha"}),
        ({"kind": "apprenticeship"}, {"Beta"}),
        ({"status": "unverified"}, {"Gamma"}),
        ({"status": "fulfilled"}, {"Beta"}),
        ({"status": "open"}, {"Alpha"}),
        ({"available": "true"}, {"Alpha"}),
        ({"guild": "sciences"}, {"Gamma"}),
        ({"district": "E07000114"}, {"Alpha"}),
        ({"from": "2017-01-01"}, {"Alpha", "Beta"}),
        ({"to": "2016-12-31"}, {"Gamma"}),
    ],
)
def test_list_is_narrowed(coordinator, parameters, found):
    make.make_open_pledge(employer=make.make_employer("Alpha"), districts=[make.make_district()])
    beta = make.make_employer("Beta")
    kept = make.make_open_pledge(employer=beta, kind="apprenticeship", quantity=1)
    taken = make.make_apprenticeship(employer=beta, status="started", starts_on=make.DAY)
    actions.credit(by=None, pledge=kept, apprenticeship=taken)
    make.make_pledge(employer=make.make_employer("Gamma"), made_on=date(2016, 10, 1), guild=make.make_guild("sciences"))
    html = page(coordinator, "pledge_list", **parameters)

    assert {name for name in ("Alpha", "Beta", "Gamma") if f">{name}</td>" in html} == found


def test_list_of_one_employer_says_so_and_can_be_left(coordinator, employer):
    make.make_pledge(employer=employer)
    make.make_pledge(employer=make.make_employer("Elsewhere"))
    html = page(coordinator, "pledge_list", employer=str(employer.pk), kind="placement")

    assert "Employer: <strong>Harbour Hotel</strong>" in html
    assert f'href="{reverse("pledge_list")}">Show all' in html
    assert "Elsewhere" not in html


def test_filter_that_is_nonsense_is_said(coordinator):
    make.make_pledge()

    html = page(coordinator, "pledge_list", **{"from": "soon"})
    assert "There is a problem" in html
    assert "Mend the filters" in html


def test_list_without_pledges_says_what_to_do(coordinator):
    assert "No pledges yet" in page(coordinator, "pledge_list")
    assert "Nothing fits these filters" in page(coordinator, "pledge_list", q="x")


def test_list_is_paged_and_sorted(coordinator):
    for number in range(1, 31):
        make.make_pledge(employer=make.make_employer(f"Works {number:02}"), quantity=number)
    html = page(coordinator, "pledge_list", ordering="-quantity")

    assert ("Works 30" in html, "Works 06" in html, "Works 05" in html) == (True, True, False)
    assert 'rel="next"' in html


def test_list_costs_the_same_for_many(coordinator, django_assert_max_num_queries):
    def cost() -> int:
        with django_assert_max_num_queries(20) as queries:
            client.get(reverse("pledge_list"))
        return len(queries)

    client = door(coordinator)
    make.make_pledge(districts=[make.make_district()])
    few = cost()
    for _ in range(15):
        make.make_pledge(districts=[make.make_district()])

    assert cost() == few


# Who sees what


def test_members_see_only_what_is_theirs_to_see(member, employer):
    mine = make.make_pledge(employer=employer)
    other = make.make_open_pledge()
    client = door(member)

    assert client.get(reverse("pledge_detail", args=[mine.pk])).status_code == 200
    assert client.get(reverse("pledge_detail", args=[other.pk])).status_code == 404
    assert other.employer.name not in page(member, "pledge_list")


def test_schools_see_what_is_offered_to_their_district():
    thanet, dover = make.make_district(), make.make_district("E07000108", "Dover")
    school = make.make_school_member(make.make_school(district=thanet))
    here = make.make_open_pledge(districts=[thanet], notes="Our secret")
    there, unverified = make.make_open_pledge(districts=[dover]), make.make_pledge()
    client = door(school)

    assert [
        client.get(reverse("pledge_detail", args=[pledge.pk])).status_code for pledge in (here, there, unverified)
    ] == [200, 404, 404]
    assert "Our secret" not in page(school, "pledge_detail", here.pk)


def test_commission_reads_verified_pledges_without_personal_details(employer):
    contact = make.make_contact(employer)
    words = {"notes": "Ask Sam", "conditions": "Ring Kim", "contact": contact}
    pledge = make.make_open_pledge(employer=employer, **words)
    commission = make.make_commission_member()
    html = page(commission, "pledge_detail", pledge.pk)

    assert "10 work placements" in html
    assert not [
        secret
        for secret in ("Ask Sam", "Ring Kim", contact.name, '<form method="post" action="/pledges')
        if secret in html
    ]
    assert door(commission).get(reverse("pledge_detail", args=[make.make_pledge().pk])).status_code == 404


def test_nobody_is_sent_to_sign_in(client):
    pledge = make.make_pledge()
    addresses = [
        reverse("pledge_list"),
        reverse("pledge_new"),
        reverse("pledge_detail", args=[pledge.pk]),
        verb(pledge, "verify"),
    ]

    for address in addresses:
        response = client.get(address)
        assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, "/sign-in/")


ROLES = ("administrator", "leads", "leads another", "own", "another employer", "school", "commission", "nobody")
MAY = {
    "verify": {"administrator": 302, "leads": 302, "leads another": 403, "own": 403, "another employer": 404,
               "school": 404, "commission": 404, "nobody": 302},
    "withdraw": {"administrator": 302, "leads": 302, "leads another": 403, "own": 302, "another employer": 404,
                 "school": 404, "commission": 404, "nobody": 302},
    "reject": {"administrator": 302, "leads": 302, "leads another": 403, "own": 403, "another employer": 404,
               "school": 404, "commission": 404, "nobody": 302},
}  # fmt: skip


def somebody(who: str, pledge: Pledge) -> Client:
    people = {
        "administrator": make.make_administrator,
        "leads": lambda: make.make_coordinator("hospitality-tourism"),
        "leads another": lambda: make.make_coordinator("sciences"),
        "own": lambda: make.make_employer_member(pledge.employer),
        "another employer": make.make_employer_member,
        "school": make.make_school_member,
        "commission": make.make_commission_member,
    }
    return door(people[who]()) if who in people else Client()


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("name", MAY)
def test_who_may_decide_on_an_unverified_pledge(name, who):
    pledge = make.make_pledge()
    response = somebody(who, pledge).post(verb(pledge, name), {"reason": "Because", **TOKEN})
    pledge.refresh_from_db()
    done = MAY[name][who] == 302 and who != "nobody"

    assert response.status_code == MAY[name][who]
    assert (pledge.status != "unverified") == done


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize(
    ("name", "data", "able"),
    [
        ("amend", {"quantity": "5", "version": "1", "reason": "Fewer rooms"}, {"administrator", "leads", "own"}),
        ("extend", {"valid_until_day": "1", "valid_until_month": "9", "valid_until_year": "2040", "reason": "Later"},
         {"administrator", "leads", "own"}),
        ("allocate", {"quantity": "2", "provider_text": "Firth School"}, {"administrator", "leads"}),
        ("ask", {"quantity": "2"}, {"school"}),
    ],
)  # fmt: skip
def test_who_may_work_with_an_open_pledge(name, data, able, who):
    make.make_school("Firth School")
    pledge = make.make_open_pledge()
    before = Event.objects.count()
    client = somebody(who, pledge)
    before = Event.objects.count()
    response = client.post(verb(pledge, name), data | TOKEN)

    assert (Event.objects.count() > before) == (who in able)
    assert response.status_code in ((302,) if who in (*able, "nobody") else (403, 404))


# Changing


def test_verifying_counts_from_now_on(coordinator):
    pledge = make.make_pledge()
    client = door(coordinator)

    assert verb(pledge, "verify") in client.get(reverse("pledge_detail", args=[pledge.pk])).content.decode()
    client.post(verb(pledge, "verify"), TOKEN)
    pledge.refresh_from_db()
    assert (pledge.status, pledge.verified_on) == ("open", timezone.localdate())
    assert verb(pledge, "verify") not in client.get(reverse("pledge_detail", args=[pledge.pk])).content.decode()


def test_verify_pressed_twice_is_no_error(coordinator):
    pledge, client = make.make_pledge(), door(coordinator)

    assert [client.post(verb(pledge, "verify"), TOKEN).status_code for _ in range(2)] == [302, 302]


def test_verify_that_comes_too_late_says_why(coordinator):
    pledge = make.make_open_pledge()
    response = door(coordinator).post(verb(pledge, "verify"), TOKEN)

    assert response.status_code == 409
    assert "This pledge is open" in response.content.decode()


@pytest.mark.parametrize("name", ["reject", "withdraw"])
def test_endings_need_a_reason(coordinator, name):
    pledge = make.make_pledge()
    response = door(coordinator).post(verb(pledge, name), TOKEN)
    pledge.refresh_from_db()

    assert response.status_code == 422
    assert "Say why" in response.content.decode()
    assert pledge.status == "unverified"


def test_amending_keeps_the_first_promise(member, employer):
    pledge = make.make_open_pledge(employer=employer, quantity=10)
    data = {"quantity": "6", "reason": "Fewer rooms", "version": str(pledge.version)}
    client = door(member)
    for _ in range(2):
        client.post(verb(pledge, "amend"), data | TOKEN)
    pledge.refresh_from_db()

    assert (pledge.quantity, pledge.current_quantity, pledge.amendments.count()) == (10, 6, 1)
    html = page(member, "pledge_detail", pledge.pk)
    assert "Fewer rooms" in html
    assert "promised now, 10 at first" in html


def test_amending_what_another_has_changed_is_refused(member, employer):
    pledge = make.make_open_pledge(employer=employer)
    actions.correct(by=None, pledge=pledge, conditions="From 16")
    response = door(member).post(verb(pledge, "amend"), {"quantity": "6", "reason": "x", "version": "1"} | TOKEN)
    pledge.refresh_from_db()

    assert (response.status_code, pledge.current_quantity) == (409, 10)


def test_lapsed_pledge_is_extended(member, employer):
    pledge = make.make_pledge(employer=employer, status="lapsed", valid_until=date(2017, 8, 31))
    until = {"valid_until_day": "31", "valid_until_month": "8", "valid_until_year": "2040"}
    door(member).post(verb(pledge, "extend"), until | {"reason": "Another year"} | TOKEN)
    pledge.refresh_from_db()

    assert (pledge.status, pledge.valid_until) == ("open", date(2040, 8, 31))


def test_a_pledge_is_not_extended_into_the_past(member, employer):
    pledge = make.make_open_pledge(employer=employer)
    until = {"valid_until_day": "31", "valid_until_month": "8", "valid_until_year": "2020"}
    response = door(member).post(verb(pledge, "extend"), until | {"reason": "x"} | TOKEN)

    assert (response.status_code, "Give today or a later day" in response.content.decode()) == (422, True)


def test_withdrawn_pledge_is_not_extended(member, employer):
    pledge = make.make_pledge(employer=employer, status="withdrawn", reason="Moved")
    until = {"valid_until_day": "31", "valid_until_month": "8", "valid_until_year": "2040"}

    assert door(member).post(verb(pledge, "extend"), until | {"reason": "x"} | TOKEN).status_code == 409
    assert door(member).get(verb(pledge, "extend")).status_code == 409


def test_more_than_remains_is_not_given(coordinator):
    pledge, school = make.make_open_pledge(quantity=3), make.make_school("Firth School")
    data = {"provider_text": "firth school", "quantity": "4"}
    client = door(coordinator)
    response = client.post(verb(pledge, "allocate"), data | TOKEN)

    assert response.status_code == 422
    assert "Only 3 remain" in response.content.decode()
    client.post(verb(pledge, "allocate"), data | {"quantity": "3"} | TOKEN)
    assert [(row.provider, row.quantity, row.status) for row in Allocation.objects.all()] == [(school, 3, "agreed")]


def test_school_asks_and_coordinator_answers(coordinator):
    school = make.make_school_member()
    asked, refused = make.make_open_pledge(), make.make_open_pledge()
    for number, pledge in enumerate((asked, refused)):
        door(school).post(verb(pledge, "ask"), {"quantity": "2", "note": "Year 10", "form_token": str(number) * 32})
    first, second = Allocation.objects.order_by("created_at")
    client = door(coordinator)
    assert "Year 10" in page(coordinator, "pledge_detail", asked.pk)

    client.post(reverse("pledge_allocation_verb", args=[asked.pk, first.pk, "agree"]), {"form_token": "c" * 32})
    no = {"reason": "Too late", "form_token": "d" * 32}
    client.post(reverse("pledge_allocation_verb", args=[refused.pk, second.pk, "decline"]), no)
    assert list(Allocation.objects.order_by("created_at").values_list("status", flat=True)) == ["agreed", "declined"]
    client.post(reverse("pledge_allocation_verb", args=[asked.pk, first.pk, "release"]), {"form_token": "e" * 32})
    first.refresh_from_db()
    assert first.status == "released"


def test_a_school_gives_its_own_places_back_and_nobody_elses():
    pledge, school = make.make_open_pledge(), make.make_school_member()
    own = actions.allocate(by=None, pledge=pledge, provider=school.organisation, quantity=2)
    theirs = actions.allocate(by=None, pledge=pledge, provider=make.make_school(), quantity=1)
    address = reverse("pledge_allocation_verb", args=[pledge.pk, own.pk, "release"])
    assert f'href="{address}"' in page(school, "pledge_detail", pledge.pk)
    for other in (
        make.make_school_member(),
        make.make_employer_member(pledge.employer),
        make.make_coordinator("sciences"),
    ):
        assert door(other).post(address, TOKEN).status_code in (403, 404)
    assert door(school).post(address.replace(str(own.pk), str(theirs.pk)), TOKEN).status_code == 404
    assert door(school).post(address.replace("release", "agree"), TOKEN).status_code == 403
    done = door(school).post(address, TOKEN, follow=True)
    own.refresh_from_db(), theirs.refresh_from_db()
    assert (done.status_code, own.status, theirs.status) == (200, "released", "agreed")


def test_only_its_guild_answers_requests():
    pledge = make.make_open_pledge()
    part = actions.allocate(by=None, pledge=pledge, provider=make.make_school(), quantity=1, status="requested")
    address = reverse("pledge_allocation_verb", args=[pledge.pk, part.pk, "agree"])

    assert door(make.make_coordinator("sciences")).post(address, TOKEN).status_code == 403
    assert door(make.make_employer_member(pledge.employer)).post(address, TOKEN).status_code == 403
    part.refresh_from_db()
    assert part.status == "requested"


def test_verb_that_does_not_exist_is_not_found(coordinator):
    assert door(coordinator).get(verb(make.make_pledge(), "burn")).status_code == 404


# Correcting


def correction(pledge: Pledge, **more) -> dict:
    day = pledge.made_on
    made = {"made_on_day": day.day, "made_on_month": day.month, "made_on_year": day.year}
    same = {"kind": pledge.kind, "quantity": pledge.quantity, "guild": pledge.guild_id or "", "version": pledge.version}
    return same | made | more


def test_employer_corrects_freely_before_verification(member, employer):
    pledge = make.make_pledge(employer=employer)
    response = door(member).post(
        reverse("pledge_correct", args=[pledge.pk]), correction(pledge, quantity="12", conditions="From 16")
    )
    pledge.refresh_from_db()

    assert response.status_code == 302
    assert (pledge.quantity, pledge.current_quantity, pledge.conditions) == (12, 12, "From 16")


def test_employer_corrects_nothing_after_verification(member, employer):
    pledge = make.make_open_pledge(employer=employer)

    assert door(member).get(reverse("pledge_correct", args=[pledge.pk])).status_code == 403
    assert reverse("pledge_correct", args=[pledge.pk]) not in page(member, "pledge_detail", pledge.pk)


def test_coordinator_corrects_all_but_the_promise_after_verification(coordinator):
    pledge = make.make_open_pledge(quantity=10)
    data = correction(pledge, quantity="99", conditions="From 16", employer_text=pledge.employer.name)
    door(coordinator).post(reverse("pledge_correct", args=[pledge.pk]), data)
    pledge.refresh_from_db()

    assert (pledge.quantity, pledge.conditions) == (10, "From 16")


def test_two_editors_are_told_of_each_other(member, employer):
    pledge = make.make_pledge(employer=employer)
    stale = correction(pledge, conditions="Mine")
    actions.correct(by=None, pledge=pledge, notes="Theirs")
    client, address = door(member), reverse("pledge_correct", args=[pledge.pk])
    response = client.post(address, stale)
    html = response.content.decode()

    assert response.status_code == 409
    assert "Somebody else has changed this" in html
    assert "Mine" in html
    pledge.refresh_from_db()
    assert pledge.conditions == ""
    assert client.post(address, stale | {"version": pledge.version}).status_code == 302


def test_page_of_one_pledge_costs_the_same_whatever_became_of_it(coordinator, django_assert_max_num_queries):
    pledge = make.make_open_pledge(quantity=50)

    def cost() -> int:
        with django_assert_max_num_queries(20) as queries:
            client.get(reverse("pledge_detail", args=[pledge.pk]))
        return len(queries)

    client = door(coordinator)
    actions.allocate(by=None, pledge=pledge, provider=make.make_school(), quantity=1)
    few = cost()
    for _ in range(5):
        actions.allocate(by=None, pledge=pledge, provider=make.make_school(), quantity=1)
        placement = make.make_placement(employer=pledge.employer, status="completed")
        actions.credit(by=None, pledge=pledge, placement=placement)

    assert cost() == few
