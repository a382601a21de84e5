"""Stores by URL."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from headroom_core.ccr.lifetime import QUOTA_BYTES
from headroom_core.ccr.memory import MemoryStore
from headroom_core.ccr.sqlite import SqliteStore
from headroom_core.errors import SettingError
from headroom_core.storage.sealing import Sealing
from headroom_core.types import Store

EXPECTED = "memory://, sqlite:///folder/store.db, sqlite:////absolute/store.db or redis://host:6379/0"


WAIT_SECONDS = 0.05  # a request must not wait longer for its store


def open_store(
    url: str, *, wait: float = WAIT_SECONDS, quota: int = QUOTA_BYTES, encryption_keys: Sequence[bytes] = ()
) -> Store:
    """The store that a URL names. Nothing is opened or reached before its first verb.

    After `sqlite:///` all is the file's path, letter for letter; a leading `~` is the user's home.

    Args:
        url: its scheme says which store, see `EXPECTED`.
        wait: seconds that a verb may wait for a lock or an answer, before it gives up.
        quota: bytes that a tenant may fill; a Redis has a `maxmemory` of its own instead.
        encryption_keys: of 32 bytes each; the first one encrypts, all of them decrypt. In memory nothing is encrypted.

    Raises:
        SettingError: the URL names no store, or a key is no key.
    """
    sealing = Sealing(encryption_keys)
    scheme, separator, rest = url.partition("://")
    if not separator:
        raise SettingError(f"{url!r} is not the URL of a store; expected {EXPECTED}")
    if scheme == "memory" and not rest:
        return MemoryStore(quota=quota)
    if scheme == "sqlite":
        return SqliteStore(_path(url, rest), wait=wait, quota=quota, sealing=sealing)
    if scheme in ("redis", "rediss") or scheme.startswith("redis+"):
        return _redis(url, wait, sealing)
    raise SettingError(f"{scheme}:// names no store that is known; expected {EXPECTED}")


def name_of(url: str) -> str:
    """The URL as it may be shown: without a password."""
    scheme, separator, rest = url.partition("://")
    if not scheme.startswith("redis"):
        return url
    authority, slash, path = rest.partition("/")
    return scheme + separator + authority.rpartition("@")[2] + slash + path.partition("?")[0]


def _path(url: str, rest: str) -> Path:
    if not rest.startswith("/"):
        raise SettingError(f"{url!r} has two slashes before the path; expected three: sqlite:///{rest or 'store.db'}")
    if rest in ("/", "/:memory:") or rest.endswith("/") or "\0" in rest:
        raise SettingError(f"{url!r} names no file; expected {EXPECTED}")
    return Path(rest[1:]).expanduser()


def _redis(url: str, wait: float, sealing: Sealing) -> Store:
    try:
        from headroom_core.ccr.redis_urls import open_redis
    except ImportError as error:
        raise SettingError(
            f"a store in Redis needs the redis library ({error}): pip install 'headroom-core[redis]'"
        ) from error
    return open_redis(url, wait, sealing)
