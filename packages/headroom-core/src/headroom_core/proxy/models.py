"""Requests to a model: made smaller on their way out; the model's calls answered on the way back."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import Response

from headroom_core.exchange.sse import SseStitch
from headroom_core.exchange.turns import Turn
from headroom_core.gateway import CONVERSATION, Gateway, Outgoing, compress_request, harmless
from headroom_core.headroom import DEFAULT_TENANT
from headroom_core.proxy.bodies import read, spelled
from headroom_core.proxy.metrics import Metrics
from headroom_core.proxy.settings import ProxySettings
from headroom_core.proxy.upstream import (
    Upstream,
    answered,
    closing,
    passed_on,
    readable,
    restreamed,
    streams,
    unreachable,
    unreached,
)
from headroom_core.types import Dialect

ROUTES: Mapping[str, Dialect] = {
    "/v1/chat/completions": "openai",
    "/v1/messages": "anthropic",
    "/v1/responses": "responses",
}
SMALL_BYTES = 64_000  # of an answer: read in under a millisecond, which the way to a thread and back may take too
AS_IT_CAME = "an answer goes as it came"
FAILED = {"x-headroom-outcome": "failed"}


class _Refused(Exception):
    """The model can't go on; the message says why."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it goes out, and what its follow-ups are made of."""

    request: Request
    content: bytes
    body: dict[str, Any]
    dialect: Dialect
    tenant: str
    told: Mapping[str, str]  # our headers of the answer

    def follow_up(self, turn: Turn, texts: list[str], *, last: bool) -> Sent:
        """The request on which the model goes on. Raises ValueError where it can't be spelled."""
        field = CONVERSATION[self.dialect]
        choice = Gateway.no_more_calls(self.dialect) if last else {}
        body = {**self.body, field: [*self.body[field], *turn.follow_up(texts)], **choice}
        return replace(self, content=spelled(body), body=body)


