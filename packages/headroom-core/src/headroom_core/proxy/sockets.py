"""WebSockets, passed through: what is said in them isn't ours to read."""

from __future__ import annotations

import asyncio

from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

from headroom_core.proxy.settings import ProxySettings
from headroom_core.proxy.upstream import sent_on

HANDSHAKE = "sec-websocket-"  # each hop shakes hands for itself
REFUSED = 1011  # close code: the other side failed


class Sockets:
    """The route for every WebSocket."""

    def __init__(self, settings: ProxySettings) -> None:
        self._settings = settings

    async def handle(self, socket: WebSocket) -> None:
        """Relay one connection until either side ends it."""
        headers = dict(socket.headers)
        url = self._settings.upstream(socket.url.path, headers) + socket.url.path
        url = "ws" + url.removeprefix("http") + (f"?{socket.url.query}" if socket.url.query else "")
        kept = [pair for pair in sent_on(socket.headers.raw) if not pair[0].startswith(HANDSHAKE)]
        offered = [Subprotocol(name) for name in socket.scope.get("subprotocols", ())]
        agent = headers.get("user-agent")
        kept = [pair for pair in kept if pair[0] != "user-agent"]
        options = {"additional_headers": kept, "user_agent_header": agent, "max_size": None}
        try:
            async with connect(url, subprotocols=offered or None, **options) as upstream:  # type: ignore[arg-type]  # mixed
                await socket.accept(upstream.subprotocol)
                await _relay(socket, upstream)
        except (OSError, InvalidHandshake) as error:
            await socket.close(REFUSED, f"The provider refused: {error}"[:120])


async def _relay(socket: WebSocket, upstream: ClientConnection) -> None:
    tasks = [asyncio.create_task(_up(socket, upstream)), asyncio.create_task(_down(socket, upstream))]
    _, waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _up(socket: WebSocket, upstream: ClientConnection) -> None:
    try:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                await upstream.close(message.get("code") or 1000)
                return
            await upstream.send(message["text"] if message.get("text") is not None else message["bytes"])
    except (WebSocketDisconnect, ConnectionClosed):
        return


async def _down(socket: WebSocket, upstream: ClientConnection) -> None:
    try:
        async for message in upstream:
            await (socket.send_text(message) if isinstance(message, str) else socket.send_bytes(message))
    except ConnectionClosed:
        pass
    await socket.close(upstream.close_code or 1000, upstream.close_reason)
