"""The stores under test, each with a clock that a test can move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from headroom_core.ccr.memory import MemoryStore
from headroom_core.ccr.sqlite import SqliteStore
from headroom_core.types import Store


@dataclass
class House:
    """One place where originals wait."""

    url: str
    make: Callable[[Callable[[], float]], Store]  # a new store object on the same place
    time: float = 1_700_000_000.0
    opened: ExitStack = field(default_factory=ExitStack)

    def open(self) -> Store:
        return self.opened.enter_context(closing(self.make(lambda: self.time)))

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.time += seconds


def memory_house() -> House:
    house = House("memory://", lambda now: MemoryStore(now=now))
    only = house.make(lambda: house.time)
    house.make = lambda now: only
    return house


def sqlite_house(folder: Path) -> House:
    path = folder / "kept" / "store.db"
    return House(f"sqlite:///{path}", lambda now: SqliteStore(path, now=now))


@pytest.fixture(params=["memory", "sqlite"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """Every store."""
    made = memory_house() if request.param == "memory" else sqlite_house(tmp_path)
    with made.opened:
        yield made


@pytest.fixture(params=["sqlite"])
def lasting_house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """Every store that outlives its process."""
    made = sqlite_house(tmp_path)
    with made.opened:
        yield made


@pytest.fixture
def store(house: House) -> Store:
    return house.open()
