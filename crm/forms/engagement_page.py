"""The forms of the page on which an engagement is logged or corrected, as one."""

from typing import Any, cast

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import QueryDict

from crm.forms.engagements import (
    NAMES,
    AttendanceForm,
    EngagementForm,
    NewEngagementForm,
    ParticipationForm,
    RepeatForm,
    RowForm,
    initial_of,
)
from crm.forms.missing_organisations import MissingOrganisation, offer_beside
from crm.forms.organisations import find_organisations
from crm.forms.refusals import filled_rows, show_refusal
from crm.forms.rows import ADD_ROW, rows_of, start_in_last_row, unjudged, without_removed
from guilds.access.permissions import allowed
from guilds.engagement.models import Attendance, Engagement, EngagementKind, Participation, Status
from guilds.engagement.parts import ATTENDANCE_FIELDS, PARTICIPATION_FIELDS
from guilds.engagement.series import MOST_DATES

ROWS = {
    "attendances": rows_of(AttendanceForm),
    "participations": rows_of(ParticipationForm),
    "also_on": rows_of(RepeatForm, most=MOST_DATES),
}
#: The rows of an engagement that is there already.
PARTS = ("attendances", "participations")
#: The button that takes the title which the page offers; its value is that title.
USE_TITLE = "use_title"


class EngagementForms:
    """What it was (`main`), and its rows: who came, who was there from employers, on which other dates."""

    def __init__(self, main: EngagementForm, rows: dict[str, Any], user: Any) -> None:
        self.main, self.rows, self.user = main, rows, user
        self.beside = offer_beside(main) if allowed(user, "organisation.add") else []

    @property
    def formsets(self) -> list[Any]:
        """In the order in which they stand on the page."""
        return list(self.rows.values())

    def add_row(self, data: QueryDict) -> bool:
        """Whether one more row was asked for; then nothing is judged, and the page opens at the new row."""
        asked = data.get(ADD_ROW, "")
        if asked not in self.rows:
            return False
        self.unjudge()
        start_in_last_row(self.rows[asked])
        return True

    def unjudge(self) -> None:
        """Show everything as it was filled in."""
        unjudged(self.main, *self.formsets)

    @property
    def missing(self) -> list[MissingOrganisation]:
        """What stands beside the pickers for organisations that are not in the registry."""
        return [*self.beside, *(row.missing for row in self._picking() if row.missing)]

    def is_valid(self) -> bool:
        """Judge everything at once, so that a person mends all of it at once; then find the organisations meant."""
        parsed = [self.main.is_valid(), *(formset.is_valid() for formset in self.formsets)]
        find_organisations([self.main, *self._picking()], self.user)
        if self.main.is_delivered and self.main.has_learners:
            for row in filled_rows(self.rows["attendances"]):
                cast(AttendanceForm, row).ask_for_number()
        for missing in self.missing:
            missing.ask()
        return all(parsed) and not any(form.errors for form in self._forms())

    def facts(self) -> dict[str, Any]:
        """What the actions take."""
        facts = self.main.facts()
        facts |= {name: [cast(RowForm, row).claim() for row in filled_rows(self.rows[name])] for name in PARTS}
        if "also_on" in self.rows:
            facts["also_on"] = [row.cleaned_data["date"] for row in filled_rows(self.rows["also_on"])]
        return facts

    def show(self, refusal: ValidationError, **names: str) -> None:
        """Put an action's refusal beside what it is about."""
        show_refusal(self.main, refusal, names=NAMES | names, formsets=self.rows)

    @property
    def has_errors(self) -> bool:
        """Whether anything has to be mended, for the title of the page."""
        refused = any(missing.is_refused for missing in self.missing)
        return bool(refused or self.main.errors or any(formset.total_error_count() for formset in self.formsets))

    @property
    def offered_title(self) -> str:
        """A title that says what it is, for somebody who left it empty: kind and first school or college."""
        if "title" not in self.main.errors or self.rows["attendances"].forms[0].errors.get("provider"):
            return ""
        data = self.main.data
        kind = dict(EngagementKind.choices).get(data.get("kind", ""), "").partition(" (")[0]
        school = data.get("attendances-0-provider_text", "").strip()
        return f"{kind}, {school}"[:200] if kind and school else ""

    @property
    def more_is_open(self) -> bool:
        """Whether anything behind "More details" holds something, or is wrong."""
        dates = self.rows.get("also_on")
        given = dates is not None and (dates.total_error_count() or any(row.has_changed() for row in dates.forms))
        asked = dates is not None and self.main.data.get(ADD_ROW) == "also_on"
        missing = any(beside.asked for beside in self.beside)
        return bool(self.main.more_is_open or given or asked or missing)

    def _picking(self) -> list[RowForm]:
        return [row for name in PARTS for row in self.rows[name].forms]

    def _forms(self) -> list[BaseForm]:
        return [self.main, *(row for formset in self.formsets for row in formset.forms)]


