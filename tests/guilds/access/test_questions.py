"""A question in words for all of one role has the answer that each reader may see, and nobody else's."""

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import CharField

from guilds.access.questions import ReadersQuestion
from guilds.engagement.models import Engagement
from guilds.organisations.models import Contact
from guilds.reading import Given, read_at_once
from tests.factories import (
    make_administrator,
    make_commission_member,
    make_coordinator,
    make_employer_member,
    make_engagement,
    make_school_member,
)

pytestmark = pytest.mark.django_db


def _titles(reader, status: Given):
    return Engagement.objects.visible_to(reader).exclude(status=status).order_by("title").values_list("title")


def test_each_reader_has_what_visible_to_lets_them_see():
    question = ReadersQuestion(_titles, status=CharField())
    hotel, mill, school = make_employer_member(), make_employer_member(), make_school_member()
    make_engagement(title="A", status="delivered", participations=[{"employer": hotel.organisation}])
    make_engagement(title="B", participations=[{"employer": mill.organisation}])
    make_engagement(title="C", attendances=[{"provider": school.organisation}])
    team = (make_administrator(), make_coordinator("sciences"), make_commission_member())
    for reader in (*team, hotel, mill, school, make_school_member(), hotel):
        for status in ("delivered", "planned"):
            asked = question(reader, status=status)
            read_at_once(asked)
            assert list(asked) == list(_titles(reader, status)), (reader.role, status)


def test_what_depends_on_more_of_the_reader_is_refused():
    """Which people a coordinator sees depends on their guilds: nothing is known of those."""
    question = ReadersQuestion(lambda reader: Contact.objects.visible_to(reader).values_list("name"))
    with pytest.raises((ValueError, ObjectDoesNotExist)):
        read_at_once(question(make_coordinator()))
