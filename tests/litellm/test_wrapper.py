from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import headroom_litellm
import litellm
import pytest
from headroom_core import Headroom
from headroom_litellm import wrapper
from headroom_litellm.gateway import Door

from tests.content import log
from tests.provider import Answer, Call, Provider
from tests.traffic import MODELS, ask_for_it, history, seen, tools, used

LOG = log()


@pytest.fixture(autouse=True)
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    with Headroom("memory://") as headroom:
        made = Door(headroom)
        made.seconds = 60  # the machine that runs the tests may be busy with others
        monkeypatch.setattr(wrapper, "_door", lambda: made)
        yield made


def request(provider: Provider, **options: Any) -> dict[str, Any]:
    asked = {"messages": history("chat", LOG), "tools": tools("chat"), "api_key": "nobody's", **options}
    return {"model": MODELS["chat"], "api_base": provider.openai_url, **asked}


def joined(chunks: list[Any]) -> tuple[str, list[str]]:
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    names = [call.function.name for delta in deltas for call in delta.tool_calls or () if call.function.name]
    return "".join(delta.content or "" for delta in deltas), names


def test_4_a_sync_call_is_answered(provider: Provider) -> None:
    """Two requests, the exact original in the second, one answer; used is what both used."""
    provider.script([ask_for_it, "It was the disk."])
    answer = headroom_litellm.completion(**request(provider))
    assert len(provider.requests) == 2
    assert LOG in provider.requests[1].tool_results.values()
    assert seen(answer).text == "It was the disk."
    assert used(answer)[0] == sum(len(each.raw) // 4 for each in provider.requests)


def test_4_arguments_by_position_are_understood(provider: Provider) -> None:
    provider.script([ask_for_it, "It was the disk."])
    asked = request(provider)
    answer = headroom_litellm.completion(asked.pop("model"), asked.pop("messages"), **asked)
    assert seen(answer).text == "It was the disk."


async def test_4_installed_it_stands_in_the_place_of_litellms_own(provider: Provider) -> None:
    """And in that of nothing else: `acompletion` is not wrapped twice, and undoing restores."""
    before = litellm.completion, litellm.acompletion
    undo = headroom_litellm.install()
    try:
        provider.script([ask_for_it, "It was the disk."] * 2)
        assert seen(litellm.completion(**request(provider))).text == "It was the disk."
        assert seen(await litellm.acompletion(**request(provider))).text == "It was the disk."
        assert [each.tool_names.count("headroom_retrieve") for each in provider.requests] == [1, 1, 1, 1]
    finally:
        undo()
    assert (litellm.completion, litellm.acompletion) == before


@pytest.mark.parametrize("sync", [True, False])
async def test_4_a_stream_is_one_stream(provider: Provider, sync: bool) -> None:
    provider.script([ask_for_it, Answer("It was the disk.", calls=(Call("fetch", {"page": 7}),))])
    asked = request(provider, stream=True)
    if sync:
        chunks = list(headroom_litellm.completion(**asked))
    else:
        chunks = [chunk async for chunk in await headroom_litellm.acompletion(**asked)]
    assert joined(chunks) == ("One moment.It was the disk.", ["fetch"])
    assert len({chunk.id for chunk in chunks}) == 1
    assert len([chunk for chunk in chunks if chunk.choices and chunk.choices[0].finish_reason]) == 1


@pytest.mark.parametrize("sync", [True, False])
@pytest.mark.parametrize("stream", [True, False])
async def test_7_a_model_that_always_asks_is_stopped(provider: Provider, sync: bool, stream: bool) -> None:
    provider.script([ask_for_it] * 4)
    asked = request(provider, stream=stream)
    answer = headroom_litellm.completion(**asked) if sync else await headroom_litellm.acompletion(**asked)
    if stream:
        chunks = list(answer) if sync else [chunk async for chunk in answer]
        assert joined(chunks) == ("One moment." * 4, [])
    else:
        assert not seen(answer).leaks
    assert len(provider.requests) == 4
    assert provider.requests[-1].body["tool_choice"] == "none"


@pytest.mark.parametrize("sync", [True, False])
async def test_10_a_failing_engine_lets_the_request_through(
    provider: Provider, door: Door, monkeypatch: pytest.MonkeyPatch, sync: bool
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("no more memory")

    monkeypatch.setattr(door.headroom, "compress", broken)
    asked = request(provider)
    answer = headroom_litellm.completion(**asked) if sync else await headroom_litellm.acompletion(**asked)
    assert seen(answer).text == "ok"
    assert provider.requests[0].tool_results["call_1"] == LOG


@pytest.mark.parametrize("sync", [True, False])
@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("fault", [RuntimeError, TimeoutError])
async def test_10_an_original_that_cant_be_read_is_told_to_the_model(
    provider: Provider, door: Door, monkeypatch: pytest.MonkeyPatch, sync: bool, stream: bool, fault: Any
) -> None:
    """The caller asked for an answer, not for ours: what fails between two rounds is no error of his."""

    def broken(*_: Any, **__: Any) -> Any:
        raise fault("no more memory")

    monkeypatch.setattr(door.headroom, "answer", broken)
    provider.script([ask_for_it, "Then without."])
    asked = request(provider, stream=stream)
    answer = headroom_litellm.completion(**asked) if sync else await headroom_litellm.acompletion(**asked)
    if stream:
        chunks = list(answer) if sync else [chunk async for chunk in answer]
        assert joined(chunks) == ("One moment.Then without.", [])
    else:
        assert seen(answer).text == "Then without."
    assert provider.requests[1].tool_results["call_1_0"].startswith("The original can't be read at the moment.")
