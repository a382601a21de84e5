"""OpenAI chat completions: results in messages of role `tool`, calls in `tool_calls` of the assistant.

The older `function` role, which names its function itself, is read as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from headroom_core.dialects.words import Call, Output, texts


def calls(message: Mapping[str, object]) -> Iterator[Call]:
    """The tool calls that an assistant message makes."""
    made = message.get("tool_calls")
    if message.get("role") == "assistant" and isinstance(made, list):
        for call in made:
            function = call.get("function") if isinstance(call, Mapping) else None
            if isinstance(function, Mapping):
                yield Call(str(call.get("id")), str(function.get("name", "")), str(function.get("arguments", "")))


def question(message: Mapping[str, object]) -> str | None:
    """What the user says in this message; None where he says nothing."""
    if message.get("role") != "user":
        return None
    return "\n".join(text for _, text in texts(message.get("content"))) or None


def outputs(message: Mapping[str, object]) -> Iterator[Output]:
    """The texts that a tool gave back in this message."""
    role = message.get("role")
    if role not in ("tool", "function"):
        return
    for place, text in texts(message.get("content")):
        yield Output(("content", *place), text, str(message.get("tool_call_id", "")), str(message.get("name") or ""))
