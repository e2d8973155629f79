"""The cards of the board of pledges: ``{% load pledge_cards %}{% pledge_cards item.cards %}``. In Python: a board has dozens."""

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from crm.addresses import record_address
from crm.exports.columns import short_day
from crm.templatetags.tags import pledge_tag

register = template.Library()
_BUTTON = "govuk-button govuk-button--secondary govuk-!-margin-bottom-0"


@register.simple_tag(takes_context=True)
def pledge_cards(context: template.Context, cards: Iterable[dict[str, Any]]) -> SafeString:
    """What each pledge is and what can be done next (crm.views.pledge_board)."""
    tokens = _hidden("csrfmiddlewaretoken", context["csrf_token"]) + _hidden("form_token", context["form_token"])
    return mark_safe("".join(_card(card, tokens) for card in cards))  # noqa: S308 (escaped piece by piece)


def _card(card: dict[str, Any], tokens: str) -> str:
    pledge, employer = card["pledge"], escape(card["pledge"].employer.name)
    return (
        '<li class="guildhall-card">\n  <p class="govuk-body-s govuk-!-margin-bottom-1">'
        f'<a class="govuk-link govuk-!-font-weight-bold" href="{record_address("pledge_detail", pledge.pk)}">'
        f'{escape(pledge.promise)}<span class="govuk-visually-hidden">, {employer}</span></a><br>{employer}</p>\n'
        f'  <p class="govuk-body-s govuk-!-margin-bottom-1">{_state(pledge)}</p>\n  {_next(card, tokens)}\n</li>\n'
    )


def _state(pledge: Any) -> str:
    if pledge.standing == "unverified":
        return f"Made {short_day(pledge.made_on)}"
    ended = f"{pledge_tag(pledge.standing)} " if pledge.standing in ("lapsed", "withdrawn") else ""
    until = f". Until {short_day(pledge.valid_until)}" if pledge.valid_until and pledge.standing == "open" else ""
    return f"{ended}{pledge.allocated:,} agreed, {pledge.delivered:,} delivered{until}"


def _next(card: dict[str, Any], tokens: str) -> str:
    pledge = card["pledge"]
    which = escape(f"{pledge} of {pledge.employer.name}")
    if card["verify"]:
        return (
            f'<form method="post" action="{record_address("pledge_verb", pledge.pk, "verify")}?back=board">{tokens}'
            f'<button type="submit" class="{_BUTTON}" data-module="govuk-button">'
            f'Verify<span class="govuk-visually-hidden"> {which}</span></button></form>'
        )
    if not card["address"]:
        return ""
    unseen = f'<span class="govuk-visually-hidden">: {which}</span>'
    return f'<a class="govuk-link govuk-body-s" href="{card["address"]}">{card["words"]}{unseen}</a>'


def _hidden(name: str, value: Any) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(str(value))}">'
