"""The three request shapes of LiteLLM that hold tool results, and what a request says about its way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from headroom_core import is_retrieve_tool

Dialect = Literal["openai", "anthropic", "responses"]


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

FREE_CHOICES = ("auto", "any", "required")  # of `tool_choice`: every tool may be called
ANSWERED_LATER = ("background", "conversation")  # Responses: the provider goes on by itself, or keeps what we append


def tool_name(tool: object) -> str:
    """The name of a tool in any dialect; empty for what the provider brings itself."""
    if not isinstance(tool, Mapping):
        return ""
    function = tool.get("function")
    return str((function if isinstance(function, Mapping) else tool).get("name") or "")


def may_ask_back(request: Mapping[str, Any]) -> bool:
    """Whether the model could call `headroom_retrieve` in this request, if we offered it, and we could answer.

    Not without tools of the caller's own: his model may know none, and a prefix without tools is another one anyway.
    Not beside a retrieve tool that is there already: whoever offers it answers it.
    """
    tools = request.get("tools")
    if not isinstance(tools, list) or not tools or any(is_retrieve_tool(tool_name(tool)) for tool in tools):
        return False
    if any(request.get(field) for field in ANSWERED_LATER) or request.get("n") not in (None, 1):
        return False
    choice = request.get("tool_choice")
    kind = choice.get("type") if isinstance(choice, Mapping) else choice
    return kind is None or kind in FREE_CHOICES


def may_be_stitched(request: Mapping[str, Any], surface: Surface) -> bool:
    """Whether several answers can be handed to the client as one.

    Not where they stream and the provider keeps them: what the client would go on from by its id is the first of them,
    which still waits for the original.
    """
    return not request.get("stream") or surface is not RESPONSES or request.get("store") is False


def surface_of_body(body: Mapping[str, Any]) -> Surface | None:
    """The surface that a provider's own request has, by its fields."""
    for surface in (CHAT, RESPONSES):
        if isinstance(body.get(surface.conversation), list):
            return surface
    return None
