"""Facts about one thing: rows of a summary list as HTML. In Python: a page has a dozen. All is escaped piece by piece."""

from datetime import datetime
from html import escape
from typing import Any

from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import conditional_escape


def fact(key: str, value: Any, address: str = "", words: str = "") -> str:
    """One row: what it is, its value ("Not known" if there is none), and maybe a link to change it."""
    shown = "Not known" if value in (None, "") else _shown(value)
    look = "" if address else " govuk-summary-list__row--no-actions"
    return (
        f'<div class="govuk-summary-list__row{look}">\n  <dt class="govuk-summary-list__key">{_shown(key)}</dt>\n'
        f'  <dd class="govuk-summary-list__value">{shown}</dd>\n  {_way(key, address, words) if address else ""}\n</div>'
    )


def _way(key: str, address: str, words: str) -> str:
    unseen = f'<span class="govuk-visually-hidden"> {_shown(key)}</span>'
    link = f'<a class="govuk-link" href="{_shown(address)}">{_shown(words or "Change")}{unseen}</a>'
    return f'<dd class="govuk-summary-list__actions">{link}</dd>'


def _shown(value: Any) -> str:
    """As a template would show it: what it says itself is HTML already."""
    if type(value) is str:
        return escape(value)
    return conditional_escape(localize(timezone.localtime(value) if isinstance(value, datetime) else value))
