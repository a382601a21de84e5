"""Lines that follow a line as they followed it before: where not all may be shown, they needn't be again.

Linear: every line is looked up once, at the place where it stood first; comparing goes on only while lines agree, and
what agreed for long enough is stepped over.
"""

from __future__ import annotations

LEAST = 5  # lines that are worth saying so
WORTH = 80  # characters of those lines, their ends included, that are worth it
TELLING = 12  # characters of a line at least, for what follows it to be compared

_END = "="  # stands behind every body: no line of one begins so


class Repeats:
    """The bodies that were seen so far."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._first: dict[str, int] = {}

    def find(self, body: list[str]) -> list[tuple[int, int]]:
        """Where in a body lines are that came before: place of the first, counted from 0, and their number."""
        lines, first = self._lines, self._first
        base = len(lines)
        lines += body
        lines.append(_END)
        found: list[tuple[int, int]] = []
        skip = 0
        for place, line in enumerate(body, base):
            if skip:
                skip -= 1
                continue
            before = first.setdefault(line, place)
            if before != place and len(line) >= TELLING:
                skip = self._agreeing(before, place)
                if skip:
                    found.append((place + 1 - base, skip))
        return found

    def _agreeing(self, before: int, place: int) -> int:
        """How many lines behind two places agree; 0 where they are too few."""
        lines = self._lines
        most = place - before - 1
        agreeing = 0
        while (
            agreeing < most
            and (line := lines[before + 1 + agreeing]) == lines[place + 1 + agreeing]
            and line is not _END
        ):
            agreeing += 1
        worth = agreeing >= LEAST and agreeing + sum(map(len, lines[place + 1 : place + 1 + agreeing])) >= WORTH
        return agreeing if worth else 0
