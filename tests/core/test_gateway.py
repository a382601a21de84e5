from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from headroom_core import Headroom
from headroom_core.gateway import Dialect, compress_request, may_ask_back

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
