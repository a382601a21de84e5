"""A store that failed is left alone for a while."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from headroom_core.ccr.breaker import GuardedStore
from headroom_core.ccr.memory import MemoryStore
from headroom_core.errors import StoreUnavailable


class Flaky(MemoryStore):
    """Fails as long as it is told to, and counts how often it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.down = False
        self.asked = 0

    def get(self, tenant: str, keys: Sequence[str]) -> dict[str, str]:
        self.asked += 1
        if self.down:
            raise StoreUnavailable("no route to store")
        return super().get(tenant, keys)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_after_a_failure_nobody_asks_until_the_rest_is_over(caplog: pytest.LogCaptureFixture) -> None:
    flaky, clock = Flaky(), Clock()
    store = GuardedStore(flaky, rest=5, now=clock)
    store.put("t", {"k": "text"}, keep_for=timedelta(hours=1))
    assert store.get("t", ["k"]) == {"k": "text"}
    flaky.down = True
    for _ in range(3):
        with pytest.raises(StoreUnavailable, match="no route to store"):
            store.get("t", ["k"])
    assert flaky.asked == 2
    assert store.reason == "no route to store"
    assert len(caplog.records) == 1

    clock.seconds += 5
    with pytest.raises(StoreUnavailable):
        store.get("t", ["k"])
    assert flaky.asked == 3, "after the rest one caller tries again"

    flaky.down = False
    clock.seconds += 5
    assert store.get("t", ["k"]) == {"k": "text"}
    assert store.reason == ""
    assert [record.getMessage() for record in caplog.records][-1] == "The store is back"


def test_while_one_caller_tries_the_others_are_turned_away() -> None:
    clock = Clock()
    seen: list[str] = []

    class Slow(Flaky):
        def get(self, tenant: str, keys: Sequence[str]) -> dict[str, str]:
            if not self.down:
                with pytest.raises(StoreUnavailable):
                    store.touch("t", ["k"])
                seen.append("turned away")
            return super().get(tenant, keys)

    flaky = Slow()
    store = GuardedStore(flaky, rest=5, now=clock)
    flaky.down = True
    with pytest.raises(StoreUnavailable):
        store.get("t", ["k"])
    flaky.down = False
    clock.seconds += 5
    store.get("t", ["k"])
    assert seen == ["turned away"]
