from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from typing import Any

import httpx
import pytest
from headroom_core import Headroom
from headroom_core.proxy.app import make_app
from headroom_core.proxy.settings import ProxySettings
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

from tests.content import log
from tests.local_proxy import Proxy, Start
from tests.provider import Answer, Provider
from tests.traffic import PATHS, SHAPES, body

ODD = (
    b'{ "model": "claude-next",  "zeta": 1.0, "alpha": 1E+2, "big": 123456789012345678901,'
    b' "messages": [{"role": "user", "content": "\\u00e9\\ud83d"}], "max_tokens": 5, "new": {"b": null, "a": []} }'
)


@pytest.mark.parametrize("shape", SHAPES)
def test_21_what_is_not_compressed_is_sent_byte_for_byte(proxy: Proxy, shape: str) -> None:
    """Unknown fields, the order of keys, spaces, numbers as they are spelled, what our own parser would change; and
    so comes the answer back."""
    path = PATHS[shape] + "?beta=true&x=%2F"
    told = {"anthropic-beta": "a-1,b-2", "x-api-key": "sk-user", "x-stainless-lang": "python", "idempotency-key": "k"}
    proxy.provider.script(["Fine."] * 2)
    answer = httpx.post(proxy.url + path, content=ODD, headers={**told, "content-type": "application/json"})
    (request,) = proxy.provider.requests
    assert request.raw == ODD
    assert request.path == path
    assert {name: request.headers[name] for name in told} == told
    proxy.provider.requests.clear()
    direct = httpx.post(proxy.provider.url + path, content=ODD, headers=told)
    assert (answer.status_code, answer.content) == (direct.status_code, direct.content)


def test_21_a_body_that_is_no_json_or_packed_is_sent_as_it_is(proxy: Proxy) -> None:
    httpx.post(proxy.url + PATHS["chat"], content=b"\xff not json", headers={"content-encoding": "br"})
    httpx.post(proxy.url + PATHS["chat"], content=b"[1, 2")
    assert [request.raw for request in proxy.provider.requests] == [b"\xff not json", b"[1, 2"]


def test_21_the_user_s_key_and_nobody_else_s_is_forwarded(proxy: Proxy) -> None:
    proxy.post("messages", headers={"authorization": "Bearer sk-mine"})
    (request,) = proxy.provider.requests
    assert request.headers["authorization"] == "Bearer sk-mine"
    assert "x-api-key" not in request.headers


def test_21_unknown_paths_pass(proxy: Proxy) -> None:
    """Lists of models, files, whatever comes: with their method, query and body."""
    assert httpx.get(f"{proxy.url}/v1/models").json()["data"][0]["id"] == "fake"
    answer = httpx.post(f"{proxy.url}/v1/files?purpose=batch", content=iter([b"one ", b"two"]))
    listed, sent = proxy.provider.requests
    assert (listed.method, listed.path) == ("GET", "/v1/models")
    assert (sent.path, sent.raw, answer.status_code) == ("/v1/files?purpose=batch", b"one two", 404)


def test_21_a_stream_that_we_have_no_part_in_arrives_byte_for_byte(proxy: Proxy) -> None:
    proxy.provider.script([Answer("It was the disk."), Answer("It was the disk.")])
    request = {**body("chat"), "stream": True, "tools": None}
    through = httpx.post(proxy.url + PATHS["chat"], json=request)
    direct = httpx.post(proxy.provider.url + PATHS["chat"], json=request)
    assert through.content == direct.content.replace(b"chatcmpl-2", b"chatcmpl-1")
    assert through.headers["content-type"] == direct.headers["content-type"]


def test_a_request_cannot_choose_where_it_goes(proxy: Proxy) -> None:
    """Keys go to the addresses that the user set, whatever a request says of its host."""
    answer = httpx.get(f"{proxy.url}//evil.example/v1/models", headers={"x-forwarded-host": "evil.example"})
    assert answer.status_code == 200
    assert proxy.provider.requests[0].path.endswith("/evil.example/v1/models")
    assert httpx.get(f"{proxy.url}/v1/models", headers={"host": "evil.example"}).status_code == 400
    assert len(proxy.provider.requests) == 1


def test_an_unreachable_provider_is_told(start: Start) -> None:
    """As an error on which clients try again."""
    with start("--openai", "http://127.0.0.1:1") as proxy:
        answer = proxy.post("chat", log())
        assert answer.status_code == 502
        assert "could not be reached" in answer.json()["error"]["message"]


