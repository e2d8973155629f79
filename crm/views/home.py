"""The first page after signing in: to each role, what it has to do and what it wants to know."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple, cast
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from crm import figures
from crm.numbers import numbers_of
from crm.views.base import Page
from crm.views.employer import for_employer
from crm.views.impact import HEADLINES
from crm.views.school import for_school
from guilds.access.invitations import JoinRequest
from guilds.access.models import Role, User
from guilds.access.permissions import allowed
from guilds.engagement import queries
from guilds.engagement.models import Answer
from guilds.impact.periods import academic_year, previous
from guilds.impact.totals import Scope, summary
from guilds.importing.models import Import
from guilds.pledges.models import Pledge, PledgeStatus
from guilds.pledges.queries import claimed
from guilds.pledges.requests import Request
from guilds.publishing.models import Publication
from guilds.rights.models import RightsRequest

#: How many rows each list of the home page has at most; the whole is a link away.
SHOWN = 5
#: Beyond this nobody counts what is left to do: it is more than the promises of the fullest day so far.
COUNTED = 500
A_WEEK = timedelta(days=7)
#: What the page says of a follow-up, and of an engagement of this week.
FOLLOW_UP_SHOWN = ("what", "due_on", "engagement__title", "organisation__name")
WEEK_SHOWN = ("title", "kind", "status", "starts_on", "guild__name")


class Question(NamedTuple):
    """What may need somebody: the records, the words for one and for many of them, and the list that shows exactly them."""

    #: Or how many they are, where that is known.
    rows: QuerySet | int
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


class Home(Page):
    """Home of whoever is signed in."""

    permission_name = "home.view"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page of the reader's role."""
        user, today = cast(User, request.user), timezone.localdate()
        template, context = HOMES[user.role]
        return render(request, template, {"today": today} | context(user, today))


def for_coordinator(user: User, today: date) -> dict[str, Any]:
    """What needs a coordinator, and what happens this week."""
    monday, sunday = queries.week_of(today)
    week = queries.led_by(user).on_days(monday, sunday)
    asked = [
        *engagement_needs(user, today), *pledge_needs(user), *promise_needs(user, today), request_need(user),
        follow_up_need(user, today), join_need(user), *sign_off_needs(user),
    ]  # fmt: skip
    needs = counted(asked, user)
    return {
        "needs": needs,
        "suggestions": [] if any(need.number for need in needs) else suggestions(user),
        "follow_ups": list(queries.follow_ups_due(user, today + A_WEEK).only(*FOLLOW_UP_SHOWN)[:SHOWN]),
        "week": list(week.select_related("guild").only(*WEEK_SHOWN).order_by("starts_at", "id")[: SHOWN + 1]),
        "week_address": _list("engagement_list", user, **{"from": monday, "to": sunday}),
        "monday": monday,
        "sunday": sunday,
    }


def for_administrator(user: User, today: date) -> dict[str, Any]:
    """What needs anybody, and how the system does."""
    people = dict(
        User.objects.visible_to(user).filter(is_active=True).order_by().values_list("role").annotate(Count("pk"))
    )
    return for_coordinator(user, today) | {
        "imports": list(Import.objects.visible_to(user).select_related("imported_by")[:SHOWN]),
        "people": [(Role(role).label, people.get(role, 0)) for role in Role.values],
        "rights": RightsRequest.objects.visible_to(user).waiting().count(),
    }


def for_commission(user: User, today: date) -> dict[str, Any]:
    """The chief figures of this academic year."""
    period = academic_year(today)
    total = summary(period=period, by="total", measures=list(HEADLINES)).total
    line = figures.line(total, list(HEADLINES), period=period, scope=Scope())
    published = (
        Publication.objects.visible_to(user).select_related("guild", "district").order_by("-published_at", "-id")
    )
    return {
        "period": period,
        "before": previous(period),
        "headlines": line.shown,
        "publications": list(published[:SHOWN]),
    }


HOMES: dict[str, tuple[str, Callable[[User, date], dict[str, Any]]]] = {
    Role.ADMINISTRATOR: ("home/administrator.html", for_administrator),
    Role.COORDINATOR: ("home/coordinator.html", for_coordinator),
    Role.EMPLOYER: ("home/employer.html", for_employer),
    Role.SCHOOL: ("home/school.html", for_school),
    Role.COMMISSION: ("home/commission.html", for_commission),
}


def engagement_needs(user: User, today: date) -> list[Question]:
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
        Question(rows, words, _list("engagement_list", user, needs=needs), nothing)
        for needs, rows, words, nothing in found
    ]


