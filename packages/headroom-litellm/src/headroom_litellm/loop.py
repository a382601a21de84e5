"""Answering the model's calls of `headroom_retrieve` in LiteLLM's agentic loop, which runs for unstreamed answers.

LiteLLM asks a gate whether an answer wants another round, then for a plan of the next request. A gate or plan that
raises would show our call to the client; so would a round too many, which LiteLLM refuses.

What the client is told he used is what all rounds used. Of chat and Responses, LiteLLM logs and charges the answer that
the client gets; so their follow-ups are marked as LiteLLM's own, which it doesn't log. Of messages it logs each round.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headroom_core import Gateway, Turn, harmless, is_retrieve_tool
from litellm._internal_context import is_internal_call
from litellm.integrations.custom_logger import CustomLogger
from litellm.types.integrations.custom_logger import AgenticLoopPlan, AgenticLoopRequestPatch
from litellm.types.utils import CallTypes

from headroom_litellm.answers import as_dict, with_usage_of, without_our_calls
from headroom_litellm.gateway import SAVINGS, Door, stamp_of
from headroom_litellm.surfaces import BY_AGENTIC_SURFACE, BY_CALL_TYPE, MESSAGES, Surface


class AnsweringLogger(CustomLogger):
    """A callback that answers the calls of requests to which it added the tool."""

    tells_failures = False  # whether somebody behind us tells the client that a follow-up failed

    def __init__(self, gateway: Door) -> None:
        super().__init__()
        self.gateway = gateway

    async def async_should_run_agentic_loop(
        self,
        response: Any,
        model: str,
        messages: list[dict[str, Any]],
        tools: list[dict[str, Any]] | None,
        stream: bool,
        custom_llm_provider: str,
        kwargs: dict[str, Any],
    ) -> tuple[bool, dict[str, Any]]:
        """Whether the model asks for originals. What is given back besides is what LiteLLM tells repeats by."""
        asked: dict[str, Any] = {}
        with harmless("a call of headroom_retrieve isn't answered"):
            turn = self.unanswered(kwargs, response, _surface(kwargs))
            depth, rounds = _depth(kwargs)
            if turn is not None and depth < rounds and not (stream and _seen_before(turn)):
                asked = {"round": depth, "tool_calls": [{"id": call.call_id} for call in turn.calls]}
        return bool(asked), asked

    async def async_build_agentic_loop_plan(
        self,
        tools: dict[str, Any],
        model: str,
        messages: list[dict[str, Any]],
        response: Any,
        anthropic_messages_provider_config: Any,
        anthropic_messages_optional_request_params: dict[str, Any],
        logging_obj: Any,
        stream: bool,
        kwargs: dict[str, Any],
    ) -> AgenticLoopPlan:
        """The next request: the conversation, the model's turn, and the originals."""
        plan = AgenticLoopPlan(run_agentic_loop=False)
        with harmless("a call of headroom_retrieve isn't answered"):
            stamp, surface = stamp_of(kwargs), _surface(kwargs)
            turn = self.unanswered(kwargs, response, surface)
            if stamp is not None and surface is not None and turn is not None:
                texts = await self.gateway.answers(turn, stamp.tenant)
                depth, rounds = _depth(kwargs)
                choice = _choice(anthropic_messages_optional_request_params, surface, last=depth + 1 >= rounds)
                patch = AgenticLoopRequestPatch(
                    messages=[*messages, *turn.follow_up(texts)], optional_params=choice, kwargs=_counted(kwargs)
                )
                plan = AgenticLoopPlan(run_agentic_loop=True, request_patch=patch, metadata={"turn": turn})
                if surface is not MESSAGES:
                    plan.metadata["logged"] = not is_internal_call.get()
                    is_internal_call.set(True)
        return plan

    async def async_post_agentic_loop_response_hook(
        self, response: Any, plan: AgenticLoopPlan, kwargs: dict[str, Any]
    ) -> Any:
        """The follow-up's answer, with the usage of both."""
        total = None
        with harmless("the usage of an answer is that of its last part"):
            total = with_usage_of(response, plan.metadata["turn"])
        return response if total is None else total

    async def async_agentic_loop_cleanup_hook(self, plan: AgenticLoopPlan, kwargs: dict[str, Any]) -> None:
        """Let LiteLLM log again."""
        if plan.metadata.get("logged"):
            is_internal_call.set(False)

    async def async_post_call_success_deployment_hook(
        self, request_data: dict[str, Any], response: Any, call_type: CallTypes | None
    ) -> Any:
        """The answer without calls of ours, should any be left: the client never offered the tool."""
        left = None
        with harmless("a call of headroom_retrieve may be left in the answer"):
            turn = self.unanswered(request_data, response, BY_CALL_TYPE.get(getattr(call_type, "value", "")))
            depth, rounds = _depth(request_data)
            if turn is not None and (depth >= rounds or not self.tells_failures):
                left = without_our_calls(response, turn)
        return left

    def unanswered(self, request: Mapping[str, Any], response: Any, surface: Surface | None) -> Turn | None:
        """The turn whose calls are ours to answer; None where there is none."""
        stamp = stamp_of(request)
        return None if stamp is None or not stamp.offered or surface is None else self._turn(response, surface)

    def _turn(self, response: Any, surface: Surface) -> Turn | None:
        answer = as_dict(response)
        return None if answer is None else self.gateway.headroom.read_turn(answer, surface.dialect)


def _seen_before(turn: Turn) -> bool:
    """Whether the client of a stream has a call already that the model made before ours: he answers that one first."""
    names = [block.get("name") for block in turn.answer.get("content") or () if block.get("type") == "tool_use"]
    return bool(names) and not is_retrieve_tool(str(names[0]))


def _counted(kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata of a follow-up: what the request saved is counted with its first round."""
    metadata = kwargs.get(MESSAGES.metadata)
    if not isinstance(metadata, Mapping) or SAVINGS not in metadata:
        return {}
    return {MESSAGES.metadata: {key: value for key, value in metadata.items() if key != SAVINGS}}


def _surface(kwargs: Mapping[str, Any]) -> Surface | None:
    return BY_AGENTIC_SURFACE.get(str(kwargs.get("_agentic_loop_api_surface")))


def rounds_of(request: Mapping[str, Any]) -> int:
    """How many follow-ups there may be: as many as LiteLLM runs, three where nobody says otherwise."""
    rounds = request.get("max_agentic_loops")
    return Gateway.ROUNDS if rounds is None else int(rounds)


def _depth(kwargs: Mapping[str, Any]) -> tuple[int, int]:
    """How many follow-ups there were, and how many there may be."""
    return int(kwargs.get("_agentic_loop_depth") or 0), rounds_of(kwargs)


def _choice(params: Mapping[str, Any], surface: Surface, *, last: bool) -> dict[str, Any]:
    """The follow-up's tool choice: the caller's, which LiteLLM would drop; in the last round none is left."""
    if last:
        return Gateway.no_more_calls(surface.dialect)
    return {"tool_choice": params["tool_choice"]} if params.get("tool_choice") else {}
