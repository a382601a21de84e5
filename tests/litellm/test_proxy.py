from __future__ import annotations

import gc
import json
from typing import Any

import httpx
import pytest
from headroom_core import Headroom
from headroom_litellm.options import Options
from headroom_litellm.proxy import HeadroomProxyHandler, handler_instance
from litellm.constants import LITELLM_PROXY_MASTER_KEY_ALIAS
from litellm.proxy._types import UserAPIKeyAuth

from tests.clocks import AGES
from tests.content import log, records_json
from tests.litellm.conftest import Gateway
from tests.provider import Answer, Call, Failure
from tests.traffic import SHAPES, ask_for_both, ask_for_it, body, seen, tools, used

LOG = log()


@pytest.mark.parametrize("shape", SHAPES)
def test_5_the_model_gets_the_original_and_the_client_sees_only_the_answer(proxy: Gateway, shape: str) -> None:
    proxy.provider.script([ask_for_it, "It was the disk."])
    answer = proxy.post(shape, LOG, records_json())
    assert answer.status_code == 200, answer.text
    first, second = proxy.provider.requests
    assert len(first.handles) == 1
    assert first.tool_names == second.tool_names == ["fetch", "headroom_retrieve"]
    assert first.tool_results["call_2"].startswith("[200 rows:")
    assert LOG in second.tool_results.values()
    assert seen(answer.json()).text == "It was the disk."
    assert not seen(answer.json()).leaks


@pytest.mark.parametrize("shape", SHAPES)
def test_6_beside_ours_the_users_call_is_made_again(proxy: Gateway, shape: str) -> None:
    proxy.provider.script([ask_for_both, Answer(text="And now:", calls=(Call("fetch", {"page": 7}),))])
    answer = proxy.post(shape, LOG)
    assert len(proxy.provider.requests) == 2
    assert seen(answer.json()).tool_calls == ("fetch",)
    assert not seen(answer.json()).leaks


@pytest.mark.parametrize("shape", SHAPES)
def test_7_a_model_that_always_asks_is_stopped(proxy: Gateway, shape: str) -> None:
    proxy.provider.script([ask_for_it] * 4)
    answer = proxy.post(shape, LOG)
    assert len(proxy.provider.requests) == 4
    assert seen(answer.json()).text == "One moment."
    assert not seen(answer.json()).leaks
    assert used(answer.json())[0] == sum(len(request.raw) // 4 for request in proxy.provider.requests)


@pytest.mark.parametrize("shape", SHAPES)
def test_7_a_refused_round_is_told(proxy: Gateway, shape: str) -> None:
    """Half an answer with status 200 would be taken for the model's last word."""
    proxy.provider.script([ask_for_it, Failure(400)])
    answer = proxy.post(shape, LOG)
    assert answer.status_code == 502
    assert "Please retry." in answer.text


@pytest.mark.parametrize("shape", SHAPES)
def test_the_next_turn_begins_with_the_same_bytes(proxy: Gateway, shape: str) -> None:
    proxy.provider.script(["It was the disk."] * 2)
    proxy.post(shape, LOG)
    proxy.post(shape, LOG, records_json())
    first, second = (json.dumps(request.tool_results["call_1"]) for request in proxy.provider.requests)
    assert first == second


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("said", "stream"), [("Fine.", False), ("Fine.", True), (Failure(400), False)], ids=str)
def test_16_the_savings_stand_in_the_headers(proxy: Gateway, shape: str, said: str | Failure, stream: bool) -> None:
    """Of an answer, of a stream, and of an error: it was sent all the same."""
    proxy.provider.script([said])
    answer = proxy.post(shape, records_json(), stream=stream)
    if shape == "messages" and answer.is_error:
        assert "x-headroom-tokens-saved" not in answer.headers  # LiteLLM asks nobody for headers there
        return
    before, after, saved = (int(answer.headers[f"x-headroom-tokens-{name}"]) for name in ("before", "after", "saved"))
    assert saved == before - after > 5_000


