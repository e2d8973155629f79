"""Which colour a status is shown in. Colour only repeats what the word says."""

COLOURS = {
    "green": ("delivered", "verified", "confirmed", "completed", "final", "published", "active", "fulfilled", "done", "applied"),
    "blue": ("planned", "arranged", "offered", "open", "recorded", "in_progress", "started", "under_way", "provisional"),
    "yellow": ("draft", "proposed", "pending", "awaiting", "unanswered", "missing", "partly_fulfilled", "due"),
    "red": ("refused", "disputed", "overdue", "failed", "withdrawn_early"),
    "grey": ("cancelled", "withdrawn", "expired", "closed", "ended", "undone", "superseded", "inactive", "retired"),
    "purple": ("allocated", "revised", "filled"),
}
_OF = {status: colour for colour, statuses in COLOURS.items() for status in statuses}


def colour_of(status: str) -> str:
    """The colour of a status' tag; one that nobody listed is blue, like any other neutral label."""
    return _OF.get(status.strip().lower().replace(" ", "_").replace("-", "_"), "blue")
