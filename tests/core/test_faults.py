"""A store that can't be used: requests go on, nothing is shown that can't be given back, and later all is well."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from pathlib import Path

import pytest
from headroom_core import Headroom, Outcome, Policy
from redis import Redis, Sentinel
from redis.exceptions import RedisError

from tests.conftest import free_port
from tests.content import conversation, log, records_json
from tests.core.ccr.redis_server import Relay, SentinelServer, Server, wait_until

MESSAGES = conversation(log(3000), records_json())


def a_folder_in_its_place(path: Path) -> object:
    path.mkdir()
    return None


def a_path_below_a_file(path: Path) -> object:
    path.parent.rmdir()
    path.parent.write_text("not a folder")
    return None


def locked_by_another(path: Path) -> object:
    with Headroom(f"sqlite:///{path}") as headroom:
        headroom.shrink(log(400))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    return other


@pytest.mark.parametrize("fault", [a_folder_in_its_place, a_path_below_a_file, locked_by_another])
def test_the_request_goes_out_as_it_came(
    fault: Callable[[Path], object], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "data" / "store.db"
    path.parent.mkdir()
    held = fault(path)
    caplog.clear()
    with Headroom(f"sqlite:///{path}") as headroom, caplog.at_level(logging.WARNING):
        for _ in range(3):
            result = headroom.compress(MESSAGES, retrieval="tool")
            assert all(ours is theirs for ours, theirs in zip(result.messages, MESSAGES, strict=True))
            assert [receipt.outcome for receipt in result.receipts] == [Outcome.STORE_DOWN] * 2
            assert all("store" in receipt.reason for receipt in result.receipts)
        assert headroom.answer({"id": "3f9a1c07be42"}).startswith("the store is left alone for 5 s after a failure: ")
    assert len([record for record in caplog.records if record.name.startswith("headroom_core")]) == 1
    if isinstance(held, sqlite3.Connection):
        held.close()


def test_a_corrupt_file_is_set_aside_and_requests_go_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(b"this is no database, but it is long enough to look like one" * 200)
    with Headroom(f"sqlite:///{path}") as headroom:
        result = headroom.compress(MESSAGES, retrieval="tool")
        assert {receipt.outcome for receipt in result.receipts} == {Outcome.COMPRESSED}
        assert headroom.retrieve(result.handles[0]).text == log(3000)
    aside = [other for other in tmp_path.iterdir() if other.name.startswith("store.db") and other != path]
    assert any(other.read_bytes().startswith(b"this is no database") for other in aside if other.is_file())
    assert any(str(other) in caplog.text for other in aside)


Fault = tuple[Callable[[], None], Callable[[], None]]  # what breaks the store, and what mends it
Place = Callable[[Path], AbstractContextManager[tuple[str, Fault]]]


@contextmanager
def a_file_that_another_program_holds(folder: Path) -> Iterator[tuple[str, Fault]]:
    path = folder / "store.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:

        def hold() -> None:
            other.execute("BEGIN EXCLUSIVE")

        yield f"sqlite:///{path}", (hold, other.rollback)


@contextmanager
def a_server(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    try:
        yield server
    finally:
        server.process.send_signal(signal.SIGCONT)
        server.stop()


@contextmanager
def a_server_that_hangs(folder: Path) -> Iterator[tuple[str, Fault]]:
    with a_server(folder) as server:
        stop = server.process.send_signal
        yield server.url, (lambda: stop(signal.SIGSTOP), lambda: stop(signal.SIGCONT))


@contextmanager
def a_server_that_is_restarted_with_nothing_in_it(folder: Path) -> Iterator[tuple[str, Fault]]:
    with a_server(folder) as server:
        yield server.url, (server.stop, server.start)


@contextmanager
def a_server_without_memory_left(folder: Path) -> Iterator[tuple[str, Fault]]:
    with a_server(folder) as server, closing(server.client()) as client:
        yield server.url, (lambda: memory(client, 1), lambda: memory(client, 0))


def memory(client: Redis, limit: int) -> None:
    client.config_set("maxmemory", str(limit))


@contextmanager
def a_server_that_may_only_be_read(folder: Path) -> Iterator[tuple[str, Fault]]:
    """As a primary is after a failover that its clients haven't heard of."""
    with a_server(folder) as server, closing(server.client()) as client:
        yield server.url, (lambda: follow(client, "127.0.0.1", free_port()), lambda: follow(client, "NO", "ONE"))


def follow(client: Redis, host: str, port: int | str) -> None:
    client.replicaof(host, port)


@contextmanager
def a_network_that_stalls(folder: Path) -> Iterator[tuple[str, Fault]]:
    with a_server(folder) as server, closing(Relay(server.port)) as relay:
        yield relay.url, (relay.stall, relay.mend)


@contextmanager
def a_network_that_is_cut(folder: Path) -> Iterator[tuple[str, Fault]]:
    with a_server(folder) as server, closing(Relay(server.port)) as relay:
        yield relay.url, (relay.cut, relay.mend)


