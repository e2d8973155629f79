"""What the organisation that stays takes over from the other: only what it does not know itself."""

from typing import Any

from guilds.organisations.models import Organisation
from guilds.organisations.names import search_name

#: Facts that belong together: taken over together, where none of them is known.
_TOGETHER: tuple[tuple[str, ...], ...] = (
    ("address", "postcode", "district_id", "district_approximate"),
    ("employees_low", "employees_high"),
    ("age_low", "age_high"),
    *((name,) for name in (
        "website", "phone", "sic_codes", "size_band", "headcount", "levy_payer", "provider_kind", "local_kind", "phase",
        "pupils", "coastal", "trust", "careers_leader_id",
    )),
)  # fmt: skip
_NOTHING: tuple[Any, ...] = (None, "", [], False)


def taken_over(winner: Organisation, loser: Organisation) -> dict[str, Any]:
    """The facts (by column) that the winner gets, where they differ from its own."""
    facts: dict[str, Any] = {}
    for names in _TOGETHER:
        if all(getattr(winner, name) in _NOTHING for name in names):
            facts |= {name: getattr(loser, name) for name in names}
    facts["is_employer"] = winner.is_employer or loser.is_employer
    facts["is_provider"] = winner.is_provider or loser.is_provider
    facts["trading_names"] = _names(winner, loser)
    return {name: value for name, value in facts.items() if value != getattr(winner, name)}


def _names(winner: Organisation, loser: Organisation) -> list[str]:
    """The other's names are found again under the one that stays."""
    known = {search_name(name) for name in (winner.name, *winner.trading_names)}
    names = list(winner.trading_names)
    for name in (loser.name, *loser.trading_names):
        if search_name(name) not in known:
            known.add(search_name(name))
            names.append(name)
    return names
