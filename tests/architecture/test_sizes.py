"""Small: house.md, "Small". And names that say what is inside."""

import ast
import re
from pathlib import Path
from statistics import median, quantiles

import pytest

from tests.architecture.sources import ROOT, files, name, tree

pytestmark = pytest.mark.once

LONGEST_FILE, LONGEST_FUNCTION = 500, 60
SAYS_NOTHING = re.compile(r"^(utils?|helpers?|common|misc|stuff|manager2|tools)\d*(\.py)?$")


def _lines(path: Path) -> int:
    return path.read_text().count("\n")


def functions(path: Path) -> list[tuple[int, str]]:
    """Each function's length in lines and its name."""
    found = (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return [((node.end_lineno or 0) - node.lineno + 1, f"{name(path)}:{node.lineno} {node.name}") for node in found]


def test_no_file_is_too_long():
    """Look for the missing noun before splitting one in two halves."""
    assert not [(name(path), _lines(path)) for path in files() if _lines(path) > LONGEST_FILE]


def test_no_function_is_too_long():
    assert not [function for path in files() for function in functions(path) if function[0] > LONGEST_FUNCTION]


def test_most_are_small():
    sizes = [length for path in files() for length, _ in functions(path)]

    assert median(sizes) <= 9
    assert quantiles(sizes, n=10)[-1] <= 30
    assert quantiles([_lines(path) for path in files()], n=10)[-1] <= 300


def test_files_say_what_they_are_for():
    """In one line at their top; only empty packages say nothing."""
    assert not [name(path) for path in files() if path.read_text().strip() and not ast.get_docstring(tree(path))]


def test_names_say_what_is_inside():
    everything = files() + files("tests") + [path.parent for path in files()]

    assert not [name(path) for path in everything if SAYS_NOTHING.match(path.name)]


def test_top_level_is_the_house():
    """Whoever opens the repository sees rooms, not a pile."""
    rooms = {"guilds", "crm", "config", "running", "templates", "frontend", "tests", "docs"}
    tracked = {
        path.name for path in ROOT.iterdir() if path.is_dir() and any(path.rglob("*.py")) and path.name[0] != "."
    }

    assert tracked - {"static", "var", "node_modules"} <= rooms
