"""Every page × every role: what a GET answers. A page without a line here fails.

A line is an address and its answers, in the order of ROLES. What stands in braces is a record of page_world.py: one that
the coordinator's guild leads, and that "employer" and "school" are part of. 302 leads to the sign-in page or another
page, 403 is "not your role", 404 "not there for you", 405 "only a button does this", 409 "not in this state".
"""

import logging
import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from guilds.calendar.actions import add_feed
from tests.crm.api.caller import Caller
from tests.crm.views.page_world import PageWorld

pytestmark = [pytest.mark.django_db, pytest.mark.once]

#: "Other": of another guild or organisation.
ROLES = (
    "nobody", "administrator", "coordinator", "other coordinator", "employer", "other employer", "school",
    "other school", "commission",
)  # fmt: skip

#    nobody admin coord other empl other schl other comm
EVERYBODY = (302, 200, 200, 200, 200, 200, 200, 200, 200)
ANYBODY = (200, 200, 200, 200, 200, 200, 200, 200, 200)
NOWHERE = (404,) * len(ROLES)
NOT_WHEN_SIGNED_IN = (200, 302, 302, 302, 302, 302, 302, 302, 302)
LED_ON = (302, 302, 302, 302, 302, 302, 302, 302, 302)
ONLY_SENT = (405, 405, 405, 405, 405, 405, 405, 405, 405)
SENT_BY_EVERYBODY = (302, 405, 405, 405, 405, 405, 405, 405, 405)
ADMINISTRATOR = (302, 200, 403, 403, 403, 403, 403, 403, 403)
# The team; each organisation's first member looks after its people.
LOOKS_AFTER_PEOPLE = (302, 200, 200, 200, 200, 200, 200, 200, 403)
# What has to be set up before there is anything to see.
NOT_SET_UP = (302, 404, 404, 404, 404, 404, 404, 404, 404)
STAFF = (302, 200, 200, 200, 403, 403, 403, 403, 403)
STAFF_LED_ON = (302, 302, 302, 302, 403, 403, 403, 403, 403)
FIGURES = (302, 200, 200, 200, 403, 403, 403, 403, 200)
# Staff and the Commission; to others it is not there.
REGISTRY = (302, 200, 200, 200, 404, 404, 404, 404, 200)
PARTIES = (302, 200, 200, 200, 200, 404, 200, 404, 200)
PARTIES_UNTIL_IT_COUNTS = (302, 200, 200, 200, 200, 404, 200, 404, 404)
STAFF_ELSE_NOT_THERE = (302, 200, 200, 200, 404, 404, 404, 404, 404)
LEAD = (302, 200, 200, 403, 403, 404, 403, 404, 403)
# Whoever leads it; to everybody else it is not there.
OWN_GUILD = (302, 200, 200, 404, 404, 404, 404, 404, 404)
LEAD_UNTIL_IT_COUNTS = (302, 200, 200, 403, 403, 404, 403, 404, 404)
LEAD_OR_SCHOOL = (302, 200, 200, 403, 403, 404, 200, 404, 404)
LEAD_OR_EMPLOYER = (302, 200, 200, 403, 200, 404, 403, 404, 403)

