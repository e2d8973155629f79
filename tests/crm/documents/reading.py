"""What a screen reader needs of a PDF (PDF/UA-1), as far as it can be read from the file: a list of what is wrong."""

import io
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream

#: Operators that paint, and those that open and close what is tagged (or said to be decoration).
PAINTS = frozenset({b"Tj", b"TJ", b"'", b'"', b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"S", b"s", b"sh", b"Do"})
OPENS, CLOSES = frozenset({b"BMC", b"BDC"}), b"EMC"


def faults(content: bytes) -> list[str]:
    """Everything that is wrong with a document; nothing, if all is well."""
    reader = PdfReader(io.BytesIO(content))
    root: Any = reader.trailer["/Root"]
    tagged = list(elements(root["/StructTreeRoot"]))
    return [*_of_the_file(reader, root), *_of_tags(tagged), *_of_pages(reader)]


def elements(node: Any) -> Iterator[Any]:
    """Every element of a document's tree of tags, in the order in which it is read."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for part in node:
            yield from elements(part)
    elif hasattr(node, "get"):
        if node.get("/Type") == "/StructElem":
            yield node
        if "/K" in node:
            yield from elements(node["/K"])


def _of_the_file(reader: PdfReader, root: Any) -> Iterator[str]:
    if not root.get("/Lang"):
        yield "no language"
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield "not tagged"
    if not (reader.metadata and reader.metadata.title) or not root["/ViewerPreferences"].get("/DisplayDocTitle"):
        yield "no title, or not shown as the window's"
    if b"pdfuaid:part" not in root["/Metadata"].get_data():
        yield "does not say that it is PDF/UA"


def _of_tags(tagged: list[Any]) -> Iterator[str]:
    yield from (f"a figure without words: {one}" for one in tagged if one["/S"] == "/Figure" and not one.get("/Alt"))
    levels = [int(one["/S"][2:]) for one in tagged if one["/S"][:2] == "/H" and one["/S"][2:].isdigit()]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield f"headings begin at {levels[:1]}, {levels.count(1)} of the first level"
    yield from (f"heading {b} after {a}" for a, b in pairwise(levels) if b > a + 1)
    for table in (one for one in tagged if one["/S"] == "/Table"):
        parts = list(elements(table["/K"]))
        heads = [one for one in parts if one["/S"] == "/TH"]
        named = {one.get("/ID") for one in heads} - {None}
        if not heads or not all(_attribute(one, "/Scope") or one.get("/ID") for one in heads):
            yield "a table with headings that don't say of what they are"
        told = [_attribute(one, "/Headers") for one in parts if one["/S"] == "/TD"]
        if not all(cell and named.issuperset(cell) for cell in told):
            yield "a cell that does not say which headings are its own"


def _attribute(element: Any, name: str) -> Any:
    said = element.get("/A")
    said = said.get_object() if hasattr(said, "get_object") else said
    return next((one[name] for one in (said if isinstance(said, list) else [said or {}]) if name in one), None)


def _of_pages(reader: PdfReader) -> Iterator[str]:
    for number, page in enumerate(reader.pages, start=1):
        if "/StructParents" not in page:
            yield f"page {number} is not in the tree of tags"
        if not re.sub(r"Page \d+ of \d+", "", page.extract_text()).strip():
            yield f"page {number} is blank"
        yield from (f"page {number} paints untagged: {operator!r}" for operator in untagged(page, reader))
        resources: Any = page["/Resources"]
        for name, font in resources.get("/Font", {}).items():
            if not _is_embedded(font.get_object()):
                yield f"page {number} needs a font of the reader's machine: {name}"


def untagged(page: Any, reader: PdfReader) -> Iterator[bytes]:
    """What is painted and neither tagged nor said to be decoration."""
    depth = 0
    for _, operator in ContentStream(page.get_contents(), reader).operations:
        if operator in OPENS:
            depth += 1
        elif operator == CLOSES:
            depth -= 1
        elif operator in PAINTS and depth == 0:
            yield operator


def _is_embedded(font: Any) -> bool:
    inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
    return any(f"/FontFile{kind}" in inner["/FontDescriptor"] for kind in ("", "2", "3"))
