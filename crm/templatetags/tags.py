"""Which colour a status is shown in. Colour only repeats what the word says."""

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