PAGES = {
    "/": EVERYBODY,
    "/brand.css": ANYBODY,
    "/offers/": EVERYBODY,
    "/sign-in/": NOT_WHEN_SIGNED_IN,
    "/sign-in/code/": LED_ON,
    "/sign-in/code/confirm/": LED_ON,
    "/sign-in/out/": ONLY_SENT,
    "/sign-in/demonstration/": ONLY_SENT,
    "/sign-in/inactive/": LED_ON,
    "/sign-in/second-step/": LED_ON,
    "/sign-in/passkey/": LED_ON,
    "/sign-in/with/none/": LED_ON,
    "/sign-in/with/error/": LED_ON,
    "/sign-in/with/oidc/": ONLY_SENT,
    "/sign-in/with/oidc/back/": NOWHERE,
    "/join/": ANYBODY,
    "/invitations/nothing/": NOWHERE,
    "/people/": LOOKS_AFTER_PEOPLE,
    "/people/invite/": LOOKS_AFTER_PEOPLE,
    "/people/invitations/": LOOKS_AFTER_PEOPLE,
    "/people/requests/": STAFF,
    "/people/requests/{asked_to_join}/": STAFF_ELSE_NOT_THERE,
    "/people/requests/{asked_to_join}/decline/": STAFF_ELSE_NOT_THERE,
    "/people/invitations/{invitation}/again/": (302, 200, 200, 404, 200, 404, 404, 404, 404),
    "/people/invitations/{invitation}/revoke/": (302, 200, 200, 404, 200, 404, 404, 404, 404),
    "/people/{member}/": (302, 200, 200, 404, 200, 404, 404, 404, 404),
    "/people/{member}/correct/": (302, 200, 403, 404, 403, 404, 404, 404, 404),
    "/people/{member}/close/": (302, 200, 200, 404, 403, 404, 404, 404, 404),
    "/outbox/": NOWHERE,
    "/outbox/{nobody}/": NOWHERE,
    "/changes/{change}/undo/": (302, 405, 405, 405, 405, 405, 405, 405, 403),
    "/changes/one-press-of-a-button/": (302, 200, 200, 200, 200, 404, 404, 404, 404),
    "/history/pledge/{open_pledge}/": (302, 200, 200, 200, 200, 404, 404, 404, 404),
    "/history/engagement/{planned}/": PARTIES_UNTIL_IT_COUNTS,
    "/history/contact/{contact}/": (302, 200, 200, 404, 200, 404, 404, 404, 404),
    "/history/followup/{follow_up}/": STAFF_ELSE_NOT_THERE,
    "/history/interaction/{note}/": STAFF_ELSE_NOT_THERE,
    "/history/user/{somebody}/": (302, 200, 404, 404, 404, 404, 404, 404, 404),
    "/mail/stop/{stop}/": ANYBODY,
    "/mail/bounced/": ONLY_SENT,
    "/account/": EVERYBODY,
    "/account/mail/": EVERYBODY,
    "/account/name/": EVERYBODY,
    "/account/email/": EVERYBODY,
    "/account/email/code/": LED_ON,
    "/account/password/": STAFF,
    "/account/sessions/": EVERYBODY,
    "/account/sessions/end/": SENT_BY_EVERYBODY,
    "/account/sessions/{nobody}/end/": SENT_BY_EVERYBODY,
    "/account/security/": EVERYBODY,
    "/account/security/again/": (302, 403, 403, 403, 403, 403, 403, 403, 403),
    "/account/security/again/code/": (302, 403, 403, 403, 403, 403, 403, 403, 403),
    "/account/security/again/passkey/": (302, 403, 403, 403, 403, 403, 403, 403, 403),
    "/account/security/app/": EVERYBODY,
    "/account/security/app/remove/": NOT_SET_UP,
    "/account/security/codes/": NOT_SET_UP,
    "/account/security/codes/new/": EVERYBODY,
    "/account/security/codes/file/": NOT_SET_UP,
    "/account/security/passkeys/new/": EVERYBODY,
    "/account/security/passkeys/1/": NOT_SET_UP,
    "/account/security/passkeys/1/remove/": NOT_SET_UP,
    "/my-data/": EVERYBODY,
    "/my-data/ask/erase/": EVERYBODY,
    "/my-data/file.json": EVERYBODY,
    "/rights/": ADMINISTRATOR,
    "/rights/new/": ADMINISTRATOR,
    "/rights/erasures/": ADMINISTRATOR,
    "/rights/retention/": ADMINISTRATOR,
    "/rights/retention/apply/": ADMINISTRATOR,
    "/rights/people/": ADMINISTRATOR,
    "/rights/people/contact/{contact}/": ADMINISTRATOR,
    "/rights/people/contact/{contact}/file.html": ADMINISTRATOR,
    "/rights/people/contact/{contact}/erase/": ADMINISTRATOR,
    "/rights/{rights_request}/": (302, 200, 404, 404, 403, 404, 404, 404, 404),
    "/rights/{rights_request}/answer/": (302, 200, 404, 404, 403, 404, 404, 404, 404),
    "/rights/{rights_request}/refuse/": (302, 200, 404, 404, 403, 404, 404, 404, 404),
    "/emails/": ADMINISTRATOR,
    "/emails/digest/": ADMINISTRATOR,
    "/emails/digest/html/": ADMINISTRATOR,
    "/search/": EVERYBODY,
    "/search/?q=Lantern": EVERYBODY,
    "/calendar/": EVERYBODY,
    "/calendar/feeds/": EVERYBODY,
    "/feeds/{feed}.ics": ANYBODY,
    "/engagements/": EVERYBODY,
    "/engagements/new/": STAFF,
    "/engagements/{planned}/": PARTIES_UNTIL_IT_COUNTS,
    "/engagements/{delivered}/": PARTIES,
    "/engagements/{planned}/confirm/": (302, 405, 405, 403, 403, 404, 403, 404, 404),
    "/engagements/{planned}/deliver/": LEAD_UNTIL_IT_COUNTS,
    "/engagements/{delivered}/numbers/": LEAD,
    "/engagements/{planned}/cancel/": LEAD_UNTIL_IT_COUNTS,
    "/engagements/{planned}/postpone/": LEAD_UNTIL_IT_COUNTS,
    "/engagements/{planned}/correct/": LEAD_UNTIL_IT_COUNTS,
    "/engagements/{planned}/answer/": (302, 404, 404, 404, 404, 404, 404, 404, 404),
    "/engagements/{planned}/files/new/": LEAD_UNTIL_IT_COUNTS,
    "/engagements/{planned}/files/{file}/": (302, 200, 200, 404, 403, 404, 403, 404, 404),
    "/engagements/{planned}/files/{file}/remove/": LEAD_UNTIL_IT_COUNTS,
    "/engagements/{planned}/desk/": (302, 405, 405, 403, 403, 404, 403, 404, 404),
    "/desk/worker.js": ANYBODY,
    "/desk/{code}/": ANYBODY,
    "/desk/{code}/wall/": ANYBODY,
    "/desks/{desk}/": OWN_GUILD,
    "/desks/{desk}/poster.pdf": OWN_GUILD,
    "/desks/{desk}/entries/{entry}/": (302, 302, 302, 404, 404, 404, 404, 404, 404),
    "/desks/{desk}/close/": (302, 405, 405, 404, 404, 404, 404, 404, 404),
    "/organisations/pick/": EVERYBODY,
    "/organisations/": EVERYBODY,
    "/organisations/public-sector/": FIGURES,
    "/organisations/duplicates/": STAFF,
    "/organisations/merges/{nobody}/": (302, 404, 404, 404, 404, 404, 404, 404, 404),
    "/organisations/{employer}/merge/": (302, 200, 200, 403, 403, 404, 404, 404, 403),
    "/organisations/{employer}/merge/{other_employer}/": (302, 200, 200, 403, 404, 404, 404, 404, 403),
    "/organisations/{employer}/merge/{other_employer}/apart/": (302, 405, 405, 403, 404, 404, 404, 404, 403),
    "/guilds/": REGISTRY,
    "/guilds/hospitality-tourism/": REGISTRY,
    "/guilds/hospitality-tourism/members/": REGISTRY,
    "/guilds/hospitality-tourism/members/new/": (302, 200, 200, 403, 404, 404, 404, 404, 403),
    "/guilds/hospitality-tourism/meetings/": REGISTRY,
    "/organisations/new/": STAFF,
    "/organisations/{employer}/": (302, 200, 200, 200, 200, 404, 404, 404, 200),
    "/organisations/{school}/": (302, 200, 200, 200, 404, 404, 200, 404, 200),
    "/organisations/{employer}/correct/": (302, 200, 200, 403, 200, 404, 404, 404, 403),
    "/organisations/{employer}/note/": STAFF_LED_ON,
    "/organisations/{employer}/people/new/": (302, 200, 200, 403, 200, 404, 404, 404, 403),
    "/organisations/{employer}/people/{contact}/": (302, 200, 200, 404, 200, 404, 404, 404, 404),
    "/organisations/{employer}/notes/{note}/": STAFF_ELSE_NOT_THERE,
    "/organisations/{employer}/guilds/join/": (302, 200, 200, 200, 403, 404, 404, 404, 403),
    "/organisations/{employer}/guilds/{membership}/leave/": (302, 200, 200, 403, 403, 404, 404, 404, 403),
    "/placements/": EVERYBODY,
    "/placements/bulk/?verb=cancel": STAFF_LED_ON,
    "/placements/new/": STAFF,
    "/placements/{placement}/": PARTIES,
    "/placements/{placement}/correct/": LEAD,
    "/placements/{placement}/cancel/": LEAD,
    "/apprenticeships/": EVERYBODY,
    "/apprenticeships/bulk/?verb=fill": STAFF_LED_ON,
    "/apprenticeships/intakes/": EVERYBODY,
    "/apprenticeships/new/": STAFF,
    "/apprenticeships/{apprenticeship}/": PARTIES,
    "/apprenticeships/{apprenticeship}/correct/": LEAD,
    "/apprenticeships/{apprenticeship}/cancel/": LEAD,
    "/views/new/": SENT_BY_EVERYBODY,
    "/views/{view}/": (302, 404, 200, 404, 404, 404, 404, 404, 404),
    "/exports/": ADMINISTRATOR,
    "/imports/": STAFF,
    "/imports/new/": STAFF,
    "/imports/{import}/": (302, 200, 200, 200, 404, 404, 404, 404, 404),
    "/imports/{import}/columns/": (302, 302, 302, 302, 404, 404, 404, 404, 404),
    "/imports/{import}/load/": (302, 405, 405, 405, 404, 404, 404, 404, 404),
    "/imports/{import}/discard/": (302, 405, 405, 405, 404, 404, 404, 404, 404),
    "/imports/{import}/refused/": (302, 200, 200, 200, 404, 404, 404, 404, 404),
    "/imports/{import}/undo/": (302, 302, 302, 302, 404, 404, 404, 404, 404),
    "/follow-ups/": STAFF,
    "/follow-ups/new/": STAFF,
    "/follow-ups/bulk/?verb=snooze": STAFF_LED_ON,
    "/follow-ups/{follow_up}/": (302, 200, 200, 200, 404, 404, 404, 404, 404),
    "/follow-ups/{follow_up}/correct/": (302, 200, 200, 200, 404, 404, 404, 404, 404),
    "/follow-ups/{follow_up}/done/": (302, 404, 404, 404, 404, 404, 404, 404, 404),
    "/pledges/": EVERYBODY,
    "/pledges/new/": (302, 200, 200, 200, 200, 200, 403, 403, 403),
    "/pledges/{new_pledge}/": (302, 200, 200, 200, 200, 404, 404, 404, 404),
    "/pledges/{open_pledge}/": PARTIES,
    "/pledges/{new_pledge}/correct/": (302, 200, 200, 403, 200, 404, 404, 404, 404),
    "/pledges/{new_pledge}/verify/": (302, 200, 200, 403, 403, 404, 404, 404, 404),
    "/pledges/{new_pledge}/reject/": (302, 200, 200, 403, 403, 404, 404, 404, 404),
    "/pledges/{open_pledge}/amend/": LEAD_OR_EMPLOYER,
    "/pledges/{open_pledge}/extend/": LEAD_OR_EMPLOYER,
    "/pledges/{open_pledge}/withdraw/": LEAD_OR_EMPLOYER,
    "/pledges/{open_pledge}/allocate/": LEAD,
    "/pledges/{open_pledge}/ask/": (302, 404, 404, 403, 403, 404, 200, 404, 403),
    "/pledges/{open_pledge}/allocations/{allocation}/agree/": LEAD,
    "/pledges/{open_pledge}/allocations/{allocation}/decline/": LEAD,
    "/pledges/{open_pledge}/allocations/{allocation}/release/": LEAD_OR_SCHOOL,
    "/pledges/board/": STAFF,
    "/pledges/quiet/": STAFF,
    "/pledges/bulk/?verb=verify": STAFF_LED_ON,
    "/pledges/{open_pledge}/match/": LEAD,
    "/pledges/{open_pledge}/credit/": LEAD,
    "/pledges/{open_pledge}/credit/{delivery}/": LEAD,
    "/pledges/{open_pledge}/did/": (302, 403, 403, 403, 200, 404, 403, 404, 403),
    "/pledges/{open_pledge}/did/{claim}/accept/": LEAD,
    "/pledges/{open_pledge}/did/{claim}/decline/": LEAD,
    "/pledges/{open_pledge}/did/{claim}/take-back/": (302, 403, 403, 403, 200, 404, 403, 404, 403),
    "/statements/{employer}/": (302, 200, 200, 200, 200, 404, 404, 404, 403),
    "/statements/{employer}/statement.pdf?period=2016-17": (302, 200, 200, 200, 200, 404, 404, 404, 403),
    "/statements/{employer}/share/": (302, 200, 200, 403, 200, 404, 404, 404, 403),
    "/statements/{employer}/links/{share}/end/": (302, 405, 405, 403, 405, 404, 404, 404, 403),
    "/statements/{school}/": (302, 404, 404, 404, 404, 404, 404, 404, 404),
    "/shared/{shared}/": ANYBODY,
    "/shared/{shared}/statement.pdf": ANYBODY,
    "/pledges/{open_pledge}/follow-up/": (302, 302, 302, 302, 403, 404, 403, 404, 403),
    "/requests/": (302, 200, 200, 200, 403, 403, 200, 200, 403),
    "/requests/new/": (302, 200, 200, 200, 403, 403, 200, 200, 403),
    "/requests/{request}/": (302, 200, 200, 200, 404, 404, 200, 404, 404),
    "/requests/{request}/correct/": (302, 200, 200, 403, 404, 404, 200, 404, 404),
    "/requests/{request}/match/": (302, 200, 200, 403, 404, 404, 403, 404, 404),
    "/requests/{request}/withdraw/": (302, 404, 404, 403, 404, 404, 200, 404, 404),
    "/requests/{request}/close/": (302, 200, 200, 403, 404, 404, 404, 404, 404),
    "/publications/": EVERYBODY,
    "/publications/new/": STAFF,
    "/publications/{publication}/": EVERYBODY,
    "/publications/{draft_publication}/": (302, 200, 200, 200, 404, 404, 404, 404, 404),
    "/publications/{publication}/versions/": EVERYBODY,
    "/publications/{publication}/figures.csv": EVERYBODY,
    "/publications/{publication}/figures.txt": (302, 404, 404, 404, 404, 404, 404, 404, 404),
    "/publications/{draft_publication}/publish/": (302, 200, 403, 403, 404, 404, 404, 404, 404),
    "/publications/{draft_publication}/discard/": (302, 200, 200, 200, 404, 404, 404, 404, 404),
    "/publications/{draft_publication}/sign-off/": (302, 200, 200, 200, 404, 404, 404, 404, 404),
    "/publications/{publication}/publish/": (302, 409, 403, 403, 403, 403, 403, 403, 403),
    "/publications/{publication}/revise/": STAFF,
    "/publications/{publication}/nothing/": (302, 404, 404, 404, 404, 404, 404, 404, 404),
    "/publications/{publication}/board-pack/": FIGURES,
    "/publications/{draft_publication}/board-pack/": (302, 409, 409, 409, 404, 404, 404, 404, 404),
    "/publications/{publication}/board-pack/new/": STAFF,
    "/packs/{pack}/": (302, 200, 200, 200, 404, 404, 404, 404, 200),
    "/packs/{pack}/pack.pdf": (302, 404, 404, 404, 404, 404, 404, 404, 404),
    "/published/{shown}/board-pack.pdf": NOWHERE,
    "/published/{shown}/": ANYBODY,
    "/published/{shown}.csv": ANYBODY,
    "/published/{shown}.json": ANYBODY,
    "/published/{shown}.csv-metadata.json": ANYBODY,
    "/published/{shown}/embed/encounters/": ANYBODY,
    "/published/{not_shown}/": NOWHERE,
    "/impact/": FIGURES,
    "/impact/coverage/": FIGURES,
    "/impact/promises/?period=2016-17": FIGURES,
    "/impact/scopes/": FIGURES,
    "/impact/scopes/new/": STAFF,
    "/impact/scopes/{scope}/correct/": (302, 200, 200, 200, 404, 404, 404, 404, 403),
    "/impact/scopes/{scope}/delete/": (302, 200, 200, 200, 404, 404, 404, 404, 403),
    "/impact/supported-routes/": FIGURES,
    "/impact/supported-routes/placements/{placement}/": LEAD,
    "/impact/supported-routes/apprenticeships/{apprenticeship}/": LEAD,
    "/indicators/": FIGURES,
    "/indicators/grid.csv": FIGURES,
    "/indicators/new/": ADMINISTRATOR,
    "/indicators/{indicator}/": REGISTRY,
    "/indicators/{indicator}/value/": (302, 200, 403, 403, 404, 404, 404, 404, 403),
    "/indicators/{indicator}/reword/": (302, 200, 403, 403, 404, 404, 404, 404, 403),
    "/indicators/{indicator}/end/": (302, 200, 403, 403, 404, 404, 404, 404, 403),
    "/advisers/": FIGURES,
    "/advisers/new/": STAFF,
    "/advisers/{adviser}/": (302, 200, 200, 200, 404, 404, 403, 404, 200),
    "/advisers/{adviser}/match/": (302, 200, 200, 200, 404, 404, 403, 404, 403),
    "/advisers/{adviser}/withdraw/": (302, 200, 200, 200, 404, 404, 403, 404, 403),
    "/advisers/{adviser}/end/": (302, 409, 409, 409, 404, 404, 403, 404, 403),
    "/impact/evidence/": (302, 400, 400, 400, 403, 403, 403, 403, 400),
    "/impact/evidence/?measure=encounters&period=2016-17": FIGURES,
    "/impact/guilds/hospitality-tourism/": FIGURES,
    "/impact/districts/{thanet}/": FIGURES,
    "/impact/districts/{thanet}/pack/": FIGURES,
    "/impact/districts/{thanet}/pack/new/": STAFF,
    "/impact/kinds/workshop/": FIGURES,
    "/impact/data/total.csv": FIGURES,
    "/targets/": FIGURES,
    "/targets/new/": ADMINISTRATOR,
    "/targets/spread/": ADMINISTRATOR,
    "/targets/{target}/": REGISTRY,
    "/targets/{target}/move/": (302, 200, 403, 403, 404, 404, 404, 404, 403),
    "/targets/{target}/end/": (302, 200, 403, 403, 404, 404, 404, 404, 403),
}


