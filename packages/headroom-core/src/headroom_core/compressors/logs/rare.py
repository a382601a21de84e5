"""Lines of patterns that hardly occur: what is unlike the rest is news."""

from __future__ import annotations

from itertools import chain

from headroom_core.compressors.logs.mining import Table

RARE_LINES = 2  # a pattern of no more lines is rare


def rare_lines(tables: list[Table], lines: list[str]) -> list[int]:
    """First lines, counted from 0, of rare patterns, and lines of none: by turns the earliest and the shortest.

    The earliest tell how a run began, the shortest that the most patterns are seen.
    """
    loose = bytearray(b"\1") * len(lines)
    for table in tables:
        for line in table.lines:
            loose[line] = 0
    firsts = [table.lines[0] for table in tables if len(table.lines) <= RARE_LINES]
    rare = sorted(firsts + [number for number, alone in enumerate(loose) if alone and lines[number].strip()])
    short = sorted(rare, key=lambda number: len(lines[number]))
    return list(dict.fromkeys(chain.from_iterable(zip(rare, short, strict=True))))
