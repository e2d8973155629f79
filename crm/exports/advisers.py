"""The columns of the list of places with enterprise advisers."""

from typing import Any

from crm.exports import cells
from crm.exports.columns import Column, choice, of


def _team(user: Any) -> bool:
    return user.is_staff_member


ADVISERS = (
    Column("school", "School", of("organisation.name"), "advisers/cells/school.html", heads=True),
    Column("status", "Status", choice("status"), drawn=cells.status),
    Column("signed_up", "Signed up", of("signed_up_on"), order="signed_up_on"),
    Column("employer", "Adviser’s employer", of("employer.name"), empty="–"),
    Column("adviser", "Adviser", of("contact.name"), empty="–", seen=_team),
    Column("matched", "Matched", of("matched_on"), empty="–"),
    Column("matched_by", "Matched by", of("matched_by.name"), empty="–", usual=False, seen=_team),
    Column("ended", "Ended", of("ended_on"), empty="–", usual=False),
    Column("reason", "Why it ended", of("status_reason"), empty="–", usual=False, seen=_team),
    Column("district", "District", of("organisation.district.name", "Not known")),
)
