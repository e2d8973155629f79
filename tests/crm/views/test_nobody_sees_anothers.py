"""Nobody sees another organisation's anything: by page, API, search, picker, list, file, feed, calendar or refusal.

Everything that an employer, a school and their people have is written over with words that stand nowhere else. Then
somebody of other organisations walks every address there is, with their ids, and must never read one of those words. New
addresses are walked as soon as the table of pages has a line for them.
"""

import logging
import zipfile
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from crm.api.urls import urlpatterns as api_patterns
from crm.views.lists import ListPage
from guilds.access import drafts
from guilds.audit.models import Event
from guilds.calendar.actions import add_feed
from guilds.engagement import words as engagement_words
from guilds.engagement.attachment_actions import attach
from guilds.engagement.follow_up_actions import log_interaction
from guilds.organisations import words as organisation_words
from guilds.rights.finding import text_fields
from tests.crm.api.caller import ROOT, Caller
from tests.crm.views.page_world import PageWorld
from tests.crm.views.test_page_matrix import PAGES, ROUTES

pytestmark = pytest.mark.django_db

#: What stands in an organisation's records; in what people of it are called; in what only its own coordinators read.
OURS, PERSONAL, CONFIDENTIAL = "quibblewort", "zanzibarine", "vermiculate"
BEGINNING = "quibble"
FORBIDDEN = {
    "nobody": (OURS, PERSONAL, CONFIDENTIAL),
    "other employer": (OURS, PERSONAL, CONFIDENTIAL),
    "other school": (OURS, PERSONAL, CONFIDENTIAL),
    "commission": (PERSONAL, CONFIDENTIAL),
    "other coordinator": (CONFIDENTIAL,),
}
MEMBERS = ("nobody", "other employer", "other school")
OK, NOT_THERE = 200, (403, 404)
#: Of nobody in particular: reference data, figures, what is published, and what history calls things.
COMMON = {
    "guild", "district", "boundary", "outcode", "postcode", "apprenticeshipstandard", "target", "publication",
    "publishedfigure", "publishedrows", "pack", "indicator", "indicatorversion", "indicatorvalue", "cell", "presence",
    "distinctcount", "freshness", "staleslice", "spelling", "organisationword", "engagementword", "identifier",
    "mailitem", "digestday", "signin", "exportlog", "calendarfeed", "apiclient",
}  # fmt: skip
OF_FEW = {"contact", "attachment", "draft", "savedview", "deskentry", "rightsrequest", "answeredrequest"}
#: Columns by which the program finds things: they are no words of anybody's.
KEYS = {
    "code", "verb", "subject_type", "request_id", "page", "kind", "postcode", "consent_version", "content_type",
    "stored_as", "checksum", "layout", "encoding", "form", "route", "year_group", "guilds", "period", "model", "field",
    "measure", "session_key", "fields_key", "once_key", "columns", "token",
}  # fmt: skip
#: Addresses that are a key themselves: whoever has one has been given it.
BY_KEY = ("{feed}", "{stop}", "{code}", "{shared}", "{shown}", "{not_shown}")
#: Ways to name a record beside an address.
NAMED = (
    "organisation={employer}&employer={employer}&provider={school}&contact={contact}&repeat={open_pledge}&"
    "engagement={planned}&pledge={open_pledge}&copy={planned}&like={planned}&venue={school}&placement={placement}"
)
#: What each resource of the API has of theirs. Its details are walked with these ids.
API = {
    "guild": (), "district": (), "target": (), "publication": (), "organisation": ("employer", "school"),
    "contact": ("contact",), "engagement": ("planned", "delivered"), "pledge": ("new_pledge", "open_pledge"),
    "allocation": ("allocation",), "placement": ("placement",), "apprenticeship": ("apprenticeship",),
    "import": ("import",),
}  # fmt: skip


