"""Every row of the 2016-17 table in counting.md, through the API."""

import pytest

YEAR = {"period": "2016-17"}


@pytest.fixture
def ask(caller):
    """Call with a path and its parameters; gives the answer's JSON."""
    commission = caller("commission")

    def get(path: str, **query):
        response = commission.get(path, query)
        assert response.status_code == 200, response.content
        return response.json()

    return get


@pytest.fixture
def figure(ask):
    """One total of 2016-17."""

    def total(measure: str, **scope) -> int:
        return ask("impact/summary/", by="total", measures=measure, **YEAR, **scope)["total"]["measures"][measure][
            "value"
        ]

    return total


@pytest.fixture
def by_guild(ask):
    """A measure of 2016-17 by guild."""

    def table(measure: str, **scope) -> dict[str, int]:
        rows = ask("impact/summary/", by="guild", measures=measure, **YEAR, **scope)["rows"]
        return {row["key"]: row["measures"][measure]["value"] for row in rows}

    return table


def every(ask, path: str, **query) -> list[dict]:
    """All rows of a list, page after page."""
    page = ask(path, page_size=500, **query)
    assert page["next"] is None
    return page["results"]


@pytest.mark.parametrize(
    ("measure", "scope", "value"),
    [
        ("employer_members", {}, 200),
        ("provider_members", {}, 50),
        ("engagements", {"kind": "assembly"}, 21),
        ("encounters", {"kind": "assembly"}, 4_030),
        ("schools", {"kind": "workshop"}, 18),
        ("colleges", {"kind": "workshop"}, 4),
        ("encounters", {"kind": "industry_visit"}, 312),
        ("schools", {"kind": "industry_visit"}, 11),
        ("placements_arranged", {}, 85),
        ("apprenticeships_created", {}, 40),
        ("schools", {"kind": "staff_training", "guild": "engineering-manufacturing"}, 5),
        ("encounters", {"kind": "careers_event", "guild": "county-wide"}, 2_450),
    ],
)
def test_published_figure(figure, measure, scope, value):
    assert figure(measure, **scope) == value


def test_careers_events_led_by_a_guild(by_guild):
    led = by_guild("encounters", kind="careers_event")
    assert led.pop("county-wide") == 2_450
    assert (len(led), sum(led.values())) == (8, 3_050)


def found(ask, title: str) -> dict:
    [engagement] = [event for event in every(ask, "engagements/", q=title) if event["title"] == title]
    return engagement


def test_hospitality_conversation(ask, caller):
    event = found(ask, "Hospitality Conversation")
    assert event["guild"] == "hospitality-tourism"
    assert sum(attendance["learners"] for attendance in event["attendances"]) == 500
    assert len(event["participations"]) == 31
    assert sum(stand["job_offers"] for stand in event["participations"]) == 2
    pledges = every(ask, "pledges/", guild="hospitality-tourism")
    made = [pledge for pledge in pledges if pledge["engagement"] == event["id"]]
    promised = {
        kind: sum(pledge["quantity"] for pledge in made if pledge["kind"] == kind)
        for kind in ("placement", "apprenticeship")
    }
    assert promised == {"placement": 310, "apprenticeship": 104}
    assert {pledge["kind"] for pledge in made} == set(promised)


def test_pledged_measures_say_the_same_as_the_pledges(by_guild):
    assert by_guild("placements_pledged")["hospitality-tourism"] == 310
    assert by_guild("apprenticeships_pledged")["hospitality-tourism"] == 104
    assert by_guild("job_offers")["hospitality-tourism"] == 2


def test_stem_careers_event(ask):
    event = found(ask, "STEM Careers Event")
    assert sum(attendance["learners"] for attendance in event["attendances"]) == 800
    assert len(event["participations"]) == 15
    assert event["supporting_guilds"] == ["sciences"]


@pytest.mark.parametrize(
    ("district", "schools", "learners"),
    [("Ashford", 10, 890), ("Thanet", 24, 900), ("Gravesham", 13, 300), ("Maidstone", 15, 360)],
)
def test_kent_choices_local_offer(ask, district, schools, learners):
    event = found(ask, f"Kent Choices local offer: {district}")
    numbers = [attendance["learners"] for attendance in event["attendances"]]
    assert (event["guild"], len(numbers), sum(numbers)) == (None, schools, learners)


def test_kent_choices_attendances_are_62_and_not_62_schools(ask, figure):
    behind = every(ask, "impact/evidence/", measure="encounters", kind="careers_event", guild="county-wide", **YEAR)
    assert (len(behind), sum(row["contribution"] for row in behind)) == (62, 2_450)
    assert figure("schools", kind="careers_event", guild="county-wide") < 62


def test_kent_choices_by_district_of_the_venue(ask):
    rows = ask(
        "impact/summary/", by="district", measures="engagements", kind="careers_event", guild="county-wide", **YEAR
    )["rows"]
    once = {row["label"] for row in rows if row["measures"]["engagements"]["value"] == 1}
    assert once == {"Ashford", "Thanet", "Gravesham", "Maidstone"}
    assert sum(row["measures"]["engagements"]["value"] for row in rows) == 4


@pytest.mark.parametrize(
    "measure", ["encounters", "engagements", "placements_arranged", "apprenticeships_created", "volunteer_hours"]
)
def test_rows_behind_a_figure_add_up_to_it(ask, figure, measure):
    total, query, parts = figure(measure), {"measure": measure, "page_size": 500, **YEAR}, 0
    page = ask("impact/evidence/", **query)
    while True:
        parts += sum(row["contribution"] for row in page["results"])
        if page["next"] is None:
            break
        page = ask(page["next"])
    assert parts == total > 0


def test_guilds_are_tasked_with_300_more_apprenticeships(ask):
    table = ask("impact/summary/", period="2017-18", by="guild", measures="apprenticeships_created")
    figures = {row["key"]: row["measures"]["apprenticeships_created"] for row in table["rows"]}
    targets = {key: figure["target"] for key, figure in figures.items() if figure["target"]}
    assert (len(targets), sum(targets.values())) == (8, 300)
    total = table["total"]["measures"]["apprenticeships_created"]
    assert (total["target"], 0 < total["value"] < 300) == (300, True)


def test_a_school_that_became_an_academy_is_one_school(ask):
    table = ask(
        "impact/summary/", period="2017-18", by="total", measures="schools", kind="workshop", district="E07000113"
    )
    names = {
        row["organisation"]
        for row in every(ask, "impact/evidence/", measure="encounters", kind="workshop", district="E07000113", period="2017-18")
    }  # fmt: skip
    assert {"Curlewgate School", "Curlewgate Academy"} <= names
    assert table["total"]["measures"]["schools"]["value"] == len(names) - 1
