"""Bringing a record to the status that a file says it has by now, by the verbs of its own lifecycle."""

from collections import deque
from collections.abc import Callable

from guilds.audit.lifecycle import Lifecycle
from guilds.audit.refusals import refuse

Verb = Callable[..., object]


def path(lifecycle: Lifecycle, start: str, end: str) -> list[str] | None:
    """The shortest way of verbs from one status to another; None where there is none."""
    ways: deque[tuple[str, list[str]]] = deque([(start, [])])
    seen = {start}
    while ways:
        status, verbs = ways.popleft()
        if status == end:
            return verbs
        for verb, step in lifecycle.steps.items():
            if status in step.sources and step.target not in seen:
                seen.add(step.target)
                ways.append((step.target, [*verbs, verb]))
    return None


def bring_to(record, status: str, lifecycle: Lifecycle, act: Callable[[str], object]) -> None:
    """Call `act(verb)` for each step from the record's status to `status`.

    Raises ValidationError where its lifecycle has no such way: what has happened is not undone by a file.
    """
    verbs = path(lifecycle, record.status, status)
    if verbs is None:
        raise refuse("status", f"It is {record.status} by now: a file can't make it {status}", "lifecycle")
    for verb in verbs:
        act(verb)
