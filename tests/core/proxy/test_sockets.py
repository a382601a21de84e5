from __future__ import annotations

import asyncio
from typing import Any

from headroom_core.proxy.settings import ProxySettings
from headroom_core.proxy.sockets import REFUSED, Sockets
from starlette.websockets import WebSocket


async def test_a_provider_that_speaks_no_websocket_is_a_refusal() -> None:
    """Not only one that says so: one that says nothing that could be read, too."""

    async def upstream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"220 mail.example ready\r\n\r\n")
        writer.close()

    said: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        said.append(message)

    async with await asyncio.start_server(upstream, "127.0.0.1", 0) as server:
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        scope = {"type": "websocket", "path": "/v1/realtime", "query_string": b"", "headers": [(b"host", b"here")]}
        await Sockets(ProxySettings(openai=address)).handle(WebSocket(scope, receive, send))
    assert [(message["type"], message.get("code")) for message in said] == [("websocket.close", REFUSED)]
