from __future__ import annotations

import json
import re

import httpx
import pytest

from tests.clocks import AGES
from tests.content import conversation, log
from tests.local_proxy import Proxy, Start

LOG = log()


def test_20_messages_come_back_in_their_order_and_an_original_by_its_hash(proxy: Proxy) -> None:
    messages = conversation(LOG, "short")
    answer = httpx.post(f"{proxy.url}/v1/compress", json={"messages": messages, "model": "gpt-4o"}, timeout=AGES).json()
    assert [message["role"] for message in answer["messages"]] == [message["role"] for message in messages]
    assert answer["tokens_saved"] == answer["tokens_before"] - answer["tokens_after"] > 5_000
    assert 0 < answer["compression_ratio"] < 0.5
    assert answer["transforms_applied"] == ["log"]
    (handle,) = answer["ccr_hashes"]
    assert re.fullmatch(r"[0-9a-f]{12,24}", handle)
    original = httpx.get(f"{proxy.url}/v1/retrieve/{handle}").json()
    assert original["original_content"] == LOG
    part = httpx.get(f"{proxy.url}/v1/retrieve/{handle}", params={"query": "ERROR"}).json()["original_content"]
    assert len(part) < len(LOG) / 2


@pytest.mark.parametrize(
    ("handle", "said"), [("0" * 12, "Run the tool"), ("nothing", "is no handle"), ("3f9a1c07be42", "Run the tool")]
)
def test_20_an_unknown_hash_is_not_found(proxy: Proxy, handle: str, said: str) -> None:
    answer = httpx.get(f"{proxy.url}/v1/retrieve/{handle}")
    assert answer.status_code == 404
    assert said in answer.json()["error"]["message"]


@pytest.mark.parametrize("content", [b"", b"[]", b'{"messages": "x"}', b'{"model": "m"}', b"{"])
def test_a_request_that_cannot_be_read_is_refused_with_a_reason(proxy: Proxy, content: bytes) -> None:
    answer = httpx.post(f"{proxy.url}/v1/compress", content=content)
    assert answer.status_code == 400
    assert "messages" in answer.json()["error"]["message"]


async def test_20_a_lone_surrogate_comes_back(client: httpx.AsyncClient) -> None:
    """Half of a character, as a tool that cuts texts leaves it."""
    raw = b'{"model": "gpt-4o", "messages": [{"role": "tool", "tool_call_id": "c", "content": "cut \\ud83d"}]}'
    answer = await client.post("/v1/compress", content=raw)
    assert answer.status_code == 200
    assert b'"cut \\ud83d"' in answer.content


async def test_an_original_with_a_lone_surrogate_is_given_back(client: httpx.AsyncClient) -> None:
    text = LOG + "cut \ud83d\n"
    body = json.dumps({"messages": conversation(text), "model": "gpt-4o"}).encode()
    (handle,) = (await client.post("/v1/compress", content=body)).json()["ccr_hashes"]
    assert json.loads((await client.get(f"/v1/retrieve/{handle}")).content)["original_content"] == text


@pytest.mark.parametrize("number", [b"NaN", b"-Infinity", b"1e999"])
async def test_what_json_cannot_spell_is_refused(client: httpx.AsyncClient, number: bytes) -> None:
    answer = await client.post("/v1/compress", content=b'{"messages": [{"role": "user", "n": ' + number + b"}]}")
    assert answer.status_code == 400
    assert "infinite" in answer.json()["error"]["message"]


def test_unless_somebody_offers_the_tool_every_fact_stays(start: Start) -> None:
    """The contract doesn't say whether there is a way back: whoever starts the sidecar does."""
    with start() as proxy:
        body = {"messages": conversation(LOG), "model": "gpt-4o"}
        answer = httpx.post(f"{proxy.url}/v1/compress", json=body, timeout=AGES).json()
    assert answer["ccr_hashes"] == []
    assert answer["tokens_saved"] > 0
    assert "[headroom " not in str(answer["messages"])
