"""Months as columns."""

from crm.charts.columns import HEIGHT, WIDTH, columns


def test_months_stand_on_one_scale_beside_the_months_before():
    drawn = columns([("Sep", 100, 200), ("Oct", 0, None)])

    first, second = drawn.columns
    assert drawn.compared
    assert first.then_height == 2 * first.height > 0
    assert (first.y + first.height, first.then_y + first.then_height) == (drawn.ground, drawn.ground)
    assert first.then_x + drawn.width == first.x
    assert (second.height, second.then_height) == (0, 0)
    assert first.words_above < first.then_y
    assert all(
        one.then_x >= 0 and one.x + drawn.width <= WIDTH and 0 < one.words_above < HEIGHT for one in drawn.columns
    )


def test_without_other_months_columns_are_wider():
    alone, beside = columns([("Sep", 1, None)] * 2), columns([("Sep", 1, 1)] * 2)

    assert not alone.compared
    assert alone.width == 2 * beside.width


def test_nothing_is_drawn_where_nothing_can_be_seen():
    assert columns([("Sep", 5, None)]) is None
    assert columns([("Sep", 0, 0), ("Oct", None, None)]) is None
    assert columns([("Sep", 5, None)] * 25) is None
