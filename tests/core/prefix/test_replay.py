"""What was shown for a block is shown again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from headroom_core.ccr.memory import MemoryStore
from headroom_core.prefix.replay import Decision, Replay, replay_keys
from headroom_core.types import Block, Fidelity, Outcome
from hypothesis import given
from hypothesis import strategies as st

BLOCK = Block(place=(1,), role="tool", text="text", origin="tool {}", question="why?")
MADE = Decision(Outcome.COMPRESSED, "shown", "log", Fidelity.ELIDED, "3f9a1c07be42")


@given(st.text(), st.text())
def test_a_decision_survives_its_spelling(shown: str, reason: str) -> None:
    for decision in (replace(MADE, shown=shown, reason=reason), replace(MADE, shown=None)):
        assert Decision.loads(decision.dumps()) == decision


@pytest.mark.parametrize("text", ["", "\n", "[]\n", "[1,2,3,4,5,6]\n", "{}\nx", '["later","","verbatim","","",true]\n'])
def test_what_is_no_decision_raises(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Decision.loads(text)


def key_of(block: Block, terms: str = "tool") -> str:
    return replay_keys([block], terms)[block.place]


def test_the_key_holds_all_that_could_have_guided_the_decision_and_nothing_else() -> None:
    keys = {
        key_of(BLOCK),
        key_of(BLOCK, "none"),
        key_of(replace(BLOCK, text="other")),
        key_of(replace(BLOCK, origin="other")),
        key_of(replace(BLOCK, question="other")),
        key_of(replace(BLOCK, origin="tool {}why?", question="")),
        key_of(replace(BLOCK, beside=("text", "other"))),
        key_of(replace(BLOCK, beside=("textother",))),
    }
    assert len(keys) == 8
    moved = replace(BLOCK, place=(9, "content"), tool_call_id="c2", frozen=True)
    assert key_of(moved) in keys


def test_a_key_is_that_of_earlier_versions() -> None:
    """Else what was shown before an upgrade would be another text after it."""
    together = [replace(BLOCK, place=(place,), beside=("text", "other")) for place in (2, 3)]
    alone, *others = replay_keys([BLOCK, *together], "tool").values()
    assert alone == "replay:60cb81887385cdd0dfc52ce3d09bb39c"
    assert others == ["replay:30c6279b92634f66344f16fa72c29e9d"] * 2


def test_a_decision_of_another_version_is_forgotten() -> None:
    store = MemoryStore()
    store.put("t", {"replay:1": "not ours"}, keep_for=timedelta(hours=1))
    assert Replay(store).recall("t", ["replay:1"]) == {}


def test_memory_is_bounded_by_what_is_shown() -> None:
    replay = Replay(MemoryStore(), memory_chars=3_000)
    for number in range(10):
        replay.remember("t", {f"k{number}": replace(MADE, shown="x" * 800)}, kept=True)
    remembered = replay.recall_from_memory("t", [f"k{number}" for number in range(10)])
    assert list(remembered) == ["k7", "k8", "k9"] or list(remembered) == ["k8", "k9"]
    replay.forget("t")
    assert replay.recall_from_memory("t", remembered) == {}
