"""The project's own Python files, read as trees."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("guilds", "crm", "config", "running")


def files(*packages: str) -> list[Path]:
    """The Python files of some packages, without migrations."""
    found = [path for package in packages or PACKAGES for path in (ROOT / package).rglob("*.py")]
    assert found, packages
    return sorted(path for path in found if "migrations" not in path.parts)


def name(path: Path) -> str:
    """The path as a person would write it."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """The file, parsed."""
    return ast.parse(path.read_text(), str(path))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Each module that a file imports, with its line; `from a import b` gives a.b."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def is_in(module: str, package: str) -> bool:
    """Whether a module is a package or below it."""
    return module == package or module.startswith(package + ".")
