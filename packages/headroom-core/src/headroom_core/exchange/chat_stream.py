"""Streams of OpenAI's chat completions: tool calls come in pieces, the usage in a chunk of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headroom_core.exchange.words import Event, added, dicts, joined
from headroom_core.types import RETRIEVE_TOOL

IDENTITY = ("id", "created", "model", "system_fingerprint")  # of the first chunk: all others carry the same
CUT = ("length", "content_filter")  # finish reasons of a turn that isn't whole: its calls can't be answered


class ChatStitch:
    """One stream to the client out of several from the provider."""

    def __init__(self) -> None:
        self.follows = 0
        self._identity: dict[str, Any] = {}
        self._spent: Any = None
        self._part = _Part()

    def feed(self, event: Event) -> list[Event]:
        """What to send for one chunk."""
        if not self._identity:
            self._identity = {key: event[key] for key in IDENTITY if key in event}
        choice, part = next(dicts(event.get("choices")), None), self._part
        if choice is None or (part.last is not None and event.get("usage")):
            return self._counted(event)
        left = part.left_of(choice)
        shown = event if left is choice else {**event, "choices": [left]}
        if event.get("usage"):
            part.usage = event["usage"]
            shown = {**shown, "usage": added(self._spent, part.usage)} if self._spent else shown
        part.cut = part.cut or left.get("finish_reason") in CUT
        if left.get("finish_reason") and part.asks:
            part.last = shown
            shown = {**shown, "choices": [{**left, "finish_reason": None}], "usage": None}
        if shown is not event and not _says(shown):
            return []
        return [self._same(shown)]

    def answer(self) -> dict[str, Any] | None:
        """The part as an answer in one piece, if it asks for originals. What is fed next is the part that follows."""
        part = self._part
        if not part.asks or part.last is None:
            return None
        self._spent = added(self._spent, part.usage)
        self._part = _Part(follows=True)
        self.follows += 1
        return {"choices": [{"index": 0, "message": part.message(), "finish_reason": "tool_calls"}]}

    def end(self) -> list[Event]:
        """What was held back, without our calls, for want of another answer."""
        part = self._part
        if not part.asks or part.last is None:
            return []
        (choice,) = part.last["choices"]
        calls = [
            {**call, "index": index} for index, call in enumerate(c for c in part.calls.values() if not _is_ours(c))
        ]
        delta = {"tool_calls": calls} if calls else {}
        closing = {**choice, "delta": delta, "finish_reason": "tool_calls" if calls else "stop"}
        events = [{**part.last, "choices": [closing]}]
        if part.counted is not None:
            events.append({**part.counted, "usage": added(self._spent, part.usage)})
        return [self._same(event) for event in events]

    def broken(self, message: str) -> list[Event]:
        """What tells the client that the answer ends here."""
        return [{"error": {"message": message, "type": "server_error", "param": None, "code": None}}]

    def _counted(self, event: Event) -> list[Event]:
        if event.get("usage"):
            self._part.usage = event["usage"]
            if self._part.asks:
                self._part.counted = event
                return []
            if self._spent:
                return [self._same({**event, "usage": added(self._spent, event["usage"])})]
        return [self._same(event)]

    def _same(self, event: Event) -> Event:
        return {**event, **self._identity} if self.follows else event


class _Part:
    """One of the provider's streams."""

    def __init__(self, *, follows: bool = False) -> None:
        self.calls: dict[int, dict[str, Any]] = {}  # by the provider's index
        self.usage: Any = None
        self.last: Event | None = None  # the chunk with the finish reason, held back
        self.counted: Event | None = None  # the chunk with the usage, held back
        self.cut = False
        self._follows = follows
        self._said: dict[str, Any] = {}
        self._sent: dict[int, int] = {}  # the client's index of each call that was sent

    @property
    def asks(self) -> bool:
        """Whether there is a call of ours to answer. Not once the client has seen another: that one comes first."""
        return not self._sent and not self.cut and any(_is_ours(call) for call in self.calls.values())

    def message(self) -> dict[str, Any]:
        """All of the part as a message."""
        said = dict(self._said)
        if "thinking_blocks" in said:
            said["thinking_blocks"] = _whole(said["thinking_blocks"])
        return {"role": "assistant", **said, "tool_calls": list(self.calls.values())}

    def left_of(self, choice: Mapping[str, Any]) -> Mapping[str, Any]:
        """The choice without what the client shall not see; itself where that is nothing."""
        delta = choice.get("delta")
        if not isinstance(delta, Mapping):
            return choice
        said = {key: value for key, value in delta.items() if key not in ("role", "tool_calls")}
        self._said = joined(self._said, said)
        left = dict(delta)
        if self._follows:
            left.pop("role", None)
        if pieces := list(dicts(delta.get("tool_calls"))):
            left["tool_calls"] = [shown for piece in pieces if (shown := self._call(piece)) is not None]
            if not left["tool_calls"]:
                del left["tool_calls"]
        return choice if left == delta else {**choice, "delta": left}

    def _call(self, piece: Mapping[str, Any]) -> Mapping[str, Any] | None:
        index = piece.get("index")
        index = index if isinstance(index, int) else len(self.calls)
        call = self.calls[index] = _grown(self.calls.get(index, {}), piece)
        if index in self._sent:
            return {**piece, "index": self._sent[index]}
        if not _name(call) or _is_ours(call) or self.asks:
            return None
        self._sent[index] = len(self._sent)
        return {**call, "index": self._sent[index]}


def _says(event: Event) -> bool:
    """Whether a chunk that we changed still has something to say."""
    choice = next(dicts(event.get("choices")), {})
    delta = choice.get("delta")
    told = isinstance(delta, Mapping) and any(delta.values())
    return bool(told or choice.get("finish_reason") or event.get("usage"))


def _grown(call: Mapping[str, Any], piece: Mapping[str, Any]) -> dict[str, Any]:
    """The call with one piece more: arguments go on, all else is said once, or over again."""
    said = {key: value for key, value in piece.items() if value is not None and key not in ("index", "function")}
    function, more = call.get("function") or {}, piece.get("function")
    more = {key: value for key, value in more.items() if value is not None} if isinstance(more, Mapping) else {}
    arguments = joined(function.get("arguments"), more.get("arguments"))
    told = {**function, **more, "name": more.get("name") or function.get("name"), "arguments": arguments}
    return {**call, **said, "function": told}


def _whole(pieces: object) -> list[dict[str, Any]]:
    """Thinking blocks out of their pieces: one grows until it is signed."""
    blocks: list[dict[str, Any]] = []
    for piece in dicts(pieces):
        last = blocks[-1] if blocks else {}
        if piece.get("type") == last.get("type") == "thinking" and not last.get("signature"):
            blocks[-1] = joined(last, {key: value for key, value in piece.items() if key != "type"})
        else:
            blocks.append(dict(piece))
    return blocks


def _name(call: Mapping[str, Any]) -> str:
    function = call.get("function")
    return str(function.get("name") or "") if isinstance(function, Mapping) else ""


def _is_ours(call: Mapping[str, Any]) -> bool:
    return _name(call) == RETRIEVE_TOOL
