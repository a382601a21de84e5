"""Who looks at requests beside us: each sees them as they came, and what it masks is masked in what we keep.

Guardrails do, and hooks that users write. LiteLLM asks its callbacks in the order of a list in which they stand behind
us. Of an answer we have to be the first to see it; of a request the last: so where there are any, a second callback of
ours stands at the end.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

import litellm
from headroom_core import harmless
from litellm.integrations.custom_guardrail import CustomGuardrail
from litellm.integrations.custom_logger import CustomLogger
from litellm.types.guardrails import GuardrailEventHooks

from headroom_litellm.loop import AnsweringLogger

HOUSEKEEPING = "litellm.proxy.hooks."  # module of LiteLLM's own limits and budgets

_too_early: ContextVar[bool] = ContextVar("headroom_too_early", default=False)


class Last(CustomLogger):
    """Makes a request smaller when all others have seen it. Stands in LiteLLM's list only where somebody looks."""

    def __init__(self, work: Callable[[Any, dict[str, Any], str], Awaitable[None]]) -> None:
        super().__init__()
        self._work = work

    def takes_over(self) -> bool:
        """Whether others are to see this request before us; from the next request on, this stands behind them.

        LiteLLM has begun to ask its callbacks, in an order that can't be changed any more: where this isn't at the end
        yet, the request goes as it came.
        """
        callbacks: list[Any] = litellm.callbacks
        places = [place for place, each in enumerate(callbacks) if _looks(each)]
        if not places:
            return False
        place = next((place for place, each in enumerate(callbacks) if each is self), -1)
        _too_early.set(place < places[-1])
        if place < places[-1]:
            if place >= 0:
                del callbacks[place]
            callbacks.append(self)
        return True

    async def async_pre_call_hook(
        self, user_api_key_dict: Any, cache: Any, data: dict[str, Any], call_type: str
    ) -> None:
        """Make the request smaller, in place."""
        if not _too_early.get():
            await self._work(user_api_key_dict, data, call_type)


def looked_at_later(data: dict[str, Any]) -> bool:
    """Whether somebody looks at the request behind everybody: beside others, or while the model answers already.

    What he doesn't see he can't refuse; so nothing may be hidden from him.
    """
    with harmless("a request goes as it came, since a guardrail can't be asked when it looks"):
        return any(_looks_later(each, data) for each in litellm.callbacks)
    return True


def _looks(callback: Any) -> bool:
    """Whether it may look at what a request says before it goes out, and isn't ours."""
    if isinstance(callback, CustomGuardrail):
        return True
    made = type(callback)
    if isinstance(callback, AnsweringLogger | Last) or "async_pre_call_hook" not in vars(made):
        return False
    # newer versions tell which of their own do
    return not made.__module__.startswith(HOUSEKEEPING) or bool(getattr(callback, "enforces_request_content", False))


def _looks_later(callback: Any, data: dict[str, Any]) -> bool:
    if not isinstance(callback, CustomGuardrail):
        own = getattr(type(callback), "async_moderation_hook", CustomLogger.async_moderation_hook)
        return own is not CustomLogger.async_moderation_hook
    beside = getattr(callback, "run_in_parallel", False)  # newer versions have it
    later = (GuardrailEventHooks.during_call, *([GuardrailEventHooks.pre_call] if beside else ()))
    return any(callback.should_run_guardrail(data, moment) for moment in later)
