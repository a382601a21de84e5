"""Headroom for LlamaIndex: retrieved nodes and tool results in fewer tokens, every original kept.

Each name is loaded when it is first asked for: importing LlamaIndex takes a second.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headroom_llamaindex.events import HeadroomCompressionEvent
    from headroom_llamaindex.ingestion import HeadroomShortView
    from headroom_llamaindex.postprocessor import HeadroomPostprocessor
    from headroom_llamaindex.settings import HeadroomSettings
    from headroom_llamaindex.tools import HeadroomTool, compress_tools, headroom_retrieve_tool

__version__ = "0.1.0"

__all__ = [
    "HeadroomCompressionEvent",
    "HeadroomPostprocessor",
    "HeadroomSettings",
    "HeadroomShortView",
    "HeadroomTool",
    "compress_tools",
    "headroom_retrieve_tool",
]

_HOMES = {
    "HeadroomCompressionEvent": "events",
    "HeadroomPostprocessor": "postprocessor",
    "HeadroomSettings": "settings",
    "HeadroomShortView": "ingestion",
    "HeadroomTool": "tools",
    "compress_tools": "tools",
    "headroom_retrieve_tool": "tools",
}


def __getattr__(name: str) -> Any:
    """Load what is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
