"""A file, loaded: through the topics' actions, in one transaction, or in batches that can be resumed if it is long."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from guilds.access.permissions import allowed
from guilds.audit.context import current_request_id
from guilds.importing.layouts import Table, recognise
from guilds.importing.loaders import Loader, Run, loader_for
from guilds.importing.models import Import, ImportBefore, ImportRow, ImportStatus, Kind, Outcome
from guilds.importing.reading import UnreadableFile, checksum, open_sheet
from guilds.importing.refused import write_refused
from guilds.importing.rows import Row

#: A longer file is saved batch by batch; a shorter one in one transaction.
ONE_TRANSACTION = 10_000
_SHOWN = 500
_REMEMBERED = 5_000
COUNTS = ("created", "updated", "unchanged", "warned", "refused")


@dataclass
class Summary:
    """What an import did (or would do): counts of rows, and what there is to say about them.

    `warned` rows are also counted as created, updated or unchanged. `problems` are (row, outcome, field, message)
    of the first rows; all of them are on `batch`, which a dry run has not.
    """

    kind: Kind
    layout: str
    encoding: str
    counts: Counter = field(default_factory=Counter)
    problems: list[tuple[int, str, str, str]] = field(default_factory=list)
    batch: Import | None = None
    titles: list[str] = field(default_factory=list)
    #: Of a plan for an uploaded file: what there is to say about its rows, as it is kept.
    said: list[ImportRow] = field(default_factory=list)
    refused_path: Path | None = None

    def __getattr__(self, name: str) -> int:
        if name in COUNTS:
            return self.counts[name]
        raise AttributeError(name)

    def add(self, rows: list[Row]) -> None:
        """Count some rows that were taken."""
        for row in rows:
            self.counts["refused" if row.refusals else row.outcome] += 1
            self.counts["warned"] += bool(row.warnings and not row.refusals)
            if len(self.problems) < _SHOWN:
                self.problems += [(row.number, *said) for said in _said(row)]


def run(
    *,
    kind: str,
    path: Path | str,
    by=None,
    dry_run: bool = False,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    progress: Callable[[int], None] | None = None,
    filename: str = "",
    batch: Import | None = None,
) -> Summary:
    """Import a file of one kind. `by` None is the system itself.

    `dry_run` does all of it and takes it back, so the plan is exactly what loading would do. `columns` maps the file's
    titles to the layout's; `progress` is told the number of rows done; `filename` is what the file is called where
    `path` is only a copy of it. The refused rows are written beside the file, unless it is an uploaded one, whose import
    (`batch`) is there already.
    Raises UnreadableFile for the file as a whole, PermissionDenied where `by` may not load it.
    """
    path, loader = Path(path), loader_for(_kind(kind))
    _check_permission(by, loader)
    table = _open(kind, path, encoding, columns)
    job = _Job(
        table,
        loader,
        Run(by=by, filename=filename or path.name, today=timezone.localdate()),
        Summary(Kind(kind), table.layout.name, table.sheet.encoding, titles=table.titles),
        progress or (lambda done: None),
        uploaded=batch,
    )
    chunks = _chunks(table, loader, lambda: _open(kind, path, encoding, columns))
    if dry_run:
        return job.plan(chunks)
    summary = job.load(chunks, path)
    if summary.refused and summary.batch and not batch:
        summary.refused_path = write_refused(summary.batch, path)
    return summary


@dataclass
class _Job:
    """One run over one table."""

    table: Table
    loader: Loader
    context: Run
    summary: Summary
    progress: Callable[[int], None]
    done: int = 0
    uploaded: Import | None = None

    def plan(self, chunks: Iterator[list[Row]]) -> Summary:
        with transaction.atomic():
            for rows in chunks:
                self._take(rows)
                self._remember(rows)
            transaction.set_rollback(True)
        return self.summary

    def load(self, chunks: Iterator[list[Row]], path: Path) -> Summary:
        """In one transaction if the file is short; else each chunk in its own, going on where a run was stopped."""
        first, chunks = _first_rows(chunks)
        short = sum(map(len, first)) <= ONE_TRANSACTION
        with transaction.atomic() if short else nullcontext():
            batch = self._batch(path, resumable=not short)
            with tagged(batch.tag), _stopping(batch, resumable=not short):
                for rows in self._not_done(itertools.chain(first, chunks), batch.rows_done):
                    with transaction.atomic():
                        self._take(rows)
                        self._keep(rows, batch)
                batch.status, batch.finished_at = ImportStatus.DONE, timezone.now()
                batch.save()
        self.summary.batch = batch
        return self.summary

    def _take(self, rows: list[Row]) -> None:
        self.loader.take(rows, self.context)
        self.summary.add(rows)
        self.done += len(rows)
        self.progress(self.done)

    def _remember(self, rows: list[Row]) -> None:
        """What there is to say of the rows of an uploaded file, so that it is seen before anything is loaded."""
        if self.uploaded and len(self.summary.said) < _REMEMBERED:
            self.summary.said += [kept for row in rows for kept in _kept(row, self.uploaded)]

    def _batch(self, path: Path, *, resumable: bool) -> Import:
        """The import of an uploaded file, a new one, or the one of this very file that was stopped."""
        if self.uploaded:
            self.summary.counts.update({name: getattr(self.uploaded, name) for name in COUNTS})
            return self.uploaded
        digest = checksum(path)
        unfinished = (
            Import.objects.filter(
                checksum=digest,
                kind=self.summary.kind,
                rows_done__gt=0,
                imported_by=self.context.by,
                status__in=(ImportStatus.RUNNING, ImportStatus.STOPPED),
            ).first()
            if resumable
            else None
        )
        if unfinished:
            self.summary.counts.update({name: getattr(unfinished, name) for name in COUNTS})
            return unfinished
        return Import.objects.create(
            kind=self.summary.kind,
            filename=self.context.filename[:250],
            checksum=digest,
            layout=self.summary.layout,
            encoding=self.summary.encoding,
            imported_by=self.context.by,
            titles=self.table.titles,
        )

    def _not_done(self, chunks: Iterator[list[Row]], rows_done: int) -> Iterator[list[Row]]:
        for rows in chunks:
            if self.done + len(rows) <= rows_done:
                self.done += len(rows)
            else:
                yield rows

    def _keep(self, rows: list[Row], batch: Import) -> None:
        """What there is to say of these rows, and how far the import is; in the rows' own transaction."""
        ImportRow.objects.bulk_create((kept for row in rows for kept in _kept(row, batch)), batch_size=500)
        for model, states in self.context.before.items():
            ImportBefore.objects.create(batch=batch, model=model, states=states)
        self.context.before.clear()
        for name in COUNTS:
            setattr(batch, name, self.summary.counts[name])
        batch.rows_done, batch.status = self.done, ImportStatus.RUNNING
        batch.save()


