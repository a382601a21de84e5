from __future__ import annotations

import gc
import zlib
from typing import Any

import httpx
import pytest

from tests.content import log
from tests.local_proxy import Proxy
from tests.provider import Failure, Provider, Request
from tests.traffic import PATHS, SHAPES, ask_for_it, body, seen

LOG = log()
GOES_AS_IT_COMES = body("chat")


async def test_a_provider_s_cookie_is_its_client_s_own(client: httpx.AsyncClient, provider: Provider) -> None:
    """One connection serves many people: what a provider gives to one must not speak for another."""
    provider.script([Failure(429, headers={"set-cookie": "session=anns; Path=/"}), "Fine.", "Fine."])
    answer = await client.post(PATHS["chat"], json=GOES_AS_IT_COMES)
    assert answer.headers["set-cookie"] == "session=anns; Path=/"
    client.cookies.clear()
    await client.post(PATHS["chat"], json=GOES_AS_IT_COMES)
    await client.post(PATHS["chat"], json=GOES_AS_IT_COMES, headers={"cookie": "session=bobs"})
    assert [request.headers.get("cookie") for request in provider.requests] == [None, None, "session=bobs"]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("stream", [False, True])
async def test_a_packed_answer_that_we_read_is_handed_on_unpacked(
    client: httpx.AsyncClient, provider: Provider, shape: str, stream: bool
) -> None:
    """We ask for one that isn't packed; some pack all the same, and then its header mustn't outlive it."""
    provider.packs = True
    provider.script([ask_for_it, "It was the disk."])
    options: dict[str, Any] = {"stream": stream, **({"store": False} if shape == "responses" else {})}
    answer = await client.post(PATHS[shape], json=body(shape, LOG, **options))
    assert "content-encoding" not in answer.headers
    assert len(provider.requests) == 2
    assert "headroom" not in answer.text
    assert answer.text.startswith(("data: ", "event: ")) if stream else seen(answer.json()).text == "It was the disk."


@pytest.mark.parametrize("stream", [False, True])
async def test_an_answer_packed_as_we_cannot_unpack_goes_as_it_came(
    client: httpx.AsyncClient, provider: Provider, stream: bool
) -> None:
    provider.packs = True
    provider.coding = "x-zip"
    provider.script([ask_for_it])
    async with client.stream("POST", PATHS["chat"], json=body("chat", LOG, stream=stream)) as answer:
        raw = b"".join([piece async for piece in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "x-zip"
    assert b"headroom_retrieve" in zlib.decompressobj(wbits=31).decompress(raw)


async def test_a_packed_answer_in_which_we_have_no_part_stays_packed(
    client: httpx.AsyncClient, provider: Provider
) -> None:
    provider.packs = True
    async with client.stream("POST", PATHS["chat"], json=GOES_AS_IT_COMES) as answer:
        raw = b"".join([piece async for piece in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert b'"ok"' in zlib.decompressobj(wbits=31).decompress(raw)


@pytest.mark.parametrize("shape", SHAPES)
async def test_a_follow_up_that_cannot_connect_is_told_in_the_stream(
    client: httpx.AsyncClient, provider: Provider, shape: str
) -> None:
    """The client has half an answer: an end that it understands, not a torn connection."""

    def hangs_up(request: Request) -> str:
        raise ConnectionResetError

    provider.script([ask_for_it, hangs_up])
    answer = await client.post(PATHS[shape], json=body(shape, LOG, stream=True, store=False))
    assert "could not be reached" in answer.text.split("data: ")[-1]
    assert len(provider.requests) == 2


async def test_a_follow_up_that_is_no_stream_is_told_in_the_stream(
    client: httpx.AsyncClient, provider: Provider
) -> None:
    provider.script([ask_for_it, Failure(200, "no stream")])
    answer = await client.post(PATHS["chat"], json=body("chat", LOG, stream=True))
    assert "no stream" in answer.text.split("data: ")[-1]


def test_date_and_server_are_the_provider_s_own(proxy: Proxy) -> None:
    answer = proxy.post("chat")
    direct = httpx.post(proxy.provider.url + PATHS["chat"], json=body("chat"))
    assert answer.headers.get_list("server") == direct.headers.get_list("server")
    assert len(answer.headers.get_list("date")) == 1


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("stream", [False, True])
async def test_what_is_answered_is_freed_at_once(
    client: httpx.AsyncClient, provider: Provider, shape: str, stream: bool
) -> None:
    """Not when Python looks for rings: each would hold the body of its request till then."""
    told: dict[str, Any] = {"stream": stream, **({"store": False} if shape == "responses" else {})}
    gc.collect()
    gc.disable()
    try:
        provider.script(["Fine.", ask_for_it, "It was the disk."])
        for result in ("short", LOG):
            assert (await client.post(PATHS[shape], json=body(shape, result, **told))).status_code == 200
        kept = [each for each in gc.get_objects() if isinstance(each, httpx.Response)]
        assert not [each for each in kept if str(each.url).startswith(provider.url)]
    finally:
        gc.enable()
