"""`create_agent(model, tools, middleware=[HeadroomMiddleware()])`: an agent's history reaches the model smaller.

Needs the extra `agents`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, cast

from headroom_core import Retrieval, is_retrieve_tool
from langchain.agents.middleware.types import AgentMiddleware, AgentState, ModelRequest, ModelResponse, ToolCallRequest
from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, ToolMessage
from langchain_core.runnables.config import run_in_executor
from langgraph.types import Command

from headroom_langchain.door import OnError, Smaller, Terms, atell, smaller, smaller_result, tell
from headroom_langchain.messages import Role
from headroom_langchain.retrieve_tool import HeadroomRetrieveTool
from headroom_langchain.settings import HeadroomSettings


class HeadroomMiddleware(AgentMiddleware[AgentState[Any], Any, Any]):
    """Shows the model a smaller history, and gives it the tool with which it asks for what isn't shown.

    Put it first in the list: what comes after it then counts and edits what is really sent. The agent's state, and so
    every checkpoint, keeps the originals.

    Args:
        settings: where originals wait, whose they are, and how texts are treated.
        persist: let tool results enter the state smaller, too: small checkpoints, whose originals only the store has.
        add_retrieve_tool: without the tool nothing is left out, only told in fewer tokens.
        roles: whose texts are looked at; with "human", data inside what the user wrote as well.
        on_error: what a failure of ours does: a warning and the history as it came, or an error.
        name: for more than one of them in an agent.
    """

    def __init__(
        self,
        settings: HeadroomSettings | None = None,
        *,
        persist: bool = False,
        add_retrieve_tool: bool = True,
        roles: Iterable[Role] = ("tool",),
        on_error: OnError = "passthrough",
        name: str = "HeadroomMiddleware",
    ) -> None:
        super().__init__()
        self.settings = settings or HeadroomSettings()
        self.tools = [HeadroomRetrieveTool(settings=self.settings)] if add_retrieve_tool else []
        self._persist = persist
        self._roles: frozenset[Role] = frozenset(roles)
        self._on_error = on_error
        self._name = name

    @property
    def name(self) -> str:
        """Its name in graphs and traces."""
        return self._name

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any] | AIMessage:
        """The model, called with a smaller history."""
        made = self._smaller(request)
        tell(made.report)
        return handler(_with(request, made.messages))

    async def awrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
    ) -> ModelResponse[Any] | AIMessage:
        """The model, called with a smaller history that a thread has worked out."""
        made = await run_in_executor(None, self._smaller, request)
        await atell(made.report)
        return await handler(_with(request, made.messages))

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        """The tool, called; with `persist` its result gets smaller."""
        result: ToolMessage | Command[Any] = self._persisted(request, handler(request))
        return result

    async def awrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[ToolMessage | Command[Any]]]
    ) -> ToolMessage | Command[Any]:
        """The tool, called; with `persist` its result gets smaller."""
        result = await handler(request)
        if self._persist:
            result = await run_in_executor(None, self._persisted, request, result)
        return result

    def _smaller(self, request: ModelRequest[Any]) -> Smaller:
        retrieval: Retrieval = "tool" if any(map(is_retrieve_tool, map(_name_of, request.tools))) else "none"
        terms = Terms(self.settings, retrieval, self._roles, known_model=_model_of(request))
        return smaller(request.messages, terms, self._on_error)

    def _persisted(self, request: ToolCallRequest, result: ToolMessage | Command[Any]) -> Any:
        if not self._persist:
            return result
        terms = Terms(self.settings, "tool" if self.tools else "none", self._roles & {"tool"})
        return smaller_result(request, result, terms, self._on_error)


def _with(request: ModelRequest[Any], messages: Sequence[BaseMessage]) -> ModelRequest[Any]:
    """The request with these messages; the same request where they are the same."""
    if all(ours is theirs for ours, theirs in zip(messages, request.messages, strict=True)):
        return request
    return request.override(messages=cast("list[AnyMessage]", messages))  # its own messages, or copies of them


def _name_of(tool: Any) -> str:
    """The name of a tool, which may be a provider's dict."""
    if isinstance(tool, dict):
        return str(tool.get("function", tool).get("name", ""))
    return str(tool.name)


def _model_of(request: ModelRequest[Any]) -> str:
    """The name of the request's model, where it tells one."""
    named = (getattr(request.model, field, None) for field in ("model_name", "model"))
    return next((name for name in named if isinstance(name, str)), "")
