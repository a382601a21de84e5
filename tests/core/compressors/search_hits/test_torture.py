"""Texts that are nearly search output: whatever they hold, nothing raises, and what is shown gives them back."""

from typing import Any

import pytest
from headroom_core.compressors.search_hits import SearchHits
from headroom_core.compressors.search_hits.notation import decode, encode
from headroom_core.compressors.search_hits.reading import laid_out, read
from headroom_core.text.lines import split_lines
from headroom_core.types import Fidelity, Guidance, no_deadline
from hypothesis import given, settings
from hypothesis import strategies as st

PATHS = (
    *("a.py", "src/a.py", "./src/a.py", "/srv/src/a.py", "/srv/src/b/c.py", "C:\\w\\a.cs", "C:/w/a.cs", "../x.py"),
    *(
        "2031-02-03/app.log",
        "src/app-2-b.py",
        "src/app",
        "12-notes.txt",
        "14",
        "7 dwarfs.txt",
        "größe.py",
        "-- x",
        "a b/c",
    ),
    *("| x", "\\x", "[hits", "--", "x-1-", "=", "./", "/", "a:b.py", "\ud800.py", "x\r"),
)
TEXTS = (
    *("", " ", "x", "def take(queue):", "    return queue.get()", "from pool.queue import Queue, Empty, take, give"),
    *(
        "from pool.queue import Queue, Empty, give, take",
        "…",
        "from pool.queue…",
        "from pool.queue import Queue…",
        "14 x",
    ),
    *(
        "14,15 x",
        "14-x",
        "14=x",
        "--",
        "-- a.py",
        "| x",
        "\\",
        "\\x",
        "a.py:14:x",
        "a.py-15-x",
        "src/a.py-2-x",
        ":3:",
        "-3-",
    ),
    *("\r", "x\r", "\t", "\u2028", "\x1b[31mx\x1b[0m", "12:30:01 x", "ä" * 40, " " * 40, "x" * 300, "=7", "0", "007 x"),
)
LINES = (
    *(
        "--",
        "",
        "-- ",
        "Binary file a.py matches",
        "grep: x: No such file",
        "a.py",
        "src/a.py",
        "12-notes.txt",
        "| raw",
    ),
    *("14:", "14:x", "15-x", "--\r", "0:x", "[hits by file: line number, text]", "x…", "\\", "999999999999:x"),
)
NUMBERS = st.one_of(st.integers(1, 12), st.integers(1, 10**9), st.sampled_from([0, 10**9, 10**12]))
MARKS = st.sampled_from([":", ":", ":", "-", "-", "="])
TEXT = st.one_of(st.sampled_from(TEXTS), st.text(max_size=8).map(lambda text: text.replace("\n", "")))


@st.composite
def outputs(draw: st.DrawFn) -> str:
    """Rows in runs of one path, with numbers that mostly rise, and other lines between."""
    headed = draw(st.booleans())
    groups, blanks, crlf = draw(st.booleans()), draw(st.booleans()), draw(st.integers(0, 5)) == 0
    lines: list[str] = []
    for _ in range(draw(st.integers(0, 5))):
        path = draw(st.sampled_from(PATHS))
        number = draw(NUMBERS)
        lines += ["", path] if headed and blanks and lines else [path] if headed else []
        for _ in range(draw(st.integers(0, 6))):
            mark = draw(MARKS)
            text = draw(TEXT)
            lines.append(f"{number}{mark}{text}" if headed else f"{path}{mark}{number}{mark}{text}")
            step = draw(st.sampled_from([1, 1, 1, 2, 7, 0, -3]))
            lines += ["--"] * (groups and step != 1)
            number = max(number + step, 0)
        lines += draw(st.lists(st.sampled_from(LINES), max_size=2))
    end = "\r\n" if crlf else "\n"
    return end.join(lines) + draw(st.sampled_from(["", end, end, end * 2]))


def check(text: str) -> None:
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    listing = read(text, no_deadline)
    assert laid_out(listing) == lines
    shown = encode(listing, newline=text.endswith("\n"), tick=no_deadline)
    assert decode(shown) == text
    hits = SearchHits()
    assert 0 <= hits.claim(text) <= 1
    for budget in (1, 60, None):
        view = hits.compress(text, Guidance(may_elide=True, budget=budget, question="where is the queue of a.py?"))
        assert view.source == text
        for region in view.regions:
            if region.fidelity is Fidelity.EQUIVALENT:
                assert hits.rebuilds(region.source, region.shown)
                assert len(region.shown) < len(region.source)
            if region.hidden is not None:
                assert region.hidden.total == len(split_lines(text))
                assert 0 < region.hidden.count <= region.hidden.total


@given(outputs())
def test_nothing_is_lost_of_what_nearly_is_search_output(text: Any) -> None:
    check(text)


@given(outputs(), outputs(), st.integers(0, 400))
def test_nor_of_outputs_that_are_cut_and_joined(first: Any, second: Any, cut: Any) -> None:
    check(first[:cut] + second)


@given(st.text(alphabet="a1:-= \n\r/|\\…,.[]", max_size=60))
def test_nor_of_letters_that_mean_something(text: Any) -> None:
    check(text)


@given(outputs(), st.text(alphabet="a1:-= \n|\\…,", max_size=8), st.integers(0, 400))
def test_the_decoder_takes_any_text(text: Any, other: Any, cut: Any) -> None:
    shown = encode(read(text, no_deadline), newline=True, tick=no_deadline)
    decode(shown[:cut] + other + shown[cut:])


@pytest.mark.parametrize(
    "text", ["a.py\r\n1:\r\n2:a.py:1:\r\na.py:2:\x1b[31mx\x1b[0m", "a.py:1:\r\n" * 9 + "src/a.py-1-\x1b[31mx\x1b[0m"]
)
def test_colours_of_a_line_that_is_no_row_stay(text: str) -> None:
    check(text)


@pytest.mark.long
def test_thousands_of_them() -> None:
    for test in (
        test_nothing_is_lost_of_what_nearly_is_search_output,
        test_nor_of_outputs_that_are_cut_and_joined,
        test_nor_of_letters_that_mean_something,
        test_the_decoder_takes_any_text,
    ):
        settings(max_examples=10_000, derandomize=False)(test)()
