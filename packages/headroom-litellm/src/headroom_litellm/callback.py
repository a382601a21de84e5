"""`litellm.callbacks = [HeadroomCallback()]`: requests of LiteLLM's SDK become smaller on their way out."""

from __future__ import annotations

from typing import Any, Literal, get_args

from headroom_core import Headroom, SettingError
from litellm.types.utils import CallTypes

from headroom_litellm.gateway import STAMP, Door, stamp_of, stamped
from headroom_litellm.loop import AnsweringLogger
from headroom_litellm.surfaces import BY_CALL_TYPE, CHAT, surface_of_body

Sync = Literal["equivalent", "off"]


class HeadroomCallback(AnsweringLogger):
    """Compresses tool results, and answers the model when it asks for an original. One instance serves all calls.

    Where LiteLLM's hooks let us answer (async, not streamed), facts may be left out; everywhere else every fact stays.

    Args:
        headroom: what compresses; None: one that the environment sets up, as `Headroom.from_env` says.
        tenant: whose originals these are.
        sync: what happens to sync `completion` and to messages that are passed by position, which LiteLLM shows to no
            hook for changing requests, only to one for logging them: "equivalent" uses that, "off" leaves them alone.
    """

    def __init__(self, headroom: Headroom | None = None, *, tenant: str = "default", sync: Sync = "equivalent") -> None:
        if sync not in get_args(Sync):
            raise SettingError(f"sync is {sync!r}; expected one of {', '.join(get_args(Sync))}")
        if not tenant:
            raise SettingError(f"tenant is {tenant!r}; expected a name that isn't empty")
        super().__init__(Door(headroom))
        self._tenant = tenant
        self._sync = sync

    async def async_pre_call_deployment_hook(
        self, kwargs: dict[str, Any], call_type: CallTypes | None
    ) -> dict[str, Any] | None:
        """The request made smaller; None where it stays as it is. LiteLLM asks anew for every attempt and round."""
        surface = BY_CALL_TYPE.get(getattr(call_type, "value", ""))
        if surface is None or stamp_of(kwargs) is not None:
            return None
        if surface.conversation not in kwargs:
            await self._foresee(kwargs)
            return None
        answered = not kwargs.get("stream")
        changes, stamp = await self.gateway.smaller(kwargs, surface, self._tenant, answers=answered)
        return {**kwargs, **changes, surface.metadata: stamped(kwargs.get(surface.metadata), stamp)}

    def log_pre_api_call(self, model: str, messages: Any, kwargs: dict[str, Any]) -> None:
        """Make smaller what no other hook was shown: the provider's own request, in place, just before it goes."""
        body = (kwargs.get("additional_args") or {}).get("complete_input_dict")
        if self._sync == "off" or not isinstance(body, dict) or STAMP in kwargs:
            return
        surface = surface_of_body(body)
        if surface is None or stamp_of(kwargs.get("litellm_params") or {}) is not None:
            return
        changes, _ = self.gateway.smaller_here(body, surface, self._tenant, answers=False)
        body.update(changes)

    async def _foresee(self, kwargs: dict[str, Any]) -> None:
        """Work out, off the event loop, what `log_pre_api_call` will want of messages that were passed by position."""
        details = getattr(kwargs.get("litellm_logging_obj"), "model_call_details", {})
        if self._sync == "off":
            return
        _, stamp = await self.gateway.smaller(details, CHAT, self._tenant, answers=False)
        if stamp.failed:
            details[STAMP] = stamp  # else it would fail once more, and on the loop
