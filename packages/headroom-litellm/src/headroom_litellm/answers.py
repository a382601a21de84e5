"""LiteLLM's answers, which are dicts or objects by surface, seen as dicts and changed in place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headroom_core import Turn


def as_dict(response: Any) -> Mapping[str, Any] | None:
    """The answer as its provider spelled it; None for what isn't one, a stream above all."""
    if isinstance(response, Mapping):
        return response
    return response.model_dump(warnings=False) if hasattr(response, "model_dump") else None


def without_our_calls(response: Any, turn: Turn) -> Any:
    """The answer without our calls: a dict anew, an object changed, for what LiteLLM hangs on it."""
    left = turn.without_calls()
    if isinstance(response, Mapping):
        return left
    if turn.dialect == "responses":
        gone = {call.call_id for call in turn.calls}
        response.output = [item for item in response.output if _field(item, "call_id") not in gone]
        return response
    for choice, kept in zip(response.choices, left["choices"], strict=True):
        ids = {call["id"] for call in kept["message"].get("tool_calls") or ()}
        choice.message.tool_calls = [call for call in choice.message.tool_calls or () if call.id in ids] or None
        choice.finish_reason = kept["finish_reason"]
    return response


def with_usage_of(response: Any, turn: Turn) -> Any:
    """The answer to a follow-up, with what the turn before it used added to its usage."""
    if isinstance(response, Mapping):
        return {**response, "usage": turn.usage_with(response.get("usage"))}
    usage: Any = getattr(response, "usage", None)
    if usage is not None:
        response.usage = type(usage)(**(turn.usage_with(usage.model_dump(warnings=False)) or {}))
        (getattr(response, "_hidden_params", None) or {}).pop("response_cost", None)  # of the follow-up alone
    return response


def _field(item: Any, name: str) -> Any:
    return item.get(name) if isinstance(item, Mapping) else getattr(item, name, None)
