"""Server-sent events as bytes: cut into frames wherever the network cut them, read, and spelled again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from headroom_core.exchange.streams import Stitch
from headroom_core.exchange.turns import Turn
from headroom_core.exchange.words import Event
from headroom_core.types import Dialect

_FRAME_END = re.compile(rb"\n\n|\r\n\r\n|\r\r")
_LONGEST_END = 4  # bytes: an end may begin in one chunk and close in the next
_DONE = b"[DONE]"  # chat's last word


class SseStitch:
    """A `Stitch` for a gateway that forwards bytes. A frame that passes as it came goes out byte for byte."""

    def __init__(self, dialect: Dialect) -> None:
        self._stitch = Stitch(dialect)
        self._open = bytearray()  # of a frame that isn't whole yet
        self._left = b""  # of a stream that ended in the middle of a frame: to be sent before what comes next
        self._done = b""

    @property
    def follows(self) -> int:
        """How many streams followed on the first."""
        return self._stitch.follows

    def feed(self, chunk: bytes) -> bytes:
        """What to send to the client for some bytes of the provider; may be empty."""
        searched = max(0, len(self._open) - _LONGEST_END)
        self._open += chunk
        sent, begin = [self._taken()], 0
        for end in _FRAME_END.finditer(self._open, searched):
            sent.append(self._frame(bytes(self._open[begin : end.end()])))
            begin = end.end()
        del self._open[:begin]
        return b"".join(sent)

    def turn(self) -> Turn | None:
        """At the end of a stream: the turn that waits for originals, or None. What is fed next follows on it."""
        self._flush()
        return self._stitch.turn()

    def end(self) -> bytes:
        """At the end of the last stream: what is left to send."""
        self._flush()
        rest = b"".join([*map(spelled, self._stitch.end()), self._done])
        return (self._taken() if rest else self._left) + rest

    def broken(self, message: str) -> bytes:
        """What tells the client, in the middle of a response, that there is no more of it."""
        return self._taken() + b"".join(map(spelled, self._stitch.broken(message)))

    def _flush(self) -> None:
        """Read what a stream ended with, though no blank line closed it."""
        if self._open:
            self._left += self._frame(bytes(self._open))
            self._open.clear()

    def _taken(self) -> bytes:
        """What was left, closed, since more follows."""
        left, self._left = self._left, b""
        return left + b"\n\n" if left and not left.endswith((b"\n\n", b"\r\n\r\n", b"\r\r")) else left

    def _frame(self, frame: bytes) -> bytes:
        data = _data(frame)
        if data == _DONE:
            self._done = frame
            return b""
        event = _event(data)
        if event is None:
            return frame
        return b"".join(frame if shown is event else spelled(shown) for shown in self._stitch.feed(event))


def spelled(event: Event) -> bytes:
    """An event as a frame. Dialects that name their events name them in the data too, as `type`."""
    kind = event.get("type")
    name = f"event: {kind}\n".encode() if isinstance(kind, str) else b""
    return name + b"data: " + orjson.dumps(event) + b"\n\n"


def _data(frame: bytes) -> bytes:
    lines = [line.removeprefix(b"data:").removeprefix(b" ") for line in frame.splitlines() if line.startswith(b"data:")]
    return b"\n".join(lines)


def _event(data: bytes) -> Mapping[str, Any] | None:
    try:
        found = orjson.loads(data) if data else None
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None
