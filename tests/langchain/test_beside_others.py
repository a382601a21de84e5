"""Our middleware beside those that come with LangChain, and agents inside agents."""

from __future__ import annotations

import json
from typing import Any

import pytest
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

from tests.langchain.agents import ASKED, DATA, Heard, agent, dump, dumps
from tests.provider import Answer, Call, Provider


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
