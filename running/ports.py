"""The port that the demonstration answers on. Needs Python's own library only."""

import errno
import os
import socket

from running.problems import Problem

USUAL = 8000


def wanted_port() -> int:
    """PORT, or 8000, if it is free. Raises Problem."""
    said = os.environ.get("PORT") or str(USUAL)
    if not said.isdecimal() or not 1 <= int(said) <= 65535:
        raise Problem(f"PORT: “{said}” is no port: write a number up to 65535, such as `make demo PORT=8001`")
    _check(int(said))
    return int(said)


def _check(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen()
        except OSError as error:
            raise Problem(_why(port, error)) from None


def _why(port: int, error: OSError) -> str:
    other = USUAL if port != USUAL else USUAL + 1
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken: stop what uses it, or choose another with `make demo PORT={other}`"
    return f"Port {port} can't be used ({error.strerror}): choose another with `make demo PORT={other}`"
