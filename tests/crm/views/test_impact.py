"""Pages of figures: what is counted is shown with what it means, what is missing, and the rows behind it."""

import re
from datetime import date
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from crm import figures
from guilds.impact import periods
from guilds.impact.cells import refresh
from guilds.impact.measures import MEASURES
from guilds.impact.targets import set_target
from guilds.impact.totals import Figure, Scope
from guilds.pledges import actions
from tests import factories as make

pytestmark = pytest.mark.django_db
YEAR = "2016-17"


@pytest.fixture
def commission() -> Client:
    return door(make.make_commission_member())


@pytest.fixture
def counted():
    """A fair with 120 learners of one school and an unknown number of another, and a pledge of 8 placements."""
    thanet = make.make_district()
    make.make_guild("sciences")
    known, unknown = make.make_school("Firth School", district=thanet), make.make_school("Glen School")
    event = make.make_engagement(
        title="Spring fair",
        status="delivered",
        district=thanet,
        attendances=[{"provider": known, "learners": 120}, {"provider": unknown, "learners": None}],
    )
    pledge = make.make_open_pledge(quantity=8, employer=make.make_employer("Harbour Hotel"))
    refresh()
    return event, pledge


def door(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, name: str, *args, **parameters) -> str:
    response = client.get(reverse(name, args=args), {"period": YEAR} | parameters)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def words(html: str) -> str:
    """The page as it is read: without tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


# Who


@pytest.mark.parametrize(
    "address",
    ["/impact/", "/impact/guilds/hospitality-tourism/", "/impact/districts/E07000114/",
     "/impact/evidence/?measure=encounters&period=2016-17"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("someone", "status"),
    [
        (make.make_administrator, 200),
        (make.make_coordinator, 200),
        (make.make_commission_member, 200),
        (make.make_employer_member, 403),
        (make.make_school_member, 403),
        (None, 302),
    ],
)
def test_figures_are_for_the_team_and_the_commission(address, someone, status):
    make.make_guild(), make.make_district()
    client = door(someone()) if someone else Client()

    assert client.get(address).status_code == status


# The overview


def test_every_measure_stands_with_its_definition(commission, counted):
    html = words(page(commission, "impact_overview"))

    assert not [measure.slug for measure in MEASURES.values() if measure.definition not in html]


def test_figures_lead_to_their_rows_and_say_what_is_missing(commission, counted):
    html = page(commission, "impact_overview")

    assert 'href="/impact/evidence/?measure=encounters&amp;period=2016-17">120' in html
    assert "1 number missing" in html
    assert "0 confirmed" in html
    assert "provisional (p)" in html
    assert "young people reached" not in html.lower()


def test_measures_that_count_organisations_once_say_so(commission, counted):
    html = words(page(commission, "impact_overview", measure="schools"))

    assert "All together does not add up: counted once each" in html


def test_guilds_stand_against_their_targets(commission, counted):
    guild = make.make_guild()
    set_target(by=None, measure="encounters", period=YEAR, value=100, guild=guild)
    set_target(by=None, measure="encounters", period=YEAR, value=400)
    html = page(commission, "impact_overview")

    assert "Guilds: encounters" in html
    assert 'aria-label="Hospitality Tourism: 120 of 100"' in html
    assert "120%" in html
    assert "30% of the target of 400" in words(html)


def test_guilds_are_compared_by_the_measure_that_is_picked(commission, counted):
    html = page(commission, "impact_overview", measure="placements_pledged")

    assert 'aria-label="Hospitality Tourism: 8"' in html
    assert 'aria-label="Sciences: 0"' in html
    assert "County-wide" in html


def test_measure_without_targets_is_encounters(commission, counted):
    assert "Guilds: encounters" in page(commission, "impact_overview")


def test_number_that_nobody_gave_is_not_zero(commission):
    make.make_engagement(status="delivered", attendances=[{"provider": make.make_school(), "learners": None}])
    refresh()

    assert 'measure=encounters&amp;period=2016-17">x<' in page(commission, "impact_overview")


@pytest.mark.parametrize(
    ("asked", "label"),
    [
        ({"period": "FY2016-17"}, "Financial year 2016-17"),
        ({"period": "2016-17-Q3"}, "quarter 3"),
        ({"period": "2017-03"}, "March 2017"),
        ({"from": "2017-03-01", "to": "2017-04-30"}, "March 2017 to April 2017"),
        ({"from": "1/9/2016", "to": "31/8/2017"}, "Academic year 2016-17"),
    ],
)
def test_every_form_of_period_is_understood(commission, counted, asked, label):
    html = page(commission, "impact_overview", **asked)

    assert label in html
    assert ">120<span" in html


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"period": "soon"}, "is not a period"),
        ({"from": "2017-03-02", "to": "2017-04-30"}, "Begin on the first day of a month"),
        ({"from": "2017-03-01", "to": "2017-04-29"}, "End on the last day of a month"),
        ({"from": "2017-05-01", "to": "2017-04-30"}, "The end must not be before the start"),
        ({"from": "2017-05-01"}, "Say also where it ends"),
        ({"to": "2017-05-31"}, "Say also where it begins"),
        ({"from": "yesterday", "to": "2017-05-31"}, "Write a real date"),
        ({"measure": "happiness"}, "Select a valid choice"),
    ],
)
def test_period_that_makes_no_sense_is_said_and_nothing_is_shown(commission, counted, asked, refusal):
    html = page(commission, "impact_overview", **asked)

    assert refusal in html
    assert "There is a problem" in html
    assert "At a glance" not in html


def test_without_a_period_it_is_this_academic_year(commission):
    html = commission.get("/impact/").content.decode()

    assert periods.academic_year(make.date.today()).label in html


def test_what_became_of_pledges_is_told_by_kind(commission, counted):
    _, pledge = counted
    placement = make.make_placement(employer=pledge.employer, learners=10, status="completed")
    actions.credit(by=None, pledge=pledge, placement=placement)
    make.make_pledge(kind="apprenticeship", quantity=3, status="withdrawn", reason="Moved away")
    refresh()

    for name, arguments in (("impact_overview", ()), ("impact_guild", ("hospitality-tourism",))):
        read = words(page(commission, name, *arguments))
        assert "Work placements 8 10 0 0 0 125%" in read
        assert "Apprenticeships 3 0 0 0 3 0%" in read


# One guild, one district


def test_guild_has_its_own_figures_and_what_it_supported_apart(commission, counted):
    make.make_engagement(title="Lab day", guild=make.make_guild("sciences"), status="delivered",
                         supporting_guilds=[make.make_guild()])  # fmt: skip
    refresh()
    html = words(page(commission, "impact_guild", "hospitality-tourism"))

    assert "Supported: 1 delivered engagement that other guilds led" in html
    assert "Careers event 1" in html
    assert "March 2017 120" in html
    assert 'guild=hospitality-tourism">120' in page(commission, "impact_guild", "hospitality-tourism")


def test_district_has_its_own_figures(commission, counted):
    html = page(commission, "impact_district", "E07000114")

    assert '<h1 class="govuk-heading-l">Thanet</h1>' in html
    assert 'measure=encounters&amp;period=2016-17&amp;district=E07000114">120' in html


@pytest.mark.parametrize("address", ["/impact/guilds/county-wide/", "/impact/districts/unknown/"])
def test_what_has_no_guild_or_no_district_has_a_page_too(commission, counted, address):
    assert commission.get(address, {"period": YEAR}).status_code == 200


@pytest.mark.parametrize("address", ["/impact/guilds/no-such/", "/impact/districts/E99999999/"])
def test_guild_and_district_that_do_not_exist_are_not_found(commission, address):
    assert commission.get(address).status_code == 404


# The rows


def test_evidence_shows_every_row_and_the_missing_number(commission, counted):
    event, _ = counted
    html = page(commission, "impact_evidence", measure="encounters")
    read = words(html)

    assert f'href="{reverse("engagement_detail", args=[event.pk])}"' in html
    assert ("Firth School" in read, "Glen School" in read) == (True, True)
    assert "The contributions of all rows add up to 120 encounters." in read
    assert "1 number is missing (x): nobody has given it" in read
    assert "x number missing" in read


def test_evidence_of_organisations_says_that_each_counts_once(commission, counted):
    read = words(page(commission, "impact_evidence", measure="schools"))

    assert "Each row is one of 2, counted once however often it took part" in read


def test_evidence_of_kept_pledges_shows_both_numbers(commission, counted):
    read = words(page(commission, "impact_evidence", measure="pledge_conversion"))

    assert "0 of 8, which is 0%" in read
    assert "Promised Delivered" in read


def test_promises_are_told_step_by_step_and_each_number_opens_its_pledges(commission, counted):
    """8 verified, 3 of them agreed with a school; 5 more wait to be verified, which only the team may list."""
    _, pledge = counted
    make.make_pledge(quantity=5, employer=make.make_employer("Inn"), made_on=pledge.made_on)
    actions.allocate(by=None, pledge=pledge, provider=make.make_school("Hill"), quantity=3)
    refresh()
    html = page(commission, "impact_overview")
    assert re.search(r"placements? 13 made.* 8 verified.* 3 agreed.* 0 z ", words(html))
    agreed = unescape(re.search(r'href="([^"]*step=agreed)"', html)[1])
    assert agreed == f"/impact/promises/?period={YEAR}&kind=placement&step=agreed"
    assert re.search(r"Harbour Hotel .* 8 .* 3 0 0", words(commission.get(agreed).content.decode()))

    for reader, seen in ((commission, False), (door(make.make_coordinator()), True)):
        assert ("Inn" in words(page(reader, "promise_list"))) == seen
    assert "Nothing fits" in words(page(commission, "promise_list", step="delivered"))
    assert "is not a period" in words(page(commission, "promise_list", period="soon"))


def test_evidence_is_narrowed_in_words(commission, counted):
    asked = {"measure": "encounters", "guild": "hospitality-tourism", "district": "E07000114", "kind": "careers_event"}
    read = words(page(commission, "impact_evidence", **asked))

    assert "Guild Hospitality Tourism District Thanet Kind Careers event" in read
    assert "Glen School" not in read


def test_evidence_has_no_personal_details(commission):
    employer = make.make_employer()
    contact = make.make_contact(employer)
    make.make_open_pledge(employer=employer, contact=contact, notes="Ask Sam")
    refresh()
    html = page(commission, "impact_evidence", measure="pledges")

    assert employer.name in html
    assert not [secret for secret in (contact.name, contact.email, "Ask Sam") if secret in html]


def test_long_evidence_is_paged(commission):
    for number in range(55):
        make.make_open_pledge(quantity=1, employer=make.make_employer(f"Works {number}"))
    refresh()
    first = commission.get("/impact/evidence/", {"measure": "pledges", "period": YEAR})
    following = first.context["listing"]["next"]
    second = commission.get("/impact/evidence/", {"measure": "pledges", "period": YEAR, "cursor": following})

    assert (len(first.context["rows"]), len(second.context["rows"])) == (50, 5)
    assert "Back to the first rows" in second.content.decode()


@pytest.mark.parametrize(
    "asked",
    [{"measure": "happiness"}, {"measure": "encounters", "period": "soon"}, {"measure": "encounters", "guild": "none"},
     {"measure": "pledges", "kind": "workshop"}, {"measure": "encounters", "cursor": "nonsense"}, {}],
)  # fmt: skip
def test_figure_that_does_not_exist_says_so(commission, asked):
    response = commission.get("/impact/evidence/", {"period": YEAR} | asked)

    assert response.status_code == 400
    assert "This figure does not exist" in response.content.decode()


# What they cost


@pytest.mark.parametrize(
    "address",
    [f"/impact/?period={YEAR}", f"/impact/guilds/hospitality-tourism/?period={YEAR}",
     f"/impact/districts/E07000114/?period={YEAR}", f"/impact/evidence/?measure=encounters&period={YEAR}"],
)  # fmt: skip
def test_pages_cost_the_same_for_many(commission, counted, django_assert_max_num_queries, address):
    def cost() -> int:
        cache.clear()  # what is rendered once would cost nothing the second time
        with django_assert_max_num_queries(60) as queries:
            commission.get(address)
        return len(queries)

    cost()
    few = cost()
    for number in range(6):
        provider = make.make_school(district=make.make_district())
        make.make_engagement(status="delivered", kind="workshop", starts_at=make.moment(date(2017, 1 + number, 5)),
                             attendances=[{"provider": provider, "learners": 5}])  # fmt: skip
    refresh()

    assert cost() == few


# Words


@pytest.mark.parametrize(
    ("slug", "figure", "read"),
    [
        ("encounters", Figure(3050), "3,050"),
        ("encounters", Figure(0), "0"),
        ("encounters", Figure(0, missing=2), "x"),
        ("encounters", Figure(5, missing=2), "5"),
        ("volunteer_hours", Figure(12.5), "12.5"),
        ("volunteer_hours", Figure(12.0), "12"),
        ("pledge_conversion", Figure(None, numerator=0, denominator=0), "z"),
        ("pledge_conversion", Figure(1.25, numerator=125, denominator=100), "125%"),
        ("pledge_conversion", Figure(0.001, numerator=1, denominator=1000), "low"),
        ("pledge_conversion", Figure(0.0, numerator=0, denominator=10), "0%"),
    ],
)
def test_figure_in_words(slug, figure, read):
    assert figures.worded(MEASURES[slug], figure) == read


def test_progress_has_a_pace_while_the_period_runs():
    year, half = periods.parse(YEAR), date(2017, 3, 1)
    running = figures.shown("encounters", Figure(50, target=100), period=year, scope=Scope(), pace_on=half)
    over = figures.shown("encounters", Figure(150, target=100), period=year, scope=Scope(), pace_on=date(2018, 1, 1))

    assert running.progress == "50%, pace 100%"
    assert over.progress == "150%"


# Held against another period, drawn, forecast


def test_figures_are_held_against_the_year_before_or_another_period(commission, counted):
    make.make_engagement(status="delivered", starts_at=make.moment(date(2016, 3, 14)),
                         attendances=[{"provider": make.make_school(), "learners": 100}])  # fmt: skip
    refresh()
    usual = words(page(commission, "impact_overview"))
    assert "Academic year 2015-16: 100 Change: +20 (+20% of 100)" in usual
    months = {"period": "2017-03", "against": "2016-02_2016-03"}
    assert "February 2016 to March 2016: 100" in words(page(commission, "impact_overview", **months))
    written = {"against_from": "1/9/2014", "against_to": "31/8/2015"}
    assert "Academic year 2014-15: 0 Change: +120" in words(page(commission, "impact_overview", **written))
    assert "0 percentage points" in words(page(commission, "impact_overview", against=YEAR))


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"against": "soon"}, "is not a period"),
        ({"against_from": "2016-03-02", "against_to": "2016-04-30"}, "Begin on the first day of a month"),
        ({"against_from": "2016-03-01"}, "Say also where it ends"),
    ],
)
def test_comparison_that_makes_no_sense_is_said(commission, counted, asked, refusal):
    html = page(commission, "impact_overview", **asked)

    assert refusal in html
    assert "There is a problem" in html
    assert "At a glance" not in html


def test_charts_have_words_tables_and_files(commission, counted):
    html = page(commission, "impact_overview")

    assert '<title id="columns-title">Encounters by month</title>' in html
    assert "Mar 120" in html
    assert 'aria-label="Thanet: 120"' in html
    assert 'aria-label="Work placements: delivered 0, still open 8' in html or "still open 0, lapsed 8" in html
    assert 'aria-label="Encounters: confirmed 0, not confirmed yet 120"' in html
    assert "style=" not in html
    for name in ("total", "main", "month", "district", "kind", "pledges"):
        assert f"/impact/data/{name}.ods?period={YEAR}" in html
    assert "No forecast: the year is over" in words(html)


def test_a_kind_of_engagement_has_a_page_of_its_own(commission, counted):
    html = page(commission, "impact_kind", "careers_event")

    assert '<h1 class="govuk-heading-l">Careers event</h1>' in html
    assert "kind=careers_event" in html
    assert ">120<span" in html
    assert commission.get("/impact/kinds/nothing/").status_code == 404
