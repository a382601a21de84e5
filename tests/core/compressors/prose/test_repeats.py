"""What stands in a document twice is said once, and a decoder gives it back."""

from __future__ import annotations

import pytest
from headroom_core.compressors.prose.repeats import LEAST_CHARS, lengthen, shorten
from headroom_core.types import no_deadline
from hypothesis import given
from hypothesis import strategies as st

NOTICE = (
    "Permission is granted to all who ask.\n\nThe thing is lent as it is, and nobody promises\nthat it works."
    + "\n" * 2
)
LICENCE = (
    NOTICE + "- bring it back before dark, and clean, and whole\n- tell the next one what you found out about it\n"
)
CODE = """```
first = open_the(shed)

second = take(first, 'spade', until='dark', returned=True, clean=True)
# and back again before anybody asks for it
```
"""


def said_once(text: str) -> str:
    """The shorter form, seen to be rebuilt."""
    shown = shorten(text, no_deadline)
    assert shown is not None
    assert lengthen(shown) == text
    return shown


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n", "  \n"])
@pytest.mark.parametrize(
    "block", [LICENCE, CODE + "\nAnd then a paragraph of some length follows.\n"], ids=["licence", "code"]
)
def test_paragraphs_that_came_before_are_a_line(block: str, end: str) -> None:
    """Under the numbers of their lines, and the words that they begin with; line ends behind them stay."""
    text = f"spade\n\n{block}\nrake\n\n{block.rstrip()}{end}"
    shown = said_once(text)
    assert shown.count(block.rstrip()) == 1
    assert f"[lines 3-{2 + block.rstrip().count(chr(10)) + 1} again: " in shown
    said_once(text.replace("\n", "\r\n"))


def test_a_short_first_line_is_named_whole() -> None:
    """What follows it is no part of its name, here or where it is looked up."""
    block = f"A short line. \n\n{LICENCE}"
    assert "again: A short line.]" in said_once(f"{block}\nrake\n\n{block}")


def test_the_third_time_names_the_first() -> None:
    shown = said_once("\n".join(f"tool {number}\n\n{LICENCE}" for number in range(9)))
    assert shown.count("[lines 3-9 again: Permission is granted to all who ask.]") == 8


def test_short_repeats_stay() -> None:
    """A reader who has to look somewhere else for one line is served worse than one who reads it twice."""
    text = "a short line\n\nanother\n\n" * 30
    assert len("another") < LEAST_CHARS
    assert shorten("one line of words that comes again\n\n" * 2, no_deadline) is None
    said_once(text)  # a run of many is long


def test_lines_that_look_like_ours_leave_a_text_alone() -> None:
    """Else a reader, and the decoder, would take the page's own words for ours."""
    assert shorten(f"{LICENCE}\n[lines 1-2 again: Permission]\n\n{LICENCE}", no_deadline) is None


@pytest.mark.parametrize(
    "shown",
    ["[lines 1-2 again: x]", "a\n[lines 1-1 again: b]", "[lines 9-1 again: ]", "a\n\n[lines 1-999999999 again: a]\n"],
)
def test_the_decoder_takes_what_is_no_repeat(shown: str) -> None:
    assert isinstance(lengthen(shown), str)


@given(
    st.lists(
        st.sampled_from([LICENCE, NOTICE, CODE, "x\n", "\n", " ", "- y\n", "# Z\n", "[lines 1-2 again: x]\n", "\r\n"])
    )
)
def test_whatever_repeats_is_rebuilt(parts: list[str]) -> None:
    text = "".join(parts)
    shown = shorten(text, no_deadline)
    assert shown is None or lengthen(shown) == text
