"""The ASGI app: who may come in, which request goes where."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from headroom_core.errors import OriginalMissing, StoreUnavailable
from headroom_core.headroom import Headroom
from headroom_core.proxy.metrics import Metrics
from headroom_core.proxy.models import ROUTES, Models
from headroom_core.proxy.settings import ProxySettings
from headroom_core.proxy.sidecar import Sidecar
from headroom_core.proxy.sockets import Sockets
from headroom_core.proxy.upstream import Upstream

TOKEN = "x-headroom-token"  # noqa: S105  # the header's name
OPEN = ("/healthz", "/readyz")  # say nothing about anybody
HERE = ["127.0.0.1", "localhost", "[::1]"]  # names of this machine: a page that rebinds its own name isn't among them
NO_HANDLE = "0" * 12
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]


def make_app(headroom: Headroom, settings: ProxySettings) -> Starlette:
    """The proxy as an app. Closes `headroom` when it stops."""
    upstream, metrics = Upstream(settings), Metrics()
    models, sidecar = Models(headroom, settings, upstream, metrics), Sidecar(headroom, settings)

    async def healthy(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def counted(_: Request) -> Response:
        return PlainTextResponse(metrics.text())

    async def ready(_: Request) -> Response:
        try:
            await run_in_threadpool(headroom.retrieve, NO_HANDLE)
        except OriginalMissing:
            return JSONResponse({"status": "ready"})
        except StoreUnavailable as error:
            return JSONResponse({"status": "originals can't be kept: every fact stays", "error": str(error)}, 503)
        return JSONResponse({"status": "ready"})

    async def passed_through(request: Request) -> Response:
        length = request.headers.get("content-length")
        streams = length is not None or "transfer-encoding" in request.headers
        told = {} if length is None else {"content_length": length}
        return await upstream.forward(request, request.stream() if streams else b"", {}, **told)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        models.close()
        await upstream.close()
        headroom.close()

    routes = [
        *(Route(path, models.handle, methods=["POST"]) for path in ROUTES),
        Route("/v1/compress", sidecar.compress, methods=["POST"]),
        Route("/v1/retrieve/{hash}", sidecar.retrieve, methods=["GET"]),
        Route("/healthz", healthy),
        Route("/readyz", ready),
        Route("/metrics", counted),
        Route("/{path:path}", passed_through, methods=METHODS),
        WebSocketRoute("/{path:path}", Sockets(settings).handle),
    ]
    guard = (
        Middleware(TokenMiddleware, token=settings.token)
        if settings.token
        else Middleware(TrustedHostMiddleware, allowed_hosts=HERE, www_redirect=False)
    )
    return Starlette(routes=routes, lifespan=lifespan, middleware=[guard])


class TokenMiddleware:
    """Lets in who brings the token: in a header of our own, since `Authorization` is the provider's."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse."""
        if scope["type"] == "lifespan" or scope["path"] in OPEN or self._brings_it(scope):
            await self._app(scope, receive, send)
            return
        message = f"This proxy wants its token in the header {TOKEN}."
        await JSONResponse({"error": {"message": message}}, 401)(scope, receive, send)

    def _brings_it(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        brought = [headers.get(TOKEN, "")]
        if scope["path"].startswith(("/v1/compress", "/v1/retrieve/", "/metrics")):  # no provider is behind these
            brought.append(headers.get("authorization", "").removeprefix("Bearer "))
        return any(hmac.compare_digest(text.encode(), self._token) for text in brought)
