"""What keeps a command from going on, said in one line. Needs Python's own library only."""

import signal
import sys
from collections.abc import Callable


class Problem(Exception):
    """The message is one line that says what is wrong and what to do."""


def say(line: str) -> None:
    """A line for whoever watches, at once, also where the output goes into a file."""
    print(line, flush=True)


def command(main: Callable[[], int]) -> None:
    """Run `main` as this program; a Problem or Ctrl-C ends it with a line, never with a traceback."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        sys.exit(main())
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr, flush=True)
        sys.exit(1)
    except (KeyboardInterrupt, BrokenPipeError):
        print("\nStopped.", file=sys.stderr, flush=True)
        sys.exit(130)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
