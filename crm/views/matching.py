"""Who fits whom: schools and colleges beside a pledge, pledges beside a request; several are given a part in one go."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from crm.forms.matching import SharesForm, ids_sent, name_of
from crm.views.base import RecordPage
from crm.views.once import new_token, once, token_of
from guilds.access.permissions import allowed
from guilds.audit.refusals import Conflict
from guilds.matching.criteria import Criterion
from guilds.matching.promises import PledgeMatch, pledges_for
from guilds.matching.schools import SchoolMatch, schools_for
from guilds.pledges import queries
from guilds.pledges.giving import Share, give_many, refused_rows
from guilds.pledges.models import Pledge, PledgeStatus
from guilds.pledges.requests import Request, RequestStatus

PAGE_SIZE = 20


@dataclass
class Row:
    """One of those that may fit. `said`: a line below its name; `closed`: why nothing can be given here."""

    pk: UUID
    name: str
    points: list[Criterion]
    fits: bool
    said: str = ""
    address: str = ""
    closed: str = ""
    match: Any = None
    box: BoundField | None = None


class MatchPage(RecordPage):
    """Rows that fit, best first, a page at a time, each with a box; what was typed is given once, all of it or nothing."""

    noun: ClassVar[str]
    nothing: ClassVar[str]
    done: ClassVar[str] = "The places are agreed"

    def matches(self) -> list[Row]:
        """All rows, best first."""
        raise NotImplementedError

    def shares(self, chosen: dict[UUID, int]) -> list[Share]:
        """What the boxes stand for, in their order."""
        raise NotImplementedError

    def check(self) -> None:
        """Raises Conflict where there is nothing to match any more."""

    def words(self) -> dict[str, Any]:
        """What the page says around the rows."""
        raise NotImplementedError

    @cached_property
    def every(self) -> list[Row]:
        """All rows, or only those that fit in all that is binding."""
        rows = self.matches()
        return rows if self.partly else [row for row in rows if row.fits]

    @property
    def partly(self) -> bool:
        """Whether those that miss a point are shown too."""
        return self.request.GET.get("partly") == "yes" or self.request.method == "POST"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The rows with empty boxes. Raises Conflict."""
        self.check()
        page = Paginator(self.every, PAGE_SIZE).get_page(request.GET.get("page"))
        return self._show(page, SharesForm(rows=_boxes(page), noun=self.noun), new_token())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Give what was typed; what can't be given is said beside its row (409), and then nothing was given."""
        sent = ids_sent(request.POST)
        rows = [row for row in self.every if row.pk in sent]
        page = Paginator(rows, max(len(rows), 1)).get_page(1)
        form = SharesForm(request.POST, rows=_boxes(rows), noun=self.noun)
        if not form.is_valid():
            return self._show(page, form, token_of(request.POST), 422)
        chosen = {row.pk: form.chosen[name_of(row.pk)] for row in rows if name_of(row.pk) in form.chosen}
        try:
            made = once(request, lambda: self._give(chosen))
        except ValidationError as refusal:
            _say(form, refusal, list(chosen))
            return self._show(page, form, token_of(request.POST), 409 if isinstance(refusal, Conflict) else 422)
        messages.success(request, self.done)
        return redirect(made.address)

    def _give(self, chosen: dict[UUID, int]) -> str:
        give_many(by=self.request.user, shares=self.shares(chosen))
        return self.way_back()

    def _show(self, page: Any, form: SharesForm, token: str, status: int = 200) -> HttpResponse:
        for row in page:
            row.box = None if row.closed else form[name_of(row.pk)]
        more = {"rows": page, "form": form, "form_token": token, "record": self.record, "nothing": self.nothing}
        search = {"words": self.request.GET.get("q", "")}
        return self.page(status=status, **more, **search, **self.words())


