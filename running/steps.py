"""One step of preparing: a program that is run in silence, its work remembered. Needs Python's own library only."""

import hashlib
import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from running.places import ROOT
from running.problems import Problem

#: A file in what a step made, with the digest of what it was made from. Written last, so that half-made has none.
STAMP = ".made-from"


def run(command: Sequence[str | Path], *, doing: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> None:
    """Run a program, showing what it printed only if it fails. Raises Problem."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env=os.environ | (env or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise Problem(f"{doing} failed: {error}") from None
    if done.returncode:
        raise Problem(f"{doing} failed: {_last_words(done.stdout) or f'status {done.returncode}'}")


def _last_words(output: str) -> str:
    """The line that most likely says why: the last one about an error, else the last one."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    about_errors = [line for line in lines if "error" in line.lower()]
    return (about_errors or lines or [""])[-1][:400]


def digest(files: Iterable[Path]) -> str:
    """What the files are called and say, in short."""
    whole = hashlib.sha256()
    for path in sorted(files):
        whole.update(str(path).encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


def is_made(folder: Path, made_from: str) -> bool:
    """Whether the folder was completely made from just that."""
    stamp = folder / STAMP
    return stamp.is_file() and stamp.read_text() == made_from


def unmake(folder: Path) -> None:
    """Before making it anew: what is in there counts as half-made."""
    (folder / STAMP).unlink(missing_ok=True)


def mark_made(folder: Path, made_from: str) -> None:
    """After making it, completely."""
    (folder / STAMP).write_text(made_from)
