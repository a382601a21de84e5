"""A store in the memory of one process: for tests, demos and single runs. Forgets everything when the process ends."""

from __future__ import annotations

import logging
import os
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock

from headroom_core.ccr.lifetime import QUOTA_BYTES, QUOTA_SHARE, SAFE_SECONDS
from headroom_core.errors import StoreUnavailable

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Kept:
    text: str
    keep: float  # seconds after the last use
    used: float  # when that was, by the store's clock


@dataclass(slots=True)
class _Tenant:
    kept: OrderedDict[str, _Kept] = field(default_factory=OrderedDict)  # the least recently used first
    size: int = 0  # characters
    puts_until_sweep: int = 0


class MemoryStore:
    """A `Store` in memory. Its quota counts characters of the texts themselves."""

    def __init__(self, *, quota: int = QUOTA_BYTES, now: Callable[[], float] = time.time) -> None:
        self._quota = quota
        self._now = now
        self._tenants: dict[str, _Tenant] = {}
        self._secret = os.urandom(32)
        self._closed = False
        self._lock = Lock()

    def secret(self) -> bytes:
        """Made with the store, and gone with it."""
        with self._lock:
            self._check_open()
            return self._secret

    def put(self, tenant: str, texts: Mapping[str, str], *, keep_for: timedelta) -> None:
        """Keep all of the texts."""
        now, keep = self._now(), keep_for.total_seconds()
        with self._lock:
            self._check_open()
            owner = self._tenants.setdefault(tenant, _Tenant())
            for key, text in texts.items():
                _drop(owner, key)
                owner.kept[key] = _Kept(text, keep, now)
                owner.size += len(text)
            self._sweep(owner, now)
            if owner.size > self._quota:
                self._make_room(tenant, owner, now)

    def get(self, tenant: str, keys: Sequence[str]) -> dict[str, str]:
        """Those of the keys that are still kept."""
        return {key: kept.text for key, kept in self._renewed(tenant, keys).items()}

    def touch(self, tenant: str, keys: Sequence[str]) -> frozenset[str]:
        """Those of the keys that are still kept, their time started anew."""
        return frozenset(self._renewed(tenant, keys))

    def purge(self, tenant: str) -> int:
        """Forget everything of a tenant; the number of texts that went."""
        with self._lock:
            self._check_open()
            owner = self._tenants.pop(tenant, _Tenant())
            return len(owner.kept)

    def close(self) -> None:
        """Forget everything."""
        with self._lock:
            self._closed = True
            self._tenants.clear()

    def _renewed(self, tenant: str, keys: Sequence[str]) -> dict[str, _Kept]:
        now = self._now()
        found = {}
        with self._lock:
            self._check_open()
            owner = self._tenants.get(tenant, _Tenant())
            for key in keys:
                kept = owner.kept.get(key)
                if kept is not None and kept.used + kept.keep > now:
                    kept.used = now
                    owner.kept.move_to_end(key)
                    found[key] = kept
        return found

    def _sweep(self, owner: _Tenant, now: float) -> None:
        """Drop what has expired. Runs once in as many puts as there are texts: a put stays cheap on average."""
        owner.puts_until_sweep -= 1
        if owner.puts_until_sweep >= 0:
            return
        for key in [key for key, kept in owner.kept.items() if kept.used + kept.keep <= now]:
            _drop(owner, key)
        owner.puts_until_sweep = len(owner.kept)

    def _make_room(self, tenant: str, owner: _Tenant, now: float) -> None:
        while owner.size > QUOTA_SHARE * self._quota:
            key, oldest = next(iter(owner.kept.items()))
            if oldest.used > now - SAFE_SECONDS:
                logger.debug("The store in memory keeps more of %r than its quota: all of it is in use", tenant)
                return
            _drop(owner, key)

    def _check_open(self) -> None:
        if self._closed:
            raise StoreUnavailable("the store in memory is closed")


def _drop(owner: _Tenant, key: str) -> None:
    kept = owner.kept.pop(key, None)
    if kept is not None:
        owner.size -= len(kept.text)