class Marked(PageWorld):
    """The world of every page, all of it in words that stand nowhere else."""

    def __init__(self) -> None:
        super().__init__()
        staff = self.users["coordinator"]
        log_interaction(
            by=staff, organisation=self.employer, kind="call", happened_on=date(2017, 3, 1), summary="Hello"
        )
        drafts.keep(user=self.users["employer"], form="pledge_new", fields={"notes": [CONFIDENTIAL]}, at=timezone.now())
        attach(
            by=None, engagement=self._record("planned"), file=BytesIO(f"%PDF-1.7 {OURS}\n%%EOF".encode()), name="a.pdf"
        )
        self.common = {self.users[role].organisation_id for role in ("other employer", "other school")}
        for model in apps.get_app_config("guilds").get_models():
            if model._meta.model_name not in COMMON:
                self._mark(model)
        organisation_words.rebuild()
        engagement_words.rebuild()

    def _record(self, name: str) -> Any:
        return apps.get_model("guilds", "Engagement").objects.get(pk=self.names[name])

    def _mark(self, model: Any) -> None:
        names = [
            one.name for one in text_fields(model) if one.name not in KEYS and not isinstance(one, models.JSONField)
        ]
        for number, row in enumerate(self._theirs(model)):
            values = {name: self._word(model, name, number) for name in names if self._fits(model, name)}
            if isinstance(row, Event):
                values |= {side: self._told(row, getattr(row, side)) for side in ("before", "after")}
            if model._meta.model_name == "organisation":
                values["trading_names"] = [f"{OURS}trading{number}"]
            if values:
                model._default_manager.filter(pk=row.pk).update(**values)

    def _theirs(self, model: Any) -> Any:
        rows = model._default_manager.all()
        if model._meta.model_name == "user":
            return rows.filter(pk__in=(self.users["employer"].pk, self.users["school"].pk))
        if model._meta.model_name == "organisation":
            return rows.exclude(pk__in=self.common)
        if model in (Event, apps.get_model("guilds", "StatusChange")):
            own = [*self.common, *(self.users[role].pk for role in FORBIDDEN if role in self.users)]
            return rows.exclude(subject_id__in=own).exclude(subject_type__in=COMMON)
        return rows

    def _word(self, model: Any, name: str, number: int) -> str:
        field = model._meta.get_field(name)
        word = CONFIDENTIAL if model._meta.model_name in OF_FEW else self._usual(model, name)
        mail = isinstance(field, models.EmailField)
        return (
            f"{word}{model._meta.model_name}{number}@{word}.example" if mail else f"{word} {number}"[: field.max_length]
        )

    def _usual(self, model: Any, name: str) -> str:
        personal = name in getattr(model, "personal_fields", ())
        return PERSONAL if personal else OURS

    def _fits(self, model: Any, name: str) -> bool:
        longest = model._meta.get_field(name).max_length
        return longest is None or longest >= len(OURS)

    def _told(self, event: Event, state: Any) -> Any:
        if not state:
            return state
        subject = apps.get_model("guilds", event.subject_type)
        words = {one.name for one in text_fields(subject)} - KEYS
        return state | {
            name: self._word(subject, name, 0) for name in words & state.keys() if isinstance(state[name], str)
        }


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[Marked]:
    """Made once and rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Marked()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def quiet():
    """Hundreds of refusals that are meant."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def read(response: Any) -> str:
    """Everything that an answer says: its body, what a workbook holds, and where it leads."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(body)) as book:
            body = b"".join(map(book.read, book.namelist()))
    return f"{body.decode(errors='replace')} {dict(response.headers)}"


def walk(world: Marked, role: str) -> Iterator[tuple[str, Any]]:
    """Every address with what it answers to a GET; to a POST as well, undone again, where it is there for a member."""
    client = Client()
    if role in world.users:
        client.force_login(world.users[role])
    for pattern in (pattern for pattern in PAGES if not any(key in pattern for key in BY_KEY)):
        address = world.address(pattern)
        answer = client.get(address)
        yield f"GET {pattern}", answer
        if answer.status_code in NOT_THERE:
            continue
        if role in MEMBERS:
            yield f"POST {pattern}", undone(client, address)
        if answer.status_code == OK and "{" not in pattern and "?" not in pattern and role in world.users:
            yield from listed(world, client, address, role in MEMBERS)
    assert client.get("/account/").status_code == (200 if role in world.users else 302), "signed in to the end"
    yield f"GET /organisations/pick/?q={BEGINNING}", client.get(f"/organisations/pick/?q={BEGINNING}")
    yield (
        "GET a feed",
        client.get(f"/feeds/{add_feed(by=world.users[role])[1]}.ics") if role in world.users else client.get("/"),
    )


def undone(client: Client, address: str) -> Any:
    """What an empty form is answered; what it did is undone, also where it signed somebody out."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        answer = client.post(address, {})
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def listed(world: Marked, client: Client, address: str, thoroughly: bool) -> Iterator[tuple[str, Any]]:
    """A page that names no record, asked for theirs; a list also searched and as files."""
    is_list = issubclass(getattr(resolve(address).func, "view_class", object), ListPage)
    if thoroughly or not is_list:
        yield f"GET {address} for theirs", client.get(f"{address}?{NAMED.format(**world.names)}")
    if is_list:
        for query in (f"q={BEGINNING}", "export=csv", "export=xlsx") if thoroughly else ("export=csv",):
            yield f"GET {address}?{query}", client.get(f"{address}?{query}")
    elif address == "/search/":
        yield "GET a search", client.get(f"{address}?q={BEGINNING}")