def routes(patterns: list, prefix: str = "") -> Iterator[tuple[str, str]]:
    """The whole route of each page, and its name."""
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, str(pattern.name)


#: The API has a matrix of its own (tests/crm/api/test_matrix.py); what machines ask is tested where it is told.
ELSEWHERE = ("api/", "health/", "metrics")
ROUTES = {route: name for route, name in routes(get_resolver().url_patterns) if not route.startswith(ELSEWHERE)}

#: Each kind of record: its page, its list (with its files), where the API has it, and all of the world that the list has.
RECORDS = (
    ("/engagements/{}/", "/engagements/", "engagements/{}/", ("planned", "delivered")),
    ("/organisations/{}/", "/organisations/", "organisations/{}/", ("employer", "school")),
    ("/pledges/{}/", "/pledges/", "pledges/{}/", ("new_pledge", "open_pledge")),
    ("/placements/{}/", "/placements/", "placements/{}/", ("placement",)),
    ("/apprenticeships/{}/", "/apprenticeships/", "apprenticeships/{}/", ("apprenticeship",)),
    ("/publications/{}/", "/publications/", "publications/{}/", ("publication", "draft_publication")),
)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[PageWorld]:
    """Made once and rolled back: looking changes nothing that another role would meet."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield PageWorld()
        transaction.set_rollback(True)


def reader(world: PageWorld, role: str) -> Client:
    """Somebody's browser."""
    client = Client()
    if role in world.users:
        client.force_login(world.users[role])
    return client


