"""`prompt | HeadroomTransform() | model`, with a real chat model in front of a fake provider."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from headroom_langchain import HeadroomSettings, HeadroomTransform
from langchain_core.messages import AIMessage
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import Runnable, RunnableSerializable
from langchain_openai import ChatOpenAI

from tests.langchain.content import JSON, conversation
from tests.provider import Provider

PROMPT = ChatPromptTemplate.from_messages([("system", "You are {who}."), ("placeholder", "{messages}")])
GIVEN = {"who": "careful", "messages": conversation(JSON)[1:]}


def model(provider: Provider) -> ChatOpenAI:
    return ChatOpenAI(model="gpt-4o", base_url=provider.openai_url, api_key="any", max_retries=0)  # type: ignore[arg-type]  # pydantic takes a str for a secret


def chain(provider: Provider) -> RunnableSerializable[dict[str, Any], AIMessage]:
    """As an author writes it; its type is what mypy makes of it."""
    return PROMPT | HeadroomTransform() | model(provider)


def test_a_chain_sends_less(provider: Provider) -> None:
    """The whole way once: what the provider gets is smaller, and everything else in it is as it was."""
    provider.script(["It was refused."])
    before = copy.deepcopy(GIVEN)
    said = chain(provider).invoke(GIVEN)
    assert said.content == "It was refused."
    assert before == GIVEN
    (request,) = provider.requests
    shown = request.tool_results["call_1"]
    assert len(shown) < 0.6 * len(JSON)
    assert "98765.43" in shown
    assert [message["role"] for message in request.body["messages"]] == ["system", "user", "assistant", "tool"]
    assert "tools" not in request.body
    assert "headroom" not in shown


def test_the_original_is_kept(provider: Provider) -> None:
    """Nothing is lost: the key is noted on the message, and gives back the exact text."""
    settings = HeadroomSettings(store="memory://")
    changed = HeadroomTransform(settings=settings).invoke(conversation(JSON))[-1]
    (note,) = changed.response_metadata["headroom"]
    assert note["tokens_after"] < note["tokens_before"]
    assert settings.open().retrieve(note["handle"]).text == JSON


def test_it_is_a_runnable() -> None:
    assert isinstance(HeadroomTransform(), Runnable)


@pytest.mark.parametrize("way", ["invoke", "batch", "stream"])
def test_every_sync_way_through_a_chain_sends_the_same(provider: Provider, way: str) -> None:
    made = chain(provider)
    ways: dict[str, Callable[[], Any]] = {
        "invoke": lambda: made.invoke(GIVEN),
        "batch": lambda: made.batch([GIVEN] * 3, {"max_concurrency": 2}),
        "stream": lambda: list(made.stream(GIVEN)),
    }
    assert ways[way]()
    assert {request.tool_results["call_1"] for request in provider.requests} == {shown_now()}


@pytest.mark.parametrize("way", ["ainvoke", "abatch", "astream"])
async def test_every_async_way_through_a_chain_sends_the_same(provider: Provider, way: str) -> None:
    made = chain(provider)
    if way == "ainvoke":
        await made.ainvoke(GIVEN)
    elif way == "abatch":
        await made.abatch([GIVEN] * 3)
    else:
        assert [chunk async for chunk in made.astream(GIVEN)]
    assert {request.tool_results["call_1"] for request in provider.requests} == {shown_now()}


def shown_now() -> str:
    """What a plain call shows for the same conversation."""
    shown = HeadroomTransform().invoke(GIVEN["messages"])[-1].content
    assert isinstance(shown, str)
    assert shown != JSON
    return shown


async def test_the_tokens_of_the_model_still_stream(provider: Provider) -> None:
    """A step that gathers the stream before it passes it on would take a chat window's life away."""
    provider.script(["An answer of a few words, cut into pieces."] * 2)
    made = chain(provider)
    assert len([chunk for chunk in made.stream(GIVEN) if chunk.content]) > 1
    assert len([chunk async for chunk in made.astream(GIVEN) if chunk.content]) > 1
