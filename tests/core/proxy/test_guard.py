from __future__ import annotations

from typing import Any

import pytest
from headroom_core import Headroom
from headroom_core.proxy.app import make_app
from headroom_core.proxy.settings import ProxySettings

from tests.local_proxy import inside
from tests.provider import Provider

TOKEN = "open sesame, please"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/compress", 405),
        ("PUT", "/v1/compress", 405),
        ("POST", "/v1/compress/", 404),
        ("POST", "/v1/compress/all", 404),
        ("POST", "/v1/retrieve/3f9a1c07be42", 405),
        ("GET", "/v1/retrieve/3f9a1c07be42/", 404),
        ("GET", "/v1/retrieve", 404),
        ("POST", "/metrics", 405),
        ("GET", "/metrics/", 404),
        ("POST", "/healthz", 405),
        ("GET", "/healthz/", 404),
        ("DELETE", "/readyz", 405),
        ("GET", "/readyz/x", 404),
    ],
)
async def test_our_own_paths_never_reach_a_provider(provider: Provider, method: str, path: str, status: int) -> None:
    """Whoever asks them brings our token, which is for nobody else."""
    async with inside(provider, token=TOKEN) as client:
        answer = await client.request(method, path, headers={"authorization": f"Bearer {TOKEN}"})
        told = await client.request(method, path, headers={"x-headroom-token": TOKEN})
    assert (answer.status_code, told.status_code) == (status, status)
    assert provider.requests == []


@pytest.mark.parametrize("path", ["/v1/compressed", "/metricss", "/v1/models"])
async def test_our_token_as_a_key_opens_no_path_of_a_provider(provider: Provider, path: str) -> None:
    async with inside(provider, token=TOKEN) as client:
        answer = await client.get(path, headers={"authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 401
        assert provider.requests == []
        assert (await client.get(path, headers={"x-headroom-token": TOKEN})).status_code == 200


async def test_a_websocket_on_our_own_paths_never_reaches_a_provider() -> None:
    """Nobody is there: a connection would be another answer."""
    app = make_app(Headroom("memory://"), ProxySettings(openai="http://127.0.0.1:1", token=TOKEN))
    headers = [(b"authorization", f"Bearer {TOKEN}".encode()), (b"host", b"127.0.0.1")]
    scope = {"type": "websocket", "path": "/v1/compress", "raw_path": b"/v1/compress", "query_string": b""}
    said: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        said.append(message)

    await app({**scope, "headers": headers, "subprotocols": []}, receive, send)
    assert [(message["type"], message["code"]) for message in said] == [("websocket.close", 1000)]


@pytest.mark.parametrize(
    ("host", "asked", "status"),
    [
        ("127.0.0.1", "localhost:8787", 200),
        ("127.0.0.2", "127.0.0.2:8787", 200),
        ("::1", "[::1]:8787", 200),
        ("0:0:0:0:0:0:0:1", "[0:0:0:0:0:0:0:1]:8787", 200),
        ("127.0.0.1", "evil.example", 400),
    ],
)
async def test_it_answers_to_the_name_under_which_it_listens(
    provider: Provider, host: str, asked: str, status: int
) -> None:
    async with inside(provider, host=host) as client:
        assert (await client.get("/v1/models", headers={"host": asked})).status_code == status
