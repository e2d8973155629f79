"""Files that somebody uploads: kept aside under a name that says nothing, checked, shown, loaded, and removed."""

import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from guilds.access.permissions import allowed
from guilds.audit.refusals import Conflict, refuse
from guilds.importing.apply import COUNTS, Summary, run
from guilds.importing.layouts import recognise
from guilds.importing.loaders import loader_for
from guilds.importing.models import Import, ImportRow, ImportStatus, Kind
from guilds.importing.naming import titles_of
from guilds.importing.reading import Sheet, UnreadableFile, checksum, open_sheet

#: Bytes. The postcode file of the whole country has some 200 million.
LARGEST = 300_000_000
#: Bytes of what a spreadsheet holds once it is unpacked: a small file can hold a great deal.
LARGEST_UNPACKED = 1_000_000_000
_SPREADSHEET = b"PK\x03\x04"
#: How files begin that are no tables, whatever they are called.
_NO_TABLES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x7fELF",
    b"MZ\x90",
    b"{\\rtf",
)
#: The statuses in which loading may begin, or go on.
_LOADABLE = (ImportStatus.PLANNED, ImportStatus.STOPPED, ImportStatus.RUNNING)
#: The statuses of a file of which nothing has been loaded.
NOT_LOADED = (ImportStatus.RECEIVED, ImportStatus.UNNAMED, ImportStatus.PLANNED, ImportStatus.FAILED)

Progress = Callable[[int], None]


def folder() -> Path:
    """Where uploaded files wait: outside of everything that a web server shows."""
    return Path(settings.MEDIA_ROOT) / "imports"


def kinds_for(user) -> list[Kind]:
    """The kinds of file that somebody may load."""
    return [kind for kind in Kind if allowed(user, "import.run") and allowed(user, loader_for(kind).permission)]


def receive(*, by, kind: str, filename: str, chunks: Iterable[bytes], encoding: str = "") -> Import:
    """Keep an uploaded file until it is checked. It must be a table, by its content and whatever it is called.

    One whose header nobody knows waits until somebody has named its columns. `encoding` is only for a file that is guessed
    wrongly. Raises ValidationError keyed by field, PermissionDenied where
    `by` may not load such files.
    """
    if Kind(kind) not in kinds_for(by):
        raise PermissionDenied(f"{by.email} may not load this kind of file")
    stored_as = uuid4().hex
    path = folder() / stored_as
    try:
        _store(path, chunks)
        sheet = _open(path, encoding, filename)
        batch = Import(kind=kind, filename=filename[:250], checksum=checksum(path), encoding=sheet.encoding)
        batch.layout = _layout_of(kind, sheet)
        batch.status = ImportStatus.RECEIVED if batch.layout else ImportStatus.UNNAMED
        batch.titles = [] if batch.layout else titles_of(sheet)
        batch.imported_by, batch.stored_as = by, stored_as
        batch.save()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return batch


def name_columns(*, by, batch: Import, columns: Mapping[str, str]) -> Import:
    """Say which of the file's titles are which of our columns. Raises ValidationError, Conflict, PermissionDenied."""
    if Kind(batch.kind) not in kinds_for(by):
        raise PermissionDenied(f"{by.email} may not load this kind of file")
    sheet = _open(_path(batch), batch.encoding if _is_text(batch) else "", batch.filename)
    try:
        layout = recognise(Kind(batch.kind), sheet, columns).layout.name
    except UnreadableFile as error:
        raise refuse("columns", str(error), "unreadable") from None
    with transaction.atomic():
        now = Import.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        if now.status != ImportStatus.UNNAMED:
            raise Conflict({"status": Conflict("The columns of this file are known already", code="lifecycle")})
        now.columns, now.layout, now.status = dict(columns), layout, ImportStatus.RECEIVED
        now.save()
    return now


def plan(*, batch: Import, progress: Progress | None = None) -> Import:
    """Find out what loading an uploaded file would do, and keep that on its import. Nothing else is changed.

    A second call while nothing has been loaded plans anew. Raises nothing for a file that can't be read: the import says so.
    """
    batch.refresh_from_db()
    if batch.status not in (ImportStatus.RECEIVED, ImportStatus.PLANNED):
        return batch
    try:
        summary = _run(batch, dry_run=True, progress=progress)
    except UnreadableFile as error:
        return _fail(batch, str(error))
    with transaction.atomic():
        batch.rows.all().delete()
        ImportRow.objects.bulk_create(summary.said, batch_size=500)
        for name in COUNTS:
            setattr(batch, name, summary.counts[name])
        batch.rows_total = sum(summary.counts[name] for name in COUNTS if name != "warned")
        batch.titles, batch.layout, batch.encoding = summary.titles, summary.layout, summary.encoding
        batch.status = ImportStatus.PLANNED
        batch.save()
    return batch


