"""Every change to reference data."""

from guilds.audit import recording
from guilds.reference.models import ApprenticeshipStandard, Boundary, District, Guild


def save_guild(*, by, slug: str, **fields) -> Guild:
    """Add a guild, or change the one that has this slug. Raises ValidationError keyed by field."""
    return _save(Guild, "slug", slug, by=by, **fields)


def save_district(*, by, code: str, **fields) -> District:
    """Add a district, or change the one that has this code. Raises ValidationError keyed by field."""
    return _save(District, "code", code, by=by, **fields)


def save_standard(*, by, reference: str, **fields) -> ApprenticeshipStandard:
    """Add a standard, or change the one that has this reference. Raises ValidationError keyed by field."""
    return _save(ApprenticeshipStandard, "reference", reference, by=by, **fields)


def save_boundary(*, by, district: str, rings: list) -> Boundary:
    """Give the district with this code an outline, or another one. Raises ValidationError keyed by field."""
    return _save(Boundary, "district_id", district, by=by, rings=rings)


def _save(model, key: str, value: str, *, by, **fields):
    known = model.objects.filter(**{key: value}).first()
    if known is None:
        return recording.create(model(**{key: value}, **fields), by=by, verb="added")
    with recording.changing(known, by=by, verb="corrected") as now:
        for name, new in fields.items():
            setattr(now, name, new)
    return known
