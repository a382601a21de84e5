"""What is SQLite's own: the file, its mode, and what is on the disk."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from headroom_core.ccr.lifetime import RENEW_SECONDS, SAFE_SECONDS
from headroom_core.ccr.sqlite import SqliteStore, _make_secret
from headroom_core.storage.database import Database
from hypothesis import given
from hypothesis import strategies as st

DAY = timedelta(days=1)
BOUND = 0.5  # seconds: ten times the wait, for a slow machine


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "folder" / "store.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(path)) as made:
        yield made


def filled(path: Path, texts: int = 200) -> dict[str, str]:
    """What a store that is closed again holds."""
    kept = {f"key {n}": f"{n} {os.urandom(600).hex()}" for n in range(texts)}
    with closing(SqliteStore(path)) as store:
        store.put("me", kept, keep_for=DAY)
        store.secret()
    return kept


@given(texts=st.dictionaries(st.text(st.characters(codec=None)), st.text(st.characters(codec=None)), max_size=5))
def test_any_text_under_any_key(texts: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> None:
    with closing(SqliteStore(tmp_path_factory.mktemp("any") / "store.db")) as store:
        store.put("me", texts, keep_for=DAY)
        assert store.get("me", list(texts)) == texts


def test_nothing_is_touched_before_the_first_verb(path: Path) -> None:
    SqliteStore(path).close()
    assert not path.parent.exists()


def test_files_and_new_folders_are_the_owners_alone(store: SqliteStore, path: Path) -> None:
    """Originals hold what tools saw: other users of the machine have no business in them."""
    before = os.umask(0)
    try:
        store.put("me", {"a": "1"}, keep_for=DAY)
    finally:
        os.umask(before)
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    assert modes == {"store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == stat.S_IMODE(path.parent.parent.stat().st_mode) == 0o700


def test_a_file_that_others_may_read_is_closed_to_them(path: Path) -> None:
    filled(path)
    path.chmod(0o644)
    with closing(SqliteStore(path)) as store:
        store.get("me", ["a"])
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with closing(SqliteStore(tmp_path / "store.db")) as store:
        store.put("me", {"a": "1"}, keep_for=DAY)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_reads_write_at_most_once_in_some_minutes(path: Path) -> None:
    """A block of a live conversation is read with every turn; that mustn't cost a write."""
    time_now = 1_000_000.0
    with closing(SqliteStore(path, now=lambda: time_now)) as store:
        store.put("me", {"a": "1"}, keep_for=DAY)

        def changes() -> int:
            with closing(sqlite3.connect(path)) as other:
                return int(other.execute("SELECT expires FROM texts").fetchone()[0])

        first = changes()
        for _ in range(5):
            time_now += RENEW_SECONDS / 6
            store.get("me", ["a"])
        assert changes() == first
        time_now += RENEW_SECONDS
        store.get("me", ["a"])
        assert changes() == int(time_now) + 86_400


def test_a_full_store_makes_room_for_one_tenant(path: Path) -> None:
    """The least recently used of that tenant go, down to nine tenths; nothing that was used within the hour does."""
    time_now = 1_000_000.0
    text = os.urandom(500).hex()  # 1,000 letters that pack into some 500 bytes
    with closing(SqliteStore(path, quota=100_000, now=lambda: time_now)) as store:
        store.put("bob", {"his": text}, keep_for=DAY)
        for number in range(170):
            store.put("alice", {f"{number:03}": text + str(number)}, keep_for=DAY)
            time_now += 10
        with closing(sqlite3.connect(path)) as other:
            assert other.execute("SELECT count(*) FROM texts").fetchone() == (171,), "all in use: none goes"
        time_now += SAFE_SECONDS
        store.get("alice", ["000", "001"])
        for number in range(170, 180):
            store.put("alice", {f"{number:03}": text + str(number)}, keep_for=DAY)
        kept = sorted(store.touch("alice", [f"{number:03}" for number in range(180)]))
        assert kept[:2] == ["000", "001"], "just used"
        assert kept[-10:] == [f"{number:03}" for number in range(170, 180)], "just put"
        assert kept[2:] == [f"{number:03}" for number in range(int(kept[2]), 180)], "the oldest went first"
        with closing(sqlite3.connect(path)) as other:
            size = other.execute("SELECT sum(size) FROM texts WHERE tenant = CAST('alice' AS BLOB)").fetchone()[0]
        assert 85_000 < size <= 100_000
        assert store.get("bob", ["his"]) == {"his": text}


def test_room_is_made_once_what_fills_the_store_is_old(path: Path) -> None:
    time_now = 1_000_000.0
    with closing(SqliteStore(path, quota=1_000, now=lambda: time_now)) as store:
        store.put("me", {str(n): os.urandom(200).hex() for n in range(20)}, keep_for=DAY)
        time_now += 2 * SAFE_SECONDS
        store.put("me", {"last": "x" * 50}, keep_for=DAY)
        assert "last" in store.touch("me", ["last"])
        assert len(store.touch("me", [str(n) for n in range(20)])) < 6


def test_expired_texts_leave_the_file(path: Path) -> None:
    time_now = 1_000_000.0
    with closing(SqliteStore(path, now=lambda: time_now)) as store:
        store.put("me", {str(n): os.urandom(2_000).hex() for n in range(100)}, keep_for=DAY)
        time_now += 90_000
        for n in range(5):
            store.put("me", {f"new {n}": "1"}, keep_for=DAY)
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT count(*) FROM texts").fetchone() == (5,)
    assert path.stat().st_size < 100_000


def test_purged_text_is_not_on_the_disk(store: SqliteStore, path: Path) -> None:
    texts = {str(n): f"the secret of number {n}" for n in range(300)}
    store.put("alice", texts, keep_for=DAY)
    store.put("bob", {"k": "something else"}, keep_for=DAY)
    assert b"the secret of number 7" in b"".join(each.read_bytes() for each in path.parent.iterdir())
    store.purge("alice")
    assert b"the secret of" not in b"".join(each.read_bytes() for each in path.parent.iterdir())


def test_long_texts_are_compressed(store: SqliteStore, path: Path) -> None:
    store.put("me", {"log": "".join(f"line {n} of a log that repeats itself\n" for n in range(20_000))}, keep_for=DAY)
    store.close()
    assert path.stat().st_size < 150_000


def test_purged_text_is_overwritten_where_the_file_can_not_shrink(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "give_back", lambda self, pages: None)
    store.put("alice", {str(n): f"the secret of number {n} {os.urandom(2_000).hex()}" for n in range(50)}, keep_for=DAY)
    store.purge("alice")
    assert b"the secret of" not in b"".join(each.read_bytes() for each in path.parent.iterdir())


def test_who_comes_second_gets_the_secret_of_the_first(store: SqliteStore) -> None:
    """Both looked and found none; both make one."""
    assert store._database.write(_make_secret) == store._database.write(_make_secret) == store.secret()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process")
def test_a_fork_has_connections_of_its_own(store: SqliteStore) -> None:
    store.put("me", {"before": "1"}, keep_for=DAY)
    inherited = store._database._process.idle[0]
    child = os.fork()
    if child == 0:
        good = False
        try:
            store.put("me", {"child": "2"}, keep_for=DAY)
            good = store.get("me", ["before", "child"]) == {"before": "1", "child": "2"}
            good = good and inherited not in store._database._process.idle
        finally:
            os._exit(0 if good else 1)
    store.put("me", {"parent": "3"}, keep_for=DAY)
    assert os.waitpid(child, 0)[1] == 0
    assert store.get("me", ["before", "child", "parent"]) == {"before": "1", "child": "2", "parent": "3"}
