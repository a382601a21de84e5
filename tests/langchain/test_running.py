"""Many at once, on an event loop, without a network, and with something of ours broken."""

from __future__ import annotations

import asyncio
import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import process_time, thread_time
from typing import Any

import pytest
from headroom_core import HeadroomError
from headroom_core.compressors.logs import Logs  # broken on purpose, and that lies beneath
from headroom_langchain import HeadroomSettings, HeadroomTransform
from langchain_core.messages import BaseMessage

from tests.clocks import AGES
from tests.content import log, records_json
from tests.langchain.agents import Heard
from tests.langchain.content import JSON, LOG, conversation


def texts(messages: list[BaseMessage]) -> list[str]:
    return [message.text for message in messages]


def histories(count: int) -> list[Any]:
    return [list(conversation(records_json(30 + number % 7), log(60 + number % 5))) for number in range(count)]


async def test_fifty_at_once_show_what_one_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks that several requests bring at the same time are decided once, or the same."""
    monkeypatch.setenv("HEADROOM_STORE_WAIT_MS", "60000")  # they queue for the file, on a busy machine longer
    alone = HeadroomTransform(settings=HeadroomSettings(tenant="alone"))
    together = HeadroomTransform(settings=HeadroomSettings(tenant="together"))
    batched = HeadroomTransform(settings=HeadroomSettings(tenant="batched"))
    serial = [texts(alone.invoke(history)) for history in histories(50)]
    at_once = await asyncio.gather(*(together.ainvoke(history) for history in histories(50)))
    assert list(map(texts, at_once)) == serial
    assert list(map(texts, batched.batch([*histories(50)], {"max_concurrency": 8}))) == serial


def test_threads_that_all_open_the_store_get_one() -> None:
    """A store in memory for each would lose what another was shown."""
    settings = HeadroomSettings(store="memory://")
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: settings.model_copy().open(), range(64)))
    assert len(set(map(id, opened))) == 1


async def test_a_large_text_does_not_hold_up_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server has others to serve while a megabyte is worked on: next to nothing of that is work of the loop's own
    thread, and the loop goes on in the middle of it."""
    large = conversation("\n".join([records_json(300), records_json(300), log(9_000)]))
    assert len(large[-1].text) > 700_000
    await HeadroomTransform().ainvoke(conversation(LOG))  # what is loaded at first use is loaded
    compress, begun, released, in_time = Logs.compress, Event(), Event(), list[bool]()

    def held(*given: Any) -> Any:
        begun.set()
        in_time.append(released.wait(AGES))
        return compress(*given)

    async def let_on() -> None:
        await asyncio.to_thread(begun.wait, AGES)
        released.set()

    monkeypatch.setattr(Logs, "compress", held)
    letting_on = asyncio.create_task(let_on())
    loops, everybodys = thread_time(), process_time()
    after = await HeadroomTransform().ainvoke(large)
    loops, everybodys = thread_time() - loops, process_time() - everybodys
    await letting_on
    assert in_time
    assert all(in_time)
    assert len(after[-1].text) < len(large[-1].text) / 2
    assert loops < everybodys / 4  # a fiftieth


@pytest.fixture
def broken_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError("a mistake of ours")

    monkeypatch.setattr(Logs, "compress", broken)


@pytest.mark.usefixtures("broken_logs")
async def test_where_one_text_fails_the_others_still_shrink(caplog: pytest.LogCaptureFixture) -> None:
    heard = Heard()
    transform = HeadroomTransform()
    messages = conversation(JSON, LOG)
    for _ in range(2):  # also the second time: what went out as it came goes out so ever after
        after = transform.invoke(messages, {"callbacks": [heard]})
        assert after[-1] is messages[-1]
        assert len(after[3].text) < 0.6 * len(JSON)
    assert [event["errors"] for event in heard.events] == [1, 1]
    warnings = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(warnings) == 1
    assert "a mistake of ours" in warnings[0].getMessage()
    assert (await transform.ainvoke(messages))[-1] is messages[-1]


@pytest.mark.usefixtures("broken_logs")
def test_a_failure_is_raised_where_that_was_asked_for() -> None:
    with pytest.raises(HeadroomError, match="a mistake of ours"):
        HeadroomTransform(on_error="raise").invoke(conversation(JSON, LOG))


def test_a_store_that_cannot_be_opened_breaks_nothing(tmp_path: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The messages go as they came; the event says that it was no choice."""
    (tmp_path / "file").write_text("not a folder")
    heard = Heard()
    transform = HeadroomTransform(settings=HeadroomSettings(store=f"sqlite:///{tmp_path / 'file' / 'store.db'}"))
    messages = conversation(JSON)
    assert transform.invoke(messages, {"callbacks": [heard]}) == messages
    assert heard.events[0]["errors"] == 1
    assert heard.events[0]["changed"] == 0
    assert caplog.text


def test_a_url_that_names_no_store_breaks_nothing(caplog: pytest.LogCaptureFixture) -> None:
    transform = HeadroomTransform(settings=HeadroomSettings(store="carrier-pigeon://coop"))
    messages = conversation(JSON)
    assert transform.invoke(messages) == messages
    assert caplog.text.count("names no store") == 1


def test_nothing_is_said_to_any_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting tokens, keeping originals, telling callbacks: all of it happens here."""
    opened: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda *arguments: opened.append(arguments))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **_: opened.append(arguments))
    assert HeadroomTransform().invoke(conversation(JSON, LOG))[-1].text != LOG
    assert opened == []
