"""The shorter spelling of search hits: what it looks like, and that nothing gets lost in it."""

from typing import Any

import pytest
from headroom_core.compressors.search_hits import SearchHits
from headroom_core.compressors.search_hits.notation import decode, encode
from headroom_core.compressors.search_hits.reading import read
from headroom_core.types import no_deadline

FLAT = """\
./src/pool.py:14:def take(job):
./src/pool.py:88:    take(job)
./src/pool.py:301:    take(job)
./tests/test_pool.py:7:from pool import take
Binary file ./build/pool.bin matches
"""
AROUND = """\
src/2031-02-03-pool.py-13-
src/2031-02-03-pool.py:14:def take(job):
src/2031-02-03-pool.py-15-    see other.py:12: there
--
src/2031-02-03-pool.py-87-14 is the limit
src/2031-02-03-pool.py:88:    take(job)
src/2031-02-03-pool.py-89---
--
tests/test_pool.py:7:from pool import take
tests/test_pool.py-8-import sys
"""
HEADED = """\
src/pool.py
14:def take(job):
15-    pass
--
88:    take(job)

12-notes.txt
7:take it
"""
WINDOWS = (
    "C:\\work\\pool.py:14:def take(job):\r\nC:\\work\\pool.py:19:    take(job)\r\nC:\\work\\a\\b.py:2:import take\r\n"
)
DEFINITIONS = "a.c=3=int main()\na.c:9:  take();\n--\na.c=20=int tail()\na.c:31:  take();\n"


def spelled(text: str) -> str:
    return encode(read(text, no_deadline), newline=text.endswith("\n"), tick=no_deadline)


@pytest.mark.parametrize("text", [FLAT, AROUND, HEADED, WINDOWS, DEFINITIONS])
@pytest.mark.parametrize("ended", [True, False])
def test_the_source_is_rebuilt(text: Any, ended: Any) -> None:
    text = text if ended else text.removesuffix("\n")
    assert decode(spelled(text)) == text
    assert SearchHits().rebuilds(text, spelled(text))
    assert not SearchHits().rebuilds(text + "x", spelled(text))


def test_a_path_stands_once_and_a_text_repeated_in_a_file_too() -> None:
    assert spelled(FLAT).splitlines() == [
        "[hits by file: line number, text; paths in ./]",
        "src/pool.py",
        "14 def take(job):",
        "88,301     take(job)",
        "tests/test_pool.py",
        "7 from pool import take",
        "| Binary file ./build/pool.bin matches",
    ]


def test_only_hits_bear_numbers_where_lines_stand_around_them() -> None:
    assert spelled(AROUND).splitlines() == [
        "[hits by file: line number, text; lines without number stand around]",
        "-- src/2031-02-03-pool.py",
        "",
        "14 def take(job):",
        "    see other.py:12: there",
        "--",
        "\\14 is the limit",
        "88     take(job)",
        "\\--",
        "-- tests/test_pool.py",
        "7 from pool import take",
        "import sys",
    ]


def test_a_drive_and_the_folder_of_absolute_paths_are_said_once() -> None:
    assert spelled(WINDOWS).splitlines() == [
        "[hits by file: line number, text; paths in C:\\work\\]",
        "pool.py",
        "14 def take(job):",
        "19     take(job)",
        "a\\b.py",
        "2 import take",
    ]


def test_a_long_line_that_comes_again_is_cut_at_a_word() -> None:
    text = "".join(f"src/{name}.py:3:from pool.workers import take, give_back\n" for name in "abc")
    assert spelled(text).splitlines()[2:5:2] == [
        "3 from pool.workers import take, give_back",
        "3 from pool.workers…",
    ]
    assert decode(spelled(text)) == text


def test_nothing_is_cut_where_the_source_itself_ends_lines_so() -> None:
    text = "".join(f"src/{name}.py:3:from pool.workers import take, give_back\n" for name in "abc") + "d.py:1:wait…\n"
    assert "give_back" in spelled(text).splitlines()[4]
    assert decode(spelled(text)) == text


@pytest.mark.parametrize("text", ["", "\n", "[hits", "[hits by file: line number, text]\n9" + "9" * 5000 + " x\n"])
def test_reading_what_nobody_wrote_raises_nothing(text: Any) -> None:
    decode(text)
