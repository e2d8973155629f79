"""A whole in its parts."""

from crm.charts.stacks import stack


def test_parts_follow_each_other_to_the_end():
    drawn = stack([("Delivered", 30, "solid"), ("Still open", 10, "dots"), ("Lapsed", 0, "stripes")])

    assert [(part.x, part.width) for part in drawn.parts] == [(0, 75), (75, 25), (100, 0)]
    assert drawn.spoken == "delivered 30, still open 10, lapsed 0"


def test_among_longer_bars_it_is_shorter_and_of_nothing_it_is_empty():
    assert stack([("Delivered", 30, "solid")], most=120).parts[0].width == 25
    assert stack([("Delivered", 0, "solid")]).parts[0].width == 0