@contextmanager
def tagged(tag: str) -> Iterator[None]:
    """Mark the events that are written meanwhile as one import's."""
    token = current_request_id.set(tag)
    try:
        yield
    finally:
        current_request_id.reset(token)


@contextmanager
def _stopping(batch: Import, *, resumable: bool) -> Iterator[None]:
    """A long import that breaks off says so, and can go on later."""
    try:
        yield
    except BaseException:
        if resumable:
            Import.objects.filter(pk=batch.pk).update(status=ImportStatus.STOPPED)
        raise


def _kind(kind: str) -> Kind:
    if kind not in Kind.values:
        raise UnreadableFile(f"There is no kind of file called {kind!r}: one of {', '.join(Kind.values)}")
    return Kind(kind)


def _check_permission(by, loader: Loader) -> None:
    if by is not None and not (allowed(by, "import.run") and allowed(by, loader.permission)):
        raise PermissionDenied(f"{by.email} may not load this kind of file")


def _open(kind: str, path: Path, encoding: str | None, columns: Mapping[str, str] | None) -> Table:
    return recognise(Kind(kind), open_sheet(path, encoding), columns)


def _said(row: Row) -> list[tuple[Outcome, str, str]]:
    if row.refusals:
        return [(Outcome.REFUSED, *said) for said in row.refusals]
    return [(Outcome.WARNED, *said) for said in row.warnings] + [(Outcome.SUGGESTED, *said) for said in row.suggestions]


def _kept(row: Row, batch: Import) -> Iterator[ImportRow]:
    for place, (outcome, column, message) in enumerate(_said(row)):
        raw = row.raw if outcome == Outcome.REFUSED and place == 0 else None
        yield ImportRow(batch=batch, row=row.number, outcome=outcome, field=column[:60], message=message, raw=raw)


def _first_rows(chunks: Iterator[list[Row]]) -> tuple[list[list[Row]], Iterator[list[Row]]]:
    """Enough chunks to know whether the file is short."""
    first: list[list[Row]] = []
    while sum(map(len, first)) <= ONE_TRANSACTION and (rows := next(chunks, None)) is not None:
        first.append(rows)
    return first, chunks


def _chunks(table: Table, loader: Loader, reopen: Callable[[], Table]) -> Iterator[list[Row]]:
    """The rows, some thousand at a time; rows that are one record are never in two chunks."""
    units = _units(table, loader.grouped_by, reopen) if loader.grouped_by else ([row] for row in table.rows())
    chunk: list[Row] = []
    for unit in units:
        chunk += unit
        if len(chunk) >= loader.chunk:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _units(table: Table, column: str, reopen: Callable[[], Table]) -> Iterator[list[Row]]:
    """Rows with the same reference, wherever they stand; the file is read twice so as not to be kept in memory."""
    expected = Counter(row.cell(column) for row in reopen().rows())
    waiting: dict[str, list[Row]] = defaultdict(list)
    for row in table.rows():
        reference = row.cell(column)
        waiting[reference].append(row)
        if not reference or len(waiting[reference]) == expected[reference]:
            yield waiting.pop(reference)
