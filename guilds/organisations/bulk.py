"""Registering many organisations at once, for files: the same rules and the same history as one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from guilds.audit.bulk import tell_created
from guilds.audit.models import Record
from guilds.organisations import actions
from guilds.organisations.models import Identifier, Organisation
from guilds.reference.places import Place

_BATCH = 500
_RELATIONS = frozenset(f.name for f in Organisation._meta.concrete_fields if f.is_relation)


@dataclass(frozen=True)
class Draft:
    """An organisation to be: what `actions.register` takes, and the day since which its status holds."""

    fields: dict
    identifiers: tuple[tuple[str, str], ...]
    place: Place | None = None
    happened_on: date | None = None


@transaction.atomic
def register_many(*, by, drafts: Sequence[Draft]) -> list[Organisation]:
    """Add all of the organisations, or none of them.

    Raises ValidationError on the first that `actions.register` would refuse for its fields, and IntegrityError
    where the database refuses one: register them one by one then, to learn which.
    """
    organisations = [Organisation(**actions._tidy(draft.fields, draft.place)) for draft in drafts]
    for organisation in organisations:
        organisation.clean_fields(exclude=_RELATIONS)
        organisation.clean()
    Organisation.objects.bulk_create(organisations, batch_size=_BATCH)
    Identifier.objects.bulk_create(
        [
            Identifier(organisation=organisation, scheme=scheme, value=value)
            for organisation, draft in zip(organisations, drafts, strict=True)
            for scheme, value in draft.identifiers
        ],
        batch_size=_BATCH,
    )
    states = [_state(organisation, draft) for organisation, draft in zip(organisations, drafts, strict=True)]
    tell_created(organisations, states, by=by, verb="registered", happened_on=[draft.happened_on for draft in drafts])
    return organisations


def _state(organisation: Organisation, draft: Draft) -> dict:
    """What `Organisation.audit_state` gives, without asking the database for each."""
    return Record.audit_state(organisation) | {"identifiers": [list(pair) for pair in sorted(draft.identifiers)]}
