"""Engagements: what happened, who came, and what the schools say of their numbers."""

from typing import Any

from django.db.models import Prefetch
from django.http import Http404

from crm.api.engagement_shapes import (
    AnswerInput,
    EngagementCorrection,
    EngagementInput,
    EngagementShape,
    NumbersInput,
)
from crm.api.fields import ReasonInput
from crm.api.permissions import require
from crm.api.resources import Correcting, Creating, key, verb, written
from crm.filtersets.engagements import EngagementFilterSet
from guilds.engagement import actions
from guilds.engagement.models import Attendance, Engagement, Participation
from guilds.organisations.models import Organisation


class Engagements(Creating, Correcting):
    """Events where employers meet learners or staff. Members see their own organisation's numbers in them."""

    model = Engagement
    filterset_class = EngagementFilterSet
    shape = EngagementShape
    input, correction = EngagementInput, EngagementCorrection
    error_names = {"starts_on": "starts_at", "status_reason": "reason"}
    permission_names = {
        "list": "engagement.view",
        "retrieve": "engagement.view",
        "create": "engagement.add",
        "partial_update": "engagement.change",
        "confirm": "engagement.change",
        "deliver": "engagement.change",
        "cancel": "engagement.change",
        "postpone": "engagement.change",
        "answer": "engagement.answer",
    }

    def fetched(self, rows):
        return rows.prefetch_related(
            "supporting_guilds",
            Prefetch("attendances", Attendance.objects.visible_to(self.user)),
            Prefetch("participations", Participation.objects.visible_to(self.user)),
        )

    def subject(self, record: Engagement) -> Any:
        """An answer is about one attendance, which is asked about once it is found."""
        return None if self.action == "answer" else record

    def represent(self, record: Engagement) -> dict[str, Any]:
        team, commission = self.user.is_staff_member, self.user.is_commission_member
        return {
            "reference": record.reference,
            "title": record.title,
            "kind": record.kind,
            "status": record.status,
            "status_reason": None if commission else record.status_reason,
            "guild": record.guild_id,
            "supporting_guilds": sorted(guild.slug for guild in record.supporting_guilds.all()),
            "starts_at": written(record.starts_at),
            "ends_at": written(record.ends_at),
            "district": record.district_id,
            "venue": key(record.venue_id) or record.venue_address or None,
            "venue_address": record.venue_address,
            "delivery": record.delivery,
            "lead_coordinator": key(record.lead_coordinator_id) if team else None,
            "purpose": record.purpose,
            "gatsby_benchmarks": record.gatsby_benchmarks,
            "notes": record.notes if team else None,
            "attendances": [_attendance(row, anonymous=commission) for row in record.attendances.all()],
            "participations": [_participation(row) for row in record.participations.all()],
        }

    def add(self, fields: dict[str, Any]) -> Engagement:
        require(self.user, "engagement.add", Engagement(guild=fields.get("guild")))
        return actions.log(by=self.user, **_columns(fields))

    def correct(self, record: Engagement, fields: dict[str, Any], version: int) -> None:
        if "guild" in fields:
            require(self.user, "engagement.change", Engagement(guild=fields["guild"]))
        actions.correct(by=self.user, engagement=record, expected_version=version, **_columns(fields))

    @verb()
    def confirm(self, record: Engagement, fields: dict[str, Any]) -> None:
        """It is going to happen."""
        actions.confirm(by=self.user, engagement=record)

    @verb(NumbersInput)
    def deliver(self, record: Engagement, fields: dict[str, Any]) -> None:
        """It has happened; with the numbers where they are known by now."""
        actions.deliver(by=self.user, engagement=record, **fields)

    @verb(ReasonInput)
    def cancel(self, record: Engagement, fields: dict[str, Any]) -> None:
        """It will not happen."""
        actions.cancel(by=self.user, engagement=record, **fields)

    @verb(ReasonInput)
    def postpone(self, record: Engagement, fields: dict[str, Any]) -> None:
        """It will not happen on its day."""
        actions.postpone(by=self.user, engagement=record, **fields)

    @verb(AnswerInput)
    def answer(self, record: Engagement, fields: dict[str, Any]) -> None:
        """The school's or college's own word on the number claimed for it."""
        rows = Attendance.objects.visible_to(self.user).select_related("engagement")
        attendance = rows.filter(engagement=record, pk=fields.pop("attendance")).first()
        if attendance is None:
            raise Http404
        require(self.user, "engagement.answer", attendance)
        actions.answer(by=self.user, attendance=attendance, **fields)


def _attendance(row: Attendance, *, anonymous: bool) -> dict[str, Any]:
    """`anonymous`: counting.md, rule 8: small numbers of learners with a characteristic stay with the team."""
    return {
        "id": row.pk,
        "provider": str(row.provider_id),
        "year_group": row.year_group,
        "learners": row.learners,
        "send": None if anonymous else row.send,
        "fsm": None if anonymous else row.fsm,
        "looked_after": None if anonymous else row.looked_after,
        "staff": row.staff,
        "answer": row.answer,
        "answered_learners": row.answered_learners,
        "answer_note": None if anonymous else row.answer_note,
    }


def _participation(row: Participation) -> dict[str, Any]:
    return {
        "employer": str(row.employer_id),
        "role": row.role,
        "volunteers": row.volunteers,
        "hours": None if row.hours is None else float(row.hours),
        "job_offers": row.job_offers,
    }


def _columns(fields: dict[str, Any]) -> dict[str, Any]:
    """The venue is an organisation, or words that are its address."""
    columns = dict(fields)
    if "venue" in columns and not isinstance(columns["venue"], Organisation):
        words = columns.pop("venue")
        columns = {"venue_address": words or ""} | columns | {"venue": None}
    return columns
