"""Engagements, who came, and what has to be done next."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from guilds.audit.lifecycle import Lifecycle, step
from guilds.audit.models import Record
from guilds.engagement.words import COLUMNS, keep_words
from guilds.reference.calendars import midnight


class EngagementKind(models.TextChoices):
    CAREERS_EVENT = "careers_event", "Careers event"
    ASSEMBLY = "assembly", "Assembly"
    WORKSHOP = "workshop", "Workshop"
    INDUSTRY_VISIT = "industry_visit", "Industry visit (learners go to an employer)"
    SCHOOL_VISIT = "school_visit", "School visit (an employer goes to a school or college)"
    MOCK_INTERVIEWS = "mock_interviews", "Mock interviews"
    MENTORING = "mentoring", "Mentoring"
    CURRICULUM_PROJECT = "curriculum_project", "Curriculum project"
    STAFF_TRAINING = "staff_training", "Staff training"
    BRIEFING = "briefing", "Briefing for school or college staff"
    GUILD_MEETING = "guild_meeting", "Guild meeting"


#: counting.md: not encounters with young people; their learners are always empty.
STAFF_KINDS = (EngagementKind.STAFF_TRAINING, EngagementKind.BRIEFING, EngagementKind.GUILD_MEETING)


class Status(models.TextChoices):
    PLANNED = "planned", "Planned"
    CONFIRMED = "confirmed", "Confirmed"
    DELIVERED = "delivered", "Delivered"
    CANCELLED = "cancelled", "Cancelled"
    POSTPONED = "postponed", "Postponed"


LIFECYCLE = Lifecycle(
    "engagement",
    {
        "confirm": step(["planned"], "confirmed"),
        "deliver": step(["planned", "confirmed"], "delivered"),
        "cancel": step(["planned", "confirmed"], "cancelled", needs_reason=True),
        "postpone": step(["planned", "confirmed"], "postponed", needs_reason=True),
    },
)


class Delivery(models.TextChoices):
    IN_PERSON = "in_person", "In person"
    VIRTUAL = "virtual", "Virtual"


#: Beyond these no engagement is, and times can't be reckoned everywhere.
_LONG_AGO, _FAR_OFF = date(1900, 1, 1), date(9000, 1, 1)


class EngagementQuerySet(models.QuerySet):
    def visible_to(self, user) -> "EngagementQuerySet":
        """Staff see all, the Commission what was delivered, members what their organisation takes part in."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff_member:
            return self
        if user.is_commission_member:
            return self.filter(status=Status.DELIVERED)
        part, field = (Participation, "employer") if user.is_employer_member else (Attendance, "provider")
        taking_part = part.objects.filter(engagement=OuterRef("pk"), **{field: user.organisation_id})
        return self.filter(Exists(taking_part))

    def delivered(self) -> "EngagementQuerySet":
        return self.filter(status=Status.DELIVERED)

    def missing_numbers(self) -> "EngagementQuerySet":
        """Delivered, with young people there, and somebody's number of learners not known."""
        unknown = Attendance.objects.filter(engagement=OuterRef("pk"), learners__isnull=True)
        return self.delivered().exclude(kind__in=STAFF_KINDS).filter(Exists(unknown))

    def on_days(self, first: date | None = None, last: date | None = None) -> "EngagementQuerySet":
        """Those of a span of days, both inclusive; said of the time as well, by which lists are in order."""
        found = self
        if first:
            found = found.filter(starts_on__gte=first, starts_at__gte=midnight(max(first, _LONG_AGO)))
        if last:
            found = found.filter(starts_on__lte=last, starts_at__lt=midnight(min(last, _FAR_OFF) + timedelta(days=1)))
        return found

    def not_closed(self, today) -> "EngagementQuerySet":
        """Over, and nobody has said what became of them."""
        return self.filter(status__in=(Status.PLANNED, Status.CONFIRMED), starts_on__lt=today)

    def for_list(self) -> "EngagementQuerySet":
        """With all that a list or an API answer shows, in a constant number of queries."""
        return self.select_related("guild", "district", "venue").prefetch_related(
            "supporting_guilds", "attendances__provider", "participations__employer"
        )


