"""Every page and endpoint names the permission it asks for, and that is one in the table."""

from collections.abc import Callable, Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from guilds.access.permissions import PERMISSIONS

pytestmark = pytest.mark.once

#: What is not a person's to have: pages for anybody, and /metrics, which asks for a token.
NOT_IN_THE_TABLE = frozenset({"public", "machine"})
#: Whoever adds one here says why anybody in the world may open it.
PUBLIC = {
    "health_live": "answers that it answers",
    "health_ready": "says in one word each what works",
    "brand": "a colour",
    "outbox_html": "exists in the demonstration only",
    "mail_stop": "the signed address in a mail says whose it is",
    "calendar_feed": "the unguessable address is the key; calendar programs can't sign in",
    "shared_statement": "the signed address in a link that the employer can end is the key; no personal data",
    "shared_statement_pdf": "the same as a file",
    "published": "an administrator has let everybody read it who has its unguessable address",
    "published_csv": "the same, as a file",
    "published_columns": "the same: what the columns of that file mean",
    "published_json": "the same, for programs",
    "published_pack": "the same, as a document",
    "published_embed": "the same, one measure inside another page",
    "desk": "people in a hall have no account; the code lets them write, and read nothing of anybody's",
    "desk_wall": "sums for everybody in the hall",
    "desk_worker": "a script",
    "outbox": "exists in the demonstration only",
    "account_login": "where one signs in",
    "account_request_login_code": "where one signs in",
    "account_confirm_login_code": "where one signs in",
    "account_logout": "ends one's own session",
    "account_inactive": "where somebody without an account any more ends up",
    "mfa_authenticate": "the second step of signing in",
    "mfa_login_webauthn": "where one signs in",
    "openid_connect_login": "where one signs in",
    "openid_connect_callback": "where one comes back to from signing in elsewhere",
    "socialaccount_login_cancelled": "where one comes back to from signing in elsewhere",
    "socialaccount_login_error": "where one comes back to from signing in elsewhere",
    "invitation": "the unguessable address in a mail is the key, and only a button acts",
    "join": "strangers ask to be let in",
    "be_somebody": "exists in the demonstration only",
    "api:schema": "the shape of the API, no data",
    "api:docs": "the shape of the API, no data",
    "api:nowhere": "says that there is nothing",
}


def routes(patterns: list, prefix: str = "") -> Iterator[tuple[str, Callable]]:
    """Each address's name and what answers there."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inside = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from routes(pattern.url_patterns, inside)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name or pattern.pattern}", pattern.callback


ROUTES = list(routes(get_resolver().url_patterns))


def permissions(callback: Callable) -> set[str | None]:
    """What a function, a page's class or an endpoint's actions name."""
    view = getattr(callback, "cls", None) or getattr(callback, "view_class", None) or callback
    actions, names = getattr(callback, "actions", None), getattr(view, "permission_names", None)
    if actions and names is not None:
        return {names.get(action) for action in actions.values()}
    return {getattr(view, "permission_name", None)}


@pytest.mark.parametrize(("route", "callback"), ROUTES, ids=[name for name, _ in ROUTES])
def test_route_names_a_permission_of_the_table(route, callback):
    named = permissions(callback)

    assert named, route
    assert named <= PERMISSIONS.keys() | NOT_IN_THE_TABLE, f"{route} names {named}"


@pytest.mark.parametrize(("route", "callback"), ROUTES, ids=[name for name, _ in ROUTES])
def test_route_is_public_only_with_a_reason(route, callback):
    assert "public" not in permissions(callback) or route in PUBLIC, f"{route} is open to anybody"


def test_a_route_without_permission_would_be_seen():
    """The test above is able to fail."""

    def forgetful(request):
        """Names nothing."""

    assert permissions(forgetful) == {None}
    assert not {None} <= PERMISSIONS.keys() | NOT_IN_THE_TABLE
