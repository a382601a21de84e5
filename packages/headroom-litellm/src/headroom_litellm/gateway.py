"""The adapter's own door: requests come out smaller, the model's calls are answered, and no failure of ours gets out.

Both entries, the SDK's callback and the proxy's handler, hold one gateway. It works in threads of its own, so that
neither a large request nor a stuck one holds up the event loop, or the pool that LiteLLM itself works in.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from headroom_core import Headroom, Turn, compress_request

from headroom_litellm.surfaces import Surface

logger = logging.getLogger("headroom_litellm")

SECONDS = 5.0  # a request that takes us longer goes as it came; what is still being worked out is there for the next
WORKERS = 4  # the work is Python's: more threads would only take turns

STAMP = "headroom"  # key in LiteLLM's metadata
SAVINGS = "compression_savings"  # key in LiteLLM's metadata, from which it counts what was saved by day, team and key
UNREACHABLE = "The original can't be read at the moment. Go on with what is shown, or run the tool again."
REFUSED = "The provider refused the request with which the model was to go on. Please retry."

_P = ParamSpec("_P")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What was done to a request. Rides in LiteLLM's metadata: a client's JSON can't spell an object of this type."""

    tenant: str
    offered: bool = False  # the retrieve tool is ours: its calls are answered here
    tokens_before: int = 0
    tokens_after: int = 0
    failed: bool = False  # the request goes as it came, and that was not by choice

    @property
    def tokens_saved(self) -> int:
        """Net tokens saved in the request."""
        return self.tokens_before - self.tokens_after


@contextmanager
def harmless(consequence: str) -> Iterator[None]:
    """Where every failure of ours ends: one warning, and the request goes on."""
    try:
        yield
    except Exception as error:  # noqa: BLE001  # the adapter's one place for it
        cause = "it took too long" if isinstance(error, TimeoutError) else f"{type(error).__name__}: {error}"
        logger.warning("Headroom: %s: %s", consequence, cause)


class Gateway:
    """Compresses requests and answers calls, for any number of requests at once."""

    def __init__(self, headroom: Headroom | None = None, seconds: float = SECONDS) -> None:
        self.headroom = headroom or Headroom.from_env()
        self._seconds = seconds
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="headroom")

    async def off_loop(self, work: Callable[_P, _T], *args: _P.args, **options: _P.kwargs) -> _T:
        """Do the work in a thread of ours. Raises TimeoutError when it takes too long."""
        future = asyncio.wrap_future(self._workers.submit(work, *args, **options))
        async with asyncio.timeout(self._seconds):
            return await future

    def in_time(self, work: Callable[_P, _T], *args: _P.args, **options: _P.kwargs) -> _T:
        """The same for a caller who has no event loop: he waits here."""
        return self._workers.submit(work, *args, **options).result(self._seconds)

    def compress(
        self, request: Mapping[str, Any], surface: Surface, tenant: str, *, answers: bool
    ) -> tuple[dict[str, Any], Stamp]:
        """The fields of a request that change, and the stamp. Touches nothing that the request holds."""
        conversation = request.get(surface.conversation)
        if not isinstance(conversation, list):
            return {}, Stamp(tenant)
        plain = [_plain(message) for message in conversation]
        wire = {**request, surface.conversation: plain}
        outgoing = compress_request(self.headroom, wire, surface.dialect, tenant=tenant, answers=answers)
        changes = outgoing.changes
        if surface.conversation in changes:
            changes[surface.conversation] = [
                came if went is shown else went
                for came, shown, went in zip(conversation, plain, changes[surface.conversation], strict=True)
            ]
        return changes, Stamp(tenant, outgoing.offered, outgoing.tokens_before, outgoing.tokens_after)

    def answers(self, turn: Turn, tenant: str) -> list[str]:
        """What to say to each of the model's calls."""
        return [self.headroom.answer(call.arguments, tenant=tenant) for call in turn.calls]


def stamp_of(request: Mapping[str, Any]) -> Stamp | None:
    """The stamp of a request that was here before: in an earlier hook, an earlier attempt, an earlier round."""
    for field in ("metadata", "litellm_metadata"):
        metadata = request.get(field)
        stamp = metadata.get(STAMP) if isinstance(metadata, Mapping) else None
        if isinstance(stamp, Stamp):
            return stamp
    return None


def stamped(metadata: object, stamp: Stamp) -> dict[str, Any]:
    """LiteLLM's metadata of a request, with the stamp, and with what LiteLLM itself counts of it."""
    told = dict(metadata) if isinstance(metadata, Mapping) else {}
    told[STAMP] = stamp
    if stamp.tokens_saved:
        counts = {"tokens_before": stamp.tokens_before, "tokens_after": stamp.tokens_after}
        told[SAVINGS] = {**counts, "tokens_saved": stamp.tokens_saved, "source": "headroom"}
    return told


def _plain(message: Any) -> Any:
    """A message as a dict: LiteLLM's own objects stand among those of the caller."""
    return message.model_dump() if hasattr(message, "model_dump") else message