class Models:
    """The three routes whose requests are understood."""

    def __init__(self, gateway: Gateway, settings: ProxySettings, upstream: Upstream, metrics: Metrics) -> None:
        self._gateway = gateway
        self._settings = settings
        self._upstream = upstream
        self._metrics = metrics

    async def handle(self, request: Request) -> Response:
        """Answer one request."""
        raw = await request.body()
        dialect, tenant = ROUTES[request.url.path], self._tenant(request)
        if Gateway.bypassed(request.headers):
            return await self._as_it_came(request, raw, "bypassed")
        if "content-encoding" in request.headers:
            return await self._as_it_came(request, raw, "unread")
        made = await self._gateway.tried("a request goes as it came", self._made, raw, dialect, tenant)
        if made is None:
            return await self._as_it_came(request, raw, "failed", FAILED)
        body, outgoing, content = made
        if body is None:
            return await self._as_it_came(request, raw, "unread")
        self._metrics.request(dialect, "compressed" if outgoing.changes else "unchanged", outgoing)
        told = _told(outgoing)
        if not outgoing.offered:
            return await self._upstream.forward(request, content, told)
        sent = Sent(request, content, {**body, **outgoing.changes}, dialect, tenant, told)
        try:
            return await (self._streamed(sent) if body.get("stream") else self._whole(sent))
        except httpx.RequestError as error:
            return unreachable(error)

    async def _as_it_came(
        self, request: Request, raw: bytes, outcome: str, told: Mapping[str, str] | None = None
    ) -> Response:
        self._metrics.request(ROUTES[request.url.path], outcome)
        return await self._upstream.forward(request, raw, told or {})

    def _made(self, raw: bytes, dialect: Dialect, tenant: str) -> tuple[dict[str, Any] | None, Outgoing, bytes]:
        """A request as it was read, None for what we can't read; what of it changes; and the body that goes out."""
        with self._metrics.timed():
            body = read(raw)
            if body is None:
                return None, Outgoing(), raw
            outgoing = compress_request(
                self._gateway.headroom, body, dialect, tenant=tenant, answers=tenant != Gateway.ANONYMOUS
            )
            return body, outgoing, spelled({**body, **outgoing.changes}) if outgoing.changes else raw

    async def _whole(self, sent: Sent) -> Response:
        """An answer in one piece, after as many rounds as the model asks for."""
        turns: list[Turn] = []
        while True:
            answer = await self._send(sent)
            if answer.status_code != httpx.codes.OK or not readable(answer):
                return passed_on(answer, sent.told)
            async with closing(answer):
                content = await answer.aread()
            found, turn = await self._read(content, sent.dialect)
            if found is None or (turn is None and not turns):
                return answered(answer, content, sent.told)
            going_on = None
            if turn is not None and len(turns) < Gateway.ROUNDS:
                going_on = await self._follow_up(sent, turn, last=len(turns) + 1 >= Gateway.ROUNDS)
            if turn is None or going_on is None:
                break
            turns.append(turn)
            sent = going_on
        final = await self._gateway.tried(AS_IT_CAME, _joined, turns, found, turn)
        return answered(answer, final or content, sent.told)

    async def _read(self, content: bytes, dialect: Dialect) -> tuple[dict[str, Any] | None, Turn | None]:
        """An answer, None where it can't be read; and what it asks for, if anything."""
        if len(content) >= SMALL_BYTES:
            return await self._gateway.tried(AS_IT_CAME, self._turn, content, dialect) or (None, None)
        with harmless(AS_IT_CAME):
            return self._turn(content, dialect)
        return None, None

    def _turn(self, content: bytes, dialect: Dialect) -> tuple[dict[str, Any] | None, Turn | None]:
        found = read(content)
        return found, None if found is None else self._gateway.headroom.read_turn(found, dialect)

    async def _follow_up(self, sent: Sent, turn: Turn, *, last: bool) -> Sent | None:
        """The request on which the model goes on; None where there can't be one."""
        self._metrics.retrieved(len(turn.calls))
        texts = await self._gateway.answers(turn, sent.tenant)
        return await self._gateway.tried("the model can't go on", sent.follow_up, turn, texts, last=last)

    async def _streamed(self, sent: Sent) -> Response:
        answer = await self._send(sent)
        if not streams(answer):
            return passed_on(answer, sent.told)
        return restreamed(answer, self._stitched(answer, sent), sent.told)

    async def _stitched(self, answer: httpx.Response, sent: Sent) -> AsyncIterator[bytes]:
        """The stream, less our calls, with what follows on them in it."""
        stitch = SseStitch(sent.dialect)
        try:
            async with aclosing(self._pieces(stitch, answer, sent)) as pieces:
                async for piece in pieces:
                    yield piece
        except (httpx.RequestError, _Refused) as error:
            if not stitch.follows:  # the provider's own break: one as without us
                raise
            yield stitch.broken(str(error) if isinstance(error, _Refused) else unreached(error))

    async def _pieces(self, stitch: SseStitch, answer: httpx.Response, sent: Sent) -> AsyncGenerator[bytes]:
        while True:
            async with closing(answer):
                async for chunk in answer.aiter_bytes():
                    if out := stitch.feed(chunk):
                        yield out
            turn = stitch.turn() if stitch.follows < Gateway.ROUNDS else None
            if turn is None:
                break
            going_on = await self._follow_up(sent, turn, last=stitch.follows >= Gateway.ROUNDS)
            if going_on is None:
                raise _Refused("The request with which the model was to go on could not be made.")
            sent = going_on
            answer = await self._send(sent)
            if not streams(answer):
                async with closing(answer):
                    raise _Refused(_complaint(await answer.aread()))
        if out := stitch.end():
            yield out

    async def _send(self, sent: Sent) -> httpx.Response:
        return await self._upstream.send(sent.request, sent.content, accept_encoding="identity")

    def _tenant(self, request: Request) -> str:
        """Whose originals these are: on a machine of one's own everybody's; else the key's, or nobody's."""
        if not self._settings.token:
            return DEFAULT_TENANT
        key = request.headers.get("authorization") or request.headers.get("x-api-key")
        return f"key:{sha256(key.encode()).hexdigest()}" if key else Gateway.ANONYMOUS


def _joined(turns: list[Turn], found: dict[str, Any], turn: Turn | None) -> bytes:
    """The last answer, without our calls if it still makes any, and with what all of them used."""
    final = dict(found) if turn is None else turn.without_calls()
    for earlier in turns:
        final["usage"] = earlier.usage_with(final.get("usage"))
    return spelled(final)


def _complaint(content: bytes) -> str:
    """The message of a provider's error."""
    error = (read(content) or {}).get("error")
    message = error.get("message") if isinstance(error, Mapping) else None
    return f"The provider refused the request with which the model was to go on: {message or 'no reason given'}"


def _told(outgoing: Outgoing) -> dict[str, str]:
    before, after = outgoing.tokens_before, outgoing.tokens_after
    return {
        "x-headroom-tokens-before": str(before),
        "x-headroom-tokens-after": str(after),
        "x-headroom-tokens-saved": str(before - after),
    }
