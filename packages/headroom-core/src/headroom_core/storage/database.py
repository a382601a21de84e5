"""Opening SQLite so that several threads and processes share one file, and no fault of the file stops anybody.

A `Database` connects at its first use. Whatever goes wrong is `StoreUnavailable`; a file that isn't a sound
database any more is set aside under a new name and a fresh one is begun. Rooms bring their tables as a `Schema`.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import time
import weakref
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import ClassVar, TypeVar

from headroom_core.errors import StoreUnavailable
from headroom_core.storage.files import identity, make_private, set_aside

logger = logging.getLogger(__name__)

WAIT_SECONDS = 0.05  # for another writer; a request must not wait longer for its store
OPENING_SECONDS = 0.5  # once, at first use: other processes may be making the file at the same moment
FIRST_PAUSE, LONGEST_PAUSE = 0.0002, 0.002  # seconds between two tries for a lock that another process holds
IDLE_CONNECTIONS = 8  # kept open for the next caller; threads past that open their own
LOOK_SECONDS = 0.1  # after which a reader looks again whether the name still means the same file
CACHE_KB = 512  # of pages that a connection keeps: enough to find a text by; the system keeps the file besides
WAL_BYTES = 16 << 20  # to which the write-ahead log is cut after a burst

_UNSOUND = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]


@dataclass(frozen=True, slots=True)
class Schema:
    """The tables of one room. Several rooms may keep theirs in one file."""

    name: str
    steps: tuple[tuple[str, ...], ...]  # SQL statements; a file's version is how many steps it has seen. Only append
    precious: tuple[str, ...] = ()  # tables that are carried over from a damaged file where they can be read


@dataclass(frozen=True, slots=True)
class _Link:
    """A connection, and the file that it is on: another one may bear the name by now."""

    connection: sqlite3.Connection
    file: tuple[int, int] | None


@dataclass(slots=True, weakref_slot=True)
class _Process:
    """What belongs to one process: connections don't survive a fork."""

    pid: int
    idle: list[_Link] = field(default_factory=list)
    file: tuple[int, int] | None = None  # that bore the name when it was last looked for
    looked: float = 0.0  # when that was
    writer: Lock = field(default_factory=Lock)  # writers of this process queue here rather than poll the file


_inherited: list[_Process] = []  # of a parent process: never used, and never closed, which would touch its locks


class Database:
    """A SQLite file. Safe to use from several threads, several processes, and after a fork."""

    _opening: ClassVar[Lock] = Lock()  # one at a time in a process: see `make_private`

    def __init__(self, path: Path, schema: Schema, wait: float = WAIT_SECONDS) -> None:
        self.path = path
        self._schema = schema
        self._wait = wait
        self._closed = False
        self._patience = max(wait, OPENING_SECONDS)
        self._process = _Process(os.getpid())
        self._unsound: tuple[int, int] | None = None  # the file in which damage was met
        self._finalizer = weakref.finalize(self, _close_idle, self._process)

    def read(self, work: Work[T]) -> T:
        """What `work` makes of a connection. It only reads, and may be called again when the file was locked."""
        return self._retry(work, self._wait)

    def write(self, work: Work[T], wait: float | None = None) -> T:
        """What `work` makes of a connection, in one transaction: kept as a whole once this returns, or not at all."""
        wait = self._wait if wait is None else wait
        writer = self._here().writer
        if not writer.acquire(timeout=max(wait, self._patience)):
            raise StoreUnavailable(f"the store {self.path} is busy: another thread has been writing for {wait:g} s")
        try:
            return self._retry(work, wait, writes=True)
        finally:
            writer.release()

    def give_back(self, pages: int) -> None:
        """Cut so many free pages off the file, at the most. While others write it may do nothing."""
        # Python steps a statement without columns only once, and this one has a step for each page: hence a script.
        script = f"PRAGMA incremental_vacuum({pages})"
        try:
            self._retry(lambda connection: connection.executescript(script), 0.0)
        except StoreUnavailable as error:
            logger.debug("free pages stay in the file: %s", error)

    def close(self) -> None:
        """Close the file. It can't be used afterwards."""
        self._closed = True
        self._finalizer()

    def _retry(self, work: Work[T], wait: float, *, writes: bool = False) -> T:
        """Try until the wait is over; every failure but that of the caller's own making is `StoreUnavailable`."""
        deadline, pause = 0.0, FIRST_PAUSE
        while True:
            try:
                done = self._attempt(work, writes=writes)
                self._patience = 0.0
                return done
            except sqlite3.Error as error:
                deadline = deadline or time.monotonic() + max(wait, self._patience)
                if not _is_busy(error) or time.monotonic() >= deadline:
                    self._patience = 0.0
                    raise StoreUnavailable(f"the store {self.path} can't be used: {error}") from error
            except OSError as error:
                self._patience = 0.0
                raise StoreUnavailable(f"the store {self.path} can't be opened: {error}") from error
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _attempt(self, work: Work[T], *, writes: bool) -> T:
        link, sound = self._link(sure=writes), False
        try:
            if writes:
                link.connection.execute("BEGIN IMMEDIATE")
            done = work(link.connection)
            if writes:
                link.connection.execute("COMMIT")
            sound = True
        except sqlite3.Error as error:
            sound = _is_busy(error) and not link.connection.in_transaction
            if _code(error) in _UNSOUND:
                self._unsound = link.file
            raise
        finally:
            idle = self._process.idle
            if sound and not self._closed and len(idle) < IDLE_CONNECTIONS:
                idle.append(link)
            else:
                link.connection.close()
        if writes and identity(self.path) != link.file:
            raise StoreUnavailable(f"the store {self.path} was replaced while it was written")
        return done

    def _link(self, *, sure: bool) -> _Link:
        """An idle connection on the file that bears the name now, or a new one.

        Another process may have set the file aside, or somebody removed it: looked for by whoever wants to be sure,
        and else once in a while.
        """
        process = self._here()
        now = time.monotonic()
        if sure or now - process.looked > LOOK_SECONDS:
            process.file, process.looked = identity(self.path), now
        while process.idle:
            try:
                link = process.idle.pop()
            except IndexError:  # another thread took it
                break
            if link.file == process.file and link.file is not None and link.file != self._unsound:
                return link
            link.connection.close()
        return self._connect()

    def _here(self) -> _Process:
        if self._closed:
            raise StoreUnavailable(f"the store {self.path} is closed")
        if self._process.pid != os.getpid():
            _inherited.append(self._process)
            self._finalizer.detach()
            self._process = _Process(os.getpid())
            self._finalizer = weakref.finalize(self, _close_idle, self._process)
        return self._process

    def _connect(self) -> _Link:
        with Database._opening:
            aside = None if self._unsound is None else self._set_aside(self._unsound)
            try:
                link = self._open()
            except sqlite3.DatabaseError as error:
                broken = identity(self.path)
                if _code(error) not in _UNSOUND or broken is None:
                    raise
                aside = self._set_aside(broken)
                link = self._open()
            if aside is not None:
                _carry_over(link.connection, self._schema, aside)
            self._process.file, self._process.looked = link.file, time.monotonic()
            return link

    def _open(self) -> _Link:
        make_private(self.path)
        connection = sqlite3.connect(self.path, timeout=0, isolation_level=None, check_same_thread=False)
        link, ready = _Link(connection, identity(self.path)), False
        try:
            _set_up(connection, self._schema)
            ready = True
            return link
        finally:
            if not ready:
                connection.close()

    def _set_aside(self, broken: tuple[int, int]) -> Path | None:
        _close_idle(self._process)
        aside = set_aside(self.path, broken)
        self._unsound = None
        if aside is not None:
            logger.warning("The store %s is damaged. It was set aside as %s, and a new one is begun", self.path, aside)
        return aside


