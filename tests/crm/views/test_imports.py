"""Files through the browser: checked first, loaded when asked, undone; and what is refused."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm import tasks
from guilds.importing import uploads
from guilds.importing.models import Import
from guilds.organisations import actions as registry
from guilds.organisations.models import Organisation
from guilds.reference.loading import load_reference
from tests import factories as make

pytestmark = pytest.mark.django_db

LIST = "/imports/"
GOOD = "name,company_number,postcode\nBay Hotel,01234567,CT10 1AA\nCliff Works,01234568,ME14 1XX\n"
MIXED = GOOD + ",01234569,CT10 1AA\n"


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    load_reference()


@pytest.fixture
def coordinator(client):
    user = make.make_coordinator()
    client.force_login(user)
    return user


def upload(client, content: str | bytes = GOOD, kind: str = "employers", name: str = "firms.csv", **more):
    content = content.encode() if isinstance(content, str) else content
    words = {"kind": kind, "encoding": "", "file": SimpleUploadedFile(name, content)} | more
    return client.post(reverse("import_new"), words)


def checked(client, content: str = GOOD, **more) -> Import:
    upload(client, content, **more)
    batch = Import.objects.latest("created_at")
    tasks.plan_import(str(batch.pk))
    batch.refresh_from_db()
    return batch


def loaded(client, content: str = GOOD, **more) -> Import:
    batch = checked(client, content, **more)
    client.post(reverse("import_load", args=[batch.pk]))
    tasks.load_import(str(batch.pk))
    batch.refresh_from_db()
    return batch


def kept_files() -> list[Path]:
    return list(uploads.folder().glob("*")) if uploads.folder().exists() else []


def page(client, batch: Import, name: str = "import_detail", **query) -> str:
    return client.get(reverse(name, args=[batch.pk]), query).content.decode()


def test_uploaded_file_is_kept_under_a_name_that_says_nothing(client, coordinator, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = upload(client)
    batch = Import.objects.get()
    assert response["Location"] == reverse("import_detail", args=[batch.pk])
    (path,) = kept_files()
    assert path.name == batch.stored_as and "firms" not in path.name
    assert path.stat().st_mode & 0o077 == 0
    assert "being checked" in page(client, batch)
    assert not Organisation.objects.exists()


def test_plan_is_shown_and_changes_nothing(client, coordinator):
    batch = checked(client, MIXED)
    assert (batch.status, batch.created, batch.refused, batch.rows_total) == ("planned", 2, 1, 3)
    assert not Organisation.objects.exists()
    shown = page(client, batch)
    assert "would be created" in shown and "Load the file" in shown and "Nothing has been loaded yet" in shown
    assert "Enter this" in shown


def test_loading_does_what_the_plan_said_and_removes_the_file(client, coordinator):
    batch = loaded(client, MIXED)
    assert (batch.status, batch.created, batch.refused, batch.rows_done) == ("done", 2, 1, 3)
    assert Organisation.objects.count() == 2
    assert {row.row for row in batch.rows.filter(outcome="refused")} == {4}
    assert kept_files() == [] and batch.stored_as == ""
    assert "Undo this import" in page(client, batch)


def test_loading_twice_loads_once(client, coordinator):
    batch = loaded(client)
    client.post(reverse("import_load", args=[batch.pk]))
    tasks.load_import(str(batch.pk))
    assert Organisation.objects.count() == 2
    again = loaded(client)
    assert (again.created, again.unchanged) == (0, 2)


def test_run_that_is_going_on_is_not_started_again(client, coordinator):
    batch = checked(client)
    client.post(reverse("import_load", args=[batch.pk]))
    tasks.cache.add(f"import-run:{batch.pk}", 1, 60)
    tasks.load_import(str(batch.pk))
    assert not Organisation.objects.exists()


def test_stopped_import_says_so_and_goes_on(client, coordinator):
    batch = checked(client)
    client.post(reverse("import_load", args=[batch.pk]))

    def break_off(done: int) -> None:
        raise OSError("the machine went down")

    with pytest.raises(OSError, match="went down"):
        uploads.load(batch=batch, progress=break_off)
    assert not Organisation.objects.exists()
    shown = page(client, batch)
    assert "It was stopped after 0 of 2 rows" in shown and "Go on" in shown
    client.post(reverse("import_load", args=[batch.pk]))
    tasks.load_import(str(batch.pk))
    batch.refresh_from_db()
    assert (batch.status, batch.created, Organisation.objects.count()) == ("done", 2, 2)


def test_refused_rows_come_back_ready_to_be_corrected(client, coordinator):
    batch = loaded(client, MIXED)
    response = client.get(reverse("import_refused", args=[batch.pk]))
    assert response["Content-Disposition"] == 'attachment; filename="firms.refused.csv"'
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "name,company_number,postcode,row,field,message"
    assert lines[1].startswith(",01234569,CT10 1AA,4,name,")
    corrected = response.content.decode("utf-8-sig").replace("\n,01234569", "\nGull Inn,01234569")
    assert loaded(client, corrected, name="firms.refused.csv").created == 1


def test_refused_rows_can_be_had_before_anything_is_loaded(client, coordinator):
    batch = checked(client, MIXED)
    assert client.get(reverse("import_refused", args=[batch.pk])).content.count(b"01234569") == 1


def test_undo_asks_first_and_takes_back(client, coordinator):
    batch = loaded(client)
    assert "Undo this import?" in page(client, batch, "import_undo")
    client.post(reverse("import_undo", args=[batch.pk]))
    assert "Being undone" in page(client, batch)
    tasks.undo_import(str(batch.pk), str(coordinator.pk))
    assert not Organisation.objects.exists()
    shown = page(client, batch)
    assert "has been taken back" in shown and "Undo this import" not in shown


def test_undo_says_what_it_kept(client, coordinator):
    batch = loaded(client)
    registry.correct(by=coordinator, organisation=Organisation.objects.get(name="Bay Hotel"), phone="01843 000000")
    tasks.undo_import(str(batch.pk), str(coordinator.pk))
    assert [row.name for row in Organisation.objects.all()] == ["Bay Hotel"]
    assert "Bay Hotel: it was changed after the import" in page(client, batch)


def test_planned_file_has_nothing_to_undo(client, coordinator):
    batch = checked(client)
    assert client.get(reverse("import_undo", args=[batch.pk])).status_code == 302
    client.post(reverse("import_undo", args=[batch.pk]))
    batch.refresh_from_db()
    assert batch.status == "planned"


def test_file_is_forgotten_unless_it_was_loaded(client, coordinator, django_capture_on_commit_callbacks):
    batch = checked(client)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("import_discard", args=[batch.pk]))
    assert not Import.objects.exists() and kept_files() == []
    assert client.post(reverse("import_discard", args=[loaded(client).pk])).status_code == 409


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"%PDF-1.7 ...", "firms.csv", "is a PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x02\x03\xff\xfe", "firms.csv", "not a CSV or XLSX"),
        (b"PK\x03\x04 this is no archive", "firms.xlsx", "is damaged"),
        (b"   \n", "firms.csv", "is empty"),
    ],
)
def test_what_is_no_such_file_is_refused_by_its_content(client, coordinator, content, name, why):
    response = upload(client, content, name=name)
    assert why in str(response.context["form"].errors["file"])
    assert "/imports/" not in str(response.context["form"].errors["file"])
    assert not Import.objects.exists() and kept_files() == []


THEIRS = "Employers of the county\nCompany,Company No,Town\nBay Hotel,1234567,Bayford\n"


def test_columns_of_an_unknown_header_are_named_by_a_person(client, coordinator):
    response = upload(client, THEIRS)
    batch = Import.objects.get()
    address = reverse("import_columns", args=[batch.pk])
    assert response["Location"] == address
    assert "Say which column is which" in page(client, batch)
    form = client.get(address).context["form"]
    assert (form["name"].initial, form["company_number"].initial) == ("Company", "Company No")
    client.post(address, {"name": "Company", "company_number": "Company No"})
    tasks.plan_import(str(batch.pk))
    client.post(reverse("import_load", args=[batch.pk]))
    tasks.load_import(str(batch.pk))
    assert Organisation.objects.identified("companies_house", "01234567").get().name == "Bay Hotel"
    assert client.get(address).status_code == 302


def test_columns_that_make_no_sense_are_told_beside_their_boxes(client, coordinator):
    upload(client, THEIRS)
    address = reverse("import_columns", args=[Import.objects.get().pk])
    assert client.post(address, {"name": ""}).context["form"].errors.keys() == {"name"}
    twice = client.post(address, {"name": "Town", "address": "Town"})
    assert twice.context["form"].errors.keys() == {"name", "address"}
    assert client.post(address, {"name": "Nonsense"}).context["form"].errors.keys() == {"name"}


def test_file_that_is_too_large_is_refused(client, coordinator, monkeypatch):
    monkeypatch.setattr("guilds.importing.uploads.LARGEST", 10)
    assert "larger than" in str(upload(client).context["form"].errors["file"])
    assert kept_files() == []


def test_spreadsheet_that_unpacks_to_too_much_is_refused(client, coordinator, monkeypatch):
    import io
    import zipfile

    monkeypatch.setattr("guilds.importing.uploads.LARGEST_UNPACKED", 1000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "0" * 5000)
    assert "holds more than" in str(upload(client, packed.getvalue(), name="a.xlsx").context["form"].errors["file"])


def test_nothing_chosen_is_told_beside_each_box(client, coordinator):
    response = client.post(reverse("import_new"), {})
    assert response.context["form"].errors.keys() == {"kind", "file"}


def test_coordinators_are_not_offered_reference_files(client, coordinator):
    assert "postcodes" not in client.get(reverse("import_new")).content.decode()
    assert upload(client, "pcd,code\n", kind="postcodes").context["form"].errors.keys() == {"kind"}
    client.force_login(make.make_administrator())
    assert "postcodes" in client.get(reverse("import_new")).content.decode()


@pytest.mark.parametrize(
    "make_reader", [make.make_employer_member, make.make_school_member, make.make_commission_member]
)
def test_files_are_the_teams_work(client, coordinator, make_reader):
    batch = loaded(client, MIXED)
    client.force_login(make_reader())
    assert client.get(LIST).status_code == 403
    assert upload(client).status_code == 403
    for name in ("import_detail", "import_refused", "import_undo"):
        assert client.get(reverse(name, args=[batch.pk])).status_code == 404
    for name in ("import_load", "import_discard", "import_undo"):
        assert client.post(reverse(name, args=[batch.pk])).status_code == 404


def test_lost_file_says_so(client, coordinator):
    batch = checked(client)
    uploads._path(batch).unlink()
    client.post(reverse("import_load", args=[batch.pk]))
    tasks.load_import(str(batch.pk))
    assert "no longer there" in page(client, batch)


def test_old_files_that_nobody_loads_are_forgotten(client, coordinator):
    old, waiting = checked(client), checked(client)
    Import.objects.filter(pk=old.pk).update(updated_at=make.moment())
    tasks.forget_uploads()
    assert [batch.pk for batch in Import.objects.all()] == [waiting.pk]
    assert [path.name for path in kept_files()] == [waiting.stored_as]


def test_list_filters_and_costs_the_same_for_many(client, coordinator):
    for _ in range(3):
        upload(client)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for _ in range(27):
        upload(client)
    with CaptureQueriesContext(connection) as many:
        assert len(client.get(LIST).context["listing"].rows) == 25
    assert len(many) == len(few) <= 5
    assert client.get(LIST, {"kind": "pledges"}).context["listing"].rows == []


def test_many_refusals_are_shown_a_page_at_a_time(client, coordinator):
    batch = loaded(client, GOOD + "".join(f",{number:08},\n" for number in range(130)))
    first = client.get(reverse("import_detail", args=[batch.pk])).context["said"]
    second = client.get(reverse("import_detail", args=[batch.pk]), {"cursor": first.next}).context["said"]
    assert len(first.rows) == len(second.rows) == 100
    assert {row.pk for row in first.rows}.isdisjoint(row.pk for row in second.rows)
    numbers = [row.row for row in first.rows + second.rows]
    assert numbers == sorted(numbers)
    assert client.get(reverse("import_detail", args=[batch.pk]), {"outcome": "warned"}).context["said"].rows == []
