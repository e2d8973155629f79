"""What each number means: counting.md's measures, with the words that stand beside a figure wherever it appears.

A changed rule is a new methodology version; publications carry the version that they were made with.
"""

from dataclasses import dataclass
from typing import Literal

METHODOLOGY_VERSION = "1"

Sort = Literal["additive", "distinct", "stock", "ratio"]


@dataclass(frozen=True)
class Measure:
    """One measure. `district` says whose district a record counts in; `by_kind`: also told by engagement kind.

    `characteristic`: how many young people of a small group there were, which must not be told of a few (rule 8).
    """

    slug: str
    label: str
    unit: str
    sort: Sort
    definition: str
    counting_date: str
    district: str
    by_kind: bool = False
    characteristic: bool = False

    @property
    def adds_up(self) -> bool:
        """Whether the rows of a table add up to its total."""
        return self.sort == "additive"


_START = "the day it started"
_MADE = "the day the pledge was made"
_LAST = "the last day of the period"

_ALL = (
    Measure("engagements", "Engagements", "engagements", "additive",
            "Delivered engagements, each once. Planned, postponed and cancelled ones count nothing.",
            _START, "the venue's", by_kind=True),
    Measure("encounters", "Encounters", "encounters", "additive",
            "Learners at delivered engagements, added up. One young person at two events is two encounters. "
            "A number that nobody has given adds nothing and is listed as missing.",
            _START, "the school's or college's", by_kind=True),
    Measure("encounters_confirmed", "Encounters confirmed", "encounters", "additive",
            "The part of the encounters that the school or college has confirmed.",
            _START, "the school's or college's"),
    Measure("encounters_missing", "Numbers missing", "attendances", "additive",
            "Schools and colleges at delivered engagements whose number of learners nobody has given.",
            _START, "the school's or college's"),
    Measure("encounters_send", "Encounters, of whom with SEND", "encounters", "additive",
            "The part of the encounters that were learners with special educational needs or a disability, where the "
            "number is known.",
            _START, "the school's or college's", characteristic=True),
    Measure("encounters_fsm", "Encounters, of whom with free school meals", "encounters", "additive",
            "The part of the encounters that were learners with free school meals, where the number is known.",
            _START, "the school's or college's", characteristic=True),
    Measure("encounters_looked_after", "Encounters, of whom looked after", "encounters", "additive",
            "The part of the encounters that were looked-after learners, where the number is known.",
            _START, "the school's or college's", characteristic=True),
    Measure("schools", "Schools", "schools", "distinct",
            "Schools with at least one delivered engagement, started placement or started apprenticeship, "
            "counted once each. A school that became an academy is still one school.",
            _START, "the school's", by_kind=True),
    Measure("colleges", "Colleges and training providers", "colleges", "distinct",
            "Sixth-form and further education colleges, universities and training providers with at least one "
            "delivered engagement, started placement or started apprenticeship, counted once each.",
            _START, "the college's", by_kind=True),
    Measure("employers", "Employers", "employers", "distinct",
            "Employers that took part in a delivered engagement or hosted a started placement or apprenticeship, "
            "counted once each.",
            _START, "the employer's", by_kind=True),
    Measure("volunteer_hours", "Volunteer hours", "hours", "additive",
            "Hours that employers' volunteers gave at delivered engagements.",
            _START, "the venue's"),
    Measure("staff_trained", "School and college staff trained", "people", "additive",
            "Staff of schools and colleges at delivered staff training.",
            _START, "the school's or college's"),
    Measure("job_offers", "Job offers", "offers", "additive",
            "Job offers made at delivered engagements.",
            _START, "the venue's"),
    Measure("pledges", "Pledges", "pledges", "additive",
            "Pledges made and verified, each once, whatever came of them later.",
            _MADE, "the employer's"),
    Measure("placements_pledged", "Placements pledged", "placements", "additive",
            "Work placements promised in verified pledges, as promised at first.",
            _MADE, "the employer's"),
    Measure("apprenticeships_pledged", "Apprenticeships pledged", "apprenticeships", "additive",
            "Apprenticeships promised in verified pledges, as promised at first.",
            _MADE, "the employer's"),
    Measure("placements_arranged", "Placements arranged", "learners", "additive",
            "Learners on placements that an employer and a school or college agreed; cancelled ones excluded.",
            "the day it was arranged", "the workplace's"),
    Measure("placements_started", "Placements started", "learners", "additive",
            "Learners who started a placement, also those who left early.",
            _START, "the workplace's"),
    Measure("placements_completed", "Placements completed", "learners", "additive",
            "Learners who completed a placement.",
            "the day it ended", "the workplace's"),
    Measure("apprenticeships_created", "Apprenticeships created", "positions", "additive",
            "Apprenticeship positions that employers opened; cancelled ones excluded.",
            "the day it was opened", "the workplace's"),
    Measure("apprenticeships_started", "Apprenticeships started", "apprentices", "additive",
            "Apprentices who started, also those who left early.",
            _START, "the workplace's"),
    Measure("pledge_conversion", "Pledges kept", "share", "ratio",
            "Delivered ÷ pledged of the same pledges: those made in the period. What was delivered later counts, and "
            "more than was promised may be delivered.",
            _MADE, "the employer's"),
    Measure("coverage", "Schools reached", "share", "ratio",
            "State-funded schools for young people of secondary age (secondary, all-through and special schools, pupil "
            "referral units) with at least one delivered engagement or started placement ÷ all that are open on the last "
            "day of the period in Kent and Medway. A school that became an academy is one school.",
            _START, "the school's", by_kind=True),
    Measure("employer_members", "Employers in guilds", "employers", "stock",
            "Employers with a guild membership open on the last day of the period, counted once each.",
            _LAST, "the employer's"),
    Measure("provider_members", "Schools and colleges in guilds", "schools and colleges", "stock",
            "Schools, colleges, universities and training providers with a guild membership open on the last day of "
            "the period, counted once each.",
            _LAST, "the school's or college's"),
    Measure("adviser_schools_signed_up", "Schools signed up for an enterprise adviser", "schools", "stock",
            "Schools and colleges that take part in the enterprise adviser scheme on the last day of the period, matched "
            "with an adviser or waiting for one. No guild leads it, so all of them are county-wide.",
            _LAST, "the school's"),
    Measure("adviser_schools_matched", "Schools with an enterprise adviser", "schools", "stock",
            "Schools and colleges that have an enterprise adviser on the last day of the period, counted once each. No "
            "guild leads it, so all of them are county-wide.",
            _LAST, "the school's"),
)  # fmt: skip

MEASURES: dict[str, Measure] = {measure.slug: measure for measure in _ALL}

#: Distinct measures: the organisations that they count are kept in the presence table.
DISTINCT = tuple(measure.slug for measure in _ALL if measure.sort == "distinct")
STOCKS = tuple(measure.slug for measure in _ALL if measure.sort == "stock")
BY_KIND = tuple(measure.slug for measure in _ALL if measure.by_kind)
CHARACTERISTICS = tuple(measure.slug for measure in _ALL if measure.characteristic)
