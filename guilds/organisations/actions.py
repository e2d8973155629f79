"""Every change to the registry."""

from collections.abc import Iterable
from datetime import date
from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from guilds.audit import recording
from guilds.audit.checking import check
from guilds.audit.fields import known_fields, set_fields
from guilds.audit.refusals import Conflict, Refusals, refuse
from guilds.organisations import consent
from guilds.organisations.models import (
    LIFECYCLE,
    Contact,
    Identifier,
    LawfulBasis,
    Membership,
    Organisation,
    Scheme,
    Succession,
)
from guilds.reference.places import Place, district_for, tidy_postcode

#: What callers may set on an organisation; its district follows from the postcode unless it is given.
EDITABLE = frozenset({
    "name", "trading_names", "status", "is_employer", "is_provider", "address", "postcode", "district", "website",
    "phone", "sic_codes", "size_band", "employees_low", "employees_high", "headcount", "levy_payer", "provider_kind",
    "local_kind", "phase", "age_low", "age_high", "pupils", "coastal", "trust", "careers_leader",
})  # fmt: skip
MEMBERSHIP_FIELDS = frozenset({"role", "joined_on", "left_on"})
CONTACT_FIELDS = frozenset({
    "name", "role", "email", "phone", "lawful_basis", "source", "source_on", "consent_version", "do_not_contact",
})  # fmt: skip

Pairs = Iterable[tuple[str, str]]


def register(*, by, identifiers: Pairs = (), place: Place | None = None, **fields) -> Organisation:
    """Add an organisation. `identifiers` are (scheme, value) pairs; `fields` are those of EDITABLE.

    `place` spares the look-up of the postcode where the caller has looked many up at once.
    Raises ValidationError keyed by field.
    """
    pairs = _tidy_pairs(identifiers)
    organisation = Organisation(**_tidy(fields, place))
    _check(organisation)
    _check_identifiers(organisation, pairs)

    def save_identifiers(saved: Organisation) -> dict:
        _add_identifiers(saved, pairs)
        return {"identifiers": [list(pair) for pair in sorted(pairs)]}

    return recording.create(organisation, by=by, verb="registered", finish=save_identifiers)


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
        set_fields(now, _tidy(fields, place))
        _check(now)
        if identifiers is not None:
            _replace_identifiers(now, _tidy_pairs(identifiers))
    return organisation


def close(*, by, organisation: Organisation, reason: str, on: date | None = None) -> Organisation:
    """It no longer exists. Raises Conflict unless it is active, ValidationError without a reason."""
    return _move(organisation, "close", by=by, reason=reason, on=on)


def reopen(*, by, organisation: Organisation, reason: str, on: date | None = None) -> Organisation:
    """It exists after all, or again. Raises Conflict unless it is closed, ValidationError without a reason."""
    return _move(organisation, "reopen", by=by, reason=reason, on=on)


def archive(*, by, organisation: Organisation, reason: str) -> Organisation:
    """It should never have been here; it is kept for what refers to it. Raises Conflict, ValidationError."""
    return _move(organisation, "archive", by=by, reason=reason)


def restore(*, by, organisation: Organisation, reason: str) -> Organisation:
    """Take it out of the archive. Raises Conflict, ValidationError on one that was merged into another."""
    return _move(organisation, "restore", by=by, reason=reason)


def _move(organisation: Organisation, verb: str, *, by, reason: str, on: date | None = None) -> Organisation:
    with recording.changing(organisation, by=by, verb=verb, reason=reason, happened_on=on) as now:
        LIFECYCLE.move(now, verb, reason)
    return organisation


def join_guild(
    *, by, organisation: Organisation, guild, role: str, joined_on: date, left_on: date | None = None
) -> Membership:
    """Make an organisation a member of a guild. Raises ValidationError keyed by field."""
    membership = Membership(organisation=organisation, guild=guild, role=role, joined_on=joined_on, left_on=left_on)
    with transaction.atomic():
        refuse_overlap(membership)
        return recording.create(membership, by=by, verb="joined")


def correct_membership(*, by, membership: Membership, expected_version: int | None = None, **fields) -> Membership:
    """Change role, joined_on or left_on. Raises ValidationError keyed by field, Overtaken."""
    known_fields(fields, MEMBERSHIP_FIELDS, "membership")
    with recording.changing(membership, by=by, verb="corrected", expected_version=expected_version) as now:
        set_fields(now, fields)
        refuse_overlap(now)
    return membership


def leave_guild(*, by, membership: Membership, left_on: date) -> Membership:
    """End a membership on a day, the first without it. Raises Conflict once it has ended, ValidationError."""
    with recording.changing(membership, by=by, verb="left") as now:
        if now.left_on is not None:
            raise Conflict({"left_on": Conflict(f"It left on {now.left_on:%-d %B %Y} already", code="lifecycle")})
        now.left_on = left_on
    return membership


def link_successor(
    *, by, predecessor: Organisation, successor: Organisation, happened_on: date | None = None, kind: str = "Successor"
) -> Succession:
    """Say that one school went on as another. The same link twice is one link. Raises ValidationError."""
    known = Succession.objects.filter(predecessor=predecessor, successor=successor).first()
    if known:
        return known
    _check_succession(predecessor, successor)
    link = Succession(predecessor=predecessor, successor=successor, happened_on=happened_on, kind=kind)
    return recording.create(link, by=by, verb="succeeded")


