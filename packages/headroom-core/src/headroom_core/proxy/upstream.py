"""One HTTP exchange with a provider.

What isn't ours to touch passes as it came: bodies, and all headers but those of the connection itself.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from headroom_core.proxy.settings import ProxySettings

CONNECTION = frozenset(  # about this hop alone: RFC 9110, 7.6.1
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer"}
    | {"transfer-encoding", "upgrade", "host", "content-length"}
)
OURS = "x-headroom-"
CONNECT_SECONDS = 10.0
READ_SECONDS = 900.0  # between two pieces: models think for minutes
READABLE = frozenset({"", "identity", "gzip", "deflate"})  # content codings that httpx unpacks in any environment

Headers = list[tuple[str, str]]


class Upstream:
    """The providers, over connections that are kept."""

    def __init__(self, settings: ProxySettings) -> None:
        self._settings = settings
        timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS, pool=None)
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
        nothing = CookieJar(DefaultCookiePolicy(allowed_domains=[]))  # cookies are the clients' own, each one's
        self._client = httpx.AsyncClient(
            timeout=timeout, limits=limits, cookies=nothing, follow_redirects=False, trust_env=True
        )

    async def send(self, request: Request, content: bytes | AsyncIterator[bytes], **headers: str) -> httpx.Response:
        """The provider's answer, its body not read yet: to be read or closed.

        Args:
            request: the client's, for its method, path and headers.
            content: the body that goes out.
            headers: set anew, `_` for `-`.
        """
        path = request.url.path
        url = self._settings.upstream(path, dict(request.headers)) + request.scope["raw_path"].decode("ascii")
        if request.url.query:
            url += f"?{request.url.query}"
        new = {name.replace("_", "-"): value for name, value in headers.items()}
        kept = [(name, value) for name, value in sent_on(request.headers.raw) if name not in new]
        outgoing = self._client.build_request(request.method, url, headers=[*kept, *new.items()], content=content)
        for name in ("accept", "accept-encoding", "user-agent"):  # httpx's own, where the client sent none
            if name not in request.headers and name not in new:
                outgoing.headers.pop(name, None)
        return await self._client.send(outgoing, stream=True)

    async def forward(
        self, request: Request, content: bytes | AsyncIterator[bytes], told: Mapping[str, str], **headers: str
    ) -> Response:
        """The provider's answer as it comes, with headers of ours in `told`; the rest as for `send`."""
        try:
            answer = await self.send(request, content, **headers)
        except httpx.RequestError as error:
            return unreachable(error)
        return passed_on(answer, told)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def passed_on(answer: httpx.Response, told: Mapping[str, str]) -> Response:
    """An answer whose bytes go to the client as they arrive."""
    response = StreamingResponse(answer.aiter_raw(), answer.status_code, background=BackgroundTask(released, answer))
    response.raw_headers = _raw([*answer_headers(answer, length=True), *told.items()])
    return response


def answered(answer: httpx.Response, content: bytes, told: Mapping[str, str]) -> Response:
    """An answer with a body of our own, or one that was read and unpacked."""
    response = Response(content, answer.status_code)
    response.raw_headers = _raw([*_unpacked(answer), *told.items(), ("content-length", str(len(content)))])
    return response


def restreamed(answer: httpx.Response, content: AsyncIterator[bytes], told: Mapping[str, str]) -> Response:
    """An answer whose unpacked bytes, or others instead, are streamed."""
    response = StreamingResponse(content, answer.status_code, background=BackgroundTask(released, answer))
    response.raw_headers = _raw([*_unpacked(answer), *told.items()])
    return response


def readable(answer: httpx.Response) -> bool:
    """Whether the body can be unpacked. We ask for one that isn't packed, but who knows."""
    codings = answer.headers.get("content-encoding", "").lower().split(",")
    return all(coding.strip() in READABLE for coding in codings)


def streams(answer: httpx.Response) -> bool:
    """Whether it is a stream of events that we can read."""
    kind = answer.headers.get("content-type", "")
    return answer.status_code == httpx.codes.OK and "event-stream" in kind and readable(answer)


def unreachable(error: httpx.RequestError) -> Response:
    """What a client is told when the provider can't be reached: SDKs try again on this."""
    return JSONResponse({"type": "error", "error": {"type": "api_error", "message": unreached(error)}}, 502)


def unreached(error: httpx.RequestError) -> str:
    """The same as a sentence."""
    return f"The provider could not be reached: {type(error).__name__}: {error}"


def sent_on(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """A client's headers as the provider gets them."""
    pairs = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers]
    return [(name, value) for name, value in pairs if name not in CONNECTION and not name.startswith(OURS)]


def answer_headers(answer: httpx.Response, *, length: bool = False) -> Headers:
    """A provider's headers as the client gets them; `length` where the body is the same bytes."""
    pairs = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in answer.headers.raw]
    return [pair for pair in pairs if pair[0] not in CONNECTION or (length and pair[0] == "content-length")]


def _unpacked(answer: httpx.Response) -> Headers:
    return [pair for pair in answer_headers(answer) if pair[0] != "content-encoding"]


def _raw(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


@asynccontextmanager
async def closing(answer: httpx.Response) -> AsyncIterator[Any]:
    """Give the connection back whatever happens."""
    try:
        yield answer
    finally:
        await released(answer)


async def released(answer: httpx.Response) -> None:
    """Give the connection back, and the memory.

    An answer and its stream hold each other, and with them the request's body, until Python looks for rings: megabytes
    at any time, of which some last.
    """
    await answer.aclose()
    answer.stream = httpx.ByteStream(b"")
