"""A file as a whole: planned, loaded once or in batches, refused rows handed back, and who may load it."""

import csv
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from guilds.access.actions import create_user
from guilds.audit.models import Event, StatusChange
from guilds.engagement.models import Engagement
from guilds.importing import apply
from guilds.importing.apply import run
from guilds.importing.models import Import, ImportBefore, ImportRow, ImportStatus
from guilds.importing.reading import UnreadableFile
from guilds.organisations.actions import register
from guilds.organisations.models import Organisation
from guilds.pledges.models import Pledge
from guilds.reference.models import ApprenticeshipStandard, Guild, Postcode
from tests.guilds.importing.test_reading import xlsx

pytestmark = pytest.mark.usefixtures("places")

MADE = "tests/guilds/importing"
EVERY_KIND = [
    ("providers", "name,urn\nLarkmere School,990001\n", "Larkmere Academy"),
    ("employers", "name,company_number\nTidewick Hotel,ZZ000001\n", "Tidewick Hotels"),
    ("postcodes", "postcode,district\nTN23 9ZX,E07000105\n", ""),
    ("standards", "Name,Reference,Approved for Delivery Date,Route,Level\nCommis chef,ST0228,27-04-2016,Catering,2\n", ""),
    ("memberships", "organisation,guild,joined_on\nZZ000009,sciences,2016-01-01\n", ""),
    ("engagements", "reference,title,kind,date,provider,learners\nE1,Fair,careers_event,2017-03-14,990009,30\n", ""),
    ("pledges", "reference,employer,kind,quantity,made_on\nP1,ZZ000009,placement,3,2017-03-14\n", ""),
    ("placements", "reference,employer,arranged_on\nW1,ZZ000009,2017-03-14\n", ""),
    ("apprenticeships", "reference,employer,opened_on\nA1,ZZ000009,2017-03-14\n", ""),
    ("school_links", "URN,LinkURN,LinkType\n990008,990009,Successor\n", ""),
]  # fmt: skip
CHANGING = (Organisation, Postcode, ApprenticeshipStandard, Engagement, Pledge, Event, StatusChange, Import, ImportRow)


@pytest.fixture(autouse=True)
def registry(places):
    """What the files above refer to."""
    register(by=None, name="An employer", is_employer=True, identifiers=[("companies_house", "ZZ000009")])
    for urn in ("990008", "990009"):
        register(by=None, name=f"A school {urn}", is_provider=True, identifiers=[("urn", urn)])


