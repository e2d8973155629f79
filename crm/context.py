"""What every page knows: whose system it is, its brand, and the pages in its menu."""

from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse

from crm.views.brand import version

SERVICE_NAME = "Guildhall"


class Page(NamedTuple):
    """A page of the menu and the roles that use it. `also`: what else is a page of that part of the system."""

    words: str
    address: str
    roles: frozenset[str]
    also: tuple[str, ...] = ()


STAFF = frozenset({"administrator", "coordinator"})
MEMBERS = frozenset({"employer", "school"})
EVERYBODY = STAFF | MEMBERS | {"commission"}
PAGES = (
    Page("Home", "/", EVERYBODY),
    Page("Engagements", "/engagements/", EVERYBODY),
    Page("Pledges", "/pledges/", EVERYBODY),
    Page("Offers", "/offers/", STAFF | {"school"}),
    Page("Requests", "/requests/", STAFF | {"school"}),
    Page("Placements", "/placements/", EVERYBODY),
    Page("Apprenticeships", "/apprenticeships/", STAFF | {"employer", "commission"}),
    Page("Organisations", "/organisations/", STAFF),
    Page("Guilds", "/guilds/", STAFF | {"commission"}),
    Page("Follow-ups", "/follow-ups/", STAFF),
    Page("Calendar", "/calendar/", EVERYBODY),
    Page("Impact", "/impact/", STAFF | {"commission"}, ("/targets/", "/indicators/", "/advisers/", "/packs/")),
    Page("Publications", "/publications/", EVERYBODY),
    Page("Imports", "/imports/", STAFF),
    Page("People", "/people/", STAFF),
)


def guildhall(request: HttpRequest) -> dict[str, Any]:
    """The variables of layouts/base.html."""
    return {
        "service_name": SERVICE_NAME,
        "organisation_name": settings.ORGANISATION_NAME,
        "brand_address": f"{reverse('brand')}?v={version()}",
        "demo": settings.DEMO,
        "navigation": navigation(getattr(request, "user", None), request.path),
    }


def navigation(user: Any, path: str) -> list[dict[str, str]]:
    """The menu of somebody signed in, with the page that they are on marked; nobody else has one."""
    if user is None or not user.is_authenticated:
        return []
    pages = (page for page in PAGES if user.role in page.roles and _exists(page.address))
    return [{"words": page.words, "address": page.address, "current": _current(page, path)} for page in pages]


def _current(page: Page, path: str) -> str:
    """What aria-current says: this very page, or one below it."""
    if path == page.address:
        return "page"
    below = tuple(address for address in (page.address, *page.also) if address != "/")
    return "true" if path.startswith(below) else ""


@cache
def _exists(address: str) -> bool:
    """Whether this version has the page at all."""
    try:
        resolve(address)
    except Resolver404:
        return False
    return True
