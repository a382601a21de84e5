"""Headroom: context compression for LLM agents. Fewer tokens, nothing lost, every original kept.

`Headroom` is the door; `compress` and `retrieve` are the same on one process-wide `Headroom`, set up by the
environment. Everything is loaded when it is first asked for, so importing this costs next to nothing.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headroom_core.ccr.tool import is_retrieve_tool
    from headroom_core.errors import HeadroomError, OriginalMissing, SettingError, StoreUnavailable
    from headroom_core.exchange.sse import SseStitch
    from headroom_core.exchange.streams import Stitch
    from headroom_core.exchange.turns import Turn
    from headroom_core.gateway import Gateway, Outgoing, compress_request, harmless
    from headroom_core.headroom import Headroom
    from headroom_core.policy import Policy
    from headroom_core.types import (
        Block,
        Changes,
        Dialect,
        Fidelity,
        Original,
        Outcome,
        Place,
        Receipt,
        Result,
        Retrieval,
        Scorer,
        Shown,
        Store,
    )

__version__ = "0.1.0"

__all__ = [
    "Block",
    "Changes",
    "Dialect",
    "Fidelity",
    "Gateway",
    "Headroom",
    "HeadroomError",
    "Original",
    "OriginalMissing",
    "Outcome",
    "Outgoing",
    "Place",
    "Policy",
    "Receipt",
    "Result",
    "Retrieval",
    "Scorer",
    "SettingError",
    "Shown",
    "SseStitch",
    "Stitch",
    "Store",
    "StoreUnavailable",
    "Turn",
    "compress",
    "compress_request",
    "harmless",
    "is_retrieve_tool",
    "retrieve",
]

_HOMES = {
    "Gateway": "gateway",
    "Headroom": "headroom",
    "Outgoing": "gateway",
    "Policy": "policy",
    "SseStitch": "exchange.sse",
    "Stitch": "exchange.streams",
    "Turn": "exchange.turns",
    "compress_request": "gateway",
    "harmless": "gateway",
    "is_retrieve_tool": "ccr.tool",
    **dict.fromkeys(("HeadroomError", "OriginalMissing", "SettingError", "StoreUnavailable"), "errors"),
}


def __getattr__(name: str) -> Any:
    """Load what is asked for; whatever has no other home is a word of `types`."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES.get(name, 'types')}"), name)
    globals()[name] = value
    return value


@lru_cache(maxsize=1)
def _shared() -> Headroom:
    """The process-wide `Headroom`, set up by the environment at first use."""
    from headroom_core.headroom import Headroom

    return Headroom.from_env()


def compress(messages: Sequence[Any], model: str = "gpt-4o", **options: Any) -> Result:
    """`Headroom.compress` on the process-wide `Headroom`; takes the same arguments."""
    return _shared().compress(messages, model, **options)


def retrieve(handle: str, **options: Any) -> Original:
    """`Headroom.retrieve` on the process-wide `Headroom`; takes the same arguments."""
    return _shared().retrieve(handle, **options)