class MatchPledge(MatchPage):
    """Schools and colleges that a pledge fits."""

    permission_name = "pledge.match"
    template_name = "matching/pledge.html"
    noun, nothing = "Places for", "No school or college fits in everything."
    record: Pledge

    def records(self) -> QuerySet:
        """With their progress."""
        return queries.in_full()

    def way_back(self) -> str:
        """The pledge's own page."""
        return reverse("pledge_detail", args=[self.record.pk])

    def check(self) -> None:
        """Only an open pledge with something left can be matched."""
        pledge = cast(Any, self.record)
        if pledge.standing != PledgeStatus.OPEN:
            raise Conflict(
                f"This pledge is {PledgeStatus(pledge.standing).label.lower()}: nothing of it can be given now"
            )
        if not pledge.remaining:
            raise Conflict("All of this pledge is given already: release a part of it first")

    def matches(self) -> list[Row]:
        """All schools and colleges, or those whose name has the words."""
        words = self.request.GET.get("q", "").strip()[:100]
        found = schools_for(self.record, reader=self.request.user, today=timezone.localdate(), words=words)
        return [_school_row(match) for match in found]

    def shares(self, chosen: dict[UUID, int]) -> list[Share]:
        """Each for the oldest request that it meets, if there is one."""
        matches = {row.pk: row.match for row in self.every}
        providers = queries.providers_in(chosen, self.request.user)
        return [
            Share(self.record, providers[pk], number, next(iter(matches[pk].requests), None))
            for pk, number in chosen.items()
        ]

    def words(self) -> dict[str, Any]:
        """Which pledge it is."""
        return {"pledge": self.record, "partly": self.partly, "left": cast(Any, self.record).remaining}


class MatchRequest(MatchPage):
    """Open pledges that fit what a school or college asks for."""

    permission_name = "request.match"
    template_name = "matching/request.html"
    noun, nothing = "Places from", "No open pledge fits in everything."
    record: Request

    def records(self) -> QuerySet:
        """With their progress."""
        return Request.objects.for_list()

    def way_back(self) -> str:
        """The request's own page."""
        return reverse("request_detail", args=[self.record.pk])

    def check(self) -> None:
        """Only an open request that is not met can be matched."""
        standing = cast(Any, self.record).standing
        if standing != RequestStatus.OPEN:
            raise Conflict(f"This request is {RequestStatus(standing).label.lower()}: nothing need be found for it")

    def matches(self) -> list[Row]:
        """Open pledges of the kind that is asked for."""
        user = self.request.user
        return [_pledge_row(match, user) for match in pledges_for(self.record, reader=user)]

    def shares(self, chosen: dict[UUID, int]) -> list[Share]:
        """All for this request."""
        matches = {row.pk: row.match for row in self.every}
        asked = self.record
        return [Share(matches[pk].pledge, asked.provider, number, asked) for pk, number in chosen.items()]

    def words(self) -> dict[str, Any]:
        """Which request it is."""
        return {"asked": self.record, "partly": self.partly, "left": cast(Any, self.record).remaining}


def _school_row(match: SchoolMatch) -> Row:
    said = f"{match.held} of this pledge already" if match.held else ""
    return Row(match.school.pk, match.school.name, match.points, match.fits, said, match=match)


def _pledge_row(match: PledgeMatch, user: Any) -> Row:
    pledge = match.pledge
    leads = allowed(user, "pledge.match", pledge)
    closed = "" if leads else f"{pledge.guild.name} leads it: ask its coordinator"
    said = f"{pledge.remaining} of {pledge.current_quantity} left, made {pledge.made_on:%-d %B %Y}"
    address = reverse("pledge_detail", args=[pledge.pk])
    return Row(pledge.pk, pledge.employer.name, match.points, match.fits, said, address, closed, match=match)


def _boxes(rows: Any) -> list[tuple[UUID, str]]:
    return [(row.pk, row.name) for row in rows if not row.closed]


def _say(form: SharesForm, refusal: ValidationError, order: list[UUID]) -> None:
    rows = refused_rows(refusal)
    for row, words in rows.items():
        form.add_error(name_of(order[row]), words)
    if not rows:
        form.add_error(None, ValidationError(refusal.messages))
