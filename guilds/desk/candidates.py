"""Which organisations an entry is likely to be from, and why; a person decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import Count, Q

from guilds.desk.models import DeskEntry
from guilds.organisations.models import Contact, Organisation, OrganisationQuerySet, Status
from guilds.organisations.queries import suggest

#: As many as there are keys for.
OFFERED = 5
#: Addresses of these say nothing about where somebody works.
FREE_MAIL = frozenset({
    "aol.com", "btinternet.com", "gmail.com", "googlemail.com", "hotmail.co.uk", "hotmail.com", "icloud.com", "live.co.uk",
    "live.com", "mail.com", "me.com", "msn.com", "ntlworld.com", "outlook.com", "proton.me", "protonmail.com", "sky.com",
    "talktalk.net", "virginmedia.com", "yahoo.co.uk", "yahoo.com",
})  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """An organisation that an entry may be from, and what speaks for it."""

    organisation: Organisation
    reason: str


def candidates(entry: DeskEntry, *, among: OrganisationQuerySet) -> list[Candidate]:
    """The likeliest first: picked, known to us with this pledge, the same name, the same address, alike names.

    A constant number of queries. `among`: the employers that its reader may choose.
    """
    found: dict[UUID, Candidate] = {}
    for reason, rows in _ways(entry, among):
        for organisation in rows:
            if len(found) < OFFERED:
                found.setdefault(organisation.pk, Candidate(organisation, reason))
    return list(found.values())


def _ways(entry: DeskEntry, among: OrganisationQuerySet) -> Iterable[tuple[str, Iterable[Organisation]]]:
    rows = among.select_related("district").prefetch_related("identifiers").order_by("name", "id")
    if entry.organisation_id:
        yield "They chose it from the list", rows.filter(pk=entry.organisation_id)
    if entry.pledge_id:
        yield "The pledge is recorded for it", rows.filter(pledges=entry.pledge_id)
    if entry.search_name:
        yield "The same name", rows.filter(search_name=entry.search_name)[:OFFERED]
    yield "Their e-mail address is known there", rows.filter(_with_contact(entry.email))[:OFFERED]
    domain = work_domain(entry.email)
    if domain:
        yield "An e-mail address of the same domain", rows.filter(_with_domain(domain))[:OFFERED]
    if entry.organisation_name:
        yield "A similar name", suggest(entry.organisation_name, among=among, size=OFFERED)


def _with_contact(email: str) -> Q:
    return Q(pk__in=Contact.objects.filter(email__iexact=email).values("organisation"))


def _with_domain(domain: str) -> Q:
    """Of whom a colleague has such an address, or whose website is there."""
    colleagues = Contact.objects.filter(email__iendswith=f"@{domain}").values("organisation")
    sites = (f"{scheme}://{www}{domain}" for scheme in ("https", "http") for www in ("", "www."))
    site = Q()
    for start in sites:
        site |= Q(website__iexact=start) | Q(website__istartswith=f"{start}/")
    return Q(pk__in=colleagues) | site


def work_domain(email: str) -> str:
    """The domain of an address, if it says where somebody works."""
    domain = urlsplit(f"mailto://{email}").hostname or ""
    return "" if domain in FREE_MAIL else domain


def certain(entries: Iterable[DeskEntry]) -> dict[UUID, UUID]:
    """The entries that need no thought, and the employer of each: picked, or the only active one of exactly that name.

    One query for all.
    """
    rows = list(entries)
    names = {entry.search_name for entry in rows if entry.organisation_id is None} - {""}
    active = Organisation.objects.employers().filter(status=Status.ACTIVE, search_name__in=names)
    alone = active.order_by().values("search_name").annotate(how_many=Count("pk")).filter(how_many=1)
    by_name = dict(active.filter(search_name__in=alone.values("search_name")).values_list("search_name", "pk"))
    found = {entry.pk: entry.organisation_id or by_name.get(entry.search_name) for entry in rows}
    agreeing = (entry for entry in rows if found[entry.pk] and not (entry.organisation_id and entry.search_name))
    return {entry.pk: found[entry.pk] for entry in agreeing}  # type: ignore[misc]
