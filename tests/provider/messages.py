"""Anthropic's messages, as they go over the wire."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.provider.script import Answer, Event, Failure, Frame, output_tokens, pieces

SIGNATURE = "c2lnbmVkIGJ5IG5vYm9keQ=="


def complaint(body: dict[str, Any]) -> str | None:
    """What the real one refuses: no length, no messages, empty text, calls and results that don't pair."""
    if not isinstance(body.get("max_tokens"), int):
        return "max_tokens: Field required"
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        return "messages: at least one message is required"
    waiting: set[str] = set()
    for number, message in enumerate(messages):
        blocks = message["content"] if isinstance(message["content"], list) else []
        if any(block["type"] == "text" and not block["text"] for block in blocks):
            return f"messages.{number}: text content blocks must be non-empty"
        answered = {block["tool_use_id"] for block in blocks if block["type"] == "tool_result"}
        if waiting - answered:
            return f"messages.{number - 1}: `tool_use` ids without `tool_result` blocks: {', '.join(sorted(waiting))}"
        if answered - waiting:
            return f"messages.{number}: unexpected `tool_use_id` found in `tool_result` blocks"
        waiting = {block["id"] for block in blocks if block["type"] == "tool_use"}
    return f"`tool_use` ids without `tool_result` blocks: {', '.join(sorted(waiting))}" if waiting else None


def failure(failed: Failure) -> dict[str, Any]:
    """An error's body."""
    kinds = {400: "invalid_request_error", 404: "not_found_error", 429: "rate_limit_error", 529: "overloaded_error"}
    return {"type": "error", "error": {"type": kinds.get(failed.status, "api_error"), "message": failed.message}}


def whole(answer: Answer, frame: Frame) -> dict[str, Any]:
    """The answer in one piece."""
    return {
        **_head(answer, frame),
        "content": [filled for _, _, filled in _blocks(answer, frame)],
        "stop_reason": _stop_reason(answer),
        "usage": _usage(answer, frame, output_tokens(answer)),
    }


def events(answer: Answer, frame: Frame) -> Iterator[Event]:
    """The answer as a stream."""
    yield _event("message_start", message={**_head(answer, frame), "usage": _usage(answer, frame, 1)})
    for index, (opening, deltas, _) in enumerate(_blocks(answer, frame)):
        yield _event("content_block_start", index=index, content_block=opening)
        if index == 0:
            yield _event("ping")
        for delta in deltas:
            yield _event("content_block_delta", index=index, delta=delta)
        yield _event("content_block_stop", index=index)
    ending = {"stop_reason": _stop_reason(answer), "stop_sequence": None}
    yield _event("message_delta", delta=ending, usage={"output_tokens": output_tokens(answer)})
    yield _event("message_stop")


_Block = tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any]]


def _blocks(answer: Answer, frame: Frame) -> Iterator[_Block]:
    """Each block three times: as it opens, the deltas that fill it, and filled."""
    opening: dict[str, Any]
    if answer.thinking:
        deltas = [{"type": "thinking_delta", "thinking": piece} for piece in pieces(answer.thinking)]
        deltas.append({"type": "signature_delta", "signature": SIGNATURE})
        opening = {"type": "thinking", "thinking": "", "signature": ""}
        yield opening, deltas, {**opening, "thinking": answer.thinking, "signature": SIGNATURE}
    if answer.text:
        deltas = [{"type": "text_delta", "text": piece} for piece in pieces(answer.text)]
        yield {"type": "text", "text": ""}, deltas, {"type": "text", "text": answer.text}
    for index, call in enumerate(answer.calls):
        deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in ("", *pieces(call.spelled))]
        opening = {"type": "tool_use", "id": frame.call_id(answer, index, "toolu"), "name": call.name, "input": {}}
        yield opening, deltas, {**opening, "input": json.loads(call.spelled)}


def _event(kind: str, **data: Any) -> Event:
    return Event({"type": kind, **data}, kind)


def _head(answer: Answer, frame: Frame) -> dict[str, Any]:
    return {
        "id": f"msg_{frame.serial}",
        "type": "message",
        "role": "assistant",
        "model": frame.model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
    }


def _stop_reason(answer: Answer) -> str:
    return "tool_use" if answer.calls else "end_turn"


def _usage(answer: Answer, frame: Frame, output: int) -> dict[str, Any]:
    return {
        "input_tokens": frame.input_tokens - answer.cached_tokens,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": answer.cached_tokens,
        "output_tokens": output,
    }