def test_beyond_loopback_a_token_is_needed() -> None:
    command = [sys.executable, "-m", "headroom_core.cli", "proxy", "--host", "0.0.0.0"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 2
    assert said.stderr.startswith("headroom: host is 0.0.0.0, which others can reach; set HEADROOM_PROXY_TOKEN")


def test_with_a_token_strangers_are_refused_and_each_key_has_originals_of_its_own(start: Start) -> None:
    with start(HEADROOM_PROXY_TOKEN="open sesame, please") as proxy:
        assert proxy.post("chat", log()).status_code == 401
        assert httpx.get(f"{proxy.url}/metrics").status_code == 401
        assert httpx.get(f"{proxy.url}/readyz").status_code == 200
        assert proxy.provider.requests == []
        for key in ("sk-ann", "sk-bob"):
            told = {"x-headroom-token": "open sesame, please", "authorization": f"Bearer {key}"}
            assert proxy.post("chat", log(), headers=told).status_code == 200
        anns, bobs = (request.handles[0] for request in proxy.provider.requests)
        assert anns != bobs
        assert "x-headroom-token" not in proxy.provider.requests[0].headers


def test_with_a_token_but_no_key_nothing_is_left_out(start: Start) -> None:
    """A local model wants no key: then nobody can be told from anybody, and no original may be asked for."""
    with start(HEADROOM_PROXY_TOKEN="open sesame, please") as proxy:
        told = {"x-headroom-token": "open sesame, please", "authorization": ""}
        assert proxy.post("chat", log(), headers=told).status_code == 200
        (request,) = proxy.provider.requests
        assert request.handles == []
        assert request.tool_names == ["fetch"]


def test_it_says_how_it_is(proxy: Proxy) -> None:
    before = _metric(proxy, "headroom_tokens_before_total")
    proxy.post("chat", log())
    assert httpx.get(f"{proxy.url}/healthz").json() == {"status": "ok"}
    assert httpx.get(f"{proxy.url}/readyz").json() == {"status": "ready"}
    assert _metric(proxy, "headroom_tokens_before_total") > before + 5_000
    assert _metric(proxy, 'headroom_requests_total{dialect="openai",outcome="compressed"}') >= 1


def _metric(proxy: Proxy, name: str) -> float:
    lines = httpx.get(f"{proxy.url}/metrics").text.splitlines()
    return next((float(line.split()[-1]) for line in lines if line.startswith(f"{name} ")), 0.0)


async def test_a_websocket_passes_through(start: Start) -> None:
    """With its path, its key and its protocol; text and bytes; closed by either side with its code."""
    came: list[Any] = []

    async def upstream(socket: ServerConnection) -> None:
        assert socket.request is not None
        came.extend([socket.request.path, socket.request.headers["authorization"], socket.subprotocol])
        async for message in socket:
            await socket.send(message)
            if message == "enough":
                await socket.close(4001, "enough")

    async with serve(upstream, "127.0.0.1", 0, subprotocols=["realtime"]) as server:  # type: ignore[list-item]  # a str
        port = next(iter(server.sockets)).getsockname()[1]
        with start("--openai", f"http://127.0.0.1:{port}") as proxy:
            url = "ws" + proxy.url.removeprefix("http") + "/v1/realtime?model=m"
            told = {"authorization": "Bearer sk-mine"}
            async with connect(url, additional_headers=told, subprotocols=["realtime"]) as socket:  # type: ignore[list-item]
                assert socket.subprotocol == "realtime"
                for message in ("one", b"two"):
                    await socket.send(message)
                    assert await asyncio.wait_for(socket.recv(), 10) == message
                await socket.send("enough")
                assert await asyncio.wait_for(socket.recv(), 10) == "enough"
                await asyncio.wait_for(socket.wait_closed(), 10)
                assert (socket.close_code, socket.close_reason) == (4001, "enough")
    assert came == ["/v1/realtime?model=m", "Bearer sk-mine", "realtime"]


def test_litellm_and_frameworks_are_not_loaded() -> None:
    """It starts in a second, and stays small."""
    code = (
        "import sys, headroom_core.proxy.app, headroom_core.proxy.command\n"
        "print(sorted({'litellm', 'langchain_core', 'llama_index', 'openai', 'fastapi'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(said.stdout) == []


def test_what_only_prints_is_not_loaded_and_what_is_loaded_is_no_garbage() -> None:
    """httpx would load a highlighter and a terminal's palette, for a command that nobody calls here; and collecting
    garbage stops the event loop for as long as there is something to look through."""
    code = (
        "import gc, sys, uvicorn\n"
        "from headroom_core.proxy.command import proxy\n"
        "asked = {'rich', 'pygments', 'headroom_core.proxy.app'}\n"
        "uvicorn.run = lambda app, **_: print(sorted(asked & set(sys.modules)), gc.get_freeze_count() > 0)\n"
        "proxy()"
    )
    environ = {**os.environ, "HEADROOM_STORE": "memory://"}
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environ)
    assert said.stdout.splitlines()[1:] == ["['headroom_core.proxy.app'] True"]


@pytest.mark.parametrize("path", [PATHS["chat"], "/v1/files", "/v1/compress"])
def test_a_client_who_hangs_up_in_his_request_is_no_failure(provider: Provider, path: str) -> None:
    """Clients do; a traceback in the log would call for help."""
    app = make_app(Headroom("memory://"), ProxySettings(openai=provider.url))
    headers = [(b"host", b"127.0.0.1"), (b"content-length", b"9")]
    scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b""}
    come = iter([{"type": "http.request", "body": b"[1", "more_body": True}])

    async def receive() -> Any:
        return next(come, {"type": "http.disconnect"})

    async def send(message: Any) -> None:
        assert message.get("status", 400) == 400

    asyncio.run(app({**scope, "headers": headers}, receive, send))
