"""Every change to places with enterprise advisers."""

from datetime import date

from django.utils import timezone

from guilds.audit import recording
from guilds.audit.refusals import Refusals
from guilds.pledges.advisers import ADVISER_LIFECYCLE, AdviserPlace
from guilds.pledges.models import PledgeKind


def sign_up(*, by, organisation, signed_up_on: date) -> AdviserPlace:
    """A school would like an enterprise adviser. Raises ValidationError keyed by field."""
    refusals = Refusals()
    refusals.add_when(
        not organisation.is_provider, "organisation", f"{organisation} is not a school or college: choose one"
    )
    refusals.add_when(
        signed_up_on > timezone.localdate(), "signed_up_on", "This day is yet to come: enter today or earlier"
    )
    refusals.raise_if_any()
    place = AdviserPlace(organisation=organisation, signed_up_on=signed_up_on)
    return recording.create(place, by=by, verb="sign_up", happened_on=signed_up_on)


def match_adviser(
    *,
    by,
    place: AdviserPlace,
    employer,
    matched_on: date,
    contact=None,
    pledge=None,
    expected_version: int | None = None,
) -> AdviserPlace:
    """Somebody of an employer advises the school from a day on; `pledge`: the employer's promise that this keeps.

    Raises Conflict unless the school is waiting, Overtaken, ValidationError keyed by field.
    """
    _check_adviser(employer, contact, pledge, matched_on)
    with recording.changing(
        place, by=by, verb="match", happened_on=matched_on, expected_version=expected_version
    ) as now:
        ADVISER_LIFECYCLE.move(now, "match")
        now.employer, now.contact, now.pledge = employer, contact, pledge
        now.matched_on, now.matched_by = matched_on, by
    return place


def end_place(*, by, place: AdviserPlace, verb: str, reason: str, ended_on: date) -> AdviserPlace:
    """`end` it (the adviser's time is over) or `withdraw` (the school does not want it any more), with a reason.

    Raises Conflict where its life forbids it, ValidationError keyed by field.
    """
    refusals = Refusals()
    refusals.add_when(ended_on > timezone.localdate(), "ended_on", "This day is yet to come: enter today or earlier")
    refusals.raise_if_any()
    with recording.changing(place, by=by, verb=verb, reason=reason, happened_on=ended_on) as now:
        ADVISER_LIFECYCLE.move(now, verb, reason)
        now.ended_on, now.status_reason = ended_on, reason
    return place


def _check_adviser(employer, contact, pledge, matched_on: date) -> None:
    refusals = Refusals()
    refusals.add_when(not employer.is_employer, "employer", f"{employer} is not an employer: choose one")
    refusals.add_when(contact is not None and contact.organisation_id != employer.pk, "contact",
                      f"Choose somebody who works for {employer}")  # fmt: skip
    refusals.add_when(pledge is not None and pledge.kind != PledgeKind.ENTERPRISE_ADVISER, "pledge",
                      "Choose a pledge of an enterprise adviser")  # fmt: skip
    refusals.add_when(pledge is not None and pledge.employer_id != employer.pk, "pledge",
                      f"Choose a pledge of {employer}")  # fmt: skip
    refusals.add_when(
        matched_on > timezone.localdate(), "matched_on", "This day is yet to come: enter today or earlier"
    )
    refusals.raise_if_any()
