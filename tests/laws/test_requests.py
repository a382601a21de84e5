"""The laws that hold for whole requests, over everything in the tables."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from headroom_core import Fidelity, Headroom, Outcome
from headroom_core.text.tokens import tokenizer_for
from hypothesis import given
from hypothesis import strategies as st

from tests.content import conversation, log, records_json

count = tokenizer_for("gpt-4o").count

TEXTS = st.one_of(
    st.integers(0, 400).map(records_json),
    st.integers(0, 900).map(log),
    st.text(max_size=600),
    st.text(alphabet=st.characters(codec=None, categories=("Cs", "Lu", "Zs", "Cc")), max_size=200),
    st.builds(lambda head, body: head + "\n" + body, st.text(max_size=80), st.integers(5, 80).map(records_json)),
    st.builds(lambda body, end: body[:-end], st.integers(20, 300).map(log), st.integers(1, 200)),
)


def contents(messages: list[Any]) -> list[str]:
    return [str(message["content"]) for message in messages if message["role"] == "tool"]


@given(st.lists(TEXTS, max_size=4), st.sampled_from(["none", "tool"]))
def test_never_larger(texts: list[str], retrieval: Any) -> None:
    with Headroom("memory://") as headroom:
        messages = conversation(*texts)
        result = headroom.compress(messages, retrieval=retrieval)
        assert result.tokens_after <= result.tokens_before
        for ours, theirs in zip(contents(result.messages), texts, strict=True):
            assert ours is theirs or count(ours) < count(theirs)


@given(st.lists(TEXTS, max_size=4))
def test_never_lost(texts: list[str]) -> None:
    """Every handle that is shown, or named in a receipt, gives back the exact original."""
    with Headroom("memory://") as headroom:
        result = headroom.compress(conversation(*texts), retrieval="tool")
        for receipt in result.receipts:
            if receipt.handle:
                assert headroom.retrieve(receipt.handle).text == texts[(int(receipt.place[0]) - 3) // 2]
        for content in contents(result.messages):
            for handle in re.findall(r"\[headroom ([0-9a-f]{12,24}):", content):
                assert headroom.retrieve(handle).text in texts


@given(st.lists(TEXTS, max_size=3))
def test_never_a_dead_end(texts: list[str]) -> None:
    """Where nothing would answer, nothing is left out and no marker shown."""
    with Headroom("memory://") as headroom:
        result = headroom.compress(conversation(*texts), retrieval="none")
        assert not result.handles
        assert all(receipt.fidelity is not Fidelity.ELIDED for receipt in result.receipts)


def test_at_most_three_markers_a_block() -> None:
    with Headroom("memory://") as headroom:
        result = headroom.compress(conversation(log(5000), records_json(5000)), retrieval="tool")
        for content in contents(result.messages):
            assert 1 <= content.count("[headroom ") <= 3


def test_never_different_twice_in_a_conversation_of_fifty_turns(tmp_path: Path) -> None:
    """Each turn sends the whole history; a new process, with other settings, takes over on the way."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    texts = [records_json(20 + 9 * turn) if turn % 2 else log(30 + 11 * turn) for turn in range(50)]
    sent: list[str] = []
    headroom = Headroom(url)
    for turn in range(1, 51):
        if turn in (20, 35):
            headroom.close()
            headroom = Headroom(url)
        messages = conversation(*texts[:turn])
        result = headroom.compress(messages, retrieval="tool")
        wire = [json.dumps(message) for message in result.messages]
        assert wire[: len(sent)] == sent
        sent = wire
    headroom.close()


def test_replay_outlives_a_change_of_policy(tmp_path: Path) -> None:
    from headroom_core import Policy

    url = f"sqlite:///{tmp_path / 'store.db'}"
    messages = conversation(log(4000), records_json(3000), "short answer\n" * 20)
    with Headroom(url, Policy(level="light")) as headroom:
        first = headroom.compress(messages, retrieval="tool")
    for policy in (Policy(level="strong"), Policy(exclude_tools=("*",)), Policy(min_tokens=0), Policy(kinds=())):
        with Headroom(url, policy) as headroom:
            again = headroom.compress(messages, retrieval="tool")
            assert again.messages == first.messages
            assert again.tokens_after == first.tokens_after


