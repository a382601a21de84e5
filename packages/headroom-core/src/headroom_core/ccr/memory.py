"""A store in the memory of one process: for tests, demos and single runs. Forgets everything when the process ends."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock

from headroom_core.errors import StoreUnavailable


@dataclass(slots=True)
class _Kept:
    text: str
    keep: float  # seconds
    expires: float  # by the store's clock


class MemoryStore:
    """A `Store` in memory."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._kept: dict[tuple[str, str], _Kept] = {}
        self._secret = os.urandom(32)
        self._puts_until_sweep = 0
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
            for key, text in texts.items():
                self._kept[tenant, key] = _Kept(text, keep, now + keep)
            self._puts_until_sweep -= 1
            if self._puts_until_sweep < 0:
                self._sweep(now)

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
            entries = [entry for entry in self._kept if entry[0] == tenant]
            for entry in entries:
                del self._kept[entry]
            return len(entries)

    def close(self) -> None:
        """Forget everything."""
        with self._lock:
            self._closed = True
            self._kept.clear()

    def _renewed(self, tenant: str, keys: Sequence[str]) -> dict[str, _Kept]:
        now = self._now()
        found = {}
        with self._lock:
            self._check_open()
            for key in keys:
                kept = self._kept.get((tenant, key))
                if kept is not None and kept.expires > now:
                    kept.expires = now + kept.keep
                    found[key] = kept
        return found

    def _sweep(self, now: float) -> None:
        """Drop what has expired. Runs once in as many puts as there are entries: a put stays cheap on average."""
        for entry in [entry for entry, kept in self._kept.items() if kept.expires <= now]:
            del self._kept[entry]
        self._puts_until_sweep = len(self._kept)

    def _check_open(self) -> None:
        if self._closed:
            raise StoreUnavailable("the store in memory is closed")
