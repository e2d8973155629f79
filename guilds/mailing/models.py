"""Mail: what people want to get, and what they were sent (never to which address, never the words)."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from guilds.audit.models import Record, new_id


class OwnMailQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Administrators everybody's, others their own."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_administrator else self.filter(user=user)

    def of(self, person) -> "OwnMailQuerySet":
        """One person's: a user's, or a contact's."""
        return self.filter(**{field_of(person): person})


def field_of(person) -> str:
    """Which of the two columns a person stands in: `user` or `contact`."""
    return str(person._meta.model_name)


class MailPreference(Record):
    """A kind of mail (or part of the daily reminder) that a person does, or does not, want."""

    user = models.ForeignKey(
        "guilds.User", null=True, blank=True, on_delete=models.CASCADE, related_name="mail_preferences"
    )
    contact = models.ForeignKey(
        "guilds.Contact", null=True, blank=True, on_delete=models.CASCADE, related_name="mail_preferences"
    )
    kind = models.CharField(max_length=30)
    off = models.BooleanField(default=False)

    objects = OwnMailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mailpreference_of_one_person",
                condition=Q(user__isnull=False, contact__isnull=True) | Q(user__isnull=True, contact__isnull=False),
                violation_error_message="Say whose it is: a user's or a contact's",
            ),
            models.UniqueConstraint(
                fields=["user", "kind"],
                name="mailpreference_once_for_user",
                violation_error_message="This has been chosen already",
            ),
            models.UniqueConstraint(
                fields=["contact", "kind"],
                name="mailpreference_once_for_contact",
                violation_error_message="This has been chosen already",
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class MailStatus(models.TextChoices):
    QUEUED = "queued", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Not sent"


class SentMail(models.Model):
    """One mail: its kind, to whom, about which record, when.

    `context` is what its words need; it is emptied once they are sent. `once_key` makes a mail that must not be sent
    twice the only one of its kind.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=30)
    user = models.ForeignKey("guilds.User", null=True, blank=True, on_delete=models.PROTECT, related_name="sent_mails")
    contact = models.ForeignKey(
        "guilds.Contact", null=True, blank=True, on_delete=models.SET_NULL, related_name="sent_mails"
    )
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.UUIDField(null=True, blank=True)
    once_key = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=10, choices=MailStatus, default=MailStatus.QUEUED)
    context = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    tries = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField(auto_now_add=True)
    tried_at = models.DateTimeField(null=True, blank=True)

    personal_fields = ("context",)
    objects = OwnMailQuerySet.as_manager()

    class Meta:
        ordering = ["-queued_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["once_key"],
                condition=~Q(once_key=""),
                name="sentmail_once",
                violation_error_message="This mail was sent before",
            ),
            models.CheckConstraint(
                name="sentmail_to_one_person_at_most",
                condition=Q(user__isnull=True) | Q(contact__isnull=True),
                violation_error_message="A mail goes to a user or to a contact",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "kind", "subject_id"], name="sentmail_by_user"),
            models.Index(fields=["contact", "kind", "subject_id"], name="sentmail_by_contact"),
            models.Index(fields=["queued_at"], condition=Q(status__in=("queued", "sending")), name="sentmail_waiting"),
            models.Index(fields=["-queued_at", "-id"], name="sentmail_by_time"),
        ]

    def __str__(self) -> str:
        return self.kind


class MailItem(models.Model):
    """A record that a daily reminder named, so that none is named more often than it should be."""

    visible_to_reason = "Part of a mail: only counted, never listed"

    mail = models.ForeignKey(SentMail, on_delete=models.CASCADE, related_name="items")
    part = models.CharField(max_length=20)
    subject_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mail", "part", "subject_id"],
                name="mailitem_once",
                violation_error_message="This mail names it already",
            )
        ]
        indexes = [models.Index(fields=["subject_id"], name="mailitem_by_subject")]


class DigestDay(models.Model):
    """A day whose reminders have all been made: whoever looks again that day finds nothing left to do."""

    visible_to_reason = "Says only that a day's work was finished"

    day = models.DateField(primary_key=True)
    finished_at = models.DateTimeField(auto_now_add=True)
