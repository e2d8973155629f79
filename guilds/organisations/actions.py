"""Every change to the registry."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from guilds.audit import recording
from guilds.audit.checking import check
from guilds.audit.refusals import Refusals, refuse
from guilds.organisations.models import (
    Contact,
    Identifier,
    Membership,
    Organisation,
    Succession,
)
from guilds.reference.places import Place, district_for, tidy_postcode

#: What callers may set on an organisation; its district follows from the postcode unless it is given.
EDITABLE = frozenset({
    "name", "trading_names", "status", "is_employer", "is_provider", "address", "postcode", "district", "website",
    "phone", "sic_codes", "size_band", "employees_low", "employees_high", "headcount", "levy_payer", "provider_kind",
    "local_kind", "phase", "age_low", "age_high", "pupils", "coastal", "careers_leader",
})  # fmt: skip

Pairs = Iterable[tuple[str, str]]


@transaction.atomic
def register(*, by, identifiers: Pairs = (), place: Place | None = None, **fields) -> Organisation:
    """Add an organisation. `identifiers` are (scheme, value) pairs; `fields` are those of EDITABLE.

    `place` spares the look-up of the postcode where the caller has looked many up at once.
    Raises ValidationError keyed by field.
    """
    identifiers = list(identifiers)
    organisation = Organisation(**_tidy(fields, place))
    _refuse_taken(identifiers)
    return recording.create(
        organisation, by=by, verb="registered", finish=lambda saved: _add_identifiers(saved, identifiers)
    )


@transaction.atomic
def correct(
    *,
    by,
    organisation: Organisation,
    identifiers: Pairs | None = None,
    place: Place | None = None,
    verb: str = "corrected",
    expected_version: int | None = None,
    **fields,
) -> Organisation:
    """Change what is known of an organisation; `identifiers`, where given, replace those it has.

    Raises ValidationError keyed by field, Overtaken if it has another version than `expected_version` by now.
    """
    with recording.changing(organisation, by=by, verb=verb, expected_version=expected_version) as now:
        for name, value in _tidy(fields, place).items():
            setattr(now, name, value)
        if identifiers is not None:
            _replace_identifiers(now, list(identifiers))
    return organisation


def join_guild(
    *, by, organisation: Organisation, guild, role: str, joined_on: date, left_on: date | None = None
) -> Membership:
    """Make an organisation a member of a guild. Raises ValidationError keyed by field."""
    overlapping = Membership.objects.filter(organisation=organisation, guild=guild).exclude(left_on__lte=joined_on)
    if left_on:
        overlapping = overlapping.filter(joined_on__lt=left_on)
    if overlapping.exists():
        raise refuse("joined_on", f"{organisation} is a member of this guild already at that time", "overlap")
    membership = Membership(organisation=organisation, guild=guild, role=role, joined_on=joined_on, left_on=left_on)
    return recording.create(membership, by=by, verb="joined")


def correct_membership(*, by, membership: Membership, expected_version: int | None = None, **fields) -> Membership:
    """Change role, joined_on or left_on. Raises ValidationError keyed by field, Overtaken."""
    with recording.changing(membership, by=by, verb="corrected", expected_version=expected_version) as now:
        for name in fields.keys() & {"role", "joined_on", "left_on"}:
            setattr(now, name, fields[name])
    return membership


def leave_guild(*, by, membership: Membership, left_on: date) -> Membership:
    """End a membership on a day. Raises ValidationError keyed by field."""
    with recording.changing(membership, by=by, verb="left") as now:
        now.left_on = left_on
    return membership


def link_successor(
    *, by, predecessor: Organisation, successor: Organisation, happened_on: date | None = None, kind: str = "Successor"
) -> Succession:
    """Say that one school went on as another. The same link twice is one link."""
    known = Succession.objects.filter(predecessor=predecessor, successor=successor).first()
    if known:
        return known
    link = Succession(predecessor=predecessor, successor=successor, happened_on=happened_on, kind=kind)
    return recording.create(link, by=by, verb="succeeded")


def add_contact(*, by, organisation: Organisation, **fields) -> Contact:
    """Add a person at an organisation. Raises ValidationError keyed by field."""
    return recording.create(Contact(organisation=organisation, **fields), by=by, verb="added")


def correct_contact(*, by, contact: Contact, expected_version: int | None = None, **fields) -> Contact:
    """Change what is known of a person. Raises ValidationError keyed by field, Overtaken."""
    with recording.changing(contact, by=by, verb="corrected", expected_version=expected_version) as now:
        for name in fields.keys() & {"name", "role", "email", "phone", "lawful_basis", "do_not_contact"}:
            setattr(now, name, fields[name])
    return contact


def _tidy(fields: dict, place: Place | None) -> dict:
    """The fields as they are kept: the postcode well written, and the district that follows from it."""
    unknown = fields.keys() - EDITABLE
    if unknown:
        raise TypeError(f"An organisation has no {', '.join(sorted(unknown))}")
    tidy = dict(fields)
    if "district" in fields:
        tidy["district_approximate"] = False
    elif "postcode" in fields:
        place = place or district_for(fields["postcode"])
        tidy |= {"district_id": place.district, "district_approximate": place.approximate}
    if "postcode" in fields:
        tidy["postcode"] = tidy_postcode(fields["postcode"]) or fields["postcode"][:10]
    return tidy


def _refuse_taken(identifiers: list[tuple[str, str]], unless: Organisation | None = None) -> None:
    """Raises ValidationError on `identifiers` where another organisation has one of them."""
    refusals = Refusals()
    for scheme, value in identifiers:
        holder = Organisation.objects.identified(scheme, value).exclude(pk=unless and unless.pk).first()
        refusals.add_when(holder is not None, "identifiers", f"{scheme} {value} belongs to {holder} already", "unique")
    refusals.raise_if_any()


def _add_identifiers(organisation: Organisation, identifiers: list[tuple[str, str]]) -> None:
    for scheme, value in identifiers:
        identifier = Identifier(organisation=organisation, scheme=scheme, value=value)
        check(identifier)
        identifier.save()


def _replace_identifiers(organisation: Organisation, identifiers: list[tuple[str, str]]) -> None:
    _refuse_taken(identifiers, unless=organisation)
    has = set(organisation.identifiers.values_list("scheme", "value"))
    for scheme, value in has - set(identifiers):
        organisation.identifiers.filter(scheme=scheme, value=value).delete()
    _add_identifiers(organisation, [pair for pair in identifiers if tuple(pair) not in has])
