"""Every layout the importer knows, and which of them a file has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from guilds.importing.layouts import boundaries, employers, indicators, providers, records, reference
from guilds.importing.layouts.base import Layout
from guilds.importing.models import Kind
from guilds.importing.reading import Sheet, UnreadableFile
from guilds.importing.rows import Row, column_key

LAYOUTS: tuple[Layout, ...] = (
    *providers.LAYOUTS, *employers.LAYOUTS, *reference.LAYOUTS, *records.LAYOUTS, *boundaries.LAYOUTS, *indicators.LAYOUTS,
)  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A file whose layout is known: its titles, and its rows below the header."""

    layout: Layout
    titles: list[str]
    keys: list[str]
    header_row: int
    sheet: Sheet

    def rows(self) -> Iterator[Row]:
        """The rows that say anything, read by the layout, in the order of the file."""
        columns = {key: place for place, key in enumerate(self.keys) if key}
        for number, cells in self.sheet.records:
            if number > self.header_row and any(cell.strip() for cell in cells):
                row = Row(number, self.titles, cells, columns)
                _refuse_overflow(row)
                self.layout.read(row)
                yield row


def recognise(kind: Kind, sheet: Sheet, columns: Mapping[str, str] | None = None) -> Table:
    """Find the layout of a file from its first rows; titles above the header are passed over.

    `columns` maps the file's own titles to the layout's. Raises UnreadableFile that lists what was looked for.
    """
    known = [layout for layout in LAYOUTS if layout.kind == kind]
    renamed = {column_key(theirs): ours for theirs, ours in (columns or {}).items()}
    for number, cells in sheet.first:
        keys = [column_key(renamed.get(column_key(cell), cell)) for cell in cells]
        fitting = [layout for layout in known if layout.known_by(keys)]
        if fitting:
            return Table(max(fitting, key=lambda layout: len(layout.needs)), cells, keys, number, sheet)
    return _headless(known, sheet) or _refuse(kind, known, sheet)


def _headless(known: list[Layout], sheet: Sheet) -> Table | None:
    first = sheet.first[0][1] if sheet.first else []
    for layout in known:
        if layout.headless and layout.headless(first):
            return Table(layout, list(layout.columns), [column_key(title) for title in layout.columns], 0, sheet)
    return None


def _refuse(kind: Kind, known: list[Layout], sheet: Sheet):
    looked_for = "; ".join(f"{layout.name} ({', '.join(sorted(layout.needs))})" for layout in known)
    widest = max((cells for _, cells in sheet.first), key=len, default=[])
    found = ", ".join(filter(None, (cell.strip() for cell in widest[:12])))
    raise UnreadableFile(f"No header that is known for {kind.value}. Looked for: {looked_for}. Found: {found}")


def _refuse_overflow(row: Row) -> None:
    extra = [cell for cell in row.raw[len(row.titles) :] if cell.strip()]
    if extra:
        row.refuse("row", f"It has {len(row.raw)} cells and the header {len(row.titles)}: a stray delimiter or quote?")
