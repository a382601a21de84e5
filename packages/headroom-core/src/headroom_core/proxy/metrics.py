"""What the proxy counts, for Prometheus."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from headroom_core.gateway import Outgoing

SECONDS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)  # borders of the buckets


class Metrics:
    """One proxy's counters."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        made: dict[str, Any] = {"registry": self._registry}
        self._requests = Counter("headroom_requests", "Requests to a model", ("dialect", "outcome"), **made)
        self._before = Counter("headroom_tokens_before", "Tokens of conversations as they came", **made)
        self._after = Counter("headroom_tokens_after", "Tokens of conversations as they went", **made)
        self._retrievals = Counter("headroom_retrievals", "Originals that models asked for", **made)
        self._seconds = Histogram("headroom_seconds", "Time spent on a request", buckets=SECONDS, **made)

    def request(self, dialect: str, outcome: str, outgoing: Outgoing | None = None) -> None:
        """Count a request."""
        self._requests.labels(dialect, outcome).inc()
        if outgoing is not None:
            self._before.inc(outgoing.tokens_before)
            self._after.inc(outgoing.tokens_after)

    def retrieved(self, calls: int) -> None:
        """Count calls of the retrieve tool."""
        self._retrievals.inc(calls)

    def timed(self) -> AbstractContextManager[object]:
        """Measures what is done in it."""
        timer: AbstractContextManager[object] = self._seconds.time()
        return timer

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return bytes(generate_latest(self._registry))
