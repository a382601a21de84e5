"""LiteLLM's own features beside us: caching, fallbacks, injected breakpoints, limits checked before a call."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import litellm
import pytest
from headroom_core import Stitch
from headroom_litellm.streams import stitched
from headroom_litellm.surfaces import CHAT
from litellm.caching.caching import Cache
from litellm.router import Router
from litellm.types.caching import LiteLLMCacheType
from litellm.types.utils import Delta, ModelResponseStream, StreamingChoices

from tests.clocks import AGES
from tests.content import log
from tests.litellm.conftest import Gateway
from tests.litellm.sdk import ask
from tests.provider import Answer, Failure, Provider
from tests.traffic import PATHS, ask_for_it, body, history, seen, tools

LOG = log()


@pytest.fixture
def response_cache() -> Iterator[None]:
    litellm.cache = Cache(type=LiteLLMCacheType.LOCAL)
    yield
    litellm.cache = None


@pytest.mark.usefixtures("callback", "response_cache")
async def test_13_the_same_request_twice_is_answered_from_litellms_cache(provider: Provider) -> None:
    """Its key is made of what we show: the same bytes each time, or nothing would ever hit."""
    for _ in range(2):
        answer = await ask(provider, "chat", LOG, caching=True)
        assert seen(answer).text == "ok"
    assert len(provider.requests) == 1
    assert len(provider.requests[0].handles) == 1


@pytest.mark.usefixtures("callback", "response_cache")
async def test_13_what_is_cached_of_several_rounds_is_their_last_answer(provider: Provider) -> None:
    """Else who asks again is shown our call."""
    provider.script([ask_for_it, "It was the disk."])
    for _ in range(2):
        answer = await ask(provider, "chat", LOG, caching=True)
        assert seen(answer).text == "It was the disk."
        assert not seen(answer).leaks
    assert len(provider.requests) == 2


@pytest.mark.usefixtures("callback")
async def test_what_the_provider_has_made_of_the_conversation_goes_back_as_it_came(provider: Provider) -> None:
    """Anthropic's context editing and compaction: both are its own, and what it cleared isn't ours to fill."""
    edits = {"edits": [{"type": "clear_tool_uses_20250919", "trigger": {"type": "input_tokens", "value": 30_000}}]}
    compacted = {"type": "compaction", "content": "The user asked about a disk. " * 60}
    messages = [{"role": "assistant", "content": [compacted]}, *history("messages", "[cleared]", LOG)]
    await ask(provider, "messages", messages=messages, context_management=edits)
    (request,) = provider.requests
    assert request.body["context_management"] == edits
    assert request.body["messages"][0]["content"][0] == compacted
    assert request.tool_results["call_1"] == "[cleared]"
    assert len(request.handles) == 1


@pytest.mark.usefixtures("callback")
async def test_what_responses_have_compacted_goes_back_as_it_came(provider: Provider) -> None:
    compacted = {"type": "compaction", "id": "cmp_1", "encrypted_content": "c2VhbGVk" * 400}
    management = [{"type": "compaction", "compact_threshold": 200_000}]
    items = [compacted, *history("responses", LOG)]
    await ask(provider, "responses", input=items, context_management=management)
    (request,) = provider.requests
    assert request.body["context_management"] == management
    assert request.body["input"][0] == compacted
    assert len(request.handles) == 1


@pytest.mark.usefixtures("callback")
async def test_13_a_fallback_is_sent_the_same_bytes(provider: Provider) -> None:
    provider.script([Failure(500), "It was the disk."])
    common = {"api_base": provider.openai_url, "api_key": "nobody's", "max_retries": 0}
    router = Router(
        model_list=[
            {"model_name": name, "litellm_params": {"model": f"openai/{name}", **common}}
            for name in ("first", "second")
        ],
        fallbacks=[{"first": ["second"]}],
        num_retries=0,
    )
    messages: Any = history("chat", LOG)
    answer = await router.acompletion("first", messages=messages, tools=tools("chat"))
    router.discard()  # type: ignore[no-untyped-call]  # LiteLLM's own
    assert seen(answer).text == "It was the disk."
    first, second = provider.requests
    assert (first.body["model"], second.body["model"]) == ("first", "second")
    assert first.tool_results == second.tool_results
    assert first.handles == second.handles
    assert len(first.handles) == 1


@pytest.mark.usefixtures("callback")
async def test_14_an_injected_breakpoint_changes_no_bytes_before_it(provider: Provider) -> None:
    """LiteLLM puts it in after us: what stands before is what stood there without."""
    await ask(provider, "messages", LOG)
    points = [{"location": "message", "index": -1}]
    await ask(provider, "chat", LOG, model="anthropic/claude-sonnet-4-5", cache_control_injection_points=points)
    await ask(provider, "chat", LOG, model="anthropic/claude-sonnet-4-5")
    _, injected, plain = provider.requests
    assert "cache_control" in injected.raw.decode()
    assert "cache_control" not in plain.raw.decode()
    without = json.loads(
        injected.raw, object_hook=lambda found: {k: v for k, v in found.items() if k != "cache_control"}
    )
    assert without == plain.body
    assert len(injected.handles) == 1


@pytest.mark.usefixtures("callback")
async def test_14_what_the_caller_marked_and_all_before_stays(provider: Provider) -> None:
    """Messages up to a breakpoint of the caller's own are cached already, as they are."""
    marked = history("messages", LOG)
    marked[-1]["content"][0]["cache_control"] = {"type": "ephemeral"}
    await ask(provider, "messages", messages=marked)
    (request,) = provider.requests
    assert LOG in request.tool_results.values()
    assert request.handles == []


def test_15_a_request_that_fits_once_it_is_compressed_passes_the_check(proxy: Gateway) -> None:
    """LiteLLM counts before it sends: in the proxy we are earlier still."""
    proxy.provider.script(["It was the disk."])
    answer = proxy.post("chat", LOG, model="tight")
    assert answer.status_code == 200, answer.text
    refused = proxy.post("chat", LOG, model="tight", headers={"x-headroom-bypass": "true"})
    assert refused.status_code == 400
    assert "ContextWindowExceeded" in refused.text


async def test_10_a_stream_that_we_fail_in_passes_as_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("no more memory")

    async def chunks() -> AsyncIterator[Any]:
        for text in ("It was ", "the disk."):
            yield ModelResponseStream(choices=[StreamingChoices(delta=Delta(content=text))])

    async def ask_nobody(turn: Any, last: bool) -> AsyncIterator[Any]:
        raise AssertionError

    monkeypatch.setattr(Stitch, "feed", broken)
    came = [chunk async for chunk in stitched(chunks(), CHAT, ask_nobody, 3)]
    assert "".join(chunk.choices[0].delta.content for chunk in came) == "It was the disk."


@pytest.mark.parametrize("stream", [False, True])
def test_drop_params_and_a_strict_provider_leave_our_tool_alone(proxy: Gateway, stream: bool) -> None:
    proxy.provider.script([ask_for_it, Answer("It was the disk.")])
    answer = httpx.post(
        proxy.url + PATHS["chat"],
        json={**body("chat", LOG), "drop_params": True, "stream": stream, "parallel_tool_calls": False},
        headers={"Authorization": "Bearer sk-a"},
        timeout=AGES,
    )
    assert answer.status_code == 200, answer.text
    assert [request.tool_names for request in proxy.provider.requests] == [["fetch", "headroom_retrieve"]] * 2
    assert all(request.body["parallel_tool_calls"] is False for request in proxy.provider.requests)
