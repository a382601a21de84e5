"""The marker: what is spelled is read, whatever stands around it."""

from __future__ import annotations

import json

import pytest
from headroom_core.ccr.handles import HANDLE_LENGTHS
from headroom_core.ccr.marker import find_handles, spell
from headroom_core.text.lines import to_ranges
from headroom_core.types import Hidden
from hypothesis import given
from hypothesis import strategies as st

from tests.clocks import little_work

handles = st.sampled_from(HANDLE_LENGTHS).flatmap(
    lambda length: st.text("0123456789abcdef", min_size=length, max_size=length)
)


@st.composite
def hidden(draw: st.DrawFn) -> Hidden | None:
    if draw(st.booleans()):
        return None
    numbers = sorted(draw(st.sets(st.integers(1, 10**9), max_size=40)))
    return Hidden(draw(st.sampled_from(["rows", "lines"])), to_ranges(numbers), draw(st.integers(0, 10**10)))


@given(handle=handles, hidden=hidden(), before=st.text(), after=st.text())
def test_what_is_spelled_is_read(handle: str, hidden: Hidden | None, before: str, after: str) -> None:
    """One grammar: nothing that we write can be something that we don't know again."""
    marker = spell(handle, hidden)
    assert find_handles(before + marker + after) == [handle]


@given(handle=handles, hidden=hidden())
def test_a_marker_is_one_short_line_that_any_container_leaves_alone(handle: str, hidden: Hidden | None) -> None:
    marker = spell(handle, hidden)
    assert marker.isascii()
    assert marker.isprintable()
    assert json.dumps(marker) == f'"{marker}"'
    assert json.dumps(json.dumps(marker))[3:-3] == marker
    assert not set("*`<>&|#\\\"'") & set(marker)
    assert len(marker) <= 200
    assert find_handles(json.dumps({"output": marker})) == [handle]


@given(text=st.text(st.characters(codec=None)))
def test_any_text_is_read_without_harm(text: str) -> None:
    find_handles(text)
    find_handles("[headroom 3f9a1c07be42: " + text)


@pytest.mark.parametrize(
    ("hidden", "what"),
    [
        (Hidden("rows", ((16, 965),), 1000), "rows 16-965 of 1000"),
        (Hidden("lines", ((3, 76), (78, 78), (80, 89)), 90), "lines 3-76, 78, 80-89 of 90"),
        (
            Hidden("rows", ((1, 2), (4, 5), (7, 7), (9, 9), (11, 20)), 20),
            "rows 1-2, 4-5, 7, ..., 11-20 of 20 (16 of them)",
        ),
        (None, "parts"),
        (Hidden("rows", (), 9), "parts"),
    ],
)
def test_spelling(hidden: Hidden | None, what: str) -> None:
    expected = f"[headroom 3f9a1c07be42: {what} not shown, original intact; headroom_retrieve]"
    assert spell("3f9a1c07be42", hidden) == expected


def test_several_markers_each_once_in_order() -> None:
    text = "\n".join(spell(digit * 12) for digit in ("b", "a", "b"))
    assert find_handles(text) == ["b" * 12, "a" * 12]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[headroom 3F9A1C07BE42: parts not shown, original intact; headroom_retrieve]",
        "[headroom 3f9a1c07be4: parts not shown, original intact; headroom_retrieve]",
        "[headroom 3f9a1c07be421: parts not shown, original intact; headroom_retrieve]",
        "[headroom 3f9a1c07be42: parts not shown, original intact; other_tool]",
        "[headroom 3f9a1c07be42: rows 1-2\nof 3 not shown, original intact; headroom_retrieve]",
        "[headroom HANDLE: WHAT not shown, original intact; headroom_retrieve]",
        "[3 items compressed: hash=3f9a1c07be42]",
    ],
)
def test_what_only_resembles_a_marker_is_none(text: str) -> None:
    assert find_handles(text) == []


def test_bait_is_read_in_linear_time() -> None:
    bait = "[headroom 3f9a1c07be42: rows " + "1-2, " * 200_000 + "[headroom " * 50_000
    with little_work(seconds=2):
        assert find_handles(bait) == []
