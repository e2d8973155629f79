"""What every list can do: columns, views that are kept, and files of exactly what is filtered."""

import csv
import io
import itertools
from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from crm.exports.lists import APPRENTICESHIPS, FOLLOW_UPS, PLACEMENTS, PLEDGES, QUIET
from crm.exports.lists import ENGAGEMENTS as OF_ENGAGEMENTS
from crm.exports.offers import OFFERS
from crm.exports.writing import harmless
from guilds.access.models import ExportLog, SavedView
from guilds.engagement.follow_up_actions import add_follow_up
from guilds.pledges import actions
from guilds.reference.models import ApprenticeshipStandard
from tests.factories import (
    make_administrator,
    make_apprenticeship,
    make_coordinator,
    make_district,
    make_employer,
    make_employer_member,
    make_engagement,
    make_membership,
    make_open_pledge,
    make_placement,
    make_pledge,
    make_school,
)

pytestmark = pytest.mark.django_db
ENGAGEMENTS = "/engagements/"


@pytest.fixture
def coordinator(client):
    user = make_coordinator("hospitality-tourism")
    client.force_login(user)
    return user


def csv_of(response) -> list[list[str]]:
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def sheet_of(response) -> list[list]:
    content = b"".join(response.streaming_content)
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("text", ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_would_be_a_formula_stays_a_text(text):
    assert harmless(text) == f"'{text}"
    assert harmless("A=1") == "A=1"


def test_a_file_holds_exactly_what_is_filtered_and_all_of_it(client, coordinator):
    for number in range(30):
        make_engagement(title=f"Talk {number:02}", kind="assembly")
    make_engagement(title="=cmd", kind="workshop")
    rows = csv_of(client.get(ENGAGEMENTS, {"kind": "assembly", "ordering": "starts_at", "export": "csv"}))
    assert rows[0] == ["Date", "Engagement", "Status", "Lead guild", "District"]
    assert [row[1] for row in rows[1:]] == [f"Talk {number:02}" for number in range(30)]
    assert csv_of(client.get(ENGAGEMENTS, {"kind": "workshop", "export": "csv"}))[1][1] == "'=cmd"
    sheet = sheet_of(client.get(ENGAGEMENTS, {"kind": "workshop", "columns": ["date", "title"], "export": "xlsx"}))
    assert sheet[0] == ["Date", "Engagement"]
    assert isinstance(sheet[1][0], date | datetime) and sheet[1][1] == "'=cmd"


def test_files_are_logged_without_the_words_that_were_searched_for(client, coordinator):
    make_engagement(title="Talk by J Smith")
    csv_of(client.get(ENGAGEMENTS, {"q": "smith", "kind": "careers_event", "export": "csv"}))
    log = ExportLog.objects.get()
    assert (log.user, log.list_name, log.rows, log.format) == (coordinator, "engagement_list", 1, "csv")
    assert log.filters == "kind=careers_event"
    assert client.get("/exports/").status_code == 403
    client.force_login(make_administrator())
    assert b"engagement_list" in client.get("/exports/").content


def test_a_file_holds_only_what_its_reader_may_see(client):
    mine, theirs = make_pledge(quantity=3), make_pledge(quantity=4)
    client.force_login(make_employer_member(mine.employer))
    rows = csv_of(client.get("/pledges/", {"export": "csv"}))
    assert "Employer" not in rows[0] and len(rows) == 2
    assert theirs.employer.name not in str(rows)


@pytest.mark.parametrize("page", ["/organisations/", "/placements/", "/apprenticeships/", "/follow-ups/", "/imports/"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_every_list_has_files(client, coordinator, page, form):
    make_membership(make_employer("Zest Ltd"), guild="hospitality-tourism")
    rows = (csv_of if form == "csv" else sheet_of)(client.get(page, {"export": form}))
    assert len(rows[0]) >= 5


def test_wrong_filters_give_no_file(client, coordinator):
    page = client.get(ENGAGEMENTS, {"kind": "party", "export": "csv"})
    assert "text/html" in page.headers["Content-Type"] and not ExportLog.objects.exists()


def test_columns_are_chosen_and_headings_sort(client, coordinator):
    make_engagement(title="Talk", reference="E-1")
    page = client.get(ENGAGEMENTS, {"columns": ["reference", "nonsense"], "kind": "careers_event"}).content.decode()
    assert "E-1" in page and "Talk" in page and "County-wide</td>" not in page
    page = client.get(ENGAGEMENTS, {"kind": "careers_event"}).content.decode()
    assert 'aria-sort="descending"' in page and "?kind=careers_event&amp;ordering=starts_at" in page


def test_a_view_is_kept_opened_first_renamed_and_forgotten(client, coordinator):
    sent = {"page": "engagement_list", "name": "Talks", "query": "kind=assembly&cursor=x&export=csv", "usual": "1"}
    assert client.post("/views/new/", sent).url == f"{ENGAGEMENTS}?kind=assembly"
    view = SavedView.objects.get()
    assert (view.query, view.is_usual) == ("kind=assembly", True)
    assert client.get(ENGAGEMENTS).url == f"{ENGAGEMENTS}?kind=assembly"
    assert client.get(f"{ENGAGEMENTS}?ordering=").status_code == 200
    address = reverse("saved_view", args=[view.pk])
    assert client.get(address).status_code == 200
    client.post(address, {"name": "Assemblies"})
    view.refresh_from_db()
    assert (view.name, view.is_usual) == ("Assemblies", False)
    client.post("/views/new/", sent | {"name": "Other"})
    assert b"of this name already" in client.post(address, {"name": "Other"}).content
    client.force_login(make_coordinator())
    assert client.get(address).status_code == 404
    client.force_login(coordinator)
    client.post(address, {"forget": "1"})
    assert SavedView.objects.get().name == "Other"


@pytest.mark.parametrize("page", ["", "home", "nothing_list"])
def test_a_view_is_of_a_list(client, coordinator, page):
    assert client.post("/views/new/", {"page": page, "name": "X", "query": ""}).status_code == 404


_EVERY_COLUMN = {
    "pledge_list": PLEDGES, "pledge_quiet": QUIET, "offer_list": OFFERS, "engagement_list": OF_ENGAGEMENTS,
    "placement_list": PLACEMENTS, "apprenticeship_list": APPRENTICESHIPS, "follow_up_list": FOLLOW_UPS,
}  # fmt: skip


def test_with_all_their_columns_lists_cost_the_same_for_many_and_so_do_their_files(client, coordinator):
    numbers = itertools.count()

    def named() -> str:
        return f"<b>Works & Sons {next(numbers)}</b>"

    def more():
        event = make_engagement(
            title=named(), district=make_district(), venue=make_school(), lead_coordinator=make_coordinator("sciences")
        )
        made = {"employer": make_employer(named()), "districts": [make_district()], "made_on": date(2016, 9, 1)}
        pledge = make_open_pledge(**made, engagement=event)
        actions.allocate(by=None, pledge=pledge, provider=make_school(named()), quantity=1)
        make_open_pledge(**made)
        make_placement(provider=make_school(named()), district=make_district())
        make_apprenticeship(standard_title=named(), training_provider=make_school(), standard=standard)
        add_follow_up(
            by=coordinator, what=named(), due_on=date(2026, 1, 1), assigned_to=coordinator, pledge=pledge,
            organisation=pledge.employer,
        )  # fmt: skip

    def costs() -> dict[tuple[str, str], int]:
        found = {}
        for name, columns in _EVERY_COLUMN.items():
            for export in ("", "csv"):
                asked = {"columns": [column.key for column in columns], "export": export}
                with CaptureQueriesContext(connection) as queries:
                    answer = client.get(reverse(name), asked)
                    rows = csv_of(answer)[1:] if export else answer.context["listing"].rows
                assert rows, name
                assert export or ("<b>" not in (html := answer.content.decode()) and "&lt;b&gt;Works" in html), name
                found[name, export] = len(queries)
        return found

    standard = ApprenticeshipStandard.objects.create(reference="ST0001", title="Chef", level=2, route="Catering")
    more()
    client.get(ENGAGEMENTS)
    few = costs()
    for _ in range(3):
        more()
    assert costs() == few
    board = client.get(reverse("pledge_board")).content.decode()
    assert "<b>" not in board and "&lt;b&gt;Works" in board
