"""Streamed answers: the model's calls of `headroom_retrieve` taken out, what follows put into the same stream.

Everything else passes at once, as the object that came in. No I/O: a gateway feeds events and sends what it is given.

    stitch = stitched("anthropic")
    async for event in provider(request):        # the stream's data, as dicts
        for each in stitch.feed(event): send(each)
    while (turn := stitch.turn()) is not None:   # the model asks; answer, and feed what it says to that
        ...
    for each in stitch.end(): send(each)

A call of another tool that the model made before ours has been seen by the client already: then ours is dropped, and
the model asks again when it has its answer. Calls behind ours wait: the model makes them again with the original in
sight.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from headroom_core.errors import SettingError
from headroom_core.exchange.chat_stream import ChatStitch
from headroom_core.exchange.messages_stream import MessagesStitch
from headroom_core.exchange.responses_stream import ResponsesStitch
from headroom_core.exchange.turns import Turn, read_turn
from headroom_core.exchange.words import Event
from headroom_core.types import Dialect


class _Stream(Protocol):
    follows: int

    def feed(self, event: Event) -> list[Event]: ...
    def answer(self) -> dict[str, Any] | None: ...
    def end(self) -> list[Event]: ...
    def broken(self, message: str) -> list[Event]: ...


_STREAMS: Mapping[str, Callable[[], _Stream]] = {
    "openai": ChatStitch,
    "anthropic": MessagesStitch,
    "responses": ResponsesStitch,
}


class Stitch:
    """One response to the client out of as many streams of the provider as it takes. For one response only."""

    def __init__(self, dialect: Dialect) -> None:
        if dialect not in _STREAMS:
            raise SettingError(f"dialect is {dialect!r}; expected one of {', '.join(_STREAMS)}")
        self._dialect = dialect
        self._stream = _STREAMS[dialect]()

    @property
    def follows(self) -> int:
        """How many streams followed on the first."""
        return self._stream.follows

    def feed(self, event: Event) -> list[Event]:
        """What to send to the client for one event of the provider: the same object where it passes as it came."""
        return self._stream.feed(event)

    def turn(self) -> Turn | None:
        """At the end of a stream: the turn that waits for originals, or None. What is fed next follows on it."""
        answer = self._stream.answer()
        return None if answer is None else read_turn(answer, self._dialect)

    def end(self) -> list[Event]:
        """At the end of the last stream: what is left to send. Calls of ours that nobody answered are left out."""
        return self._stream.end()

    def broken(self, message: str) -> list[Event]:
        """What tells the client, in the middle of a response, that there is no more of it."""
        return self._stream.broken(message)
