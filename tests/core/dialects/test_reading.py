"""Where in these messages is text, and how is it put back?"""

from __future__ import annotations

from typing import Any

import pytest
from headroom_core.dialects.reading import all_texts, put_back, read_blocks

CHAT: list[Any] = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": [{"type": "text", "text": "Which pods fail?"}, {"type": "image_url", "image_url": {}}]},
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "pods", "arguments": '{"ns":"web"}'}}],
    },
    {"role": "tool", "tool_call_id": "c1", "content": "pod-1 up"},
    {"role": "user", "content": "And now?"},
    {"role": "tool", "tool_call_id": "c1", "content": [{"type": "text", "text": "pod-2 down"}]},
]
MESSAGES: list[Any] = [
    {"role": "user", "content": "Which pods fail?"},
    {
        "role": "assistant",
        "content": [{"type": "tool_use", "id": "t1", "name": "pods", "input": {"ns": "web", "a": 1}}],
    },
    {
        "role": "user",
        "content": [
            {"type": "tool_result", "tool_use_id": "t1", "content": "pod-1 up"},
            {
                "type": "tool_result",
                "tool_use_id": "t1",
                "content": [{"type": "text", "text": "pod-2"}, {"type": "image"}],
            },
            {"type": "text", "text": "What of these?"},
        ],
    },
]
RESPONSES: list[Any] = [
    {"role": "user", "content": [{"type": "input_text", "text": "Which pods fail?"}]},
    {"type": "reasoning", "encrypted_content": "x"},
    {"type": "function_call", "call_id": "f1", "name": "pods", "arguments": "{}"},
    {"type": "function_call_output", "call_id": "f1", "output": "pod-1 up"},
]


def test_chat_results_are_read_with_their_call_and_question() -> None:
    first, second = read_blocks(CHAT)
    assert first.place == (3, "content")
    assert (first.text, first.tool_name, first.origin) == ("pod-1 up", "pods", 'pods {"ns":"web"}')
    assert first.question == "Which pods fail?"
    assert second.place == (5, "content", 0, "text")
    assert second.question == "And now?"


def test_anthropic_results_are_read_with_their_call_and_question() -> None:
    """The text behind the results in the same message doesn't precede them, so it is not their question."""
    first, second = read_blocks(MESSAGES)
    assert first.place == (2, "content", 0, "content")
    assert second.place == (2, "content", 1, "content", 0, "text")
    assert first.origin == 'pods {"a":1,"ns":"web"}'
    assert {first.question, second.question} == {"Which pods fail?"}


def test_responses_results_are_read_with_their_call_and_question() -> None:
    (block,) = read_blocks(RESPONSES)
    assert (block.place, block.text, block.origin) == ((3, "output"), "pod-1 up", "pods {}")
    assert block.question == "Which pods fail?"


@pytest.mark.parametrize(
    "odd",
    [
        None,
        3,
        "text",
        [],
        {},
        {"role": "tool"},
        {"role": "tool", "content": None},
        {"role": "tool", "content": {"text": "x"}},
        {"role": "tool", "content": [None, 3, {"type": "text"}, {"type": "text", "text": None}, {"type": "new"}]},
        {"role": "assistant", "tool_calls": [None, {}, {"function": None}, {"function": {}}]},
        {"role": "assistant", "tool_calls": {"id": "x"}},
        {"role": "user", "content": [{"type": "tool_result"}, {"type": "tool_result", "content": 3}]},
        {"type": "function_call_output", "output": [{"type": "input_image"}]},
        {"role": ["tool"], "content": "x"},
    ],
)
def test_shapes_that_nobody_knows_hold_no_blocks(odd: object) -> None:
    assert read_blocks([odd]) == []


@pytest.mark.parametrize("conversation", [CHAT, MESSAGES, RESPONSES], ids=["chat", "messages", "responses"])
def test_only_what_leads_to_a_changed_text_is_copied(conversation: list[Any]) -> None:
    before = repr(conversation)
    blocks = read_blocks(conversation)
    changed = put_back(conversation, {blocks[-1].place: "short"})
    assert repr(conversation) == before
    index = blocks[-1].place[0]
    for number, (ours, theirs) in enumerate(zip(changed, conversation, strict=True)):
        assert (ours is theirs) == (number != index)
    assert [block.text for block in read_blocks(changed)] == [*(block.text for block in blocks[:-1]), "short"]


def test_two_texts_of_one_message_are_both_put_back() -> None:
    blocks = read_blocks(MESSAGES)
    changed = put_back(MESSAGES, {block.place: f"new {number}" for number, block in enumerate(blocks)})
    assert [block.text for block in read_blocks(changed)] == ["new 0", "new 1"]
    assert changed[2]["content"][2] is MESSAGES[2]["content"][2]
    assert changed[2]["content"][1]["content"][1] is MESSAGES[2]["content"][1]["content"][1]


def test_all_texts_are_what_the_model_reads() -> None:
    assert all_texts(CHAT[2]) == ["pods", '{"ns":"web"}']
    assert all_texts(MESSAGES[2]) == ["pod-1 up", "pod-2", "What of these?"]
