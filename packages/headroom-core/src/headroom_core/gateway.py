"""A whole request on its way through a gateway: what of it changes, and whether the model may ask back.

Both gateways, LiteLLM's proxy and our own, decide here alike. Neither sends nor receives anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from headroom_core.ccr.tool import is_retrieve_tool
from headroom_core.headroom import Headroom
from headroom_core.types import Retrieval

Dialect = Literal["openai", "anthropic", "responses"]

CONVERSATION: Mapping[Dialect, str] = {"openai": "messages", "anthropic": "messages", "responses": "input"}
FREE_CHOICES = ("auto", "any", "required")  # of `tool_choice`: every tool may be called
ANSWERED_LATER = ("background", "conversation")  # Responses: the provider goes on by itself, or keeps what we append


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What goes to the provider."""

    changes: dict[str, Any] = field(
        default_factory=dict
    )  # fields of the request and their new values; none: as it came
    offered: bool = False  # the retrieve tool was added: its calls are for the gateway to answer
    tokens_before: int = 0  # of all text in the conversation
    tokens_after: int = 0  # of the text as shown, and of the tool's schema


def compress_request(
    headroom: Headroom, request: Mapping[str, Any], dialect: Dialect, *, tenant: str, answers: bool
) -> Outgoing:
    """What of a request changes. Touches nothing that the request holds.

    Args:
        headroom: what compresses.
        request: a provider's request, as plain JSON.
        dialect: whose it is.
        tenant: whose originals these are.
        answers: whether the gateway would answer calls of `headroom_retrieve` for this request.
    """
    conversation = request.get(CONVERSATION[dialect])
    if not isinstance(conversation, list):
        return Outgoing()
    model, tools = str(request.get("model") or ""), request.get("tools")
    retrieval: Retrieval = "tool" if answers and may_ask_back(request, dialect) else "none"
    result = headroom.compress(conversation, model, tools=tools, tenant=tenant, retrieval=retrieval)
    if result.handles and result.tokens_saved <= 0:  # the tool would cost more than it lets us leave out
        result = headroom.compress(conversation, model, tools=tools, tenant=tenant)
    changes: dict[str, Any] = {}
    if any(came is not went for came, went in zip(conversation, result.messages, strict=True)):
        changes[CONVERSATION[dialect]] = result.messages
    if result.handles:
        changes["tools"] = [*(tools or ()), headroom.retrieve_tool(dialect)]
    return Outgoing(changes, bool(result.handles), result.tokens_before, result.tokens_after)


def may_ask_back(request: Mapping[str, Any], dialect: Dialect) -> bool:
    """Whether the model could call `headroom_retrieve` in this request, if it was offered, and a gateway could answer.

    Not without tools of the caller's own: his model may know none, and a prefix without tools is another one anyway.
    Not beside a retrieve tool that is there already: whoever offers it answers it. Not where answers stream and the
    provider keeps them: what the client would go on from by its id is the first of several, with a call still open.
    """
    tools = request.get("tools")
    if not isinstance(tools, list) or not tools or any(is_retrieve_tool(_name(tool)) for tool in tools):
        return False
    if any(request.get(field) for field in ANSWERED_LATER) or request.get("n") not in (None, 1):
        return False
    if dialect == "responses" and request.get("stream") and request.get("store") is not False:
        return False
    choice = request.get("tool_choice")
    kind = choice.get("type") if isinstance(choice, Mapping) else choice
    return kind is None or kind in FREE_CHOICES


def _name(tool: object) -> str:
    """The name of a tool in any dialect; empty for what the provider brings itself."""
    if not isinstance(tool, Mapping):
        return ""
    function = tool.get("function")
    return str((function if isinstance(function, Mapping) else tool).get("name") or "")
