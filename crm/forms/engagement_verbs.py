"""The short forms of an engagement: the numbers that are missing, why it will not happen, a school's own word."""

from typing import Any

from django import forms

from crm.forms.boxes import NumberOfPeople, number_or_unknown
from guilds.engagement.models import Attendance, Engagement, Participation
from guilds.engagement.parts import ATTENDANCE_FIELDS, PARTICIPATION_FIELDS


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label="Reason", widget=forms.Textarea(attrs={"rows": 3}), error_messages={"required": "Say why"}
    )


class NumbersForm(forms.Form):
    """One box for each number that nobody has given yet; those that are known are not asked for again.

    `closing`: of each number of learners, somebody gives it or says that it is not known yet.
    """

    hide_optional = True

    def __init__(self, *args: Any, engagement: Engagement, closing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.closing, self.asked = closing, dict[int, str]()
        came = Attendance.objects.filter(engagement=engagement).select_related("provider")
        brought = Participation.objects.filter(engagement=engagement).select_related("employer")
        self.attendances = list(came.order_by("provider__name", "year_group", "id"))
        self.participations = list(brought.order_by("employer__name", "id"))
        for row in self.attendances if engagement.has_learners else ():
            self._ask(row, "learners", f"Learners from {title_of(row)}")
            if self.closing and row.learners is None:
                self._ask_whether_known(row)
        for employer in self.participations:
            self._ask(employer, "volunteers", f"Volunteers from {employer.employer}")

    def _ask(self, row: Attendance | Participation, name: str, label: str) -> None:
        if getattr(row, name) is None:
            hint = "" if self.closing and name == "learners" else "Leave empty if not known yet"
            self.fields[f"{name}-{row.pk}"] = NumberOfPeople(label=label, help_text=hint)

    def _ask_whether_known(self, row: Attendance) -> None:
        self.asked[row.pk] = f" from {title_of(row)}"
        words = f"Not known yet for {title_of(row)}"
        self.fields[f"not_known-{row.pk}"] = forms.BooleanField(label=words, required=False)

    def clean(self) -> dict[str, Any]:
        """One of the two for each number: it, or that nobody knows it yet."""
        cleaned = super().clean() or {}
        for pk, whose in self.asked.items():
            box, unknown = f"learners-{pk}", cleaned[f"not_known-{pk}"]
            if box not in self.errors and (problem := number_or_unknown(cleaned[box], unknown, whose)):
                self.add_error(box, problem)
        return cleaned

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """All rows of the engagement with the numbers that were given, as the actions take them."""
        return {
            "attendances": [self._row(row, ("provider", "year_group", *ATTENDANCE_FIELDS)) for row in self.attendances],
            "participations": [self._row(row, ("employer", *PARTICIPATION_FIELDS)) for row in self.participations],
        }

    def _row(self, row: Attendance | Participation, names: tuple[str, ...]) -> dict[str, Any]:
        return {name: self.cleaned_data.get(f"{name}-{row.pk}", getattr(row, name)) for name in names}


def title_of(attendance: Attendance) -> str:
    """The school or college, and its year group where that is known."""
    group = year_group_words(attendance.year_group)
    return f"{attendance.provider} ({group})" if group else str(attendance.provider)


def year_group_words(group: str) -> str:
    """ "9" as "Year 9"; what a file called otherwise, as it is."""
    return f"Year {group}" if group.isdecimal() else group


class AnswerForm(forms.Form):
    """The school's or college's own number, where it is another than the one claimed for it."""

    learners = NumberOfPeople(
        label="Our number of learners", required=True, error_messages={"required": "Enter your own number of learners"}
    )
    note = forms.CharField(label="Note", required=False, max_length=1000, help_text="No names of young people")
