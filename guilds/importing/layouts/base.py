"""What a layout is: the columns it is known by, and what it makes of a row."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from guilds.importing.models import Kind
from guilds.importing.rows import Row, column_key


@dataclass(frozen=True)
class Layout:
    """One way in which somebody publishes a kind of data.

    `needs` are the columns without which it is not this layout; `read` fills a row's `values` or refuses.
    `headless` recognises a file without header from its first row; then `columns` are its columns.
    """

    name: str
    kind: Kind
    needs: frozenset[str]
    read: Callable[[Row], None]
    columns: tuple[str, ...] = ()
    headless: Callable[[list[str]], bool] | None = None

    def known_by(self, keys: Iterable[str]) -> bool:
        """Whether a header has all the columns it needs."""
        return self.needs <= set(keys)


def layout(name: str, kind: Kind, needs: str, read: Callable[[Row], None], **more) -> Layout:
    """A readable way to write a Layout: `needs` separated by bars, as the file writes them."""
    return Layout(name, kind, frozenset(column_key(title) for title in needs.split("|")), read, **more)
