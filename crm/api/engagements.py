"""Engagements: what happened, who came, and what the schools say of their numbers."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
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
from guilds.access.models import User
from guilds.engagement import actions
from guilds.engagement.models import Attendance, Engagement, Participation
from guilds.organisations.models import Organisation

Rows = dict[UUID, list]
_ATTENDANCE = (
    "id", "year_group", "learners", "send", "fsm", "looked_after", "staff", "answer", "answered_learners",
    "answer_note", "no_answer_on",
)  # fmt: skip
_PARTICIPATION = ("role", "volunteers", "hours", "job_offers")
_NOT_FOR_THE_COMMISSION = ("send", "fsm", "looked_after", "answer_note")


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

    def gather(self, records: list[Engagement]) -> "Parts":
        """Who came and what they brought, as far as the caller sees it."""
        return Parts(records, self.user)

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
            "supporting_guilds": self.gathered.supporting_guilds[record.pk],
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
            "attendances": self.gathered.attendances[record.pk],
            "participations": self.gathered.participations[record.pk],
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


class Parts:
    """The parts of some engagements, by the engagement's id: plain values, since a page may have hundreds."""

    def __init__(self, engagements: list[Engagement], user: User) -> None:
        self.supporting_guilds: Rows = defaultdict(list)
        self.attendances: Rows = defaultdict(list)
        self.participations: Rows = defaultdict(list)
        ids = [engagement.pk for engagement in engagements]
        self._add_supporting_guilds(ids)
        self._add_attendances(Attendance.objects.visible_to(user).filter(engagement__in=ids), user)
        self._add_participations(Participation.objects.visible_to(user).filter(engagement__in=ids))

    def _add_supporting_guilds(self, ids: list[UUID]) -> None:
        links = Engagement.supporting_guilds.through.objects.filter(engagement__in=ids)
        for engagement, slug in links.order_by("guild__slug").values_list("engagement_id", "guild__slug"):
            self.supporting_guilds[engagement].append(slug)

    def _add_attendances(self, rows: QuerySet, user: User) -> None:
        """counting.md, rule 8: small numbers of learners with a characteristic stay with the team and the school."""
        hidden = dict.fromkeys(_NOT_FOR_THE_COMMISSION) if user.is_commission_member else {}
        for row in rows.order_by("id").values("engagement_id", "provider_id", *_ATTENDANCE):
            part = {name: row[name] for name in _ATTENDANCE} | {"provider": str(row["provider_id"])} | hidden
            self.attendances[row["engagement_id"]].append(part)

    def _add_participations(self, rows: QuerySet) -> None:
        for row in rows.order_by("id").values("engagement_id", "employer_id", *_PARTICIPATION):
            hours = None if row["hours"] is None else float(row["hours"])
            part = {name: row[name] for name in _PARTICIPATION} | {"employer": str(row["employer_id"]), "hours": hours}
            self.participations[row["engagement_id"]].append(part)


def _columns(fields: dict[str, Any]) -> dict[str, Any]:
    """The venue is an organisation, or words that are its address."""
    columns = dict(fields)
    if "venue" in columns and not isinstance(columns["venue"], Organisation):
        words = columns.pop("venue")
        columns = {"venue_address": words or ""} | columns | {"venue": None}
    return columns
