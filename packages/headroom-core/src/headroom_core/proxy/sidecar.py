"""The contract of a compressing sidecar, as LiteLLM's own guardrail `headroom` and other gateways speak it.

`POST /v1/compress {"messages", "model"}` gives messages of the same number and order; `GET /v1/retrieve/{hash}` gives
an original. Who asks is a gateway: the tokens that it brings are ours, not a provider's.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from headroom_core.errors import HeadroomError, OriginalMissing, SettingError, StoreUnavailable
from headroom_core.headroom import DEFAULT_MODEL, Headroom
from headroom_core.proxy.settings import ProxySettings

TENANT = "sidecar"  # the contract names nobody


class Sidecar:
    """The two routes."""

    def __init__(self, headroom: Headroom, settings: ProxySettings) -> None:
        self._headroom = headroom
        self._retrieval = settings.sidecar_retrieval

    async def compress(self, request: Request) -> Response:
        """Make messages smaller."""
        try:
            body = json.loads(await request.body())
            messages, model = body["messages"], body.get("model") or DEFAULT_MODEL
        except (ValueError, TypeError, KeyError, AttributeError):
            return _error(400, 'expected {"messages": [...], "model": "..."}')
        try:
            return JSONResponse(await run_in_threadpool(self._compressed, messages, str(model)))
        except SettingError as error:
            return _error(400, str(error))

    async def retrieve(self, request: Request) -> Response:
        """Give an original back, or the part of it that `?query=` finds."""
        handle, query = request.path_params["hash"], request.query_params.get("query")
        try:
            original = await run_in_threadpool(self._headroom.retrieve, handle, query=query, tenant=TENANT)
        except OriginalMissing as error:
            return _error(404, str(error))
        except StoreUnavailable as error:
            return _error(503, str(error))
        except HeadroomError as error:
            return _error(400, str(error))
        return JSONResponse({"hash": handle, "original_content": original.text})

    def _compressed(self, messages: list[Any], model: str) -> dict[str, Any]:
        result = self._headroom.compress(messages, model, tenant=TENANT, retrieval=self._retrieval)
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


def _error(status: int, message: str) -> Response:
    return JSONResponse({"error": {"message": message}}, status)
