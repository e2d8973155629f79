"""Figures in sentences: what somebody reads first, made from the very figures that stand in the tables below it."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from crm.figures import number, percent
from guilds.impact.measures import MEASURES

#: How a measure is said. `{n}` is the number, in `{one|several}` the first word is for 1.
SAID = {
    "encounters": "There {was|were} {n} {encounter|encounters} with employers",
    "engagements": "There {was|were} {n} delivered {engagement|engagements}",
    "schools": "Work with employers reached {n} {school|schools}",
    "colleges": "Work with employers reached {n} {college or training provider|colleges and training providers}",
    "employers": "Work was done with {n} {employer|employers}",
    "volunteer_hours": "Volunteers of employers gave {n} {hour|hours}",
    "staff_trained": "Training reached {n} {member|members} of staff of schools and colleges",
    "job_offers": "Employers made {n} job {offer|offers} at events",
    "pledges": "Employers made {n} {pledge|pledges}",
    "placements_pledged": "Employers pledged {n} {placement|placements}",
    "apprenticeships_pledged": "Employers pledged {n} {apprenticeship|apprenticeships}",
    "placements_arranged": "Placements were arranged for {n} {learner|learners}",
    "placements_started": "A placement was started by {n} {learner|learners}",
    "placements_completed": "A placement was completed by {n} {learner|learners}",
    "apprenticeships_created": "Employers opened {n} apprenticeship {position|positions}",
    "apprenticeships_started": "An apprenticeship was started by {n} {person|people}",
    "employer_members": "On the last day {n} {employer was a member|employers were members} of a guild",
    "provider_members": "On the last day {n} {school or college was a member|schools and colleges were members} of a guild",
    "pledge_conversion": "Of what was pledged, {part} of {whole} has been delivered ({share})",
}
#: What a summary tells, in this order.
HEADLINES = ("encounters", "engagements", "schools", "colleges", "employers", "pledges", "placements_arranged",
             "apprenticeships_created", "pledge_conversion")  # fmt: skip
_CHOICE = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")
_CLOSE = 0.005


def sentence(slug: str, now: Any, before: Any = None) -> str:
    """One figure in words, with its target, what it was a year `before`, how sure it is, and what is not known.

    Both are figures, of now or as published. Empty for one that is not told: confidential, or not applicable.
    """
    if now.value is None:
        return ""
    if now.denominator is not None:
        return f"{_share(slug, now)}{_share_before(now, before)}."
    if not now.value and now.missing:
        return f"{MEASURES[slug].label}: nobody has given a number; {_missing(now.missing)}."
    aims = [part for part in (_towards(now), _since(now.value, before)) if part]
    said = f"{counted(slug, now.value)}{', ' + ' and '.join(aims) if aims else ''}."
    return f"{said}{_sure(now)}"


def sentences(now: dict[str, Any], before: dict[str, Any] | None = None) -> list[str]:
    """The summary: a sentence for each headline figure that is told."""
    told = (sentence(slug, now[slug], (before or {}).get(slug)) for slug in HEADLINES if slug in now)
    return [words for words in told if words]


def counted(slug: str, value: float) -> str:
    """A number of something: "There were 3,050 encounters with employers", "There was 1 …", "There were no …"."""
    pattern = SAID.get(slug) or f"{MEASURES[slug].label}: {{n}}"
    chosen = _CHOICE.sub(lambda found: found[1 if value == 1 else 2], pattern)
    return chosen.replace("{n}", number(value) if value else "no" if slug in SAID else "none")


def leading(slug: str, rows: Sequence[Any], whole: Any, how: str = "in") -> str:
    """Which row of a table has the most: "Encounters: most led by Sciences, with 1,200, 39% of all." Empty if none has any.

    A share of all only where the rows add up to it.
    """
    known = [row for row in rows if row.value]
    if len(known) < 2:
        return ""
    most = max(row.value for row in known)
    first = [row.label for row in known if row.value == most]
    adds_up = MEASURES[slug].adds_up and whole.value
    share = f", {percent(most / whole.value)} of all" if adds_up else ""
    each = " each" if len(first) > 1 else ""
    return f"{MEASURES[slug].label}: most {how} {listed(first)}, with {number(most)}{each}{share}."


def listed(names: Iterable[str]) -> str:
    """Names in a row: "A", "A and B", "A, B and C"."""
    every = list(names)
    return " and ".join(filter(None, (", ".join(every[:-1]), every[-1]))) if every else ""


def hidden(figures: Iterable[Any]) -> str:
    """How many figures are not told; empty for none."""
    count = sum(figure.symbol == "c" for figure in figures)
    if not count:
        return ""
    words = "1 figure is confidential (c)" if count == 1 else f"{number(count)} figures are confidential (c)"
    return f"{words}: few young people are behind them, or they would tell of others." if count > 1 else (
        f"{words}: few young people are behind it, or it would tell of another."
    )  # fmt: skip


def _towards(now: Any) -> str:
    return f"{percent(now.value / now.target)} of the target of {number(now.target)}" if now.target else ""


def _since(value: float, before: Any) -> str:
    """What became of it within a year; nothing where one of both is not known."""
    if before is None or before.value is None or (not before.value and before.missing):
        return ""
    then = before.value
    if value == then:
        return f"as many as the year before ({number(then)})" if then else "none the year before either"
    if not then:
        return "after none the year before"
    share = abs(value - then) / then
    much = "slightly" if share < _CLOSE else percent(share)
    return f"{much} {'more' if value > then else 'fewer'} than the year before ({number(then)})"


def _sure(now: Any) -> str:
    """The part that schools and colleges have confirmed, and what nobody has told."""
    parts = []
    if now.confirmed is not None and now.value:
        parts.append(f"Schools and colleges have confirmed {_confirmed(now)}")
    if now.missing:
        parts.append(_missing(now.missing))
    return f" {'; '.join(parts)}." if parts else ""


def _confirmed(now: Any) -> str:
    if now.confirmed == now.value:
        return "all of it" if now.value == 1 else "all of them"
    return (
        f"{number(now.confirmed)} of them ({percent(now.confirmed / now.value)})" if now.confirmed else "none of them"
    )


def _missing(count: int) -> str:
    return "1 number is missing" if count == 1 else f"{number(count)} numbers are missing"


def _share(slug: str, now: Any) -> str:
    pattern = SAID.get(slug) or f"{MEASURES[slug].label}: {{share}}, which is {{part}} of {{whole}}"
    return pattern.format(part=number(now.numerator or 0), whole=number(now.denominator), share=percent(now.value))


def _share_before(now: Any, before: Any) -> str:
    if before is None or before.value is None:
        return ""
    return f"; of those of the year before it was {percent(before.value)}"
