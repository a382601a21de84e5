"""Which rows a reader would miss most."""

from __future__ import annotations

from collections import Counter

from headroom_core.text.evidence import (
    OUTLIERS,
    RARE,
    Evidence,
    Numbers,
    add_matches,
    add_outliers,
    add_rare,
    add_trouble,
    evenly,
)


def test_lines_of_trouble_are_missed_most_unless_all_are() -> None:
    """A word that most rows hold tells none of them from the others."""
    evidence, all_bad = Evidence(), Evidence()
    add_trouble(["fine"] * 30 + ["disk failed"], evidence)
    add_trouble(["disk failed"] * 30, all_bad)
    assert evidence.ranking() == [30]
    assert all_bad.ranking() == []


def test_numbers_far_out_come_most_extreme_first_and_are_few() -> None:
    """Ten of them say no more than three."""
    values = [float(number % 7) for number in range(100)] + [1e6, 2e6, 3e6, 4e6]
    evidence = Evidence()
    add_outliers(Numbers(list(range(104)), values, [str(value) for value in values]), evidence)
    assert evidence.ranking()[0] == 103
    assert sum(row >= 100 for row in evidence.ranking()) == OUTLIERS


def test_a_rare_value_and_a_change_are_reasons() -> None:
    """The one that is down; and the first row of what comes next."""
    texts = ["a"] * 60 + ["b"] * 60
    texts[30] = "z"
    evidence = Evidence()
    add_rare(range(120), texts, Counter(texts), evidence)
    assert evidence.ranking()[0] == 30
    assert 60 in evidence.ranking()


def test_a_second_row_for_the_same_reason_adds_less() -> None:
    """Rows of two reasons are worth more than twice the same one."""
    evidence = Evidence()
    evidence.add_all([0, 1], RARE)
    evidence.add_all([2], RARE)
    assert evidence.ranking() == [0, 2, 1]


def test_reasons_of_two_tables_are_weighed_together() -> None:
    """A row of the second adds more than what is like a row of the first that is shown."""
    first, second, both = Evidence(), Evidence(), Evidence()
    first.add_all([0, 1], RARE)
    second.add_all([3], RARE)
    both.follow(first, 0)
    both.follow(second, 10)
    assert both.ranking() == [0, 13, 1]
    worth = [chance for _, chance in both.ranked()]
    assert worth[0] == worth[1] == RARE > worth[2] > 0


def test_what_the_question_names_is_first() -> None:
    """Of rows that are otherwise alike."""
    evidence = Evidence()
    add_matches("which host is web-7?", [f"web-{number} up" for number in range(20)], evidence)
    assert evidence.ranking()[0] == 7


def test_an_even_sample_names_every_row_once() -> None:
    """Wherever one stops, the rows lie about equally far apart."""
    assert sorted(evenly(17)) == list(range(17))
    assert list(evenly(17))[:3] == [8, 4, 12]
    assert list(evenly(0)) == []
