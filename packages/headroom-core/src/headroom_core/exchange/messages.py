"""Answers of Anthropic's messages: calls among the blocks of the content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from headroom_core.exchange.words import RetrieveCall, dicts
from headroom_core.types import RETRIEVE_TOOL


def calls(answer: Mapping[str, Any]) -> Iterator[RetrieveCall]:
    """Our calls in the answer."""
    for block in dicts(answer.get("content")):
        if _is_ours(block):
            yield RetrieveCall(str(block.get("id")), block.get("input") or {})


def turns(answer: Mapping[str, Any], said: Mapping[str, str]) -> list[dict[str, Any]]:
    """The model's turn as far as it is answered, and the answers. Other tools' calls are left to be made again.

    All other blocks are echoed as they came: signed thinking has to stand in front of the call that it led to.
    """
    echoed = [block for block in dicts(answer.get("content")) if _is_ours(block) or _is_echoed(block)]
    results = [{"type": "tool_result", "tool_use_id": call_id, "content": text} for call_id, text in said.items()]
    return [{"role": "assistant", "content": echoed}, {"role": "user", "content": results}]


def without_calls(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer with our calls taken out; where that leaves none, the turn has ended."""
    blocks = [block for block in answer.get("content") or () if not (isinstance(block, Mapping) and _is_ours(block))]
    ended = not any(block.get("type") == "tool_use" for block in dicts(blocks))
    stopped = "end_turn" if ended and answer.get("stop_reason") == "tool_use" else answer.get("stop_reason")
    return {**answer, "content": blocks, "stop_reason": stopped}


def _is_ours(block: Mapping[str, Any]) -> bool:
    return block.get("type") == "tool_use" and block.get("name") == RETRIEVE_TOOL


def _is_echoed(block: Mapping[str, Any]) -> bool:
    """Other tools' calls aren't, nor empty text, which providers refuse in a request."""
    return block.get("type") != "tool_use" and not (block.get("type") == "text" and not block.get("text"))
