"""Pledges with what can be done about each at once: cards of the board, rows of employers who have gone quiet.

``{% load pledge_cards %}{% pledge_cards item.cards %}``. In Python: a page has dozens.
"""

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from crm.addresses import record_address
from crm.exports import cells
from crm.exports.columns import short_day
from crm.templatetags.tags import pledge_tag

register = template.Library()
_BUTTON = "govuk-button govuk-button--secondary govuk-!-margin-bottom-0"


@register.simple_tag(takes_context=True)
def pledge_cards(context: template.Context, cards: Iterable[dict[str, Any]]) -> SafeString:
    """What each pledge is and what can be done next (crm.views.pledge_board)."""
    tokens = _tokens(context)
    return mark_safe("".join(_card(card, tokens) for card in cards))  # noqa: S308 (escaped piece by piece)


@register.simple_tag(takes_context=True)
def quiet_rows(context: template.Context, pledges: Iterable[Any]) -> SafeString:
    """Whom to ask, since when nobody was heard of, and a button that makes a follow-up (crm.views.pledge_quiet)."""
    tokens = _tokens(context)
    return mark_safe("".join(_quiet(pledge, tokens) for pledge in pledges))  # noqa: S308 (escaped piece by piece)


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
        address = f"{record_address('pledge_verb', pledge.pk, 'verify')}?back=board"
        return _pressed(address, tokens, "Verify", which)
    if not card["address"]:
        return ""
    unseen = f'<span class="govuk-visually-hidden">: {which}</span>'
    return f'<a class="govuk-link govuk-body-s" href="{card["address"]}">{card["words"]}{unseen}</a>'


def _quiet(pledge: Any, tokens: str) -> str:
    employer = escape(pledge.employer.name)
    follow_up = record_address("pledge_follow_up", pledge.pk)
    about = f"about {escape(str(pledge))}, {employer}"
    to_do = "Somebody is on it" if pledge.followed_up else _pressed(follow_up, tokens, "Make a follow-up", about)
    return (
        f'<tr class="govuk-table__row">\n  <th scope="row" class="govuk-table__header">{cells.pledge(pledge, None)}</th>\n'
        '  <td class="govuk-table__cell"><a class="govuk-link" '
        f'href="{record_address("organisation_detail", pledge.employer_id)}">{employer}</a></td>\n'
        f'  <td class="govuk-table__cell">{short_day(pledge.last_contact)}</td>\n'
        f'  <td class="govuk-table__cell govuk-table__cell--numeric">{pledge.remaining:,}</td>\n'
        f'  <td class="govuk-table__cell">{to_do}</td>\n</tr>\n'
    )


def _pressed(address: str, tokens: str, words: str, unseen: str) -> str:
    return (
        f'<form method="post" action="{address}">{tokens}'
        f'<button type="submit" class="{_BUTTON}" data-module="govuk-button">'
        f'{words}<span class="govuk-visually-hidden"> {unseen}</span></button></form>'
    )


def _tokens(context: template.Context) -> str:
    return _hidden("csrfmiddlewaretoken", context["csrf_token"]) + _hidden("form_token", context["form_token"])


def _hidden(name: str, value: Any) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(str(value))}">'
