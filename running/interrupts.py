"""Ctrl-C that reached `make` alone. Needs Python's own library only."""

import os
import signal
from pathlib import Path

_STARTED_BY_MAKE = "MAKELEVEL" in os.environ
_PARENT = os.getppid()


def check() -> None:
    """Raises KeyboardInterrupt if the `make` that started this program was interrupted, or is gone.

    A terminal sends Ctrl-C to everybody, but a program that runs `make` may send it to that process only. GNU make does
    not pass it on and waits for its children; that it waits is seen by its no longer catching the signal.
    """
    if not _STARTED_BY_MAKE:
        return
    if os.getppid() != _PARENT or _no_longer_catches(_PARENT, signal.SIGINT):
        raise KeyboardInterrupt


def _no_longer_catches(process: int, number: int) -> bool:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return False
    state = dict(line.split(":", 1) for line in lines if ":" in line)
    bit = 1 << (number - 1)
    caught, held = int(state["SigCgt"], 16), int(state["SigBlk"], 16)
    return state["Name"].strip() in ("make", "gmake") and not caught & bit and bool(held & bit)
