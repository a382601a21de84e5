"""Stores by URL."""

from __future__ import annotations

from pathlib import Path

from headroom_core.ccr.memory import MemoryStore
from headroom_core.ccr.sqlite import SqliteStore
from headroom_core.errors import SettingError
from headroom_core.types import Store

EXPECTED = "memory://, sqlite:///folder/store.db, sqlite:////absolute/store.db or redis://host:6379/0"


WAIT_SECONDS = 0.05  # a request must not wait longer for its store


def open_store(url: str, *, wait: float = WAIT_SECONDS) -> Store:
    """The store that a URL names. Nothing is opened or reached before its first verb.

    `wait` is how many seconds a verb may wait for a lock or an answer, before it gives up.

    After `sqlite:///` all is the file's path, letter for letter; a leading `~` is the user's home.

    Raises:
        SettingError: the URL names no store.
    """
    scheme, separator, rest = url.partition("://")
    if not separator:
        raise SettingError(f"{url!r} is not the URL of a store; expected {EXPECTED}")
    if scheme == "memory" and not rest:
        return MemoryStore()
    if scheme == "sqlite":
        return SqliteStore(_path(url, rest), wait=wait)
    if scheme in ("redis", "rediss") or scheme.startswith("redis+"):
        return _redis(url, wait)
    raise SettingError(f"{scheme}:// names no store that is known; expected {EXPECTED}")


def _path(url: str, rest: str) -> Path:
    if not rest.startswith("/"):
        raise SettingError(f"{url!r} has two slashes before the path; expected three: sqlite:///{rest or 'store.db'}")
    if rest in ("/", "/:memory:") or rest.endswith("/") or "\0" in rest:
        raise SettingError(f"{url!r} names no file; expected {EXPECTED}")
    return Path(rest[1:]).expanduser()


def _redis(url: str, wait: float) -> Store:
    try:
        from headroom_core.ccr.redis_urls import open_redis
    except ImportError as error:
        raise SettingError(
            f"a store in Redis needs the redis library ({error}): pip install 'headroom-core[redis]'"
        ) from error
    return open_redis(url, wait)
