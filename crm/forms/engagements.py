"""The forms of an engagement: what it was, who came, who was there from employers. They parse; actions save."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils import timezone

from crm.forms.boxes import NumberOfPeople, time_of_day
from crm.forms.organisations import OrganisationField
from crm.forms.widgets import DateParts
from guilds.access.permissions import allowed
from guilds.engagement.models import Delivery, Engagement, EngagementKind, ParticipationRole, Status
from guilds.reference.calendars import LONDON, local_day
from guilds.reference.models import District, Guild

COUNTY_WIDE = "county-wide"
#: Where an action's refusals are shown, when its names are not the form's.
NAMES = {"starts_at": "date", "starts_on": "date", "ends_at": "end_time"}
YEAR_GROUPS = [str(year) for year in range(5, 15)]
GATSBY = [
    "A stable careers programme",
    "Learning from career and labour market information",
    "Addressing the needs of each pupil",
    "Linking curriculum learning to careers",
    "Encounters with employers and employees",
    "Experiences of workplaces",
    "Encounters with further and higher education",
    "Personal guidance",
]


class EngagementForm(forms.Form):
    """What an engagement is. `user` decides which guilds it may be led by; the permission table says so."""

    kind = forms.ChoiceField(choices=[("", "Choose a kind"), *EngagementKind.choices])
    title = forms.CharField(max_length=200, help_text="What people call it, for example Hospitality Conversation 2017")
    date = forms.DateField(
        widget=DateParts,
        help_text="For example, 14 3 2017",
        error_messages={"invalid": "Enter a real date: day, month and year, such as 14 3 2017"},
    )
    start_time = time_of_day(label="Start time")
    end_time = time_of_day(label="End time")
    guild = forms.ChoiceField(label="Lead guild")
    venue = OrganisationField(
        label="Venue", required=False, help_text="An organisation on our books: name, URN or company number"
    )
    venue_address = forms.CharField(label="Or another address", required=False, max_length=300)
    district = forms.ModelChoiceField(
        District.objects.all(),
        to_field_name="code",
        required=False,
        empty_label="The venue's, or not known",
    )
    delivery = forms.ChoiceField(
        choices=Delivery.choices,
        initial=Delivery.IN_PERSON,
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline govuk-radios--small"}),
    )
    notes = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="For the team only. No names of young people",
    )
    end_date = forms.DateField(
        label="Last day",
        required=False,
        widget=DateParts,
        help_text="If it lasts more than one day",
        error_messages={"invalid": "Enter a real date: day, month and year, such as 15 3 2017"},
    )
    supporting_guilds = forms.ModelMultipleChoiceField(
        Guild.objects.none(),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
        help_text="Shown on their pages, and counted for the lead guild only",
    )
    purpose = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    gatsby_benchmarks = forms.TypedMultipleChoiceField(
        choices=[(number, f"{number}. {words}") for number, words in enumerate(GATSBY, start=1)],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
    )

    #: What most events do without: behind "More about it".
    MORE = ("end_date", "supporting_guilds", "purpose", "gatsby_benchmarks")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = self.initial.get("guild")
        of_now = Guild.objects.active(timezone.localdate())
        guilds = of_now | Guild.objects.filter(slug__in=[present, *self.initial.get("supporting_guilds", [])])
        self.fields["guild"].choices = _led_by(user, list(guilds), present)  # type: ignore[attr-defined]
        self.fields["supporting_guilds"].queryset = guilds  # type: ignore[attr-defined]

    @property
    def more(self) -> list[forms.BoundField]:
        """The boxes that stand behind "More about it"."""
        return [self[name] for name in self.MORE]

    @property
    def more_is_open(self) -> bool:
        """Whether any of them holds something, or is wrong."""
        return any(field.errors or field.value() for field in self.more)

    def clean_guild(self) -> Guild | None:
        """The guild itself; None for county-wide."""
        slug = self.cleaned_data["guild"]
        return None if slug == COUNTY_WIDE else Guild.objects.get(slug=slug)

    def clean(self) -> dict[str, Any]:
        """A time that ends must start; and a last day can't be without a first."""
        cleaned = super().clean() or {}
        if cleaned.get("end_time") and not cleaned.get("start_time") and "start_time" not in self.errors:
            self.add_error("start_time", ValidationError("Enter the start time too", code="required"))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What the actions take, by their own names."""
        took = ("kind", "title", "guild", "venue", "venue_address", "district", "delivery", "notes", "purpose")
        facts = {name: self.cleaned_data[name] for name in (*took, "gatsby_benchmarks", "supporting_guilds")}
        return facts | {"starts_at": self._starts_at(), "ends_at": self._ends_at()}

    def _starts_at(self) -> datetime:
        return moment(self.cleaned_data["date"], self.cleaned_data["start_time"])

    def _ends_at(self) -> datetime | None:
        last, end = self.cleaned_data["end_date"], self.cleaned_data["end_time"]
        if not (last or end):
            return None
        return moment(last or self.cleaned_data["date"], end or self.cleaned_data["start_time"])


def moment(day: date, at: time | None) -> datetime:
    """A time of day in Kent; where nobody gave one, the day's first moment, which pages show as no time at all."""
    return datetime.combine(day, at or time.min, tzinfo=LONDON)


