"""What broke in other tools, held here for logs. Tests of one number, in all these files, are about one fault."""

from __future__ import annotations

import re

import pytest
from headroom_core import Fidelity, Headroom
from headroom_core.compressors.logs import Logs
from headroom_core.errors import OutOfTime
from headroom_core.text.lines import split_lines
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Guidance

from tests.clocks import little_work

COUNT = tokenizer_for("gpt-4o").count


def info_log(rows: int) -> str:
    clock = "04:{:02}:{:02}".format
    return "".join(
        f"2031-02-03 {clock(row // 60 % 60, row % 60)} INFO web: GET /item/{row} took {row % 17 + 3} ms\n"
        for row in range(rows)
    )


def test_case_8_a_log_of_nothing_but_info_never_becomes_nothing() -> None:
    """600 lines of one pattern were once shown as no line at all."""
    shown = Logs().compress(info_log(600), Guidance(count=COUNT, may_elide=True, level="strong")).shown
    assert shown.startswith("L1 2031-02-03 04:00:00 INFO web: GET /item/0 took 3 ms\n")
    assert "L600 2031-02-03 04:09:59 INFO web: GET /item/599 took 7 ms\n" in shown
    assert "600x L1-600 2031-02-03 {04:00:00..04:09:59} INFO web: GET /item/{0..599} took {3..19} ms\n" in shown


def test_case_9_what_is_hidden_is_named_in_the_source_s_own_lines() -> None:
    """`N items` was read as damage: an agent told another one not to trust the file."""
    with Headroom("memory://") as headroom:
        shown = headroom.shrink(info_log(3_000), kind="log", retrieval="tool").text
    marker = re.compile(
        r"^\[headroom [0-9a-f]{12,24}: lines 2-2999 of 3000 not shown, original intact; headroom_retrieve\]$"
    )
    assert marker.match(shown.split("\n")[0])


def test_case_11_every_line_that_is_shown_stands_in_the_source() -> None:
    """Words were dropped from the output of tools, and what was left said something else."""
    text = info_log(900) + "2031-02-03 05:00:00 ERROR disk: not a single byte was lost\n" + info_log(900)
    shown = Logs().compress(text, Guidance(count=COUNT, may_elide=True)).shown
    lines = split_lines(text)
    numbered = re.findall(r"^L(\d+) (.*\n)", shown, re.MULTILINE)
    assert numbered
    assert all(lines[int(number) - 1] == line for number, line in numbered)
    assert ("901", "2031-02-03 05:00:00 ERROR disk: not a single byte was lost\n") in numbered


@pytest.mark.parametrize(
    "text",
    [
        "total 8\n" + "".join(f"-rw-r--r-- 1 me me {row * 7919:8} Feb  3 04:05 file-{row}.txt\n" for row in range(60)),
        "".join(f"src/pool.py:{row}:    return error_of(job)\n" for row in range(1, 90)),
        "".join(f"def f_{row}(x):\n    return x + {row}\n\n" for row in range(60)),
        "On branch main\nChanges not staged for commit:\n"
        + "".join(f"\tmodified:   src/m{row}.py\n" for row in range(60)),
    ],
    ids=["ls", "grep", "python", "git status"],
)
def test_case_11_other_output_is_not_taken_for_a_log(text: str) -> None:
    assert Logs().claim(text) < 0.5


@pytest.mark.parametrize(
    "text",
    [
        "word " * 1_000_000,
        "1 " * 2_500_000,
        "a/" * 2_500_000,
        "f1" * 2_500_000,
        "[" * 5_000_000,
        "x\r" * 2_500_000,
        ("12 ab/" * 100_000 + "\n") * 3,
        "\n" * 500_000,
        info_log(200_000),
    ],
    ids=["words", "numbers", "slashes", "hex", "brackets", "redrawn", "long lines", "blank lines", "200,000 lines"],
)
def test_case_24_no_text_takes_long(text: str) -> None:
    """Seconds for megabytes: what is quadratic would take minutes here, and hold up everybody."""
    for may_elide in (False, True):
        with little_work(seconds=20):
            view = Logs().compress(text, Guidance(may_elide=may_elide))
        assert len(view.shown) <= len(text)


def test_case_24_time_is_asked_for_all_along() -> None:
    """Whoever asks only at the end is late whatever the answer."""
    asked = 0

    def tick() -> None:
        nonlocal asked
        asked += 1

    Logs().compress(info_log(5_000), Guidance(may_elide=True, tick=tick))
    total, asked = asked, 0
    assert total > 5

    def stop() -> None:
        nonlocal asked
        asked += 1
        if asked == total // 2:
            raise OutOfTime

    with pytest.raises(OutOfTime):
        Logs().compress(info_log(5_000), Guidance(may_elide=True, tick=stop))


def test_case_25_tokens_are_those_of_one_tokenizer_whatever_a_line_holds() -> None:
    """Two tokenizers in one subtraction once made a fifth of what was saved."""
    said = ["订单已创建", "注文を受け付けました 🎉", "def f(x): return x", "aGVhZHJvb20gbG9nIGxpbmU=", "café — ça va"]
    text = "".join(
        f"2031-02-03 04:{row // 60 % 60:02}:{row % 60:02} INFO {said[row % 5]} {row}\n" for row in range(900)
    )
    with Headroom("memory://") as headroom:
        for retrieval in ("none", "tool"):
            shown = headroom.shrink(text, kind="log", retrieval=retrieval, tenant=retrieval)
            assert (shown.receipt.tokens_before, shown.receipt.tokens_after) == (COUNT(text), COUNT(shown.text))
            assert 0 < shown.receipt.tokens_saved < shown.receipt.tokens_before


def test_an_equivalent_log_needs_nobody_who_answers() -> None:
    with Headroom("memory://") as headroom:
        shown = headroom.shrink(info_log(900), kind="log")
    assert shown.receipt.fidelity is Fidelity.EQUIVALENT
    assert shown.receipt.tokens_after < 0.6 * shown.receipt.tokens_before
