"""Drafts: one for each person and form, of a bearable size, forgotten in time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from guilds.access import drafts
from guilds.access.models import Draft
from tests.factories import make_administrator, make_coordinator

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


def test_the_newest_words_are_kept_for_their_owner_alone():
    mine, other = make_coordinator(), make_administrator()
    for title in ("Fa", "Fair"):
        drafts.keep(user=mine, form="engagement_new", fields={"title": [title]}, at=NOON)
    drafts.keep(user=mine, form="pledge_new", fields={}, at=NOON)

    assert drafts.draft_of(mine, "engagement_new").fields == {"title": ["Fair"]}
    assert drafts.draft_of(other, "engagement_new") is None
    drafts.throw_away(user=other, form="engagement_new")
    assert Draft.objects.count() == 2
    drafts.throw_away(user=mine, form="engagement_new")
    assert drafts.draft_of(mine, "engagement_new") is None


def test_too_much_is_refused_and_the_old_is_forgotten():
    user = make_coordinator()
    with pytest.raises(ValidationError):
        drafts.keep(user=user, form="a", fields={"notes": ["x" * drafts.LARGEST]}, at=NOON)
    drafts.keep(user=user, form="old", fields={}, at=NOON - timedelta(days=31))
    drafts.keep(user=user, form="new", fields={}, at=NOON)

    assert drafts.forget_old(NOON - timedelta(days=30)) == 1
    assert Draft.objects.get().form == "new"
