"""Keeping the figures up to date with the records."""


def refresh(*, wait: bool = True) -> int:
    """Count what has changed; gives the number of changes that were counted."""
    raise NotImplementedError


def pending() -> bool:
    """Whether there is anything that the figures do not show yet."""
    raise NotImplementedError
