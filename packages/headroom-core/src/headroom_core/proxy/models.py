"""Requests to a model: made smaller on their way out; the model's calls answered on the way back."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar

import httpx
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from headroom_core.exchange.sse import SseStitch
from headroom_core.exchange.turns import Turn
from headroom_core.gateway import CONVERSATION, Dialect, Outgoing, compress_request
from headroom_core.headroom import DEFAULT_TENANT, Headroom
from headroom_core.proxy.metrics import Metrics
from headroom_core.proxy.settings import ProxySettings
from headroom_core.proxy.upstream import Upstream, answer_headers, answered, closing, passed_on, unreachable

logger = logging.getLogger(__name__)

ROUTES: Mapping[str, Dialect] = {
    "/v1/chat/completions": "openai",
    "/v1/messages": "anthropic",
    "/v1/responses": "responses",
}
ROUNDS = 3  # follow-ups for one request
SECONDS = 5.0  # a request that takes us longer goes as it came
WORKERS = 4  # the work is Python's: more threads would only take turns
BYPASS = "x-headroom-bypass"
ANONYMOUS = "anonymous"  # nobody: only ever shown what loses nothing, so there is nothing to ask back
UNREADABLE = "The original can't be read at the moment. Go on with what is shown, or run the tool again."
NO_MORE = ({"tool_choice": "none"}, {"tool_choice": {"type": "none"}})  # OpenAI's spelling, Anthropic's

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it went out, for its follow-ups."""

    request: Request
    body: dict[str, Any]
    dialect: Dialect
    tenant: str
    told: Mapping[str, str]  # our headers of the answer

    def follow_up(self, turn: Turn, texts: list[str], *, last: bool) -> Sent:
        """The request on which the model goes on."""
        field = CONVERSATION[self.dialect]
        choice = NO_MORE[self.dialect == "anthropic"] if last else {}
        body = {**self.body, field: [*self.body[field], *turn.follow_up(texts)], **choice}
        return Sent(self.request, body, self.dialect, self.tenant, self.told)


