"""The refused rows, handed back in a file that is ready to be corrected and loaded again."""

import csv
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from guilds.importing.models import Import, Outcome

#: What is added to the file's own columns.
ADDED = ("row", "field", "message")


def write_refused(batch: Import, path: Path) -> Path:
    """Write `<name>.refused.csv` beside the file and give its path; where one may not write, in a folder of its own."""
    target = path.with_name(f"{path.stem}.refused.csv")
    try:
        _write(batch, target)
    except OSError:
        target = Path(tempfile.mkdtemp(prefix="guildhall-refused-")) / target.name
        _write(batch, target)
    return target


def _write(batch: Import, target: Path) -> None:
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        write_refused_to(batch, file)


def write_refused_to(batch: Import, file: TextIO) -> None:
    """The refused rows as CSV: the cells as they stood, then the spreadsheet's row number, field and reason.

    Cells are not escaped against formulae: they go back to whoever sent them, and must load as they stood.
    """
    writer = csv.writer(file)
    own = [place for place, title in enumerate(batch.titles) if title.strip().lower() not in ADDED]
    writer.writerow([*(batch.titles[place] for place in own), *ADDED])
    for number, raw, said in _refused_rows(batch):
        cells = [raw[place] if place < len(raw) else "" for place in own]
        fields = "; ".join(dict.fromkeys(column for column, _ in said))
        writer.writerow([*cells, number, fields, "; ".join(message for _, message in said)])


def _refused_rows(batch: Import) -> Iterator[tuple[int, list[str], list[tuple[str, str]]]]:
    said = defaultdict(list)
    raws: dict[int, list[str]] = {}
    for refusal in batch.rows.filter(outcome=Outcome.REFUSED).order_by("row", "id"):
        said[refusal.row].append((refusal.field, refusal.message))
        if refusal.raw is not None:
            raws[refusal.row] = refusal.raw
    return ((number, raws.get(number, []), said[number]) for number in sorted(said))
