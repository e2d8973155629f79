"""What the tests of importing share: reference data, a way to write a file and load it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from guilds.importing.apply import Summary, run
from guilds.reference.loading import load_reference

REGISTERS = Path(__file__).resolve().parents[4] / "shared" / "data"


@pytest.fixture(scope="module")
def reference(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The guilds, districts and outcodes that come with the system; taken back after the module's last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_reference()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def places(reference, db):
    """The guilds, districts and outcodes, and a database for one test."""


@pytest.fixture
def load(tmp_path):
    """Write a file's text and import it."""

    def write_and_load(kind: str, text: str, name: str = "", **options) -> Summary:
        path = tmp_path / (name or f"{kind}.csv")
        path.write_text(text, encoding="utf-8")
        return run(kind=kind, path=path, **options)

    return write_and_load


@pytest.fixture
def register(tmp_path):
    """A real public register, in a folder that may be written to; without them a test is skipped, and says so."""

    def find(name: str) -> Path:
        original, path = REGISTERS / name, tmp_path / name
        if not original.exists():
            pytest.skip(f"The public registers are not there: no {name} in ../shared/data")
        if not path.exists():
            path.symlink_to(original)
        return path

    return find
