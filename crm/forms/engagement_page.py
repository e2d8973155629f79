"""The three forms of the page on which an engagement is logged or corrected, as one."""

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
    initial_of,
)
from crm.forms.organisations import find_organisations
from crm.forms.refusals import filled_rows, show_refusal
from crm.forms.rows import ADD_ROW, rows_of, start_in_last_row, unjudged, without_removed
from guilds.engagement.models import Attendance, Engagement, Participation
from guilds.engagement.parts import ATTENDANCE_FIELDS, PARTICIPATION_FIELDS

AttendanceRows = rows_of(AttendanceForm)
ParticipationRows = rows_of(ParticipationForm)
PREFIXES = ("attendances", "participations")


class EngagementForms:
    """What it was (`main`), who came (`attendances`), who was there from employers (`participations`)."""

    def __init__(self, main: EngagementForm, attendances: Any, participations: Any, user: Any) -> None:
        self.main, self.attendances, self.participations, self.user = main, attendances, participations, user

    @property
    def formsets(self) -> list[Any]:
        """In the order in which they stand on the page."""
        return [self.attendances, self.participations]

    def add_row(self, data: QueryDict) -> bool:
        """Whether one more row was asked for; then nothing is judged, and the page opens at the new row."""
        asked = data.get(ADD_ROW, "")
        if asked not in PREFIXES:
            return False
        unjudged(self.main, *self.formsets)
        start_in_last_row(self.attendances if asked == PREFIXES[0] else self.participations)
        return True

    def is_valid(self) -> bool:
        """Judge everything at once, so that a person mends all of it at once; then find the organisations meant."""
        parsed = [self.main.is_valid(), *(formset.is_valid() for formset in self.formsets)]
        find_organisations([self.main, *self.attendances.forms, *self.participations.forms], self.user)
        return all(parsed) and not any(form.errors for form in self._forms())

    def facts(self) -> dict[str, Any]:
        """What the actions take."""
        return self.main.facts() | {
            "attendances": [cast(AttendanceForm, row).claim() for row in filled_rows(self.attendances)],
            "participations": [cast(ParticipationForm, row).claim() for row in filled_rows(self.participations)],
        }

    def show(self, refusal: ValidationError, **names: str) -> None:
        """Put an action's refusal beside what it is about."""
        formsets = dict(zip(PREFIXES, self.formsets, strict=True))
        show_refusal(self.main, refusal, names=NAMES | names, formsets=formsets)

    def _forms(self) -> list[BaseForm]:
        return [self.main, *self.attendances.forms, *self.participations.forms]


def new_forms(user: Any, data: QueryDict | None = None, initial: dict[str, Any] | None = None) -> EngagementForms:
    """The forms for logging."""
    sent = None if data is None else without_removed(data, *PREFIXES)
    main = NewEngagementForm(sent, user=user, initial=initial or {})
    return EngagementForms(main, *_rows(sent, [], []), user)


def correction_forms(user: Any, engagement: Engagement, data: QueryDict | None = None) -> EngagementForms:
    """The forms for correcting, filled with what is there."""
    sent = None if data is None else without_removed(data, *PREFIXES)
    main = EngagementForm(sent, user=user, initial=initial_of(engagement))
    return EngagementForms(main, *_rows(sent, *([], []) if sent else rows_now(engagement)), user)


def rows_now(engagement: Engagement) -> tuple[list[dict], list[dict]]:
    """The rows that an engagement has."""
    came = Attendance.objects.filter(engagement=engagement).select_related("provider").order_by("id")
    brought = Participation.objects.filter(engagement=engagement).select_related("employer").order_by("id")
    return (
        [{name: getattr(row, name) for name in ("provider", "year_group", *ATTENDANCE_FIELDS)} for row in came],
        [{name: getattr(row, name) for name in ("employer", *PARTICIPATION_FIELDS)} for row in brought],
    )


def _rows(sent: QueryDict | None, came: list[dict], brought: list[dict]) -> tuple[Any, Any]:
    return (
        AttendanceRows(sent, prefix="attendances", initial=came),
        ParticipationRows(sent, prefix="participations", initial=brought),
    )
