"""What the tests of importing share: reference data, a way to write a file and load it."""

from pathlib import Path

import pytest

from guilds.importing.apply import Summary, run
from guilds.reference.models import OUTSIDE, District, Guild

REGISTERS = Path(__file__).resolve().parents[4] / "shared" / "data"
DISTRICTS = {
    "E07000105": "Ashford", "E07000106": "Canterbury", "E07000107": "Dartford", "E07000108": "Dover",
    "E07000109": "Gravesham", "E07000110": "Maidstone", "E07000111": "Sevenoaks", "E07000112": "Folkestone and Hythe",
    "E07000113": "Swale", "E07000114": "Thanet", "E07000115": "Tonbridge and Malling",
    "E07000116": "Tunbridge Wells", "E06000035": "Medway", OUTSIDE: "Outside Kent and Medway",
}  # fmt: skip


@pytest.fixture
def places(db):
    """The districts and two guilds."""
    for code, name in DISTRICTS.items():
        District.objects.create(code=code, name=name, former_names=["Shepway"] if code == "E07000112" else [])
    Guild.objects.create(slug="hospitality-tourism", name="Hospitality and Tourism", sic_prefixes=["55", "56"])
    Guild.objects.create(slug="sciences", name="Sciences", sic_prefixes=["72"])


@pytest.fixture
def load(tmp_path):
    """Write a file's text and import it."""

    def write_and_load(kind: str, text: str, name: str = "", **options) -> Summary:
        path = tmp_path / (name or f"{kind}.csv")
        path.write_text(text, encoding="utf-8")
        return run(kind=kind, path=path, **options)

    return write_and_load


@pytest.fixture
def register():
    """The path of a real public register; without the folder such a test is skipped, and says so."""

    def find(name: str) -> Path:
        path = REGISTERS / name
        if not path.exists():
            pytest.skip(f"The public registers are not there: no {path.name} in ../shared/data")
        return path

    return find
