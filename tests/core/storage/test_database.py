"""Opening SQLite: versions, several rooms in one file, and threads. Faults of the file: `test_sqlite`."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from headroom_core.errors import StoreUnavailable
from headroom_core.storage import database
from headroom_core.storage.database import Database, Schema

from tests.clocks import AGES

FIRST = Schema("room", (("CREATE TABLE things (name TEXT)",),))
SECOND = Schema("room", (*FIRST.steps, ("ALTER TABLE things ADD COLUMN size INTEGER NOT NULL DEFAULT 7",)))
OTHER = Schema("other room", (("CREATE TABLE others (name TEXT)",),))


def put(opened: Database, name: str) -> None:
    opened.write(lambda connection: connection.execute("INSERT INTO things (name) VALUES (?)", (name,)))


def all_of(opened: Database, query: str = "SELECT * FROM things") -> list[tuple[object, ...]]:
    return opened.read(lambda connection: connection.execute(query).fetchall())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


def test_a_newer_version_brings_the_tables_up_to_date(path: Path) -> None:
    with closing(Database(path, FIRST)) as old:
        put(old, "a")
    with closing(Database(path, SECOND)) as new:
        put(new, "b")
        assert all_of(new) == [("a", 7), ("b", 7)]
    with closing(Database(path, SECOND)) as again:
        assert all_of(again) == [("a", 7), ("b", 7)]


def test_a_step_that_fails_leaves_the_file_as_it_was(path: Path) -> None:
    with closing(Database(path, FIRST)) as old:
        put(old, "a")
    broken = Schema("room", (*FIRST.steps, ("CREATE TABLE more (x)", "no SQL at all")))
    with closing(Database(path, broken)) as new, pytest.raises(StoreUnavailable, match="syntax"):
        put(new, "b")
    with closing(Database(path, FIRST)) as old:
        assert all_of(old) == [("a",)]
        assert all_of(old, "SELECT count(*) FROM sqlite_master WHERE name = 'more'") == [(0,)]


def test_a_file_of_a_newer_version_is_left_alone(path: Path) -> None:
    with closing(Database(path, SECOND)) as new:
        put(new, "a")
    with closing(Database(path, FIRST)) as old, pytest.raises(StoreUnavailable, match="newer Headroom"):
        put(old, "b")
    with closing(Database(path, SECOND)) as new:
        assert all_of(new) == [("a", 7)]


def test_two_rooms_share_a_file(path: Path) -> None:
    with closing(Database(path, FIRST)) as one, closing(Database(path, OTHER)) as two:
        put(one, "a")
        two.write(lambda connection: connection.execute("INSERT INTO others VALUES ('b')"))
        put(one, "c")
        assert all_of(one) == [("a",), ("c",)]
        assert all_of(two, "SELECT * FROM others") == [("b",)]


def test_what_raises_within_a_transaction_undoes_it(path: Path) -> None:
    with closing(Database(path, FIRST)) as opened:
        put(opened, "a")

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM things")
            raise KeyError

        with pytest.raises(KeyError):
            opened.write(work)
        put(opened, "b")
        assert all_of(opened) == [("a",), ("b",)]


def test_what_was_written_into_a_file_that_lost_its_name_was_not_kept(path: Path) -> None:
    """Another process set the file aside at that moment: whoever looks for the text looks in the new one."""
    with closing(Database(path, FIRST)) as opened:
        put(opened, "a")

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT INTO things (name) VALUES ('b')")
            path.rename(path.with_name("aside"))

        with pytest.raises(StoreUnavailable, match="replaced"):
            opened.write(work)
        put(opened, "c")
        assert all_of(opened) == [("c",)]


@contextmanager
def another_writes(opened: Database) -> Iterator[threading.Event]:
    """In a thread of its own, until the event that is handed out."""
    inside, done = threading.Event(), threading.Event()

    def work(_: sqlite3.Connection) -> None:
        inside.set()
        done.wait(AGES)

    holder = threading.Thread(target=opened.write, args=(work,))
    holder.start()
    inside.wait(AGES)
    yield done
    done.set()
    holder.join()


def test_writers_of_one_process_wait_for_one_another_no_longer_than_they_may(path: Path) -> None:
    """The second one is refused while the first one still writes."""
    with closing(Database(path, FIRST, wait=0.05)) as opened:
        put(opened, "a")
        with another_writes(opened):
            with pytest.raises(StoreUnavailable, match=r"busy.*0\.05 s"):
                put(opened, "b")
            assert all_of(opened) == [("a",)]
        put(opened, "b")


@dataclass
class Queue:
    """The lock that writers queue at; where one comes, the first one is let go."""

    lock: threading.Lock
    first: threading.Event
    asked: list[float] = field(default_factory=list)

    def acquire(self, timeout: float) -> bool:
        self.asked.append(timeout)
        self.first.set()
        return self.lock.acquire(timeout=timeout)

    def release(self) -> None:
        self.lock.release()


def test_writers_of_one_process_wait_for_one_another_as_long_as_they_may(path: Path) -> None:
    with closing(Database(path, FIRST, wait=60)) as opened:
        put(opened, "a")
        lock = opened._process.writer
        with another_writes(opened) as done:
            opened._process.writer = queue = Queue(lock, done)  # type: ignore[assignment]  # one that can be watched
            put(opened, "b")
        assert queue.asked == [60]
        assert all_of(opened) == [("a",), ("b",)]


def test_many_connections_are_not_all_kept(path: Path) -> None:
    with closing(Database(path, FIRST)) as opened:
        put(opened, "a")
        barrier = threading.Barrier(20)

        def work(_: sqlite3.Connection) -> None:
            barrier.wait(AGES)

        threads = [threading.Thread(target=opened.read, args=(work,)) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(opened._process.idle) == database.IDLE_CONNECTIONS


def test_a_connection_keeps_few_pages(path: Path) -> None:
    """Each thread of a proxy has one, and all of them fill."""
    with closing(Database(path, FIRST)) as opened:
        assert all_of(opened, "PRAGMA cache_size") == [(-database.CACHE_KB,)]


def test_a_process_that_never_closes_leaves_a_sound_file(path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from headroom_core.storage.database import Database, Schema\n"
        "opened = Database(Path(sys.argv[1]), Schema('room', (('CREATE TABLE things (name TEXT)',),)))\n"
        "opened.write(lambda connection: connection.execute(\"INSERT INTO things VALUES ('a')\"))\n"
    )
    said = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", script, str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stderr == ""
    assert {each.name for each in path.parent.iterdir() if each.is_file()} == {"store.db"}
    with closing(Database(path, FIRST)) as opened:
        assert all_of(opened) == [("a",)]
