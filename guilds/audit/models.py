"""Every change: who, what, before and after. An event that is not yet counted is also the mark to recount."""

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from uuid_utils import compat as time_ordered


def new_id() -> uuid.UUID:
    """A time-ordered id (UUID version 7): unguessable enough to show, and it indexes well."""
    return time_ordered.uuid7()


class Record(models.Model):
    """What every record has. `version` goes up with each change; two editors are told apart by it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    #: Fields that say nothing about the world: left out of before and after.
    unaudited_fields = frozenset({"id", "created_at", "updated_at", "version"})

    def keep_index(self, before: dict | None) -> None:
        """Called in the transaction of each change, `before` it (None: new): keep the words that find it, if any do."""

    def audit_state(self) -> dict:
        """The record as history keeps it: its own columns. Roots of aggregates add their parts."""
        return {
            f.attname: f.value_from_object(self)
            for f in self._meta.concrete_fields
            if f.attname not in self.unaudited_fields
        }


class EventQuerySet(models.QuerySet):
    def visible_to(self, user) -> "EventQuerySet":
        """Histories are read beside their record, by those who see it; whole, only by administrators."""
        return self if user.is_authenticated and user.is_administrator else self.none()

    def about(self, record: models.Model) -> "EventQuerySet":
        """What happened to one record, latest first."""
        return self.filter(subject_type=record._meta.model_name, subject_id=record.pk).order_by("-at", "-id")

    def uncounted(self) -> "EventQuerySet":
        """The outbox: changes that the figures do not show yet."""
        return self.filter(counted=False)


class Event(models.Model):
    """One change of one record, written in the change's own transaction."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    request_id = models.CharField(max_length=64, blank=True)
    verb = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    reason = models.TextField(blank=True)
    counted = models.BooleanField(default=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-at"], name="event_subject"),
            models.Index(fields=["id"], condition=models.Q(counted=False), name="event_uncounted"),
            models.Index(fields=["request_id"], condition=~models.Q(request_id=""), name="event_request"),
        ]


class StatusChangeQuerySet(models.QuerySet):
    def visible_to(self, user) -> "StatusChangeQuerySet":
        """Like events: read beside their record; whole, only by administrators."""
        return self if user.is_authenticated and user.is_administrator else self.none()

    def of(self, record: models.Model) -> "StatusChangeQuerySet":
        """The dated life of one record, first to last."""
        return self.filter(subject_type=record._meta.model_name, subject_id=record.pk).order_by("at", "id")


class StatusChange(models.Model):
    """One step of a lifecycle: from, to, the day it happened, who and why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    from_status = models.CharField(max_length=20, blank=True)
    to_status = models.CharField(max_length=20)
    happened_on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)

    objects = StatusChangeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id", "at"], name="statuschange_subject")]
