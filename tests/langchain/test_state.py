"""What an agent ends with is what it ends with without us, however it is run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from headroom_langchain import HeadroomMiddleware
from langchain_core.messages import BaseMessage
from langchain_core.tools import tool

from tests.content import log, records_json
from tests.langchain.agents import ASKED, agent, asks_back
from tests.provider import Answer, Call, Provider, Request

PAGES = (records_json(300), log(500), "short", records_json(40), log(900), log(30))


@tool(response_format="content_and_artifact")
def page(number: int) -> tuple[str, dict[str, int]]:
    """Give a page, and something for the program beside it."""
    return PAGES[number], {"letters": len(PAGES[number])}


async def by_invoke(made: Any) -> list[BaseMessage]:
    return list(made.invoke(ASKED)["messages"])


async def by_ainvoke(made: Any) -> list[BaseMessage]:
    return list((await made.ainvoke(ASKED))["messages"])


async def by_stream(made: Any) -> list[BaseMessage]:
    *_, last = made.stream(ASKED, stream_mode="values")
    return list(last["messages"])


async def by_astream(made: Any) -> list[BaseMessage]:
    return list([state async for state in made.astream(ASKED, stream_mode="values")][-1]["messages"])


Way = Callable[[Any], Awaitable[list[BaseMessage]]]


@pytest.mark.parametrize("way", [by_invoke, by_ainvoke, by_stream, by_astream])
async def test_the_state_is_that_of_a_run_without_us(provider: Provider, way: Way) -> None:
    """But for the exchanges in which the model asks for an original; the model is sent less."""
    steps = [Answer(calls=(Call("page", {"number": number}, id=f"call_{number}"),)) for number in range(len(PAGES))]
    provider.script([*steps, "Fine."])
    plain = await way(agent(provider, tools=[page]))
    sent = len(provider.requests)
    provider.script([*steps[:2], asks_back, *steps[2:], "Fine."])
    ours = await way(agent(provider, HeadroomMiddleware(), tools=[page]))
    assert provider.requests[-1].handles
    assert len(texts(provider.requests[-1])) < 0.5 * len(texts(provider.requests[sent - 1]))
    assert told(ours) == told(plain)
    assert len(ours) == len(plain) + 2


def texts(request: Request) -> str:
    """What the tools gave back, as the model sees it; the original that it asked for aside."""
    return "".join(text for key, text in request.tool_results.items() if key in {f"call_{n}" for n in range(9)})


def told(messages: list[BaseMessage]) -> list[dict[str, Any]]:
    """All that the messages hold but what is new in every run, without the exchanges about originals."""
    fresh = {"id", "response_metadata", "usage_metadata"}
    return [
        message.model_dump(exclude=fresh if message.type == "ai" else {"id"})
        for message in messages
        if message.name != "headroom_retrieve"
        and all(call["name"] == "page" for call in getattr(message, "tool_calls", ()))
    ]
