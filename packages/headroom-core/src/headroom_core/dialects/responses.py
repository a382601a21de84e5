"""OpenAI Responses: input items `function_call` and `function_call_output`, paired by `call_id`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from headroom_core.dialects.words import Call, Output, texts


def calls(message: Mapping[str, object]) -> Iterator[Call]:
    """The tool call that an item is, if it is one."""
    if message.get("type") == "function_call":
        yield Call(str(message.get("call_id")), str(message.get("name", "")), str(message.get("arguments", "")))


def outputs(message: Mapping[str, object]) -> Iterator[Output]:
    """The texts that a tool gave back in this item."""
    if message.get("type") == "function_call_output":
        for place, text in texts(message.get("output")):
            yield Output(("output", *place), text, str(message.get("call_id", "")))
