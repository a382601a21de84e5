"""LiteLLM's own guardrail, in a real proxy, with our sidecar behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.content import log
from tests.litellm.conftest import Gateway, litellm_proxy
from tests.local_proxy import started
from tests.provider import Answer, Call, Provider, Request
from tests.traffic import PATHS, history, seen, tools

LOG = log()


@pytest.fixture
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A proxy without our handler: where both are, the older of LiteLLM's versions take our calls for their own."""
    with started(tmp_path_factory.mktemp("sidecar"), "--sidecar-retrieval") as sidecar:

        def config(provider: Provider) -> dict[str, Any]:
            openai = {"model": "openai/gpt-4o", "api_base": provider.openai_url, "api_key": "nobody's"}
            native = {"guardrail": "headroom", "mode": "pre_call", "api_base": sidecar.url, "default_on": True}
            return {
                "model_list": [{"model_name": "gpt-4o", "litellm_params": openai}],
                "guardrails": [{"guardrail_name": "native", "litellm_params": native}],
            }

        with litellm_proxy(tmp_path_factory.mktemp("proxy"), config) as proxy:
            yield proxy


def asks_by_hash(request: Request) -> Answer:
    """That guardrail's tool names its argument so."""
    return Answer(calls=(Call("headroom_retrieve", {"hash": request.handles[0]}),))


def test_20_the_guardrail_compresses_by_us_and_the_model_gets_its_original(guarded: Gateway) -> None:
    """It looks at a tool result only once a later assistant row exists."""
    guarded.provider.requests.clear()  # LiteLLM asks for the list of models when it starts
    guarded.provider.script([asks_by_hash, "It was the disk."])
    messages = [
        *history("chat", LOG),
        {"role": "assistant", "content": "I have read it."},
        {"role": "user", "content": "And?"},
    ]
    body = {"model": "gpt-4o", "messages": messages, "tools": tools("chat")}
    answer = httpx.post(guarded.url + PATHS["chat"], json=body, headers={"Authorization": "Bearer sk-a"}, timeout=60)
    assert answer.status_code == 200, answer.text
    first, second = guarded.provider.requests
    assert len(first.handles) == 1
    assert [message["role"] for message in first.body["messages"]] == [message["role"] for message in messages]
    assert LOG in second.tool_results.values()
    assert seen(answer.json()).text == "It was the disk."
