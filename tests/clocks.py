"""Time in tests: never that of the wall, which on a busy machine is other people's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import thread_time

AGES = 900.0  # seconds after which a test ends that waits for what won't come: two took 120 on a busy machine


@contextmanager
def little_work(seconds: float) -> Iterator[None]:
    """What is done here takes this thread at most so many seconds of its own; those of others don't count.

    The bound is many times what was seen: it tells work that grows with the square of a text from work that doesn't.
    """
    begun = thread_time()
    yield
    assert thread_time() - begun < seconds


class Clock:
    """Stands in for the module `time`: only who sleeps moves it, and each sleep tells whoever waits for a moment."""

    def __init__(self) -> None:
        self.now = 0.0
        self._due: list[tuple[float, Callable[[], object]]] = []

    def at(self, moment: float, act: Callable[[], object]) -> None:
        """Do something once so many seconds have gone by."""
        self._due.append((moment, act))

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        for due in [each for each in self._due if each[0] <= self.now]:
            self._due.remove(due)
            due[1]()
