"""Our middleware beside those that come with LangChain, and agents inside agents."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from deepagents import create_deep_agent
from deepagents.middleware.filesystem import FilesystemMiddleware
from headroom_langchain import HeadroomMiddleware, HeadroomSettings
from langchain.agents import create_agent
from langchain.agents.middleware import (
    AgentMiddleware,
    ClearToolUsesEdit,
    ContextEditingMiddleware,
    HumanInTheLoopMiddleware,
    PIIMiddleware,
    SummarizationMiddleware,
)
from langchain_anthropic import ChatAnthropic
from langchain_anthropic.middleware import AnthropicPromptCachingMiddleware
from langchain_core.language_models import FakeListChatModel
from langchain_core.messages import HumanMessage
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from tests.content import log
from tests.langchain.agents import ASKED, DATA, Heard, agent, asks_back, dump, dumps
from tests.langchain.test_chain import model
from tests.provider import Answer, Call, Provider, Request


@pytest.mark.parametrize("first", [True, False], ids=["first", "last"])
def test_put_first_it_lets_others_count_what_is_sent(provider: Provider, *, first: bool) -> None:
    """Context editing clears old results once there are too many tokens: ours are far fewer, and nothing is cleared."""
    editing = ContextEditingMiddleware(edits=[ClearToolUsesEdit(trigger=30_000, keep=0)])
    ours = HeadroomMiddleware()
    provider.script([dumps("orders"), "Fine."])
    agent(provider, *((ours, editing) if first else (editing, ours))).invoke(ASKED)
    shown = provider.requests[-1].tool_results["call_1_0"]
    assert (shown == "[cleared]") is not first


def test_a_summary_is_still_made_when_it_is_due(provider: Provider) -> None:
    """It works on the state, before us: what it takes away is its own affair."""
    summary = SummarizationMiddleware(
        FakeListChatModel(responses=["They talked."]),
        trigger=("messages", 5),
        keep=("messages", 2),
        trim_tokens_to_summarize=None,
    )
    provider.script([dumps("orders"), dumps("log"), "Fine."])
    messages = agent(provider, HeadroomMiddleware(), summary).invoke(ASKED)["messages"]
    assert any("They talked." in str(message.content) for message in messages)
    assert len(provider.requests[-1].tool_results["call_2_0"]) < 0.3 * len(DATA["log"])


def test_what_was_redacted_is_never_kept(provider: Provider) -> None:
    """Redaction works on the state, before we see it: no original of ours holds what it took out."""

    @tool
    def customers() -> str:
        """Give customers."""
        return json.dumps([{"id": n, "mail": f"ann.{n}@example.com", "state": "ok"} for n in range(300)])

    settings, heard = HeadroomSettings(store="memory://"), Heard()
    redacting = PIIMiddleware("email", strategy="redact", apply_to_tool_results=True)
    provider.script([Answer(calls=(Call("customers", {}),)), "Fine."])
    made = agent(provider, HeadroomMiddleware(settings), redacting, tools=[customers])
    made.invoke(ASKED, {"callbacks": [heard]})
    assert "example.com" not in provider.requests[-1].raw.decode()
    (handle,) = heard.events[-1]["handles"]
    original = settings.open().retrieve(handle).text
    assert "REDACTED_EMAIL" in original
    assert "example.com" not in original


def test_a_human_in_the_loop_is_still_asked(provider: Provider) -> None:
    asking = HumanInTheLoopMiddleware(interrupt_on={"dump": True})
    provider.script([dumps("orders"), "Fine."])
    made = agent(provider, HeadroomMiddleware(), asking, checkpointer=InMemorySaver())
    config = {"configurable": {"thread_id": "one"}}
    assert "__interrupt__" in made.invoke(ASKED, config)
    state = made.invoke(Command(resume={"decisions": [{"type": "approve"}]}), config)
    assert state["messages"][-1].content == "Fine."
    assert len(provider.requests[-1].tool_results["call_1_0"]) < 0.3 * len(DATA["orders"])


def test_an_agent_as_a_tool_of_an_agent(provider: Provider) -> None:
    """A graph inside a graph: each with its own history, one store."""
    settings = HeadroomSettings(store="memory://")
    inner = agent(provider, HeadroomMiddleware(settings))

    @tool
    def ask_the_other(question: str) -> str:
        """Ask another agent."""
        return str(inner.invoke({"messages": [HumanMessage(question)]})["messages"][-2].content)

    outer = agent(provider, HeadroomMiddleware(settings), tools=[ask_the_other])
    asks = Answer(calls=(Call("ask_the_other", {"question": "What was refused?"}),))
    provider.script([asks, dumps("orders"), "The dear one.", "The dear one, they say."])
    state = outer.invoke(ASKED)
    assert state["messages"][2].content == DATA["orders"]
    assert len(provider.requests[-1].tool_results["call_1_0"]) < 0.3 * len(DATA["orders"])


def test_anthropics_marks_stay_where_they_were_put(provider: Provider) -> None:
    """The caching middleware marks the system prompt, the last tool and the last message; we move none of them."""
    anthropic = ChatAnthropic(model_name="claude-test", base_url=provider.url, api_key="any")  # type: ignore[call-arg,arg-type]  # pydantic's aliases
    caching = AnthropicPromptCachingMiddleware(min_messages_to_cache=0)

    def bodies(*middleware: AgentMiddleware[Any, Any]) -> list[dict[str, Any]]:
        provider.script([dumps("orders"), "Fine."])
        made = create_agent(anthropic, [dump], system_prompt="Be careful.", middleware=list(middleware))
        made.invoke(ASKED)
        return [request.body for request in provider.requests[-2:]]

    for plain, ours in zip(bodies(caching), bodies(HeadroomMiddleware(), caching), strict=True):
        assert ours["system"] == plain["system"]
        assert ours.get("cache_control") == plain.get("cache_control")
        assert ours["tools"][1:] == plain["tools"]
        assert "cache_control" in ours["tools"][-1]
        assert "cache_control" not in ours["tools"][0]
        assert len(json.dumps(ours["messages"])) <= len(json.dumps(plain["messages"]))
    assert len(provider.requests[-1].tool_results) == 1
    assert all(len(text) < 0.3 * len(DATA["orders"]) for text in provider.requests[-1].tool_results.values())


def reads(request: Request) -> Answer:
    """The model reads the file that it was told of."""
    (path,) = re.findall(r"/large_tool_results/\S+", request.tool_results["call_1_0"])[:1]
    return Answer(calls=(Call("read_file", {"file_path": path, "limit": 1000}),))


def test_what_a_file_system_takes_away_comes_back_smaller(provider: Provider) -> None:
    """A large result goes to a file before we see it, and stays there whole; what is read of the file is ours again."""
    files = FilesystemMiddleware(tool_token_limit_before_evict=5_000)
    provider.script([dumps("log"), reads, "Fine."])
    state = agent(provider, HeadroomMiddleware(), files).invoke(ASKED)
    ((path, kept),) = state["files"].items()
    assert kept["content"] == DATA["log"]
    shown = provider.requests[-1].tool_results
    assert path in shown["call_1_0"]
    assert len(shown["call_1_0"]) <= len(state["messages"][2].content) < 0.1 * len(DATA["log"])
    assert len(shown["call_2_0"]) < 0.3 * len(state["messages"][4].content)
    assert "[headroom " in shown["call_2_0"]


@pytest.mark.parametrize("first", [True, False], ids=["first", "last"])
def test_small_results_need_no_file(provider: Provider, *, first: bool) -> None:
    """With `persist`, and put last, results are small before their size is looked at: nothing is taken away."""
    files, ours = FilesystemMiddleware(tool_token_limit_before_evict=5_000), HeadroomMiddleware(persist=True)
    provider.script([dumps("log"), "Fine."])
    state = agent(provider, *((ours, files) if first else (files, ours))).invoke(ASKED)
    assert bool(state.get("files")) is first
    assert ("[headroom " in provider.requests[-1].tool_results["call_1_0"]) is not first


def test_a_deep_agent_takes_us_as_it_is(provider: Provider) -> None:
    """Its own prompt, planning and sub-agents around us: our tool, our marker, the exact original.

    Its file system takes over what is larger than 80,000 letters; this is what is left to us.
    """
    lines = log(500)

    @tool
    def read_log() -> str:
        """Read the log."""
        return lines

    provider.script([Answer(calls=(Call("read_log", {}),)), asks_back, "Fine."])
    state = create_deep_agent(model(provider), [read_log], middleware=[HeadroomMiddleware()]).invoke(ASKED)
    results = provider.requests[-1].tool_results
    assert len(results["call_1_0"]) < 0.2 * len(lines)
    assert results["call_2_0"] == state["messages"][2].content == lines
    assert {"headroom_retrieve", "read_file", "task", "read_log"} <= set(provider.requests[0].tool_names)
