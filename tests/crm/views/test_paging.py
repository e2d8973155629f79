"""Pages of a long list: all rows once, forwards and back, also where many have the same value."""

from datetime import timedelta
from itertools import chain

import pytest

from crm.views.paging import page_of
from guilds.engagement.models import Engagement
from tests.factories import make_engagement, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagements():
    for number in range(11):
        make_engagement(title=f"{number:02}", starts_at=moment() + timedelta(days=number // 4))
    return Engagement.objects.all()


def walk(queryset, order: str) -> list[list[str]]:
    pages, cursor = [], ""
    while cursor is not None:
        listing = page_of(queryset, cursor, order=order, size=3)
        pages.append([row.title for row in listing.rows])
        cursor = listing.next
    return pages


@pytest.mark.parametrize("order", ["starts_at", "-starts_at", "title", "-title", "-created_at"])
def test_forwards_meets_every_row_once(engagements, order):
    pages = walk(engagements, order)
    sign = "-" if order.startswith("-") else ""

    assert [len(page) for page in pages] == [3, 3, 3, 2]
    assert list(chain.from_iterable(pages)) == list(
        engagements.order_by(order, f"{sign}id").values_list("title", flat=True)
    )


@pytest.mark.parametrize("order", ["starts_at", "-starts_at", "title"])
def test_back_again_is_the_same_pages(engagements, order):
    forwards, listing = walk(engagements, order), page_of(engagements, "", order=order, size=3)
    while listing.next:
        listing = page_of(engagements, listing.next, order=order, size=3)
    back = [[row.title for row in listing.rows]]
    while listing.previous:
        listing = page_of(engagements, listing.previous, order=order, size=3)
        back.append([row.title for row in listing.rows])

    assert list(chain.from_iterable(reversed(back))) == list(chain.from_iterable(forwards))


@pytest.mark.parametrize("cursor", ["x", "WyJuZXh0Il0", "bnVsbA", "é", "WyJuZXh0IixudWxsLCJ4Il0", "%00"])
def test_mark_that_can_not_be_read_is_the_first_page(engagements, cursor):
    assert [row.title for row in page_of(engagements, cursor, order="title", size=3).rows] == ["00", "01", "02"]


def test_one_query_for_each_page_and_no_count(engagements, django_assert_num_queries):
    first = page_of(engagements, "", order="-starts_at", size=3)
    with django_assert_num_queries(1):
        page_of(engagements, first.next, order="-starts_at", size=3)


def test_empty_list_has_no_other_pages():
    listing = page_of(Engagement.objects.all(), "", order="title")

    assert (listing.rows, listing.previous, listing.next) == ([], None, None)
