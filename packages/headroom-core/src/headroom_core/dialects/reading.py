"""Reading the blocks of a request, and putting changed texts back at their places.

The dialects tell themselves apart by the shape of each message, so a history that mixes them is read as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from headroom_core.dialects import chat, messages, responses
from headroom_core.dialects.words import Call
from headroom_core.types import Block, Place

DIALECTS = (chat, messages, responses)


def read_blocks(conversation: Sequence[object]) -> list[Block]:
    """The tool results in a conversation, in order. Messages of an unknown shape hold none.

    A block's question is the last user text before it, its origin the call that it answers: both precede it,
    so they are the same in every later request.
    """
    blocks: list[Block] = []
    made: dict[str, Call] = {}
    asked = ""
    for index, message in enumerate(conversation):
        if not isinstance(message, Mapping):
            continue
        for dialect in DIALECTS:
            for call in dialect.calls(message):
                made[call.call_id] = call
            for output in dialect.outputs(message):
                call = made.get(output.call_id, Call(output.call_id, output.name, ""))
                name = call.name or output.name
                blocks.append(
                    Block(
                        place=(index, *output.place),
                        role="tool",
                        text=output.text,
                        tool_name=name,
                        tool_call_id=output.call_id,
                        origin=f"{name} {call.arguments}".strip(),
                        question=asked,
                    )
                )
        asked = chat.question(message) or asked  # a user's text has the same shape in every dialect
    return blocks


def put_back(conversation: Sequence[Any], shown: Mapping[Place, str]) -> list[Any]:
    """The conversation with the texts at these places changed.

    Only what leads to a changed text is copied; every other message, list and block is the object that came in.
    """
    changed = list(conversation)
    copied: dict[Place, Any] = {}
    for place, text in shown.items():
        inner: Any = changed
        for depth, step in enumerate(place[:-1], start=1):
            path = place[:depth]
            if path not in copied:
                copied[path] = inner[step].copy()
                inner[step] = copied[path]
            inner = copied[path]
        inner[place[-1]] = text
    return changed


def all_texts(value: object) -> list[str]:
    """Every string that a message shows to the model: contents, arguments and outputs, not ids and types."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for key in SHOWN_KEYS if key in value for text in all_texts(value[key])]
    if isinstance(value, list):
        return [text for part in value for text in all_texts(part)]
    return []


SHOWN_KEYS = (
    "content",
    "text",
    "output",
    "tool_calls",
    "function",
    "name",
    "arguments",
    "input",
    "thinking",
    "refusal",
)
