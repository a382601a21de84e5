"""What is SQLite's own: the file, its mode, its faults, and what is on the disk."""

from __future__ import annotations

import logging
import os
import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from headroom_core.ccr.lifetime import RENEW_SECONDS, SAFE_SECONDS
from headroom_core.ccr.sqlite import SqliteStore, _make_secret
from headroom_core.errors import StoreUnavailable
from headroom_core.storage.database import Database
from headroom_core.types import Store
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


def refusals(store: Store) -> None:
    """Every verb refuses in time, and with the one error."""
    for verb in (
        store.secret,
        lambda: store.put("me", {"a": "1"}, keep_for=DAY),
        lambda: store.get("me", ["a"]),
        lambda: store.touch("me", ["a"]),
        lambda: store.purge("me"),
    ):
        with pytest.raises(StoreUnavailable):
            verb()


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


def test_all_texts_of_a_put_or_none(store: SqliteStore, path: Path) -> None:
    store.put("me", {"a": "old"}, keep_for=DAY)
    with closing(sqlite3.connect(path)) as other:
        other.execute(
            "CREATE TRIGGER t BEFORE INSERT ON texts WHEN new.key = x'63' BEGIN SELECT raise(ABORT, 'no'); END"
        )
    with pytest.raises(StoreUnavailable, match="no"):
        store.put("me", {"a": "new", "b": "2", "c": "3", "d": "4"}, keep_for=DAY)
    assert store.get("me", ["a", "b", "c", "d"]) == {"a": "old"}


def test_a_locked_file_is_read_but_not_written(store: SqliteStore, path: Path) -> None:
    """Another program holds the file: the put waits no longer than it may, reads go on, and later all is well."""
    store.put("me", {"a": "1"}, keep_for=DAY)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        started = time.monotonic()
        with pytest.raises(StoreUnavailable, match="locked"):
            store.put("me", {"b": "2"}, keep_for=DAY)
        assert 0.04 < time.monotonic() - started < BOUND
        assert store.get("me", ["a", "b"]) == {"a": "1"}
    store.put("me", {"b": "2"}, keep_for=DAY)
    assert store.get("me", ["a", "b"]) == {"a": "1", "b": "2"}


def test_a_read_outlasts_a_renewal_that_finds_the_file_locked(path: Path) -> None:
    time_now = 1_000_000.0
    with closing(SqliteStore(path, now=lambda: time_now)) as store:
        store.put("me", {"a": "1"}, keep_for=DAY)
        time_now += 3_600
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            assert store.get("me", ["a"]) == {"a": "1"}
        time_now += 80_000
        assert store.get("me", ["a"]) == {"a": "1"}
        time_now += 80_000
        assert store.get("me", ["a"]) == {"a": "1"}


def test_a_file_that_somebody_keeps_for_himself(path: Path) -> None:
    filled(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with closing(SqliteStore(path)) as store:
            started = time.monotonic()
            refusals(store)
            assert time.monotonic() - started < 0.5 + 5 * BOUND


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "store.db").mkdir()
    with closing(SqliteStore(tmp_path / "store.db")) as store:
        refusals(store)


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("a file")
    with closing(SqliteStore(tmp_path / "folder" / "store.db")) as store:
        refusals(store)
    assert (tmp_path / "folder").read_text() == "a file"


def test_a_file_and_folder_that_may_only_be_read(tmp_path_factory: pytest.TempPathFactory) -> None:
    """As nobody in particular: the superuser may write everywhere."""
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        filled(folder / "store.db")
        (folder / "store.db").chmod(0o444)
        folder.chmod(0o555)
        superuser = os.geteuid() == 0
        if superuser:
            os.seteuid(65_534)
        try:
            with closing(SqliteStore(folder / "store.db")) as store, pytest.raises(StoreUnavailable):
                store.put("me", {"a": "1"}, keep_for=DAY)
            with closing(SqliteStore(folder / "other.db")) as store:
                refusals(store)
        finally:
            if superuser:
                os.seteuid(0)
            folder.chmod(0o755)


def test_a_full_disk_keeps_all_or_none(path: Path) -> None:
    filled(path, 10)
    with closing(SqliteStore(path)) as store:
        store.get("me", ["a"])
        (link,) = store._database._process.idle
        pages = link.connection.execute("PRAGMA page_count").fetchone()[0]
        link.connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StoreUnavailable, match="full"):
            store.put("me", {"small": "1", "big": os.urandom(100_000).hex()}, keep_for=DAY)
        assert store.get("me", ["small", "big"]) == {}
        store.put("me", {"small": "1"}, keep_for=DAY)  # on a new connection: there is room again
        assert store.get("me", ["small"]) == {"small": "1"}


