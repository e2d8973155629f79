"""The columns of what employers offer."""

from dataclasses import replace
from typing import Any

from crm.exports import cells
from crm.exports.columns import Column, choice, of
from crm.exports.lists import DISTRICTS, REFERENCE, yes


def _not_the_employer(user: Any) -> bool:
    return not user.is_employer_member


def _knows_parts(user: Any) -> bool:
    """The Commission does not know who asked for what."""
    return not user.is_commission_member


def _parts(row: Any) -> str:
    """Who asked for how many, and what was answered: "Hill School 2, asked for"."""
    return "; ".join(f"{part.provider.name} {part.quantity}, {part.standing_label.lower()}" for part in row.parts)


OFFERS = (
    Column("offer", "Offer", choice("kind"), drawn=cells.offer, heads=True),
    Column("employer", "Employer", of("employer.name"), seen=_not_the_employer),
    Column("left", "Places left", of("remaining"), numeric=True),
    Column("asked", "Asked for", _parts, drawn=cells.offer_parts, seen=_knows_parts),
    Column("days", "When", of("starts_on"), drawn=cells.offer_days),
    Column("suits", "Suits", of("level"), drawn=cells.offer_suits),
    Column("programme", "Programme", choice("programme"), usual=False),
    Column("guild", "Sector", of("guild.name", "No guild yet"), usual=False),
    Column("route", "Technical qualification area", of("route"), usual=False),
    Column("level", "Level", of("level"), numeric=True, usual=False),
    Column("send", "Suits SEND", yes("suits_send"), usual=False),
    Column("reengagement", "Suits those returning to education or work", yes("suits_reengagement"), usual=False),
    Column("t_level", "Suits T-level students", yes("suits_t_level"), usual=False),
    Column("ends", "Last day", of("ends_on"), usual=False),
    Column("valid_until", "On offer until", of("valid_until"), usual=False),
    replace(DISTRICTS, heading="For schools in"),
    Column("promised", "Promised", of("current_quantity"), numeric=True, usual=False, order="current_quantity"),
    Column("made", "Made", of("made_on"), usual=False, order="made_on"),
    Column("conditions", "Conditions", of("conditions"), usual=False, seen=_knows_parts),
    REFERENCE,
)