class Models:
    """The three routes whose requests are understood."""

    def __init__(self, headroom: Headroom, settings: ProxySettings, upstream: Upstream, metrics: Metrics) -> None:
        self._headroom = headroom
        self._settings = settings
        self._upstream = upstream
        self._metrics = metrics
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="headroom")

    async def handle(self, request: Request) -> Response:
        """Answer one request."""
        raw = await request.body()
        dialect = ROUTES[request.url.path]
        body = None if "content-encoding" in request.headers or _bypassed(request) else _read(raw)
        if body is None:
            self._metrics.request(dialect, "bypassed" if _bypassed(request) else "unread")
            return await self._upstream.forward(request, raw, {})
        tenant = self._tenant(request)
        outgoing = await self._compressed(body, dialect, tenant)
        if outgoing is None:
            self._metrics.request(dialect, "failed")
            return await self._upstream.forward(request, raw, {"x-headroom-outcome": "failed"})
        self._metrics.request(dialect, "compressed" if outgoing.changes else "unchanged", outgoing)
        told = _told(outgoing)
        content = _spelled({**body, **outgoing.changes}) if outgoing.changes else raw
        if content is None:
            return await self._upstream.forward(request, raw, {"x-headroom-outcome": "failed"})
        if not outgoing.offered:
            return await self._upstream.forward(request, content, told)
        sent = Sent(request, {**body, **outgoing.changes}, dialect, tenant, told)
        try:
            return await (self._streamed(sent) if body.get("stream") else self._whole(sent))
        except httpx.TransportError as error:
            return unreachable(error)

    def close(self) -> None:
        """Let the threads go."""
        self._workers.shutdown(wait=False, cancel_futures=True)

    async def _compressed(self, body: dict[str, Any], dialect: Dialect, tenant: str) -> Outgoing | None:
        """What changes; None where we failed."""

        def work() -> Outgoing:
            with self._metrics.timed():
                answers = tenant != ANONYMOUS
                return compress_request(self._headroom, body, dialect, tenant=tenant, answers=answers)

        return await self._tried(work, "a request goes as it came")

    async def _answers(self, turn: Turn, tenant: str) -> list[str]:
        self._metrics.retrieved(len(turn.calls))

        def work() -> list[str]:
            return [self._headroom.answer(call.arguments, tenant=tenant) for call in turn.calls]

        texts = await self._tried(work, "the model is told that an original can't be read")
        return texts or [UNREADABLE] * len(turn.calls)

    async def _tried(self, work: Callable[[], _T], consequence: str) -> _T | None:
        """Do the work off the event loop. None where it fails or takes too long: the proxy's one place for it."""
        try:
            async with asyncio.timeout(SECONDS):
                return await asyncio.wrap_future(self._workers.submit(work))
        except Exception as error:  # noqa: BLE001  # whatever fails here, the client gets his answer
            logger.warning("%s: %s: %s", consequence, type(error).__name__, error)
            return None

    async def _whole(self, sent: Sent) -> Response:
        """An answer in one piece, after as many rounds as the model asks for."""
        turns: list[Turn] = []
        while True:
            async with closing(await self._send(sent)) as answer:
                content = await answer.aread()
            found = _read(content) if answer.status_code == httpx.codes.OK else None
            turn = None if found is None else self._headroom.read_turn(found, sent.dialect)
            if found is None or (turn is None and not turns):
                return answered(answer, content, sent.told)
            if turn is None or len(turns) >= ROUNDS:
                break
            turns.append(turn)
            sent = sent.follow_up(turn, await self._answers(turn, sent.tenant), last=len(turns) >= ROUNDS)
        final = dict(found) if turn is None else turn.without_calls()
        for earlier in turns:
            final["usage"] = earlier.usage_with(final.get("usage"))
        return answered(answer, _spelled(final) or content, sent.told)

    async def _streamed(self, sent: Sent) -> Response:
        answer = await self._send(sent)
        if answer.status_code != httpx.codes.OK or "event-stream" not in answer.headers.get("content-type", ""):
            return passed_on(answer, sent.told)
        response = StreamingResponse(self._stitched(answer, sent), answer.status_code)
        headers = [*answer_headers(answer), *sent.told.items()]
        response.raw_headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return response

    async def _stitched(self, answer: httpx.Response, sent: Sent) -> AsyncIterator[bytes]:
        """The stream, less our calls, with what follows on them in it."""
        stitch = SseStitch(sent.dialect)
        while True:
            async with closing(answer):
                if answer.status_code != httpx.codes.OK:
                    yield stitch.broken(_complaint(await answer.aread()))
                    return
                async for chunk in answer.aiter_bytes():
                    if out := stitch.feed(chunk):
                        yield out
            turn = stitch.turn() if stitch.follows < ROUNDS else None
            if turn is None:
                break
            sent = sent.follow_up(turn, await self._answers(turn, sent.tenant), last=stitch.follows >= ROUNDS)
            answer = await self._send(sent)
        if out := stitch.end():
            yield out

    async def _send(self, sent: Sent) -> httpx.Response:
        content = _spelled(sent.body) or b""
        return await self._upstream.send(sent.request, content, accept_encoding="identity")

    def _tenant(self, request: Request) -> str:
        """Whose originals these are: on a machine of one's own everybody's; else the key's, or nobody's."""
        if not self._settings.token:
            return DEFAULT_TENANT
        key = request.headers.get("authorization") or request.headers.get("x-api-key")
        return f"key:{sha256(key.encode()).hexdigest()}" if key else ANONYMOUS


def _bypassed(request: Request) -> bool:
    return request.headers.get(BYPASS, "").lower() in ("true", "1", "yes")


def _read(raw: bytes) -> dict[str, Any] | None:
    """The JSON object in a body; None for what isn't one."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _spelled(body: Mapping[str, Any]) -> bytes | None:
    """The body as JSON; None where it holds what JSON can't: an infinity, which a number of the source became."""
    try:
        return json.dumps(body, separators=(",", ":"), allow_nan=False).encode()
    except ValueError:
        return None


def _complaint(content: bytes) -> str:
    """The message of a provider's error."""
    error = (_read(content) or {}).get("error")
    message = error.get("message") if isinstance(error, Mapping) else None
    return f"The provider refused the request with which the model was to go on: {message or 'no reason given'}"


def _told(outgoing: Outgoing) -> dict[str, str]:
    before, after = outgoing.tokens_before, outgoing.tokens_after
    return {
        "x-headroom-tokens-before": str(before),
        "x-headroom-tokens-after": str(after),
        "x-headroom-tokens-saved": str(before - after),
    }
