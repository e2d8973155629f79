"""Telling whoever keeps the figures that something has changed, once a transaction is safely in.

The mark itself is the event that is not yet counted, written in the change's own transaction; a call that is lost loses
nothing but time. This package knows no queue, so the doors say what to call.
"""

from collections.abc import Callable

from django.db import transaction

_wakers: list[Callable[[], None]] = []


def call_after_commit(waker: Callable[[], None]) -> None:
    """Have `waker` called after each transaction that recorded a change."""
    if waker not in _wakers:
        _wakers.append(waker)


def announce() -> None:
    """Call the wakers when the present transaction is in; however much it records, once."""
    connection = transaction.get_connection()
    if not any(function is _wake for _, function, _ in connection.run_on_commit):
        transaction.on_commit(_wake)


def _wake() -> None:
    for waker in _wakers:
        waker()
