"""What of a JSON document that was cut off is whole."""

from __future__ import annotations

import json

import pytest
from headroom_core.text.cut_json import MIN_ELEMENTS, missing_end, whole_part
from hypothesis import given
from hypothesis import strategies as st

ROWS = json.dumps([{"id": number, "tags": ["a]", {"b": "}"}]} for number in range(9)])
LAST = ROWS.rindex(', {"id"')


@pytest.mark.parametrize(("above", "end"), [("", "]"), ('{"total": 9, "rows": ', "]}"), ('[{"rows": ', "]}]")])
def test_elements_of_the_outermost_long_array_count(above: str, end: str) -> None:
    """However deep it lies; a row that lacks its end is no part of it."""
    stop = len(above) + LAST + len(', {"id": 8, "ta')
    assert whole_part(above + ROWS, 0, stop) == (len(above) + LAST, end)


def test_few_elements_are_no_part() -> None:
    few = json.dumps([{"id": number} for number in range(MIN_ELEMENTS - 1)])
    assert whole_part(few, 0, len(few) - 1) is None


@pytest.mark.parametrize("text", [ROWS, "]" + ROWS[:-1], "[{]" + ROWS[:-1], "", "[" * 9])
def test_what_is_no_beginning_has_no_whole_part(text: str) -> None:
    assert whole_part(text, 0, len(text)) is None


def test_only_what_a_parser_read_to_its_end_was_cut_off() -> None:
    assert missing_end(ROWS[:LAST] + "\n", LAST) == "]"
    for text, fails_at in ((ROWS[:LAST], LAST - 1), (ROWS[: LAST + 9], LAST + 9), ("", 0)):
        with pytest.raises(ValueError, match="neither JSON"):
            missing_end(text, fails_at)


@given(st.integers(min_value=0, max_value=len(ROWS)))
def test_a_whole_part_with_its_missing_end_is_json(stop: int) -> None:
    found = whole_part(ROWS, 0, stop)
    if found is not None:
        end, brackets = found
        rows = json.loads(ROWS[:end] + brackets)
        assert rows == json.loads(ROWS)[: len(rows)]
        assert ROWS[end : end + 1] in (",", "]")
        assert '}, {"id"' not in ROWS[end + 1 : stop]
