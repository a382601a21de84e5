"""The adapter's own door: LiteLLM's requests come out smaller, with a stamp that says what was done to them.

Both entries, the SDK's callback and the proxy's handler, hold one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from headroom_core import Gateway, Headroom, compress_request

from headroom_litellm.surfaces import Surface

STAMP = "headroom"  # key in LiteLLM's metadata
SAVINGS = "compression_savings"  # key in LiteLLM's metadata, from which it counts what was saved by day, team and key
REFUSED = "The provider refused the request with which the model was to go on. Please retry."
_UNCHANGED = "a request goes as it came"


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


class Door(Gateway):
    """Compresses LiteLLM's requests and answers calls; None for `headroom`: one that the environment sets up."""

    def __init__(self, headroom: Headroom | None = None, seconds: float = Gateway.SECONDS) -> None:
        super().__init__(headroom or Headroom.from_env(), seconds)

    async def smaller(
        self, request: Mapping[str, Any], surface: Surface, tenant: str, *, answers: bool
    ) -> tuple[dict[str, Any], Stamp]:
        """The fields of a request that change, and the stamp. Touches nothing that the request holds."""
        done = await self.tried(_UNCHANGED, self._smaller, request, surface, tenant, answers=answers)
        return done or ({}, Stamp(tenant, failed=True))

    def smaller_here(
        self, request: Mapping[str, Any], surface: Surface, tenant: str, *, answers: bool
    ) -> tuple[dict[str, Any], Stamp]:
        """The same for a caller who has no event loop: he waits here."""
        done = self.tried_here(_UNCHANGED, self._smaller, request, surface, tenant, answers=answers)
        return done or ({}, Stamp(tenant, failed=True))

    def _smaller(
        self, request: Mapping[str, Any], surface: Surface, tenant: str, *, answers: bool
    ) -> tuple[dict[str, Any], Stamp]:
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
