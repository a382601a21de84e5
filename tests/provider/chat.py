"""OpenAI's chat completions, as they go over the wire."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.provider.script import Answer, Event, Failure, Frame, output_tokens, pieces

CREATED = 1_790_000_000  # a fixed second: answers are equal from run to run


def complaint(body: dict[str, Any]) -> str | None:
    """What the real one refuses: no messages, an empty list of tools, calls and results that don't pair."""
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        return "Missing required parameter: 'messages'."
    if body.get("tools") == []:
        return "Invalid 'tools': empty array. Expected an array with minimum length 1, but got an empty array instead."
    waiting: list[str] = []
    for message in messages:
        if message.get("role") == "tool":
            if message.get("tool_call_id") not in waiting:
                return "messages with role 'tool' must be a response to a preceding message with 'tool_calls'."
            waiting.remove(message["tool_call_id"])
        elif waiting:
            break
        else:
            waiting = [call["id"] for call in message.get("tool_calls") or []]
    if waiting:
        return f"An assistant message with 'tool_calls' must be followed by tool messages: {', '.join(waiting)}"
    return None


def failure(failed: Failure) -> dict[str, Any]:
    """An error's body."""
    kind = {429: "rate_limit_error", 400: "invalid_request_error"}.get(failed.status, "server_error")
    return {"error": {"message": failed.message, "type": kind, "param": None, "code": None}}


def whole(answer: Answer, frame: Frame) -> dict[str, Any]:
    """The answer in one piece."""
    message: dict[str, Any] = {"role": "assistant", "content": answer.text or None, "refusal": None}
    if answer.calls:
        message["tool_calls"] = [
            {
                "id": frame.call_id(answer, index),
                "type": "function",
                "function": {"name": call.name, "arguments": call.spelled},
            }
            for index, call in enumerate(answer.calls)
        ]
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _finish(answer)}
    return {**_head(frame, "chat.completion"), "choices": [choice], "usage": _usage(answer, frame)}


def events(answer: Answer, frame: Frame) -> Iterator[Event]:
    """The answer as a stream."""
    head = _head(frame, "chat.completion.chunk")
    if frame.counts_stream:
        head["usage"] = None
    for delta in _deltas(answer, frame):
        yield _chunk(head, delta, None)
    yield _chunk(head, {}, _finish(answer))
    if frame.counts_stream:
        yield Event({**head, "choices": [], "usage": _usage(answer, frame)})
    yield Event("[DONE]")


def _deltas(answer: Answer, frame: Frame) -> Iterator[dict[str, Any]]:
    yield {"role": "assistant", "content": None if answer.calls and not answer.text else "", "refusal": None}
    for piece in pieces(answer.text):
        yield {"content": piece}
    for index, call in enumerate(answer.calls):
        opening = {"name": call.name, "arguments": ""}
        call_id = frame.call_id(answer, index)
        yield {"tool_calls": [{"index": index, "id": call_id, "type": "function", "function": opening}]}
        for piece in pieces(call.spelled):
            yield {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}


def _chunk(head: dict[str, Any], delta: dict[str, Any], finish: str | None) -> Event:
    return Event({**head, "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]})


def _head(frame: Frame, kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{frame.serial}",
        "object": kind,
        "created": CREATED,
        "model": frame.model,
        "system_fingerprint": "fp_fake",
    }


def _finish(answer: Answer) -> str:
    return "tool_calls" if answer.calls else "stop"


def _usage(answer: Answer, frame: Frame) -> dict[str, Any]:
    output = output_tokens(answer)
    return {
        "prompt_tokens": frame.input_tokens,
        "completion_tokens": output,
        "total_tokens": frame.input_tokens + output,
        "prompt_tokens_details": {"cached_tokens": answer.cached_tokens, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
    }
