"""Lines and ranges, as editors and people count them."""

from __future__ import annotations

import pytest
from headroom_core.text.lines import pick, read_ranges, spell_ranges, split_lines, to_ranges
from hypothesis import given
from hypothesis import strategies as st


@given(st.text(alphabet="a\n\r\x0c\u2028"))
def test_lines_joined_are_the_text_and_end_at_line_feeds_only(text: str) -> None:
    lines = split_lines(text)
    assert "".join(lines) == text
    assert all(line.index("\n") == len(line) - 1 for line in lines[:-1])
    assert len(lines) == text.count("\n") + (not text.endswith("\n") and text != "")


@given(st.sets(st.integers(1, 200)))
def test_ranges_spelled_and_read_again_are_the_same(numbers: set[int]) -> None:
    ranges = to_ranges(sorted(numbers))
    assert [number for first, last in ranges for number in range(first, last + 1)] == sorted(numbers)
    if ranges:
        assert tuple(read_ranges(spell_ranges(ranges, most=1000))) == ranges


def test_many_ranges_are_cut_in_the_middle() -> None:
    assert spell_ranges([(1, 2), (4, 4), (6, 9), (11, 12)], most=3) == "1-2, 4, ..., 11-12"


@pytest.mark.parametrize("spec", ["", "x", "0", "5-3", "-1", "1-", "1,,2", "1;2"])
def test_what_is_no_range_raises(spec: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_ranges(spec)


def test_picking_counts_from_one_and_stops_at_the_end() -> None:
    assert list(pick(["a", "b", "c"], [(2, 2), (3, 9), (7, 8)])) == ["b", "c"]
