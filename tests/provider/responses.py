"""OpenAI's Responses, as they go over the wire."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from tests.provider.chat import CREATED, failure
from tests.provider.script import Answer, Event, Frame, output_tokens, pieces

__all__ = ["complaint", "events", "failure", "whole"]


def complaint(body: dict[str, Any]) -> str | None:
    """What the real one refuses: no input, an empty list of tools, calls and results that don't pair."""
    items = body.get("input")
    if not items:
        return "Missing required parameter: 'input'."
    if isinstance(items, str):
        return None
    made = [item["call_id"] for item in items if item.get("type") == "function_call"]
    answered = [item["call_id"] for item in items if item.get("type") == "function_call_output"]
    if unanswered := [call for call in made if call not in answered]:
        return f"No tool output found for function call {unanswered[0]}."
    if not body.get("previous_response_id") and (unasked := [call for call in answered if call not in made]):
        return f"No tool call found for function call output with call_id {unasked[0]}."
    return None


def whole(answer: Answer, frame: Frame) -> dict[str, Any]:
    """The answer in one piece."""
    usage = {
        "input_tokens": frame.input_tokens,
        "input_tokens_details": {"cached_tokens": answer.cached_tokens},
        "output_tokens": output_tokens(answer),
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": frame.input_tokens + output_tokens(answer),
    }
    return {**_head(frame, "completed"), "output": _items(answer, frame), "usage": usage}


def events(answer: Answer, frame: Frame) -> Iterator[Event]:
    """The answer as a stream."""
    numbers = count()
    for kind, data in _steps(answer, frame):
        yield Event({"type": kind, "sequence_number": next(numbers), **data}, kind)


_Steps = Iterator[tuple[str, dict[str, Any]]]


def _steps(answer: Answer, frame: Frame) -> _Steps:
    begun = {**_head(frame, "in_progress"), "output": [], "usage": None}
    yield "response.created", {"response": begun}
    yield "response.in_progress", {"response": begun}
    for index, item in enumerate(_items(answer, frame)):
        opening = {**item, "status": "in_progress"} if "status" in item else dict(item)
        opening |= {key: type(item[key])() for key in ("content", "arguments") if key in item}
        yield "response.output_item.added", {"output_index": index, "item": opening}
        yield from _filling(item, {"item_id": item["id"], "output_index": index})
        yield "response.output_item.done", {"output_index": index, "item": item}
    yield "response.completed", {"response": whole(answer, frame)}


def _filling(item: dict[str, Any], at: dict[str, Any]) -> _Steps:
    if item["type"] == "message":
        part = item["content"][0]
        at = {**at, "content_index": 0}
        yield "response.content_part.added", {**at, "part": {**part, "text": ""}}
        for piece in pieces(part["text"]):
            yield "response.output_text.delta", {**at, "delta": piece, "logprobs": []}
        yield "response.output_text.done", {**at, "text": part["text"], "logprobs": []}
        yield "response.content_part.done", {**at, "part": part}
    elif item["type"] == "function_call":
        for piece in pieces(item["arguments"]):
            yield "response.function_call_arguments.delta", {**at, "delta": piece}
        done = {"name": item["name"], "arguments": item["arguments"]}
        yield "response.function_call_arguments.done", {**at, **done}


def _items(answer: Answer, frame: Frame) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    if answer.thinking:
        summary = [{"type": "summary_text", "text": answer.thinking}]
        sealed = f"sealed-{frame.serial}"
        items.append({"type": "reasoning", "id": f"rs_{frame.serial}", "summary": summary, "encrypted_content": sealed})
    if answer.text:
        part = {"type": "output_text", "text": answer.text, "annotations": [], "logprobs": []}
        head = {"type": "message", "id": f"msg_{frame.serial}", "role": "assistant", "status": "completed"}
        items.append({**head, "content": [part]})
    for index, call in enumerate(answer.calls):
        call_id = frame.call_id(answer, index)
        head = {"type": "function_call", "id": f"fc_{frame.serial}_{index}", "call_id": call_id, "status": "completed"}
        items.append({**head, "name": call.name, "arguments": call.spelled})
    return items


def _head(frame: Frame, status: str) -> dict[str, Any]:
    return {
        "id": f"resp_{frame.serial}",
        "object": "response",
        "created_at": CREATED,
        "status": status,
        "model": frame.model,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "temperature": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
    }
