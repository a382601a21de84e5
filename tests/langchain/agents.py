"""Agents with a fake provider behind them, and what its model may do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from langchain.agents import create_agent
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import InjectedToolCallId, tool
from langgraph.types import Command

from tests.content import log, records_json
from tests.langchain.test_chain import model
from tests.provider import Answer, Call, Provider, Request

DATA = {"orders": records_json(800), "log": log(2000)}
ASKED: Any = {"messages": [HumanMessage("What was refused?")]}


@tool
def dump(kind: str) -> str:
    """Give a lot of data."""
    return DATA[kind]


@tool
def bring(call_id: Annotated[str, InjectedToolCallId]) -> Command[Any]:
    """Give a lot of data by a command."""
    return Command(update={"messages": [ToolMessage(DATA["log"], tool_call_id=call_id)]})


def agent(provider: Provider, *middleware: Any, tools: Sequence[Any] = (dump,), **options: Any) -> Any:
    return create_agent(model(provider), list(tools), middleware=list(middleware), **options)


def asks_back(request: Request) -> Answer:
    """The model asks for the last original that it was shown a marker of."""
    return Answer(calls=(Call("headroom_retrieve", {"id": request.handles[-1], "max_tokens": 100_000}),))


def dumps(*kinds: str) -> Answer:
    return Answer(calls=tuple(Call("dump", {"kind": kind}) for kind in kinds))


class Heard(BaseCallbackHandler):
    """What callbacks are told."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def on_custom_event(self, name: str, data: Any, **_: Any) -> None:
        assert name == "headroom_compression"
        self.events.append(data)
