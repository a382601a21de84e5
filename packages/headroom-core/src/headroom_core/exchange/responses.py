"""Answers of OpenAI's Responses: calls among the items of the output."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from headroom_core.exchange.words import RetrieveCall, dicts, present
from headroom_core.types import RETRIEVE_TOOL


def calls(answer: Mapping[str, Any]) -> Iterator[RetrieveCall]:
    """Our calls in the answer."""
    for item in dicts(answer.get("output")):
        if is_ours(item):
            yield RetrieveCall(str(item.get("call_id")), item.get("arguments") or "")


def turns(answer: Mapping[str, Any], said: Mapping[str, str]) -> list[dict[str, Any]]:
    """The model's items as far as they are answered, and the answers. Other tools' calls are left to be made again.

    A reasoning item is echoed where the provider can read it: it kept the answer (`store`), or sealed the reasoning
    in it. Where it can't, the call goes without the id that would tie the two.
    """
    kept = answer.get("store") is not False
    items = [present(item) for item in dicts(answer.get("output")) if is_ours(item) or not is_call(item)]
    sealed = all(kept or item.get("encrypted_content") for item in items if item.get("type") == "reasoning")
    if not sealed:
        items = [_untied(item) for item in items if item.get("type") != "reasoning"]
    outputs = [{"type": "function_call_output", "call_id": call_id, "output": text} for call_id, text in said.items()]
    return [*items, *outputs]


def without_calls(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer with our calls taken out."""
    left = [item for item in answer.get("output") or () if not (isinstance(item, Mapping) and is_ours(item))]
    return {**answer, "output": left}


def _untied(item: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key != "id"}


def is_ours(item: Mapping[str, Any]) -> bool:
    """A call of the retrieve tool."""
    return item.get("type") == "function_call" and item.get("name") == RETRIEVE_TOOL


def is_call(item: Mapping[str, Any]) -> bool:
    """A call that the client is to answer; what the provider ran itself stands in the output with its result."""
    return item.get("type") in ("function_call", "custom_tool_call", "local_shell_call", "computer_call", "shell_call")
