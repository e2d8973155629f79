"""The configuration that comes from environment variables, checked before anything else happens.

An installation that answers to any name but this computer's own is *public*, and then has to have safe values for
everything. The demonstration answers to this computer only, so it needs none.
"""

import ipaddress
import os
import re
import secrets
import tempfile
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from config.local_servers import socket_path

LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]", "testserver"})
_KEY_LENGTH = 50
_TOKEN_LENGTH = 20
_WEAK_KEYS = re.compile(r"change|insecure|secret|example|password|(.)\1{7}", re.IGNORECASE)
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def fail(name: str, problem: str) -> ImproperlyConfigured:
    """What stops the start; the caller raises it."""
    return ImproperlyConfigured(f"{name}: {problem}")


def read_text(name: str, default: str = "") -> str:
    """A variable; one that is set to nothing counts as not set."""
    return os.environ.get(name, "").strip() or default


def read_switch(name: str, *, default: bool = False) -> bool:
    """A variable that is on (1, true, yes, on) or off."""
    word = read_text(name).lower()
    if not word:
        return default
    if word not in ("", "0", "1", "false", "true", "no", "yes", "off", "on"):
        raise fail(name, f"“{word}” is neither on nor off: write 1 or 0")
    return word in ("1", "true", "yes", "on")


def read_number(name: str, *, default: int) -> int:
    """A variable that is a whole number, not negative."""
    said = read_text(name) or str(default)
    if not said.isdecimal():
        raise fail(name, f"“{said}” is not a whole number: write it in digits, such as {default}")
    return int(said)


def read_choice(name: str, choices: tuple[str, ...], *, default: str) -> str:
    """A variable that is one of a few words, in whatever case."""
    said = read_text(name, default)
    found = [word for word in choices if word.lower() == said.lower()]
    if not found:
        raise fail(name, f"“{said}” is unknown: write {' or '.join(choices)}")
    return found[0]


def read_folder(name: str, default: Path) -> Path:
    """A folder for what is kept; it is made, and has to be writable."""
    folder = Path(read_text(name, str(default)))
    if not folder.is_absolute():
        raise fail(name, f"“{folder}” depends on where it is started: write a path that begins with /")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise fail(name, f"the folder {folder} can't be made: {error.strerror}") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise fail(name, f"nothing can be written to the folder {folder}")
    return folder


def read_hosts() -> list[str]:
    """The names that the web server answers to; without any, this computer's own."""
    hosts = [host.strip() for host in read_text("ALLOWED_HOSTS").split(",") if host.strip()]
    if any("*" in host for host in hosts):
        raise fail("ALLOWED_HOSTS", "a star would answer to any name: list the names, separated by commas")
    return hosts or sorted(LOCAL_NAMES)


def is_public(hosts: list[str]) -> bool:
    """Whether anybody but this computer can reach it under one of these names."""
    return not all(host in LOCAL_NAMES or _is_loopback(host) for host in hosts)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def read_secret_key(folder: Path, *, public: bool) -> str:
    """SECRET_KEY; where it is not public, one is made once and kept in `folder`."""
    key = read_text("SECRET_KEY")
    if key and public and (len(key) < _KEY_LENGTH or _WEAK_KEYS.search(key)):
        raise fail("SECRET_KEY", f"it can be guessed: give at least {_KEY_LENGTH} random characters")
    if key:
        return key
    if public:
        raise fail("SECRET_KEY", f"it is missing: give at least {_KEY_LENGTH} random characters")
    return _kept_key(folder / "secret_key")


def _kept_key(path: Path) -> str:
    """Put in place whole: several processes may start at the same moment, and all must read the same key."""
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix="secret_key.") as draft:
            draft.write(secrets.token_urlsafe(_KEY_LENGTH))
            draft.flush()
            with suppress(FileExistsError):
                path.hardlink_to(draft.name)
    return path.read_text()


