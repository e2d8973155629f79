"""A school's or college's home: reminders told, placements confirmed, what it asked for, its coverage; nobody else's."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.forms.engagements import moment
from guilds.engagement import claim_actions
from guilds.impact.periods import academic_year
from guilds.mailing.models import MailItem, SentMail
from guilds.pledges import actions
from tests import factories as make
from tests.crm.views.sent import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return make.make_school("Hill School", district=make.make_district())


@pytest.fixture
def home(client, school):
    client.force_login(make.make_school_member(school))
    return lambda: client.get("/")


def reminded(user, engagement, times: int) -> None:
    for _ in range(times):
        mail = SentMail.objects.create(user=user, kind="digest", status="sent")
        MailItem.objects.create(mail=mail, part="claims", subject_id=engagement.pk)


def test_how_often_it_was_reminded_and_when_asking_was_given_up(home, school):
    fields = {"status": "delivered", "attendances": [{"provider": school, "learners": 30}]}
    first, second, third = (make.make_engagement(title=title, **fields) for title in ("One", "Two", "Three"))
    member, colleague = make.make_school_member(school), make.make_school_member(school)
    reminded(member, first, 2)
    reminded(colleague, first, 1)
    reminded(make.make_school_member(), third, 3)
    claim_actions.give_up_asking(attendance=second.attendances.get(), on=make.DAY)
    page = words(home())

    assert page.count("Reminded 2 of 3 times.") == 1 and "Reminded 3" not in page and "Reminded 1" not in page
    assert "No answer We stopped reminding you on 14 March 2017. You can still answer." in page
    assert page.count("Confirm 30 learners") == 3


def test_placements_are_confirmed_from_home_by_their_own_school(home, client, school):
    yesterday = timezone.localdate() - timedelta(days=1)
    mine = make.make_placement(
        provider=school, employer=make.make_employer("Bay Hotel"), starts_on=yesterday, learners=3
    )
    make.make_placement(employer=make.make_employer("Far Works"), starts_on=yesterday)
    page = home().content.decode()
    addresses = {
        verb: reverse("placement_verb", args=[mine.pk, verb]) for verb in ("start", "did_not_attend", "cancel")
    }

    assert "Placements to confirm" in page and "Bay Hotel" in page and "Far Works" not in page
    assert [address in page for address in addresses.values()] == [True, True, False]
    on = {"on_day": str(yesterday.day), "on_month": str(yesterday.month), "on_year": str(yesterday.year)}
    client.post(addresses["start"], on | {"form_token": "a" * 32})
    mine.refresh_from_db()
    assert mine.status == "started"
    assert "Placements to confirm" not in words(home())


def test_what_it_asked_for_and_what_came_of_it(home, school):
    pledge = make.make_open_pledge(employer=make.make_employer("Bay Hotel"))
    part = actions.allocate(by=None, pledge=pledge, provider=school, quantity=4)
    kept = make.make_placement(employer=pledge.employer, provider=school, learners=3, status="started")
    actions.credit(by=None, pledge=pledge, placement=kept, allocation=part)
    make.make_request(provider=school, quantity=6)
    actions.allocate(by=None, pledge=pledge, provider=make.make_school("Vale School"), quantity=1)
    make.make_request(quantity=8888)
    page = words(home())

    assert "4 work placements, Bay Hotel Agreed 3 of them delivered so far" in page
    assert "6 work placements, from whoever can Open 0 of 6 found" in page
    assert "Vale School" not in page and "8888" not in page


def test_its_year_groups_this_year_and_where_to_begin_without_any(home, client, school):
    page = words(home())
    assert "Year 7 None yet" in page and "You have asked for nothing yet" in page
    this_year = moment(academic_year(timezone.localdate()).start, None)
    make.make_engagement(
        status="delivered", starts_at=this_year, attendances=[{"provider": school, "year_group": "8", "learners": 44}]
    )
    assert "Year 8 1 44 0 confirmed" in words(home())
    client.force_login(make.make_school_member(make.make_school(provider_kind="university")))
    assert "No engagement with your learners was delivered" in words(client.get("/"))