def test_12_another_key_is_another_tenant(proxy: Gateway) -> None:
    """Without a master key LiteLLM tells people apart by what they bring; their originals are their own."""
    proxy.provider.script([ask_for_it, "It was the disk."])
    proxy.post("chat", LOG, key="sk-ann")
    anns = proxy.provider.requests[0].handles[0]
    stolen = Answer(calls=(Call("headroom_retrieve", {"id": anns}),))
    proxy.provider.script([stolen, "Nothing there."])
    proxy.post("chat", LOG, key="sk-bob")
    bobs, second = proxy.provider.requests[2:]
    assert bobs.handles != [anns]
    assert second.tool_results["call_3_0"].startswith(f"No original is kept under {anns}")


@pytest.mark.parametrize(
    ("key", "tenant"),
    [
        ({"team_id": "red", "org_id": "acme", "api_key": "hash"}, "team_id:red"),
        ({"org_id": "acme", "api_key": "hash"}, "org_id:acme"),
        ({"api_key": "hash"}, "key:hash"),
        ({"api_key": LITELLM_PROXY_MASTER_KEY_ALIAS}, "us"),
    ],
)
async def test_12_the_tenant_is_the_widest_group_that_shares_a_conversation(
    headroom: Headroom, key: dict[str, Any], tenant: str
) -> None:
    """With the master key alone nobody can be told from anybody: what is shared then is a setting."""
    data = body("chat", LOG)
    handler = HeadroomProxyHandler(headroom, Options(tenant="us"))
    await handler.async_pre_call_hook(UserAPIKeyAuth(**key), None, data, "acompletion")
    assert data["metadata"]["headroom"].tenant == tenant
    assert "[headroom " in str(data["messages"])


async def test_12_without_a_key_nothing_is_left_out(headroom: Headroom) -> None:
    """Whose it is can't be told: so nobody may ask for it."""
    data = body("chat", LOG)
    await HeadroomProxyHandler(headroom).async_pre_call_hook(UserAPIKeyAuth(), None, data, "acompletion")
    assert "[headroom " not in str(data["messages"])
    assert data["tools"] == tools("chat")
    assert len(str(data)) < len(LOG)


async def test_10_a_failing_engine_lets_the_request_through(
    headroom: Headroom, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A hook that raises is a 500 to the client."""
    monkeypatch.setattr(headroom, "compress", broken)
    data = body("chat", LOG)
    messages = data["messages"]
    key = UserAPIKeyAuth(api_key="hash")
    await HeadroomProxyHandler(headroom).async_pre_call_hook(key, None, data, "acompletion")
    assert data["messages"] is messages
    assert data["metadata"]["headroom"].failed
    assert caplog.messages == ["Headroom: a request goes as it came: RuntimeError: no more memory"]


def broken(*_: Any, **__: Any) -> Any:
    raise RuntimeError("no more memory")


def test_19_a_pass_through_route_loses_nothing(proxy: Gateway) -> None:
    proxy.provider.script(["It was the disk."])
    answer = httpx.post(
        proxy.url + "/raw", json=body("chat", LOG), headers={"Authorization": "Bearer sk-a"}, timeout=AGES
    )
    assert answer.status_code == 200, answer.text
    (request,) = proxy.provider.requests
    assert request.handles == []
    assert request.tool_names == ["fetch"]
    assert len(request.tool_results["call_1"]) < len(LOG)


def test_9_every_hook_that_litellm_looks_up_on_the_class_is_defined_on_it() -> None:
    hooks = {
        "async_pre_call_hook",
        "async_post_call_streaming_iterator_hook",
        "async_post_call_response_headers_hook",
    }
    assert isinstance(handler_instance, HeadroomProxyHandler)
    assert hooks <= vars(type(handler_instance)).keys()


def test_what_litellm_has_loaded_is_not_looked_through_for_garbage() -> None:
    """It takes half a second, in which nobody is answered; what JSON is read into brings it about."""
    assert gc.get_freeze_count() > 100_000
