"""A small county, and things that can happen in it: drawn at random, done by the real actions."""

from collections.abc import Callable
from datetime import date, timedelta

from django.core.exceptions import ValidationError

from guilds.engagement import actions as engagement
from guilds.engagement.models import Attendance, Engagement, EngagementKind
from guilds.impact import cells
from guilds.opportunities import actions as opportunities
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.organisations import actions as registry
from guilds.organisations.models import Membership
from guilds.pledges import actions as pledges
from guilds.pledges.models import Delivery, Pledge, PledgeKind
from tests.factories import make_district, make_employer, make_guild, make_school, moment

FIRST = date(2016, 8, 1)
DAYS = 430
KINDS = list(EngagementKind.values)
NUMBERS = [None, 0, 1, 30]


class World:
    """A county with three guilds, three districts and nine organisations. Each `n` picks something by its rest."""

    def __init__(self) -> None:
        self.guilds = [None, *(make_guild(slug) for slug in ("sciences", "land-based", "hospitality-tourism"))]
        self.districts = [
            None,
            make_district(),
            make_district("E07000105", "Ashford"),
            make_district("outside", "Outside"),
        ]
        place = lambda n: {"district": self.districts[n % 4]}  # noqa: E731
        self.providers = [
            *(make_school(**place(n)) for n in range(3)),
            *(make_school(provider_kind="fe_college", **place(n)) for n in range(2)),
        ]
        self.employers = [make_employer(**place(n)) for n in range(4)]

    def do(self, verb: str, n: int, m: int) -> None:
        """Let something happen; what the rules refuse does not."""
        try:
            getattr(self, verb)(n, m)
        except ValidationError:
            return

    def day(self, n: int) -> date:
        return FIRST + timedelta(days=n * 37 % DAYS)

    def guild(self, n: int):
        return self.guilds[n % 4]

    def attendances(self, kind: str, n: int) -> list[dict]:
        learners = NUMBERS[n % 4] if kind not in ("staff_training", "briefing", "guild_meeting") else None
        send = None if learners is None or n % 3 == 2 else min(learners, 12)
        return [{"provider": self.providers[(n + part) % 5], "learners": learners, "staff": NUMBERS[(n + part) % 4],
                 "send": send, "fsm": send and part} for part in range(n % 3)]  # fmt: skip

    def participations(self, n: int) -> list[dict]:
        return [{"employer": self.employers[(n + part) % 4], "hours": NUMBERS[n % 4], "job_offers": NUMBERS[(n + 1) % 4]}
                for part in range(n % 3)]  # fmt: skip

    def log(self, n: int, m: int) -> None:
        kind = KINDS[n % len(KINDS)]
        engagement.log(by=None, kind=kind, title="Something", guild=self.guild(m), starts_at=moment(self.day(n + m)),
                       district=self.districts[(n + m) % 4], status="delivered" if m % 3 else "planned",
                       attendances=self.attendances(kind, m), participations=self.participations(n))  # fmt: skip

    def correct(self, n: int, m: int) -> None:
        if event := _one(Engagement, n):
            engagement.correct(by=None, engagement=event, attendances=self.attendances(event.kind, m),
                               participations=self.participations(m))  # fmt: skip

    def move_guild(self, n: int, m: int) -> None:
        if event := _one(Engagement, n):
            engagement.correct(by=None, engagement=event, guild=self.guild(m), district=self.districts[m % 4])

    def change_date(self, n: int, m: int) -> None:
        if event := _one(Engagement, n):
            engagement.correct(by=None, engagement=event, starts_at=moment(self.day(m)))

    def deliver(self, n: int, m: int) -> None:
        if event := _one(Engagement, n, status="planned"):
            engagement.deliver(by=None, engagement=event, attendances=self.attendances(event.kind, m))

    def cancel(self, n: int, m: int) -> None:
        if event := _one(Engagement, n, status="planned"):
            engagement.cancel(by=None, engagement=event, reason="Snow")

    def answer(self, n: int, m: int) -> None:
        if row := _one(Attendance, n):
            said = "confirmed" if m % 2 else "disputed"
            engagement.answer(by=None, attendance=row, answer=said, learners=m)

    def move_organisation(self, n: int, m: int) -> None:
        organisation = [*self.providers, *self.employers][n % 9]
        registry.correct(by=None, organisation=organisation, district=self.districts[m % 4])

    def change_provider_kind(self, n: int, m: int) -> None:
        kind = ("secondary", "university", "special")[m % 3]
        registry.correct(by=None, organisation=self.providers[n % 5], provider_kind=kind)

    def succeed(self, n: int, m: int) -> None:
        first, second = sorted((n % 5, m % 5))
        if first != second:
            registry.link_successor(by=None, predecessor=self.providers[first], successor=self.providers[second],
                                    happened_on=self.day(m) if n % 2 else None)  # fmt: skip

    def join(self, n: int, m: int) -> None:
        registry.join_guild(by=None, organisation=[*self.providers, *self.employers][n % 9], guild=self.guilds[1 + m % 3],
                            role="member", joined_on=self.day(n))  # fmt: skip

    def leave(self, n: int, m: int) -> None:
        if membership := _one(Membership, n):
            registry.leave_guild(by=None, membership=membership, left_on=self.day(m))

    def pledge(self, n: int, m: int) -> None:
        pledges.record(by=None, employer=self.employers[n % 4], guild=self.guild(m), quantity=1 + m, made_on=self.day(n),
                       kind=list(PledgeKind.values)[n % 3], status="open" if m % 2 else "unverified")  # fmt: skip

    def verify(self, n: int, m: int) -> None:
        if pledge := _one(Pledge, n, status="unverified"):
            pledges.verify(by=None, pledge=pledge)

    def withdraw(self, n: int, m: int) -> None:
        if pledge := _one(Pledge, n):
            pledges.withdraw(by=None, pledge=pledge, reason="Moved away")

    def amend(self, n: int, m: int) -> None:
        if pledge := _one(Pledge, n, status="open"):
            pledges.amend(by=None, pledge=pledge, quantity=1 + m, reason="Fewer rooms")

    def arrange(self, n: int, m: int) -> None:
        opportunities.arrange_placement(
            by=None, employer=self.employers[n % 4], provider=self.providers[m % 5], guild=self.guild(n), learners=1 + m % 3,
            arranged_on=self.day(m), starts_on=self.day(m) + timedelta(days=20), ends_on=self.day(m) + timedelta(days=40),
            workplace=self.employers[m % 4] if n % 2 else None, status="arranged" if m % 2 else "started")  # fmt: skip

    def move_placement(self, n: int, m: int) -> None:
        verbs = (opportunities.start_placement, opportunities.complete_placement, opportunities.mark_did_not_attend)
        if placement := _one(Placement, n):
            verbs[m % 3](by=None, placement=placement)

    def end_placement(self, n: int, m: int) -> None:
        verbs = (opportunities.cancel_placement, opportunities.withdraw_placement)
        if placement := _one(Placement, n):
            verbs[m % 2](by=None, placement=placement, reason="Ill")

    def open_apprenticeship(self, n: int, m: int) -> None:
        opportunities.open_apprenticeship(
            by=None, employer=self.employers[n % 4], guild=self.guild(m), standard_title="Commis chef", level=2,
            positions=1 + n % 3, opened_on=self.day(n), starts_on=self.day(n) + timedelta(days=30),
            training_provider=self.providers[m % 5] if m % 2 else None,
            status=("open", "started", "filled")[m % 3])  # fmt: skip

    def start_apprenticeship(self, n: int, m: int) -> None:
        if apprenticeship := _one(Apprenticeship, n):
            opportunities.start_apprenticeship(by=None, apprenticeship=apprenticeship)

    def credit(self, n: int, m: int) -> None:
        pledge, placement = _one(Pledge, n), _one(Placement, m)
        if pledge and placement:
            pledges.credit(by=None, pledge=pledge, placement=placement)

    def uncredit(self, n: int, m: int) -> None:
        if link := _one(Delivery, n):
            pledges.uncredit(by=None, delivery=link)

    def refresh(self, n: int, m: int) -> None:
        cells.refresh()


VERBS = [name for name, found in vars(World).items()
         if isinstance(found, Callable) and not name.startswith("_")
         and name not in ("do", "day", "guild", "attendances", "participations")]  # fmt: skip


def _one(model, n: int, **facts):
    found = list(model.objects.filter(**facts).order_by("pk"))
    return found[n % len(found)] if found else None
