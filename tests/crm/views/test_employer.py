"""An employer's home: what became of each promise, what is asked of it, and nothing of anybody else's."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from guilds.access import drafts
from guilds.pledges import actions, claim_actions
from tests import factories as make
from tests.crm.views.sent import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def hotel():
    return make.make_employer("Bay Hotel")


@pytest.fixture
def home(client, hotel):
    client.force_login(make.make_employer_member(hotel))
    return lambda: words(client.get("/"))


def test_each_promise_tells_with_whom_it_was_matched_and_when_it_was_kept(home, hotel):
    pledge, school = make.make_open_pledge(employer=hotel, quantity=9), make.make_school("Hill School")
    part = actions.allocate(by=None, pledge=pledge, provider=school, quantity=4)
    asked = actions.allocate(
        by=None, pledge=pledge, provider=make.make_school("Vale School"), quantity=2, status="requested"
    )
    kept = make.make_placement(employer=hotel, provider=school, learners=3, status="completed")
    actions.credit(by=None, pledge=pledge, placement=kept, allocation=part)
    claim_actions.claim(by=None, pledge=pledge, happened_on=date(2017, 4, 5), quantity=1)
    other = make.make_open_pledge(quantity=7777)
    actions.allocate(by=None, pledge=other, provider=make.make_school("Far School"), quantity=5)
    page = home()

    for told in (
        "9 work placements", "3 of 9 delivered, 1 agreed, 5 still to give",
        f"Hill School : 4 agreed on {timezone.localdate():%-d %B %Y}, 3 of them delivered",
        "3 delivered on 14 March 2017: work experience, Hill School", "You said: 1 on 5 April 2017.",
        "Hill School counts on 1 work placement,", "Vale School asks for 2 of your work placements",
    ):  # fmt: skip
        assert told.replace(" :", ":") in page.replace(" :", ":"), told
    assert "7777" not in page and "Far School" not in page
    actions.decline(by=None, allocation=asked, reason="Full")
    assert "Vale School" not in home()


def test_what_waits_is_named_and_can_be_gone_on_with(home, client, hotel):
    assert "Nothing at the moment" in home() and "You have made no pledge yet" in home()
    user = make.make_employer_member(hotel)
    client.force_login(user)
    today = timezone.localdate()
    lapsing = make.make_open_pledge(employer=hotel, valid_until=today + timedelta(days=9))
    make.make_pledge(employer=hotel, kind="workshop", quantity=2)
    drafts.keep(user=user, form="pledge_new", fields={"quantity": ["61"]}, at=timezone.now())
    make.make_contact(hotel, name="Kim Porter", role="Head chef")
    page = client.get("/").content.decode()

    assert reverse("pledge_verb", args=[lapsing.pk, "extend"]) in page
    assert "Your coordinator still checks with you" in words(client.get("/"))
    assert "Kim Porter" in page and reverse("organisation_correct", args=[hotel.pk]) in page
    assert 'value="61"' in client.get(reverse("pledge_new") + "?draft=go").content.decode()


def test_a_pledge_is_promised_again_with_its_days_a_year_on(client, hotel, time_machine):
    time_machine.move_to("2018-01-10 09:00:00+00:00")
    thanet = make.make_district()
    before = make.make_open_pledge(
        employer=hotel, quantity=6, starts_on=date(2017, 3, 6), ends_on=date(2017, 7, 7), valid_until=date(2017, 8, 31),
        districts=[thanet], conditions="From age 16", notes="Said on the telephone",
    )  # fmt: skip
    client.force_login(make.make_employer_member(hotel))
    address = f"{reverse('pledge_new')}?repeat={before.pk}"
    page = client.get(address)
    boxes = page.context["form"].initial
    assert (boxes["starts_on"], boxes["valid_until"]) == (date(2018, 3, 6), date(2018, 8, 31))
    assert "As in the pledge of 14 March 2017" in words(page) and "telephone" not in words(page)

    sent = {
        "form_token": "a" * 32,
        "kind": "placement",
        "quantity": "6",
        "conditions": "From age 16",
        "districts": thanet.code,
    }
    for name, day in (("made_on", "10 1 2018"), ("starts_on", "6 3 2018"), ("ends_on", "7 7 2018")):
        sent |= dict(zip((f"{name}_{part}" for part in ("day", "month", "year")), day.split(), strict=True))
    client.post(address, sent)
    made = hotel.pledges.exclude(pk=before.pk).get()
    assert (made.quantity, made.starts_on, made.status, made.made_through) == (
        6,
        date(2018, 3, 6),
        "unverified",
        "portal",
    )
    assert list(made.districts.all()) == [thanet]
    client.force_login(make.make_employer_member())
    assert client.get(address).context["form"].initial.get("quantity") is None


def test_the_form_on_a_phone_is_five_boxes(client, hotel):
    client.force_login(make.make_employer_member(hotel))
    form = client.get(reverse("pledge_new")).context["form"]
    assert [box.name for box in form.shown] == ["kind", "quantity", "starts_on", "ends_on", "conditions"]
    assert not form.open and {"guild", "made_on", "valid_until"} <= {box.name for box in form.folded}
    client.force_login(make.make_coordinator())
    assert "employer" in [box.name for box in client.get(reverse("pledge_new")).context["form"].shown]
