"""The poster of a pledge desk: what people point their phones at."""

import segno

from crm.documents.pdf import pdf
from guilds.desk.models import Desk


def poster(desk: Desk, address: str) -> bytes:
    """One page A4 with the code as a picture and in letters. Raises NoPango."""
    return pdf(
        "documents/desk_poster.html",
        {
            "desk": desk,
            "engagement": desk.engagement,
            "address": address,
            "shown_address": address.partition("://")[2].rstrip("/"),
            "picture": picture_of(address),
        },
    )


def picture_of(address: str) -> str:
    """An address as what phones can read, for an image; it needs something light around it."""
    return segno.make(address, error="m", micro=False).svg_data_uri(border=0, dark="#0b0c0c")
