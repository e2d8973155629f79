"""What a file is, by its content: its name and what a browser says of it decide nothing."""

import zipfile
from pathlib import PurePath
from typing import BinaryIO

_BEGINS = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff"}
#: The folder that holds what an office file of each kind says.
_OFFICE = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
_OPEN_DOCUMENT = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
_TEXT = frozenset({"txt", "csv"})

#: What may be attached: the end of the name, and what a browser is told that it is.
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    **_OPEN_DOCUMENT,
    "txt": "text/plain",
    "csv": "text/csv",
}
#: Bytes of a text that are looked at; a document's binary parts begin long before.
_LOOKED_AT = 1_000_000


def content_type_of(file: BinaryIO, name: str) -> str | None:
    """The type of a file whose content is what its name says; None for any other. Leaves the file at its start."""
    ending = PurePath(name).suffix.lower().removeprefix(".")
    try:
        fits = ending in CONTENT_TYPES and _is(file, ending)
    finally:
        file.seek(0)
    return CONTENT_TYPES[ending] if fits else None


def _is(file: BinaryIO, ending: str) -> bool:
    file.seek(0)
    if ending in _TEXT:
        return _is_text(file.read(_LOOKED_AT))
    if ending in _BEGINS:
        return file.read(8).startswith(_BEGINS[ending])
    return _is_document(file, ending)


def _is_text(start: bytes) -> bool:
    """Text in any usual encoding holds no zero bytes (UTF-16 says so in its first two)."""
    return b"\0" not in start or start.startswith((b"\xff\xfe", b"\xfe\xff"))


def _is_document(file: BinaryIO, ending: str) -> bool:
    """An office document without macros: an archive with the parts that its kind has."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                return False
            if ending in _OPEN_DOCUMENT:
                return names[:1] == ["mimetype"] and _first_bytes(archive) == _OPEN_DOCUMENT[ending].encode()
            return "[Content_Types].xml" in names and any(name.startswith(_OFFICE[ending]) for name in names)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return False


def _first_bytes(archive: zipfile.ZipFile) -> bytes:
    with archive.open("mimetype") as stream:
        return stream.read(100)