def walk_api(world: Marked, role: str) -> Iterator[tuple[str, Any]]:
    """Every endpoint with their ids: read, listed, searched, changed (and undone)."""
    caller, named = Caller(world.users.get(role)), NAMED.format(**world.names).split("&")[:3]
    for pattern in api_patterns:
        actions, route = getattr(pattern.callback, "actions", None), str(pattern.pattern)
        if not actions:
            continue
        name = pattern.callback.initkwargs["basename"]
        assert name in API, f"Say in API which of their records {name} has"
        path = ROOT + route.lstrip("^").rstrip("$\\Z").replace("\\", "")
        for address in addresses(world, path, API[name]):
            for method in sorted(actions.keys() - {"head"}):
                with transaction.atomic():
                    query = f"?q={BEGINNING}" if method == "get" and "list" in actions.values() else ""
                    yield f"{method} {address}", caller.send(method.upper(), address, {} if method != "get" else "")
                    if query:
                        yield f"{method} {address}{query}", caller.get(address + query)
                        yield from ((f"{address}?{one}", caller.get(f"{address}?{one}")) for one in named)
                    transaction.set_rollback(True)


def addresses(world: Marked, path: str, names: tuple[str, ...]) -> list[str]:
    """A list's address as it is; of a detail one for each of their records."""
    start, found, rest = path.partition("(?P<")
    if not found:
        return [path]
    return [f"{start}{world.names[name]}{rest.partition(')')[2].removesuffix('$')}" for name in names]


def told(answers: Iterator[tuple[str, Any]], words: tuple[str, ...]) -> list[str]:
    """The addresses that say one of the words."""
    return [
        f"{where} says {word}" for where, answer in answers for text in [read(answer)] for word in words if word in text
    ]


@pytest.mark.once
@pytest.mark.parametrize("role", FORBIDDEN)
def test_no_page_tells_a_role_what_is_anothers(world, role):
    assert not told(walk(world, role), FORBIDDEN[role])


@pytest.mark.parametrize("role", FORBIDDEN)
def test_no_endpoint_tells_a_role_what_is_anothers(world, role):
    assert not told(walk_api(world, role), FORBIDDEN[role])


def test_every_address_is_walked_and_the_words_can_be_seen(world):
    """Whoever they belong to does read them: the walk would notice."""
    walked = {resolve(world.address(pattern).partition("?")[0]).route for pattern in PAGES}
    missing = [f"{name} ({route})" for route, name in ROUTES.items() if route not in walked]
    assert not missing, f"Add to PAGES of test_page_matrix.py an address with their records: {', '.join(missing)}"
    seen = {role: Client() for role in ("employer", "school", "administrator")}
    for role, client in seen.items():
        client.force_login(world.users[role])
    assert OURS in read(seen["employer"].get(f"/organisations/{world.employer.pk}/"))
    assert CONFIDENTIAL in read(seen["employer"].get(f"/organisations/{world.employer.pk}/"))
    assert OURS in read(seen["school"].get("/engagements/?export=xlsx"))
    assert OURS in read(Caller(world.users["employer"]).get("pledges/"))
    assert PERSONAL in read(seen["administrator"].get(f"/organisations/{world.employer.pk}/"))
    assert OURS in read(seen["administrator"].get(f"/organisations/pick/?q={BEGINNING}"))
