"""The columns of the list of cold spots."""

from typing import Any

from crm.exports.columns import UNKNOWN, Column, choice, of
from crm.exports.lists import DISTRICT, DISTRICT_CODE
from guilds.impact.cold_spots import NEVER_MET


def _last_met(row: Any) -> str:
    return "" if row.last_met == NEVER_MET else f"{row.last_met:%B %Y}"


def _pupils(row: Any) -> Any:
    return UNKNOWN if row.pupils is None else row.pupils


def _coastal(row: Any) -> str:
    return {True: "Yes", False: "No", None: "Not known"}[row.coastal]


COLD_SPOTS = (
    Column("school", "School", of("name"), "organisations/cells/name.html", heads=True, order="name"),
    Column("last_met", "Last met", _last_met, empty="Never", order="last_met"),
    Column("pupils", "Pupils", _pupils, numeric=True, order="pupils_known"),
    Column("kind", "Kind", choice("provider_kind")),
    DISTRICT,
    Column("local_kind", "Kind in Kent", choice("local_kind"), usual=False),
    Column("coastal", "Coastal", _coastal, usual=False),
    DISTRICT_CODE,
)