@contextmanager
def a_server_that_another_one_takes_over_from(folder: Path) -> Iterator[tuple[str, Fault]]:
    with a_server(folder) as server, ExitStack() as stack:
        replica = Server(folder, "--replicaof", "127.0.0.1", str(server.port))
        stack.callback(replica.stop)
        sentinel = SentinelServer(folder / "sentinel", server)
        stack.callback(sentinel.stop)
        watch = Sentinel([("127.0.0.1", sentinel.port)])  # type: ignore[no-untyped-call]  # redis's
        stack.callback(watch.sentinels[0].close)

        def followed() -> bool:
            with closing(replica.client()) as client:
                return client.dbsize() == 3 and len(watch.sentinels[0].sentinel_slaves("kept")) == 1

        def taken_over() -> bool:
            with suppress(RedisError):
                return bool(watch.discover_master("kept")[1] == replica.port)  # type: ignore[no-untyped-call]  # redis's
            return False

        def stop() -> None:
            wait_until(followed, "the replica did not follow")
            server.stop()

        yield (
            f"redis+sentinel://127.0.0.1:{sentinel.port}/kept",
            (stop, lambda: wait_until(taken_over, "the sentinel did not fail over")),
        )


@pytest.mark.parametrize(
    "place",
    [
        a_file_that_another_program_holds,
        a_server_that_hangs,
        a_server_that_is_restarted_with_nothing_in_it,
        a_server_without_memory_left,
        a_server_that_may_only_be_read,
        a_network_that_stalls,
        a_network_that_is_cut,
        a_server_that_another_one_takes_over_from,
    ],
)
def test_a_conversation_outlives_its_store(place: Place, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What was shown is shown again; what is new goes out as it came; and once the store is back, all is well.

    What hangs is freed only after the requests have returned: one that waited for it would wait for ever.
    """
    old, new, later = log(3000), records_json(), log(2500)
    with place(tmp_path) as (url, (fail, mend)), Headroom(url, Policy(store_wait_ms=2_000)) as headroom:
        shown = headroom.compress(conversation(old), retrieval="tool")
        assert shown.receipts[0].outcome is Outcome.COMPRESSED
        fail()
        caplog.clear()
        for _ in range(3):
            result = headroom.compress(conversation(old, new), retrieval="tool")
            assert result.messages[: len(shown.messages)] == shown.messages
            assert [receipt.outcome for receipt in result.receipts] == [Outcome.REPLAYED, Outcome.STORE_DOWN]
            assert "store" in result.receipts[1].reason
            assert result.messages[-1]["content"] == new
            said = headroom.answer({"id": shown.handles[0], "lines": "2001"})
            assert said.startswith("the store is left alone for 5 s after a failure: the store ")
        assert len([each for each in caplog.records if "The store is down" in each.getMessage()]) == 1
        mend()
        rest_is_over(headroom)
        result = headroom.compress(conversation(old, new, later), retrieval="tool")
        assert result.messages[: len(shown.messages)] == shown.messages
        assert [receipt.outcome for receipt in result.receipts] == [
            Outcome.REPLAYED,
            Outcome.STORE_DOWN,  # a block that once went out as it came does so ever after
            Outcome.COMPRESSED,
        ]
        assert [headroom.retrieve(handle).text for handle in result.handles] == [old, later]
        assert "The store is back" in caplog.text


def rest_is_over(headroom: Headroom) -> None:
    """As if the seconds for which the breaker leaves a store alone had gone by."""
    headroom._store._now = lambda: time.monotonic() + 3_600


def test_a_file_that_may_only_be_read_is_down(caplog: pytest.LogCaptureFixture) -> None:
    """As nobody in particular: the superuser may write everywhere."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "store.db"
        with Headroom(f"sqlite:///{path}") as headroom:
            headroom.compress(MESSAGES, retrieval="tool")
        path.chmod(0o444)
        path.parent.chmod(0o555)
        superuser = os.geteuid() == 0
        if superuser:
            os.seteuid(65_534)
        try:
            with Headroom(f"sqlite:///{path}") as headroom:
                result = headroom.compress(MESSAGES, retrieval="tool")
                assert all(ours is theirs for ours, theirs in zip(result.messages, MESSAGES, strict=True))
                assert {receipt.outcome for receipt in result.receipts} == {Outcome.STORE_DOWN}
        finally:
            if superuser:
                os.seteuid(0)
            path.parent.chmod(0o755)


FULL_DISK = r"""
import hashlib, json, os, resource, sys, time
from headroom_core import Headroom, Policy
limit = 300_000  # bytes that any file of this process may have: so writes fail in the middle
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
with Headroom(sys.argv[1], Policy(store_wait_ms=5_000)) as headroom:
    def request(number):
        text = "".join(f"2031-02-03 04:00:00 INFO {number} {os.urandom(12).hex()} done\n" for _ in range(1_000))
        shown = headroom.shrink(text, retrieval="tool")
        receipt = shown.receipt
        assert receipt.handle or shown.text is text
        digest = hashlib.sha256(text.encode()).hexdigest()
        print(json.dumps([receipt.outcome, receipt.handle, digest, receipt.reason]))
        headroom._store._now = lambda: time.monotonic() + 3_600 * (number + 1)  # the breaker's rest is over
    for number in range(20):
        request(number)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    request(20)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no limit for files")
def test_a_disk_that_gets_full_in_the_middle_of_a_put_takes_nothing_with_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    ran = subprocess.run([sys.executable, "-c", FULL_DISK, url], capture_output=True, text=True, check=True)
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    outcomes = [outcome for outcome, *_ in told]
    assert outcomes[0] == outcomes[-1] == "compressed", "before, and when there is room again"
    assert "store down" in outcomes
    assert set(outcomes) == {"compressed", "store down"}
    with Headroom(url) as headroom:
        for _, handle, digest, _ in told:
            if handle:
                assert hashlib.sha256(headroom.retrieve(handle).text.encode()).hexdigest() == digest
    with closing(sqlite3.connect(tmp_path / "store.db")) as other:
        assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert not list(tmp_path.glob("*broken*"))
