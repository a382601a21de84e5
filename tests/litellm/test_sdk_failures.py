"""What LiteLLM's SDK does when something of ours fails, hangs or takes its time: nothing else than without us."""

from __future__ import annotations

import asyncio
from threading import Event
from typing import Any

import litellm
import pytest
from headroom_core import Headroom
from headroom_litellm import HeadroomCallback

from tests.clocks import AGES
from tests.content import log
from tests.litellm.sdk import ask, sync_completion
from tests.provider import Provider
from tests.traffic import SHAPES, ask_for_it, seen

pytestmark = [pytest.mark.usefixtures("callback"), pytest.mark.asyncio(loop_scope="session")]

LOG = log()


async def test_10_a_failing_engine_lets_the_request_through(
    provider: Provider, headroom: Headroom, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """One warning, and the request goes as it came."""
    monkeypatch.setattr(headroom, "compress", broken)
    provider.script(["Fine."] * 2)
    for shape in ("chat", "messages"):
        assert seen(await ask(provider, shape, LOG)).text == "Fine."
    assert [request.tool_results["call_1"] for request in provider.requests] == [LOG, LOG]
    warnings = [record for record in caplog.records if record.name == "headroom_core.gateway"]
    assert [warning.message for warning in warnings] == [
        "Headroom: a request goes as it came: RuntimeError: no more memory"
    ] * 2


async def test_10_a_failing_gate_never_shows_our_call(
    provider: Provider, callback: HeadroomCallback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tool was offered, and then nothing works any more: the client still isn't asked for it."""
    provider.script([ask_for_it])
    read_turn, reads = callback.gateway.headroom.read_turn, []

    def broken_once(*given: Any) -> Any:
        reads.append(given)
        return broken() if len(reads) == 1 else read_turn(*given)

    monkeypatch.setattr(callback.gateway.headroom, "read_turn", broken_once)
    answer = await ask(provider, "chat", LOG)
    assert seen(answer).text == "One moment."
    assert not seen(answer).leaks


async def test_10_an_original_that_cant_be_read_is_told_to_the_model(
    provider: Provider, headroom: Headroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.script([ask_for_it, "Then without."])
    monkeypatch.setattr(headroom, "answer", broken)
    answer = await ask(provider, "chat", LOG)
    assert provider.requests[1].tool_results["call_1_0"].startswith("The original can't be read at the moment.")
    assert seen(answer).text == "Then without."


async def test_10_an_engine_that_hangs_is_left_behind(
    provider: Provider, headroom: Headroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the deadline the request goes as it came; LiteLLM's own threads are never the ones that hang: every answer
    is there before the engine is let on."""
    made = HeadroomCallback(headroom)
    monkeypatch.setattr(made.gateway, "seconds", 0.2)
    litellm.callbacks = [made]
    released, ended = Event(), Event()

    def hangs(*_: Any, **__: Any) -> None:
        released.wait(AGES)
        ended.set()

    monkeypatch.setattr(headroom, "compress", hangs)
    provider.script(["Fine."] * 6)
    sync = asyncio.to_thread(sync_completion, provider, LOG)
    await asyncio.gather(*(ask(provider, "chat", LOG) for _ in range(5)), sync)
    assert not ended.is_set()
    assert [request.tool_results["call_1"] for request in provider.requests] == [LOG] * 6
    released.set()


@pytest.mark.parametrize("shape", SHAPES)
async def test_10_with_its_store_down_the_request_goes_as_it_came(provider: Provider, shape: str) -> None:
    """Nothing is shown that couldn't be given back."""
    with Headroom(store="sqlite:////proc/no/such/folder/store.db") as stranded:
        litellm.callbacks = [HeadroomCallback(stranded)]
        provider.script(["Fine."])
        await ask(provider, shape, LOG)
    assert provider.requests[0].tool_results["call_1"] == LOG
    assert provider.requests[0].tool_names == ["fetch"]


async def test_11_long_work_holds_nobody_up(
    provider: Provider, headroom: Headroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large request is compressed beside the event loop: a small one comes, is answered, and only then the large one
    is let on."""
    compress, begun, released = headroom.compress, Event(), Event()

    def held(messages: Any, *given: Any, **options: Any) -> Any:
        if len(str(messages)) > len(LOG):
            begun.set()
            released.wait(AGES)
        return compress(messages, *given, **options)

    made = HeadroomCallback(headroom)
    monkeypatch.setattr(made.gateway, "seconds", AGES)
    litellm.callbacks = [made]
    monkeypatch.setattr(headroom, "compress", held)
    provider.script(["Fine."] * 2)
    large = asyncio.create_task(ask(provider, "chat", LOG))
    assert await asyncio.to_thread(begun.wait, AGES)
    await ask(provider, "chat", "small")
    assert not large.done()
    assert [request.tool_results["call_1"] for request in provider.requests] == ["small"]
    released.set()
    await large
    assert provider.requests[1].tool_results["call_1"] != LOG


def broken(*_: Any, **__: Any) -> Any:
    raise RuntimeError("no more memory")
