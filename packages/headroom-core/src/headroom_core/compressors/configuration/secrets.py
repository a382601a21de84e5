"""Secrets in configuration: where something is left out, their values are too, and wait in the store alone.

A mask is elision: what is `EQUIVALENT` or `VERBATIM` is rebuilt from what is shown, so nothing can be masked in it.
A text is masked, line by line, before anything of its elided view is drawn: no row, legend or gap sees a secret.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from headroom_core.compressors.configuration.blocks import TICK_LINES, parents_of
from headroom_core.compressors.configuration.secret_signs import Signs, Span, is_item

GONE = "…"  # stands where a value was
LINE_GONE = "(…)"  # and where a whole line was: a bare `…` is a line of any kind in the notation of rows

_MANIFEST = re.compile(r"\s*(?:- +)*kind: +[\"']?(?:Sealed)?Secret\b")
_QUOTED_MANIFEST = re.compile(r"[\"']kind[\"']: ?[\"'](?:Sealed)?Secret\b")  # in an annotation
_DATA = ("data:", "stringData:", "encryptedData:")
_NOTHING, _VALUES, _ALL = range(3)  # that is secret below a line


def mask(lines: Sequence[str], tick: Callable[[], None]) -> list[str]:
    """The lines, with `…` for every secret value: as many as before."""
    signs: dict[str, Signs] = {}  # of lines that were met: most of them repeat
    for line in lines:
        if line not in signs:
            tick()
            signs[line] = Signs.of(line)
    reader = _Reader(lines, signs)
    for at in range(len(lines)):
        if at % TICK_LINES == 0:
            tick()
        reader.read(at)
    return reader.masked


class _Reader:
    """Masks one line after the other, and knows what those around say of it."""

    def __init__(self, lines: Sequence[str], signs: Mapping[str, Signs]) -> None:
        self.masked: list[str] = []
        self._lines = lines
        self._signs = signs
        self._parents = parents_of(lines)
        self._in_manifests = _in_manifests(lines)
        self._below: list[int] = []  # what is secret below each line
        self._until = ""  # what ends a secret of many lines
        self._last: dict[int, bool] = {}  # whether the last name in a group of lines is that of a secret
        self._first: dict[int, bool] = {}  # and the first one: the name may stand behind the value
        for at, line in enumerate(lines):
            names = signs[line].names
            if names is not None:
                self._first.setdefault(self._group(at), names)

    def read(self, at: int) -> None:
        """Mask the next line."""
        line, parent = self._lines[at], self._parents[at]
        above = self._below[parent] if parent >= 0 else _NOTHING
        if above == _NOTHING and self._in_manifests[at] and parent >= 0 and self._lines[parent].strip() in _DATA:
            above = _VALUES
        if self._until or above == _ALL or (self._in_manifests[at] and _QUOTED_MANIFEST.search(line)):
            self._until = "" if self._until in line else self._until
            self._below.append(_ALL)
            self.masked.append(_gone(line) if line.strip() else line)
            return
        signs, named = self._signs[line], self._is_named(at)
        every = above or (at > 0 and self._signs[self._lines[at - 1]].flag)
        secrets = [*signs.own, *(signs.every if every else signs.told if named else ())]
        self._until = next((span.until for span in secrets if span.until), "")
        if signs.holds or (named and signs.holds_told):
            above = max(above, _VALUES)
        self._below.append(_ALL if above and signs.scalar else above)
        masked = _without(line, secrets)
        self.masked.append(_gone(line) if masked.strip() == GONE else masked)

    def _is_named(self, at: int) -> bool:
        """Whether the line, or one of its group, says that the values there are secrets."""
        group, names = self._group(at), self._signs[self._lines[at]].names
        if names is not None:
            self._last[group] = self._last[at] = names
        return self._last.get(group, self._first.get(group, False))

    def _group(self, at: int) -> int:
        """The line that those belong to which are told by one name: an item is one itself."""
        return at if is_item(self._lines[at]) else self._parents[at]


def _gone(line: str) -> str:
    return line[: len(line) - len(line.lstrip())] + LINE_GONE


def _without(line: str, spans: Iterable[Span]) -> str:
    """The line with `…` for these parts of it."""
    said, done = "", 0
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if span.end > max(done, span.start):
            said += line[done : span.start] + GONE if span.start >= done else ""
            done = span.end
    return said + line[done:]


def _in_manifests(lines: Sequence[str]) -> list[bool]:
    """Which lines stand in a document that is, or holds, a manifest of secrets."""
    inside = [False] * len(lines)
    start, held = 0, False
    for at, line in enumerate([*lines, "---"]):
        if line.startswith("---"):
            inside[start:at] = [held] * (at - start)
            start, held = at, False
        held = held or _MANIFEST.match(line) is not None or _QUOTED_MANIFEST.search(line) is not None
    return inside
