"""For how long what about a person is kept, and what is done after that: one table, read by the page and by the clock.

Every personal field of every model stands in exactly one rule; a test holds it. Erasing takes the words and leaves the
row, so that no figure changes; deleting is for what nothing was ever counted with.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

from guilds.audit.forgetting import ERASED
from guilds.pledges.advisers import AdviserPlace
from guilds.rights.people import KINDS

YEAR = timedelta(days=365)
Due = Callable[[QuerySet, datetime], QuerySet]


class Then(StrEnum):
    """What is done when the time is over."""

    ERASE = "The words are erased, the rest stays"
    DELETE = "Removed"
    FOLLOW = "Removed with the account"


@dataclass(frozen=True)
class Rule:
    """`since`: from when the time runs, in words; `due(rows, moment)`: those whose time had begun by that moment."""

    model: str
    fields: tuple[str, ...]
    since: str
    after: timedelta
    then: Then
    reason: str
    source: str
    due: Due

    @property
    def noun(self) -> str:
        """What it is about, as people call it."""
        kind = KINDS.get(self.model)
        return kind.noun if kind else str(apps.get_model("guilds", self.model)._meta.verbose_name).capitalize()

    @property
    def what(self) -> str:
        """The fields in words."""
        fields = apps.get_model("guilds", self.model)._meta
        return ", ".join(str(fields.get_field(name).verbose_name) for name in self.fields)

    @property
    def lasts(self) -> str:
        """The time in words."""
        days = self.after.days
        if self.then is Then.FOLLOW:
            return "–"
        if days % 365 == 0:
            return f"{days // 365} year{'s' if days > 365 else ''}"
        return f"{days} days"

    def rows(self, at: datetime) -> QuerySet:
        """What is to be done now."""
        model: Any = apps.get_model("guilds", self.model)
        rows = KINDS[self.model].known() if self.model in KINDS else model._default_manager.all()
        return self.due(rows, at - self.after)


def _older(field: str) -> Due:
    return lambda rows, moment: rows.filter(**{f"{field}__lt": moment})


def _with_words(field: str, due: Due) -> Due:
    """Those whose text is still there."""
    return lambda rows, moment: due(rows, moment).exclude(**{field: ""}).exclude(**{field: ERASED})


def _on_day(field: str) -> Due:
    return lambda rows, moment: rows.filter(**{f"{field}__lt": moment.date()})


def _contacts_out_of_touch(rows: QuerySet, moment: datetime) -> QuerySet:
    """Nobody has changed them, spoken to them, has an open promise of theirs, or is advised by them."""
    spoken = Q(interactions__happened_on__gte=moment.date())
    advise = AdviserPlace.objects.filter(status="matched", contact__isnull=False)
    quiet = rows.filter(updated_at__lt=moment).exclude(spoken).exclude(pledges__status__in=("unverified", "open"))
    return quiet.exclude(pk__in=advise.values("contact"))


def _closed_accounts(rows: QuerySet, moment: datetime) -> QuerySet:
    return rows.filter(is_active=False, updated_at__lt=moment)


def _decided(status: str) -> Due:
    return lambda rows, moment: rows.exclude(status=status).filter(updated_at__lt=moment)


def _requests_answered(rows: QuerySet, moment: datetime) -> QuerySet:
    return _decided("open")(rows, moment).exclude(about=ERASED)


def _nothing(rows: QuerySet, moment: datetime) -> QuerySet:
    return rows.none()


_STORAGE = "UK GDPR, article 5(1)(e): no longer than is necessary"
_PARTNERSHIP = "Partnership records: three years after the last contact"
_LIMITATION = "Limitation Act 1980, section 5: six years"
_SECURITY = "ICO guidance on access records: as long as they may be questioned"

RULES = (
    Rule("contact", ("name", "role", "email", "phone"), "the last change, call, open pledge or school that they advise", 3 * YEAR,
         Then.ERASE, "Whoever has not been in touch for so long is not the right person any more", _PARTNERSHIP,
         _contacts_out_of_touch),
    Rule("user", ("email", "name"), "the account was closed", 2 * YEAR, Then.ERASE,
         "Histories say who did what for as long as somebody may ask", _SECURITY, _closed_accounts),
    Rule("invitation", ("email", "name"), "it was sent", YEAR, Then.ERASE,
         "It was answered or has run out; who joined is told by the account", _STORAGE, _older("created_at")),
    Rule("joinrequest", ("name", "email", "organisation_text", "note", "status_reason"), "the last change", YEAR,
         Then.ERASE, "The decision may be questioned for a while", _STORAGE, _older("updated_at")),
    Rule("deskentry", ("organisation_name", "search_name", "name", "email", "note", "status_reason"),
         "the last change", timedelta(days=180), Then.ERASE,
         "Whoever promised is a person at the employer by then; what was rejected is of no use", _STORAGE,
         _older("updated_at")),
    Rule("interaction", ("summary",), "it happened", 6 * YEAR, Then.ERASE,
         "What was agreed with an organisation may matter for as long as it can be claimed", _LIMITATION,
         _with_words("summary", _on_day("happened_on"))),
    Rule("followup", ("outcome",), "it was done", 2 * YEAR, Then.ERASE,
         "That it was done is enough after that", _STORAGE, _with_words("outcome", _decided("open"))),
    Rule("attendance", ("answer_note",), "the engagement", 3 * YEAR, Then.ERASE,
         "Numbers of three academic years are compared and questioned", "counting.md: figures of three years",
         _with_words("answer_note", _older("engagement__starts_at"))),
    Rule("deliveryclaim", ("note",), "it was decided", 3 * YEAR, Then.ERASE,
         "Numbers of three academic years are compared and questioned", "counting.md: figures of three years",
         _with_words("note", _decided("waiting"))),
    Rule("attachment", ("name", "file"), "the engagement", 6 * YEAR, Then.DELETE,
         "A programme or list of stands is evidence of the event for as long as it can be claimed", _LIMITATION,
         _older("engagement__starts_at")),
    Rule("draft", ("fields",), "it was last gone on with", timedelta(days=30), Then.DELETE,
         "Nobody goes on with a form after so long", _STORAGE, _older("saved_at")),
    Rule("savedview", ("query",), "", timedelta(0), Then.FOLLOW, "One's own bookmarks", _STORAGE, _nothing),
    Rule("sentmail", ("context",), "it was noted", timedelta(days=30), Then.ERASE,
         "Emptied as soon as it is sent; this is for what never could be", _STORAGE,
         lambda rows, moment: rows.filter(queued_at__lt=moment).exclude(context={})),
    Rule("importrow", ("message", "raw"), "the file was loaded", YEAR, Then.ERASE,
         "Refused rows are corrected and loaded again within weeks", _STORAGE,
         lambda rows, moment: rows.filter(batch__created_at__lt=moment).exclude(message=ERASED)),
    Rule("rightsrequest", ("about", "wish", "status_reason"), "it was answered", 3 * YEAR, Then.ERASE,
         "Whoever asked may complain; that it was answered in time stays", "ICO guidance on requests: three years",
         _requests_answered),
)  # fmt: skip


def rule_of(model: str) -> Rule:
    """The rule of a model. Raises KeyError where there is none."""
    return {rule.model: rule for rule in RULES}[model]
