"""A school answers in one screen; an employer promises on a phone, says that it did it, and shows what came of it."""

import re

import pytest
from django.utils import timezone

from guilds.pledges import actions
from guilds.pledges.models import Pledge
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.once
def test_school_answers_and_employer_promises_keeps_and_shows_it(page, axe, be):
    school, hotel = make.make_school("Cliff School"), make.make_employer("Harbour Hotel")
    for title in ("Fair", "Talk"):
        make.make_engagement(title=title, status="delivered", attendances=[{"provider": school, "learners": 30}])
    make.make_placement(provider=school, employer=hotel, starts_on=make.DAY)

    be(make.make_school_member(school))
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("/")
    axe(page)
    page.get_by_role("button", name="Confirm 30 learners at Fair").click()
    page.get_by_text("You have confirmed 30 learners").wait_for()
    page.get_by_text("It was another number").click()
    page.get_by_label("Our number of learners").fill("28")
    page.get_by_role("button", name="Send our number for Talk").click()
    page.get_by_text("You have answered everything").wait_for()

    be(make.make_employer_member(hotel))
    page.goto("/")
    axe(page)
    page.get_by_role("button", name="Record a pledge").click()
    axe(page)
    page.get_by_label("What is promised").select_option("placement")
    page.get_by_label("How many").fill("3")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("The pledge is recorded").wait_for()
    actions.verify(by=None, pledge=Pledge.objects.get(), on=timezone.localdate())
    page.goto("/")
    page.get_by_role("link", name=re.compile("We did it.*3 work placements")).click()
    axe(page)
    page.get_by_role("button", name="Tell the coordinator").click()
    page.get_by_text("The coordinator looks at it").wait_for()
    axe(page)

    be(make.make_coordinator())
    page.goto("/")
    page.get_by_role("link", name=re.compile("the employer says: we did it")).click()
    page.get_by_role("cell").get_by_role("link", name="3 work placements").or_(
        page.get_by_role("rowheader").get_by_role("link")
    ).first.click()
    page.get_by_role("link", name=re.compile("^Accept")).click()
    axe(page)
    page.get_by_role("button", name="Accept").click()
    page.get_by_text("accepted and credited").wait_for()

    be(make.make_employer_member(hotel))
    page.goto("/")
    page.get_by_text("3 of 3 delivered").wait_for()
    page.get_by_role("button", name="Our impact statement").click()
    axe(page)
    page.get_by_role("button", name="Share with a link").click()
    axe(page)
    page.get_by_role("button", name="Make a link").click()
    link = page.locator("a[href*='/shared/']").get_attribute("href")
    axe(page)
    page.goto(link)
    axe(page)
    assert page.request.get(f"{link}statement.pdf").body().startswith(b"%PDF-1.7")
    page.go_back()
    page.get_by_role("button", name="End this link").click()
    page.get_by_text("The link is ended").wait_for()
    assert page.request.get(link).status == 404
