"""How the cells of lists look where they are more than a word or number. In Python, because a page has dozens of each; all is
escaped piece by piece.
"""

from html import escape
from typing import Any

from django.utils import timezone

from crm.addresses import record_address
from crm.exports.columns import long_day, short_day
from crm.templatetags.tags import pledge_tag, tag

#: How many parts of an offer a list shows.
_PARTS = 4


def _named(page: str, row: Any, words: str, unseen: str, below: str) -> str:
    """What names a row: a link to its page, what tells it from others for those who hear it, and the line below."""
    return (
        f'<a class="govuk-link" href="{record_address(page, row.pk)}">{escape(words)}'
        f'<span class="govuk-visually-hidden">{escape(unseen)}</span></a><br><span class="govuk-body-s">{escape(below)}</span>'
    )


def _guild(row: Any, absent: str) -> str:
    return row.guild.name if row.guild else absent


def organisation(row: Any, user: Any) -> str:
    """Its name; its status where that is not the usual one."""
    named = f'<a class="govuk-link" href="{record_address("organisation_detail", row.pk)}">{escape(row.name)}</a>'
    return named if row.status == "active" else f"{named} {status(row, user)}"


def where(row: Any, user: Any) -> str:
    """Its district and its postcode."""
    below = (
        f'<br><span class="govuk-hint govuk-!-margin-bottom-0">{escape(row.postcode)}</span>' if row.postcode else ""
    )
    return (escape(row.district.name) if row.district else "") + below


def engagement(row: Any, user: Any) -> str:
    """Its title and what it is."""
    return (
        f'<a class="govuk-link" href="{record_address("engagement_detail", row.pk)}">{escape(row.title)}</a><br>'
        f'<span class="guildhall-quiet">{escape(row.get_kind_display())}</span>'
    )


def engagement_status(row: Any, user: Any) -> str:
    """Its status, and whether numbers are missing."""
    missing = row.status == "delivered" and row.has_learners and row.number_unknown
    return status(row, user) + (f" {tag('missing', 'Numbers missing')}" if missing else "")


def status(row: Any, user: Any) -> str:
    """A status in its colour."""
    return tag(row.status, row.get_status_display())


def standing(row: Any, user: Any) -> str:
    """How it stands, which follows from more than its status, in its colour."""
    return tag(row.standing, row.standing_label)


def request(row: Any, user: Any) -> str:
    """What is asked for, by whom."""
    unseen = f", {row.provider.name}, {long_day(timezone.localtime(row.created_at))}"
    return (
        f'<a class="govuk-link" href="{record_address("request_detail", row.pk)}">{escape(str(row))}'
        f'<span class="govuk-visually-hidden">{escape(unseen)}</span></a>'
    )


def pledge(row: Any, user: Any) -> str:
    """What is promised, by whom."""
    unseen = f", {row.employer.name}, {long_day(row.made_on)}"
    return _named("pledge_detail", row, row.promise, unseen, _guild(row, "No guild yet"))


def pledge_standing(row: Any, user: Any) -> str:
    """How it stands."""
    return pledge_tag(row.standing)


def offer(row: Any, user: Any) -> str:
    """What is offered, by whom; a school or college can ask for it here."""
    kind, employer = row.get_kind_display(), row.employer.name
    programme = f"{row.get_programme_display()}, " if row.programme else ""
    below = programme + _guild(row, "no guild yet")
    named = _named("pledge_detail", row, kind, f" from {employer}, {long_day(row.made_on)}", below)
    return named + (_ask(row, kind, employer) if user.is_school_member and row.remaining else "")


def _ask(row: Any, kind: str, employer: str) -> str:
    return (
        f'<br><a class="govuk-link govuk-!-font-weight-regular" href="{record_address("pledge_verb", row.pk, "ask")}">'
        f'Ask for {"more" if row.parts else "some"} of these<span class="govuk-visually-hidden">: '
        f"{escape(kind.lower())} from {escape(employer)}</span></a>"
    )


def offer_parts(row: Any, user: Any) -> str:
    """Who has asked for how many of an offer, and how that stands; the first of them."""
    if not row.parts:
        return "Not yet" if user.is_school_member else "By nobody yet"
    shown = "".join(_part(part, user) for part in row.parts[:_PARTS])
    return shown + (_all_parts(row) if len(row.parts) > _PARTS else "")


def _part(part: Any, user: Any) -> str:
    whose = "" if user.is_school_member else f"{escape(part.provider.name)}: "
    return f"{whose}{part.quantity:,} {tag(part.standing, part.standing_label)}<br>"


def _all_parts(row: Any) -> str:
    unseen = f" that were asked for of {row.get_kind_display().lower()} from {row.employer.name}"
    return (
        f'<a class="govuk-link" href="{record_address("pledge_detail", row.pk)}">All {len(row.parts)}'
        f'<span class="govuk-visually-hidden">{escape(unseen)}</span></a>'
    )


def offer_days(row: Any, user: Any) -> str:
    """When its places are, as far as it says."""
    if row.starts_on and row.ends_on:
        return f"{short_day(row.starts_on)} to {short_day(row.ends_on)}"
    if row.starts_on or row.ends_on:
        return f"From {short_day(row.starts_on)}" if row.starts_on else f"Until {short_day(row.ends_on)}"
    return "Any time"


def offer_suits(row: Any, user: Any) -> str:
    """Whom it suits."""
    said = [f"Level {row.level}"] if row.level else []
    said += ["SEND"] if row.suits_send else []
    said += ["Returning to education or work"] if row.suits_reengagement else []
    said += ["T-level students"] if row.suits_t_level else []
    return "".join(f"{words}<br>" for words in said) or "Anybody"


def placement(row: Any, user: Any) -> str:
    """Its programme and where it is."""
    unseen = f" at {row.employer.name}, arranged {long_day(row.arranged_on)}"
    return _named("placement_detail", row, row.get_programme_display(), unseen, _guild(row, "County-wide"))


def placement_days(row: Any, user: Any) -> str:
    """From when to when, as far as it is known."""
    if not row.starts_on:
        return "Not known yet"
    return short_day(row.starts_on) + (f" to {short_day(row.ends_on)}" if row.ends_on else "")


def apprenticeship(row: Any, user: Any) -> str:
    """Its standard and where it is."""
    words, level = row.standard_title or "Standard not known", f"Level {row.level}, " if row.level else ""
    unseen = f" at {row.employer.name}, opened {long_day(row.opened_on)}"
    return _named("apprenticeship_detail", row, words, unseen, level + _guild(row, "County-wide"))


def intake(row: Any, user: Any) -> str:
    """The intake that its positions are for, and since when they are open."""
    words = escape(row.get_intake_display() or "Any time")
    return f'{words}<br><span class="govuk-body-s">opened {short_day(row.opened_on)}</span>'
