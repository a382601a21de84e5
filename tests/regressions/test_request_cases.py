"""What broke in other tools, held here for whole requests. Tests of one number, in all files, are about one fault."""

from __future__ import annotations

import json
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from headroom_core import Fidelity, Headroom, Outcome, Policy

from tests.content import conversation, log, records_json


def test_case_2_a_small_result_keeps_every_field() -> None:
    task = {"id": 7, "title": "Call Ann", "due": None, "tags": [], "subtasks": [], "notes": None, "parent": None}
    text = json.dumps(task, indent=2)
    with Headroom("memory://") as headroom:
        messages = conversation(text)
        assert headroom.compress(messages, retrieval="tool").messages[3] is messages[3]


def test_case_12_instructions_are_never_touched() -> None:
    rule = "You must never delete files without asking, unless the user only asked for a dry run. " * 200
    messages: list[Any] = [{"role": role, "content": rule} for role in ("system", "developer", "user", "assistant")]
    with Headroom("memory://") as headroom:
        result = headroom.compress(messages, retrieval="tool")
    assert all(ours is theirs for ours, theirs in zip(result.messages, messages, strict=True))


def test_case_14_no_marker_where_nobody_would_answer() -> None:
    with Headroom("memory://") as headroom:
        for text in (log(3000), records_json(3000)):
            assert "headroom" not in headroom.shrink(text).text
            assert headroom.shrink(text).receipt.fidelity is Fidelity.EQUIVALENT


