"""The three request shapes of LiteLLM that hold tool results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from headroom_core import Dialect


@dataclass(frozen=True, slots=True)
class Surface:
    """One of LiteLLM's request shapes."""

    dialect: Dialect  # of its tools and answers, as `Headroom.retrieve_tool` names them
    conversation: str  # the field that holds the messages or input items
    metadata: str  # the field in which LiteLLM keeps what never reaches the provider


CHAT = Surface("openai", "messages", "metadata")
MESSAGES = Surface("anthropic", "messages", "litellm_metadata")
RESPONSES = Surface("responses", "input", "litellm_metadata")

BY_CALL_TYPE: Mapping[str, Surface] = {
    "completion": CHAT,
    "acompletion": CHAT,
    "anthropic_messages": MESSAGES,
    "responses": RESPONSES,
    "aresponses": RESPONSES,
}

BY_AGENTIC_SURFACE: Mapping[str, Surface] = {
    "chat_completions": CHAT,
    "anthropic_messages": MESSAGES,
    "responses": RESPONSES,
}


def surface_of_body(body: Mapping[str, Any]) -> Surface | None:
    """The surface that a provider's own request has, by its fields."""
    for surface in (CHAT, RESPONSES):
        if isinstance(body.get(surface.conversation), list):
            return surface
    return None
