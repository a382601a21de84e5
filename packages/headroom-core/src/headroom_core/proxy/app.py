"""The ASGI app: which request goes where."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute

from headroom_core.errors import OriginalMissing, StoreUnavailable
from headroom_core.gateway import Gateway
from headroom_core.headroom import Headroom
from headroom_core.proxy.guard import OwnPaths, guard
from headroom_core.proxy.metrics import Metrics
from headroom_core.proxy.models import ROUTES, Models
from headroom_core.proxy.settings import ProxySettings
from headroom_core.proxy.sidecar import Sidecar
from headroom_core.proxy.sockets import Sockets
from headroom_core.proxy.upstream import Upstream

NO_HANDLE = "0" * 12
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]


def make_app(headroom: Headroom, settings: ProxySettings) -> Starlette:
    """The proxy as an app. Closes `headroom` when it stops."""
    upstream, metrics, gateway = Upstream(settings), Metrics(), Gateway(headroom, settings.seconds)
    models, sidecar = Models(gateway, settings, upstream, metrics), Sidecar(gateway, settings)

    async def healthy(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def counted(_: Request) -> Response:
        return PlainTextResponse(metrics.text())

    async def ready(_: Request) -> Response:
        trouble = await gateway.tried("originals can't be kept", _trouble, headroom)
        if trouble == "":
            return JSONResponse({"status": "ready"})
        status = "originals can't be kept: every fact stays"
        return JSONResponse({"status": status, "error": trouble or "the store takes too long"}, 503)

    async def passed_through(request: Request) -> Response:
        length = request.headers.get("content-length")
        streams = length is not None or "transfer-encoding" in request.headers
        told = {} if length is None else {"content_length": length}
        return await upstream.forward(request, request.stream() if streams else b"", {}, **told)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        gateway.close()
        await upstream.close()
        headroom.close()

    own = [
        Route("/v1/compress", sidecar.compress, methods=["POST"]),
        Route("/v1/retrieve/{hash}", sidecar.retrieve, methods=["GET"]),
        Route("/healthz", healthy),
        Route("/readyz", ready),
        Route("/metrics", counted),
    ]
    routes = [
        OwnPaths(own),
        *(Route(path, models.handle, methods=["POST"]) for path in ROUTES),
        Route("/{path:path}", passed_through, methods=METHODS),
        WebSocketRoute("/{path:path}", Sockets(settings).handle),
    ]
    told = {ClientDisconnect: _unheard}
    return Starlette(routes=routes, lifespan=lifespan, middleware=[guard(settings)], exception_handlers=told)


async def _unheard(_: Request, __: Exception) -> Response:
    """A client who hangs up in the middle of his request gets nothing; nor does the log get a traceback."""
    return Response(status_code=400)


def _trouble(headroom: Headroom) -> str:
    """What keeps originals from being kept; empty where nothing does."""
    try:
        headroom.retrieve(NO_HANDLE)
    except OriginalMissing:
        return ""
    except StoreUnavailable as error:
        return str(error)
    return ""
