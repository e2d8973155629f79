"""Statuses in their colours. Colour only repeats what the word says."""

from html import escape
from typing import Any

COLOURS = {
    "green": "sent delivered completed fulfilled done active final published accepted matched cleared met ready",
    "teal": "confirmed verified agreed started running filled provisional",
    "blue": "queued sending received planned arranged open recorded allocated suggested signed_up",
    "yellow": "unnamed unverified unanswered no_answer requested postponed warned stopped draft missing due waiting",
    "red": "disputed refused rejected declined did_not_attend overdue failed",
    "grey": "expired cancelled withdrawn lapsed closed closed_unfilled archived undone dropped released superseded "
    "revised revoked ended",
}
OF = {status: colour for colour, statuses in COLOURS.items() for status in statuses.split()}


def colour_of(status: str) -> str:
    """The colour of a status' tag; one that nobody listed is blue, like any other neutral label."""
    return OF.get(status.strip().lower().replace(" ", "_").replace("-", "_"), "blue")


def tag(status: Any, label: str = "") -> str:
    """A status as HTML, in its colour, with its own words or those of `label`."""
    words = label or str(getattr(status, "label", status)).replace("_", " ").capitalize()
    colour = colour_of(str(getattr(status, "value", status)))
    return f'<strong class="govuk-tag govuk-tag--{colour}">{escape(words)}</strong>'


def pledge_tag(standing: str) -> str:
    """How a pledge stands: its status, or fulfilled where everything is delivered."""
    return tag(standing, "To be verified" if standing == "unverified" else "")
