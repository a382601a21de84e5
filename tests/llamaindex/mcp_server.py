"""A server of MCP over the standard streams, with the tools of a shop. Run as a program."""

from __future__ import annotations

import sys
from pathlib import Path

from mcp.server.mcpserver import MCPServer

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.content import records_json

server = MCPServer("shop")


@server.tool()
def orders(count: int) -> str:
    """Give the newest orders."""
    return records_json(count)


@server.tool()
def refuse(order: int) -> str:
    """Refuse an order."""
    raise ValueError(f"order {order} is shipped already")


if __name__ == "__main__":
    server.run("stdio")