if hasattr(os, "register_at_fork"):  # the parent may have been opening a file while it forked
    os.register_at_fork(after_in_child=lambda: setattr(Database, "_opening", Lock()))


def _set_up(connection: sqlite3.Connection, schema: Schema) -> None:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if tables and "headroom_schema" not in tables:
        raise StoreUnavailable("the store's file is another program's database; name a file of Headroom's own")
    if not tables:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # counts only before the first table
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KB}")  # of SQLite's 2 MB, in each connection
    connection.execute("PRAGMA synchronous = NORMAL")  # survives any crash but that of the machine
    connection.execute("PRAGMA secure_delete = FAST")  # what is deleted is overwritten where that costs nothing
    connection.execute(f"PRAGMA journal_size_limit = {WAL_BYTES}")
    if not tables or _version(connection, schema) != len(schema.steps):
        _migrate(connection, schema)


def _migrate(connection: sqlite3.Connection, schema: Schema) -> None:
    """Bring the tables up to date. Another process may just have done it: the version is read again inside."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("CREATE TABLE IF NOT EXISTS headroom_schema (name TEXT PRIMARY KEY, version INTEGER NOT NULL)")
    version = _version(connection, schema)
    if version > len(schema.steps):
        raise StoreUnavailable(
            f"the store was written by a newer Headroom ({schema.name}, version {version}; this one knows "
            f"{len(schema.steps)}); update Headroom or name another file"
        )
    for step in schema.steps[version:]:
        for statement in step:
            connection.execute(statement)
    connection.execute("INSERT OR REPLACE INTO headroom_schema VALUES (?, ?)", (schema.name, len(schema.steps)))
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection, schema: Schema) -> int:
    found = connection.execute("SELECT version FROM headroom_schema WHERE name = ?", (schema.name,)).fetchone()
    return int(found[0]) if found else 0


def _carry_over(connection: sqlite3.Connection, schema: Schema, aside: Path) -> None:
    """Copy what is precious out of a damaged file, where it can still be read."""
    try:
        with closing(sqlite3.connect(aside)) as damaged:
            for table in schema.precious:
                for row in damaged.execute(f"SELECT * FROM {table}").fetchall():  # noqa: S608  # no name of a guest's
                    marks = ", ".join("?" * len(row))
                    connection.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row)  # noqa: S608
    except sqlite3.Error as error:
        logger.info("Nothing of %s could be carried over: %s", aside, error)


def _close_idle(process: _Process) -> None:
    if process.pid != os.getpid():
        return
    while process.idle:
        try:
            process.idle.pop().connection.close()
        except IndexError:  # another thread took it
            return


def _is_busy(error: sqlite3.Error) -> bool:
    return _code(error) in _BUSY


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code; 0 for errors of Python's own module."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF
