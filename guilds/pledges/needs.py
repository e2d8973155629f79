"""Pledges that somebody should do something about: where nothing has happened for long."""

from datetime import date, timedelta

from django.conf import settings
from django.db.models import DateField, Exists, F, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest, TruncDate

from guilds.engagement.follow_ups import FollowUp, FollowUpStatus, Interaction
from guilds.pledges.models import Allocation, Delivery, Pledge
from guilds.reference.calendars import LONDON


def quiet_since(today: date) -> date:
    """Whoever has not been heard of since this day has gone quiet."""
    return today - timedelta(days=settings.PLEDGE_QUIET_DAYS)


def quiet(pledges: QuerySet[Pledge], today: date) -> QuerySet[Pledge]:
    """Open, not all delivered, verified long ago; and no word with the employer, nothing agreed or delivered since."""
    since = quiet_since(today)
    word = Interaction.objects.filter(organisation=OuterRef("employer"), happened_on__gt=since)
    agreed = Allocation.objects.filter(pledge=OuterRef("pk"), created_at__date__gt=since)
    delivered = Delivery.objects.happened().with_quantity().filter(pledge=OuterRef("pk"), done_on__gt=since)
    still = pledges.filter(verified_on__lte=since).unfulfilled()  # type: ignore[attr-defined]
    return still.filter(~Exists(word), ~Exists(agreed), ~Exists(delivered))


def with_last_contact(pledges: QuerySet[Pledge]) -> QuerySet[Pledge]:
    """Adds `last_contact`: the day of the last of what `quiet` looks at; and `followed_up`: whether somebody is on it."""
    word = Interaction.objects.filter(organisation=OuterRef("employer"))
    agreed = Allocation.objects.filter(pledge=OuterRef("pk")).annotate(on=TruncDate("created_at", tzinfo=LONDON))
    delivered = Delivery.objects.happened().with_quantity().filter(pledge=OuterRef("pk"))
    todo = FollowUp.objects.filter(pledge=OuterRef("pk"), status=FollowUpStatus.OPEN)
    days = (
        _last(word, "organisation", "happened_on"),
        _last(agreed, "pledge", "on"),
        _last(delivered, "pledge", "done_on"),
    )
    never = Value(date.min, output_field=DateField())
    return pledges.annotate(
        last_contact=Greatest(F("verified_on"), *(Coalesce(day, never) for day in days)), followed_up=Exists(todo)
    )


def _last(rows: QuerySet, key: str, day: str) -> Subquery:
    latest = rows.order_by().values(key).annotate(latest=Max(day)).values("latest")
    return Subquery(latest, output_field=DateField())
