"""What the records say now against what was published, and which records have changed since."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from guilds.engagement.models import Engagement
from guilds.impact.figures import CONFIDENTIAL
from guilds.impact.measures import MEASURES
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.organisations.models import Organisation
from guilds.pledges.models import Pledge
from guilds.publishing.figures import bring_up_to_date, figures_now
from guilds.publishing.models import Publication, PublishedFigure, PublishedRows
from guilds.publishing.rows import FigureKey, behind, unpack

#: Changed records that are named with one figure.
MOST = 20
_RECORDS: dict[str, Any] = {
    str(model._meta.model_name): model for model in (Engagement, Pledge, Placement, Apprenticeship, Organisation)
}
#: What a record adds, by its id.
_Added = dict[str, float]


@dataclass(frozen=True)
class Change:
    """A record that adds something else to a figure now. `title` is empty where the reader may not see the record."""

    record: str
    id: str
    before: float
    now: float
    title: str = ""


@dataclass
class Difference:
    """A figure that the records have otherwise now. `more`: how many further records have changed."""

    figure: PublishedFigure
    now: PublishedFigure | None
    changes: list[Change] = field(default_factory=list)
    more: int = 0


def has_changed(publication: Publication) -> bool:
    """Whether the records say anything else now than was published."""
    return bool(_differing(publication, _told(publication)))


def differences(publication: Publication, user) -> list[Difference]:
    """Each figure that is another now, with the records that changed it, in as many queries as there are measures."""
    if publication.is_draft:
        return []
    bring_up_to_date()
    told = PublishedFigure.objects.visible_to(user).filter(publication=publication).exclude(symbol=CONFIDENTIAL)
    figures = [figure for figure in told if user.is_staff_member or not _of_few(figure.measure)]
    found = _differing(publication, figures)
    changed = _changed_records(publication, {difference.figure.measure for difference in found})
    for difference in found:
        mine = changed.get(difference.figure.measure, {})
        changes = mine.get((difference.figure.by, difference.figure.key), [])
        difference.changes, difference.more = changes[:MOST], max(len(changes) - MOST, 0)
    _name(found, user)
    return found


def _of_few(slug: str) -> bool:
    """Whether a measure is of a characteristic, whose changes only the team may see."""
    return slug in MEASURES and MEASURES[slug].characteristic


def _told(publication: Publication) -> list[PublishedFigure]:
    return list(PublishedFigure.objects.filter(publication=publication).exclude(symbol=CONFIDENTIAL))


def _differing(publication: Publication, figures: Iterable[PublishedFigure]) -> list[Difference]:
    """What is aimed at stands as it was when it was published: a moved target is no difference of what was done."""
    now = {(f.measure, f.by, f.key): f for f in figures_now(publication)}
    pairs = ((figure, now.get((figure.measure, figure.by, figure.key))) for figure in figures)
    return [Difference(figure, present) for figure, present in pairs if present and _values(figure) != _values(present)]


def _values(figure: PublishedFigure) -> tuple:
    value = None if figure.value is None else round(figure.value, 9)
    return value, figure.confirmed, figure.missing, figure.numerator, figure.denominator


def _changed_records(publication: Publication, measures: set[str]) -> dict[str, dict[FigureKey, list[Change]]]:
    found = {}
    for kept in PublishedRows.objects.filter(publication=publication, measure__in=measures):
        before = unpack(kept.record, bytes(kept.packed))
        if before is None:
            continue
        after = behind(kept.measure, publication.span, publication.scope)
        record, was, is_now = after.record or before.record, before.by_figure(), after.by_figure()
        found[kept.measure] = {
            key: _changes(record, _added(was.get(key, {})), _added(is_now.get(key, {}))) for key in was.keys() | is_now
        }
    return found


def _added(parts: dict[str, tuple[str, float]]) -> _Added:
    """A record with several parts adds them all."""
    found: _Added = defaultdict(float)
    for record, amount in parts.values():
        found[record] += amount
    return found


def _changes(record: str, before: _Added, now: _Added) -> list[Change]:
    ids = sorted(pk for pk in before.keys() | now.keys() if before.get(pk) != now.get(pk))
    return [Change(record, pk, before.get(pk, 0), now.get(pk, 0)) for pk in ids]


def _name(found: list[Difference], user) -> None:
    """Titles of the records that the reader may see, in one query for each sort of record."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for difference in found:
        for change in difference.changes:
            wanted[change.record].add(change.id)
    titles: dict[tuple[str, str], str] = {}
    for record, ids in wanted.items():
        rows = _RECORDS[record].objects.visible_to(user).filter(pk__in=[UUID(pk) for pk in ids])
        titles |= {(record, str(row.pk)): str(row) for row in rows}
    for difference in found:
        difference.changes = [
            Change(c.record, c.id, c.before, c.now, titles.get((c.record, c.id), "")) for c in difference.changes
        ]