class Engagement(Record):
    """An event where employers meet learners or staff."""

    reference = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20, choices=EngagementKind)
    title = models.CharField(max_length=200)
    guild = models.ForeignKey(
        "guilds.Guild", to_field="slug", null=True, blank=True, on_delete=models.PROTECT, related_name="engagements"
    )
    supporting_guilds = models.ManyToManyField("guilds.Guild", blank=True, related_name="supported_engagements")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    starts_on = models.DateField(editable=False)
    venue = models.ForeignKey(
        "guilds.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="hosted_engagements"
    )
    venue_address = models.CharField(max_length=300, blank=True)
    district = models.ForeignKey(
        "guilds.District", to_field="code", null=True, blank=True, on_delete=models.PROTECT, related_name="engagements"
    )
    delivery = models.CharField(max_length=10, choices=Delivery, default=Delivery.IN_PERSON)
    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)
    status_reason = models.TextField(blank=True)
    lead_coordinator = models.ForeignKey(
        "guilds.User", null=True, blank=True, on_delete=models.PROTECT, related_name="led_engagements"
    )
    purpose = models.TextField(blank=True)
    gatsby_benchmarks = models.JSONField(default=list, blank=True)
    notes = models.TextField(blank=True)
    #: What engagements that were logged together, on several dates, have in common; empty for one that stands alone.
    series = models.UUIDField(null=True, blank=True, editable=False)

    objects = EngagementQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["reference"],
                condition=~Q(reference=""),
                name="engagement_reference_once",
                violation_error_message="Another engagement has this reference",
            ),
            models.CheckConstraint(
                name="engagement_ends_after_start",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                violation_error_message="The end must not be before the start",
            ),
            models.CheckConstraint(
                name="engagement_ending_has_a_reason",
                condition=~Q(status__in=("cancelled", "postponed")) | ~Q(status_reason=""),
                violation_error_message="Say why it was cancelled or postponed",
            ),
        ]
        indexes = [
            models.Index(fields=["-starts_at", "-id"], name="engagement_by_start"),
            models.Index(fields=["guild", "-starts_at", "-id"], name="engagement_by_guild"),
            models.Index(fields=["guild", "starts_on", "status"], name="engagement_by_cell"),
            # Rows behind a figure of all guilds, the latest first.
            models.Index(fields=["status", "starts_on"], name="engagement_by_day"),
            models.Index(fields=["status", "-starts_at", "-id"], name="engagement_by_status"),
            models.Index(fields=["kind", "-starts_at", "-id"], name="engagement_by_kind"),
            models.Index(fields=["district", "-starts_at", "-id"], name="engagement_by_district"),
            models.Index(fields=["-updated_at", "-id"], name="engagement_by_update"),
            models.Index(fields=["series"], condition=Q(series__isnull=False), name="engagement_by_series"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_learners(self) -> bool:
        """Whether young people come to events of this kind."""
        return self.kind not in STAFF_KINDS

    def keep_index(self, before: dict | None) -> None:
        """Be found by what is told of it now."""
        if before is None or any(before[column] != getattr(self, column) for column in COLUMNS):
            keep_words([self], new=before is None)

    def audit_state(self) -> dict:
        """With its parts: who came and what they brought."""
        if self._state.adding:
            return super().audit_state() | self.parts_state((), (), ())
        return super().audit_state() | self.parts_state(
            self.supporting_guilds.order_by().values_list("slug", flat=True),
            Attendance.objects.filter(engagement=self).order_by("id"),
            Participation.objects.filter(engagement=self).order_by("id"),
        )

    @staticmethod
    def parts_state(
        supporting_guilds: Iterable[str], attendances: Iterable["Attendance"], participations: Iterable["Participation"]
    ) -> dict:
        """The parts as history keeps them."""
        return {
            "supporting_guilds": sorted(set(supporting_guilds)),
            "attendances": [part.audit_state() for part in attendances],
            "participations": [part.audit_state() for part in participations],
        }


class Answer(models.TextChoices):
    """What the school or college said of the number claimed for it."""

    UNANSWERED = "unanswered", "Not answered yet"
    CONFIRMED = "confirmed", "Confirmed"
    DISPUTED = "disputed", "Disputed"


class PartQuerySet(models.QuerySet):
    def _of_own(self, user, field: str):
        if not user.is_authenticated:
            return self.none()
        if user.is_staff_member:
            return self
        if user.is_commission_member:
            return self.filter(engagement__status=Status.DELIVERED)
        return self.filter(**{field: user.organisation_id})


class AttendanceQuerySet(PartQuerySet):
    def visible_to(self, user) -> "AttendanceQuerySet":
        """Staff all, the Commission what counts, a school or college its own."""
        return self._of_own(user, "provider")


class EngagementPart(models.Model):
    """A row that is part of an engagement, and has no life of its own."""

    class Meta:
        abstract = True

    def audit_state(self) -> dict:
        """All but its id and its engagement's."""
        left_out = ("id", "engagement_id")
        return {f.attname: f.value_from_object(self) for f in self._meta.concrete_fields if f.attname not in left_out}


class Attendance(EngagementPart):
    """One provider (and year group, where known) at an engagement: the coordinator's claim and the school's answer.

    `learners`, `send`, `fsm`, `looked_after`, `staff`: people; empty means nobody has said, 0 means none.
    """

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="attendances")
    provider = models.ForeignKey("guilds.Organisation", on_delete=models.PROTECT, related_name="attendances")
    year_group = models.CharField(max_length=10, blank=True)
    learners = models.PositiveIntegerField(null=True, blank=True)
    send = models.PositiveIntegerField(null=True, blank=True)
    fsm = models.PositiveIntegerField(null=True, blank=True)
    looked_after = models.PositiveIntegerField(null=True, blank=True)
    staff = models.PositiveIntegerField(null=True, blank=True)
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.UNANSWERED)
    answered_learners = models.PositiveIntegerField(null=True, blank=True)
    answer_note = models.TextField(blank=True)
    answered_by = models.ForeignKey("guilds.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    #: Since when its school or college is asked: the day on which the claimed number last changed.
    asked_on = models.DateField(null=True, blank=True, editable=False)
    #: When asking was given up, after the last reminder. It may still be answered.
    no_answer_on = models.DateField(null=True, blank=True, editable=False)

    personal_fields = ("answer_note",)
    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        # What somebody still has to see to is little beside all that happened: an index of that alone is read at a glance.
        indexes = [
            models.Index(fields=["engagement"], condition=Q(learners__isnull=True), name="attendance_without_number"),
            models.Index(fields=["engagement"], condition=Q(answer="disputed"), name="attendance_disputed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "provider", "year_group"],
                name="attendance_once",
                violation_error_message="This school or college is there already",
            ),
            models.CheckConstraint(
                name="attendance_send_within_learners",
                condition=Q(send__isnull=True) | Q(learners__isnull=True) | Q(send__lte=F("learners")),
                violation_error_message="More learners with SEND than learners",
            ),
            models.CheckConstraint(
                name="attendance_fsm_within_learners",
                condition=Q(fsm__isnull=True) | Q(learners__isnull=True) | Q(fsm__lte=F("learners")),
                violation_error_message="More learners with free school meals than learners",
            ),
            models.CheckConstraint(
                name="attendance_looked_after_within_learners",
                condition=Q(looked_after__isnull=True) | Q(learners__isnull=True) | Q(looked_after__lte=F("learners")),
                violation_error_message="More looked-after learners than learners",
            ),
            models.CheckConstraint(
                name="attendance_answer_paired_with_time",
                condition=Q(answer="unanswered", answered_at__isnull=True, answered_by__isnull=True)
                | ~Q(answer="unanswered") & Q(answered_at__isnull=False),
                violation_error_message="An answer has a time, and only an answer has one",
            ),
            models.CheckConstraint(
                name="attendance_answer_paired_with_number",
                condition=Q(answer="unanswered", answered_learners__isnull=True)
                | ~Q(answer="unanswered") & Q(answered_learners__isnull=False),
                violation_error_message="An answer has a number, and only an answer has one",
            ),
            models.CheckConstraint(
                name="attendance_no_answer_is_none",
                condition=Q(no_answer_on__isnull=True) | Q(answer="unanswered"),
                violation_error_message="What was answered can't also be without an answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider}, year {self.year_group}" if self.year_group else str(self.provider)

    @property
    def standing(self) -> tuple[str, str]:
        """The answer as people see it: a word for its colour, and its words."""
        given_up = self.no_answer_on is not None
        return ("no_answer", "No answer") if given_up else (self.answer, self.get_answer_display())


class ParticipationRole(models.TextChoices):
    HOST = "host", "Host"
    EXHIBITOR = "exhibitor", "Exhibitor"
    SPEAKER = "speaker", "Speaker"
    MENTOR = "mentor", "Mentor"
    INTERVIEWER = "interviewer", "Interviewer"
    TRAINER = "trainer", "Trainer"
    ATTENDEE = "attendee", "Attendee"


class ParticipationQuerySet(PartQuerySet):
    def visible_to(self, user) -> "ParticipationQuerySet":
        """Staff all, the Commission what counts, an employer its own."""
        return self._of_own(user, "employer")


class Participation(EngagementPart):
    """One employer at an engagement. `hours`: hours of all its volunteers together."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="participations")
    employer = models.ForeignKey("guilds.Organisation", on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(max_length=20, choices=ParticipationRole, default=ParticipationRole.EXHIBITOR)
    volunteers = models.PositiveIntegerField(null=True, blank=True)
    hours = models.DecimalField(max_digits=7, decimal_places=1, null=True, blank=True)
    job_offers = models.PositiveIntegerField(null=True, blank=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "employer"],
                name="participation_once",
                violation_error_message="This employer is there already",
            ),
            models.CheckConstraint(
                name="participation_hours_not_negative",
                condition=Q(hours__isnull=True) | Q(hours__gte=0),
                violation_error_message="Hours can't be below 0",
            ),
        ]

    def __str__(self) -> str:
        return str(self.employer)

    def clean(self) -> None:
        """Hours as the database keeps them, so that history says the same before and after it has been read back."""
        if self.hours is not None:
            self.hours = Decimal(self.hours).quantize(Decimal("0.1"))


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, user) -> "AttachmentQuerySet":
        """The team that works on the engagement: a file may name people, and nobody can tell from outside."""
        if not user.is_authenticated or not user.is_staff_member:
            return self.none()
        if user.is_administrator:
            return self
        led = Q(engagement__guild__isnull=True) | Q(engagement__guild__in=user.guild_slugs)
        supporting = Engagement.supporting_guilds.through.objects.filter(
            engagement=OuterRef("engagement"), guild__slug__in=user.guild_slugs
        )
        return self.filter(led | Exists(supporting))


def unguessable_path(attachment: "Attachment", name: str) -> str:
    """Where a file is kept: a name that says nothing, whatever it was called."""
    return f"attachments/{uuid4().hex}"


class Attachment(Record):
    """A file that belongs to an engagement: a programme, a list of stands, a picture of the hall."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    file = models.FileField(upload_to=unguessable_path, max_length=60)

    personal_fields = ("name", "file")
    unaudited_fields = Record.unaudited_fields | {"file"}
    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="attachment_holds_something",
                condition=Q(size__gte=1),
                violation_error_message="The file is empty: choose another",
            )
        ]
        indexes = [models.Index(fields=["engagement", "created_at"], name="attachment_by_engagement")]

    def __str__(self) -> str:
        return self.name
