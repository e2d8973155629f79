"""An open pledge desk in the demonstration, with a few promises for its coordinator to clear."""

from uuid import uuid4

from django.utils import timezone

from guilds.access.models import User
from guilds.desk.actions import open_desk, receive
from guilds.desk.consent import VERSION
from guilds.engagement.models import Engagement, Status

GUILD = "hospitality-tourism"
#: As people write: nearly the name that we know, another's, and one that nobody knows.
WRITTEN = (
    ("The Tidewick Hotel Ltd", "Robin Example", "robin@tidewick.example", "placement", 4, "Kitchen and front of house"),
    ("Tidewick Hotel", "Sam Example", "sam@tidewick.example", "mock_interviews", 12, ""),
    ("Shingle Street Smokehouse", "Alex Example", "alex@shingle.example", "industry_visit", 2, "From age 14"),
)


def open_a_desk(by: User) -> None:
    """For the next event of one guild: everything waits, so that no figure rests on it."""
    coming = Engagement.objects.filter(guild__slug=GUILD, status__in=(Status.PLANNED, Status.CONFIRMED))
    event = coming.filter(starts_at__gt=timezone.now()).order_by("starts_at", "id").first()
    if event is None:
        return
    desk = open_desk(by=by, engagement=event)
    for organisation_name, name, email, kind, quantity, note in WRITTEN:
        receive(
            by=None, desk=desk, key=uuid4(), consent_version=VERSION, organisation_name=organisation_name, name=name,
            email=email, kind=kind, quantity=quantity, note=note,
        )  # fmt: skip
