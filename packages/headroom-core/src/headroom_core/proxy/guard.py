"""Who may come in, and which paths are our own: those a provider never sees, and our token is good for no others."""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Match, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from headroom_core.proxy.settings import ProxySettings

TOKEN = "x-headroom-token"  # noqa: S105  # the header's name
OPEN = ("/healthz", "/readyz")  # say nothing about anybody
OWN = re.compile(r"/(?:healthz|readyz|metrics|v1/compress|v1/retrieve)(?:/.*)?", re.DOTALL)
HERE = ("127.0.0.1", "localhost", "[::1]")  # names of this machine: a page that rebinds its own name isn't among them


def guard(settings: ProxySettings) -> Middleware:
    """What lets in who brings the token; without one, who calls this machine by a name of its own."""
    if settings.token:
        return Middleware(TokenMiddleware, token=settings.token)
    named = f"[{settings.host}]" if ":" in settings.host.strip("[]") else settings.host
    return Middleware(TrustedHostMiddleware, allowed_hosts=[*HERE, named], www_redirect=False)


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
        if OWN.fullmatch(scope["path"]):  # no provider is behind these
            brought.append(headers.get("authorization", "").removeprefix("Bearer "))
        return any(hmac.compare_digest(text.encode(), self._token) for text in brought)


class OwnPaths(BaseRoute):
    """Our own paths and all beneath them: what isn't one of the routes is refused here, by path or by method."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._router = Router(routes, redirect_slashes=False)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a path is ours."""
        return (Match.FULL if OWN.fullmatch(scope["path"]) else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        await self._router(scope, receive, send)
