"""Tools whose results come back smaller, in real agents in front of a fake provider."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from headroom_core import Headroom, HeadroomError, OriginalMissing
from headroom_llamaindex import HeadroomSettings, HeadroomTool, compress_tools, headroom_retrieve_tool
from llama_index.core.agent.workflow import AgentWorkflow, FunctionAgent, ReActAgent
from llama_index.core.base.llms.types import ImageBlock, TextBlock
from llama_index.core.tools import FunctionTool, RetrieverTool, ToolMetadata, ToolOutput
from llama_index.core.tools.types import AsyncBaseTool
from llama_index.core.workflow import Context

from tests.content import log, records_json
from tests.faults import disk_full
from tests.llamaindex.content import index
from tests.llamaindex.context_tool import note
from tests.llamaindex.model import Model
from tests.provider import Answer, Call, Provider, Request

pytestmark = [
    # Agents of LlamaIndex look at all of their own members, of which pydantic has marked some for removal.
    pytest.mark.filterwarnings("ignore::pydantic.warnings.PydanticDeprecationWarning"),
    # ReActAgent asks its workflow what that no longer wants to be asked.
    pytest.mark.filterwarnings("ignore:is_running called from within a step"),
]

DATA = {"orders": records_json(800), "log": log(2000)}


def dump(kind: str) -> str:
    """Give a lot of data."""
    return DATA[kind]


def fail() -> str:
    """Fail, and say a lot."""
    raise ValueError(DATA["log"])


def model(provider: Provider) -> Model:
    return Model(url=provider.openai_url)


def asks_back(request: Request) -> Answer:
    return Answer(calls=(Call("headroom_retrieve", {"id": request.handles[-1], "max_tokens": 100_000}),))


def dumps(kind: str) -> Answer:
    return Answer(calls=(Call("dump", {"kind": kind}),))


def check_the_wire(provider: Provider) -> None:
    """Each request begins with the whole of the one before, and offers the same tools."""
    spelled = [json.dumps(request.body["messages"])[:-1] for request in provider.requests]
    assert all(later.startswith(earlier) for earlier, later in pairwise(spelled))
    assert len({json.dumps(request.body.get("tools")) for request in provider.requests}) == 1


@pytest.mark.parametrize("streaming", [True, False], ids=["streaming", "whole"])
async def test_a_function_agent_sees_less_and_gets_the_original_when_it_asks(
    provider: Provider, *, streaming: bool
) -> None:
    provider.script([dumps("orders"), asks_back, "The dear one."])
    tools = compress_tools([dump])
    answer: Any = await FunctionAgent(tools=tools, llm=model(provider), streaming=streaming).run("What was refused?")
    check_the_wire(provider)
    shown, original = provider.requests[-1].tool_results.values()
    assert len(shown) < 0.25 * len(DATA["orders"])
    assert "[headroom " in shown
    assert original == DATA["orders"]
    assert str(answer) == "The dear one."
    called = answer.tool_calls[0].tool_output
    assert (called.raw_output, called.is_error, called.tool_name) == (DATA["orders"], False, "dump")


async def test_a_react_agent_does_the_same_in_words(provider: Provider) -> None:
    """It writes its calls as text, and reads results as what the user says."""

    def asks(request: Request) -> str:
        asked = json.dumps({"id": request.handles[-1], "max_tokens": 100_000})
        return f"Thought: I need it.\nAction: headroom_retrieve\nAction Input: {asked}"

    calls = 'Thought: I need data.\nAction: dump\nAction Input: {"kind": "log"}'
    provider.script([calls, asks, "Thought: I know.\nAnswer: The quota."])
    agent = ReActAgent(tools=compress_tools([dump]), llm=model(provider), streaming=False)
    answer: Any = await agent.run("What failed?")
    assert str(answer) == "The quota."
    said = [str(message["content"]) for message in provider.requests[-1].body["messages"]]
    first, second = (text.removeprefix("Observation: ") for text in said if text.startswith("Observation: "))
    assert len(first) < 0.3 * len(DATA["log"])
    assert second == DATA["log"]


async def test_an_unknown_id_is_told_to_the_model_and_the_run_goes_on(provider: Provider) -> None:
    provider.script([Answer(calls=(Call("headroom_retrieve", {"id": "3f9a1c07be42"}),)), "Never mind."])
    answer: Any = await FunctionAgent(tools=compress_tools([dump]), llm=model(provider)).run("?")
    assert answer.tool_calls[0].tool_output.is_error
    assert "No original is kept" in next(iter(provider.requests[-1].tool_results.values()))
    assert str(answer) == "Never mind."


async def test_a_failed_call_says_what_it_said(provider: Provider) -> None:
    """A failure's text is the tool's own, whole."""
    provider.script([Answer(calls=(Call("fail", {}),)), "Oh."])
    answer: Any = await FunctionAgent(tools=compress_tools([fail]), llm=model(provider)).run("?")
    assert answer.tool_calls[0].tool_output.is_error
    assert next(iter(provider.requests[-1].tool_results.values())) == DATA["log"]


async def test_agents_that_hand_over_share_the_tools(provider: Provider) -> None:
    provider.script([dumps("log"), asks_back, "The quota."])
    agent = FunctionAgent(name="one", description="one", tools=compress_tools([dump]), llm=model(provider))
    answer: Any = await AgentWorkflow(agents=[agent], root_agent="one").run("What failed?")
    assert str(answer) == "The quota."
    assert list(provider.requests[-1].tool_results.values())[1] == DATA["log"]


async def test_a_tool_that_wants_the_agents_context_still_gets_it(provider: Provider) -> None:
    """Agents hand it to function tools only: a wrapper of another sort would break every such tool."""

    provider.script([Answer(calls=(Call("note", {"text": "this"}),)), "Noted."])
    agent = FunctionAgent(tools=compress_tools([FunctionTool.from_defaults(async_fn=note)]), llm=model(provider))
    ctx: Any = Context(agent)
    await agent.run("Note it.", ctx=ctx)
    assert await ctx.store.get("noted") == "this"
    assert len(next(iter(provider.requests[-1].tool_results.values()))) < 0.6 * len(DATA["log"])


async def test_a_retriever_as_a_tool_comes_back_smaller() -> None:
    tool = RetrieverTool.from_defaults(index().as_retriever(similarity_top_k=3), name="search")
    plain = tool.call("What failed?")
    for output in (HeadroomTool(tool).call("What failed?"), await HeadroomTool(tool).acall(input="What failed?")):
        assert len(output.content) < 0.6 * len(plain.content)
        assert [node.node.get_content() for node in output.raw_output] == [
            node.node.get_content() for node in plain.raw_output
        ]


class Mixed(AsyncBaseTool):
    """Gives back blocks of several sorts."""

    def __init__(self, *, failed: bool = False) -> None:
        self.failed = failed

    @property
    def metadata(self) -> ToolMetadata:
        return ToolMetadata("Mixed.", "mixed")

    def call(self, input: Any = None) -> ToolOutput:  # noqa: A002  # the base class's name
        blocks: list[Any] = [ImageBlock(image=b"aW1n"), TextBlock(text=DATA["log"]), TextBlock(text="short")]
        return ToolOutput("mixed", blocks=blocks, raw_input={}, raw_output=blocks, is_error=self.failed)

    async def acall(self, input: Any = None) -> ToolOutput:  # noqa: A002  # the same
        return self.call(input)


def test_only_texts_of_results_change() -> None:
    tool = Mixed()
    output = HeadroomTool(tool).call()
    image, text, short = output.blocks
    assert isinstance(text, TextBlock)
    assert isinstance(image, ImageBlock)
    assert len(text.text) < 0.6 * len(DATA["log"])
    assert short == TextBlock(text="short")
    assert output.raw_output[1].text == DATA["log"]
    failed = HeadroomTool(Mixed(failed=True)).call()
    assert failed.content == f"{DATA['log']}\nshort"


def test_without_a_way_back_nothing_is_left_out() -> None:
    alone = HeadroomTool(FunctionTool.from_defaults(dump)).call(kind="log")
    assert "headroom" not in alone.content
    with_it: Any = compress_tools([dump])[0]
    assert "headroom_retrieve" in with_it.call(kind="log").content


def test_tools_are_wrapped_once_and_the_retrieve_tool_comes_once() -> None:
    once: Any = compress_tools([dump, fail])
    twice: Any = compress_tools(once)
    assert [tool.metadata.name for tool in twice] == ["dump", "fail", "headroom_retrieve"]
    assert twice[:2] == once[:2]


def test_the_model_is_shown_the_schema_that_core_shows() -> None:
    tool = headroom_retrieve_tool()
    assert tool.metadata.to_openai_tool() == Headroom.retrieve_tool("openai")
    assert json.loads(tool.metadata.fn_schema_str) == Headroom.retrieve_tool("openai")["function"]["parameters"]


async def test_the_retrieve_tool_gives_back_and_refuses() -> None:
    settings = HeadroomSettings(store="memory://")
    shown = settings.open().shrink(DATA["log"], retrieval="tool")
    tool = headroom_retrieve_tool(settings)
    assert tool.call(id=shown.receipt.handle, max_tokens=100_000).raw_output == DATA["log"]
    assert "disk quota" in (await tool.acall(id=f"[headroom {shown.receipt.handle}: x", query="quota")).content
    assert tool.call(id=shown.receipt.handle, lines=[1, 2]).content.count("took job") >= 1
    with pytest.raises(OriginalMissing):
        await tool.acall(id="3f9a1c07be42")
    with pytest.raises(HeadroomError):
        tool.call(key="x")


def test_a_failure_of_ours_leaves_the_result_as_it_came(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Headroom, "compress_blocks", disk_full)
    tool = FunctionTool.from_defaults(dump)
    assert HeadroomTool(tool).call(kind="log").content == DATA["log"]
    assert caplog.text.count("disk full") == 1
    with pytest.raises(OSError, match="disk full"):
        HeadroomTool(tool, on_error="raise").call(kind="log")
