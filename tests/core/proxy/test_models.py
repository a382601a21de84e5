from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.clients import hears_before_the_model_goes_on, read
from tests.content import log, records_json
from tests.local_proxy import Proxy
from tests.provider import Answer, Call, Failure
from tests.traffic import PATHS, SHAPES, WANTS_IT, ask_for_both, ask_for_it, body, seen, used

pytestmark = pytest.mark.filterwarnings("ignore:The model 'claude:DeprecationWarning")  # the client's, by the date

LOG = log()
FETCH = Call("fetch", {"page": 7})


@pytest.mark.parametrize("shape", SHAPES)
def test_the_model_gets_the_original_and_the_client_sees_only_the_answer(proxy: Proxy, shape: str) -> None:
    proxy.provider.script([ask_for_it, "It was the disk."])
    answer = proxy.post(shape, LOG, records_json())
    assert answer.status_code == 200, answer.text
    first, second = proxy.provider.requests
    assert len(first.handles) == 1
    assert first.tool_names == second.tool_names == ["fetch", "headroom_retrieve"]
    assert LOG in second.tool_results.values()
    assert seen(answer.json()).text == "It was the disk."
    assert not seen(answer.json()).leaks
    assert used(answer.json())[0] == sum(len(request.raw) // 4 for request in proxy.provider.requests)
    assert int(answer.headers["x-headroom-tokens-saved"]) > 5_000


@pytest.mark.parametrize("shape", SHAPES)
def test_beside_ours_the_users_call_is_made_again(proxy: Proxy, shape: str) -> None:
    proxy.provider.script([ask_for_both, Answer(calls=(FETCH,))])
    answer = proxy.post(shape, LOG)
    assert len(proxy.provider.requests) == 2
    assert seen(answer.json()).tool_calls == ("fetch",)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("stream", [False, True])
def test_a_model_that_always_asks_is_stopped(proxy: Proxy, shape: str, stream: bool) -> None:
    proxy.provider.script([ask_for_it] * 4)
    answer = seen(read(proxy.url, shape, LOG) if stream else proxy.post(shape, LOG).json())
    assert len(proxy.provider.requests) == 4
    choice = proxy.provider.requests[-1].body["tool_choice"]
    assert choice == ({"type": "none"} if shape == "messages" else "none")
    assert not answer.leaks


@pytest.mark.parametrize("shape", SHAPES)
def test_what_follows_stands_in_the_same_stream(proxy: Proxy, shape: str) -> None:
    proxy.provider.script([ask_for_it, "It was the disk."])
    answer = read(proxy.url, shape, LOG)
    assert LOG in proxy.provider.requests[1].tool_results.values()
    assert WANTS_IT.thinking in str(proxy.provider.requests[1].body) or shape == "chat"
    assert seen(answer).text == "One moment.It was the disk."
    assert not seen(answer).leaks
    assert used(answer)[0] == sum(len(request.raw) // 4 for request in proxy.provider.requests)


@pytest.mark.parametrize("shape", SHAPES)
def test_text_arrives_before_the_model_goes_on(proxy: Proxy, shape: str) -> None:
    """The provider goes on only when the client has heard something: whoever holds text back waits forever."""
    assert hears_before_the_model_goes_on(proxy.url, proxy.provider, shape, LOG)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("status", [429, 529, 400])
@pytest.mark.parametrize("stream", [False, True])
def test_an_error_of_the_provider_arrives_as_it_was(proxy: Proxy, shape: str, status: int, stream: bool) -> None:
    """Status, body and the header that says when to try again."""
    proxy.provider.script([Failure(status, headers={"retry-after": "7"})])
    options: dict[str, Any] = {"stream": stream, **({"store": False} if shape == "responses" else {})}
    answer = proxy.post(shape, LOG, **options)
    assert (answer.status_code, answer.headers["retry-after"]) == (status, "7")
    direct = httpx.Client(base_url=proxy.provider.url)
    proxy.provider.script([Failure(status, headers={"retry-after": "7"})])
    assert direct.post(PATHS[shape], json=body(shape, LOG, **options)).content == answer.content
    direct.close()


@pytest.mark.parametrize("shape", SHAPES)
def test_a_refused_round_is_told(proxy: Proxy, shape: str) -> None:
    """Half an answer would be taken for the model's last word. In one piece it is the provider's own refusal."""
    proxy.provider.script([ask_for_it, Failure(429)])
    assert proxy.post(shape, LOG).status_code == 429
    proxy.provider.script([ask_for_it, Failure(400)])
    with pytest.raises(Exception, match=r"scripted failure|receive a `response.completed`"):
        read(proxy.url, shape, LOG)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_stream_cut_anywhere_arrives_whole(proxy: Proxy, shape: str) -> None:
    """In the middle of a character, of a line, of a frame's end."""
    proxy.provider.cut = 7
    try:
        proxy.provider.script([ask_for_it, "Der Datenträger war’s: 磁盘."])
        assert seen(read(proxy.url, shape, LOG)).text == "One moment.Der Datenträger war’s: 磁盘."
    finally:
        proxy.provider.cut = None


@pytest.mark.parametrize("shape", SHAPES)
def test_a_provider_that_hangs_up_is_a_broken_answer(proxy: Proxy, shape: str) -> None:
    """As without us: the client sees that the answer isn't whole."""

    def hang_up(number: int) -> None:
        if number == 5:
            raise ConnectionResetError

    proxy.provider.script([lambda request: replace(ask_for_it(request), before_event=hang_up)])
    options: dict[str, Any] = {"stream": True, **({"store": False} if shape == "responses" else {})}
    with pytest.raises(httpx.RemoteProtocolError):
        proxy.post(shape, LOG, **options)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_next_turn_begins_with_the_same_bytes(proxy: Proxy, shape: str) -> None:
    proxy.provider.script(["It was the disk."] * 2)
    proxy.post(shape, LOG)
    proxy.post(shape, LOG, records_json())
    first, second = (json.dumps(request.tool_results["call_1"]) for request in proxy.provider.requests)
    assert first == second


def test_a_bypassed_request_goes_as_it_came(proxy: Proxy) -> None:
    proxy.provider.script(["Fine."])
    answer = proxy.post("chat", LOG, headers={"x-headroom-bypass": "true"})
    (request,) = proxy.provider.requests
    assert request.tool_results["call_1"] == LOG
    assert not [name for name in request.headers if name.startswith("x-headroom")]
    assert "x-headroom-tokens-saved" not in answer.headers
