"""An employer's home: what became of its promises, what is asked of it, what is to come, and what it has done."""

from datetime import date
from typing import Any

from crm.views.organisation_impact import own_figures
from guilds.access.drafts import draft_of
from guilds.access.models import User
from guilds.access.permissions import allowed
from guilds.engagement import queries
from guilds.organisations.models import Contact
from guilds.pledges import outcomes
from guilds.pledges.models import Pledge, PledgeStatus

#: How many rows each list of the page has at most; the whole is a link away.
SHOWN = 5


def for_employer(user: User, today: date) -> dict[str, Any]:
    """All that an employer member's home shows. The employer is there: the role has one."""
    seen = Pledge.objects.visible_to(user)
    latest = list(seen.for_list().order_by("-made_on", "-id")[:SHOWN])
    asked = _asked(user, today)
    return {
        "outcomes": outcomes.outcomes_of(latest, user),
        "draft": draft_of(user, "pledge_new"),
        "unverified": list(seen.filter(status=PledgeStatus.UNVERIFIED).order_by("made_on", "id")[:SHOWN]),
        **asked,
        "nothing_asked": not any(asked.values()),
        "coming": list(queries.to_come(user, today)[:SHOWN]),
    } | _about_itself(user, today)


def _asked(user: User, today: date) -> dict[str, list]:
    return {
        "to_keep": list(outcomes.parts_to_keep(user)[:SHOWN]),
        "asked": list(outcomes.asked_for(user)[:SHOWN]),
        "lapsing": list(outcomes.about_to_lapse(user, today)[:SHOWN]),
    }


def _about_itself(user: User, today: date) -> dict[str, Any]:
    employer: Any = user.organisation
    people = Contact.objects.visible_to(user).filter(organisation=employer).order_by("name", "id")
    return {
        "organisation": employer,
        "own": own_figures(employer, today),
        "people": list(people[: SHOWN + 1]),
        "may_change": allowed(user, "organisation.change", employer),
    }
