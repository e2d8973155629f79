"""Our own columns, and guesses at what others call them."""

import pytest

from guilds.importing.layouts import LAYOUTS
from guilds.importing.models import Kind
from guilds.importing.naming import COLUMNS, NEEDED, guess
from guilds.importing.rows import column_key


@pytest.mark.parametrize("kind", list(COLUMNS))
def test_needed_columns_are_those_of_our_layout(kind: Kind):
    assert NEEDED[kind] <= set(COLUMNS[kind])
    ours = {column_key(column) for column in COLUMNS[kind]}
    fitting = [layout for layout in LAYOUTS if layout.kind == kind and layout.needs <= ours]
    assert {column_key(column) for column in NEEDED[kind]} <= frozenset.union(*(layout.needs for layout in fitting))


@pytest.mark.parametrize(
    ("column", "titles", "title"),
    [
        ("made_on", ["Made On", "Date"], "Made On"),
        ("made_on", ["Employer", "Date"], "Date"),
        ("company_number", ["Company No", "Company"], "Company No"),
        ("hours", ["Company"], ""),
    ],
)
def test_guess_prefers_our_own_word(column, titles, title):
    assert guess(column, titles) == title
