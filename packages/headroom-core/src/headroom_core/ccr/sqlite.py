"""The default store: one SQLite file for all threads and processes of a machine."""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from headroom_core.ccr.lifetime import QUOTA_BYTES, QUOTA_SHARE, SAFE_SECONDS, is_due
from headroom_core.errors import StoreUnavailable
from headroom_core.storage.database import WAIT_SECONDS, Database, Schema
from headroom_core.storage.sealing import KeyMissing, Sealing

logger = logging.getLogger(__name__)

SOON_SECONDS = 0.005  # how long a renewal waits for the file: it can be left to the next read
SWEEP_ROWS = 32  # expired texts that a put deletes at most
PURGE_ROWS = 256  # texts that one transaction of a purge deletes: others may write in between
WATCHED_TENANTS = 10_000  # that a process remembers; the rest is looked at once more
CHECKED_SHARE = 1 / 64  # of the quota, that a process puts before it looks again what a tenant has in all

SCHEMA = Schema(
    "ccr",
    (
        (
            "CREATE TABLE secrets (name TEXT PRIMARY KEY, secret BLOB NOT NULL)",
            """CREATE TABLE texts (id INTEGER PRIMARY KEY, tenant BLOB NOT NULL, key BLOB NOT NULL,
            expires REAL NOT NULL, keep REAL NOT NULL, size INTEGER NOT NULL, packed BLOB NOT NULL)""",
            "CREATE UNIQUE INDEX texts_by_key ON texts (tenant, key)",
            "CREATE INDEX texts_by_expiry ON texts (expires)",
            "CREATE INDEX texts_by_use ON texts (tenant, expires - keep, size)",
        ),
        ("ALTER TABLE texts ADD COLUMN mark BLOB NOT NULL DEFAULT x''",),  # of `packed`: a touch reads no text
    ),
    precious=("secrets",),
)

_PUT = (
    "INSERT INTO texts (tenant, key, expires, keep, size, packed, mark) VALUES (?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (tenant, key) DO UPDATE SET"
    " expires = excluded.expires, keep = excluded.keep, size = excluded.size, packed = excluded.packed,"
    " mark = excluded.mark"
)
_SWEEP = "DELETE FROM texts WHERE id IN (SELECT id FROM texts WHERE expires <= ? LIMIT ?)"
_GET = "SELECT packed, expires, keep FROM texts WHERE tenant = ? AND key = ?"
_TOUCH = "SELECT mark, expires, keep FROM texts WHERE tenant = ? AND key = ?"
_RENEW = "UPDATE texts SET expires = max(expires, ?) WHERE tenant = ? AND key = ?"
_FORGET = "DELETE FROM texts WHERE tenant = ? AND key = ?"
_PURGE = "DELETE FROM texts WHERE id IN (SELECT id FROM texts WHERE tenant = ? LIMIT ?)"
_SIZE = "SELECT sum(size) FROM texts WHERE tenant = ?"
_OLDEST = "SELECT id, size FROM texts WHERE tenant = ? AND expires - keep <= ? ORDER BY expires - keep LIMIT ?"

_Row = tuple[bytes, float, float]


