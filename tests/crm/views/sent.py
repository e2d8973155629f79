"""What a browser sends from the page on which an engagement is logged, and what a person reads of the answer."""

import re


def management(prefix: str, rows: list[dict]) -> dict:
    sent = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
    return sent | {f"{prefix}-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}


def filled(schools=(), employers=(), **fields) -> dict:
    """What the browser sends."""
    usual = {
        "kind": "careers_event",
        "title": "Hospitality Conversation",
        "date_day": "14",
        "date_month": "3",
        "date_year": "2017",
        "guild": "hospitality-tourism",
        "status": "delivered",
        "delivery": "in_person",
        "form_token": "a" * 32,
    }
    blank = {"role": "exhibitor"}
    employers = [blank | row for row in employers] or [blank]
    return usual | management("attendances", list(schools) or [{}]) | management("participations", employers) | fields


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).replace("&#x27;", "'").split())
