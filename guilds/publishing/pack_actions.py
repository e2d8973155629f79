"""Every change to packs: asked for, begun, and done or failed. What is in them is not decided here."""

from datetime import datetime

from django.core.files.base import ContentFile

from guilds.audit import recording
from guilds.audit.refusals import Conflict
from guilds.impact import periods
from guilds.publishing.models import Publication
from guilds.publishing.packs import PACK_LIFECYCLE, Pack, PackKind
from guilds.reference.models import District


def ask_for_board_pack(*, by, publication: Publication) -> Pack:
    """Ask for the pack of what is published. Raises Conflict for a draft: its figures are not the board's yet."""
    if publication.is_draft:
        raise Conflict({"status": Conflict("Publish it first: a board pack holds what is published", code="lifecycle")})
    pack = Pack(kind=PackKind.BOARD, publication=publication, period=publication.period, made_by=by)
    return recording.create(pack, by=by, verb="asked for")


def ask_for_district_pack(*, by, district: District, period: str) -> Pack:
    """Ask for the pack of a district in a period. Raises ValidationError keyed "period"."""
    span = periods.parse(period)
    pack = Pack(kind=PackKind.DISTRICT, district=district, period=span.slug, made_by=by)
    return recording.create(pack, by=by, verb="asked for")


def start(*, pack: Pack) -> Pack:
    """It is being made, or made again after its worker was stopped. Raises Conflict for one that is done."""
    with recording.changing(pack, by=None, verb="started") as now:
        PACK_LIFECYCLE.move(now, "start")
    return pack


def finish(*, pack: Pack, content: bytes, pages: int) -> Pack:
    """It is ready. The file is kept under a name that says nothing, and goes again if the record can't be kept."""
    stored = None
    try:
        with recording.changing(pack, by=None, verb="finished") as now:
            PACK_LIFECYCLE.move(now, "finish")
            now.size, now.pages, stored = len(content), pages, now.file
            now.file.save("pack", ContentFile(content), save=False)
    except BaseException:
        if stored:
            stored.delete(save=False)
        raise
    return pack


def fail(*, pack: Pack, trouble: str) -> Pack:
    """It can't be made; `trouble` is for whoever waits for it."""
    with recording.changing(pack, by=None, verb="failed") as now:
        PACK_LIFECYCLE.move(now, "fail")
        now.trouble = trouble[:250]
    return pack


def forgotten(before: datetime) -> list[Pack]:
    """Packs that somebody has waited for since a moment: the queue did not hear of them, or lost them."""
    return list(Pack.objects.under_way().filter(updated_at__lt=before).order_by("created_at"))
