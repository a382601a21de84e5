"""Tools of a server that speaks MCP, in an agent."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from headroom_llamaindex import compress_tools
from headroom_llamaindex.mcp_results import blocks_of
from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.tools import ToolOutput
from llama_index.tools.mcp import BasicMCPClient, McpToolSpec  # type: ignore[import-untyped]  # it ships no types
from mcp_types import CallToolResult, ImageContent, TextContent

from tests.content import log, records, records_json
from tests.llamaindex.test_tools import asks_back, model
from tests.provider import Answer, Call, Provider

pytestmark = pytest.mark.filterwarnings("ignore::pydantic.warnings.PydanticDeprecationWarning")  # as in `test_tools`

SERVER = Path(__file__).parent / "mcp_server.py"


async def test_tools_of_a_server_come_back_smaller_and_the_original_when_it_asks(provider: Provider) -> None:
    spec = McpToolSpec(BasicMCPClient(sys.executable, args=[str(SERVER)]))
    tools = compress_tools(await spec.to_tool_list_async())
    provider.script([Answer(calls=(Call("orders", {"count": 800}),)), asks_back, "The dear one."])
    answer: Any = await FunctionAgent(tools=tools, llm=model(provider)).run("What was refused?")
    assert str(answer) == "The dear one."
    assert sorted(provider.requests[0].tool_names) == ["headroom_retrieve", "orders", "refuse"]
    shown, original = provider.requests[-1].tool_results.values()
    assert original == records_json(800)
    assert len(shown) < 0.4 * len(original)
    assert "98765.43" in shown
    assert answer.tool_calls[0].tool_output.raw_output.content[0].text == original


TEXTS: list[Any] = [TextContent(type="text", text=records_json(90)), TextContent(type="text", text=log(300))]


def output(raw: Any) -> ToolOutput:
    """As LlamaIndex spells what a server said."""
    return ToolOutput("look", content=str(raw), raw_input={}, raw_output=raw)


@pytest.mark.parametrize(
    ("raw", "known"),
    [
        (CallToolResult(content=TEXTS), True),
        (CallToolResult(content=TEXTS, structured_content={"result": [records(90), log(300)]}), True),
        (CallToolResult(content=TEXTS[:1], structured_content={"result": records_json(90)}), True),
        (CallToolResult(content=TEXTS[:1], structured_content={"result": records(90)}), True),
        (CallToolResult(content=TEXTS[:1], structured_content={"rows": records(91)}), False),
        (CallToolResult(content=TEXTS, is_error=True), False),
        (CallToolResult(content=[*TEXTS, ImageContent(type="image", data="aW1n", mime_type="image/png")]), False),
        (CallToolResult(content=[]), False),
        ("text", False),
    ],
    ids=str,
)
def test_only_what_the_texts_say_whole_is_taken_from_them(raw: Any, *, known: bool) -> None:
    """Where a result says more than its texts, or failed, it is spelled as LlamaIndex spells it."""
    came = output(raw)
    texts = [block.text for block in blocks_of(came)]
    assert (texts == [item.text for item in raw.content]) if known else (texts == [str(raw)])


async def test_a_failed_call_says_what_it_said() -> None:
    spec = McpToolSpec(BasicMCPClient(sys.executable, args=[str(SERVER)]), allowed_tools=["refuse"])
    (tool,) = await spec.to_tool_list_async()
    wrapped: Any = compress_tools([tool])[0]
    assert (await wrapped.acall(order=7)).content == (await tool.acall(order=7)).content
