"""What a summary says: English as people write it, and nothing that its figure does not hold."""

import pytest

from crm.documents.sentences import SAID, counted, hidden, leading, listed, sentence, sentences
from guilds.impact.figures import WITHHELD, Figure
from guilds.impact.measures import MEASURES
from guilds.publishing.models import PublishedFigure


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (Figure(3050), None, "There were 3,050 encounters with employers."),
        (Figure(1), None, "There was 1 encounter with employers."),
        (Figure(0), None, "There were no encounters with employers."),
        (
            Figure(3050, confirmed=2900, missing=3, target=5000),
            Figure(2723),
            "There were 3,050 encounters with employers, 61% of the target of 5,000 and 12% more than the year before "
            "(2,723). Schools and colleges have confirmed 2,900 of them (95%); 3 numbers are missing.",
        ),
        (
            Figure(90, confirmed=90, missing=1, target=30),
            Figure(100),
            "There were 90 encounters with employers, 300% of the target of 30 and 10% fewer than the year before (100). "
            "Schools and colleges have confirmed all of them; 1 number is missing.",
        ),
        (
            Figure(1001),
            Figure(1000),
            "There were 1,001 encounters with employers, slightly more than the year before (1,000).",
        ),
        (Figure(7), Figure(7), "There were 7 encounters with employers, as many as the year before (7)."),
        (Figure(7), Figure(0), "There were 7 encounters with employers, after none the year before."),
        (Figure(0), Figure(0), "There were no encounters with employers, none the year before either."),
        # Nobody knows what the year before was: nothing is said of it.
        (Figure(7), Figure(0, missing=2), "There were 7 encounters with employers."),
        (Figure(7), WITHHELD, "There were 7 encounters with employers."),
        # Unknown is not zero.
        (Figure(0, missing=2), None, "Encounters: nobody has given a number; 2 numbers are missing."),
        (
            Figure(5, confirmed=0),
            None,
            "There were 5 encounters with employers. Schools and colleges have confirmed none of them.",
        ),
        # What is not told is not spoken of.
        (WITHHELD, Figure(7), ""),
    ],
)  # fmt: skip
def test_a_figure_in_words(now, before, words):
    assert sentence("encounters", now, before) == words


def test_a_share_is_said_with_its_numbers_and_never_of_nothing():
    kept = Figure(0.302, numerator=125, denominator=414)
    said = "Of what was pledged, 125 of 414 has been delivered (30%)"
    assert sentence("pledge_conversion", kept) == f"{said}."
    earlier = sentence("pledge_conversion", kept, Figure(0.5, numerator=1, denominator=2))
    assert earlier == f"{said}; of those of the year before it was 50%."
    assert sentence("pledge_conversion", Figure(None, numerator=0, denominator=0)) == ""


def test_every_measure_can_be_said_of_one_of_several_and_of_none():
    assert SAID.keys() <= MEASURES.keys()
    for slug, measure in MEASURES.items():
        for value in (0, 1, 12) if measure.sort != "ratio" else ():
            words = counted(slug, value)
            assert "{" not in words and "|" not in words, slug
    assert counted("employer_members", 1) == "On the last day 1 employer was a member of a guild"
    assert counted("volunteer_hours", 2.5) == "Volunteers of employers gave 2.5 hours"
    assert counted("schools", 0) == "Work with employers reached no schools"


def test_a_summary_tells_the_headlines_in_their_order_and_leaves_out_what_is_not_told():
    told = sentences({"pledges": Figure(2), "encounters": Figure(1), "schools": WITHHELD, "job_offers": Figure(3)})
    assert told == ["There was 1 encounter with employers.", "Employers made 2 pledges."]


def test_who_has_the_most():
    def row(label: str, value: float | None) -> PublishedFigure:
        return PublishedFigure(label=label, value=value)

    rows = [row("Sciences", 30), row("Hospitality", 60), row("Land-Based", 0), row("Creative", None)]
    assert leading("encounters", rows, Figure(90)) == "Encounters: most in Hospitality, with 60, 67% of all."
    assert leading("encounters", rows, Figure(90), how="led by").startswith(
        "Encounters: most led by Hospitality, with 60"
    )
    # Organisations are counted once each: a share of all would say nothing.
    assert leading("schools", rows, Figure(70)) == "Schools: most in Hospitality, with 60."
    rows.append(row("Health", 60))
    assert leading("encounters", rows, Figure(150)) == (
        "Encounters: most in Hospitality and Health, with 60 each, 40% of all."
    )
    assert leading("encounters", rows[:1], Figure(30)) == ""
    assert [listed(names) for names in ([], ["A"], ["A", "B"], ["A", "B", "C"])] == ["", "A", "A and B", "A, B and C"]


def test_what_is_confidential_is_counted_not_told():
    assert hidden([Figure(1), WITHHELD]).startswith("1 figure is confidential (c)")
    assert hidden([WITHHELD, WITHHELD]).startswith("2 figures are confidential (c)")
    assert hidden([Figure(1)]) == ""
