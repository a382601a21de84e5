"""Outputs that another tool has shortened already, RTK and LeanCTX above all: never doubled, never broken.

The texts are ours, in the shape that these tools' documentation shows. What such a tool says of what it left out is all
that a model has to ask it by.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from headroom_core import Headroom

from tests.content import conversation

RTK_STATUS = "* main\n" + "~ Modified: 60 files\n" + "".join(f"   src/part_{n}/shape.ts\n" for n in range(60))
RTK_STATUS += "? Untracked: 2 files\n   docs/\n   sample.json\n"
RTK_TESTS = (
    "FAILED: 2/214 tests\n\n"
    "  test_a_refund (tests/test_orders.py:88)\n    AssertionError: assert 'refused' == 'paid'\n"
    "  test_a_quota (tests/test_disk.py:14)\n    OSError: [Errno 122] disk quota exceeded: '/var/spool/q7'\n\n"
)
RTK_TEE = "[full output: ~/.local/share/rtk/tee/1790000000_pytest.log]\n"
RTK_HITS = "93 matches in 31F:\n\n" + "".join(
    f"[file] src/part_{n}/shape.ts (3):\n  {n + 7}: export function area{n}(w: number, h: number)\n"
    f"  {n + 19}: return area{n}(w, h)\n  +1\n"
    for n in range(31)
)
RTK_LOG = "[warn] 2 unique (418x):\n" + "".join(
    f"  [x{n * 7 % 50 + 2}] worker-{n % 5} retries job {n} after {n * 13} ms\n" for n in range(80)
)
LEAN_MAP = "src/shape.ts [412L]\n  deps: ./part, ./unit\n  exports: Shape, area\n  API:\n" + "".join(
    f"    fn area{n}(w:n, h:n) -> n @L{n * 9 + 3}\n" for n in range(70)
)
LEAN_HINT = "[lean-ctx: compact view, full source on request]\n"

SHORTENED = {
    "rtk git status": RTK_STATUS,
    "rtk pytest": RTK_TESTS + RTK_TEE,
    "rtk grep": RTK_HITS,
    "rtk log": RTK_LOG + RTK_TEE,
    "lean-ctx read -m map": LEAN_MAP + LEAN_HINT,
}


@pytest.fixture
def headroom() -> Iterator[Headroom]:
    with Headroom("memory://") as made:
        yield made


def shown(headroom: Headroom, text: str, **options: Any) -> str:
    """What a model is shown of a tool's result."""
    result = headroom.compress(conversation(text), **options)
    content: str = result.messages[-1]["content"]  # type: ignore[assignment]  # a text, as it came
    assert result.tokens_after <= result.tokens_before
    return content


@pytest.mark.parametrize("text", SHORTENED.values(), ids=SHORTENED)
@pytest.mark.parametrize("retrieval", ["none", "tool"])
def test_it_is_shortened_at_most_once_more_and_comes_back_whole(headroom: Headroom, text: str, retrieval: Any) -> None:
    once = headroom.compress(conversation(text), retrieval=retrieval)
    for receipt in once.receipts:
        assert not receipt.handle or headroom.retrieve(receipt.handle).text == text
    again = headroom.compress(once.messages, retrieval=retrieval)
    assert again.messages == once.messages


@pytest.mark.parametrize("note", [RTK_TEE, LEAN_HINT])
@pytest.mark.parametrize("retrieval", ["none", "tool"])
@pytest.mark.parametrize("text", SHORTENED.values(), ids=SHORTENED)
def test_where_the_rest_is_stays_said(headroom: Headroom, text: str, note: str, retrieval: Any) -> None:
    """The file or the tool by which a model gets what the other one left out."""
    if note in text:
        assert note.strip() in shown(headroom, text, retrieval=retrieval)


@pytest.mark.parametrize("retrieval", ["none", "tool"])
def test_failures_that_it_has_picked_out_stay(headroom: Headroom, retrieval: Any) -> None:
    """Beside a hundred lines that another tool printed, too."""
    noise = "".join(f"ok {n} part_{n}.test.ts ({n * 7 % 40} ms)\n" for n in range(200))
    text = shown(headroom, noise + RTK_TESTS + RTK_TEE, retrieval=retrieval)
    for line in RTK_TESTS.split("\n"):
        assert line.strip() in text


def test_a_short_one_is_left_alone(headroom: Headroom) -> None:
    """As most of them are: that is what they are for."""
    text = RTK_TESTS + RTK_TEE
    messages = conversation(text)
    assert headroom.compress(messages, retrieval="tool").messages[-1] is messages[-1]
