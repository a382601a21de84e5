"""A store in Redis: one for all machines of a team. Needs the extra `redis`.

All of a tenant's texts bear the same hash tag, so on a cluster they live on one node, and a put is one transaction
there. Times to live are the server's: clocks of the clients don't matter. Give Redis a `maxmemory-policy` of
`noeviction` or `volatile-lru`; the secret has no time to live and must not be evicted.
"""

from __future__ import annotations

import logging
import os
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from hashlib import blake2b
from threading import Lock
from typing import Any

from redis.exceptions import RedisClusterException, RedisError, ResponseError

from headroom_core.ccr.lifetime import is_due
from headroom_core.errors import StoreUnavailable
from headroom_core.storage.sealing import MARK_BYTES, KeyMissing, Sealing, mark_of

logger = logging.getLogger(__name__)

PURGE_KEYS = 500  # that one round trip of a purge looks at, and deletes
LONGEST_KEEP = 10 * 365 * 86_400.0  # seconds; what a Redis counts in milliseconds must not overflow

_SECRET = "headroom:secret"  # noqa: S105  # the name under which it is kept
_KEEP = struct.Struct(">d")  # in front of a text: the seconds it is kept for after its last use


class RedisStore:
    """A `Store` in a Redis server or cluster, which is reached at the first verb."""

    def __init__(self, connect: Callable[[], Any], name: str, sealing: Sealing | None = None) -> None:
        """`connect` makes a client of the redis library, `name` is how messages call the place: without passwords."""
        self._connect = connect
        self._name = name
        self._sealing = sealing or Sealing()
        self._made: Any = None  # redis types every answer as a union with an awaitable of it
        self._closed = False
        self._lock = Lock()

    def secret(self) -> bytes:
        """The secret on the server; whichever process comes first makes it."""
        with self._client() as client:
            client.set(_SECRET, os.urandom(32), nx=True)
            found = client.get(_SECRET)
        if found is None:
            raise StoreUnavailable(f"the store {self._name} lost its secret between two commands")
        return bytes(found)

    def put(self, tenant: str, texts: Mapping[str, str], *, keep_for: timedelta) -> None:
        """Keep all of the texts or none, in one round trip."""
        keep = min(keep_for.total_seconds(), LONGEST_KEEP)
        if not texts:
            return
        head, owner = _KEEP.pack(keep), _prefix(tenant)
        sealed = {
            owner + _bytes(key): head + self._sealing.seal(text, owner, _bytes(key)) for key, text in texts.items()
        }
        with self._client() as client, client.pipeline(transaction=True) as commands:
            for key, value in sealed.items():
                commands.set(key, value, px=_milliseconds(keep))
            commands.execute()

    def get(self, tenant: str, keys: Sequence[str]) -> dict[str, str]:
        """Those of the keys that are still kept: one round trip, and once in some minutes a second one."""
        if not keys:
            return {}
        with self._client() as client:
            found = self._found(client, tenant, keys, whole=True)
            texts, damaged, owner = {}, [], _prefix(tenant)
            for key, value in found.items():
                try:
                    texts[key] = self._sealing.open(value[_KEEP.size :], owner, _bytes(key))
                except KeyMissing:  # it stays, for whoever has the key
                    continue
                except ValueError as error:  # it counts as gone, so that whoever still has the text puts it again
                    logger.warning("The store %s lost %r: %s", self._name, key, error)
                    damaged.append(_key(tenant, key))
            if damaged:
                client.unlink(*damaged)
        return texts

    def touch(self, tenant: str, keys: Sequence[str]) -> frozenset[str]:
        """Those of the keys that are still kept, their time started anew."""
        if not keys:
            return frozenset()
        with self._client() as client:
            found = self._found(client, tenant, keys, whole=False)
        return frozenset(key for key, head in found.items() if mark_of(head[_KEEP.size :]) == self._sealing.mark)

    def purge(self, tenant: str) -> int:
        """Forget everything of a tenant; the number of texts that went."""
        gone = 0
        with self._client() as client:
            node = _node_of(client, tenant)
            cursor = -1
            while cursor != 0:
                cursor, keys = _scan(client, node, max(cursor, 0), _prefix(tenant) + b"*")
                gone += client.unlink(*keys) if keys else 0
        return gone

    def about(self) -> dict[str, str]:
        """What the server says of itself, by the names of `INFO`, and its setting `save`; "?" for what it won't say."""
        with self._client() as client:
            told = client.info()
            try:
                saves = client.config_get("save")["save"]
            except (ResponseError, KeyError):  # hosts of Redis don't let everybody ask
                saves = "?"
        names = ("redis_version", "maxmemory", "maxmemory_policy", "aof_enabled")
        return {**{name: str(told.get(name, "?")) for name in names}, "save": saves}

    def close(self) -> None:
        """Close the connections."""
        self._closed = True
        if self._made is not None:
            self._made.close()

    def _found(self, client: Any, tenant: str, keys: Sequence[str], *, whole: bool) -> dict[str, bytes]:
        """What the keys hold, or the heads of it; those that were not renewed for a while are."""
        names = [_key(tenant, key) for key in dict.fromkeys(keys)]
        with client.pipeline(transaction=False) as commands:
            for name in names:
                commands.get(name) if whole else commands.getrange(name, 0, _KEEP.size + MARK_BYTES - 1)
                commands.pttl(name)
            answers = commands.execute()
        found, due = {}, {}
        for key, name, value, left in zip(dict.fromkeys(keys), names, answers[::2], answers[1::2], strict=True):
            if value is None or len(value) < _KEEP.size:
                continue
            found[key] = bytes(value)
            (keep,) = _KEEP.unpack_from(value)
            if is_due(keep - left / 1000, keep):
                due[name] = _milliseconds(keep)
        if due:
            with client.pipeline(transaction=False) as commands:
                for name, milliseconds in due.items():
                    commands.pexpire(name, milliseconds)
                commands.execute()
        return found

    @contextmanager
    def _client(self) -> Iterator[Any]:
        """The client; whatever goes wrong with it is `StoreUnavailable`."""
        if self._closed:
            raise StoreUnavailable(f"the store {self._name} is closed")
        try:
            with self._lock:
                if self._made is None:
                    self._made = self._connect()
            yield self._made
        except (RedisError, RedisClusterException, OSError) as error:
            raise StoreUnavailable(f"the store {self._name} can't be used: {_said(error)}") from error