def new_forms(user: Any, data: QueryDict | None = None, initial: dict[str, Any] | None = None) -> EngagementForms:
    """The forms for logging. `initial` may hold rows as well."""
    sent, initial = None if data is None else without_removed(data, *ROWS), initial or {}
    if sent and not sent.get("title", "").strip() and sent.get(USE_TITLE):
        sent["title"] = sent.get(USE_TITLE, "")
    main = NewEngagementForm(sent, user=user, initial=initial)
    rows = {name: _rows(name, user, sent, initial.get(name, [])) for name in ROWS}
    return EngagementForms(main, rows, user)


def correction_forms(user: Any, engagement: Engagement, data: QueryDict | None = None) -> EngagementForms:
    """The forms for correcting, filled with what is there."""
    sent = None if data is None else without_removed(data, *PARTS)
    main = EngagementForm(sent, user=user, initial=initial_of(engagement))
    there = {} if sent else rows_now(engagement)
    return EngagementForms(main, {name: _rows(name, user, sent, there.get(name, [])) for name in PARTS}, user)


def row_beside(user: Any, data: QueryDict, box: str) -> tuple[RowForm, int] | None:
    """The row of a page as it stands whose picker is `box`, and its number there; rows that are removed are counted."""
    prefix = box.partition("-")[0]
    if prefix not in PARTS:
        return None
    for number, row in enumerate(_rows(prefix, user, data.copy(), []).forms, start=1):
        if row.add_prefix(row.picker) == box:
            return row, number
    return None


def copied(engagement: Engagement, user: Any) -> dict[str, Any]:
    """What another one like this starts with: not its dates, its numbers, or what was said of them."""
    same = ("kind", "title", "venue", "venue_address", "district", "delivery", "purpose", "gatsby_benchmarks")
    before = initial_of(engagement)
    leads = allowed(user, "engagement.add", engagement)
    rows = rows_now(engagement)
    return {name: before[name] for name in (*same, "supporting_guilds")} | {
        "guild": before["guild"] if leads else None,
        "attendances": [{name: row[name] for name in ("provider", "year_group")} for row in rows["attendances"]],
        "participations": [{name: row[name] for name in ("employer", "role")} for row in rows["participations"]],
    }


def rows_now(engagement: Engagement) -> dict[str, list[dict[str, Any]]]:
    """The rows that an engagement has."""
    came = Attendance.objects.filter(engagement=engagement).select_related("provider").order_by("id")
    brought = Participation.objects.filter(engagement=engagement).select_related("employer").order_by("id")
    fields = ("provider", "year_group", *ATTENDANCE_FIELDS)
    return {
        "attendances": [
            {name: getattr(row, name) for name in fields} | {"not_known": _is_said_unknown(engagement, row)}
            for row in came
        ],
        "participations": [
            {name: getattr(row, name) for name in ("employer", *PARTICIPATION_FIELDS)} for row in brought
        ],
    }


def _is_said_unknown(engagement: Engagement, row: Attendance) -> bool:
    """Of one that is closed without a number, somebody has said that nobody knows it."""
    return engagement.status == Status.DELIVERED and engagement.has_learners and row.learners is None


def _rows(name: str, user: Any, sent: QueryDict | None, initial: list[dict]) -> Any:
    options = {"may_add": allowed(user, "organisation.add")} if name in PARTS else {}
    return ROWS[name](sent, prefix=name, initial=initial, form_kwargs=options)
