"""What others make of a publication: its public page, its files, its board pack. Frozen figures only, never live ones."""

from guilds.impact import periods
from guilds.impact.periods import Period
from guilds.publishing.models import Publication, PublishedFigure
from guilds.publishing.packs import Pack
from guilds.reference.calendars import add_months

_YEAR = 12


def public_version(token: str) -> Publication | None:
    """The version that anybody may read by this token; None for what is not (any more) for the public."""
    return Publication.objects.public().select_related("guild", "district").filter(token=token).first()


def public_versions(publication: Publication) -> list[Publication]:
    """All versions of it that the public may read, first to last."""
    return list(Publication.objects.public().versions_of(publication).select_related("guild", "district"))


def newest(publication: Publication) -> Publication:
    """The version that holds now: itself, or the one that has replaced it."""
    return Publication.objects.published().versions_of(publication).last() or publication


def figures_of(publication: Publication, measure: str | None = None) -> list[PublishedFigure]:
    """Every figure as it was published (of one measure), in the order of its tables."""
    rows = PublishedFigure.objects.filter(publication=publication, publication__in=Publication.objects.published())
    return list(rows if measure is None else rows.filter(measure=measure))


def newest_pack(publication: Publication) -> Pack | None:
    """The board pack that was made last of those that are ready."""
    return Pack.objects.ready().filter(publication=publication).first()


def year_before(period: Period) -> Period:
    """The same months of the year before: of a quarter the same quarter."""
    start = add_months(period.start, -_YEAR)
    return periods.between(start, periods.month_of(add_months(start, period.length - 1)).end)


def published_before(publication: Publication) -> Publication | None:
    """What was published of the same months a year before, as it stood when this version was published.

    Not what it says by now: a pack that is made again must not say something else.
    """
    same = Publication(
        period=year_before(publication.span).slug, guild=publication.guild, district=publication.district
    )
    known = Publication.objects.published().versions_of(same)
    return known.filter(published_at__lte=publication.published_at).last()
