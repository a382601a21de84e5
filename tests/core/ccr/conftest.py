"""The stores under test, each with a clock that a test can move."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from headroom_core.ccr.memory import MemoryStore
from headroom_core.ccr.sqlite import SqliteStore
from headroom_core.ccr.stores import open_store
from headroom_core.storage.sealing import Sealing
from headroom_core.types import Store

from tests.core.ccr.redis_server import Server, cluster

KEYS = (b"k" * 32, b"old" + b"k" * 29)
PATIENCE = 10.0  # seconds: how long a store waits is tested where it is the point, not on whatever machine this is


@dataclass
class House:
    """One place where originals wait."""

    url: str
    make: Callable[[Callable[[], float]], Store]  # a new store object on the same place
    time: float = 1_700_000_000.0
    servers: list[Server] = field(default_factory=list)
    opened: ExitStack = field(default_factory=ExitStack)
    keys: Sequence[bytes] = ()  # under which texts are encrypted

    def open(self) -> Store:
        return self.opened.enter_context(closing(self.make(lambda: self.time)))

    def advance(self, seconds: float) -> None:
        """Let time pass: on a server by taking it off what each key has left."""
        self.time += seconds
        for server in self.servers:
            with server.client() as client:
                for key in list(client.scan_iter(count=1_000)):
                    left = client.execute_command("PTTL", key)
                    if left > 0:
                        client.pexpire(key, max(0, left - int(seconds * 1_000)))


def memory_house() -> House:
    house = House("memory://", lambda now: MemoryStore(now=now))
    only = house.make(lambda: house.time)
    house.make = lambda now: only
    return house


def sqlite_house(folder: Path, keys: Sequence[bytes] = ()) -> House:
    path = folder / "kept" / "store.db"
    sealing = Sealing(keys)
    return House(f"sqlite:///{path}", lambda now: SqliteStore(path, now=now, wait=PATIENCE, sealing=sealing), keys=keys)


def redis_house(servers: list[Server], keys: Sequence[bytes] = ()) -> House:
    url = servers[0].url
    if len(servers) > 1:
        url = "redis+cluster://" + ",".join(f"127.0.0.1:{server.port}" for server in servers)
    for server in servers:
        with server.client() as client:
            client.flushall()
    return House(url, lambda now: open_store(url, wait=PATIENCE, encryption_keys=keys), servers=servers, keys=keys)


def verbs(store: Store) -> tuple[Callable[[], object], ...]:
    """Everything that can be asked of a store."""
    return (
        store.secret,
        lambda: store.put("me", {"a": "1"}, keep_for=timedelta(days=1)),
        lambda: store.get("me", ["a"]),
        lambda: store.touch("me", ["a"]),
        lambda: store.purge("me"),
    )


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("redis"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def redis_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    with cluster(tmp_path_factory.mktemp("cluster")) as servers:
        yield servers


def build(kind: str, request: pytest.FixtureRequest, folder: Path) -> House:
    if kind == "memory":
        return memory_house()
    if kind in ("sqlite", "sealed sqlite"):
        return sqlite_house(folder, KEYS if "sealed" in kind else ())
    if kind in ("redis", "sealed redis"):
        return redis_house([request.getfixturevalue("redis_server")], KEYS if "sealed" in kind else ())
    return redis_house(request.getfixturevalue("redis_cluster"))


@pytest.fixture(params=["memory", "sqlite", "redis", "cluster", "sealed sqlite", "sealed redis"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """Every store."""
    made = build(request.param, request, tmp_path)
    with made.opened:
        yield made


@pytest.fixture(params=["sqlite", "redis", "cluster", "sealed sqlite", "sealed redis"])
def lasting_house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """Every store that outlives its process."""
    made = build(request.param, request, tmp_path)
    with made.opened:
        yield made


@pytest.fixture
def store(house: House) -> Store:
    return house.open()
