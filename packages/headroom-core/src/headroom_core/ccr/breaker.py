"""A store that failed is left alone for a while, so that no request waits for it twice."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from threading import Lock

from headroom_core.errors import StoreUnavailable
from headroom_core.types import Store

logger = logging.getLogger(__name__)

REST_SECONDS = 5.0  # after a failure; one request then tries the store again


class GuardedStore:
    """A store behind a circuit breaker: the breaker opens at a failure and closes at the next success.

    While it is open every verb raises `StoreUnavailable` at once. After `rest` seconds one caller tries again.
    """

    def __init__(self, store: Store, rest: float = REST_SECONDS, now: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._rest = rest
        self._now = now
        self._closed_again: float | None = None  # when the next caller may try; None: the breaker is closed
        self._reason = ""
        self._lock = Lock()

    @property
    def reason(self) -> str:
        """What the last failure said; empty while the breaker is closed."""
        return self._reason

    def secret(self) -> bytes:
        """As the store behind it."""
        with self._guarded():
            return self._store.secret()

    def put(self, tenant: str, texts: Mapping[str, str], *, keep_for: timedelta) -> None:
        """As the store behind it."""
        with self._guarded():
            self._store.put(tenant, texts, keep_for=keep_for)

    def get(self, tenant: str, keys: Sequence[str]) -> dict[str, str]:
        """As the store behind it."""
        with self._guarded():
            return self._store.get(tenant, keys)

    def touch(self, tenant: str, keys: Sequence[str]) -> frozenset[str]:
        """As the store behind it."""
        with self._guarded():
            return self._store.touch(tenant, keys)

    def purge(self, tenant: str) -> int:
        """As the store behind it."""
        with self._guarded():
            return self._store.purge(tenant)

    def close(self) -> None:
        """As the store behind it, whatever the breaker says."""
        self._store.close()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        with self._lock:
            if self._closed_again is not None:
                if self._now() < self._closed_again:
                    raise StoreUnavailable(
                        f"the store is left alone for {self._rest:g} s after a failure: {self._reason}"
                    )
                self._closed_again = self._now() + self._rest  # others wait while this caller tries
        try:
            yield
        except StoreUnavailable as error:
            with self._lock:
                if self._closed_again is None:
                    logger.warning("The store is down, messages go out as they come: %s", error)
                self._closed_again = self._now() + self._rest
                self._reason = str(error)
            raise
        with self._lock:
            if self._closed_again is not None:
                logger.warning("The store is back")
            self._closed_again = None
            self._reason = ""
