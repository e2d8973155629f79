"""What one organisation did, this academic year and last, as its pages show it."""

from dataclasses import dataclass
from datetime import date

from crm.figures import notes_of, worded
from guilds.impact.measures import MEASURES
from guilds.impact.organisation import OrganisationImpact, impacts_of
from guilds.impact.periods import Period, academic_year, previous
from guilds.organisations.models import Organisation

#: Measures whose words on the county's pages do not fit one organisation.
_LABELS = {
    "encounters": "Encounters with young people",
    "schools": "Schools met",
    "colleges": "Colleges and training providers met",
    "employers": "Employers met",
}
#: In this order; only those in which something is counted in either year.
_ORDER = (
    "engagements", "encounters", "schools", "colleges", "employers", "staff_trained", "volunteer_hours", "job_offers",
    "pledges", "placements_pledged", "placements_arranged", "placements_started", "placements_completed",
    "apprenticeships_pledged", "apprenticeships_created", "apprenticeships_started",
)  # fmt: skip


@dataclass(frozen=True)
class OwnLine:
    """One measure: its name, its definition, and the figure of each period in words."""

    slug: str
    label: str
    definition: str
    words: tuple[str, ...]
    #: For each period what stands beside its figure: how much is confirmed, how many numbers are missing.
    notes: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class OwnFigures:
    """The figures of an organisation in some periods, the latest first; no lines where nothing counts."""

    periods: tuple[Period, ...]
    lines: tuple[OwnLine, ...]


def own_figures(organisation: Organisation, today: date) -> OwnFigures:
    """This academic year's figures of an organisation, and last year's."""
    year = academic_year(today)
    return figures_in(organisation, year, previous(year))


def figures_in(organisation: Organisation, *periods: Period) -> OwnFigures:
    """The figures of an organisation in some periods: those measures in which something counts."""
    impacts = impacts_of(organisation, *periods)
    lines = [_line(slug, impacts) for slug in _ORDER if any(_counts(impact, slug) for impact in impacts)]
    return OwnFigures(tuple(impact.period for impact in impacts), tuple(lines))


def _counts(impact: OrganisationImpact, slug: str) -> bool:
    figure = impact.figures.get(slug)
    return bool(figure and (figure.value or figure.missing))


def _line(slug: str, impacts: list[OrganisationImpact]) -> OwnLine:
    measure = MEASURES[slug]
    words = tuple(worded(measure, impact.figures[slug]) for impact in impacts)
    notes = tuple(tuple(notes_of(impact.figures[slug])) for impact in impacts)
    return OwnLine(slug, _LABELS.get(slug, measure.label), measure.definition, words, notes)
