"""What is aimed at. A new value never overwrites the old one: history keeps who moved it, when, why, from what."""

from collections.abc import Iterable

from django.db import transaction

from guilds.audit import recording
from guilds.audit.refusals import Refusals
from guilds.impact import periods
from guilds.impact.measures import MEASURES
from guilds.impact.models import Target

#: By measure, period slug, guild ("" for none) and district ("" for none).
TargetKey = tuple[str, str, str, str]


@transaction.atomic
def set_target(
    *,
    by,
    measure: str,
    period: str,
    value: int,
    guild=None,
    district=None,
    reason: str = "",
    expected_version: int | None = None,
) -> Target:
    """Set what is aimed at for a guild, a district or the whole county (neither) in a period.

    `value` is in the measure's own unit. Raises ValidationError keyed by field, Overtaken where `expected_version` is
    not the target's any more.
    """  # fmt: skip
    _check(measure, period, guild, district)
    known = Target.objects.filter(measure=measure, period=period, guild=guild, district=district).first()
    if known is None:
        target = Target(measure=measure, period=period, guild=guild, district=district, value=value)
        return recording.create(target, by=by, verb="set", reason=reason)
    with recording.changing(known, by=by, verb="moved", reason=reason, expected_version=expected_version) as now:
        now.value = value
    return known


def in_force(measures: Iterable[str], slugs: Iterable[str]) -> dict[TargetKey, int]:
    """The targets of some measures in some periods, in one query."""
    rows = Target.objects.filter(measure__in=list(measures), period__in=list(slugs)).order_by()
    found = rows.values_list("measure", "period", "guild", "district", "value")
    return {
        (measure, period, str(guild or ""), str(district or "")): value
        for measure, period, guild, district, value in found
    }


def _check(measure: str, period: str, guild, district) -> None:
    refusals = Refusals()
    refusals.add_when(measure not in MEASURES, "measure", f"There is no measure “{measure}”", "invalid_choice")
    refusals.add_when(measure in MEASURES and MEASURES[measure].sort == "ratio", "measure",
                      "A share has no target: set one for what was delivered", "ratio")  # fmt: skip
    refusals.add_when(guild is not None and district is not None, "district",
                      "A target is for a guild, a district or the whole county", "both")  # fmt: skip
    refusals.raise_if_any()
    written = periods.parse(period).slug
    refusals.add_when(written != period, "period", f"Write it as {written}", "invalid_period")
    refusals.raise_if_any()
