"""Engagements: the list, and the page of each."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format

from crm import figures
from crm.exports.lists import ENGAGEMENTS
from crm.filtersets.engagement_list import EngagementListFilterSet
from crm.forms.engagements import GATSBY, time_or_none
from crm.histories.engagements import ENGAGEMENT
from crm.histories.presenter import SHOWN, history_of
from crm.views.base import RecordPage
from crm.views.engagement_verbs import answer_forms, open_verbs
from crm.views.lists import ListPage
from guilds.access.models import User
from guilds.access.permissions import allowed
from guilds.desk.queries import desk_of
from guilds.engagement import queries
from guilds.engagement.models import Answer, Attendance, Engagement, Status
from guilds.impact.made_at import promised_at
from guilds.mailing.asked import with_nobody
from guilds.pledges.models import PledgeKind
from guilds.reference.calendars import local_day

ALL_HISTORY = 1000


class EngagementList(ListPage):
    """All engagements that the reader may see."""

    permission_name = "engagement.view"
    template_name = "engagements/list.html"
    filterset_class = EngagementListFilterSet
    orderings = (
        ("-starts_at", "Latest first"), ("starts_at", "Earliest first"),
        ("-updated_at", "Changed last"), ("updated_at", "Longest unchanged"),
    )  # fmt: skip
    narrowing = ("provider", "employer", "reference", "missing_numbers")
    columns, title = ENGAGEMENTS, "Engagements"

    def rows(self) -> QuerySet:
        """With what a row shows."""
        return queries.for_rows(Engagement.objects.visible_to(self.request.user))

    def _prepare(self, form: Any) -> None:
        super()._prepare(form)
        user = cast(User, self.request.user)
        if not user.is_coordinator:
            form.fields.pop("whose")
        if not (user.is_staff_member or user.is_school_member):
            form.fields.pop("needs")


class EngagementPage(RecordPage):
    """A page about one engagement."""

    permission_name = "engagement.view"
    record: Engagement

    def records(self) -> QuerySet:
        """With all that the pages show."""
        return queries.in_full()

    def way_back(self) -> str:
        """The engagement's own page."""
        return address_of(self.record)


class EngagementDetail(EngagementPage):
    """What it was, who came, what may be done with it, and its history."""

    template_name = "engagements/detail.html"

    def records(self) -> QuerySet:
        """Without the supporting guilds, of which it only says the names."""
        return super().records().prefetch_related(None)

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Facts, rows and history, each only as far as the reader may know."""
        engagement, user = self.record, cast(User, request.user)
        attendances = queries.attendances_of(engagement, user)
        unknown = sum(row.learners is None for row in attendances) if engagement.has_learners else 0
        size = ALL_HISTORY if request.GET.get("history") == "all" else SHOWN
        return self.page(
            engagement=engagement,
            **_facts(engagement),
            attendances=[(row, answer_forms(user, engagement, row)) for row in attendances],
            participations=queries.participations_of(engagement, user),
            nobody=_with_nobody(engagement, attendances) if user.is_staff_member else (),
            unknown=unknown,
            verbs=open_verbs(user, engagement, numbers_missing=bool(unknown)),
            series=queries.series_of(engagement, user),
            may_log=allowed(user, "engagement.add"),
            files=queries.files_of(engagement, user) if user.is_staff_member else None,
            may_attach=allowed(user, "attachment.change", engagement),
            reads_notes=user.is_staff_member,
            reads_history=not user.is_commission_member,
            history=history_of(engagement, ENGAGEMENT, reader=user, size=size),
            may_open_desk=allowed(user, "desk.open", engagement),
            desk=desk_of(engagement, user) if user.is_staff_member else None,
            promised=_promised(engagement) if allowed(user, "impact.view") else (),
        )


def _promised(engagement: Engagement) -> list[dict[str, Any]]:
    """What was promised there, kind by kind, and how much of it came."""
    return [
        {
            "kind": PledgeKind(row.kind).label,
            "numbers": [figures.number(n) for n in (row.pledges, row.pledged, row.delivered)],
            "share": figures.percent(row.delivered / row.pledged),
        }
        for row in promised_at(engagement)
    ]


def _with_nobody(engagement: Engagement, attendances: list[Attendance]) -> set[Any]:
    """Schools and colleges whose number waits for an answer that nobody there can give."""
    asked = engagement.status == Status.DELIVERED and engagement.has_learners
    waiting = {row.provider_id for row in attendances if row.learners is not None and row.answer == Answer.UNANSWERED}
    return with_nobody(waiting if asked else ())


def address_of(engagement: Engagement) -> str:
    """The engagement's own page."""
    return reverse("engagement_detail", args=[engagement.pk])


def _facts(engagement: Engagement) -> dict[str, Any]:
    """What its page says in words of several fields."""
    place = [engagement.venue.name if engagement.venue else "", engagement.venue_address]
    return {
        "when": _when(engagement),
        "venue": ", ".join(filter(None, place)),
        "supporting": ", ".join(engagement.supporting_guilds.values_list("name", flat=True)),
        "benchmarks": ", ".join(f"{number}. {GATSBY[number - 1]}" for number in engagement.gatsby_benchmarks),
    }


def _when(engagement: Engagement) -> str:
    """The day and, where somebody gave them, the times; "14 March 2017, 10:00 to 12:30"."""
    first, start, end = (
        date_format(engagement.starts_on, "j F Y"),
        time_or_none(engagement.starts_at),
        time_or_none(engagement.ends_at),
    )
    last = date_format(local_day(engagement.ends_at), "j F Y") if engagement.ends_at else first
    begins = ", ".join([first, *([f"{start:%H:%M}"] if start else [])])
    ends = ", ".join([*([last] if last != first else []), *([f"{end:%H:%M}"] if end else [])])
    return f"{begins} to {ends}" if ends else begins
