"""`callbacks: headroom_litellm.proxy.handler_instance` in the config.yaml of LiteLLM's proxy."""

from __future__ import annotations

import gc
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import Any

import litellm
from fastapi import HTTPException
from headroom_core import Headroom, Turn, harmless
from litellm.constants import LITELLM_PROXY_MASTER_KEY_ALIAS

from headroom_litellm.gateway import REFUSED, Door, stamp_of, stamped
from headroom_litellm.guardrails import Last, looked_at_later
from headroom_litellm.loop import AnsweringLogger, rounds_of
from headroom_litellm.options import NAME, Options, mode_of
from headroom_litellm.streams import follow_up_request, stitched
from headroom_litellm.surfaces import BY_CALL_TYPE, CHAT, Surface, surface_of_body

PASSED_THROUGH = "pass_through_endpoint"  # call type of a request that is the provider's own


class HeadroomProxyHandler(AnsweringLogger):
    """Compresses the requests of everybody who uses the proxy, each for himself, and answers the model.

    LiteLLM looks some hooks up on the registered class alone: a subclass that inherits them is passed over in silence.

    Args:
        headroom: what compresses; None: one that the environment and the options set up.
        options: None: those of the config that LiteLLM is reading.
    """

    tells_failures = True

    def __init__(self, headroom: Headroom | None = None, options: Options | None = None) -> None:
        self._options = options or Options.read((litellm.callback_settings or {}).get(NAME))
        super().__init__(Door(headroom or Headroom.from_env(chosen=self._options.chosen), self._options.seconds))
        self._last = Last(self._make_smaller)

    async def async_pre_call_hook(
        self, user_api_key_dict: Any, cache: Any, data: dict[str, Any], call_type: str
    ) -> None:
        """Make the request smaller, in place, before LiteLLM counts its tokens; behind guardrails, if there are any."""
        if not self._last.takes_over():
            await self._make_smaller(user_api_key_dict, data, call_type)

    async def async_post_call_success_hook(self, data: dict[str, Any], user_api_key_dict: Any, response: Any) -> Any:
        """Refuse an answer whose calls of ours were not answered: LiteLLM logs that the follow-up failed, and goes on.

        Raises:
            HTTPException: 502. Without our call the answer would be empty, and look like the model's last word.
        """
        turn = None
        with harmless("a call of headroom_retrieve may be left in the answer"):
            turn = self.unanswered(data, response, _surface(data))
        if turn is not None:
            raise HTTPException(502, REFUSED)

    async def async_post_call_streaming_iterator_hook(
        self, user_api_key_dict: Any, response: AsyncIterator[Any], request_data: dict[str, Any]
    ) -> AsyncGenerator[Any, None]:
        """The stream as it comes, less our calls, with what follows on them in it."""
        stamp, surface = stamp_of(request_data), _surface(request_data)
        if stamp is not None and stamp.offered and surface is not None:

            async def ask(turn: Turn, last: bool) -> AsyncIterator[Any]:
                texts = await self.gateway.answers(turn, stamp.tenant)
                request = follow_up_request(request_data, surface, turn, texts, last=last)
                return await _router_stream(request, surface)

            response = stitched(response, surface, ask, rounds_of(request_data))
        async for chunk in response:
            yield chunk

    async def async_post_call_response_headers_hook(
        self,
        data: dict[str, Any],
        user_api_key_dict: Any,
        response: Any,
        request_headers: dict[str, str] | None = None,
        litellm_call_info: dict[str, Any] | None = None,
    ) -> dict[str, str] | None:
        """What we did, as headers of the answer: also of a stream, before it begins, and of an error."""
        stamp = stamp_of(data)
        if stamp is None:
            return None
        if stamp.failed:
            return {"x-headroom-outcome": "failed"}
        counts = {"before": stamp.tokens_before, "after": stamp.tokens_after, "saved": stamp.tokens_saved}
        return {f"x-headroom-tokens-{name}": str(count) for name, count in counts.items()}

    async def _make_smaller(self, key: Any, data: dict[str, Any], call_type: str) -> None:
        passed_through = call_type == PASSED_THROUGH
        surface = surface_of_body(data) if passed_through else BY_CALL_TYPE.get(call_type)
        mode = mode_of(data, key, self._options)
        if surface is None or mode == "off" or looked_at_later(data):
            return
        tenant = self._tenant_of(key)
        answered = tenant is not None and not passed_through and mode == "on"
        changes, stamp = await self.gateway.smaller(data, surface, tenant or Door.ANONYMOUS, answers=answered)
        data.update(changes)
        if not passed_through:
            data[surface.metadata] = stamped(data.get(surface.metadata), stamp)

    def _tenant_of(self, key: Any) -> str | None:
        """Whose request it is: the team's, the organisation's, else the key's. None: nobody can be told."""
        for name in ("team_id", "org_id"):
            if found := getattr(key, name, None):
                return f"{name}:{found}"
        api_key = getattr(key, "api_key", None)
        if api_key == LITELLM_PROXY_MASTER_KEY_ALIAS:
            return self._options.tenant
        return f"key:{api_key}" if api_key else None


def _surface(request: Mapping[str, Any]) -> Surface | None:
    return BY_CALL_TYPE.get(str(getattr(request.get("litellm_logging_obj"), "call_type", "")))


async def _router_stream(request: dict[str, Any], surface: Surface) -> AsyncIterator[Any]:
    """The proxy's own router: it exists once the proxy has started."""
    from litellm.proxy import proxy_server

    router: Any = proxy_server.llm_router
    stream: AsyncIterator[Any] = await (router.acompletion if surface is CHAT else router.aresponses)(**request)
    return stream


handler_instance = HeadroomProxyHandler()
# Whoever loads this is LiteLLM's proxy, which has loaded itself before it reads its config. Looking through all of that
# for rings stopped its threads for half a second; reading a few megabytes of JSON brings it about.
gc.freeze()
