"""A transform in graphs: nodes, hooks and tool nodes of LangGraph."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, TypedDict

import pytest
from headroom_langchain import HeadroomSettings, HeadroomTransform
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langchain_core.tools import InjectedToolCallId, tool
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.prebuilt import ToolNode
from langgraph.types import Command, interrupt
from pydantic import BaseModel

from tests.langchain.content import JSON, LOG, call, conversation


class State(TypedDict, total=False):
    messages: Annotated[list[AnyMessage], add_messages]
    llm_input_messages: list[AnyMessage]
    note: str


def graph(node: Any, state: Any = State) -> Any:
    return StateGraph(state).add_node("headroom", node).add_edge(START, "headroom").add_edge("headroom", END).compile()


@pytest.mark.parametrize("ids", [True, False], ids=["with ids", "built by hand"])
async def test_a_node_puts_smaller_messages_in_the_place_of_the_originals(*, ids: bool) -> None:
    """A message that came back under another id would stand in the state twice."""
    messages = conversation(JSON, LOG)
    if not ids:
        messages = [message.model_copy(update={"id": None}) for message in messages]
    made = graph(HeadroomTransform().as_node())
    for state in (made.invoke({"messages": messages}), await made.ainvoke({"messages": messages})):
        after = state["messages"]
        assert [(message.type, message.name) for message in after] == [
            (message.type, message.name) for message in messages
        ]
        assert [len(message.text) for message in after] != [len(message.text) for message in messages]
        assert all(len(message.text) < 0.7 * len(JSON) for message in after)
        if ids:
            assert [message.id for message in after] == [message.id for message in messages]


def test_a_node_gives_back_only_what_changed() -> None:
    state = {"messages": conversation(JSON, "short")}
    node = HeadroomTransform().as_node()
    assert [message.id for message in node.invoke(state)["messages"]] == ["tool-1"]
    assert node.invoke({"messages": [HumanMessage("hi", id="h")]}) == {"messages": []}


def test_messages_without_ids_come_back_whole() -> None:
    """No reducer puts them in their places by id: the list itself is replaced."""
    messages = [HumanMessage("hi"), ToolMessage(JSON, tool_call_id="call_1")]
    after = HeadroomTransform().as_node().invoke({"messages": messages})["messages"]
    assert [message.type for message in after] == ["human", "tool"]


def test_a_hook_leaves_the_state_alone() -> None:
    messages = conversation(JSON)
    made = graph(HeadroomTransform().as_node(output_key="llm_input_messages"))
    state = made.invoke({"messages": messages})
    assert state["messages"] == messages
    assert len(state["llm_input_messages"]) == len(messages)
    assert len(state["llm_input_messages"][-1].text) < 0.6 * len(JSON)


def test_a_state_may_be_a_list_or_an_object() -> None:
    class Thread(BaseModel):
        talk: Annotated[list[AnyMessage], add_messages]

    made = graph(HeadroomTransform().as_node(messages_key="talk"), Thread)
    assert len(made.invoke({"talk": conversation(JSON)})["talk"][-1].text) < 0.6 * len(JSON)
    (shown,) = HeadroomTransform().as_node().invoke(conversation(JSON))["messages"]
    assert shown.id == "tool-1"


def test_a_state_without_messages_is_refused_with_what_to_do() -> None:
    with pytest.raises(TypeError, match="messages_key"):
        HeadroomTransform().as_node().invoke({"talk": []})


@tool
def dump(kind: str) -> str:
    """Give a lot of data."""
    return JSON if kind == "json" else LOG


@tool
def bring(call_id: Annotated[str, InjectedToolCallId]) -> Command[Any]:
    """Give a lot of data by a command."""
    return Command(update={"messages": [ToolMessage(JSON, tool_call_id=call_id)], "note": LOG}, goto="after")


@tool
def fail() -> str:
    """Fail."""
    raise ValueError("no such thing")


def tool_graph(transform: HeadroomTransform, *tools: Any) -> Any:
    node = ToolNode(tools, wrap_tool_call=transform.wrap_tool_call, awrap_tool_call=transform.awrap_tool_call)
    made = StateGraph(State).add_node("tools", node).add_node("after", lambda state: {})
    return made.add_edge(START, "tools").add_edge("tools", END).add_edge("after", END).compile()


async def test_a_tool_node_lets_smaller_results_into_the_state() -> None:
    """Two calls at once: each gets its own result back, whose original is kept."""
    settings = HeadroomSettings(store="memory://")
    transform = HeadroomTransform(settings=settings)
    calls = [call("dump", kind=kind, number=number).tool_calls[0] for number, kind in enumerate(("json", "log"))]
    messages = [HumanMessage("What went wrong?"), AIMessage("", tool_calls=calls)]
    made = tool_graph(transform, dump)
    for state in (made.invoke({"messages": messages}), await made.ainvoke({"messages": messages})):
        results = state["messages"][2:]
        assert [result.tool_call_id for result in results] == ["call_0", "call_1"]
        assert [result.name for result in results] == ["dump", "dump"]
        for result, original in zip(results, (JSON, LOG), strict=True):
            assert len(result.text) < 0.6 * len(original)
            (note,) = result.response_metadata["headroom"]
            assert settings.open().retrieve(note["handle"]).text == original


def test_a_command_keeps_everything_but_the_text_of_its_messages() -> None:
    made = tool_graph(HeadroomTransform(), bring)
    state = made.invoke({"messages": [HumanMessage("Bring it."), call("bring")]})
    assert len(state["messages"][-1].text) < 0.6 * len(JSON)
    assert state["note"] == LOG


def test_a_tools_own_failure_stays_its_own() -> None:
    """What is ours to swallow is our failure, never the tool's."""
    with pytest.raises(ValueError, match="no such thing"):
        tool_graph(HeadroomTransform(), fail).invoke({"messages": [call("fail")]})


def test_a_restart_in_the_middle_shows_the_same(tmp_path: Path) -> None:
    """A checkpoint on disk, an interrupt, another process's graph on the same file: same messages, same original."""
    settings = HeadroomSettings(store=f"sqlite:///{tmp_path / 'headroom.db'}")

    def ask(state: State) -> State:
        return {"note": interrupt("go on?")}

    def made(saver: SqliteSaver) -> Any:
        built = (
            StateGraph(State).add_node("headroom", HeadroomTransform(settings=settings).as_node()).add_node("ask", ask)
        )
        return built.add_edge(START, "headroom").add_edge("headroom", "ask").add_edge("ask", END).compile(saver)

    config = {"configurable": {"thread_id": "one"}}
    with SqliteSaver.from_conn_string(str(tmp_path / "graph.db")) as saver:
        made(saver).invoke({"messages": conversation(JSON)}, config)
        before = made(saver).get_state(config).values["messages"]
    with SqliteSaver.from_conn_string(str(tmp_path / "graph.db")) as saver:
        state = made(saver).invoke(Command(resume="yes"), config)
    assert state["messages"] == before
    assert state["note"] == "yes"
    (note,) = state["messages"][-1].response_metadata["headroom"]
    assert json.loads(settings.open().retrieve(note["handle"]).text) == json.loads(JSON)
