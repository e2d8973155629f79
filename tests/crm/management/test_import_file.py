"""Files from the command line: what is printed, and with which status it ends."""

import pytest
from django.core.management import CommandError, call_command

from guilds.access.actions import create_user
from guilds.importing.models import Import
from guilds.organisations.models import Organisation
from guilds.reference.loading import load_reference

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(tmp_path):
    load_reference()
    path = tmp_path / "schools.csv"
    path.write_text("name,urn\nLarkmere,990001\nQuillhaven,x\n")
    return path


def test_summary_refused_rows_and_status(path, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("import_file", "providers", path)
    assert ended.value.code == 1
    out = capsys.readouterr().out
    for line in ["created: 1", "updated: 0", "unchanged: 0", "warned: 0", "refused: 1", "row 3: refused: urn:",
                 f"refused rows: {path.with_name('schools.refused.csv')}", f"import: {Import.objects.get().pk}"]:  # fmt: skip
        assert line in out


def test_nothing_refused_ends_well(path, capsys):
    path.write_text("name,urn\nLarkmere,990001\n")
    call_command("import_file", "providers", path)
    assert "refused: 0" in capsys.readouterr().out


def test_dry_run_says_so(path, capsys):
    path.write_text("name,urn\nLarkmere,990001\n")
    call_command("import_file", "providers", path, "--dry-run")
    out = capsys.readouterr().out
    assert "created: 1" in out
    assert "dry run: nothing was changed" in out
    assert not Organisation.objects.exists()


def test_in_the_name_of_somebody(path):
    path.write_text("name,urn\nLarkmere,990001\n")
    user = create_user(by=None, email="a@guildhall.example", role="administrator")
    call_command("import_file", "providers", path, "--user", "A@guildhall.example", verbosity=0)
    assert Import.objects.get().imported_by == user


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["magic", "x.csv"], "no kind of file called 'magic'"),
        (["providers", "nowhere.csv"], "There is no file nowhere.csv"),
        (["providers", "x.csv", "--user", "nobody@guildhall.example"], "no active user"),
    ],
)
def test_what_can_not_be_done_is_said_in_one_line(db, arguments, said):
    with pytest.raises(CommandError, match=said) as refused:
        call_command("import_file", *arguments)
    assert "\n" not in str(refused.value)


def test_somebody_who_may_not(path):
    create_user(by=None, email="m@guildhall.example", role="commission")
    with pytest.raises(CommandError, match="may not load"):
        call_command("import_file", "providers", path, "--user", "m@guildhall.example")


def test_an_encoding_on_request(path):
    path.write_bytes("name,urn\nMariën,990001\n".encode("cp850"))
    call_command("import_file", "providers", path, "--encoding", "cp850", verbosity=0)
    assert Organisation.objects.get().name == "Mariën"


def test_undo(path, capsys):
    path.write_text("name,urn\nLarkmere,990001\n")
    call_command("import_file", "providers", path, verbosity=0)
    call_command("undo_import", str(Import.objects.get().pk))
    assert "removed: 1\nrestored: 0\nkept: 0" in capsys.readouterr().out
    assert not Organisation.objects.exists()
    with pytest.raises(CommandError, match="undone already"):
        call_command("undo_import", str(Import.objects.get().pk))


@pytest.mark.parametrize("number", ["x", "0190163d-8694-739b-aea5-966c26f8ad91"])
def test_undo_of_what_there_is_not(db, number):
    with pytest.raises(CommandError, match="There is no import"):
        call_command("undo_import", number)
