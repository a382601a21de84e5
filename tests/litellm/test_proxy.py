from __future__ import annotations

import json

import httpx
import pytest
from headroom_litellm.proxy import HeadroomProxyHandler, handler_instance

from tests.content import log, records_json
from tests.litellm.conftest import Gateway
from tests.litellm.traffic import SHAPES, ask_for_it, body, seen

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
def test_the_next_turn_begins_with_the_same_bytes(proxy: Gateway, shape: str) -> None:
    proxy.provider.script(["It was the disk."] * 2)
    proxy.post(shape, LOG)
    proxy.post(shape, LOG, records_json())
    first, second = (json.dumps(request.tool_results["call_1"]) for request in proxy.provider.requests)
    assert first == second


@pytest.mark.parametrize("shape", SHAPES)
def test_a_stream_passes_through_unharmed(proxy: Gateway, shape: str) -> None:
    proxy.provider.script(["It was the disk, as the log says in so many words."])
    answer = proxy.post(shape, records_json(), stream=True)
    assert answer.status_code == 200, answer.text
    (request,) = proxy.provider.requests
    assert request.body["stream"] is True
    assert request.handles == []
    assert request.tool_names == ["fetch"]
    assert request.tool_results["call_1"].startswith("[200 rows:")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "headroom" not in answer.text


def test_12_whoever_comes_with_another_key_cannot_ask_for_it(proxy: Gateway) -> None:
    proxy.provider.script([ask_for_it, "It was the disk."])
    proxy.post("chat", LOG, key="sk-ann")
    handle = proxy.provider.requests[0].handles[0]
    proxy.provider.requests.clear()
    proxy.provider.script([ask_for_it, "Nothing."])
    proxy.post("chat", LOG, key="sk-bob")
    first, _ = proxy.provider.requests
    assert first.handles != [handle]


def test_19_a_pass_through_route_loses_nothing(proxy: Gateway) -> None:
    proxy.provider.script(["It was the disk."])
    answer = httpx.post(
        proxy.url + "/raw", json=body("chat", LOG), headers={"Authorization": "Bearer sk-a"}, timeout=60
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
