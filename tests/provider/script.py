"""What goes over the wire, without its spelling: requests as they were recorded, answers as a test scripts them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

_HANDLE = re.compile(r"\[headroom ([0-9a-f]{12,24}): ")
_PIECE_CHARS = 12  # of a text or of arguments, in one streamed event: cuts words, as real ones do


@dataclass(frozen=True)
class Request:
    """A request as it arrived."""

    serial: int  # counted from 1
    method: str
    path: str  # with its query
    headers: dict[str, str]  # names in lower case
    raw: bytes

    @cached_property
    def body(self) -> dict[str, Any]:
        """The JSON in it; empty where it has no body."""
        found = json.loads(self.raw) if self.raw else {}
        return found if isinstance(found, dict) else {"": found}

    @property
    def handles(self) -> list[str]:
        """The handles in what looks like our markers, in order, each once."""
        return list(dict.fromkeys(_HANDLE.findall(self.raw.decode())))

    @property
    def tool_names(self) -> list[str]:
        """The tools that it offers."""
        return [tool.get("function", tool).get("name", "") for tool in self.body.get("tools") or []]

    @property
    def tool_results(self) -> dict[str, str]:
        """The texts of its tool results, by the id of the call that each answers."""
        found = {}
        for item in blocks(self.body):
            key = item.get("tool_call_id") or item.get("tool_use_id") or item.get("call_id")
            if item.get("role") == "tool" or item.get("type") in ("tool_result", "function_call_output"):
                found[str(key)] = text_of(item.get("output", item.get("content", "")))
        return found


def blocks(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Messages and input items of a body, and the blocks inside them."""
    items = body.get("messages") or body.get("input") or []
    for item in items if isinstance(items, list) else []:
        yield item
        if isinstance(item.get("content"), list):
            yield from item["content"]


def text_of(content: Any) -> str:
    """The text of a content that may be a list of blocks."""
    if isinstance(content, list):
        return "".join(block.get("text", "") for block in content)
    return str(content)


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call that the model makes."""

    name: str
    arguments: dict[str, Any] | str = field(default_factory=dict)  # a str goes out as it stands, valid JSON or not
    id: str = ""  # empty: made from the request's number and the call's

    @property
    def spelled(self) -> str:
        """The arguments as a JSON text."""
        return self.arguments if isinstance(self.arguments, str) else json.dumps(self.arguments)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model says: text, tool calls, or both."""

    text: str = ""
    calls: tuple[Call, ...] = ()
    thinking: str = ""  # goes before both, signed; in chat, whose wire has no place for it, left out
    cached_tokens: int = 0  # of the request's, as the usage reports it
    before_event: Callable[[int], None] = lambda number: None  # of a stream, counted from 0: may wait, or break it off


@dataclass(frozen=True, slots=True)
class Failure:
    """What the provider says instead of an answer."""

    status: int
    message: str = "scripted failure"
    headers: dict[str, str] = field(default_factory=dict)


Step = str | Answer | Failure | Callable[[Request], "str | Answer | Failure"]
"""One answer of a script; a callable may look at the request first."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What an answer bears besides its content."""

    serial: int
    model: str
    input_tokens: int
    counts_stream: bool = False  # chat only: whether the stream's last event is to bear the usage

    def call_id(self, answer: Answer, index: int, prefix: str = "call") -> str:
        """The id of a call of the answer."""
        return answer.calls[index].id or f"{prefix}_{self.serial}_{index}"


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a stream."""

    data: dict[str, Any] | str
    name: str = ""

    @property
    def spelled(self) -> bytes:
        """As server-sent events are spelled."""
        data = self.data if isinstance(self.data, str) else json.dumps(self.data, separators=(",", ":"))
        return (f"event: {self.name}\n" if self.name else "").encode() + f"data: {data}\n\n".encode()


def pieces(text: str) -> list[str]:
    """A text as a stream hands it out."""
    return [text[start : start + _PIECE_CHARS] for start in range(0, len(text), _PIECE_CHARS)]


def output_tokens(answer: Answer) -> int:
    """A plausible count: what matters is that it is stated, and the same each time."""
    return 1 + sum(map(len, (answer.text, answer.thinking, *(call.spelled for call in answer.calls)))) // 4