def read_database(folder: Path, name: str = "DATABASE_URL", *, public: bool = False) -> dict:
    """A database as Django's settings want it; by default SQLite in `folder`."""
    url = read_text(name) or f"sqlite:///{folder / 'guildhall.sqlite3'}"
    if urlsplit(url).scheme not in ("postgres", "postgresql", "sqlite"):
        raise fail(name, "it must begin with postgres:// (or sqlite:/// for a demonstration)")
    try:
        database = environ.Env.db_url_config(url)
    except (ValueError, ImproperlyConfigured):
        raise fail(name, "it can't be read: postgres://user:password@host:5432/name") from None
    if database["ENGINE"].endswith("sqlite3"):
        if public:
            raise fail(name, "a public installation needs PostgreSQL: postgres://user:password@host/name")
        return database | {
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": ("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000;"),
            }
        }
    # Compiling a query's expressions takes a page's query longer than answering it: a second, for some that take a tenth.
    options = {"options": "-c jit=off"} | database.get("OPTIONS", {})
    return database | {"OPTIONS": options, "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}


def read_redis(folder: Path, *, public: bool) -> str:
    """The queue's and cache's server; by default the embedded one on a socket in `folder`."""
    url = read_text("REDIS_URL")
    if not url and public:
        raise fail("REDIS_URL", "it is missing: redis://host:6379/0")
    if url and urlsplit(url).scheme not in ("redis", "rediss", "unix"):
        raise fail("REDIS_URL", "it must begin with redis://, rediss:// or unix://")
    return url or f"unix://{socket_path(folder, 'broker.sock')}"


def broker_url(redis_url: str) -> str:
    """A Redis address as Celery writes it: sockets are written otherwise there."""
    if not redis_url.startswith("unix://"):
        return redis_url
    return redis_url.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")


def read_base_url(*, public: bool) -> str:
    """The address that links in mail begin with."""
    url = read_text("BASE_URL").rstrip("/")
    if public and not url.startswith("https://"):
        raise fail("BASE_URL", "it must begin with https://, such as https://guildhall.example.gov.uk")
    if url and urlsplit(url).scheme not in ("http", "https"):
        raise fail("BASE_URL", "it must begin with https:// or http://")
    if url and (not urlsplit(url).hostname or urlsplit(url).path):
        raise fail("BASE_URL", "it must be a name without a path, such as https://guildhall.example.gov.uk")
    return url or "http://localhost:8000"


def read_email(*, public: bool) -> dict:
    """EMAIL_URL as Django's settings want it; empty where there is none."""
    url = read_text("EMAIL_URL")
    if not url and public:
        raise fail("EMAIL_URL", "it is missing: smtp+tls://user:password@host:587. Sign-in codes are sent by mail")
    if not url:
        return {}
    if public and urlsplit(url).scheme in ("dummymail", "memorymail"):
        raise fail("EMAIL_URL", "it would lose all mail: smtp+tls://user:password@host:587")
    try:
        return environ.Env.email_url_config(url)
    except (ValueError, KeyError, ImproperlyConfigured):
        raise fail("EMAIL_URL", "it can't be read: smtp+tls://user:password@host:587") from None


OIDC_NEEDED = ("OIDC_SERVER_URL", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
OIDC_KNOWN = (*OIDC_NEEDED, "OIDC_NAME")


def read_oidc(*, public: bool) -> list[dict]:
    """OIDC_*: a provider with which people sign in, such as Entra; none where nothing is set."""
    unknown = sorted(name for name in os.environ if name.startswith("OIDC_") and name not in OIDC_KNOWN)
    if any(read_text(name) for name in unknown):
        raise fail(unknown[0], f"this is not known here: unset it. Known are {', '.join(OIDC_KNOWN)}")
    given = {name: read_text(name) for name in OIDC_KNOWN}
    if not any(given.values()):
        return []
    missing = [name for name in OIDC_NEEDED if not given[name]]
    if missing:
        beside = next(name for name in OIDC_KNOWN if given[name])
        raise fail(beside, f"it does nothing without {' and '.join(missing)}: set all of {', '.join(OIDC_NEEDED)}")
    parts = urlsplit(given["OIDC_SERVER_URL"])
    if not parts.hostname or parts.scheme not in (("https",) if public else ("https", "http")):
        raise fail("OIDC_SERVER_URL", "it must begin with https://, such as https://login.example/tenant/v2.0")
    provider = {
        "provider_id": "oidc",
        "name": given["OIDC_NAME"] or "your work account",
        "client_id": given["OIDC_CLIENT_ID"],
        "secret": given["OIDC_CLIENT_SECRET"],
        "settings": {"server_url": given["OIDC_SERVER_URL"].rstrip("/")},
    }
    return [provider]


def read_colour() -> str:
    """BRAND_COLOUR: the colour of the header, as #rrggbb."""
    colour = read_text("BRAND_COLOUR", "#17494d")
    if not _COLOUR.fullmatch(colour):
        raise fail("BRAND_COLOUR", f"“{quote(colour)}” is not a colour: write it as #17494d")
    return colour


def read_scanner() -> str:
    """ATTACHMENT_SCANNER: the dotted name of a function that looks at an open file; one that is not there stops the start."""
    name = read_text("ATTACHMENT_SCANNER")
    module, _, function = name.rpartition(".")
    if name and not (module and find_spec(module.partition(".")[0]) and function.isidentifier()):
        raise fail(
            "ATTACHMENT_SCANNER",
            f"“{quote(name)}” is not a function that can be found: write it as package.module.function",
        )
    return name


def read_sentry_dsn() -> str:
    """SENTRY_DSN: where errors are reported to; empty where nowhere."""
    dsn = read_text("SENTRY_DSN")
    parts = urlsplit(dsn)
    if dsn and not (parts.scheme in ("http", "https") and parts.username and parts.hostname and parts.path.strip("/")):
        raise fail("SENTRY_DSN", "it can't be read: https://key@host/project")
    return dsn


def read_metrics_token() -> str:
    """METRICS_TOKEN: who gives it may read /metrics; without one, that page is for this computer only."""
    token = read_text("METRICS_TOKEN")
    if token and len(token) < _TOKEN_LENGTH:
        raise fail("METRICS_TOKEN", f"it can be guessed: give at least {_TOKEN_LENGTH} random characters")
    return token
