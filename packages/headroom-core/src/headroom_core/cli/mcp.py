"""`headroom_retrieve` for any client that speaks MCP: over the standard streams, or HTTP on this machine.

Nothing else is served, and no instructions: what a client lists, it pays for with every request. Needs the extra `mcp`.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from importlib.metadata import version
from typing import Any

from anyio import to_thread
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp_types import CallToolRequestParams, CallToolResult, ListToolsResult, TextContent, Tool, ToolAnnotations

from headroom_core.errors import HeadroomError
from headroom_core.headroom import Headroom

HOST = "127.0.0.1"  # whoever else is to ask, asks through something that knows who he is
PATH = "/mcp"

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


def server_for(headroom: Headroom, tenant: str) -> Server:
    """A server of MCP that answers with a tenant's originals."""
    schema = headroom.retrieve_tool("anthropic")
    tool = Tool(
        name=schema["name"],
        description=schema["description"],
        input_schema=schema["input_schema"],
        annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False),
    )

    async def list_tools(_: object, __: object) -> ListToolsResult:
        return ListToolsResult(tools=[tool])

    async def call_tool(_: object, asked: CallToolRequestParams) -> CallToolResult:
        if asked.name != tool.name:
            return _said(f"There is no tool {asked.name[:64]!r} here, only {tool.name}.", is_error=True)
        try:
            found = await to_thread.run_sync(lambda: headroom.ask(asked.arguments or {}, tenant=tenant))
        except HeadroomError as error:
            return _said(str(error), is_error=True)
        return _said(found.text)

    return Server("headroom", version=version("headroom-core"), on_list_tools=list_tools, on_call_tool=call_tool)


async def serve_streams(headroom: Headroom, tenant: str) -> None:
    """Serve one client over the standard streams, until it closes them."""
    server = server_for(headroom, tenant)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


def http_app(headroom: Headroom, tenant: str, token: str) -> App:
    """An ASGI app that serves clients who bear the token, at `PATH`. The SDK refuses hosts that aren't this machine."""
    inner: App = server_for(headroom, tenant).streamable_http_app(streamable_http_path=PATH, host=HOST)
    expected = f"Bearer {token}".encode()

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        given = dict(scope.get("headers", ())).get(b"authorization", b"")
        if scope["type"] == "http" and not hmac.compare_digest(given, expected):
            await _refuse(send)
        else:
            await inner(scope, receive, send)

    return app


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"text/plain"), (b"www-authenticate", b"Bearer")]
    await send({"type": "http.response.start", "status": 401, "headers": headers})
    await send(
        {"type": "http.response.body", "body": b"This needs the token of HEADROOM_MCP_TOKEN as a bearer token.\n"}
    )


def _said(text: str, *, is_error: bool = False) -> CallToolResult:
    sendable = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # MCP has no lone surrogates
    return CallToolResult(content=[TextContent(type="text", text=sendable)], is_error=is_error)
