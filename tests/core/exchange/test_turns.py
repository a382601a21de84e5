from __future__ import annotations

from typing import Any

import pytest
from headroom_core.errors import SettingError
from headroom_core.exchange.turns import Turn, read_turn
from headroom_core.types import Dialect
from hypothesis import given
from hypothesis import strategies as st

HANDLE = "3f9a1c07be42"
DIALECTS: tuple[Dialect, ...] = ("openai", "anthropic", "responses")


def chat_call(name: str, call_id: str) -> dict[str, Any]:
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": f'{{"id": "{HANDLE}"}}'}}


def chat(*calls: dict[str, Any], **message: Any) -> dict[str, Any]:
    said = {"role": "assistant", "content": "Let me look.", "tool_calls": list(calls), **message}
    return {"id": "chatcmpl-1", "choices": [{"index": 0, "message": said, "finish_reason": "tool_calls"}]}


def use(name: str, call_id: str) -> dict[str, Any]:
    return {"type": "tool_use", "id": call_id, "name": name, "input": {"id": HANDLE}}


def anthropic(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"id": "msg_1", "role": "assistant", "content": list(blocks), "stop_reason": "tool_use"}


def function_call(name: str, call_id: str) -> dict[str, Any]:
    arguments = f'{{"id": "{HANDLE}"}}'
    return {"type": "function_call", "id": f"fc_{call_id}", "call_id": call_id, "name": name, "arguments": arguments}


def responses(*items: dict[str, Any], **answer: Any) -> dict[str, Any]:
    return {"id": "resp_1", "output": list(items), **answer}


THINKING = {"type": "thinking", "thinking": "Rows are missing.", "signature": "c2lnbmVk"}
TEXT = {"type": "text", "text": "Let me look."}
MIXED: dict[Dialect, dict[str, Any]] = {
    "openai": chat(chat_call("search", "u1"), chat_call("headroom_retrieve", "h1")),
    "anthropic": anthropic(THINKING, TEXT, use("search", "u1"), use("headroom_retrieve", "h1")),
    "responses": responses(function_call("search", "u1"), function_call("headroom_retrieve", "h1")),
}


def turn_of(answer: dict[str, Any], dialect: Dialect) -> Turn:
    turn = read_turn(answer, dialect)
    assert turn is not None
    return turn


@pytest.mark.parametrize("dialect", DIALECTS)
def test_only_our_calls_are_read(dialect: Dialect) -> None:
    """Another tool's call is the client's to answer."""
    (call,) = turn_of(MIXED[dialect], dialect).calls
    assert call.call_id == "h1"
    assert HANDLE in str(call.arguments)


@pytest.mark.parametrize("name", ["search", "mcp__x__headroom_retrieve", "headroom_retrieve_all"])
def test_a_tool_of_another_name_is_not_ours(name: str) -> None:
    """Behind a server's name it is that server's: the client asks it, and gets its answer."""
    assert read_turn(chat(chat_call(name, "1")), "openai") is None
    assert read_turn(anthropic(use(name, "1")), "anthropic") is None
    assert read_turn(responses(function_call(name, "1")), "responses") is None


def test_chat_goes_on_behind_the_answered_call() -> None:
    """The provider wants every call of the turn answered: so the turn is echoed with ours alone."""
    assert turn_of(MIXED["openai"], "openai").follow_up(["row 17"]) == [
        {"role": "assistant", "content": "Let me look.", "tool_calls": [chat_call("headroom_retrieve", "h1")]},
        {"role": "tool", "tool_call_id": "h1", "content": "row 17"},
    ]


def test_chat_echoes_what_the_model_thought() -> None:
    """Signed blocks have to come back with the call that they led to."""
    answer = chat(chat_call("headroom_retrieve", "h1"), thinking_blocks=[THINKING], reasoning_content="Rows.")
    turn = turn_of(answer, "openai").follow_up(["x"])[0]
    assert turn["thinking_blocks"] == [THINKING]
    assert turn["reasoning_content"] == "Rows."


def test_messages_go_on_behind_the_answered_call() -> None:
    """Thinking is echoed byte for byte, in front of the call."""
    assistant, user = turn_of(MIXED["anthropic"], "anthropic").follow_up(["row 17"])
    assert assistant == {"role": "assistant", "content": [THINKING, TEXT, use("headroom_retrieve", "h1")]}
    assert assistant["content"][0] is THINKING
    assert user == {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "h1", "content": "row 17"}]}


def test_messages_leave_empty_text_out() -> None:
    """Providers send it, and refuse it."""
    answer = anthropic({"type": "text", "text": ""}, use("headroom_retrieve", "h1"))
    assert turn_of(answer, "anthropic").follow_up(["x"])[0]["content"] == [use("headroom_retrieve", "h1")]


