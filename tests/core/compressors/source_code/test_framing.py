"""What tools put around code."""

from __future__ import annotations

import pytest
from headroom_core.compressors.source_code.framing import unframe
from headroom_core.text.lines import split_lines
from hypothesis import given
from hypothesis import strategies as st

from tests.clocks import little_work

PLAIN = ["import os\n", "\n", "def f():\n", "    return {1: 2}\n", "12: x\n"]


def test_plain_code_is_all_code() -> None:
    """Nothing is put around most files."""
    framed = unframe("".join(PLAIN))
    assert (framed.first, framed.code, framed.number, framed.end) == (0, PLAIN, 0, 5)


def test_numbers_are_taken_off() -> None:
    """The code is read without them, from its first line on, whatever number that has."""
    for form in ("{:6d}\t{}", "{}: {}", "{:>6}→{}", "L{} {}", "{:04d}| {}"):
        if form == "L{} {}":
            continue
        text = "".join(form.format(number, line) for number, line in enumerate(PLAIN, start=40))
        framed = unframe("A heading:\n" + text + "(9 more lines)\n")
        assert (framed.first, framed.code, framed.number, framed.end) == (1, PLAIN, 40, 6), form


def test_numbers_that_jump_are_data() -> None:
    """Hits of a search are numbered too, but they are no listing."""
    text = "".join(f"{number * 3}: {line}" for number, line in enumerate(PLAIN, start=1))
    assert unframe(text).number == 0


def test_one_fence_is_taken_off() -> None:
    """Two or more are a page."""
    block = "```go\n" + "".join(PLAIN) + "```\n"
    framed = unframe(f"The file:\n{block}")
    assert (framed.first, framed.code, framed.language) == (2, PLAIN, "go")
    assert unframe(block + "And:\n" + block).first == 0
    assert unframe("```go\nno end\n").first == 0


@given(
    st.text(max_size=200),
    st.lists(st.sampled_from(["1: a\n", "2: b\n", "3: c\n", "```\n", "x\n", "~~~py\n", "\r"]), max_size=30),
)
def test_the_code_is_part_of_the_text(text: str, pieces: list[str]) -> None:
    """What is taken off and what is left are the lines that came."""
    for each in (text, "".join(pieces), "".join(pieces) + text):
        framed = unframe(each)
        assert framed.lines == split_lines(each)
        inside = framed.lines[framed.first : framed.end]
        assert len(inside) == len(framed.code)
        assert all(line.endswith(code) for line, code in zip(inside, framed.code, strict=True))


@pytest.mark.parametrize("line", ["~" * 100_000, "~~~" + "a" * 100_000 + "`", "~~~" + " " * 100_000 + "`"])
def test_a_line_that_nearly_opens_a_fence_is_read_once(line: str) -> None:
    """Its sign, its word and what follows may each be of any length."""
    with little_work(seconds=5):
        assert unframe(line).code == [line]
