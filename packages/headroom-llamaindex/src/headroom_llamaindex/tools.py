"""`FunctionAgent(tools=compress_tools([...]))`: what an agent's tools give back reaches its model smaller."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self, cast

from headroom_core import Block, Headroom, Retrieval, is_retrieve_tool
from llama_index.core.base.llms.types import TextBlock
from llama_index.core.tools import FunctionTool, ToolMetadata, ToolOutput
from llama_index.core.tools.types import AsyncBaseTool, BaseTool, adapt_to_async_tool
from pydantic import BaseModel

from headroom_llamaindex.door import OnError, smaller
from headroom_llamaindex.mcp_results import blocks_of
from headroom_llamaindex.settings import HeadroomSettings

_SCHEMA = Headroom.retrieve_tool("openai")["function"]
_SPELL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=lambda value: type(value).__name__).encode


class HeadroomTool(AsyncBaseTool):
    """A tool whose results come back smaller; its raw output, name and failures are its own.

    Args:
        tool: the tool behind it.
        settings: where originals wait, whose they are, and how texts are treated.
        retrieval: "tool" where the agent has `headroom_retrieve` as well (`compress_tools` sees to that): facts may
            then be left out of what is shown.
        on_error: what a failure of ours does: a warning and the result as it came, or an error.
    """

    def __new__(cls, tool: BaseTool, **_: Any) -> Self:
        """A function's wrapper is a function tool itself: agents hand their context to no other."""
        around_function = cls is HeadroomTool and isinstance(tool, FunctionTool)
        return cast("Self", object.__new__(_HeadroomFunctionTool if around_function else cls))

    def __init__(
        self,
        tool: BaseTool,
        *,
        settings: HeadroomSettings | None = None,
        retrieval: Retrieval = "none",
        on_error: OnError = "passthrough",
    ) -> None:
        self._inner = adapt_to_async_tool(tool)
        self._settings = settings or HeadroomSettings()
        self._retrieval: Retrieval = retrieval
        self._on_error: OnError = on_error

    @property
    def metadata(self) -> ToolMetadata:
        """The tool's own."""
        return self._inner.metadata

    def call(self, *args: Any, **kwargs: Any) -> ToolOutput:
        """The tool, called; its result smaller."""
        return self._smaller(self._inner.call(*args, **kwargs), args, kwargs)

    async def acall(self, *args: Any, **kwargs: Any) -> ToolOutput:
        """The tool, called; its result made smaller in a thread."""
        output = await self._inner.acall(*args, **kwargs)
        return await asyncio.to_thread(self._smaller, output, args, kwargs)

    def _smaller(self, output: ToolOutput, args: Sequence[Any], kwargs: dict[str, Any]) -> ToolOutput:
        if output.is_error:
            return output
        name = self.metadata.name or output.tool_name
        origin = " ".join([name, *map(_SPELL, args), _SPELL(kwargs)] if args else [name, _SPELL(kwargs)])
        given = blocks_of(output)
        blocks = [
            Block((index,), "tool", block.text, tool_name=name, origin=origin)
            for index, block in enumerate(given)
            if isinstance(block, TextBlock)
        ]
        shown = smaller(blocks, self._settings, self._retrieval, self._on_error).shown
        if not shown:
            return output
        made = [
            block.model_copy(update={"text": shown[(index,)]}) if (index,) in shown else block
            for index, block in enumerate(given)
        ]
        return output.model_copy(update={"blocks": made})


class _HeadroomFunctionTool(HeadroomTool, FunctionTool):
    """The same around a function."""

    def __init__(self, tool: FunctionTool, **options: Any) -> None:
        vars(self).update(vars(tool))  # what agents ask a function tool for: its function, its context's name
        super().__init__(tool, **options)


def compress_tools(
    tools: Sequence[BaseTool | Callable[..., Any]],
    *,
    settings: HeadroomSettings | None = None,
    on_error: OnError = "passthrough",
) -> list[BaseTool | Callable[..., Any]]:  # as agents take them
    """The tools with results that come back smaller, and behind them `headroom_retrieve`, with which the model asks."""
    given = [tool if isinstance(tool, BaseTool) else FunctionTool.from_defaults(tool) for tool in tools]
    made: list[BaseTool | Callable[..., Any]] = [
        tool
        if isinstance(tool, HeadroomTool)
        else HeadroomTool(tool, settings=settings, retrieval="tool", on_error=on_error)
        for tool in given
        if not is_retrieve_tool(tool.metadata.name or "")
    ]
    return [*made, headroom_retrieve_tool(settings)]


def headroom_retrieve_tool(settings: HeadroomSettings | None = None) -> FunctionTool:
    """The tool that gives back originals, whole or in part. What can't be given raises: an agent tells its model."""
    kept = settings or HeadroomSettings()

    def headroom_retrieve(**arguments: Any) -> str:
        return kept.open().ask(arguments, tenant=kept.tenant).text

    metadata = _RetrieveMetadata(_SCHEMA["description"], _SCHEMA["name"], _Arguments)
    return FunctionTool.from_defaults(headroom_retrieve, tool_metadata=metadata)


class _Arguments(BaseModel):
    """The arguments of `headroom_retrieve`, for models' clients that want a class. Core reads, and forgives, them."""

    id: str
    query: str | None = None
    lines: str | None = None
    fields: list[str] | None = None
    max_tokens: int | None = None


@dataclass
class _RetrieveMetadata(ToolMetadata):
    """Spells the schema as core does: it stands in front of every prefix."""

    def get_parameters_dict(self) -> dict[str, Any]:
        """The arguments, as JSON Schema."""
        parameters: dict[str, Any] = Headroom.retrieve_tool("openai")["function"]["parameters"]
        return parameters
