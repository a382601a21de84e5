"""The contract of a compressing sidecar, as LiteLLM's own guardrail `headroom` and other gateways speak it.

`POST /v1/compress {"messages", "model"}` gives messages of the same number and order; `GET /v1/retrieve/{hash}` gives
an original. Who asks is a gateway: the tokens that it brings are ours, not a provider's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from headroom_core.errors import HeadroomError, OriginalMissing, SettingError, StoreUnavailable
from headroom_core.gateway import Gateway
from headroom_core.headroom import DEFAULT_MODEL
from headroom_core.proxy.bodies import read, spelled
from headroom_core.proxy.settings import ProxySettings
from headroom_core.types import Result

TENANT = "sidecar"  # the contract names nobody
EXPECTED = 'expected {"messages": [...], "model": "..."}'
UNSPELLABLE = "the messages hold what JSON can't spell: an infinite number, or lists in lists without end"
BUSY = "there is too much to do at the moment; send the messages as they are"
UNREADABLE = "an original can't be read at the moment"


class Sidecar:
    """The two routes."""

    def __init__(self, gateway: Gateway, settings: ProxySettings) -> None:
        self._gateway = gateway
        self._headroom = gateway.headroom
        self._retrieval = settings.sidecar_retrieval

    async def compress(self, request: Request) -> Response:
        """Make messages smaller. Where we fail they come back as they are: nobody's request shall fail for it."""
        raw = await request.body()
        made = await self._gateway.tried("messages come back as they are", self._compressed, raw)
        made = made or await self._gateway.tried("messages are refused", _untouched, raw)
        return made or _error(503, BUSY)

    async def retrieve(self, request: Request) -> Response:
        """Give an original back, or the part of it that `?query=` finds."""
        handle, query = request.path_params["hash"], request.query_params.get("query")
        return await self._gateway.tried(UNREADABLE, self._original, handle, query) or _error(503, UNREADABLE)

    def _original(self, handle: str, query: str | None) -> Response:
        try:
            original = self._headroom.retrieve(handle, query=query, tenant=TENANT)
        except OriginalMissing as error:
            return _error(404, str(error))
        except StoreUnavailable as error:
            return _error(503, str(error))
        except HeadroomError as error:
            return _error(400, str(error))
        return _answer({"hash": handle, "original_content": original.text})

    def _compressed(self, raw: bytes) -> Response:
        body = read(raw)
        if body is None or not isinstance(body.get("messages"), list):
            return _error(400, EXPECTED)
        model = str(body.get("model") or DEFAULT_MODEL)
        try:
            result = self._headroom.compress(body["messages"], model, tenant=TENANT, retrieval=self._retrieval)
        except SettingError as error:
            return _error(400, str(error))
        return _answer(_told(result))


def _told(result: Result) -> dict[str, Any]:
    changed = {receipt.kind for receipt in result.receipts if receipt.tokens_saved > 0}
    share = result.tokens_after / result.tokens_before if result.tokens_before else 1.0
    return {
        "messages": result.messages,
        "tokens_before": result.tokens_before,
        "tokens_after": result.tokens_after,
        "tokens_saved": result.tokens_saved,
        "compression_ratio": round(share, 4),
        "transforms_applied": sorted(str(kind) for kind in changed),
        "ccr_hashes": list(result.handles),
    }


def _untouched(raw: bytes) -> Response:
    """The messages of a request that we failed: nothing counted, nothing saved."""
    messages = (read(raw) or {}).get("messages")
    told: dict[str, Any] = {"messages": messages, "tokens_before": 0, "tokens_after": 0, "tokens_saved": 0}
    told |= {"compression_ratio": 1.0, "transforms_applied": [], "ccr_hashes": []}
    try:
        answer = _answer(told)
    except (ValueError, RecursionError):
        return _error(400, UNSPELLABLE)
    answer.headers["x-headroom-outcome"] = "failed"
    return answer


def _answer(body: Mapping[str, Any]) -> Response:
    return Response(spelled(body), media_type="application/json")


def _error(status: int, message: str) -> Response:
    return Response(spelled({"error": {"message": message}}), status, media_type="application/json")
