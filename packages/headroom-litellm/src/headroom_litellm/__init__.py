"""Headroom for LiteLLM: a callback for its SDK, and a handler for its proxy.

LiteLLM is loaded when one of the names is first asked for: importing it takes seconds.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headroom_litellm.callback import HeadroomCallback
    from headroom_litellm.wrapper import acompletion, completion, install

__version__ = "0.1.0"

__all__ = ["HeadroomCallback", "acompletion", "completion", "install"]

_HOMES = {
    "HeadroomCallback": "callback",
    "acompletion": "wrapper",
    "completion": "wrapper",
    "install": "wrapper",
}


def __getattr__(name: str) -> Any:
    """Load what is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
