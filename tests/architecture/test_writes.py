"""One way to write: doors call actions, and what is audited is never changed behind history's back."""

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import files, name, tree

pytestmark = pytest.mark.once

WRITES = frozenset(
    {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete", "update"}
)
#: Methods that show that what they are called on is rows of the database, not a dict or a set.
ROWS = frozenset({"objects", "_default_manager", "_base_manager", "filter", "exclude", "visible_to", "order_by", "all"})
#: May write in bulk: history itself, and figures, which are made from records.
OWN_WAYS = ("guilds/audit/", "guilds/impact/")
#: Each has its reason.
EXCEPTIONS = {
    "guilds/importing/apply.py": "marks its own run as stopped when the change itself was rolled back",
}


def _chain(node: ast.AST) -> set[str]:
    """The names in `a.b(…).c`."""
    found: set[str] = set()
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
            node = node.value
        else:
            node = node.func if isinstance(node, ast.Call) else node.value
    return found


def writes(source: ast.Module, *, names: frozenset[str] = WRITES) -> list[tuple[int, str]]:
    """Where rows are written straight: line and method."""
    return [
        (node.lineno, node.func.attr)
        for node in ast.walk(source)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in names
        and _chain(node.func.value) & ROWS
    ]


def found_in(paths: list[Path], names: frozenset[str] = WRITES) -> list[str]:
    """Where files write, as a person would look it up."""
    return [f"{name(path)}:{line} .{verb}(…)" for path in paths for line, verb in writes(tree(path), names=names)]


def test_audited_rows_are_never_updated_in_bulk():
    paths = [p for p in files("guilds") if not name(p).startswith(OWN_WAYS) and name(p) not in EXCEPTIONS]

    assert not found_in(paths, frozenset({"update", "bulk_update"})), "say it with an action, which keeps history"


def test_doors_write_nothing_themselves():
    assert not found_in(files("crm")), "call an action"


def test_forms_never_save():
    """They parse and word; actions save."""
    functions = [(p, n) for p in files("crm/forms") for n in ast.walk(tree(p)) if isinstance(n, ast.FunctionDef)]

    assert not [f"{name(path)}:{node.lineno}" for path, node in functions if node.name == "save"]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Pledge.objects.filter(pk=1).update(status='x')", [(1, "update")]),
        ("rows.visible_to(user).delete()", [(1, "delete")]),
        ("known.update(other)", []),
        ("Pledge.objects.filter(pk=1).count()", []),
    ],
)
def test_writes_are_recognised(line, found):
    assert writes(ast.parse(line)) == found
