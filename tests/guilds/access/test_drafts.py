"""Drafts: a few for each person and form, of a bearable size, forgotten in time."""

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
    drafts.throw_away(user=other, form="engagement_new", number=1)
    assert Draft.objects.count() == 2
    drafts.throw_away(user=mine, form="engagement_new", number=1)
    assert drafts.draft_of(mine, "engagement_new") is None


def test_too_much_is_refused_and_the_old_is_forgotten():
    user = make_coordinator()
    with pytest.raises(ValidationError):
        drafts.keep(user=user, form="a", fields={"notes": ["x" * drafts.LARGEST]}, at=NOON)
    drafts.keep(user=user, form="old", fields={}, at=NOON - timedelta(days=31))
    drafts.keep(user=user, form="new", fields={}, at=NOON)

    assert drafts.forget_old(NOON - timedelta(days=30)) == 1
    assert Draft.objects.get().form == "new"


def test_each_window_keeps_its_own_and_the_oldest_makes_room():
    user = make_coordinator()

    def keep(mark: str, title: str, minutes: int) -> None:
        fields = {"title": [title], drafts.MARK: [mark]}
        drafts.keep(user=user, form="new", fields=fields, at=NOON + timedelta(minutes=minutes))

    def titles() -> list[str]:
        return [draft.fields["title"][0] for draft in drafts.drafts_of(user, "new").values()]

    keep("a", "Fair", 0), keep("b", "Talk", 1), keep("a", "Fair in May", 2)
    assert titles() == ["Fair in May", "Talk"]
    assert drafts.draft_of(user, "new").fields["title"] == ["Fair in May"]
    for number in range(drafts.MOST - 1):
        keep(f"c{number}", f"Visit {number}", 3 + number)
    assert (len(titles()), "Talk" in titles()) == (drafts.MOST, False)
    drafts.forget_sent(user=user, form="new", fields={drafts.MARK: ["a"]})
    assert "Fair in May" not in titles() and len(titles()) == drafts.MOST - 1
