"""`headroom_retrieve` as a tool of LangChain: gives the model the original that a marker names."""

from __future__ import annotations

from typing import Any

from headroom_core import Headroom, HeadroomError
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import ArgsSchema, BaseTool, ToolException
from pydantic import ConfigDict, Field

from headroom_langchain.settings import HeadroomSettings

_SCHEMA = Headroom.retrieve_tool("openai")["function"]


class HeadroomRetrieveTool(BaseTool):
    """Gives back originals, whole or in part. An unknown id is a failed call: the model is told, and goes on.

    Its schema is JSON: core reads the arguments itself, and forgives what models get wrong in them.
    """

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    name: str = _SCHEMA["name"]
    description: str = _SCHEMA["description"]
    args_schema: ArgsSchema | None = Field(
        default_factory=lambda: Headroom.retrieve_tool("openai")["function"]["parameters"]
    )
    handle_tool_error: Any = True
    settings: HeadroomSettings = Field(default_factory=HeadroomSettings)

    def _run(self, config: RunnableConfig, **arguments: Any) -> str:
        try:
            return self.settings.open().ask(arguments, tenant=self.settings.tenant_of(config)).text
        except HeadroomError as error:
            raise ToolException(str(error)) from error