def add_contact(*, by, organisation: Organisation, **fields) -> Contact:
    """Add a person at an organisation. Raises ValidationError keyed by field."""
    known_fields(fields, CONTACT_FIELDS, "contact")
    contact = Contact(organisation=organisation, **fields)
    _say_what_was_agreed(contact)
    return recording.create(contact, by=by, verb="added")


def correct_contact(*, by, contact: Contact, expected_version: int | None = None, **fields) -> Contact:
    """Change what is known of a person. Raises ValidationError keyed by field, Overtaken."""
    known_fields(fields, CONTACT_FIELDS, "contact")
    with recording.changing(contact, by=by, verb="corrected", expected_version=expected_version) as now:
        address_before = now.email
        set_fields(now, fields)
        _say_what_was_agreed(now)
        if now.email != address_before:
            now.email_bounced_at = None
    return contact


def _say_what_was_agreed(contact: Contact) -> None:
    """Consent is consent to some words: today's, unless it is known which. No other basis has any."""
    if contact.lawful_basis != LawfulBasis.CONSENT:
        contact.consent_version = ""
    elif not contact.consent_version:
        contact.consent_version = consent.VERSION


def _tidy(fields: dict, place: Place | None) -> dict:
    """The fields as they are kept: the postcode well written, and the district that follows from it."""
    known_fields(fields, EDITABLE, "organisation")
    tidy = dict(fields)
    if "district" in fields:
        tidy["district_approximate"] = False
    elif "postcode" in fields:
        place = place or district_for(fields["postcode"])
        tidy |= {"district_id": place.district, "district_approximate": place.approximate}
    if "postcode" in fields:
        tidy["postcode"] = tidy_postcode(fields["postcode"]) or fields["postcode"][:10]
    return tidy


def _check(organisation: Organisation) -> None:
    leader = organisation.careers_leader
    if leader and leader.organisation_id != organisation.pk:
        raise refuse("careers_leader", f"Choose somebody who works at {organisation}", "elsewhere")


def refuse_overlap(membership: Membership) -> None:
    """An organisation is once at a time in a guild. It is locked, so that two at once are told apart."""
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=membership.organisation_id)
    others = Membership.objects.filter(organisation=organisation, guild=membership.guild).exclude(pk=membership.pk)
    others = others.exclude(left_on__lte=membership.joined_on)
    if membership.left_on:
        others = others.filter(joined_on__lt=membership.left_on)
    if others.exists():
        raise refuse("joined_on", f"{organisation} is a member of this guild already at that time", "overlap")


def _check_succession(predecessor: Organisation, successor: Organisation) -> None:
    """Circles are let in: the public register has some, and whoever follows the links has to stop at them."""
    refusals = Refusals()
    for field, organisation in (("predecessor", predecessor), ("successor", successor)):
        refusals.add_when(
            not organisation.is_provider, field, f"{organisation} is not a school or college", "not_provider"
        )
    refusals.raise_if_any()


def _tidy_pairs(identifiers: Pairs) -> list[tuple[str, str]]:
    """Raises ValidationError on `identifiers` for an unknown scheme."""
    pairs = [(scheme, value) for scheme, value in identifiers]
    if any(scheme not in Scheme.values for scheme, _ in pairs):
        raise refuse("identifiers", f"Choose a scheme of: {', '.join(Scheme.values)}", "invalid_choice")
    return list(dict.fromkeys((str(scheme), Scheme(scheme).tidy(value)) for scheme, value in pairs))


def _check_identifiers(organisation: Organisation, identifiers: list[tuple[str, str]]) -> None:
    """Raises ValidationError on `identifiers` for one that is malformed, or another organisation's."""
    refusals = Refusals()
    for scheme, value in identifiers:
        try:
            check(Identifier(organisation=organisation, scheme=scheme, value=value), unique=False)
        except ValidationError as error:
            for message in error.messages:
                refusals.add("identifiers", message)
    any_of = reduce(or_, (Q(scheme=scheme, value=value) for scheme, value in identifiers), Q(pk__in=[]))
    for taken in Identifier.objects.filter(any_of).exclude(organisation=organisation.pk).select_related("organisation"):
        message = f"{taken.get_scheme_display()} {taken.value} belongs to {taken.organisation} already"
        refusals.add("identifiers", message, "unique")
    refusals.raise_if_any()


def _add_identifiers(organisation: Organisation, identifiers: list[tuple[str, str]]) -> None:
    Identifier.objects.bulk_create(
        [Identifier(organisation=organisation, scheme=scheme, value=value) for scheme, value in identifiers]
    )


def _replace_identifiers(organisation: Organisation, identifiers: list[tuple[str, str]]) -> None:
    _check_identifiers(organisation, identifiers)
    has = set(organisation.identifiers.values_list("scheme", "value"))
    for scheme, value in has - set(identifiers):
        organisation.identifiers.filter(scheme=scheme, value=value).delete()
    _add_identifiers(organisation, [pair for pair in identifiers if pair not in has])
