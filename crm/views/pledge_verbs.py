"""What may be done with a pledge and with the parts of it that schools and colleges get: one table, one page for each."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from crm.forms import pledges as forms
from crm.views.base import RecordPage
from crm.views.form_page import FormPage
from guilds.access.permissions import allowed
from guilds.audit.refusals import Conflict
from guilds.pledges import actions, queries
from guilds.pledges.models import ALLOCATION_LIFECYCLE, LIFECYCLE, Allocation, AllocationStatus, Pledge, PledgeStatus


@dataclass(frozen=True)
class Verb:
    """A button on a pledge. `act(by, pledge, **what the form asked for)` calls the action; `statuses` are when it can be."""

    words: str
    permission: str
    form: type[forms.VerbForm]
    act: Callable[..., Any]
    done: str
    statuses: frozenset[str]
    explained: str = ""
    at_once: bool = False
    grave: bool = False
    needs_places: bool = False

    def possible(self, pledge: Pledge) -> bool:
        """Whether the pledge's life allows it now."""
        left = not self.needs_places or cast(Any, pledge).remaining > 0
        return pledge.status in self.statuses and left


def _ask(*, by: Any, pledge: Pledge, quantity: int, note: str) -> Allocation:
    return actions.allocate(
        by=by, pledge=pledge, provider=by.organisation, quantity=quantity, note=note, status=AllocationStatus.REQUESTED
    )


def _amend(*, by: Any, pledge: Pledge, version: int, **facts: Any) -> Any:
    return actions.amend(by=by, pledge=pledge, expected_version=version, **facts)


_OPEN, _LASTING = frozenset({PledgeStatus.OPEN}), frozenset({PledgeStatus.OPEN, PledgeStatus.LAPSED})
VERBS = {
    "verify": Verb(
        "Verify", "pledge.verify", forms.VerbForm, actions.verify, "The pledge is verified and counts from now on",
        LIFECYCLE.steps["verify"].sources, "The promise is real: it is counted from now on.", at_once=True,
    ),
    "allocate": Verb(
        "Give places to a school or college", "pledge.match", forms.AllocateForm, actions.allocate,
        "The places are agreed", _OPEN, needs_places=True,
    ),
    "ask": Verb(
        "Ask for places", "pledge.ask", forms.AskForm, _ask, "You have asked for places. The guild's coordinator answers",
        _OPEN, "The guild's coordinator sees your request and answers it.", needs_places=True,
    ),
    "amend": Verb(
        "Change how many", "pledge.amend", forms.AmendForm, _amend, "The pledge is amended", _OPEN,
        "What was promised at first stays on record, with the change and its reason beside it.",
    ),
    "extend": Verb(
        "Let it run longer", "pledge.amend", forms.ExtendForm, actions.extend, "The pledge runs longer", _LASTING,
        "A pledge that has lapsed is open again.",
    ),
    "withdraw": Verb(
        "Withdraw", "pledge.withdraw", forms.ReasonForm, actions.withdraw, "The pledge is withdrawn",
        LIFECYCLE.steps["withdraw"].sources, "The employer takes the promise back. Places already agreed are released.",
        grave=True,
    ),
    "reject": Verb(
        "Reject", "pledge.verify", forms.ReasonForm, actions.reject, "The pledge is rejected",
        LIFECYCLE.steps["reject"].sources, "It is no real promise, and will never be counted.", grave=True,
    ),
}  # fmt: skip


def open_verbs(user: Any, pledge: Pledge) -> list[dict[str, Any]]:
    """The buttons that this person has on this pledge now. Staff give places; they need not ask for them."""
    return [
        {"name": name, "verb": verb, "address": reverse("pledge_verb", args=[pledge.pk, name])}
        for name, verb in VERBS.items()
        if verb.possible(pledge) and _may(user, name, verb, pledge)
    ]


def _may(user: Any, name: str, verb: Verb, pledge: Pledge) -> bool:
    return allowed(user, verb.permission, pledge) and (name != "ask" or user.is_school_member)


class _VerbPage(FormPage, RecordPage):
    """A form that asks what a verb needs, says what it does, and does it once."""

    permission_name = "pledge.view"
    template_name = "pledges/verb.html"
    record: Pledge

    def records(self) -> QuerySet:
        """Pledges with their progress."""
        return queries.in_full()

    def way_back(self) -> str:
        """The pledge's own page; the board for whoever came from there."""
        if self.request.GET.get("back") == "board":
            return reverse("pledge_board")
        return reverse("pledge_detail", args=[self.record.pk])

    def call(self, facts: dict[str, Any]) -> None:
        """Call the action."""
        raise NotImplementedError

    def act(self, form: forms.VerbForm) -> str:
        """Do it; over a conflict about a quantity the form is shown again, since another number might do."""
        try:
            self.call(form.cleaned_data)
        except Conflict as conflict:
            if "quantity" not in getattr(conflict, "error_dict", {}):
                raise
            raise ValidationError({"quantity": conflict.messages}) from conflict
        return self.way_back()


