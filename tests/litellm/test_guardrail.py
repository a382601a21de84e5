"""LiteLLM's own guardrail, in a real proxy, with our sidecar behind it."""

from __future__ import annotations

import httpx

from tests.content import log
from tests.litellm.conftest import Gateway
from tests.provider import Answer, Call, Request
from tests.traffic import PATHS, history, seen, tools

LOG = log()


def asks_by_hash(request: Request) -> Answer:
    """That guardrail's tool names its argument so."""
    return Answer(calls=(Call("headroom_retrieve", {"hash": request.handles[0]}),))


def test_20_the_guardrail_compresses_by_us_and_the_model_gets_its_original(proxy: Gateway) -> None:
    """It looks at a tool result only once a later assistant row exists."""
    proxy.provider.script([asks_by_hash, "It was the disk."])
    messages = [
        *history("chat", LOG),
        {"role": "assistant", "content": "I have read it."},
        {"role": "user", "content": "And?"},
    ]
    body = {"model": "guarded", "messages": messages, "tools": tools("chat"), "guardrails": ["native"]}
    answer = httpx.post(proxy.url + PATHS["chat"], json=body, headers={"Authorization": "Bearer sk-a"}, timeout=60)
    assert answer.status_code == 200, answer.text
    first, second = proxy.provider.requests
    assert len(first.handles) == 1
    assert [message["role"] for message in first.body["messages"]] == [message["role"] for message in messages]
    assert LOG in second.tool_results.values()
    assert seen(answer.json()).text == "It was the disk."