@pytest.mark.parametrize("length", [0, 50, 100, 4_096, 50_000, -4_096])
def test_a_truncated_file_is_set_aside(path: Path, length: int, caplog: pytest.LogCaptureFixture) -> None:
    filled(path)
    os.truncate(path, length if length >= 0 else path.stat().st_size + length)
    with closing(SqliteStore(path)) as store:
        store.put("me", {"a": "1"}, keep_for=DAY)
        assert store.get("me", ["a"]) == {"a": "1"}
        asides = [each for each in path.parent.iterdir() if "broken" in each.name]
        assert [each.name for each in asides] == (["store.db.broken-1"] if length else [])
        assert all(str(each) in caplog.text for each in asides)
        assert len(store.secret()) == 32


@pytest.mark.parametrize("damage", [b"not a database at all, and long enough to be one" * 100, b"\xff" * 8192])
def test_a_file_that_is_no_database_is_set_aside(path: Path, damage: bytes, caplog: pytest.LogCaptureFixture) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(damage)
    with closing(SqliteStore(path)) as store:
        store.put("me", {"a": "1"}, keep_for=DAY)
        assert store.get("me", ["a"]) == {"a": "1"}
    aside = path.with_name("store.db.broken-1")
    assert aside.read_bytes() == damage
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert str(aside) in caplog.text
    path.write_bytes(damage)
    with closing(SqliteStore(path)) as store:
        store.put("me", {"a": "1"}, keep_for=DAY)
    assert path.with_name("store.db.broken-2").exists()


def test_damage_in_the_middle_costs_one_verb_and_leaves_the_secret(path: Path) -> None:
    """The secret is carried over: what is stored anew has the handle that the model saw before."""
    kept = filled(path)
    with closing(SqliteStore(path)) as store:
        secret = store.secret()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(12 * 4096)
        file.write(b"\xa5" * (size - 12 * 4096))
    with closing(SqliteStore(path)) as store:
        with pytest.raises(StoreUnavailable):
            store.get("me", list(kept))
        store.put("me", {"a": "1"}, keep_for=DAY)
        assert store.get("me", ["a"]) == {"a": "1"}
        assert store.secret() == secret


def test_a_damaged_text_counts_as_gone(store: SqliteStore, path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It is never handed out, it doesn't take others with it, and whoever still has the text sees that it is wanted."""
    store.put("me", {"a": "a line that repeats\n" * 100, "b": "2"}, keep_for=DAY)
    with closing(sqlite3.connect(path)) as other, other:
        packed = bytearray(other.execute("SELECT packed FROM texts WHERE key = x'61'").fetchone()[0])
        packed[-6] ^= 1
        other.execute("UPDATE texts SET packed = ? WHERE key = x'61'", (bytes(packed),))
    assert store.get("me", ["a", "b"]) == {"b": "2"}
    assert "lost 'a'" in caplog.text
    assert store.touch("me", ["a", "b"]) == {"b"}


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


def test_a_first_verb_waits_until_the_file_is_made(path: Path) -> None:
    """Many processes of a server begin at once: one of them makes the tables, which takes longer than a write."""
    filled(path)
    locked, seconds = threading.Event(), 0.2

    def hold() -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            locked.set()
            time.sleep(seconds)

    holder = threading.Thread(target=hold)
    holder.start()
    locked.wait(10)
    with closing(SqliteStore(path)) as store:
        store.put("me", {"a": "1"}, keep_for=DAY)
    holder.join()


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("CREATE TABLE texts (theirs)")
    before = path.read_bytes()
    with closing(SqliteStore(path)) as store, pytest.raises(StoreUnavailable, match="another program"):
        store.put("me", {"a": "1"}, keep_for=DAY)
    assert path.read_bytes() == before
    assert list(tmp_path.glob("*broken*")) == []


def test_a_file_that_is_removed_is_made_again(store: SqliteStore, path: Path) -> None:
    """Else everything would go into a file without a name, and be gone with the process."""
    store.put("me", {"a": "1"}, keep_for=DAY)
    for each in list(path.parent.iterdir()):
        each.unlink()
    store.put("me", {"b": "2"}, keep_for=DAY)
    store.close()
    with closing(SqliteStore(path)) as again:
        assert again.get("me", ["a", "b"]) == {"b": "2"}


def test_two_stores_meet_the_same_damage(path: Path) -> None:
    """The second one to see it must not set aside the file that the first one has begun."""
    filled(path)
    with closing(SqliteStore(path)) as first, closing(SqliteStore(path)) as second:
        first.get("me", ["a"])
        second.get("me", ["a"])
        first._database._unsound = second._database._unsound = (path.stat().st_dev, path.stat().st_ino)
        first.put("me", {"a": "1"}, keep_for=DAY)
        second.put("me", {"b": "2"}, keep_for=DAY)
        assert first.get("me", ["a", "b"]) == second.get("me", ["a", "b"]) == {"a": "1", "b": "2"}
    assert len(list(path.parent.glob("*.broken-?"))) == 1


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
