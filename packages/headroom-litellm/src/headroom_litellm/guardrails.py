"""LiteLLM's guardrails beside us: each sees a request as it came, and what it masks is masked in what we keep.

LiteLLM asks its callbacks in the order of a list in which guardrails stand behind us. Of an answer we have to be the
first to see it; of a request the last: so where there are guardrails, a second callback of ours stands at the end.
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

_too_early: ContextVar[bool] = ContextVar("headroom_too_early", default=False)


class Last(CustomLogger):
    """Makes a request smaller when all guardrails have seen it. Stands in LiteLLM's list only where there are some."""

    def __init__(self, work: Callable[[Any, dict[str, Any], str], Awaitable[None]]) -> None:
        super().__init__()
        self._work = work

    def takes_over(self) -> bool:
        """Whether guardrails are to see this request before us; from the next request on, this stands behind them.

        LiteLLM has begun to ask its callbacks, in an order that can't be changed any more: where this isn't at the end
        yet, the request goes as it came.
        """
        callbacks: list[Any] = litellm.callbacks
        guardrails = [place for place, each in enumerate(callbacks) if isinstance(each, CustomGuardrail)]
        if not guardrails:
            return False
        place = next((place for place, each in enumerate(callbacks) if each is self), -1)
        _too_early.set(place < guardrails[-1])
        if place < guardrails[-1]:
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
    """Whether a guardrail looks at the request behind everybody: beside others, or while the model answers already.

    What it doesn't see it can't refuse; so nothing may be hidden from it.
    """
    guardrails = [each for each in litellm.callbacks if isinstance(each, CustomGuardrail)]
    with harmless("a request goes as it came, since a guardrail can't be asked when it looks"):
        return any(_looks_later(each, data) for each in guardrails)
    return True


def _looks_later(guardrail: CustomGuardrail, data: dict[str, Any]) -> bool:
    beside = getattr(guardrail, "run_in_parallel", False)  # newer versions have it
    later = (GuardrailEventHooks.during_call, *([GuardrailEventHooks.pre_call] if beside else ()))
    return any(guardrail.should_run_guardrail(data, moment) for moment in later)