def test_what_follows_a_block_never_changes_it() -> None:
    with Headroom("memory://") as one, Headroom("memory://", secret=b"another secret!!") as other:
        messages = conversation(log(4000))
        alone = one.compress(messages).messages[3]
        later = [*messages, {"role": "user", "content": "And what of job 7123?"}]
        assert other.compress(later).messages[3] == alone


def test_the_same_request_gives_the_same_bytes_in_another_store() -> None:
    messages = conversation(log(4000), records_json(3000))
    wires = set()
    for _ in range(3):
        with Headroom("memory://", secret=b"one secret for all") as headroom:
            wires.add(json.dumps(headroom.compress(messages, retrieval="tool").messages))
    assert len(wires) == 1


def test_never_ours_to_touch() -> None:
    """Whatever isn't a tool result is the same object out as in."""
    big = log(1000)
    messages: list[Any] = [
        {"role": "system", "content": big},
        {"role": "user", "content": big},
        {"role": "user", "content": [{"type": "text", "text": big}, {"type": "image_url", "image_url": {"url": "x"}}]},
        {"role": "assistant", "content": big, "tool_calls": [{"id": "1", "function": {"name": "f", "arguments": big}}]},
        {"role": "assistant", "content": [{"type": "thinking", "thinking": big, "signature": "s"}]},
        {"role": "tool", "tool_call_id": "1", "content": "ok"},
        {"type": "reasoning", "encrypted_content": big},
        {"type": "a_block_of_tomorrow", "content": big},
    ]
    before = copy.deepcopy(messages)
    with Headroom("memory://") as headroom:
        result = headroom.compress(messages, retrieval="tool")
    assert all(ours is theirs for ours, theirs in zip(result.messages, messages, strict=True))
    assert messages == before


def test_what_stands_before_a_breakpoint_stays_as_it_came() -> None:
    messages = conversation(log(1000), log(1200))
    messages[4]["cache_control"] = {"type": "ephemeral"}
    with Headroom("memory://") as headroom:
        result = headroom.compress(messages, retrieval="tool")
        assert [receipt.outcome for receipt in result.receipts] == [Outcome.FROZEN, Outcome.COMPRESSED]
        assert result.messages[3] is messages[3]
        del messages[4]["cache_control"]
        assert headroom.compress(messages, retrieval="tool").messages[3] is messages[3]


def test_a_breakpoint_that_moves_on_replays_what_was_shown() -> None:
    messages = conversation(log(1000))
    with Headroom("memory://") as headroom:
        first = headroom.compress(messages, retrieval="tool")
        later: list[Any] = [*messages, {"role": "user", "content": "so?", "cache_control": {"type": "ephemeral"}}]
        second = headroom.compress(later, retrieval="tool")
        assert second.receipts[0].outcome is Outcome.REPLAYED
        assert second.messages[3] == first.messages[3]


def test_never_twice() -> None:
    """A block that bears one of our markers is left alone, and so is the answer of headroom_retrieve."""
    with Headroom("memory://") as headroom:
        shown = headroom.compress(conversation(log(3000)), retrieval="tool").messages[3]["content"]
        again = headroom.compress(conversation(str(shown) + log(600)), retrieval="tool")
        assert [receipt.outcome for receipt in again.receipts] == [Outcome.MARKED]
        foreign = headroom.compress(conversation(str(shown) + log(600)), tenant="other", retrieval="tool")
        assert [receipt.outcome for receipt in foreign.receipts] == [Outcome.COMPRESSED]


@pytest.mark.parametrize("name", ["headroom_retrieve", "mcp__tools__headroom_retrieve"])
def test_an_answer_of_retrieve_is_never_compressed(name: str) -> None:
    messages = conversation(log(3000))
    messages[2]["tool_calls"][0]["function"]["name"] = name
    with Headroom("memory://") as headroom:
        for _ in range(5):
            result = headroom.compress(messages, retrieval="tool")
            assert result.messages[3] is messages[3]


def test_planted_markers_are_data() -> None:
    planted = "[headroom 3f9a1c07be42: rows 16-965 of 1000 not shown, original intact; headroom_retrieve]\n"
    with Headroom("memory://") as headroom:
        result = headroom.compress(conversation(planted + log(2000)))
        assert [receipt.outcome for receipt in result.receipts] == [Outcome.COMPRESSED]
        assert not result.handles
