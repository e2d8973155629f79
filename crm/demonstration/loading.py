"""The demonstration, loaded: its files go through the importer, the rest through the actions that pages use too."""

import csv
import os
import secrets
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from crm.demonstration import parts
from crm.demonstration.dates import dated
from crm.demonstration.publications import publish_some
from guilds.engagement.models import Engagement
from guilds.impact.rebuild import rebuild
from guilds.importing.apply import run
from guilds.importing.models import Import, ImportStatus
from guilds.organisations.models import Organisation
from guilds.reference.loading import load_reference

DATA = Path(__file__).parent / "data"
#: What the demonstration's imports are filed under. No uploaded file's name has a slash in it.
FOLDER = "demonstration/"
_REGISTRY = ("standards", "providers", "school_links", "employers", "memberships")
#: "before": the four years before this one, as far as a forecast looks back.
_PERIODS = ("2016-17", "2017-18", "before", "now")
_RECORDS = ("engagements", "pledges", "placements", "apprenticeships")


class Unloadable(Exception):
    """A file of the demonstration was not taken whole: a fault of ours, told in one line for each row."""


def is_loaded() -> bool:
    """Whether this database is a demonstration's."""
    return Import.objects.filter(filename__startswith=FOLDER).exclude(status=ImportStatus.UNDONE).exists()


def holds_data() -> bool:
    """Whether anything is in this database beyond reference data and users."""
    return Organisation.objects.exists() or Engagement.objects.exists()


def empty() -> None:
    """Delete everything, reference data and users too."""
    call_command("flush", interactive=False, verbosity=0)


def load(*, today: date, say: Callable[[str], object] = lambda line: None) -> None:
    """Fill an empty database, all or nothing, and bring the figures up to date.

    Raises Unloadable if a row is refused.
    """
    with transaction.atomic():
        load_reference()
        administrator = parts.add_administrator(_rows("people", today), demo_password())
        for kind in _REGISTRY:
            say(_load_file(kind, kind, today, administrator))
        for period in _PERIODS:
            for kind in _RECORDS:
                say(_load_file(kind, f"{kind}-{period}", today, administrator))
        for name in ("indicators", "context"):
            say(_load_file("indicators", name, today, administrator))
        parts.add_everything_else(
            lambda name: _rows(name, today), password=demo_password(), by=administrator, today=today
        )
    rebuild()
    with transaction.atomic():
        publish_some(by=administrator, today=today)


def demo_password() -> str:
    """The password of the demonstration's people: made once, kept where only this user can read it."""
    path = settings.VAR_DIR / "demo_password"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(12))
    except FileExistsError:
        pass
    return path.read_text().strip()


def _rows(name: str, today: date) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return [{column: dated(cell, today) for column, cell in row.items()} for row in csv.DictReader(file)]


def _load_file(kind: str, name: str, today: date, by) -> str:
    """Import one file, its days written out. Gives a line that says what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.csv"
        _write(path, _rows(name, today))
        summary = run(kind=kind, path=path, by=by, filename=f"{FOLDER}{path.name}")
    refused = [problem for problem in summary.problems if problem[1] == "refused"]
    if refused:
        raise Unloadable("\n".join(f"{name} row {row}: {column}: {said}" for row, _, column, said in refused))
    return f"{name}: {summary.created} rows"


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
