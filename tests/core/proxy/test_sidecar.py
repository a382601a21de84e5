from __future__ import annotations

import re

import httpx
import pytest

from tests.content import conversation, log
from tests.local_proxy import Proxy, Start

LOG = log()


def test_20_messages_come_back_in_their_order_and_an_original_by_its_hash(proxy: Proxy) -> None:
    messages = conversation(LOG, "short")
    answer = httpx.post(f"{proxy.url}/v1/compress", json={"messages": messages, "model": "gpt-4o"}, timeout=60).json()
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


@pytest.mark.parametrize("handle", ["0" * 12, "nothing", "3f9a1c07be42"])
def test_20_an_unknown_hash_is_not_found(proxy: Proxy, handle: str) -> None:
    answer = httpx.get(f"{proxy.url}/v1/retrieve/{handle}")
    assert answer.status_code == 404
    assert "Run the tool" in answer.json()["error"]["message"]


@pytest.mark.parametrize("content", [b"", b"[]", b'{"messages": "x"}', b'{"model": "m"}', b"{"])
def test_a_request_that_cannot_be_read_is_refused_with_a_reason(proxy: Proxy, content: bytes) -> None:
    answer = httpx.post(f"{proxy.url}/v1/compress", content=content)
    assert answer.status_code == 400
    assert "messages" in answer.json()["error"]["message"]


def test_unless_somebody_offers_the_tool_every_fact_stays(start: Start) -> None:
    """The contract doesn't say whether there is a way back: whoever starts the sidecar does."""
    with start() as proxy:
        body = {"messages": conversation(LOG), "model": "gpt-4o"}
        answer = httpx.post(f"{proxy.url}/v1/compress", json=body, timeout=60).json()
    assert answer["ccr_hashes"] == []
    assert answer["tokens_saved"] > 0
    assert "[headroom " not in str(answer["messages"])
