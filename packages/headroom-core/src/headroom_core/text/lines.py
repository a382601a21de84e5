r"""Cutting a text into lines and rows, the units in which ranges are named.

Lines end at `\n` only: `str.splitlines` also cuts at form feeds and other separators, which would number
lines otherwise than `sed`, editors and models do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def split_lines(text: str) -> list[str]:
    """The lines with their ends kept: joined, they are the text. An empty text has none."""
    lines = text.split("\n")
    tail = lines.pop()
    cut = [line + "\n" for line in lines]
    if tail:
        cut.append(tail)
    return cut


def count_lines(text: str) -> int:
    """How many lines `split_lines` would give."""
    return text.count("\n") + (text != "" and not text.endswith("\n"))


def to_ranges(numbers: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Runs of ascending numbers as (first, last) pairs: 1, 2, 3, 7 -> (1, 3), (7, 7)."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return tuple(runs)


def spell_ranges(ranges: Iterable[tuple[int, int]], most: int = 8) -> str:
    """Ranges as people write them, `3-76, 78, 80-89`; past `most` runs the rest is `...`."""
    spelled = [f"{first}-{last}" if last > first else f"{first}" for first, last in ranges]
    return ", ".join(spelled if len(spelled) <= most else [*spelled[: most - 1], "...", spelled[-1]])


def read_ranges(spec: str) -> list[tuple[int, int]]:
    """Ranges as people write them, back to pairs. Raises ValueError on anything else: `16-40, 52`."""
    ranges = []
    for piece in spec.replace(" ", "").split(","):
        first, dash, last = piece.partition("-")
        pair = (int(first), int(last if dash else first))
        if pair[0] < 1 or pair[1] < pair[0]:
            raise ValueError(f"{piece!r} is not a range")
        ranges.append(pair)
    return ranges


def pick(units: list[str], ranges: Iterable[tuple[int, int]]) -> Iterator[str]:
    """The units, counted from 1, that the ranges name; what lies past the end is left out."""
    for first, last in ranges:
        yield from units[first - 1 : last]
