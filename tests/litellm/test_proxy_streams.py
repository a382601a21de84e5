"""Streams through a real proxy, read by the official clients: they refuse what is out of order."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from tests.clients import hears_before_the_model_goes_on, read
from tests.clocks import AGES
from tests.content import log, records_json
from tests.litellm.conftest import Gateway
from tests.provider import Answer, Call, Failure
from tests.traffic import SHAPES, WANTS_IT, Seen, ask_for_it, body, seen, used

pytestmark = pytest.mark.filterwarnings("ignore:The model 'claude:DeprecationWarning")  # the client's, by the date

LOG = log()
FETCH = Call("fetch", {"page": 7})


def final(proxy: Gateway, shape: str, *results: str) -> Seen:
    return seen(read(proxy.url, shape, *results))


@pytest.mark.parametrize("shape", SHAPES)
def test_5_8_what_follows_stands_in_the_same_stream(proxy: Gateway, shape: str) -> None:
    """One answer with one id, and one end; used is what both rounds used."""
    proxy.provider.script([ask_for_it, "It was the disk."])
    answer = read(proxy.url, shape, LOG, records_json())
    first, second = proxy.provider.requests
    assert first.body["stream"] is second.body["stream"] is True
    assert first.tool_names == second.tool_names == ["fetch", "headroom_retrieve"]
    assert LOG in second.tool_results.values()
    assert seen(answer).text == "One moment.It was the disk."
    assert not seen(answer).leaks
    assert used(answer)[0] == sum(len(request.raw) // 4 for request in proxy.provider.requests)


@pytest.mark.parametrize("shape", SHAPES)
def test_8_text_arrives_before_the_model_goes_on(proxy: Gateway, shape: str) -> None:
    """The provider goes on only when the client has heard something: whoever holds text back waits forever."""
    assert hears_before_the_model_goes_on(proxy.url, proxy.provider, shape, LOG)


@pytest.mark.parametrize("shape", SHAPES)
def test_6_a_call_behind_ours_is_made_again(proxy: Gateway, shape: str) -> None:
    proxy.provider.script(
        [
            lambda request: replace(ask_for_it(request), calls=(*ask_for_it(request).calls, FETCH)),
            Answer(calls=(FETCH,)),
        ]
    )
    answer = final(proxy, shape, LOG)
    assert len(proxy.provider.requests) == 2
    assert answer.tool_calls == ("fetch",)
    assert not answer.leaks


@pytest.mark.parametrize("shape", SHAPES)
def test_6_a_call_before_ours_is_the_clients_first(proxy: Gateway, shape: str) -> None:
    """It has streamed to him already. The model asks for the original again when it has his answer."""
    proxy.provider.script([lambda request: replace(ask_for_it(request), calls=(FETCH, *ask_for_it(request).calls))])
    answer = final(proxy, shape, LOG)
    assert len(proxy.provider.requests) == 1
    assert answer.tool_calls == ("fetch",)
    assert not answer.leaks


@pytest.mark.parametrize("shape", SHAPES)
def test_7_a_model_that_always_asks_is_stopped(proxy: Gateway, shape: str) -> None:
    proxy.provider.script([ask_for_it] * 4)
    answer = final(proxy, shape, LOG)
    assert len(proxy.provider.requests) == 4
    choice = proxy.provider.requests[-1].body["tool_choice"]
    assert choice == ({"type": "none"} if shape == "messages" else "none")
    assert answer.text == "One moment." * 4
    assert not answer.leaks


@pytest.mark.parametrize("shape", SHAPES)
def test_7_a_refused_round_is_told(proxy: Gateway, shape: str) -> None:
    """Half an answer would be taken for the model's last word."""
    proxy.provider.script([ask_for_it, Failure(400)])
    with pytest.raises(Exception, match=r"scripted failure|refused|receive a `response.completed`"):
        read(proxy.url, shape, LOG)


@pytest.mark.parametrize("shape", ["messages", "responses"])
def test_18_the_follow_up_echoes_what_the_model_thought(proxy: Gateway, shape: str) -> None:
    """Signed thinking byte for byte; sealed reasoning as it came."""
    proxy.provider.script([ask_for_it, "It was the disk."])
    read(proxy.url, shape, LOG)
    sent = str(proxy.provider.requests[1].body)
    assert WANTS_IT.thinking in sent
    assert ("c2lnbmVkIGJ5IG5vYm9keQ==" if shape == "messages" else "sealed-1") in sent


def test_18_a_chat_stream_echoes_what_a_model_of_another_dialect_thought(proxy: Gateway) -> None:
    """OpenAI's chat has no place for signed thinking; LiteLLM has one, from which it comes back to Anthropic's wire."""
    proxy.provider.script([ask_for_it, "It was the disk."])
    thinking = {"thinking": {"type": "enabled", "budget_tokens": 1024}}
    answer = read(proxy.url, "chat", LOG, model="claude-sonnet-4-5", max_tokens=2048, extra_body=thinking)
    assert seen(answer).text == "One moment.It was the disk."
    first, second = proxy.provider.requests
    assert first.path == second.path == "/v1/messages"
    turn = second.body["messages"][-2]
    assert turn["role"] == "assistant"
    signed = {"type": "thinking", "thinking": WANTS_IT.thinking, "signature": "c2lnbmVkIGJ5IG5vYm9keQ=="}
    assert turn["content"][0] == signed
    assert LOG in second.tool_results.values()


@pytest.mark.parametrize("shape", SHAPES)
def test_a_stream_that_asks_nothing_passes(proxy: Gateway, shape: str) -> None:
    proxy.provider.script([Answer("It was the disk, as the log says in so many words.", calls=(FETCH,))])
    answer = final(proxy, shape, LOG)
    assert answer.text == "It was the disk, as the log says in so many words."
    assert answer.tool_calls == ("fetch",)


def test_what_the_provider_keeps_stays_whole_in_a_stream(proxy: Gateway) -> None:
    """The client goes on from the id that he saw: of the first of several answers, in which a call is open."""
    proxy.provider.script(["It was the disk."])
    answer = httpx.post(
        proxy.url + "/v1/responses",
        json=body("responses", LOG, stream=True),
        headers={"Authorization": "Bearer sk-a"},
        timeout=AGES,
    )
    assert answer.status_code == 200, answer.text
    (request,) = proxy.provider.requests
    assert request.handles == []
    assert request.tool_names == ["fetch"]
