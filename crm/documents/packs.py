"""Making a pack that somebody asked for: from what it is about to a file, told step by step."""

from collections.abc import Callable
from typing import Any

from django.utils.text import slugify

from crm.documents import board_pack, district_pack
from crm.documents.pdf import NoPango, laid_out
from guilds.audit.refusals import Conflict
from guilds.publishing import pack_actions as actions
from guilds.publishing.packs import Pack, PackKind

#: Told how much is done, from 0 to 100, and what is going on.
Progress = Callable[[int, str], None]
_FAILED = (
    "Something went wrong while it was made. Make it again; if that fails too, tell whoever looks after the system."
)


def make(*, pack: Pack, progress: Progress) -> Pack:
    """Make the file of a pack that waits, or of one whose worker was stopped; one that is done stays as it is.

    Whatever goes wrong is said on the pack, so that nobody waits in vain; what nobody foresaw is raised as well.
    """
    try:
        actions.start(pack=pack)
    except Conflict:
        return pack
    try:
        progress(10, "Reading the figures")
        template, context = _content(pack)
        progress(40, "Laying out the pages")
        content, pages = laid_out(template, context)
        progress(90, "Keeping the file")
        return actions.finish(pack=pack, content=content, pages=pages)
    except NoPango as trouble:
        return actions.fail(pack=pack, trouble=str(trouble))
    except Exception:
        actions.fail(pack=pack, trouble=_FAILED)
        raise


def pack_name(pack: Pack) -> str:
    """What its file is called on the way."""
    about = pack.publication.about if pack.publication else pack.district
    edition = f" version {pack.publication.edition}" if pack.publication else ""
    return f"{slugify(f'{pack.get_kind_display()} {about} {pack.period}{edition}')}.pdf"


def _content(pack: Pack) -> tuple[str, dict[str, Any]]:
    """The template and what it is given."""
    if pack.kind == PackKind.BOARD:
        assert pack.publication
        return board_pack.TEMPLATE, board_pack.board_pack(pack.publication)
    assert pack.district
    return district_pack.TEMPLATE, district_pack.district_pack(pack.district, pack.span, pack.made_by)