def agree(*, by, batch: Import) -> Import:
    """Say that a checked file is to be loaded; what was said of its rows makes way for what becomes of them.

    Raises Conflict unless it waits for that (or was stopped part-way), PermissionDenied where `by` may not load it.
    """
    if Kind(batch.kind) not in kinds_for(by):
        raise PermissionDenied(f"{by.email} may not load this kind of file")
    with transaction.atomic():
        now = Import.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        if now.status not in _LOADABLE or not now.stored_as:
            raise Conflict({"status": Conflict("This file can't be loaded (any more)", code="lifecycle")})
        if now.status == ImportStatus.PLANNED:
            now.rows.all().delete()
            for name in COUNTS:
                setattr(now, name, 0)
            now.rows_done, now.imported_by = 0, by
        now.status = ImportStatus.RUNNING
        now.save()
    return now


def load(*, batch: Import, progress: Progress | None = None) -> Import:
    """Load an uploaded file that somebody has agreed to, or go on where loading stopped; then remove the file.

    One that is loaded already stays as it is. Raises what stopped it, after the import says so.
    """
    batch.refresh_from_db()
    if batch.status not in (ImportStatus.RUNNING, ImportStatus.STOPPED) or not batch.stored_as:
        return batch
    try:
        _run(batch, progress=progress)
    except UnreadableFile as error:
        return _fail(batch, str(error))
    except Exception:
        _say_stopped(batch)
        raise
    return _remove_file(batch)


def discard(*, by, batch: Import) -> None:
    """Forget a file that was not loaded. Raises Conflict if it was, PermissionDenied where `by` may not import."""
    if not allowed(by, "import.run"):
        raise PermissionDenied(f"{by.email} may not import")
    with transaction.atomic():
        now = Import.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        if now.status not in NOT_LOADED:
            raise Conflict({"status": Conflict("This file has been loaded: undo it instead", code="lifecycle")})
        transaction.on_commit(lambda: _path(now).unlink(missing_ok=True) if now.stored_as else None)
        now.delete()


def forget_files(before: datetime) -> int:
    """Remove uploaded files that nobody has loaded since a moment, with their imports. Gives their number."""
    old = list(Import.objects.filter(status__in=NOT_LOADED, updated_at__lt=before).exclude(stored_as=""))
    for batch in old:
        _path(batch).unlink(missing_ok=True)
        batch.delete()
    return len(old)


def _path(batch: Import) -> Path:
    return folder() / batch.stored_as


def _run(batch: Import, **how) -> Summary:
    path = _path(batch)
    if not path.exists():
        raise UnreadableFile("The file is no longer there: upload it again")
    try:
        return run(
            kind=batch.kind, path=path, by=batch.imported_by, encoding=batch.encoding if _is_text(batch) else None,
            filename=batch.filename, columns=batch.columns, batch=batch, **how,
        )  # fmt: skip
    except UnreadableFile as error:
        raise UnreadableFile(str(error).replace(path.name, batch.filename)) from None


def _say_stopped(batch: Import) -> None:
    """The import as the database has it: what was taken back with a transaction is not done."""
    now = Import.objects.get(pk=batch.pk)
    now.status = ImportStatus.STOPPED
    now.save(update_fields=["status", "updated_at"])


def _is_text(batch: Import) -> bool:
    return batch.encoding != "spreadsheet"


def _fail(batch: Import, trouble: str) -> Import:
    batch.status, batch.trouble, batch.finished_at = ImportStatus.FAILED, trouble, timezone.now()
    batch.save()
    return _remove_file(batch)


def _remove_file(batch: Import) -> Import:
    _path(batch).unlink(missing_ok=True)
    batch.stored_as = ""
    batch.save(update_fields=["stored_as", "updated_at"])
    return batch


def _store(path: Path, chunks: Iterable[bytes]) -> None:
    """Raises ValidationError for a file that is too large; nobody but this system may read it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    size = 0
    with path.open("xb") as file:
        path.chmod(0o600)
        for chunk in chunks:
            size += len(chunk)
            if size > LARGEST:
                raise refuse("file", f"It is larger than {LARGEST // 1_000_000} MB: split it", "too_large")
            file.write(chunk)


def _open(path: Path, encoding: str, filename: str) -> Sheet:
    """An uploaded file as a table. Raises ValidationError for what is none."""
    try:
        _refuse_strangers(path)
        return open_sheet(path, encoding or None)
    except UnreadableFile as error:
        raise refuse("file", str(error).replace(path.name, filename), "unreadable") from None


def _layout_of(kind: str, sheet: Sheet) -> str:
    """The name of its layout; empty if none is known by its header."""
    try:
        return recognise(Kind(kind), sheet).layout.name
    except UnreadableFile:
        return ""


def _refuse_strangers(path: Path) -> None:
    """Raises UnreadableFile for pictures, programs and the like, and for a spreadsheet that unpacks to far too much."""
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(_NO_TABLES):
        raise UnreadableFile(f"{path.name} is not a CSV or XLSX file, whatever its name says")
    if not start.startswith(_SPREADSHEET):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        raise UnreadableFile(f"{path.name} is damaged: save it again as CSV or XLSX") from None
    if unpacked > LARGEST_UNPACKED:
        raise UnreadableFile(f"{path.name} holds more than {LARGEST_UNPACKED // 1_000_000} MB: split it")
