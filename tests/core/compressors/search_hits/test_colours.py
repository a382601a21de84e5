"""Coloured output: what the tools give a terminal, shown without its codes and rebuilt with them."""

from __future__ import annotations

import pytest
from headroom_core.compressors.search_hits import SearchHits
from headroom_core.compressors.search_hits.colours import learned, read_dress, taken_off
from headroom_core.types import Fidelity, Guidance, no_deadline

from tests.clocks import little_work


def grep(number: int, mark: str = ":", text: str = "    \x1b[01;31m\x1b[Kqueue\x1b[m\x1b[K.put(job)") -> str:
    separator = f"\x1b[m\x1b[K\x1b[36m\x1b[K{mark}\x1b[m\x1b[K"
    return f"\x1b[35m\x1b[Ksrc/p.py{separator}\x1b[32m\x1b[K{number}{separator}{text}\n"


END = "\x1b[36m\x1b[K--\x1b[m\x1b[K\n"
TOOLS = {
    "grep": "".join(grep(number) for number in range(1, 40)),
    "grep with context": "".join(
        grep(n, "-", "a") + grep(n + 1) + grep(n + 2, "-", "b") + END for n in range(1, 200, 5)
    ),
    "rg": "".join(
        f"\x1b[0m\x1b[35msrc/p.py\x1b[0m:\x1b[0m\x1b[32m{n}\x1b[0m:x \x1b[0m\x1b[1m\x1b[31mqueue\x1b[0m {n}\n"
        for n in range(1, 40)
    ),
    "rg with headings": "".join(
        f"\x1b[0m\x1b[35msrc/p{n}.py\x1b[0m\n\x1b[0m\x1b[32m7\x1b[0m:\x1b[0m\x1b[1m\x1b[31mqueue\x1b[0m.put\n"
        f"\x1b[0m\x1b[32m8\x1b[0m-{n}\n\n"
        for n in range(1, 40)
    ),
    "git grep": "".join(
        f"\x1b[35msrc/p.py\x1b[m\x1b[36m:\x1b[m\x1b[32m{n}\x1b[m\x1b[36m:\x1b[m\x1b[1;31mqueue\x1b[m.put({n})\n"
        for n in range(1, 40)
    ),
    "ag": "".join(
        f"\x1b[1;32msrc/p.py\x1b[0m\x1b[K:\x1b[1;33m{n}\x1b[0m\x1b[K:x \x1b[30;43mqueue\x1b[0m\x1b[K {n}\n"
        for n in range(1, 40)
    ),
    "words that differ": "".join(
        grep(n, text=f"x \x1b[01;31m\x1b[K{'Queue' if n % 2 else 'queue'}\x1b[m\x1b[K") for n in range(1, 40)
    ),
    "colours of the source": "".join(grep(n, text=f"x \x1b[7mqueue\x1b[0m {n}") for n in range(1, 40)),
    "without an end": "".join(grep(number) for number in range(1, 40)).removesuffix("\n"),
}


@pytest.mark.parametrize("name", TOOLS)
def test_coloured_output_is_shortened_and_rebuilt(name: str) -> None:
    text = TOOLS[name]
    assert SearchHits().claim(text) >= 0.8
    (region,) = SearchHits().compress(text, Guidance()).regions
    assert region.fidelity is Fidelity.EQUIVALENT
    assert SearchHits().rebuilds(text, region.shown)
    assert len(region.shown) < 0.5 * len(text)


def test_a_word_that_was_searched_for_is_said_once_and_lines_stay_readable() -> None:
    (region,) = SearchHits().compress(TOOLS["grep"], Guidance()).regions
    assert region.shown.startswith("[hits by file: line number, text; colours 35mK/")
    assert '"queue"]\n' in region.shown
    assert "    queue.put(job)\n" in region.shown
    (marked,) = SearchHits().compress(TOOLS["words that differ"], Guidance()).regions
    assert "«Queue»" in marked.shown


def test_where_hits_are_left_out_no_marks_are_shown() -> None:
    text = "".join(
        grep(n, text=f"x \x1b[01;31m\x1b[K{'Queue' if n % 2 else 'queue'}\x1b[m\x1b[K {n}") for n in range(1, 900)
    )
    (region,) = SearchHits().compress(text, Guidance(may_elide=True, level="strong")).regions
    assert region.fidelity is Fidelity.ELIDED
    assert "\x1b" not in region.shown
    assert "«" not in region.shown
    assert "x Queue 1\n" in region.shown


def test_text_that_holds_our_marks_keeps_its_colours() -> None:
    text = TOOLS["grep"].replace("put", "«put»")
    assert SearchHits().compress(text, Guidance()).shown == text


@pytest.mark.parametrize("spelled", ["", "1m/2m", "/" * 12, '///////// "'])
def test_what_is_no_dress_is_refused(spelled: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_dress(spelled)
    assert not SearchHits().rebuilds("a", f"[hits by file: line number, text; colours {spelled}]\na\n1 x\n")


def test_lines_that_are_coloured_otherwise_stay() -> None:
    lines = [*TOOLS["git grep"].split("\n")[:9], "\x1b[1mBinary file matches\x1b[0m", "plain"]
    dress = learned(lines)
    assert dress is not None
    plain, _ = taken_off(lines, dress, no_deadline)
    assert plain[0] == "src/p.py:1:queue.put(1)"
    assert plain[9:] == lines[9:]
    assert learned(["a.py:1:x", "b"]) is None


def test_a_run_of_codes_is_read_once() -> None:
    """Where no match stands in them, they were read again from each."""
    row = "\x1b[35ma.py\x1b[m\x1b[36m:\x1b[m\x1b[32m7\x1b[m\x1b[36m:\x1b[m"
    with little_work(seconds=5):
        assert learned([row + "\x1b[3m" * 40_000 + "x"])
