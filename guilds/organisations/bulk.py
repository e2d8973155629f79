"""Many organisations at once, for files: the same rules and the same history as one by one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from guilds.audit.bulk import Told, tell_many
from guilds.audit.checking import check, unchanged_fields
from guilds.audit.fields import set_fields
from guilds.audit.models import Record
from guilds.organisations import actions
from guilds.organisations.models import Identifier, Organisation
from guilds.organisations.words import keep_words
from guilds.reference.places import Place

_BATCH = 500
_CHANGEABLE = [f.name for f in Organisation._meta.concrete_fields if f.name not in ("id", "created_at")]

Pair = tuple[str, str]


@dataclass(frozen=True)
class Draft:
    """An organisation to be: what `actions.register` takes, and the day since which its status holds."""

    fields: dict
    identifiers: tuple[Pair, ...]
    place: Place | None = None
    happened_on: date | None = None


@dataclass(frozen=True)
class Correction:
    """What `actions.correct` takes, but for identifiers; and the day since which a new status holds."""

    organisation: Organisation
    fields: dict
    place: Place | None = None
    happened_on: date | None = None


@transaction.atomic
def register_many(*, by, drafts: Sequence[Draft]) -> list[Organisation]:
    """Add all of the organisations, or none of them.

    Raises ValidationError on the first that `actions.register` would refuse for its fields, and IntegrityError
    where the database refuses one: register them one by one then, to learn which.
    """
    organisations = [Organisation(**actions._tidy(draft.fields, draft.place)) for draft in drafts]
    pairs = [actions._tidy_pairs(draft.identifiers) for draft in drafts]
    identifiers = [
        Identifier(organisation=organisation, scheme=scheme, value=value)
        for organisation, own in zip(organisations, pairs, strict=True)
        for scheme, value in own
    ]
    for organisation in organisations:
        actions._check(organisation)
    for part in (*organisations, *identifiers):
        check(part, unique=False)
    Organisation.objects.bulk_create(organisations, batch_size=_BATCH)
    Identifier.objects.bulk_create(identifiers, batch_size=_BATCH)
    keep_words(organisations, new=True)
    told = [
        Told(organisation, None, _state(organisation, own), draft.happened_on)
        for organisation, own, draft in zip(organisations, pairs, drafts, strict=True)
    ]
    tell_many(told, by=by, verb="registered")
    return organisations


@transaction.atomic
def correct_many(*, by, corrections: Sequence[Correction]) -> list[bool]:
    """Change all of the organisations, each of them once, or none; says of each whether that changed anything.

    Raises ValidationError on the first that `actions.correct` would refuse, and IntegrityError where the database
    refuses one: correct them one by one then, to learn which.
    """
    ids = [correction.organisation.pk for correction in corrections]
    locked = {now.pk: now for now in Organisation.objects.select_for_update(of=("self",)).filter(pk__in=ids)}
    pairs = _identifiers_of(ids)
    changed = [
        told
        for correction in corrections
        if (told := _correct(locked[correction.organisation.pk], correction, pairs[correction.organisation.pk]))
    ]
    # An upsert is many times faster than an update with a case for each record and field. Each of them is there.
    Organisation.objects.bulk_create(
        [locked[one.record.pk] for one in changed],
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=_CHANGEABLE,
    )
    keep_words(locked[one.record.pk] for one in changed if _names(one.before) != _names(one.after))
    tell_many(changed, by=by, verb="corrected")
    for correction in corrections:
        now = locked[correction.organisation.pk]
        correction.organisation.__dict__.update(now.__dict__ | {"created_at": correction.organisation.created_at})
    moved = {one.record.pk for one in changed}
    return [pk in moved for pk in ids]


def _correct(now: Organisation, correction: Correction, pairs: list[Pair]) -> Told | None:
    """One correction, checked and not saved yet; None where it changes nothing."""
    before = _state(now, pairs)
    set_fields(now, actions._tidy(correction.fields, correction.place))
    actions._check(now)
    check(now, unchanged=unchanged_fields(now, before), unique=False)
    after = _state(now, pairs)
    if after == before:
        return None
    now.version += 1
    return Told(now, before, after, correction.happened_on)


def _names(state: dict | None) -> tuple | None:
    return (state["name"], state["trading_names"]) if state else None


def _identifiers_of(ids: Iterable) -> dict[object, list[Pair]]:
    found: dict[object, list[Pair]] = defaultdict(list)
    rows = Identifier.objects.filter(organisation__in=ids).order_by("scheme", "value")
    for pk, scheme, value in rows.values_list("organisation", "scheme", "value"):
        found[pk].append((scheme, value))
    return found


def _state(organisation: Organisation, pairs: Iterable[Pair]) -> dict:
    """What `Organisation.audit_state` gives, without asking the database for each."""
    return Record.audit_state(organisation) | {"identifiers": [list(pair) for pair in sorted(pairs)]}
