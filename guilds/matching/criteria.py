"""What a promise and a school or college must have in common: each point by itself, met or not, in words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from guilds.organisations.models import ProviderKind
from guilds.pledges.models import PledgeKind


class Criterion(NamedTuple):
    """One point. `binding`: where it is not met, the two do not fit; others only say who comes first."""

    label: str
    met: bool
    words: str
    binding: bool = True


class School(NamedTuple):
    """What matching looks at of a school or college."""

    pk: UUID
    name: str
    kind: str
    district: str | None
    district_name: str
    age_low: int | None = None
    age_high: int | None = None

    @property
    def ages(self) -> tuple[int, int]:
        """Whom it has: what the register says, else what is usual for its kind."""
        low, high = _AGES.get(self.kind, (4, 99))
        return self.age_low or low, self.age_high or high


class Wish(NamedTuple):
    """The needs that something suits, or is wanted for."""

    send: bool = False
    reengagement: bool = False
    t_level: bool = False

    def __or__(self, other: "Wish") -> "Wish":
        pairs = zip(self.each, other.each, strict=True)
        return Wish(*(one or another for one, another in pairs))

    @property
    def each(self) -> tuple[bool, bool, bool]:
        """In the order of `_NEEDS`."""
        return self.send, self.reengagement, self.t_level

    @property
    def words(self) -> list[str]:
        """The needs by name."""
        return [words for words, has in zip(_NEEDS, self.each, strict=True) if has]


@dataclass(frozen=True)
class Promise:
    """What matching looks at of a pledge. `districts`: code → name; empty: anywhere."""

    kind: str
    suits: Wish
    districts: dict[str, str] = field(default_factory=dict)
    year_groups: tuple[str, ...] = ()


_NEEDS = ("special educational needs or disabilities", "returning to education or work", "T-level students")
_AGES: dict[str, tuple[int, int]] = {
    ProviderKind.SECONDARY: (11, 18), ProviderKind.SPECIAL: (4, 19), ProviderKind.PRU_AP: (11, 16),
    ProviderKind.PRIMARY: (4, 11), ProviderKind.ALL_THROUGH: (4, 18), ProviderKind.INDEPENDENT: (11, 18),
    ProviderKind.SIXTH_FORM: (16, 19), ProviderKind.FE_COLLEGE: (16, 25), ProviderKind.UNIVERSITY: (18, 99),
    ProviderKind.TRAINING_PROVIDER: (16, 99),
}  # fmt: skip
#: From which age on what is promised can be used; all other kinds suit any age.
_FROM_AGE = {
    PledgeKind.PLACEMENT: 14, PledgeKind.APPRENTICESHIP: 16, PledgeKind.MOCK_INTERVIEWS: 14,
    PledgeKind.ENTERPRISE_ADVISER: 11,
}  # fmt: skip
_USUAL_NEED = {ProviderKind.SPECIAL: Wish(send=True), ProviderKind.PRU_AP: Wish(reengagement=True)}


def needs_of(kind: str, asked: Iterable[Wish] = ()) -> Wish:
    """What a school or college of a kind needs: what follows from that, and what it asks for."""
    needs = _USUAL_NEED.get(ProviderKind(kind), Wish()) if kind else Wish()
    for wish in asked:
        needs |= wish
    return needs


def of_district(promise: Promise, district: str | None, name: str) -> Criterion:
    """Where the promise is for, and the district that the school or college is in."""
    place = name or "a district that is not known"
    if not promise.districts:
        return Criterion("District", True, f"In {place}; it is for anywhere in Kent and Medway")
    if district in promise.districts:
        return Criterion("District", True, f"In {place}, where it is for")
    return Criterion("District", False, f"In {place}; it is for {', '.join(promise.districts.values())} only")


def of_age(promise: Promise, ages: tuple[int, int]) -> Criterion:
    """Whether there is anybody old enough."""
    age = _FROM_AGE.get(PledgeKind(promise.kind))
    if age is None:
        return Criterion("Age", True, "For any age")
    old_enough = ages[1] >= age
    has = "has young people of that age" if old_enough else "has nobody of that age"
    return Criterion("Age", old_enough, f"For {age} and over; {has}")


def of_years(promise: Promise, ages: tuple[int, int]) -> Criterion:
    """Whether it has one of the year groups."""
    if not promise.year_groups:
        return Criterion("Year groups", True, "For any year group")
    low, high = ages
    years = [int(group) for group in promise.year_groups if group.isdecimal()]
    met = any(year + 5 > low and year + 4 < high for year in years) or not years
    return Criterion("Year groups", met, f"For {years_in_words(promise.year_groups)}")


def of_needs(suits: Wish, needs: Wish) -> Criterion:
    """Whether the promise suits all that is needed."""
    lacking = Wish(*(wanted and not had for wanted, had in zip(needs.each, suits.each, strict=True)))
    if any(lacking.each):
        return Criterion("Needs", False, f"Not said to suit: {', '.join(lacking.words)}")
    if any(needs.each):
        return Criterion("Needs", True, f"Suits: {', '.join(needs.words)}")
    return Criterion("Needs", True, "No particular needs")


def years_in_words(groups: Iterable[str]) -> str:
    """Year groups as people say them."""
    return ", ".join(f"Year {group}" if group.isdecimal() else group for group in groups)


def month_in_words(month: date | None) -> str:
    """ "March 2017"."""
    return f"{month:%B %Y}" if month else ""


def suited_by(pledge: Any) -> Wish:
    """The needs that a pledge suits."""
    return Wish(pledge.suits_send, pledge.suits_reengagement, pledge.suits_t_level)


def wanted_for(request: Any) -> Wish:
    """The needs that a request is for."""
    return Wish(request.for_send, request.for_reengagement, request.for_t_level)
