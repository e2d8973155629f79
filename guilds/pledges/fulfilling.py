"""Placements and apprenticeships together with the pledge that they fulfil: one change, all or nothing."""

from django.db import transaction

from guilds.opportunities import actions as opportunities
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.pledges import actions
from guilds.pledges.models import Delivery, Pledge


@transaction.atomic
def arrange_placement(*, by, pledge: Pledge | None = None, **fields) -> Placement:
    """Record a placement, and credit it to a pledge where one is given. Raises ValidationError, Conflict."""
    placement = opportunities.arrange_placement(by=by, **fields)
    if pledge:
        actions.credit(by=by, pledge=pledge, placement=placement)
    return placement


@transaction.atomic
def correct_placement(*, by, placement: Placement, expected_version: int | None = None, **fields) -> Placement:
    """Change a placement; `pledge`, where given, becomes the one that it fulfils (None: none).

    Raises ValidationError, Conflict, Overtaken.
    """
    changed = "pledge" in fields
    pledge = fields.pop("pledge", None)
    opportunities.correct_placement(by=by, placement=placement, expected_version=expected_version, **fields)
    if changed:
        _relink(Delivery.objects.filter(placement=placement), pledge, by=by, placement=placement)
    return placement


@transaction.atomic
def open_apprenticeship(*, by, pledge: Pledge | None = None, **fields) -> Apprenticeship:
    """Record positions, and credit them to a pledge where one is given. Raises ValidationError, Conflict."""
    apprenticeship = opportunities.open_apprenticeship(by=by, **fields)
    if pledge:
        actions.credit(by=by, pledge=pledge, apprenticeship=apprenticeship)
    return apprenticeship


@transaction.atomic
def correct_apprenticeship(
    *, by, apprenticeship: Apprenticeship, expected_version: int | None = None, **fields
) -> Apprenticeship:
    """Change an apprenticeship; `pledge`, where given, becomes the one that it fulfils (None: none).

    Raises ValidationError, Conflict, Overtaken.
    """
    changed = "pledge" in fields
    pledge = fields.pop("pledge", None)
    opportunities.correct_apprenticeship(
        by=by, apprenticeship=apprenticeship, expected_version=expected_version, **fields
    )
    if changed:
        _relink(Delivery.objects.filter(apprenticeship=apprenticeship), pledge, by=by, apprenticeship=apprenticeship)
    return apprenticeship


def _relink(links, pledge: Pledge | None, *, by, **what) -> None:
    link = links.first()
    if (link and link.pledge_id) == (pledge and pledge.pk):
        return
    if link:
        actions.uncredit(by=by, delivery=link, reason="It fulfils another pledge" if pledge else "It fulfils no pledge")
    if pledge:
        actions.credit(by=by, pledge=pledge, **what)
