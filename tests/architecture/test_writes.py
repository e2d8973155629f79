"""One way to write: doors call actions, and what is audited is never changed behind history's back."""

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import files, name, tree

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


@pytest.mark.parametrize("path", files("guilds"), ids=name)
def test_audited_rows_are_never_updated_in_bulk(path: Path):
    if name(path).startswith(OWN_WAYS) or name(path) in EXCEPTIONS:
        return
    found = writes(tree(path), names=frozenset({"update", "bulk_update"}))

    assert not found, f"{name(path)}: say it with an action, which keeps history: {found}"


@pytest.mark.parametrize("path", files("crm"), ids=name)
def test_doors_write_nothing_themselves(path: Path):
    found = writes(tree(path))

    assert not found, f"{name(path)}: call an action: {found}"


@pytest.mark.parametrize("path", files("crm/forms"), ids=name)
def test_forms_never_save(path: Path):
    saving = [node.lineno for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef) and node.name == "save"]

    assert not saving, f"{name(path)}: forms parse and word; actions save"


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