def _said(error: Exception) -> str:
    """One line, without the address and what stands in it; of a pipeline without the command, which holds a text."""
    said = str(error).rpartition(" of pipeline caused error: ")[2]
    return (said or type(error).__name__).splitlines()[0][:200]


def _prefix(tenant: str) -> bytes:
    """What all keys of a tenant begin with. A digest: a tenant's name may hold braces, and is nobody's business."""
    digest = blake2b(tenant.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return f"headroom:{{{digest}}}:".encode()


def _key(tenant: str, key: str) -> bytes:
    return _prefix(tenant) + _bytes(key)


def _bytes(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")


def _milliseconds(seconds: float) -> int:
    return max(1, int(seconds * 1000))


def _node_of(client: Any, tenant: str) -> Any:
    """The cluster's node that holds a tenant; None on a single server."""
    if not hasattr(client, "get_node_from_key"):
        return None
    client.exists(_prefix(tenant))  # learns where the slot is, if it has moved
    return client.get_node_from_key(_prefix(tenant))


def _scan(client: Any, node: Any, cursor: int, pattern: bytes) -> tuple[int, list[bytes]]:
    if node is None:
        return client.scan(cursor, pattern, PURGE_KEYS)  # type: ignore[no-any-return]  # see `_made`
    cursors, keys = client.scan(cursor, pattern, PURGE_KEYS, target_nodes=node)
    return next(iter(cursors.values())), keys
