"""A process that is killed at any moment takes nothing with it that had been shown."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from headroom_core.ccr.sqlite import SqliteStore
from headroom_core.ccr.stores import WAIT_SECONDS, open_store

from tests.core.ccr.conftest import House

WRITER = """
import hashlib, sys
from datetime import timedelta
from headroom_core.ccr.stores import open_store
store, run, keep = open_store(sys.argv[1], wait=10), sys.argv[2], timedelta(days=1)
for number in range(1_000_000):
    name = f"{run}/{number}"
    text = "".join(hashlib.sha256(f"{name} {part}".encode()).hexdigest() for part in range(number % 200))
    store.put("me", {name: text, "replay " + name: name}, keep_for=keep)
    print(name, flush=True)
"""


def text_of(name: str) -> str:
    from hashlib import sha256

    number = int(name.partition("/")[2])
    return "".join(sha256(f"{name} {part}".encode()).hexdigest() for part in range(number % 200))


def killed_runs(path: Path, runs: int) -> None:
    """Writers on one file, two at a time, each killed at a random moment; all that they had shown is asked back."""
    url, moments = f"sqlite:///{path}", random.Random(runs)
    shown: list[str] = []
    for run in range(runs):
        names = [f"{run}.{number}" for number in range(2)]
        writers = [
            subprocess.Popen([sys.executable, "-c", WRITER, url, name], stdout=subprocess.PIPE, text=True)
            for name in names
        ]
        for writer in writers:
            assert writer.stdout is not None
            shown.append(writer.stdout.readline().strip())
        for writer in writers:
            time.sleep(moments.uniform(0, 0.05))
            writer.send_signal(signal.SIGKILL)
        for writer in writers:
            # The last line may have been cut by the kill: then nobody has seen it.
            said = writer.communicate()[0]
            shown += [line.strip() for line in said.splitlines(keepends=True) if line.endswith("\n")]
        with closing(SqliteStore(path)) as store:
            for name in shown[-200:]:
                assert store.get("me", [name, f"replay {name}"]) == {name: text_of(name), f"replay {name}": name}
    assert len(shown) > runs
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with closing(SqliteStore(path)) as store:
        for name in shown:
            assert store.get("me", [name]) == {name: text_of(name)}
    assert list(path.parent.glob("*broken*")) == []


def test_what_was_shown_survives_a_kill(tmp_path: Path) -> None:
    killed_runs(tmp_path / "store.db", 20)


@pytest.mark.long
def test_what_was_shown_survives_many_kills(tmp_path: Path) -> None:
    killed_runs(tmp_path / "store.db", 200)


LOAD = """
import os, sys, time
from datetime import timedelta
from headroom_core.ccr.stores import open_store
keys = [bytes.fromhex(key) for key in sys.argv[4:]]
store = open_store(sys.argv[1], wait=float(sys.argv[3]), encryption_keys=keys)
requests, keep = int(sys.argv[2]), timedelta(days=1)
me, slowest, names = os.getpid(), 0.0, []
for number in range(requests):
    started = time.perf_counter()
    name = f"{me}/{number}"
    live = names[-20:]
    assert store.touch("all", live) == set(live), "lost"
    store.put("all", {name: f"{name} of a request that goes on " * 200, "replay " + name: "shown"}, keep_for=keep)
    names.append(name)
    asked = names[number * 7919 % len(names)]
    assert store.get("all", [asked]) == {asked: f"{asked} of a request that goes on " * 200}, "lost"
    slowest = max(slowest, time.perf_counter() - started)
for first in range(0, len(names), 500):
    part = names[first:first + 500]
    assert store.touch("all", part) == set(part), "lost"
print(slowest)
"""


def under_load(house: House, processes: int, requests: int, wait: float) -> float:
    """Processes that all write and read at once; the longest that a request took, in seconds."""
    keys = [key.hex() for key in house.keys]
    command = [sys.executable, "-c", LOAD, house.url, str(requests), str(wait), *keys]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    printed = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0] * processes
    return max(map(float, printed))


def test_processes_at_once_lose_nothing(lasting_house: House) -> None:
    under_load(lasting_house, 4, 250, wait=10)


@pytest.mark.long
def test_eight_busy_processes_lose_nothing(lasting_house: House) -> None:
    slowest = under_load(lasting_house, 8, 10_000, WAIT_SECONDS)
    with closing(open_store(lasting_house.url)) as store:
        assert store.purge("all") >= 160_000
    print(f"{lasting_house.url}: the slowest of 80,000 requests took {slowest * 1000:.0f} ms")  # noqa: T201
