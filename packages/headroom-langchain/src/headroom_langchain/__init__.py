"""Headroom for LangChain and LangGraph: fewer tokens on the way to a model, every original kept.

Each name is loaded when it is first asked for: an agent's middleware needs `langchain`, a chain only `langchain-core`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headroom_langchain.documents import HeadroomDocumentCompressor
    from headroom_langchain.middleware import HeadroomMiddleware
    from headroom_langchain.retrieve_tool import HeadroomRetrieveTool
    from headroom_langchain.settings import HeadroomSettings
    from headroom_langchain.transform import HeadroomTransform

__version__ = "0.1.0"

__all__ = [
    "HeadroomDocumentCompressor",
    "HeadroomMiddleware",
    "HeadroomRetrieveTool",
    "HeadroomSettings",
    "HeadroomTransform",
]

_HOMES = {
    "HeadroomDocumentCompressor": "documents",
    "HeadroomMiddleware": "middleware",
    "HeadroomRetrieveTool": "retrieve_tool",
    "HeadroomSettings": "settings",
    "HeadroomTransform": "transform",
}


def __getattr__(name: str) -> Any:
    """Load what is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