def status_of(client: Client, address: str) -> int:
    """What a GET answers; a file is read to its end, so that it is closed."""
    response = client.get(address)
    for _ in response.streaming_content if response.streaming else ():
        pass
    return response.status_code


@pytest.fixture(autouse=True)
def quiet():
    """Hundreds of refusals that are meant."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_every_page_has_a_line(world):
    told = {resolve(world.address(pattern).partition("?")[0]).route for pattern in PAGES}

    missing = [f"{name} ({route})" for route, name in ROUTES.items() if route not in told]
    assert not missing, f"Add to PAGES an address of each, with what every role gets: {', '.join(missing)}"


@pytest.mark.parametrize("role", ROLES)
def test_every_page_answers_a_role_as_the_table_says(world, role):
    client, column = reader(world, role), ROLES.index(role)
    expected = {pattern: answers[column] for pattern, answers in PAGES.items()}

    found = {pattern: status_of(client, world.address(pattern)) for pattern in PAGES}

    assert found == expected


@pytest.mark.parametrize("role", ROLES[1:])
def test_what_is_not_there_for_a_role_is_not_there_by_any_door(world, role):
    client, caller = reader(world, role), Caller(world.users[role])
    feed = client.get(f"/feeds/{add_feed(by=world.users[role])[1]}.ics").content.decode()
    picked = {one["id"] for word in ("Lantern", "Hill") for one in client.get("/organisations/pick/?q=" + word).json()}
    searched = "".join(client.get("/search/?q=" + word).content.decode() for word in ("Lantern", "Hill"))
    for page, listed, resource, names in RECORDS:
        shown, file = client.get(listed).content.decode(), client.get(listed + "?export=csv")
        seen = {name for name in names if client.get(page.format(world.names[name])).status_code == 200}
        for name in names:
            door = page.format(world.names[name])
            assert (name in seen) == (f'href="{door}"' in shown), f"{door} in {listed}"
            api = caller.get(resource.format(world.names[name])).status_code
            assert api == (200 if name in seen else 404), f"{door} by the API"
            if name not in seen:
                assert str(world.names[name]) not in feed, f"{door} in the calendar feed"
                assert str(world.names[name]) not in picked, f"{door} in the picker"
                assert str(world.names[name]) not in searched, f"{door} in the search"
                assert client.get(f"/history/{_kind(page)}/{world.names[name]}/").status_code == 404
        listed_rows = set(re.findall('href="' + page.format("([0-9a-f-]{36})") + '"', shown))
        assert len(lines_of(file)) - 1 == len(listed_rows), f"the file of {listed}"


def _kind(page: str) -> str:
    return page.split("/")[1].removesuffix("s")


def lines_of(file) -> list[str]:
    """The lines of a file that was sent, the first of them the titles."""
    parts = file.streaming_content if file.streaming else [file.content]
    return b"".join(parts).decode().strip().splitlines()
