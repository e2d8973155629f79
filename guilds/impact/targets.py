"""What is aimed at. A new value never overwrites the old one: history keeps who moved it, when, why, from what."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from guilds.audit import recording
from guilds.audit.refusals import Conflict, Refusals, refuse
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

    `value` is in the measure's own unit. One that was ended is aimed at again. Raises ValidationError keyed by field,
    Overtaken where `expected_version` is not the target's any more.
    """  # fmt: skip
    _check(measure, period, guild, district)
    known = Target.objects.filter(measure=measure, period=period, guild=guild, district=district).first()
    if known is None:
        target = Target(measure=measure, period=period, guild=guild, district=district, value=value)
        return recording.create(target, by=by, verb="set", reason=reason)
    with recording.changing(known, by=by, verb="moved", reason=reason, expected_version=expected_version) as now:
        now.value, now.ended_on = value, None
    return known


@transaction.atomic
def set_new_target(*, by, measure: str, period: str, value: int, guild=None, district=None, reason: str = "") -> Target:
    """The same, where nothing is aimed at yet. Raises ValidationError keyed "value" where something is."""
    known = Target.objects.in_force().filter(measure=measure, period=period, guild=guild, district=district).first()
    if known is not None:
        raise refuse("value", f"The target is {known.value:,} already: open it and move it, and say why", "known")
    return set_target(by=by, measure=measure, period=period, value=value, guild=guild, district=district, reason=reason)


def move_target(*, by, target: Target, value: int, reason: str, expected_version: int | None = None) -> Target:
    """Aim at another value, for a reason. Raises Conflict for one that has ended, ValidationError keyed by field."""
    _check_reason(reason)
    with recording.changing(target, by=by, verb="moved", reason=reason, expected_version=expected_version) as now:
        check_in_force(now)
        if value == now.value:
            raise refuse("value", f"It is {value:,} already: write another value", "unchanged")
        now.value = value
    return target


def end_target(*, by, target: Target, on: date, reason: str, expected_version: int | None = None) -> Target:
    """Aim at it no more, for a reason. Its history stays. Raises Conflict for one that has ended already."""
    _check_reason(reason)
    with recording.changing(target, by=by, verb="ended", reason=reason, expected_version=expected_version) as now:
        check_in_force(now)
        now.ended_on = on
    return target


def check_in_force(target: Target) -> None:
    """Raises Conflict for one that has ended."""
    if target.ended_on is not None:
        raise Conflict("This target has ended: set a new one to aim at it again")


@transaction.atomic
def set_for_guilds(*, by, measure: str, period: str, values: Mapping, reason: str = "") -> list[Target]:
    """Set the targets of several guilds, all or none; `values` are by guild, that of None is the county's.

    One that moves needs a reason. Raises ValidationError keyed "reason", or by the slug of the guild whose value can't be.
    """
    known = {target.guild_id: target.value for target in _of_guilds(measure, period)}
    moved = (known.get(guild and guild.slug, value) != value for guild, value in values.items())
    if any(moved):
        _check_reason(reason)
    return [
        _set_for(guild, by=by, measure=measure, period=period, value=v, reason=reason) for guild, v in values.items()
    ]


def _of_guilds(measure: str, period: str) -> Iterable[Target]:
    return Target.objects.in_force().filter(measure=measure, period=period, district=None)


def _set_for(guild, **fields) -> Target:
    """One guild's; what is wrong with its value is said of the guild."""
    try:
        return set_target(guild=guild, **fields)
    except ValidationError as refusal:
        if "value" in getattr(refusal, "error_dict", {}):
            name = guild.slug if guild else "county"
            raise ValidationError({name: refusal.error_dict["value"]}) from refusal
        raise


def spread(value: int, weights: Mapping[str, float]) -> dict[str, int]:
    """A whole value in parts in proportion to weights, which add up to it: the largest remainders are rounded up.

    Where all weights are nothing, the parts are equal. Of equal remainders the first comes first.
    """
    total = sum(weights.values())
    shares = {key: value * (weight / total if total else 1 / len(weights)) for key, weight in weights.items()}
    # A share that is whole but for the machine's rounding is whole.
    parts = {key: int(share + 1e-9) for key, share in shares.items()}
    by_remainder = sorted(parts, key=lambda key: parts[key] - shares[key])
    for key in by_remainder[: value - sum(parts.values())]:
        parts[key] += 1
    return parts


def in_force(measures: Iterable[str], slugs: Iterable[str]) -> dict[TargetKey, int]:
    """The targets of some measures in some periods, in one query."""
    rows = Target.objects.in_force().filter(measure__in=list(measures), period__in=list(slugs)).order_by()
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


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise refuse("reason", "Say why: whoever reads the history wants to know", "required")
