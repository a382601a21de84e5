"""Streams of Anthropic's messages: blocks that open, grow and close, each under its index."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from headroom_core.exchange.words import Event, added, joined
from headroom_core.types import RETRIEVE_TOOL


class MessagesStitch:
    """One stream to the client out of several from the provider."""

    def __init__(self) -> None:
        self.follows = 0
        self._begun = False
        self._shown = 0  # blocks that the client has seen
        self._spent: Any = None
        self._part = _Part()

    def feed(self, event: Event) -> list[Event]:
        """What to send for one event."""
        kind, part = event.get("type"), self._part
        if kind == "message_start":
            return self._start(event)
        if kind in ("content_block_start", "content_block_delta", "content_block_stop"):
            return self._block(event)
        if kind == "message_delta":
            part.usage = _usage(part.usage, event.get("usage"))
            part.closing = event
            part.cut = _delta(event).get("stop_reason") != "tool_use"
            if part.asks:
                return []
            return [{**event, "usage": added(self._spent, part.usage)} if self._spent else event]
        if kind == "message_stop":
            part.ended = True
            return [] if part.asks else [event]
        return [event]

    def answer(self) -> dict[str, Any] | None:
        """The part as an answer in one piece, if it asks for originals. What is fed next is the part that follows."""
        part = self._part
        if not part.asks or not part.ended:
            return None
        self._next()
        return {"content": part.content(), "stop_reason": "tool_use"}

    def end(self) -> list[Event]:
        """What was held back, without our calls, for want of another answer."""
        part = self._part
        if not part.asks or part.closing is None:
            return []
        events: list[Event] = []
        for index in [index for index in part.held if not _is_ours(part.blocks[index])]:
            events += [{**event, "index": self._shown} for event in part.held[index]]
            self._shown += 1
        stopped = "tool_use" if events else "end_turn"
        delta = {**_delta(part.closing), "stop_reason": stopped}
        closing = {**part.closing, "delta": delta, "usage": added(self._spent, part.usage)}
        return [*events, closing, {"type": "message_stop"}]

    def broken(self, message: str) -> list[Event]:
        """What tells the client that the answer ends here."""
        return [{"type": "error", "error": {"type": "api_error", "message": message}}]

    def _start(self, event: Event) -> list[Event]:
        if self._part.ended:  # nobody asked for the answer: the follow-up comes behind it by itself
            self._next()
        message = event.get("message")
        self._part.usage = message.get("usage") if isinstance(message, Mapping) else None
        shown = [] if self._begun else [event]
        self._begun = True
        return shown

    def _next(self) -> None:
        self._spent = added(self._spent, self._part.usage)
        self._part = _Part()
        self.follows += 1

    def _block(self, event: Event) -> list[Event]:
        part, index = self._part, event.get("index")
        if not isinstance(index, int):
            return [event]
        part.grow(index, event)
        if index in part.held:
            part.held[index].append(event)
            return []
        if event.get("type") == "content_block_start":
            if part.holds(index):
                part.held[index] = [event]
                return []
            part.sent[index] = self._shown
            self._shown += 1
        at = part.sent.get(index, index)
        return [event if at == index else {**event, "index": at}]


class _Part:
    """One of the provider's messages."""

    def __init__(self) -> None:
        self.blocks: dict[int, dict[str, Any]] = {}
        self.held: dict[int, list[Event]] = {}  # the events of blocks that the client hasn't seen
        self.sent: dict[int, int] = {}  # the client's index of each block that he has
        self.usage: Any = None
        self.closing: Event | None = None
        self.ended = False
        self.cut = False  # the turn isn't whole: its calls can't be answered

    @property
    def asks(self) -> bool:
        """Whether there is a call of ours to answer. Not once the client has seen another: that one comes first."""
        called = any(self.blocks[index].get("type") == "tool_use" for index in self.sent)
        return not called and not self.cut and any(_is_ours(self.blocks[index]) for index in self.held)

    def holds(self, index: int) -> bool:
        """Whether a block that opens is held back: our calls, and other calls behind one."""
        block = self.blocks[index]
        return _is_ours(block) or (block.get("type") == "tool_use" and self.asks)

    def grow(self, index: int, event: Event) -> None:
        """Add what an event says of a block to what we know of it."""
        opening, delta = event.get("content_block"), _delta(event)
        block = self.blocks.setdefault(index, dict(opening) if isinstance(opening, Mapping) else {})
        if delta.get("type") == "citations_delta":
            delta = {"citations": [delta.get("citation")]}
        for key in [key for key in delta if key != "type"]:
            block[key] = joined(block.get(key), delta[key])

    def content(self) -> list[dict[str, Any]]:
        """The blocks in one piece."""
        return [_filled(block) for block in self.blocks.values()]


def _filled(block: dict[str, Any]) -> dict[str, Any]:
    """The block as it stands in an answer that isn't streamed: its input is an object."""
    if "partial_json" not in block:
        return block
    rest = {key: value for key, value in block.items() if key != "partial_json"}
    try:
        return {**rest, "input": json.loads(block["partial_json"] or "{}")}
    except (ValueError, TypeError):
        return {**rest, "input": {}}


def _delta(event: Event) -> Mapping[str, Any]:
    delta = event.get("delta")
    return delta if isinstance(delta, Mapping) else {}


def _usage(start: object, end: object) -> Any:
    """One message's usage: the end's figures are of the whole message, not of what came since the start."""
    told = {key: value for key, value in end.items() if value is not None} if isinstance(end, Mapping) else {}
    return {**start, **told} if isinstance(start, Mapping) else told or None


def _is_ours(block: Mapping[str, Any]) -> bool:
    return block.get("type") == "tool_use" and block.get("name") == RETRIEVE_TOOL
