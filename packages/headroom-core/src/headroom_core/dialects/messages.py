"""Anthropic messages: results in `tool_result` blocks of a user's message, calls in `tool_use` blocks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from headroom_core.dialects.words import Call, Output, texts


def calls(message: Mapping[str, object]) -> Iterator[Call]:
    """The tool calls that an assistant message makes."""
    for _, block in _blocks(message, "tool_use"):
        arguments = json.dumps(block.get("input"), default=str, separators=(",", ":"), sort_keys=True)
        yield Call(str(block.get("id")), str(block.get("name", "")), arguments)


def outputs(message: Mapping[str, object]) -> Iterator[Output]:
    """The texts that tools gave back in this message."""
    for index, block in _blocks(message, "tool_result"):
        for place, text in texts(block.get("content")):
            yield Output(("content", index, "content", *place), text, str(block.get("tool_use_id", "")))


def _blocks(message: Mapping[str, object], kind: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    content = message.get("content")
    if isinstance(content, list):
        for index, block in enumerate(content):
            if isinstance(block, Mapping) and block.get("type") == kind:
                yield index, block
