"""JSON that somebody cut off, as tools do with long output: which part of it is whole, and what that lacks."""

from __future__ import annotations

import re

MIN_ELEMENTS = 5  # whole ones of one array; fewer aren't worth telling apart from what was cut

_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|[\[\]{}]')
_CLOSED_BY = {"[": "]", "{": "}"}


def whole_part(text: str, start: int, stop: int) -> tuple[int, str] | None:
    """Where the last whole element ends of a document that was cut off, and the brackets that are missing there.

    The document begins at `start` and is JSON up to `stop`. Elements are those of the outermost array that has at least
    `MIN_ELEMENTS`. None where there is none, or the document ends before `stop`.
    """
    open_: list[str] = []
    counts: list[int] = []  # of each open bracket the objects and arrays in it that are closed
    ends: list[int] = []  # and where the last one of them ends
    for found in _TOKEN.finditer(text, start, stop):
        mark = found[0]
        if mark in _CLOSED_BY:
            open_.append(mark)
            counts.append(0)
            ends.append(0)
        elif mark in "]}":
            if not open_ or _CLOSED_BY[open_.pop()] != mark:
                return None
            counts.pop()
            ends.pop()
            if not open_:
                return None
            counts[-1] += 1
            ends[-1] = found.end()
    for depth, (bracket, count, end) in enumerate(zip(open_, counts, ends, strict=True)):
        if bracket == "[" and count >= MIN_ELEMENTS:
            return end, "".join(_CLOSED_BY[each] for each in reversed(open_[: depth + 1]))
    return None


def missing_end(text: str, fails_at: int) -> str:
    """The brackets that a text lacks which was cut off behind an element of an array. Raises ValueError for another.

    `fails_at` is where a parser missed something: where anything follows, nothing was cut off.
    """
    bare = len(text.rstrip(" \t\r\n"))
    found = whole_part(text, 0, bare) if fails_at >= bare else None
    if found is None or found[0] != bare:
        raise ValueError("neither JSON nor the beginning of it")
    return found[1]
