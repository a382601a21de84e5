"""Stores by URL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from headroom_core.ccr.lifetime import QUOTA_BYTES
from headroom_core.ccr.memory import MemoryStore
from headroom_core.ccr.sqlite import SqliteStore
from headroom_core.errors import SettingError
from headroom_core.storage.sealing import Sealing
from headroom_core.types import Store

EXPECTED_REDIS = (
    "redis://:password@host:6379/0, rediss://... for TLS, redis+cluster://host:port,host:port "
    "or redis+sentinel://host:port,host:port/service"
)
EXPECTED = f"memory://, sqlite:///folder/store.db, sqlite:////absolute/store.db, {EXPECTED_REDIS}"

WAIT_SECONDS = 0.05  # a request must not wait longer for its store

_SCHEME = re.compile(r"[a-z]+(?:\+[a-z]+)?")
_HOST = r"(?:\[[0-9A-Fa-f:.]+\]|[\w.-]+)(?::\d+)?"
_REDIS = re.compile(rf"(?:[^/?#]*@)?(?P<shown>{_HOST}(?:,{_HOST})*(?:/[\w./-]*)?)(?:\?[^@#]*)?")


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
        raise SettingError(f"a name without :// is not the URL of a store; expected {EXPECTED}")
    if scheme == "memory" and not rest:
        return MemoryStore(quota=quota)
    if scheme == "sqlite":
        return SqliteStore(_path(url, rest), wait=wait, quota=quota, sealing=sealing)
    if scheme in ("redis", "rediss") or scheme.startswith("redis+"):
        return _redis(url, wait, sealing)
    raise SettingError(f"{name_of(url)} names no store that is known; expected {EXPECTED}")


def name_of(url: str) -> str:
    """The URL as it may be shown: without a password, and without anything that could be a piece of one.

    A password may hold what divides a URL, and then its end can't be told: of such a URL only the scheme is shown.
    """
    scheme, separator, rest = url.partition("://")
    if scheme in ("memory", "sqlite") or (not separator and url.isidentifier()):  # or the class of a store
        return url
    found = _REDIS.fullmatch(rest) if scheme.startswith("redis") else None
    shown = "..." if found is None else found["shown"]
    return f"{scheme}://{shown}" if _SCHEME.fullmatch(scheme) else "..."


def is_plain(url: str) -> bool:
    """Whether the parts of a Redis URL can be told from each other."""
    return _REDIS.fullmatch(url.partition("://")[2]) is not None


def _path(url: str, rest: str) -> Path:
    if not rest.startswith("/"):
        raise SettingError("sqlite:// has two slashes before the path; expected three: sqlite:///store.db")
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
