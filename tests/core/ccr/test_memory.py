"""What is the memory store's own: how it makes room."""

from __future__ import annotations

from datetime import timedelta

from headroom_core.ccr.lifetime import SAFE_SECONDS
from headroom_core.ccr.memory import MemoryStore

DAY = timedelta(days=1)


def test_a_full_store_makes_room_for_one_tenant() -> None:
    time_now = 1_000_000.0
    store = MemoryStore(quota=10_000, now=lambda: time_now)
    store.put("bob", {"his": "x" * 1_000}, keep_for=DAY)
    for number in range(15):
        store.put("alice", {str(number): "x" * 1_000}, keep_for=DAY)
    assert len(store.touch("alice", list(map(str, range(15))))) == 15, "all in use: none goes"
    time_now += SAFE_SECONDS + 1
    store.get("alice", ["0"])
    store.put("alice", {"15": "x" * 1_000}, keep_for=DAY)
    kept = store.touch("alice", list(map(str, range(16))))
    assert {"0", "15"} <= kept
    assert kept == {"0", "15", *map(str, range(8, 15))}
    assert store.get("bob", ["his"])


def test_what_expires_is_swept_whoever_asks() -> None:
    time_now = 1_000_000.0
    store = MemoryStore(now=lambda: time_now)
    for number in range(50):
        store.put("me", {str(number): "x"}, keep_for=timedelta(hours=1))
    time_now += 3_601
    for number in range(60):
        store.put("me", {f"new {number}": "x"}, keep_for=DAY)
    assert len(store._tenants["me"].kept) == 60
    assert store._tenants["me"].size == 60
