"""Streams of OpenAI's Responses: items that open, grow and close, and at the end the whole answer once more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headroom_core.exchange.responses import is_call, is_ours
from headroom_core.exchange.words import Event, added, dicts

BEGINS = ("response.created", "response.queued", "response.in_progress")
ENDS = ("response.completed", "response.incomplete", "response.failed")


class ResponsesStitch:
    """One stream to the client out of several from the provider."""

    def __init__(self) -> None:
        self.follows = 0
        self._id: object = None
        self._number = 0  # of the next event that the client sees
        self._shown: list[Any] = []  # items of the parts before, as far as the client has seen them
        self._spent: Any = None
        self._part = _Part()

    def feed(self, event: Event) -> list[Event]:
        """What to send for one event."""
        kind, part = event.get("type"), self._part
        if kind in BEGINS:
            response = event.get("response")
            if self._id is None and isinstance(response, Mapping):
                self._id = response.get("id")
            return [] if self.follows else [self._numbered(event)]
        if kind in ENDS:
            if kind == "response.completed" and part.asks:
                part.closing = event
                return []
            return [self._numbered(self._closed(event))]
        index = event.get("output_index")
        if not isinstance(index, int):
            return [self._numbered(event)]
        at = part.place(index, event, len(self._shown))
        if at is None:
            return []
        return [self._numbered(event if at == index else {**event, "output_index": at})]

    def answer(self) -> dict[str, Any] | None:
        """The part as an answer in one piece, if it asks for originals. What is fed next is the part that follows."""
        part = self._part
        if not part.asks or part.closing is None:
            return None
        closed = part.closing.get("response")
        response: dict[str, Any] = dict(closed) if isinstance(closed, Mapping) else {}
        self._spent = added(self._spent, response.get("usage"))
        self._shown += [item for item in dicts(response.get("output")) if not is_call(item)]
        self._part = _Part()
        self.follows += 1
        return response

    def end(self) -> list[Event]:
        """What was held back, without our calls, for want of another answer."""
        part = self._part
        if not part.asks or part.closing is None:
            return []
        events: list[Event] = []
        for index in [index for index in part.held if not is_ours(part.items[index])]:
            at = len(self._shown) + len(part.sent)
            part.sent[index] = at
            events += [{**event, "output_index": at} for event in part.held[index]]
        return [self._numbered(event) for event in [*events, self._closed(part.closing)]]

    def broken(self, message: str) -> list[Event]:
        """What tells the client that the answer ends here."""
        return [self._numbered({"type": "error", "code": "server_error", "message": message, "param": None})]

    def _closed(self, event: Event) -> Event:
        response = event.get("response")
        if not isinstance(response, Mapping):
            return event
        output = list(dicts(response.get("output")))
        left = [item for item in output if not is_ours(item)]
        if not self.follows and len(left) == len(output):
            return event
        usage = added(self._spent, response.get("usage"))
        whole = {**response, "id": self._id, "output": [*self._shown, *left], "usage": usage}
        return {**event, "response": whole}

    def _numbered(self, event: Event) -> Event:
        number, self._number = self._number, self._number + 1
        return event if event.get("sequence_number", number) == number else {**event, "sequence_number": number}


class _Part:
    """One of the provider's answers."""

    def __init__(self) -> None:
        self.items: dict[int, Mapping[str, Any]] = {}
        self.held: dict[int, list[Event]] = {}  # the events of items that the client hasn't seen
        self.sent: dict[int, int] = {}  # the client's index of each item that he has
        self.closing: Event | None = None

    @property
    def asks(self) -> bool:
        """Whether there is a call of ours to answer. Not once the client has seen another: that one comes first."""
        called = any(is_call(self.items[index]) for index in self.sent)
        return not called and any(is_ours(self.items[index]) for index in self.held)

    def place(self, index: int, event: Event, shown: int) -> int | None:
        """Where the client sees the item that an event is about; None where he doesn't."""
        item = event.get("item")
        if isinstance(item, Mapping) and index not in self.items:
            self.items[index] = item
            if is_ours(item) or (is_call(item) and self.asks):
                self.held[index] = []
            else:
                self.sent[index] = shown + len(self.sent)
        if index in self.held:
            self.held[index].append(event)
            return None
        return self.sent.get(index, index)
