"""What the layouts of organisations have in common: one shape for a row, whatever register it comes from."""

from guilds.importing.rows import Row
from guilds.importing.values import SicCodes


def take_organisation(
    row: Row,
    *,
    identifiers: dict[str, str | None],
    fields: dict,
    fills: frozenset | set = frozenset(),
    strict: bool = False,
    happened_on=None,
) -> None:
    """Put an organisation into the row's values.

    `identifiers`: scheme → value, the deciding one first. `fields`: those of the registry's actions; what is
    empty is left as it is. `fills`: fields that are set only where nothing is known yet. `strict`: an identifier
    that belongs to somebody else refuses the row instead of being left out with a warning.
    `happened_on`: the day since which its status holds.
    """
    row.values = {
        "identifiers": {scheme: value for scheme, value in identifiers.items() if value},
        "fields": {name: value for name, value in fields.items() if value not in (None, "", [])},
        "fills": frozenset(fills),
        "strict": strict,
        "happened_on": happened_on,
    }
    if not fields.get("name"):
        row.refuse("name", "It has no name")
    elif len(fields["name"]) > 250:
        row.refuse("name", "The name has more than 250 characters")


def joined(row: Row, *columns: str) -> str:
    """An address from its parts, without the empty ones."""
    return ", ".join(filter(None, (row.known(column) for column in columns)))


def tidy_website(text: str) -> str:
    """A website with its scheme; empty if it can't be one."""
    if not text or "." not in text or " " in text or len(text) > 290:
        return ""
    return text if text.lower().startswith(("http://", "https://")) else f"http://{text}"


def sic_codes_of(row: Row, column: str, found: SicCodes) -> list[str]:
    """The codes that could be read; what could not is warned of."""
    if found.unread:
        row.warn(column, f"Left out, not SIC codes: {', '.join(found.unread[:5])}")
    return found.codes
