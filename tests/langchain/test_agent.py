"""`create_agent(..., middleware=[HeadroomMiddleware()])` with real models' clients in front of a fake provider."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from headroom_core import Headroom
from headroom_langchain import HeadroomMiddleware, HeadroomRetrieveTool, HeadroomSettings
from langchain.agents.middleware import (
    wrap_model_call,
)
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.tools import tool
from langgraph.checkpoint.sqlite import SqliteSaver

from tests.content import records_json
from tests.faults import disk_full
from tests.langchain.agents import ASKED, DATA, agent, asks_back, bring, dump, dumps
from tests.langchain.content import call, result
from tests.provider import Answer, Call, Provider


def run_invoke(made: Any, asked: Any) -> list[BaseMessage]:
    return list(made.invoke(asked)["messages"])


def run_stream(made: Any, asked: Any) -> list[BaseMessage]:
    *_, last = made.stream(asked, stream_mode="values")
    return list(last["messages"])


RUNS: dict[str, Callable[[Any, Any], list[BaseMessage]]] = {"invoke": run_invoke, "stream": run_stream}


def check_the_wire(provider: Provider) -> None:
    """Each request begins with the whole of the one before, and offers the same tools."""
    spelled = [json.dumps(request.body["messages"])[:-1] for request in provider.requests]
    assert all(later.startswith(earlier) for earlier, later in pairwise(spelled))
    assert len({json.dumps(request.body["tools"]) for request in provider.requests}) == 1
    assert provider.requests[0].tool_names == ["headroom_retrieve", "dump"]


def check_an_exchange(provider: Provider, messages: list[BaseMessage]) -> None:
    """Of a run in which the model called `dump`, then asked for the original, then said something."""
    check_the_wire(provider)
    last = provider.requests[-1]
    shown, original = last.tool_results["call_1_0"], last.tool_results["call_2_0"]
    assert len(shown) < 0.25 * len(DATA["orders"])
    assert "[headroom " in shown
    assert original == DATA["orders"]
    assert [message.type for message in messages] == ["human", "ai", "tool", "ai", "tool", "ai"]
    assert messages[2].content == DATA["orders"]
    assert "headroom" not in messages[2].response_metadata


@pytest.mark.parametrize("way", RUNS)
def test_an_agent_sees_less_and_gets_the_original_when_it_asks(provider: Provider, way: str) -> None:
    provider.script([dumps("orders"), asks_back, "The dear one."])
    messages = RUNS[way](agent(provider, HeadroomMiddleware()), ASKED)
    check_an_exchange(provider, messages)


async def test_an_agent_on_an_event_loop_does_the_same(provider: Provider) -> None:
    provider.script([dumps("orders"), asks_back, "The dear one."])
    state = await agent(provider, HeadroomMiddleware()).ainvoke(ASKED)
    check_an_exchange(provider, state["messages"])


async def test_the_tokens_of_an_agents_model_stream(provider: Provider) -> None:
    provider.script([dumps("orders"), asks_back, "The dear one was refused."])
    pieces = []
    async for chunk, _ in agent(provider, HeadroomMiddleware()).astream(ASKED, stream_mode="messages"):
        if chunk.type == "AIMessageChunk" and chunk.content:
            pieces.append(chunk.content)
    assert len(pieces) > 1
    assert "".join(pieces) == "The dear one was refused."
    check_the_wire(provider)


def test_parallel_calls_each_get_their_own(provider: Provider) -> None:
    provider.script([dumps("orders", "log"), "Both."])
    agent(provider, HeadroomMiddleware()).invoke(ASKED)
    results = provider.requests[-1].tool_results
    assert "98765.43" in results["call_1_0"]
    assert "disk quota exceeded" in results["call_1_1"]
    assert len(provider.requests[-1].handles) == 2
    check_the_wire(provider)


def test_an_unknown_id_is_told_to_the_model_and_the_loop_goes_on(provider: Provider) -> None:
    provider.script([Answer(calls=(Call("headroom_retrieve", {"id": "3f9a1c07be42"}),)), "Never mind."])
    state = agent(provider, HeadroomMiddleware()).invoke(ASKED)
    assert state["messages"][2].status == "error"
    assert "No original is kept" in state["messages"][2].content
    assert state["messages"][3].content == "Never mind."


def test_an_answer_of_the_tool_is_never_compressed_whatever_its_message_says(provider: Provider) -> None:
    """Built by hand, or read from a database: a ToolMessage without a name."""
    history = [
        HumanMessage("?"),
        call("headroom_retrieve", id="3f9a1c07be42"),
        result(DATA["log"]),
        HumanMessage("And?"),
    ]
    assert history[2].name is None
    agent(provider, HeadroomMiddleware()).invoke({"messages": history})
    assert provider.requests[0].tool_results["call_1"] == DATA["log"]


def test_after_a_restart_the_model_still_gets_the_original(provider: Provider, tmp_path: Path) -> None:
    """The checkpoint and the store are files: another process shows the same bytes and answers from them."""
    settings = HeadroomSettings(store=f"sqlite:///{tmp_path / 'headroom.db'}")
    config = {"configurable": {"thread_id": "one"}}
    provider.script([dumps("orders"), "Wait.", asks_back, "The dear one."])
    with SqliteSaver.from_conn_string(str(tmp_path / "graph.db")) as saver:
        agent(provider, HeadroomMiddleware(settings), checkpointer=saver).invoke(ASKED, config)
    from headroom_langchain import settings as module

    module._open.cache_clear()
    with SqliteSaver.from_conn_string(str(tmp_path / "graph.db")) as saver:
        made = agent(provider, HeadroomMiddleware(settings), checkpointer=saver)
        made.invoke({"messages": [HumanMessage("Which?")]}, config)
    check_the_wire(provider)
    assert provider.requests[-1].tool_results["call_3_0"] == DATA["orders"]


def test_without_the_tool_nothing_is_left_out(provider: Provider) -> None:
    provider.script([dumps("orders"), "Fine."])
    agent(provider, HeadroomMiddleware(add_retrieve_tool=False)).invoke(ASKED)
    assert provider.requests[-1].tool_names == ["dump"]
    assert provider.requests[-1].handles == []
    assert len(provider.requests[-1].tool_results["call_1_0"]) < 0.6 * len(DATA["orders"])


def test_where_another_middleware_takes_the_tool_away_nothing_is_left_out(provider: Provider) -> None:
    """The way back is what this very request offers, not what was meant."""

    @wrap_model_call
    def only_dump(request: Any, handler: Any) -> Any:
        return handler(request.override(tools=[each for each in request.tools if each.name == "dump"]))

    provider.script([dumps("orders"), "Fine."])
    agent(provider, only_dump, HeadroomMiddleware()).invoke(ASKED)
    assert provider.requests[-1].handles == []
    assert len(provider.requests[-1].tool_results["call_1_0"]) < 0.6 * len(DATA["orders"])


def test_an_agent_that_brings_the_tool_itself_has_it_once(provider: Provider) -> None:
    agent(provider, HeadroomMiddleware(), tools=[dump, HeadroomRetrieveTool()]).invoke(ASKED)
    assert sorted(provider.requests[0].tool_names) == ["dump", "headroom_retrieve"]


def test_two_of_them_need_two_names(provider: Provider) -> None:
    with pytest.raises(AssertionError, match="duplicate"):
        agent(provider, HeadroomMiddleware(), HeadroomMiddleware())
    agent(provider, HeadroomMiddleware(), HeadroomMiddleware(name="the other")).invoke(ASKED)


def test_data_in_what_the_user_wrote_is_left_alone_unless_asked_for(provider: Provider) -> None:
    asked = {"messages": [HumanMessage(f"Look:\n{DATA['log']}\nWhat failed?")]}
    agent(provider, HeadroomMiddleware()).invoke(asked)
    agent(provider, HeadroomMiddleware(roles=("tool", "human"))).invoke(asked)
    whole, smaller = (request.body["messages"][0]["content"] for request in provider.requests)
    assert whole == asked["messages"][0].content
    assert len(smaller) < 0.5 * len(whole)
    assert smaller.startswith("Look:\n")
    assert smaller.endswith("\nWhat failed?")


def test_persist_lets_smaller_results_into_the_state(provider: Provider) -> None:
    """Also those that come by a command; the model still gets the original when it asks."""
    settings = HeadroomSettings(store="memory://")
    both = Answer(calls=(Call("dump", {"kind": "orders"}), Call("bring", {})))
    provider.script([both, asks_back, "Fine."])
    made = agent(provider, HeadroomMiddleware(settings, persist=True), tools=[dump, bring])
    messages = made.invoke(ASKED)["messages"]
    results = {message.tool_call_id: message for message in messages if message.type == "tool"}
    for call_id, kind in (("call_1_0", "orders"), ("call_1_1", "log")):
        message = results[call_id]
        assert provider.requests[-1].tool_results[call_id] == message.content
        assert len(message.content) < 0.3 * len(DATA[kind])
        assert settings.open().retrieve(message.response_metadata["headroom"][0]["handle"]).text == DATA[kind]
    assert results["call_2_0"].content in DATA.values()
    assert "headroom" not in results["call_2_0"].response_metadata


def test_a_failure_of_ours_lets_the_history_go_as_it_came(
    provider: Provider, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Headroom, "compress_blocks", disk_full)
    provider.script([dumps("orders"), "Fine.", dumps("orders")])
    state = agent(provider, HeadroomMiddleware(persist=True)).invoke(ASKED)
    assert state["messages"][-1].content == "Fine."
    assert provider.requests[-1].tool_results["call_1_0"] == DATA["orders"]
    assert "disk full" in caplog.text
    with pytest.raises(OSError, match="disk full"):
        agent(provider, HeadroomMiddleware(on_error="raise")).invoke(ASKED)


def test_the_models_own_failure_stays_its_own(provider: Provider) -> None:
    """Ours is swallowed; a provider's error is the caller's to see."""
    from openai import BadRequestError

    provider.script([])
    with pytest.raises(BadRequestError):
        agent(provider, HeadroomMiddleware()).invoke(ASKED)


def test_old_results_are_not_worked_on_again(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients send the whole history each turn: what was decided once is looked up."""
    from headroom_core.compressors.json_docs import JsonDocs  # what is counted is the work, and that lies beneath

    worked: list[int] = []
    compress = JsonDocs.compress

    def counted(self: Any, text: str, guidance: Any) -> Any:
        worked.append(len(text))
        return compress(self, text, guidance)

    monkeypatch.setattr(JsonDocs, "compress", counted)
    rows = [records_json(20 + number) for number in range(100)]

    @tool
    def page(number: int) -> str:
        """Give a page."""
        return rows[number]

    turns = [Answer(calls=(Call("page", {"number": number}),)) for number in range(100)]
    provider.script([*turns, "Fine."])
    agent(provider, HeadroomMiddleware(), tools=[page]).invoke(ASKED, {"recursion_limit": 400})
    assert len(provider.requests) == 101
    assert len(worked) == 100


def test_every_call_keeps_its_result(provider: Provider) -> None:
    """Providers refuse a call without its result, and a result without its call."""
    provider.script([dumps("orders", "log"), dumps("log"), "Fine."])
    messages = agent(provider, HeadroomMiddleware(persist=True)).invoke(ASKED)["messages"]
    calls = [each["id"] for message in messages if isinstance(message, AIMessage) for each in message.tool_calls]
    assert calls == [message.tool_call_id for message in messages if isinstance(message, ToolMessage)]
    assert len(calls) == 3