def pledge_needs(user: User) -> list[Question]:
    """Pledges to verify: those of the user's guilds, and those of no guild yet."""
    unverified = Pledge.objects.visible_to(user).filter(status=PledgeStatus.UNVERIFIED)
    nothing = "No pledge waits to be verified"
    if user.is_administrator:
        address = _list("pledge_list", None, status="unverified")
        return [Question(unverified, "pledge to verify|pledges to verify", address, nothing)]
    mine = unverified.filter(guild__in=user.guild_slugs).order_by().values_list("guild").annotate(Count("pk"))
    numbers = dict(mine)
    return [
        *(
            Question(
                numbers.get(slug, 0),
                f"pledge to verify, {name}|pledges to verify, {name}",
                _list("pledge_list", None, status="unverified", guild=slug),
                f"{nothing}, {name}",
            )
            for slug, name in user.guild_names.items()
        ),
        Question(
            unverified.filter(guild=None),
            "pledge to verify, no guild yet|pledges to verify, no guild yet",
            _list("pledge_list", None, status="unverified", guild="county-wide"),
            f"{nothing} outside the guilds",
        ),
    ]


def promise_needs(user: User, today: date) -> list[Question]:
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
        Question(rows, words, _list("pledge_list", user, needs=needs), nothing) for needs, rows, words, nothing in found
    ]


def request_need(user: User) -> Question:
    """What schools and colleges ask for and have not got yet."""
    rows = _own(Request.objects.visible_to(user), user).waiting()
    words = "request of a school or college to meet|requests of schools and colleges to meet"
    return Question(rows, words, _list("request_list", user, status="open"), "No school or college waits for an offer")


def suggestions(user: User) -> list[tuple[str, str]]:
    """What is useful when nothing needs anybody: words and address."""
    guild = {"guild": next(iter(user.guild_slugs))} if len(user.guild_slugs) == 1 else {}
    quiet = _list("organisation_list", None, ordering="last_contact_on", **guild)
    schools = _list("organisation_list", None, role="provider", ordering="last_contact_on")
    return [
        ("Ring a member that nobody has spoken with for long", quiet),
        ("Find schools and colleges that nobody has been in touch with", schools),
        ("Look how far the pledges have come", reverse("pledge_board")),
    ]


def _own(rows: Any, user: User) -> Any:
    """Those of a coordinator's guilds and of no guild yet: what `whose=mine` lists. All of them for an administrator."""
    return rows.filter(Q(guild=None) | Q(guild__in=user.guild_slugs)) if user.is_coordinator else rows


def follow_up_need(user: User, today: date) -> Question:
    """What this user should do within a week."""
    rows = queries.follow_ups_due(user, today + A_WEEK)
    words = "follow-up due within a week|follow-ups due within a week"
    return Question(rows, words, _list("follow_up_list", None, due="week"), "No follow-up is due within a week")


def join_need(user: User) -> Question:
    """Those who ask to be let in."""
    rows = JoinRequest.objects.visible_to(user).waiting()
    words = "request to join|requests to join"
    return Question(rows, words, _list("join_requests", None, status="waiting"), "Nobody asks to join")


def sign_off_needs(user: User) -> list[Question]:
    """Publications that wait for a second pair of eyes: said only while there are any."""
    if not allowed(user, "publication.sign_off"):
        return []
    rows = Publication.objects.visible_to(user).to_sign_off(user)
    words = "publication waits for your sign-off|publications wait for your sign-off"
    return [Question(rows, words, _list("publication_list", None, needs="sign-off"), "")]


def counted(asked: list[Question], user: User) -> list[Need]:
    """How many each of the questions finds, by one query for all of them; those without words for "none" only if any."""
    asks = {place: question.rows for place, question in enumerate(asked) if not isinstance(question.rows, int)}
    known = {place: question.rows for place, question in enumerate(asked) if isinstance(question.rows, int)}
    numbers = known | numbers_of(asks, at_most=COUNTED + 1)
    needs = [
        Need(numbers[place], question.words.split("|")[numbers[place] != 1], question.address, question.nothing)
        for place, question in enumerate(asked)
    ]
    return [need for need in needs if need.number or need.nothing]


def _list(name: str, led_by: User | None, **filters: Any) -> str:
    """The address of a filtered list; a coordinator's is narrowed to the own guilds."""
    mine = {"whose": "mine"} if led_by and led_by.is_coordinator else {}
    return f"{reverse(name)}?{urlencode(filters | mine)}"