def everything() -> dict:
    """All rows of the tables that a file might change."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in CHANGING}


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, text, _ in EVERY_KIND], ids=[k for k, *_ in EVERY_KIND]
)
class TestEveryKind:
    def test_dry_run_says_what_would_happen_and_changes_nothing(self, load, kind, text):
        before = everything()
        plan = load(kind, text, dry_run=True)
        assert (plan.created, plan.refused, plan.batch) == (1, 0, None)
        assert everything() == before

    def test_the_plan_is_what_loading_does(self, load, kind, text):
        plan, done = load(kind, text, dry_run=True), load(kind, text)
        assert (plan.counts, plan.problems) == (done.counts, done.problems)

    def test_same_file_twice_changes_nothing(self, load, kind, text):
        load(kind, text)
        before = everything()
        again = load(kind, text)
        assert (again.unchanged, again.created, again.updated, again.refused) == (1, 0, 0, 0)
        after = everything()
        assert len(after.pop("Import")) == len(before.pop("Import")) + 1
        assert after == before

    def test_a_spreadsheet_does_as_well(self, tmp_path, kind, text):
        path = tmp_path / "book.xlsx"
        path.write_bytes(xlsx(list(csv.reader(text.splitlines()))))
        assert run(kind=kind, path=path).created == 1

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
    def test_whatever_wrote_it(self, tmp_path, kind, text, encoding):
        path = tmp_path / "file.csv"
        path.write_bytes(text.replace(",", ";").replace("\n", "\r\n").encode(encoding))
        assert run(kind=kind, path=path).created == 1


def test_each_change_is_marked_as_the_imports(load):
    batch = load("providers", "name,urn\nLarkmere,990001\n").batch
    assert Event.objects.about(Organisation.objects.get(name="Larkmere")).get().request_id == batch.tag
    assert (batch.status, batch.rows_done, batch.filename, batch.layout) == (
        "done", 1, "providers.csv", "Schools and colleges",
    )  # fmt: skip
    assert batch.finished_at


# Refused rows


def test_refused_rows_come_back_in_a_file_that_loads_once_it_is_corrected(load, tmp_path):
    text = (
        "Engagements of the spring\n\nreference;title;kind;date;provider;learners\n"
        "E1;Fair;careers_event;14/03/2017;990009;30\n"
        'E2;"Fair; the ""big"" one";careers_event;03/14/2017;nobody;30\n'
        "E3;=1+1;careers_event;14/03/2017;990009;many\n"
    )
    summary = load("engagements", text)
    assert (summary.created, summary.refused) == (1, 2)
    path = summary.refused_path
    assert path == tmp_path / "engagements.refused.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["row"], row["field"]) for row in rows] == [("5", "date; provider"), ("6", "learners")]
    assert [row["title"] for row in rows] == ['Fair; the "big" one', "=1+1"]
    assert "day first" in rows[0]["message"]
    assert "no school or college" in rows[0]["message"]
    corrected = path.read_text(encoding="utf-8-sig")
    for wrong, right in [("03/14/2017", "14/03/2017"), ("nobody", "990009"), ("many", "25")]:
        corrected = corrected.replace(f",{wrong},", f",{right},")
    path.write_text(corrected, encoding="utf-8-sig")
    again = run(kind="engagements", path=path)
    assert (again.created, again.refused) == (2, 0)


def test_a_refused_file_that_is_refused_again_has_its_added_columns_once(load):
    first = load("providers", "name,urn\nLarkmere,12\n")
    second = run(kind="providers", path=first.refused_path)
    assert second.refused_path.name == "providers.refused.refused.csv"
    assert second.refused_path.read_text(encoding="utf-8-sig").splitlines()[0] == "name,urn,row,field,message"


def test_nothing_refused_writes_no_file(load, tmp_path):
    assert load("providers", "name,urn\nLarkmere,990001\n").refused_path is None
    assert [path.name for path in tmp_path.iterdir()] == ["providers.csv"]


def test_a_folder_that_is_closed_is_no_reason_to_lose_the_refused_rows(load, tmp_path):
    (tmp_path / "providers.refused.csv").mkdir()
    summary = load("providers", "name,urn\nLarkmere,12\n")
    assert summary.refused_path.parent != tmp_path
    assert "Larkmere" in summary.refused_path.read_text(encoding="utf-8-sig")


def test_only_refused_rows_are_kept_as_they_stood(load):
    load("providers", "name,urn\nLarkmere,12\nQuillhaven,990002\n")
    assert [(kept.row, kept.raw) for kept in ImportRow.objects.all()] == [(2, ["Larkmere", "12"])]


# Long files


@pytest.fixture
def short_is_four(monkeypatch):
    """A file of more than four rows is a long one, and saved two by two."""
    monkeypatch.setattr(apply, "ONE_TRANSACTION", 4)
    monkeypatch.setattr("guilds.importing.loaders.organisations.OrganisationLoader.chunk", 2)
    monkeypatch.setattr("guilds.importing.loaders.engagements.EngagementLoader.chunk", 2)


class Broken(Exception):
    """What stops an import in these tests."""


def stop_after(rows: int):
    def progress(done: int) -> None:
        if done > rows:
            raise Broken

    return progress


SCHOOLS = "name,urn\n" + "".join(f"School {n},99010{n}\n" for n in range(8))


def schools() -> int:
    return Organisation.objects.filter(name__startswith="School ").count()


def test_a_short_file_that_breaks_off_leaves_nothing(load):
    with pytest.raises(Broken):
        load("providers", SCHOOLS, progress=stop_after(0))
    assert (schools(), Import.objects.count()) == (0, 0)


@pytest.mark.usefixtures("short_is_four")
def test_a_long_file_goes_on_where_it_was_stopped(load):
    with pytest.raises(Broken):
        load("providers", SCHOOLS, progress=stop_after(4))
    stopped = Import.objects.get()
    assert (schools(), stopped.status, stopped.rows_done, stopped.created) == (4, ImportStatus.STOPPED, 4, 4)
    done = []
    summary = load("providers", SCHOOLS, progress=done.append)
    assert (summary.batch, summary.created, summary.unchanged, done) == (stopped, 8, 0, [6, 8])
    assert (schools(), Import.objects.get().status) == (8, ImportStatus.DONE)


@pytest.mark.usefixtures("short_is_four")
def test_a_long_file_that_was_changed_meanwhile_begins_anew(load):
    with pytest.raises(Broken):
        load("providers", SCHOOLS, progress=stop_after(4))
    summary = load("providers", SCHOOLS.replace("School 7", "School seven"))
    assert (summary.created, summary.unchanged, Import.objects.count()) == (4, 4, 2)


@pytest.mark.usefixtures("short_is_four")
def test_a_long_dry_run_changes_nothing(load):
    assert load("providers", SCHOOLS, dry_run=True).created == 8
    assert (schools(), Import.objects.count()) == (0, 0)


@pytest.mark.usefixtures("short_is_four")
def test_rows_of_one_engagement_stay_together_however_far_apart_they_stand(load):
    rows = [f"E{n},Fair,careers_event,2017-03-14,{urn}\n" for urn in ("990008", "990009") for n in range(5)]
    assert load("engagements", "reference,title,kind,date,provider\n" + "".join(rows)).created == 10
    assert {e.attendances.count() for e in Engagement.objects.all()} == {2}


@pytest.mark.usefixtures("short_is_four")
def test_a_long_file_with_refused_rows_hands_all_of_them_back(load):
    text = SCHOOLS.replace("990101", "x").replace("990106", "x")
    summary = load("providers", text)
    rows = list(csv.DictReader(summary.refused_path.read_text(encoding="utf-8-sig").splitlines()))
    assert (summary.created, [row["row"] for row in rows]) == (6, ["3", "8"])


# Who may


@pytest.fixture
def people():
    school = Organisation.objects.get(identifiers__value="990009")
    employer = Organisation.objects.get(identifiers__value="ZZ000009")
    return {
        "administrator": create_user(by=None, email="a@guildhall.example", role="administrator"),
        "coordinator": create_user(by=None, email="c@guildhall.example", role="coordinator",
                                   guilds=[Guild.objects.get(slug="sciences")]),
        "employer": create_user(by=None, email="e@guildhall.example", role="employer", organisation=employer),
        "school": create_user(by=None, email="s@guildhall.example", role="school", organisation=school),
        "commission": create_user(by=None, email="m@guildhall.example", role="commission"),
    }  # fmt: skip


@pytest.mark.parametrize("role", ["employer", "school", "commission"])
@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, text, _ in EVERY_KIND])
def test_nobody_outside_the_team_loads_files(load, people, role, kind, text):
    before = everything()
    with pytest.raises(PermissionDenied):
        load(kind, text, by=people[role])
    assert everything() == before


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, text, _ in EVERY_KIND])
def test_coordinators_load_all_but_reference_data(load, people, kind, text):
    if kind in ("postcodes", "standards"):
        with pytest.raises(PermissionDenied):
            load(kind, text, by=people["coordinator"])
    else:
        assert load(kind, text, by=people["coordinator"]).created == 1


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, text, _ in EVERY_KIND])
def test_administrators_load_everything_and_history_says_who(load, people, kind, text):
    summary = load(kind, text, by=people["administrator"])
    assert (summary.created, summary.batch.imported_by) == (1, people["administrator"])
    assert {event.actor for event in Event.objects.filter(request_id=summary.batch.tag)} <= {people["administrator"]}


@pytest.mark.parametrize(
    ("kind", "header", "row"),
    [
        ("engagements", "reference,title,kind,date,guild", "E{n},Fair,careers_event,2017-03-14,{guild}"),
        ("pledges", "reference,employer,kind,quantity,made_on,guild", "P{n},ZZ000009,placement,3,2017-03-14,{guild}"),
        ("placements", "reference,employer,arranged_on,guild", "W{n},ZZ000009,2017-03-14,{guild}"),
        ("apprenticeships", "reference,employer,opened_on,guild", "A{n},ZZ000009,2017-03-14,{guild}"),
    ],
)
def test_a_coordinator_loads_only_what_the_own_guilds_lead(load, people, kind, header, row):
    def rows(*guilds: str) -> str:
        return "\n".join([header, *(row.format(n=n, guild=guild) for n, guild in enumerate(guilds))])

    mine = load(kind, rows("sciences", "", "land-based"), by=people["coordinator"])
    assert (mine.created, [(number, field) for number, _, field, _ in mine.problems]) == (2, [(4, "guild")])
    load(kind, rows("land-based"))
    taken = load(kind, rows("sciences"), by=people["coordinator"])
    assert taken.refused == 1, "what another guild leads can't be taken over by a file"


def test_a_system_that_has_no_districts_says_what_to_do(db, tmp_path):
    from guilds.reference.models import District, Outcode

    Organisation.objects.all().delete()
    Outcode.objects.all().delete()
    District.objects.all().delete()
    path = Path(tmp_path / "postcodes.csv")
    path.write_text("postcode,district\nTN23 9ZX,E07000105\n")
    [(_, _, _, said)] = run(kind="postcodes", path=path).problems
    assert "load_reference" in said


def test_a_file_that_can_not_be_read_leaves_no_trace(load):
    with pytest.raises(UnreadableFile):
        load("providers", "nothing,of,use\n1,2,3\n")
    assert (Import.objects.count(), ImportBefore.objects.count()) == (0, 0)
