"""Whatever is wrong with the file, requests go on: SQLite's faults, each brought about for real."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from headroom_core.ccr.sqlite import SqliteStore
from headroom_core.errors import StoreUnavailable
from headroom_core.storage.database import OPENING_SECONDS, WAIT_SECONDS
from headroom_core.types import Store

from tests.clocks import Clock
from tests.core.ccr.conftest import verbs

DAY = timedelta(days=1)
ONE_PAUSE = 0.002  # seconds between two tries at the most: so much longer than it may, a verb may wait


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "folder" / "store.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(path)) as made:
        yield made


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The one that a database waits by."""
    made = Clock()
    monkeypatch.setattr("headroom_core.storage.database.time", made)
    return made


def filled(path: Path, texts: int = 200) -> dict[str, str]:
    """What a store that is closed again holds."""
    kept = {f"key {n}": f"{n} {os.urandom(600).hex()}" for n in range(texts)}
    with closing(SqliteStore(path)) as store:
        store.put("me", kept, keep_for=DAY)
        store.secret()
    return kept


def refusals(store: Store) -> None:
    """Every verb refuses, and with the one error."""
    for verb in verbs(store):
        with pytest.raises(StoreUnavailable):
            verb()


def test_all_texts_of_a_put_or_none(store: SqliteStore, path: Path) -> None:
    store.put("me", {"a": "old"}, keep_for=DAY)
    with closing(sqlite3.connect(path)) as other:
        other.execute(
            "CREATE TRIGGER t BEFORE INSERT ON texts WHEN new.key = x'63' BEGIN SELECT raise(ABORT, 'no'); END"
        )
    with pytest.raises(StoreUnavailable, match="no"):
        store.put("me", {"a": "new", "b": "2", "c": "3", "d": "4"}, keep_for=DAY)
    assert store.get("me", ["a", "b", "c", "d"]) == {"a": "old"}


def test_a_locked_file_is_read_but_not_written(store: SqliteStore, path: Path, clock: Clock) -> None:
    """Another program holds the file: the put waits no longer than it may, reads go on, and later all is well."""
    store.put("me", {"a": "1"}, keep_for=DAY)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreUnavailable, match="locked"):
            store.put("me", {"b": "2"}, keep_for=DAY)
        assert WAIT_SECONDS <= clock.now <= WAIT_SECONDS + ONE_PAUSE
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


def test_a_file_that_somebody_keeps_for_himself(path: Path, clock: Clock) -> None:
    """It is waited for longer once, when it is opened, and then no longer than a request may wait."""
    filled(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with closing(SqliteStore(path)) as store:
            refusals(store)
            assert OPENING_SECONDS < clock.now < OPENING_SECONDS + (len(verbs(store)) - 1) * (WAIT_SECONDS + ONE_PAUSE)


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


def test_a_first_verb_waits_until_the_file_is_made(path: Path, clock: Clock) -> None:
    """Many processes of a server begin at once: one of them makes the tables, which takes longer than a write."""
    filled(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        clock.at(0.2, other.rollback)
        with closing(SqliteStore(path)) as store:
            store.put("me", {"a": "1"}, keep_for=DAY)


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
