"""Who came to an engagement: ``{% load who_came %}``. In Python: an event has dozens. All is escaped piece by piece."""

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from crm.addresses import record_address
from crm.exports.columns import long_day
from crm.forms.engagement_verbs import year_group_words
from crm.templatetags.tags import tag
from guilds.engagement.models import Answer, Attendance, Engagement, Status

register = template.Library()


@register.simple_tag(takes_context=True)
def attendance_rows(context: Any, attendances: Iterable[tuple[Attendance, Any]]) -> SafeString:
    """Schools and colleges with their numbers and their answers, of what the page of an engagement knows."""
    engagement, user, nobody = context["engagement"], context["user"], context["nobody"]
    rows = (_attendance(row, engagement, user, alone=row.provider_id in nobody) for row, _ in attendances)
    return mark_safe("".join(rows))  # noqa: S308 (escaped piece by piece)


@register.simple_tag(takes_context=True)
def participation_rows(context: Any, participations: Iterable[Any]) -> SafeString:
    """Employers and what they brought."""
    rows = (_participation(row, context["user"]) for row in participations)
    return mark_safe("".join(rows))  # noqa: S308 (escaped piece by piece)


def _attendance(row: Any, engagement: Engagement, user: Any, *, alone: bool) -> str:
    group = f"<br>{_quiet(year_group_words(row.year_group))}" if row.year_group else ""
    learners = _number(row.learners, "Not known yet") if engagement.has_learners else "None by kind"
    heading = _heading(row.provider_name, row.provider_id, user) + group
    return _row(heading, [learners, _number(row.staff), _answer(row, engagement, user, alone=alone)], words={2})


def _answer(row: Any, engagement: Engagement, user: Any, *, alone: bool) -> str:
    """What the school or college itself says of its number; `alone`: nobody signs in there."""
    if not engagement.has_learners:
        return "Not asked for"
    if engagement.status != Status.DELIVERED:
        return "Asked for after the event"
    said = [tag(*row.standing)]
    if row.answer == Answer.DISPUTED:
        said.append(f"Its number: <strong>{row.answered_learners}</strong>")
    if row.answer_note and not user.is_commission_member:
        said.append(escape(row.answer_note))
    if row.answered_at:
        who = f"{row.answered_by_name}, " if user.is_staff_member and row.answered_by_name else ""
        said.append(_quiet(f"{who}{long_day(timezone.localtime(row.answered_at))}"))
    if alone and row.answer == Answer.UNANSWERED and row.learners is not None:
        unseen = f'<span class="govuk-visually-hidden"> of {escape(row.provider_name)}</span>'
        invite = f'<a class="govuk-link" href="{reverse("invite")}?organisation={row.provider_id}">invite somebody{unseen}</a>'
        said.append(f"Nobody signs in there, so nobody can confirm it: {invite}")
    return "<br>".join(said)


def _participation(row: Any, user: Any) -> str:
    numbers = [_number(number) for number in (row.volunteers, row.hours, row.job_offers)]
    heading = _heading(row.employer_name, row.employer_id, user)
    return _row(heading, [escape(row.get_role_display()), *numbers], words={0})


def _row(heading: str, cells: list[str], *, words: set[int]) -> str:
    """A row of a table; cells are numbers but for those that are `words`."""
    shown = "".join(
        f'<td class="govuk-table__cell{"" if place in words else " govuk-table__cell--numeric"}">{cell}</td>\n'
        for place, cell in enumerate(cells)
    )
    return f'<tr class="govuk-table__row">\n<th scope="row" class="govuk-table__header">{heading}</th>\n{shown}</tr>\n'


def _heading(name: str, organisation: Any, user: Any) -> str:
    if not user.is_staff_member:
        return escape(name)
    return f'<a class="govuk-link" href="{record_address("organisation_detail", organisation)}">{escape(name)}</a>'


def _number(number: Any, absent: str = "Not known") -> str:
    return absent if number is None else str(number)


def _quiet(words: str) -> str:
    return f'<span class="guildhall-quiet">{escape(words)}</span>'
