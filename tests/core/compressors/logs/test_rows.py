"""The equivalent form of logs: rows that any reader can follow alone, and that rebuild the text exactly."""

from __future__ import annotations

import pytest
from headroom_core.compressors.logs import Logs
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Fidelity, Guidance

GUIDANCE = Guidance(count=tokenizer_for("gpt-4o").count)


def pool_log(end: str = "\n") -> str:
    took = "2031-02-03 04:05:{:02} INFO pool: worker {} took job job_77_{:04} from /q/red"
    lines = [took.format(job + 7, job % 7, job) for job in range(30)]
    lines.insert(20, "2031-02-03 04:05:27 ERROR pool: worker 5 died: exit 137")
    first, last = "2031-02-03 04:05:06 INFO pool: start", "2031-02-03 04:07:00 INFO pool: stop"
    return end.join([first, *lines, last, ""])


def shown(text: str) -> str:
    view = Logs().compress(text, GUIDANCE)
    assert view.source == text
    assert view.fidelity is Fidelity.EQUIVALENT
    return view.shown


def test_repeated_parts_are_said_once() -> None:
    text = pool_log()
    seen = shown(text)
    assert seen.count("took job") == 1
    assert GUIDANCE.count(seen) < 0.55 * GUIDANCE.count(text)


def test_first_last_and_error_lines_stay_whole() -> None:
    seen = shown(pool_log()).split("\n")
    for line in ("06 INFO pool: start", "27 ERROR pool: worker 5 died: exit 137", "07:00 INFO pool: stop"):
        assert any(row.endswith(line) and row.startswith("2031-02-03") for row in seen)


def test_one_of_every_error_text_stands_whole() -> None:
    """Numbers aside: what went wrong is found by searching for its words, in this form too."""
    kinds = [f"ERROR {left}{right}: no room left for job" for left in "abcde" for right in "fghij"]
    lines = [f"2031-02-03 04:05:{row % 60:02} {kinds[row % 25]} {row}" for row in range(200)]
    rows = shown("start\n" + "\n".join(lines) + "\nstop\n").split("\n")
    assert all(any(kind in row and row.startswith("2031-02-03 04:05:") for row in rows) for kind in kinds)


def test_every_row_bears_its_whole_time() -> None:
    """A reader who sees `48` alone takes it for another value."""
    seen = shown(pool_log())
    assert "A,04:05:07,0,0000" in seen


@pytest.mark.parametrize(
    "text",
    [
        pool_log(),
        pool_log("\r\n"),
        pool_log().rstrip("\n"),
        pool_log() + "\n\n  \n",
        pool_log() + "A,1,2\n\\A,3\n\\\\\nA\n",
        pool_log().replace("worker", "worker {} {1}"),
        pool_log().replace("worker", "worker <> {}"),
        pool_log().replace("pool", "p\0ol\1"),
        pool_log().replace("job_", "٣_"),
        pool_log().replace("red", "r\ud800d"),
        pool_log().replace(" INFO", "\tINFO\x0b\x85"),
        shown(pool_log()) * 3,
        pool_log().replace("worker", "worker {>9}"),
        pool_log() + "".join("nobody waits for a job" + " " * (row % 4 + 1) + "\n" for row in range(12)),
    ],
    ids=range(14),
)
def test_the_text_is_rebuilt_letter_for_letter(text: str) -> None:
    assert Logs().rebuilds(text, shown(text))


@pytest.mark.parametrize("text", ["", "\n", "one line", "a\nb\nc\n", "1\n2\n3\n4\n5\n6\n", "x" * 5000])
def test_what_has_no_pattern_stays_as_it_came(text: str) -> None:
    view = Logs().compress(text, GUIDANCE)
    assert (view.source, view.shown) == (text, text)


@pytest.mark.parametrize("shown_text", ["", "x", "[log: A=pattern, then rows A,values; {}=value]\nA={} b\n\nA\n"])
def test_what_is_no_equivalent_form_is_not_decoded(shown_text: str) -> None:
    assert not Logs().rebuilds("x\ny", shown_text)
