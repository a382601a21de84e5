"""What is shown of a document: kept units letter for letter, and `…` where others stood.

Whole lines that are hidden leave a line with their numbers, `… 12-15`; a sentence within a line leaves `…`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from headroom_core.compressors.prose.reading import Unit
from headroom_core.text.lines import count_lines
from headroom_core.types import Hidden

LEAST_CHARS = 48  # of a gap: a shorter one saves no more than its sign costs
LONGEST_LINE = (
    6_000  # characters of a line that is worth naming: what is hidden of a longer one is asked for by a query
)


class Drawn(NamedTuple):
    """A document as shown, and what isn't."""

    shown: str
    hidden: Hidden | None  # lines of which something isn't shown, where naming them helps


class _Gap(NamedTuple):
    start: int  # characters
    end: int
    blocks: int  # number of the blocks that it touches


def draw(text: str, units: Sequence[Unit], kept: Sequence[bool], first_line: int = 1) -> Drawn | None:
    """The document with the kept units; None where nothing worth it is left out.

    `first_line` is what a reader counts the text's first line as; `hidden` counts from 1 all the same.
    """
    parts: list[str] = []
    ranges: list[tuple[int, int]] = []
    position, number = 0, 1
    widths = [len(line) for line in text.split("\n")]
    longest = 0
    for gap in _gaps(units, kept):
        parts.append(text[position : gap.start])
        number += text.count("\n", position, gap.start)
        last = number + text.count("\n", gap.start, gap.end)
        at_start = gap.start == 0 or text[gap.start - 1] == "\n"
        at_end = gap.end == len(text) or text[gap.end - 1] == "\n"
        touched = (number, max(number, last - (text[gap.end - 1] == "\n")))
        parts.append(_sign(gap, touched, first_line - 1, at_start=at_start, at_end=at_end))
        longest = max(longest, widths[touched[0] - 1], widths[touched[1] - 1])
        ranges.append(touched)
        position, number = gap.end, last
    if not ranges:
        return None
    parts.append(text[position:])
    total = count_lines(text)
    named = longest <= LONGEST_LINE and total > 1
    return Drawn("".join(parts), Hidden("lines", _joined(ranges), total) if named else None)


def _sign(gap: _Gap, touched: tuple[int, int], before: int, *, at_start: bool, at_end: bool) -> str:
    """What stands for a gap, in lines of a text that so many lines stand before."""
    if gap.blocks == 1 and not (at_start and at_end):
        return "…\n" if at_end else "… "
    first, last = touched[0] + before, touched[1] + before
    return f"… {first}-{last}\n" if last > first else f"… {first}\n"


def _gaps(units: Sequence[Unit], kept: Sequence[bool]) -> Iterator[_Gap]:
    """Runs of units that aren't kept, if they are long enough."""
    index = 0
    while index < len(units):
        if kept[index]:
            index += 1
            continue
        first = index
        while index < len(units) and not kept[index]:
            index += 1
        gap = _Gap(units[first].start, units[index - 1].end, units[index - 1].block - units[first].block + 1)
        if gap.end - gap.start >= LEAST_CHARS:
            yield gap


def _joined(ranges: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The ranges, those that meet made one."""
    joined: list[tuple[int, int]] = []
    for first, last in ranges:
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)
