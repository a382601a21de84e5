"""`headroom mcp`, asked by the SDK's own client: a real process, its streams, and a port of this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import httpx2
import pytest
from headroom_core import Headroom
from mcp import StdioServerParameters
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import TextContent

from tests.clocks import AGES
from tests.conftest import free_port, own_folders
from tests.content import log

TOKEN = "a token of the test"


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def handle(url: str) -> str:
    """Of an original that another process keeps."""
    return kept(url, log(3000))


def kept(url: str, text: str) -> str:
    with Headroom(url) as headroom:
        return headroom.shrink(text, retrieval="tool", tenant="me").receipt.handle


def command(url: str, *options: str) -> list[str]:
    return ["-m", "headroom_core.cli", "mcp", "--store", url, "--tenant", "me", *options]


@asynccontextmanager
async def client_of(url: str, mode: Literal["auto", "legacy"] = "auto") -> AsyncIterator[Client]:
    parameters = StdioServerParameters(command=sys.executable, args=command(url), env={"HOME": os.environ["HOME"]})
    async with Client(parameters, mode=mode) as client:
        yield client


async def ask(client: Client, arguments: dict[str, Any], name: str = "headroom_retrieve") -> tuple[bool, str]:
    answer = await client.call_tool(name, arguments)
    (content,) = answer.content
    assert isinstance(content, TextContent)
    return answer.is_error, content.text


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_one_tool_is_served_with_the_schema_that_everybody_has(url: str, mode: Literal["auto", "legacy"]) -> None:
    async with client_of(url, mode) as client:
        (tool,) = (await client.list_tools()).tools
        assert not client.instructions
        assert (tool.name, tool.description, tool.input_schema) == tuple(Headroom.retrieve_tool("anthropic").values())
        capabilities = client.server_capabilities
        assert (capabilities.prompts, capabilities.resources) == (None, None)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_originals_of_another_process_are_given_back(
    url: str, handle: str, mode: Literal["auto", "legacy"]
) -> None:
    async with client_of(url, mode) as client:
        assert await ask(client, {"id": handle, "lines": "2001"}) == (
            False,
            "line 2001 of 3000:\n" + log(3000).split("\n")[2000],
        )
        found = await ask(client, {"id": handle, "query": "disk quota"})
        assert "disk quota exceeded" in found[1]
        assert found == await ask(client, {"id": handle, "query": "disk quota"})


async def test_what_goes_wrong_is_a_sentence_and_the_server_goes_on(url: str, handle: str) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({}, "the id is missing"),
        ({"id": 7}, "'7' is no id"),
        ({"id": "3f9a1c07be42"}, "No original is kept under 3f9a1c07be42"),
        ({"id": handle, "lines": "all"}, "expected ranges of lines"),
        ({"id": handle, "lines": "90000"}, "has lines 1-3000"),
        ({"id": handle, "max_tokens": "some"}, "max_tokens is 'some' and no number"),
        ({"id": handle, "fields": ["a"]}, "ask with lines or query"),
    ]
    async with client_of(url) as client:
        for arguments, said in wrong:
            is_error, text = await ask(client, arguments)
            assert is_error
            assert said in text
            assert "\n" not in text
        assert await ask(client, {}, "headroom_delete") == (
            True,
            "There is no tool 'headroom_delete' here, only headroom_retrieve.",
        )
        assert (await ask(client, {"id": f"[headroom {handle}: parts not shown]", "lines": 1}))[0] is False


async def test_another_tenants_original_is_not_given(url: str) -> None:
    with Headroom(url) as headroom:
        theirs = headroom.shrink(log(3000), retrieval="tool", tenant="you").receipt.handle
    async with client_of(url) as client:
        assert "No original is kept" in (await ask(client, {"id": theirs}))[1]


async def test_what_json_has_no_letters_for_is_marked(url: str) -> None:
    handle = kept(url, "a lone \ud800 here\n" + log(3000))
    async with client_of(url) as client:
        assert await ask(client, {"id": handle, "lines": "1"}) == (False, "line 1 of 3001:\na lone \ufffd here")


@pytest.fixture(scope="module")
def lasting_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('served') / 'store.db'}"


@pytest.fixture(scope="module")
def served(lasting_url: str) -> Iterator[str]:
    """The address of a server that speaks HTTP, in a process of its own."""
    port = free_port()
    environ = os.environ | own_folders(Path(lasting_url.removeprefix("sqlite:///")).parent)
    process = subprocess.Popen(
        [sys.executable, *command(lasting_url, "--port", str(port))], env=environ | {"HEADROOM_MCP_TOKEN": TOKEN}
    )
    deadline = time.monotonic() + AGES
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/mcp"
    process.terminate()
    process.wait()


async def test_over_http_with_the_token(served: str, lasting_url: str) -> None:
    handle = kept(lasting_url, log(3000))
    async with (
        httpx2.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}) as http,
        Client(streamable_http_client(served, http_client=http)) as client,
    ):
        assert [tool.name for tool in (await client.list_tools()).tools] == ["headroom_retrieve"]
        assert (await ask(client, {"id": handle, "query": "disk quota"}))[0] is False


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": TOKEN}, 401),
        ({"Authorization": f"Bearer {TOKEN}", "Host": "evil.example"}, 421),
        ({"Authorization": f"Bearer {TOKEN}", "Origin": "http://evil.example"}, 403),
    ],
)
async def test_over_http_nobody_else(served: str, headers: dict[str, str], status: int) -> None:
    """Neither without the token, nor from a page in a browser that was led here."""
    async with httpx2.AsyncClient() as http:
        asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        answer = await http.post(served, json=asked, headers={"Accept": "application/json", **headers})
        assert answer.status_code == status


def test_over_http_a_token_is_wanted(url: str) -> None:
    ran = subprocess.run([sys.executable, *command(url, "--port", "1")], capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "export HEADROOM_MCP_TOKEN" in ran.stderr
