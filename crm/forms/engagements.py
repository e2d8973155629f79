"""The forms of an engagement: what it was, who came, who was there from employers. They parse; actions save."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils import timezone

from crm.forms.boxes import NumberOfPeople, number_or_unknown, time_of_day
from crm.forms.missing_organisations import MissingOrganisation
from crm.forms.organisations import OrganisationField
from crm.forms.records import OneRecord, SomeRecords
from crm.forms.widgets import DateParts
from guilds.access.permissions import allowed
from guilds.engagement.models import STAFF_KINDS, Delivery, Engagement, EngagementKind, ParticipationRole, Status
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
    district = OneRecord(
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
    supporting_guilds = SomeRecords(
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

    #: What most events do without: behind "More details". The times stand side by side before them.
    TIMES = ("start_time", "end_time")
    MORE = (
        "end_date", "venue", "venue_address", "district", "delivery", "notes", "purpose", "supporting_guilds",
        "gatsby_benchmarks",
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = self.initial.get("guild")
        of_now = Guild.objects.active(timezone.localdate())
        guilds = of_now | Guild.objects.filter(slug__in=[present, *self.initial.get("supporting_guilds", [])])
        self.fields["guild"].choices = _led_by(user, list(guilds), present)  # type: ignore[attr-defined]
        self.fields["supporting_guilds"].queryset = guilds  # type: ignore[attr-defined]

    @property
    def times(self) -> list[forms.BoundField]:
        """From when to when."""
        return [self[name] for name in self.TIMES]

    @property
    def more(self) -> list[forms.BoundField]:
        """The boxes that stand behind "More details", after the times."""
        return [self[name] for name in self.MORE]

    @property
    def more_is_open(self) -> bool:
        """Whether any of them holds something, or is wrong."""
        return any(says_something(field) for field in [*self.times, *self.more])

    @property
    def is_delivered(self) -> bool:
        """Whether what was sent is about an event that has happened."""
        return bool(self.initial.get("is_delivered"))

    @property
    def has_learners(self) -> bool:
        """Whether young people come to events of the kind that was chosen."""
        return self.cleaned_data.get("kind") not in STAFF_KINDS

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


def says_something(field: forms.BoundField) -> bool:
    """Whether a box is wrong, or holds another thing than it holds from the start."""
    value = field.value()
    return bool(field.errors or (value and value != field.field.initial))


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
    chosen = present in dict([*led, *county])
    start = [("", "Choose a guild")] if len(led) != 1 and not chosen else []
    return [*start, *led, *county]


def _may_lead(user: Any, guild: Guild | None) -> bool:
    return allowed(user, "engagement.add", Engagement(guild=guild))


class NewEngagementForm(EngagementForm):
    """With what became of it: planned, or delivered already."""

    status = forms.ChoiceField(
        choices=[(Status.DELIVERED, "It has happened"), (Status.PLANNED, "It is planned")],
        required=False,
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline govuk-radios--small"}),
        help_text="If you choose neither, one before today has happened and any other is planned",
    )

    @property
    def is_delivered(self) -> bool:
        """As it was chosen, or follows from the date."""
        return "date" in self.cleaned_data and self.status_to_save() == Status.DELIVERED

    def status_to_save(self) -> str:
        """What was chosen; else what follows from the date."""
        past = self.cleaned_data["date"] < timezone.localdate()
        return self.cleaned_data.get("status") or (Status.DELIVERED if past else Status.PLANNED)


def initial_of(engagement: Engagement) -> dict[str, Any]:
    """What the form shows of an engagement that is there already."""
    same = ("kind", "title", "venue", "venue_address", "delivery", "notes", "purpose", "gatsby_benchmarks")
    last = local_day(engagement.ends_at) if engagement.ends_at else None
    return {name: getattr(engagement, name) for name in same} | {
        "is_delivered": engagement.status == Status.DELIVERED,
        "date": engagement.starts_on,
        "start_time": time_or_none(engagement.starts_at),
        "end_time": time_or_none(engagement.ends_at),
        "end_date": last if last != engagement.starts_on else None,
        "guild": engagement.guild_id or COUNTY_WIDE,
        "district": engagement.district_id,
        "supporting_guilds": [guild.slug for guild in engagement.supporting_guilds.all()],
    }


class RowForm(forms.Form):
    """A row about an organisation. `may_add`: one that is missing from the registry can be added beside the row."""

    hide_optional = True
    #: The box that the organisation is picked in.
    picker = ""
    #: Boxes that components/formset_row.html puts behind a summary of its own.
    more_fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, may_add: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.missing = MissingOrganisation(self, self.picker) if may_add else None

    @property
    def more_is_open(self) -> bool:
        """Whether a box behind the summary holds something, or is wrong."""
        return any(says_something(self[name]) for name in self.more_fields)

    def claim(self) -> dict[str, Any]:
        """What the actions take."""
        left_out = (DELETION_FIELD_NAME, "not_known")
        return {name: self.cleaned_data[name] for name in self.fields if name not in left_out}


class AttendanceForm(RowForm):
    """One school or college (and year group) that came."""

    picker = "provider"

    provider = OrganisationField("provider", label="School or college")
    year_group = forms.ChoiceField(
        label="Year group",
        required=False,
        choices=[("", "Mixed or not known"), *((y, f"Year {y}") for y in YEAR_GROUPS)],
    )
    learners = NumberOfPeople(label="Learners")
    not_known = forms.BooleanField(label="Not known yet", required=False)
    staff = NumberOfPeople(label="Staff")
    send = NumberOfPeople(label="With SEND")
    fsm = NumberOfPeople(label="With free school meals")
    looked_after = NumberOfPeople(label="Looked after")

    more_fields = ("year_group", "staff", "send", "fsm", "looked_after")
    more_label = "Year group, staff, SEND and other numbers (never names)"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._keep_unusual_year_group()

    def ask_for_number(self) -> None:
        """Of an event that has happened, somebody gives the number or says that nobody knows it yet."""
        if "learners" not in self.errors:
            self._say(number_or_unknown(self.cleaned_data.get("learners"), self.cleaned_data.get("not_known", False)))

    def clean(self) -> dict[str, Any]:
        """A number that is given is known, whenever the event is."""
        cleaned = super().clean() or {}
        if cleaned.get("learners") is not None:
            self._say(number_or_unknown(cleaned["learners"], cleaned["not_known"]))
        return cleaned

    def _say(self, problem: ValidationError | None) -> None:
        if problem:
            self.add_error("learners", problem)

    def _keep_unusual_year_group(self) -> None:
        """A file may have brought "Years 9 and 10"; correcting something else must not lose it."""
        given = self.initial.get("year_group") or (
            self.data.get(self.add_prefix("year_group")) if self.is_bound else ""
        )
        field = self.fields["year_group"]
        if given and len(given) <= 10 and given not in dict(field.choices):  # type: ignore[attr-defined]
            field.choices = [*field.choices, (given, given)]  # type: ignore[attr-defined]


class ParticipationForm(RowForm):
    """One employer that was there."""

    picker = "employer"

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

    more_fields = ("role", "volunteers", "hours", "job_offers")
    more_label = "What they did, volunteers, hours, job offers"


class RepeatForm(forms.Form):
    """One more date on which the same happens."""

    date = forms.DateField(
        widget=DateParts, error_messages={"invalid": "Enter a real date: day, month and year, such as 21 3 2017"}
    )
