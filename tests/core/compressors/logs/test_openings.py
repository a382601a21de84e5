"""Logs whose lines share little but how they begin: that is said once, and the lines stay as they are."""

from __future__ import annotations

import pytest
from headroom_core.compressors.logs import Logs
from headroom_core.compressors.logs.openings import cut_openings, may_pay, with_openings
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Fidelity, Guidance

from tests.clocks import little_work

GUIDANCE = Guidance(count=tokenizer_for("gpt-4o").count)
STAMP = "May  6 08:47:{:02} depot7 syncd[311]:"
SAID = (
    "started",
    "uploaded file img_{0} to photos in {1} parts",
    "peer p{0} is in step, lag {1} s",
    "quota of acct-{0} now at {1} MB",
    "retry {1} of chunk c{0} for gita",
)


def short_log(stamp: str = STAMP) -> str:
    lines = [f"{stamp.format(at)} {SAID[at * 7 % 5].format(5520 + at * 31, at * 13 % 97)}" for at in range(24)]
    lines[9] = f"{stamp.format(9)} error: checksum of img_9001 does not match"
    return "\n".join([*lines, f"{stamp.format(59)} stopped", ""])


def test_the_values_of_a_short_log_stand_among_their_words() -> None:
    """A small model that looks values up finds them here as often as in the source, and less often in columns."""
    view = Logs().compress(short_log(), GUIDANCE)
    assert view.source == short_log()
    assert view.fidelity is Fidelity.EQUIVALENT
    header, first, second, *_ = view.shown.split("\n")
    assert header == '[log: lines begin "May  6 {} depot7 syncd[311]:", here cut to {}]'
    assert first == "May  6 08:47:00 depot7 syncd[311]: started"
    assert second == "08:47:01 peer p5551 is in step, lag 13 s"
    assert GUIDANCE.count(view.shown) < 0.7 * GUIDANCE.count(short_log())


def test_the_first_the_last_and_error_lines_stay_whole() -> None:
    shown = Logs().compress(short_log(), GUIDANCE).shown
    for line in (
        "00 depot7 syncd[311]: started",
        "09 depot7 syncd[311]: error: checksum of",
        "59 depot7 syncd[311]: stop",
    ):
        assert f"\nMay  6 08:47:{line}" in shown


@pytest.mark.parametrize(
    ("stamp", "header"),
    [
        ("2031-05-06 08:47:{:02},104", '[log: lines begin "2031-05-06 {},104", here cut to {}]'),
        ("08:47:{:02} depot7 INFO got file", '[log: lines begin "{} depot7 INFO got", here cut to {}]'),
        ("[06/May/2031:08:47:{:02}]", '[log: lines begin "[06/May/2031:{}]", here cut to {}]'),
        ("2031-05-06T08:47:{:02}.5Z INFO", '[log: lines begin "2031-05-06T{}.5Z INFO", here cut to {}]'),
    ],
)
def test_any_stamp_with_a_clock_will_do(stamp: str, header: str) -> None:
    text = short_log(stamp)
    cut = cut_openings(text.split("\n"), bytearray(text.count("\n") + 1))
    assert cut
    assert cut.startswith(header)
    assert with_openings(cut) == text


@pytest.mark.parametrize(
    "odd",
    [
        "09:00:00 a line that looks as if it were cut",
        "\\09:00:00 one that looks escaped",
        '[log: lines begin "x {}", here cut to {}]',
        "May  7 00:00:01 depot7 syncd[311]: the next day",
        "May  6 09:00:00",
        "  at frame one",
        "",
        "May  6 09:00:00 depot7 syncd[311]: ends with a carriage return\r",
    ],
)
def test_lines_of_any_other_kind_come_back(odd: str) -> None:
    lines = [*short_log().split("\n")[:12], odd, *short_log().split("\n")[12:]]
    cut = cut_openings(lines, bytearray(len(lines)))
    assert cut
    assert with_openings(cut) == "\n".join(lines)


@pytest.mark.parametrize(
    "text", ["", "\n\n", "08:00:01 a\n08:00:02 b", "one\ntwo\nthree {}", "{} 08:00:01 a\n{} 08:00:02 b"]
)
def test_where_nothing_is_shared_nothing_is_cut(text: str) -> None:
    lines = text.split("\n")
    assert cut_openings(lines, bytearray(len(lines))) is None


def test_a_long_log_of_few_patterns_still_gets_rows() -> None:
    """There they are much shorter: in a long one that counts for more."""
    text = "".join(f"{STAMP.format(at)} peer p{at} is in step, lag {at * 7 % 50} s\n" for at in range(60)) * 3
    assert Logs().compress(text, GUIDANCE).shown.startswith("[log: A=pattern")


def test_where_openings_are_little_of_the_lines_a_few_of_them_tell() -> None:
    """A long log isn't written in a form that can't be shorter than its rows."""
    few = short_log().split("\n")
    much = [f"{line} {'and so on ' * 40}" for line in few]
    assert [may_pay(lines, 0.6) for lines in (few, few * 100, much, much * 100)] == [True, True, False, False]
    assert not may_pay([line[len(STAMP) :] for line in few], 0.6)


def test_blanks_that_all_lines_share_are_read_once() -> None:
    """From each of them a word was sought behind the rest."""
    lines = [f"12:00:0{number}{' ' * 100_000}{number} jobs" for number in range(4)]
    with little_work(seconds=5):
        assert cut_openings(lines, bytearray(4))


def test_a_line_is_cut_before_a_blank_that_all_have() -> None:
    """A blank that only the first has is none: what the others go on with would stand at their clocks."""
    lines = [f"May  6 8:47:0{number} depot7 syncd[{pid}" for number, pid in enumerate((" ", "1", "s"))]
    cut = cut_openings(lines, bytearray(3))
    assert cut is not None
    assert with_openings(cut) == "\n".join(lines)