def test_responses_go_on_behind_the_answered_call() -> None:
    assert turn_of(MIXED["responses"], "responses").follow_up(["row 17"]) == [
        function_call("headroom_retrieve", "h1"),
        {"type": "function_call_output", "call_id": "h1", "output": "row 17"},
    ]


REASONING = {"type": "reasoning", "id": "rs_1", "summary": []}
SEALED = {**REASONING, "encrypted_content": "gAAA", "status": None}


def test_responses_echo_reasoning_that_the_provider_can_read() -> None:
    """It kept the answer, or sealed the reasoning in it. Fields that are None are spelled by objects only."""
    call = function_call("headroom_retrieve", "h1")
    kept = turn_of(responses(REASONING, call), "responses").follow_up(["x"])
    assert kept[:2] == [REASONING, call]
    sealed = turn_of(responses(SEALED, call, store=False), "responses").follow_up(["x"])
    assert sealed[:2] == [{**REASONING, "encrypted_content": "gAAA"}, call]


def test_responses_leave_out_reasoning_that_nobody_kept() -> None:
    """Its id would be unknown, and the call's own id would ask for it."""
    call = function_call("headroom_retrieve", "h1")
    (first, output) = turn_of(responses(REASONING, call, store=False), "responses").follow_up(["x"])
    assert first == {key: value for key, value in call.items() if key != "id"}
    assert output["call_id"] == "h1"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_each_call_gets_its_answer(dialect: Dialect) -> None:
    """A model may ask for several originals at once."""
    several: dict[Dialect, dict[str, Any]] = {
        "openai": chat(chat_call("headroom_retrieve", "a"), chat_call("headroom_retrieve", "b")),
        "anthropic": anthropic(use("headroom_retrieve", "a"), use("headroom_retrieve", "b")),
        "responses": responses(function_call("headroom_retrieve", "a"), function_call("headroom_retrieve", "b")),
    }
    appended = str(turn_of(several[dialect], dialect).follow_up(["first text", "second text"]))
    assert appended.index("first text") < appended.index("second text")
    with pytest.raises(ValueError, match="zip"):
        turn_of(several[dialect], dialect).follow_up(["one answer for two calls"])


def test_without_our_call_the_turn_has_ended() -> None:
    """What a client sees must not ask him for a tool that he never offered."""
    ended = turn_of(chat(chat_call("headroom_retrieve", "h1")), "openai").without_calls()
    assert ended["choices"] == [
        {"index": 0, "message": {"role": "assistant", "content": "Let me look."}, "finish_reason": "stop"}
    ]
    ended = turn_of(anthropic(TEXT, use("headroom_retrieve", "h1")), "anthropic").without_calls()
    assert (ended["content"], ended["stop_reason"]) == ([TEXT], "end_turn")
    ended = turn_of(responses(REASONING, function_call("headroom_retrieve", "h1")), "responses").without_calls()
    assert ended["output"] == [REASONING]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_without_our_call_the_others_stay(dialect: Dialect) -> None:
    left = turn_of(MIXED[dialect], dialect).without_calls()
    assert "headroom_retrieve" not in str(left)
    assert str(left).count("search") == 1
    assert left.get("stop_reason", "tool_use") == "tool_use"
    assert all(choice["finish_reason"] == "tool_calls" for choice in left.get("choices", ()))


def test_what_both_answers_used_is_added_up() -> None:
    """Who pays for two answers is told of two."""
    first = {"input_tokens": 100, "output_tokens": 7, "input_tokens_details": {"cached_tokens": 64}, "tier": "a"}
    second = {"input_tokens": 130, "output_tokens": 9, "input_tokens_details": {"cached_tokens": None}, "tier": "b"}
    turn = turn_of({**MIXED["responses"], "usage": first}, "responses")
    assert turn.usage_with(second) == {
        "input_tokens": 230,
        "output_tokens": 16,
        "input_tokens_details": {"cached_tokens": 64},
        "tier": "b",
    }
    assert turn.usage_with(None) == first
    assert turn_of(MIXED["responses"], "responses").usage_with(second) == second
    assert turn_of(MIXED["responses"], "responses").usage_with(None) is None


def test_an_unknown_dialect_is_refused() -> None:
    with pytest.raises(SettingError, match="expected one of openai, anthropic, responses"):
        read_turn({}, "gemini")  # type: ignore[arg-type]  # that is the point


_odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.just("headroom_retrieve"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["choices", "message", "tool_calls", "function", "name", "content", "output", "type", "id", "input"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("dialect", DIALECTS)
@given(answer=st.dictionaries(st.sampled_from(["choices", "content", "output", "stop_reason"]), _odd))
def test_no_shape_of_an_answer_raises(dialect: Dialect, answer: dict[str, Any]) -> None:
    """Providers differ, and change: an answer that we can't read isn't one that asks us."""
    turn = read_turn(answer, dialect)
    if turn is not None:
        turn.follow_up(["x"] * len(turn.calls))
        turn.without_calls()
