"""Answers of OpenAI's chat completions: calls in the message of a choice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from headroom_core.exchange.words import RetrieveCall, dicts, present
from headroom_core.types import RETRIEVE_TOOL

KEPT = ("content", "refusal", "reasoning_content", "reasoning_items", "thinking_blocks", "provider_specific_fields")


def calls(answer: Mapping[str, Any]) -> Iterator[RetrieveCall]:
    """Our calls in the first choice: requests that ask for several choices get no retrieve tool."""
    for call in dicts(_message(answer).get("tool_calls")):
        if _is_ours(call):
            yield RetrieveCall(str(call.get("id")), call["function"].get("arguments") or "")


def turns(answer: Mapping[str, Any], said: Mapping[str, str]) -> list[dict[str, Any]]:
    """The model's turn as far as it is answered, and the answers. Other tools' calls are left to be made again."""
    message = _message(answer)
    made = [present(call) for call in dicts(message.get("tool_calls")) if _is_ours(call)]
    kept = {key: message[key] for key in KEPT if message.get(key)}
    turn = {"role": "assistant", "content": None, **kept, "tool_calls": made}
    return [turn, *({"role": "tool", "tool_call_id": call_id, "content": text} for call_id, text in said.items())]


def without_calls(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer with our calls taken out; where that leaves none, the turn has ended."""
    return {**answer, "choices": [_without(choice) for choice in answer.get("choices") or ()]}


def _without(choice: Any) -> Any:
    message = choice.get("message") if isinstance(choice, Mapping) else None
    made = list(dicts(message.get("tool_calls"))) if isinstance(message, Mapping) else []
    left = [call for call in made if not _is_ours(call)]
    if not isinstance(message, Mapping) or len(left) == len(made):
        return choice
    if left:
        return {**choice, "message": {**message, "tool_calls": left}}
    rest = {key: value for key, value in message.items() if key != "tool_calls"}
    return {**choice, "message": rest, "finish_reason": "stop"}


def _message(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    first = next(dicts(answer.get("choices")), {})
    message = first.get("message")
    return message if isinstance(message, Mapping) else {}


def _is_ours(call: Mapping[str, Any]) -> bool:
    function = call.get("function")
    return isinstance(function, Mapping) and function.get("name") == RETRIEVE_TOOL
