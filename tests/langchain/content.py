"""Conversations of LangChain messages, around the content that all tests share."""

from __future__ import annotations

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, SystemMessage, ToolMessage

from tests.content import log, records_json

JSON = records_json(120)
LOG = log(300)


def call(name: str = "fetch", number: int = 1, **arguments: object) -> AIMessage:
    """The model calls a tool."""
    made = {"name": name, "args": arguments, "id": f"call_{number}", "type": "tool_call"}
    return AIMessage("", tool_calls=[made], id=f"ai-{number}")


def result(text: str, number: int = 1, **fields: object) -> ToolMessage:
    """What the tool gave back."""
    return ToolMessage(text, tool_call_id=f"call_{number}", id=f"tool-{number}", **fields)


def conversation(*results: str, question: str = "What went wrong?") -> list[AnyMessage]:
    """A conversation in which each of the texts is what a tool gave back."""
    messages: list[AnyMessage] = [SystemMessage("You are a careful operator.", id="s"), HumanMessage(question, id="h")]
    for number, text in enumerate(results, start=1):
        messages += [call(number=number, page=number), result(text, number, name="fetch")]
    return messages
