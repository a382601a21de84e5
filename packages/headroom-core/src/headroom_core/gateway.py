"""A whole request on its way through a gateway: what of it changes, whether the model may ask back, and its answers.

Both gateways, LiteLLM's proxy and our own, decide here alike. Nothing here sends or receives. What is worked out for
them is worked out in threads, so that neither a large request nor a stuck one holds up the event loop; and no failure
in it is the client's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, ParamSpec, TypeVar

from headroom_core.ccr.tool import is_retrieve_tool
from headroom_core.exchange.turns import Turn
from headroom_core.headroom import Headroom
from headroom_core.types import Dialect, Retrieval

logger = logging.getLogger(__name__)

WORKERS = 4  # the work is Python's: more threads would only take turns

CONVERSATION: Mapping[Dialect, str] = {"openai": "messages", "anthropic": "messages", "responses": "input"}
FREE_CHOICES = ("auto", "any", "required")  # of `tool_choice`: every tool may be called
ANSWERED_LATER = ("background", "conversation")  # Responses: the provider goes on by itself, or keeps what we append

_UNREADABLE = "The original can't be read at the moment. Go on with what is shown, or run the tool again."
_UNTOLD = "the model is told that an original can't be read"

_P = ParamSpec("_P")
_T = TypeVar("_T")


class _Harmless:
    def __init__(self, consequence: str) -> None:
        self._consequence = consequence

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> bool:
        if not isinstance(error, Exception):
            return False
        cause = "it took too long" if isinstance(error, TimeoutError) else f"{type(error).__name__}: {error}"
        logger.warning("Headroom: %s: %s", self._consequence, cause)
        return True


def harmless(consequence: str) -> AbstractContextManager[None, bool]:
    """Where every failure of ours in a gateway ends: one warning that says what follows, and the request goes on."""
    return _Harmless(consequence)


class Gateway:
    """What two gateways share: the work beside the event loop, and the answers to the model. Serves many at once.

    Args:
        headroom: what compresses and gives back.
        seconds: how long a piece of work may take.
    """

    SECONDS: Final = 5.0  # a request that takes us longer goes as it came; what comes of it is there for the next
    ROUNDS: Final = 3  # follow-ups for one request
    ANONYMOUS: Final = "anonymous"  # tenant of nobody: only ever shown what loses nothing, so nothing is asked back
    BYPASS: Final = "x-headroom-bypass"  # the header of a request that is to be left alone

    def __init__(self, headroom: Headroom, seconds: float = SECONDS) -> None:
        self.headroom = headroom
        self.seconds = seconds
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="headroom")

    async def tried(self, consequence: str, work: Callable[_P, _T], *args: _P.args, **options: _P.kwargs) -> _T | None:
        """The work's result, done in a thread of ours; None where it fails or takes too long."""
        with harmless(consequence):
            async with asyncio.timeout(self.seconds):
                return await asyncio.wrap_future(self._workers.submit(work, *args, **options))
        return None

    def tried_here(self, consequence: str, work: Callable[_P, _T], *args: _P.args, **options: _P.kwargs) -> _T | None:
        """The same for a caller who has no event loop: he waits here."""
        with harmless(consequence):
            return self._workers.submit(work, *args, **options).result(self.seconds)
        return None

    async def answers(self, turn: Turn, tenant: str) -> list[str]:
        """What to say to each of the model's calls; that it can't be read, where that is so."""
        return await self.tried(_UNTOLD, self._answers, turn, tenant) or [_UNREADABLE] * len(turn.calls)

    def answers_here(self, turn: Turn, tenant: str) -> list[str]:
        """The same for a caller who has no event loop."""
        return self.tried_here(_UNTOLD, self._answers, turn, tenant) or [_UNREADABLE] * len(turn.calls)

    def close(self) -> None:
        """Let the threads go."""
        self._workers.shutdown(wait=False, cancel_futures=True)

    @classmethod
    def bypassed(cls, headers: Mapping[str, Any]) -> bool:
        """Whether a request asks to be left alone, by its headers: their names in lower case, or looked up in any."""
        return str(headers.get(cls.BYPASS, "")).lower() in ("true", "1", "yes")

    @staticmethod
    def no_more_calls(dialect: Dialect) -> dict[str, Any]:
        """The fields of a request that keep the model from calling anything: of the last follow-up."""
        return {"tool_choice": {"type": "none"} if dialect == "anthropic" else "none"}

    def _answers(self, turn: Turn, tenant: str) -> list[str]:
        return [self.headroom.answer(call.arguments, tenant=tenant) for call in turn.calls]


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
