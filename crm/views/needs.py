"""What needs somebody of the team: counts that open the list of exactly what was counted."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from crm.numbers import Numbers
from guilds.access.invitations import JoinRequest
from guilds.access.models import User
from guilds.access.permissions import allowed
from guilds.engagement import queries
from guilds.engagement.models import Answer
from guilds.pledges.models import Pledge, PledgeStatus
from guilds.pledges.queries import claimed
from guilds.pledges.requests import Request
from guilds.publishing.models import Publication

#: Beyond this nobody counts what is left to do: it is more than the promises of the fullest day so far.
COUNTED = 500
A_WEEK = timedelta(days=7)
#: For how many people's days the questions are kept.
_KEPT = 256


class Matter(NamedTuple):
    """What may need somebody: the records, the words for one and for many of them, and the list that shows exactly them."""

    rows: QuerySet
    words: str
    address: str
    #: What is said when there is nothing to do; empty: nothing is said.
    nothing: str


class Need(NamedTuple):
    """How many records need somebody."""

    number: int
    words: str
    address: str
    nothing: str

    @property
    def shown(self) -> str:
        """The number in words."""
        return f"More than {COUNTED:,}" if self.number > COUNTED else f"{self.number:,}"


class Asker(NamedTuple):
    """All that the questions depend on of whoever asks them: of what is not here they know nothing."""

    id: UUID
    role: str
    #: Slugs and names, in the order of their names.
    guilds: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, user: User) -> Self:
        """What is to be known of somebody."""
        return cls(user.pk, user.role, tuple(user.guild_names.items()) if user.is_coordinator else ())

    def known(self) -> User:
        """Somebody of whom only that is known."""
        user = User(pk=self.id, role=self.role)
        user.guild_names = dict(self.guilds)
        return user


def needs_of(user: User, today: date) -> list[Need]:
    """How much there is of everything that may need this person, by one query; without what is only told if there is any."""
    matters, numbers = _asked(Asker.of(user), today)
    counted = numbers.counted()
    needs = [
        Need(counted[place], matter.words.split("|")[counted[place] != 1], matter.address, matter.nothing)
        for place, matter in enumerate(matters)
    ]
    return [need for need in needs if need.number or need.nothing]


@lru_cache(maxsize=_KEPT)
def _asked(asker: Asker, today: date) -> tuple[list[Matter], Numbers[int]]:
    """The questions of a person's day, written out: that takes several times as long as answering them, and this page is
    opened many times a day.
    """
    user = asker.known()
    matters = [
        *engagement_needs(user, today), *pledge_needs(user), *promise_needs(user, today), request_need(user),
        follow_up_need(user, today), join_need(user), *sign_off_needs(user),
    ]  # fmt: skip
    rows = {place: matter.rows for place, matter in enumerate(matters)}
    return matters, Numbers(rows, at_most=COUNTED + 1)


def engagement_needs(user: User, today: date) -> list[Matter]:
    """What has to be done about the engagements that this user leads."""
    led = queries.led_by(user)
    disputed = queries.with_answer(led, Answer.DISPUTED, user)
    found = (
        (
            "closing",
            led.not_closed(today),
            "past engagement to close|past engagements to close",
            "No past engagement is left open",
        ),
        (
            "numbers",
            queries.without_numbers(led),
            "engagement with numbers missing|engagements with numbers missing",
            "No numbers are missing",
        ),
        (
            "disputed",
            disputed,
            "engagement with a disputed number|engagements with a disputed number",
            "No number is disputed",
        ),
    )
    return [
        Matter(rows, words, list_address("engagement_list", user, needs=needs), nothing)
        for needs, rows, words, nothing in found
    ]


def pledge_needs(user: User) -> list[Matter]:
    """Pledges to verify: those of the user's guilds, and those of no guild yet."""
    unverified = Pledge.objects.visible_to(user).filter(status=PledgeStatus.UNVERIFIED)
    nothing = "No pledge waits to be verified"
    if user.is_administrator:
        address = list_address("pledge_list", None, status="unverified")
        return [Matter(unverified, "pledge to verify|pledges to verify", address, nothing)]
    return [
        *(
            Matter(
                unverified.filter(guild=slug),
                f"pledge to verify, {name}|pledges to verify, {name}",
                list_address("pledge_list", None, status="unverified", guild=slug),
                f"{nothing}, {name}",
            )
            for slug, name in user.guild_names.items()
        ),
        Matter(
            unverified.filter(guild=None),
            "pledge to verify, no guild yet|pledges to verify, no guild yet",
            list_address("pledge_list", None, status="unverified", guild="county-wide"),
            f"{nothing} outside the guilds",
        ),
    ]


def promise_needs(user: User, today: date) -> list[Matter]:
    """Open pledges that somebody should see to: of the user's guilds, and of no guild yet."""
    mine = _own(Pledge.objects.visible_to(user), user)
    found = (
        (
            "asked",
            mine.asked_for(),
            "pledge with places asked for, to be answered|pledges with places asked for, to be answered",
            "Nobody waits for an answer about places",
        ),
        (
            "claimed",
            claimed(mine),
            "pledge of which the employer says: we did it|pledges of which the employers say: we did it",
            "No employer’s “we did it” waits to be credited",
        ),
        (
            "lapsing",
            mine.about_to_lapse(today),
            "pledge about to lapse within 30 days|pledges about to lapse within 30 days",
            "No pledge is about to lapse",
        ),
        (
            "unmatched",
            mine.unmatched(),
            "open pledge matched with nobody|open pledges matched with nobody",
            "Every open pledge is matched with somebody",
        ),
    )
    return [
        Matter(rows, words, list_address("pledge_list", user, needs=needs), nothing)
        for needs, rows, words, nothing in found
    ]


def request_need(user: User) -> Matter:
    """What schools and colleges ask for and have not got yet."""
    rows = _own(Request.objects.visible_to(user), user).waiting()
    words = "request of a school or college to meet|requests of schools and colleges to meet"
    return Matter(
        rows, words, list_address("request_list", user, status="open"), "No school or college waits for an offer"
    )


def _own(rows: Any, user: User) -> Any:
    """Those of a coordinator's guilds and of no guild yet: what `whose=mine` lists. All of them for an administrator."""
    return rows.filter(Q(guild=None) | Q(guild__in=user.guild_slugs)) if user.is_coordinator else rows


def follow_up_need(user: User, today: date) -> Matter:
    """What this user should do within a week."""
    rows = queries.follow_ups_due(user, today + A_WEEK)
    words = "follow-up due within a week|follow-ups due within a week"
    return Matter(rows, words, list_address("follow_up_list", None, due="week"), "No follow-up is due within a week")


def join_need(user: User) -> Matter:
    """Those who ask to be let in."""
    rows = JoinRequest.objects.visible_to(user).waiting()
    words = "request to join|requests to join"
    return Matter(rows, words, list_address("join_requests", None, status="waiting"), "Nobody asks to join")


def sign_off_needs(user: User) -> list[Matter]:
    """Publications that wait for a second pair of eyes: said only while there are any."""
    if not allowed(user, "publication.sign_off"):
        return []
    rows = Publication.objects.visible_to(user).to_sign_off(user)
    words = "publication waits for your sign-off|publications wait for your sign-off"
    return [Matter(rows, words, list_address("publication_list", None, needs="sign-off"), "")]


def list_address(name: str, led_by: User | None, **filters: Any) -> str:
    """The address of a filtered list; a coordinator's is narrowed to the own guilds."""
    mine = {"whose": "mine"} if led_by and led_by.is_coordinator else {}
    return f"{reverse(name)}?{urlencode(filters | mine)}"