class PledgeVerb(_VerbPage):
    """One verb on a pledge."""

    @cached_property
    def verb(self) -> Verb:
        """The verb of the address. Raises Http404 for one that does not exist."""
        if self.kwargs["verb"] not in VERBS:
            raise Http404
        return VERBS[self.kwargs["verb"]]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Each verb has its own permission."""
        super().setup(request, *args, **kwargs)
        if kwargs["verb"] in VERBS:
            self.permission_name = self.verb.permission  # type: ignore[misc]

    def form(self, *args: Any, **kwargs: Any) -> forms.VerbForm:
        """The verb's form. Raises Http404 for somebody whose role has another way."""
        if not _may(self.request.user, self.kwargs["verb"], self.verb, self.record):
            raise Http404
        return self.verb.form(*args, **kwargs)

    def initial(self) -> dict[str, Any]:
        """What holds now."""
        return dict(self.verb.form.start(self.record))

    @property
    def done(self) -> str:  # type: ignore[override]
        """What the banner says afterwards."""
        return self.verb.done

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """What the verb asks for, if it is possible now. Raises Conflict if not."""
        if not self.verb.possible(self.record):
            standing = cast(Any, self.record).standing
            raise Conflict(
                f"This pledge is {PledgeStatus(standing).label.lower()}: “{self.verb.words}” is not possible"
            )
        return super().get(request, **kwargs)

    def call(self, facts: dict[str, Any]) -> None:
        """Call the verb's action; it refuses where the pledge's life forbids it."""
        self.verb.act(by=self.request.user, pledge=self.record, **facts)

    def words(self) -> dict[str, Any]:
        """As the table says."""
        verb = self.verb
        return _words(verb.words, verb.explained, self.record, grave=verb.grave)


@dataclass(frozen=True)
class AllocationStep:
    """A verb on a part of a pledge."""

    name: str
    words: str
    form: type[forms.VerbForm]
    act: Callable[..., Any]
    done: str
    permission: str = "pledge.match"

    def open_to(self, user: Any, allocation: Allocation) -> bool:
        """Whether this person may: most is for who leads the pledge, giving back also for who holds the places."""
        return allowed(user, self.permission, self.about(allocation))

    def about(self, allocation: Allocation) -> Any:
        """What the permission is asked about."""
        return allocation if self.permission == RELEASE else allocation.pledge


#: Who may give places back.
RELEASE = "pledge.release"
STEPS = {
    step.name: step
    for step in (
        AllocationStep("agree", "Agree", forms.VerbForm, actions.agree, "The places are agreed"),
        AllocationStep("decline", "Decline", forms.ReasonForm, actions.decline, "The request is declined"),
        AllocationStep("release", "Release", forms.ReleaseForm, actions.release, "The places are free again", RELEASE),
    )
}


def open_steps(allocation: Any, user: Any) -> list[AllocationStep]:
    """What this person may do now with a part of a pledge that was read `with_progress`."""
    steps = [STEPS[name] for name in ALLOCATION_LIFECYCLE.open_verbs(allocation.standing) if name in STEPS]
    return [step for step in steps if step.open_to(user, allocation)]


class AllocationVerb(_VerbPage):
    """One verb on a part of a pledge."""

    permission_name = "pledge.match"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The verb says what somebody must be allowed."""
        super().setup(request, *args, **kwargs)
        self.permission_name = STEPS[kwargs["verb"]].permission if kwargs["verb"] in STEPS else "pledge.match"  # type: ignore[misc]

    def subject(self) -> Any:
        """The pledge, or the part that is given back."""
        return self.record if self.permission_name != RELEASE else self.step.about(self.allocation)

    @cached_property
    def step(self) -> AllocationStep:
        """The verb of the address. Raises Http404 for one that does not exist."""
        if self.kwargs["verb"] not in STEPS:
            raise Http404
        return STEPS[self.kwargs["verb"]]

    @property
    def done(self) -> str:  # type: ignore[override]
        """What the banner says afterwards."""
        return self.step.done

    @cached_property
    def allocation(self) -> Allocation:
        """The part of the address. Raises Http404 for one that is not there for this reader."""
        seen = (
            Allocation.objects.visible_to(self.request.user)
            .filter(pledge=self.record)
            .select_related("provider", "pledge")
        )
        return get_object_or_404(seen, pk=self.kwargs["allocation"])

    def form(self, *args: Any, **kwargs: Any) -> forms.VerbForm:
        """The verb's form."""
        return self.step.form(*args, **kwargs)

    def call(self, facts: dict[str, Any]) -> None:
        """Call the verb's action."""
        self.step.act(by=self.request.user, allocation=self.allocation, **facts)

    def words(self) -> dict[str, Any]:
        """Which part it is."""
        part = self.allocation
        explained = f"{part.quantity} for {part.provider}, {part.get_status_display().lower()}"
        return _words(self.step.words, explained, self.record)


def _words(heading: str, explained: str, pledge: Pledge, *, grave: bool = False) -> dict[str, Any]:
    """What the page says around its form; the button says what the heading does."""
    return {"heading": heading, "submit_label": heading, "explained": explained, "pledge": pledge, "grave": grave}
