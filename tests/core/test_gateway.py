from __future__ import annotations

import json
from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
from headroom_core import Headroom, Turn
from headroom_core.exchange.words import RetrieveCall
from headroom_core.gateway import Gateway, compress_request, harmless, may_ask_back
from headroom_core.types import Dialect

from tests.content import log
from tests.traffic import body

SHAPES: dict[Dialect, str] = {"openai": "chat", "anthropic": "messages", "responses": "responses"}
DIALECTS = tuple(SHAPES)
LOG = log()


@pytest.fixture
def headroom() -> Iterator[Headroom]:
    with Headroom(store="memory://") as made:
        yield made


@pytest.mark.parametrize("dialect", DIALECTS)
def test_where_calls_are_answered_the_tool_comes_with_the_markers(headroom: Headroom, dialect: Dialect) -> None:
    request = body(SHAPES[dialect], LOG)
    spelled = json.dumps(request)
    outgoing = compress_request(headroom, request, dialect, tenant="a", answers=True)
    assert outgoing.offered
    assert outgoing.changes["tools"] == [*request["tools"], headroom.retrieve_tool(dialect)]
    assert "[headroom " in json.dumps(outgoing.changes)
    assert outgoing.tokens_after < outgoing.tokens_before / 5
    assert json.dumps(request) == spelled


@pytest.mark.parametrize("dialect", DIALECTS)
def test_where_nobody_answers_every_fact_stays(headroom: Headroom, dialect: Dialect) -> None:
    outgoing = compress_request(headroom, body(SHAPES[dialect], LOG), dialect, tenant="a", answers=False)
    assert not outgoing.offered
    assert "tools" not in outgoing.changes
    assert "[headroom " not in json.dumps(outgoing.changes)
    assert outgoing.tokens_after < outgoing.tokens_before


@pytest.mark.parametrize("conversation", ["as a string", None, [], [{"role": "user", "content": "Hi."}], [3]])
def test_a_request_without_tool_results_stays_as_it_is(headroom: Headroom, conversation: Any) -> None:
    request = {"model": "m", "input": conversation, "tools": [{"name": "x"}]}
    assert compress_request(headroom, request, "responses", tenant="a", answers=True).changes == {}


@pytest.mark.parametrize(
    ("options", "dialect"),
    [
        ({"tools": None}, "openai"),
        ({"tools": [{"type": "web_search"}, {"name": "mcp__x__headroom_retrieve"}]}, "responses"),
        ({"tool_choice": "none"}, "openai"),
        ({"tool_choice": {"type": "tool", "name": "fetch"}}, "anthropic"),
        ({"n": 2}, "openai"),
        ({"background": True}, "responses"),
        ({"conversation": "conv_1"}, "responses"),
        ({"stream": True}, "responses"),
    ],
)
def test_there_are_requests_in_which_nothing_can_be_asked(options: dict[str, Any], dialect: Dialect) -> None:
    """The model has no say, somebody else answers, or the client would go on from half an answer."""
    request = body(SHAPES[dialect], LOG)
    assert may_ask_back(request, dialect)
    assert not may_ask_back({**request, **options}, dialect)


def test_a_stream_that_nobody_keeps_may_be_asked_in() -> None:
    assert may_ask_back(body("responses", LOG, stream=True, store=False), "responses")
    assert may_ask_back(body("chat", LOG, stream=True), "openai")


TURN = Turn({}, "openai", (RetrieveCall("a", {"id": "0123456789ab"}), RetrieveCall("b", {"id": "0123456789ab"})))


@pytest.fixture
def gateway(headroom: Headroom) -> Iterator[Gateway]:
    made = Gateway(headroom)
    yield made
    made.close()


async def test_calls_are_answered_each(gateway: Gateway) -> None:
    """An unknown handle is an answer, too; who has no event loop gets the same."""
    texts = await gateway.answers(TURN, "a")
    assert texts == gateway.answers_here(TURN, "a")
    assert [text.partition(":")[0] for text in texts] == ["No original is kept under 0123456789ab"] * 2


async def test_a_failure_is_told_to_the_model_and_never_to_the_caller(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any, **__: Any) -> str:
        raise RuntimeError("no more memory")

    monkeypatch.setattr(gateway.headroom, "answer", broken)
    for texts in (await gateway.answers(TURN, "a"), gateway.answers_here(TURN, "a")):
        assert [text.partition(".")[0] for text in texts] == ["The original can't be read at the moment"] * 2
    assert (
        caplog.messages
        == ["Headroom: the model is told that an original can't be read: RuntimeError: no more memory"] * 2
    )


async def test_what_takes_too_long_is_left_behind(gateway: Gateway, caplog: pytest.LogCaptureFixture) -> None:
    gateway.seconds = 0.01
    released = Event()
    assert await gateway.tried("it goes as it came", released.wait) is None
    assert gateway.tried_here("it goes as it came", released.wait) is None
    released.set()
    assert caplog.messages == ["Headroom: it goes as it came: it took too long"] * 2


def test_who_interrupts_us_is_no_failure() -> None:
    """A client that hangs up cancels, and is to be heard."""
    with pytest.raises(KeyboardInterrupt), harmless("nothing"):
        raise KeyboardInterrupt