class SqliteStore:
    """A `Store` in a SQLite file, which is opened at the first verb and made where there is none."""

    def __init__(
        self,
        path: Path | str,
        *,
        wait: float = WAIT_SECONDS,
        quota: int = QUOTA_BYTES,
        sealing: Sealing | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._database = Database(Path(path), SCHEMA, wait)
        self._quota = quota
        self._sealing = sealing or Sealing()
        self._now = now
        self._unchecked: dict[str, int] = {}  # bytes put by this process since it looked at a tenant's size

    @property
    def path(self) -> Path:
        """The file."""
        return self._database.path

    def secret(self) -> bytes:
        """The secret in the file; whichever process comes first makes it."""
        found = self._database.read(_read_secret)
        return found if found is not None else self._database.write(_make_secret)

    def put(self, tenant: str, texts: Mapping[str, str], *, keep_for: timedelta) -> None:
        """Keep all of the texts or none. Deletes a few expired ones on the way."""
        now, keep, owner = self._now(), keep_for.total_seconds(), _bytes(tenant)
        names = {_bytes(key): text for key, text in texts.items()}
        packed = {key: self._sealing.seal(text, owner, key) for key, text in names.items()}
        rows = [(owner, key, now + keep, keep, len(body), body, self._sealing.mark) for key, body in packed.items()]

        def work(connection: sqlite3.Connection) -> int:
            swept = connection.execute(_SWEEP, (now, SWEEP_ROWS)).rowcount
            connection.executemany(_PUT, rows)
            return swept

        if self._database.write(work) == SWEEP_ROWS:  # more goes than comes
            self._database.give_back(SWEEP_ROWS)
        self._watch_quota(tenant, sum(map(len, packed.values())))

    def get(self, tenant: str, keys: Sequence[str]) -> dict[str, str]:
        """Those of the keys that are still kept."""
        texts = {}
        for key, (packed, *_) in self._found(_GET, tenant, keys).items():
            try:
                texts[key] = self._sealing.open(packed, _bytes(tenant), _bytes(key))
            except KeyMissing:  # it stays, for whoever has the key
                continue
            except ValueError as error:  # it counts as gone, so that whoever still has the text puts it again
                logger.warning("The store %s lost %r: %s", self.path, key, error)
                self._write_soon(_FORGET, [(_bytes(tenant), _bytes(key))])
        return texts

    def touch(self, tenant: str, keys: Sequence[str]) -> frozenset[str]:
        """Those of the keys that are still kept, their time started anew."""
        found = self._found(_TOUCH, tenant, keys)
        return frozenset(key for key, (mark, *_) in found.items() if mark == self._sealing.mark)

    def purge(self, tenant: str) -> int:
        """Forget everything of a tenant, on disk too; the number of texts that went."""
        gone, owner = 0, _bytes(tenant)
        while deleted := self._database.write(lambda connection: _delete(connection, owner)):
            gone += deleted
            self._database.give_back(8 * PURGE_ROWS)
        self._database.read(_empty_log)
        return gone

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _found(self, query: str, tenant: str, keys: Sequence[str]) -> dict[str, _Row]:
        now, owner = self._now(), _bytes(tenant)
        found: dict[str, _Row] = {}
        due = []

        def work(connection: sqlite3.Connection) -> None:
            for key in keys:
                row: _Row | None = connection.execute(query, (owner, _bytes(key))).fetchone()
                if row is not None and row[1] > now:
                    found[key] = row

        self._database.read(work)
        for key, (_, expires, keep) in found.items():
            if is_due(now - expires + keep, keep):
                due.append((now + keep, owner, _bytes(key)))
        if due:
            self._write_soon(_RENEW, due)
        return found

    def _watch_quota(self, tenant: str, put: int) -> None:
        """Look at a tenant's size now and then, and make room where it is over the quota."""
        unchecked = self._unchecked.get(tenant, self._quota) + put
        if unchecked < CHECKED_SHARE * self._quota:
            self._unchecked[tenant] = unchecked
            return
        if len(self._unchecked) >= WATCHED_TENANTS:
            self._unchecked.clear()
        self._unchecked[tenant] = 0
        try:
            self._make_room(_bytes(tenant))
        except StoreUnavailable as error:  # what was put is kept all the same
            logger.debug("room is made with a later put: %s", error)

    def _make_room(self, owner: bytes) -> None:
        size = self._database.read(lambda connection: connection.execute(_SIZE, (owner,)).fetchone()[0] or 0)
        if size <= self._quota:
            return
        safe = self._now() - SAFE_SECONDS
        while size > QUOTA_SHARE * self._quota:
            excess = size - int(QUOTA_SHARE * self._quota)
            freed = self._database.write(lambda connection: _evict(connection, owner, safe, excess))  # noqa: B023
            if not freed:
                logger.info("The store %s keeps more of a tenant than its quota: all of it is in use", self.path)
                return
            size -= freed
            self._database.give_back(PURGE_ROWS)

    def _write_soon(self, statement: str, rows: Sequence[tuple[float | bytes, ...]]) -> None:
        """Write now or, where the file is locked, not at all: the next read will want the same again."""
        try:
            self._database.write(lambda connection: connection.executemany(statement, rows), SOON_SECONDS)
        except StoreUnavailable as error:
            logger.debug("left to a later read: %s", error)


def _read_secret(connection: sqlite3.Connection) -> bytes | None:
    found = connection.execute("SELECT secret FROM secrets WHERE name = 'handles'").fetchone()
    return bytes(found[0]) if found else None


def _make_secret(connection: sqlite3.Connection) -> bytes:
    connection.execute("INSERT OR IGNORE INTO secrets VALUES ('handles', ?)", (os.urandom(32),))
    found = _read_secret(connection)
    assert found is not None  # noqa: S101  # it was just written, or had been
    return found


def _evict(connection: sqlite3.Connection, owner: bytes, safe: float, excess: int) -> int:
    """Delete some of the least recently used texts, no more than it takes; the bytes that went."""
    freed = 0
    for identity, size in connection.execute(_OLDEST, (owner, safe, PURGE_ROWS)).fetchall():
        if freed >= excess:
            break
        connection.execute("DELETE FROM texts WHERE id = ?", (identity,))
        freed += size
    return freed


def _delete(connection: sqlite3.Connection, tenant: bytes) -> int:
    connection.execute("PRAGMA secure_delete = ON")  # overwritten, whatever that costs
    deleted = connection.execute(_PURGE, (tenant, PURGE_ROWS)).rowcount
    connection.execute("PRAGMA secure_delete = FAST")
    return deleted


def _empty_log(connection: sqlite3.Connection) -> None:
    """Take what was deleted out of the write-ahead log as well. Does nothing while others read from it."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _bytes(name: str) -> bytes:
    """Names as bytes: SQLite's text can't hold a lone surrogate."""
    return name.encode("utf-8", "surrogatepass")