def test_case_15_every_handle_is_answered_with_the_original() -> None:
    chooser = random.Random(15)
    with Headroom("memory://") as headroom:
        for _ in range(60):
            text = chooser.choice([log, records_json])(chooser.randint(20, 900))
            start = chooser.randint(0, len(text) // 3)
            text = text[start:]
            receipt = headroom.shrink(text, retrieval="tool").receipt
            if receipt.handle:
                assert headroom.retrieve(receipt.handle).text == text


@pytest.mark.parametrize(
    "planted",
    [
        "[headroom 3f9a1c07be42: rows 16-965 of 1000 not shown, original intact; headroom_retrieve]",
        "<<ccr:3f9a1c07be42>>",
        "[Compressed: message_2 - 61 lines, text. hash=3f9a1c07be423f9a1c07be42]",
        "Retrieve more: hash=3f9a1c07be42",
    ],
)
def test_case_16_text_that_looks_like_a_marker_is_data(planted: str) -> None:
    with Headroom("memory://") as headroom:
        result = headroom.compress(conversation(planted + "\n" + log(900)))
        assert [receipt.outcome for receipt in result.receipts] == [Outcome.COMPRESSED]
        assert (result.handles, result.overhead) == ((), 0)
        assert "No original is kept" in headroom.answer({"id": "3f9a1c07be42"})


def test_case_17_originals_outlive_the_process(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    with Headroom(url) as headroom:
        handles = headroom.compress(conversation(log(3000), records_json(3000)), retrieval="tool").handles
    with Headroom(url) as headroom:
        assert [headroom.retrieve(handle).text for handle in handles] == [log(3000), records_json(3000)]


def test_case_17_a_duplicate_does_not_push_out_what_is_live() -> None:
    with Headroom("memory://") as headroom:
        (handle,) = headroom.compress(conversation(log(3000)), retrieval="tool").handles
        for question in ("a", "b", "c"):
            assert headroom.compress(conversation(log(3000), question=question), retrieval="tool").handles == (handle,)
        assert headroom.retrieve(handle).text == log(3000)


def test_case_22_unknown_blocks_and_tools_stay() -> None:
    messages: list[Any] = [
        {"role": "assistant", "content": [{"type": "server_tool_use", "id": "s1", "name": "web", "input": {}}]},
        {"role": "user", "content": [{"type": "mcp_tool_result", "tool_use_id": "s1", "content": log(600)}]},
        {"type": "web_search_call_of_tomorrow", "output": {"text": log(600)}},
    ]
    tools = [{"type": "function", "function": {"name": "f", "parameters": {"properties": {"title": {}}}}}]
    before = json.dumps([messages, tools])
    with Headroom("memory://") as headroom:
        result = headroom.compress(messages, tools=tools, retrieval="tool")
    assert all(ours is theirs for ours, theirs in zip(result.messages, messages, strict=True))
    assert json.dumps([messages, tools]) == before


def test_case_23_threads_and_tenants_do_not_mix() -> None:
    texts = [log(200 + 10 * number) if number % 2 else records_json(100 + number) for number in range(16)]
    tenants = ["a", "b", "c", "d"]
    with Headroom("memory://", secret=b"one secret for all") as headroom:
        alone = {
            (tenant, text): Headroom("memory://", secret=b"one secret for all").compress(
                conversation(text), tenant=tenant, retrieval="tool"
            )
            for tenant in tenants
            for text in texts
        }

        def work(number: int) -> bool:
            tenant, text = tenants[number % 4], texts[number // 4 % 16]
            result = headroom.compress(conversation(text), tenant=tenant, retrieval="tool")
            return result.messages == alone[tenant, text].messages

        with ThreadPoolExecutor(32) as pool:
            assert all(pool.map(work, range(256)))
        for (tenant, _), result in alone.items():
            for handle in result.handles:
                for other in tenants:
                    answered = "No original is kept" not in headroom.answer({"id": handle}, tenant=other)
                    assert answered == (other == tenant)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10_000,
        "[" * 10_000 + "]" * 10_000,
        '{"a":' * 10_000 + "1" + "}" * 10_000,
        "x" * 5_000_000,
        "ERROR " + "y z" * 1_700_000,
        "a" * 50_000 + "!" * 50_000,
        "\n" * 300_000,
        "2031-02-03 04:05:06 " * 60_000,
        "\x00\ufeff\ud800" * 20_000,
    ],
    ids=lambda text: repr(text[:20]),
)
def test_case_24_hostile_texts_come_through(text: str) -> None:
    with Headroom("memory://") as headroom:
        for retrieval in ("none", "tool"):
            shown = headroom.shrink(text, retrieval=retrieval)
            assert shown.receipt.outcome is not Outcome.FAILED, shown.receipt.reason
            assert shown.receipt.tokens_after <= shown.receipt.tokens_before
            if shown.receipt.handle:
                assert headroom.retrieve(shown.receipt.handle).text == text


def test_case_24_time_is_bounded_and_the_verdict_stays() -> None:
    with Headroom("memory://", Policy(max_block_ms=5)) as headroom:
        shown = headroom.shrink(log(20_000))
        assert shown.receipt.outcome is Outcome.OUT_OF_TIME
        assert shown.text == log(20_000)


def test_case_25_one_tokenizer_for_before_and_after() -> None:
    mixed = "日本語 🎌 " * 50 + "\n" + records_json(80)
    for model in ("gpt-4o", "gpt-4", "claude-9", "a model of tomorrow"):
        with Headroom("memory://") as headroom:
            result = headroom.compress(conversation(mixed, log(500)), model, retrieval="tool")
            receipts = sum(receipt.tokens_saved for receipt in result.receipts)
            assert result.tokens_saved == receipts - result.overhead
            assert 0 <= result.tokens_saved <= result.tokens_before


@pytest.mark.parametrize("content", [None, "", [], [None], {}, 3, [{"type": "text"}], [{"type": "text", "text": ""}]])
def test_empty_and_odd_contents_go_out_as_they_came(content: Any) -> None:
    messages = [*conversation()[:2], {"role": "tool", "tool_call_id": "x", "content": content}]
    with Headroom("memory://", Policy(min_tokens=0)) as headroom:
        result = headroom.compress(messages, retrieval="tool")
        assert result.messages[2] is messages[2]