def time_or_none(at: datetime | None) -> time | None:
    """The time of day that somebody gave."""
    local = at.astimezone(LONDON).time().replace(tzinfo=None) if at else None
    return local if local != time.min else None


def _led_by(user: Any, guilds: list[Guild], present: str | None) -> list[tuple[str, str]]:
    """The guilds for which this user may log engagements, and county-wide where they may. One alone needs no choosing."""
    led = [(guild.slug, guild.name) for guild in guilds if _may_lead(user, guild)]
    county = [(COUNTY_WIDE, "County-wide (no lead guild)")] if _may_lead(user, None) else []
    start = [("", "Choose a guild")] if len(led) != 1 and not present else []
    return [*start, *led, *county]


def _may_lead(user: Any, guild: Guild | None) -> bool:
    return allowed(user, "engagement.add", Engagement(guild=guild))


class NewEngagementForm(EngagementForm):
    """With what became of it: planned, or delivered already."""

    status = forms.ChoiceField(
        choices=[(Status.DELIVERED, "Delivered: it has happened"), (Status.PLANNED, "Planned: it is still to come")],
        required=False,
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--small"}),
        help_text="If you choose neither, an event before today is taken as delivered and any other as planned",
    )

    def status_to_save(self) -> str:
        """What was chosen; else what follows from the date."""
        past = self.cleaned_data["date"] < timezone.localdate()
        return self.cleaned_data["status"] or (Status.DELIVERED if past else Status.PLANNED)


def initial_of(engagement: Engagement) -> dict[str, Any]:
    """What the form shows of an engagement that is there already."""
    same = ("kind", "title", "venue", "venue_address", "delivery", "notes", "purpose", "gatsby_benchmarks")
    last = local_day(engagement.ends_at) if engagement.ends_at else None
    return {name: getattr(engagement, name) for name in same} | {
        "date": engagement.starts_on,
        "start_time": time_or_none(engagement.starts_at),
        "end_time": time_or_none(engagement.ends_at),
        "end_date": last if last != engagement.starts_on else None,
        "guild": engagement.guild_id or COUNTY_WIDE,
        "district": engagement.district_id,
        "supporting_guilds": [guild.slug for guild in engagement.supporting_guilds.all()],
    }


class AttendanceForm(forms.Form):
    """One school or college (and year group) that came."""

    provider = OrganisationField("provider", label="School or college")
    year_group = forms.ChoiceField(
        label="Year group",
        required=False,
        choices=[("", "Mixed or not known"), *((y, f"Year {y}") for y in YEAR_GROUPS)],
    )
    learners = NumberOfPeople(label="Learners", help_text="Empty if not known yet")
    staff = NumberOfPeople(label="Staff")
    send = NumberOfPeople(label="With SEND")
    fsm = NumberOfPeople(label="With free school meals")
    looked_after = NumberOfPeople(label="Looked after")

    hide_optional = True
    #: Boxes that components/formset_row.html puts behind a summary of its own.
    more_fields = ("send", "fsm", "looked_after")
    more_label = "Of these learners (numbers only, never names)"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._keep_unusual_year_group()

    @property
    def more_is_open(self) -> bool:
        """Whether a box behind the summary holds something, or is wrong."""
        return any(self[name].errors or self[name].value() not in (None, "") for name in self.more_fields)

    def _keep_unusual_year_group(self) -> None:
        """A file may have brought "Years 9 and 10"; correcting something else must not lose it."""
        given = self.initial.get("year_group") or (
            self.data.get(self.add_prefix("year_group")) if self.is_bound else ""
        )
        field = self.fields["year_group"]
        if given and len(given) <= 10 and given not in dict(field.choices):  # type: ignore[attr-defined]
            field.choices = [*field.choices, (given, given)]  # type: ignore[attr-defined]

    def claim(self) -> dict[str, Any]:
        """What the actions take."""
        return _row_of(self)


class ParticipationForm(forms.Form):
    """One employer that was there."""

    employer = OrganisationField("employer", label="Employer")
    role = forms.ChoiceField(
        choices=ParticipationRole.choices, initial=ParticipationRole.EXHIBITOR, label="What they did"
    )
    volunteers = NumberOfPeople(label="Volunteers")
    hours = forms.DecimalField(
        label="Hours, all together",
        required=False,
        min_value=0,
        max_digits=7,
        decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-4", "autocomplete": "off"}),
    )
    job_offers = NumberOfPeople(label="Job offers")

    hide_optional = True

    def claim(self) -> dict[str, Any]:
        """What the actions take."""
        return _row_of(self)


def _row_of(form: forms.Form) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in form.fields if name != DELETION_FIELD_NAME}
