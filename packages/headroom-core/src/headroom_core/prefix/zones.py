"""Finding the part of a request that the caller has asked the provider to cache.

A `cache_control` mark says: everything up to here is a prefix that will be sent again byte for byte. So what
stands there is frozen: shown as it was shown before, or as it came. The mark may sit on a message or on any
block within it, in every dialect; only its place matters.
"""

from __future__ import annotations

from collections.abc import Sequence

from headroom_core.types import Place

MARK = "cache_control"
DEPTH = 6  # levels below a message at which a mark is looked for: message, content, block, content, block, one spare


def breakpoint_place(messages: Sequence[object]) -> Place | None:
    """The place of the last block or message that bears a mark, None where there is none."""
    for index in range(len(messages) - 1, -1, -1):
        found = _last_mark(messages[index], (index,), DEPTH)
        if found is not None:
            return found
    return None


def at_or_before(place: Place, mark: Place) -> bool:
    """Whether a text at `place` is covered by a mark at `mark`: a mark on a message covers all of it."""
    ours, theirs = _order(place), _order(mark)
    return ours[: len(theirs)] <= theirs


def _order(place: Place) -> tuple[int, ...]:
    """The indices of a place: keys on the way to a text add nothing to its order within a request."""
    return tuple(step for step in place if isinstance(step, int))


def _last_mark(value: object, place: Place, depth: int) -> Place | None:
    if depth == 0:
        return None
    if isinstance(value, dict):
        if value.get(MARK):
            return place
        steps: list[tuple[int | str, object]] = [(key, value[key]) for key in ("content", "output") if key in value]
    elif isinstance(value, list):
        steps = list(enumerate(value))
    else:
        return None
    for key, inner in reversed(steps):
        found = _last_mark(inner, (*place, key), depth - 1)
        if found is not None:
            return found
    return None
