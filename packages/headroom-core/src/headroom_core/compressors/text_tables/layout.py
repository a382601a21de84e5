"""Finding the columns of lines that were padded into them, as `printf` does: `%-8s %6s %s`.

A column's width is a number, or that of the widest cell in its block: a run of rows that nothing interrupts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

MOST_COLUMNS = 16  # before the last one, which takes the rest of the line
LEAST_SHARE = 0.9  # of the rows so far, that must agree on the next column
LEAST_ROWS = 8  # fewer aren't worth a header
FEW = 0.1  # of the rows: a column with fewer values is worth keeping apart
AUTO = -1  # width: as wide as the block's widest cell

_WORDS = re.compile(r"[^ \t]+")
_PHRASES = re.compile(r"[^ \t]+(?: [^ \t]+)*")


@dataclass(frozen=True, slots=True)
class Column:
    """How a cell is padded, and what stands between it and the next one."""

    left: bool = True  # letters at the left, blanks at the right
    width: int = 0  # at least so many characters; AUTO
    after: str = " "


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns, and the rest of the line behind them; and which lines are rows of it."""

    columns: tuple[Column, ...]
    rows: dict[int, tuple[str, ...]]  # cells of each row, the rest last, by the line's index from 0
    padded: int  # columns whose blanks differ from row to row


@dataclass(frozen=True, slots=True)
class _Line:
    index: int
    spans: tuple[tuple[int, int], ...]
    block: int
    text: str

    def cell(self, at: int) -> str:
        return self.text[slice(*self.spans[at])]

    def size(self, at: int) -> int:
        return self.spans[at][1] - self.spans[at][0] if at >= 0 else 0

    def gap(self, at: int) -> str:
        """What stands before a word."""
        return self.text[self.spans[at - 1][1] if at else 0 : self.spans[at][0]]


def find_layout(lines: Sequence[str], tick: Callable[[], None], *, phrases: bool = False) -> Layout | None:
    """The columns on which nearly all lines agree; a cell is a word, or with `phrases` words one blank apart."""
    found = _read(lines, _PHRASES if phrases else _WORDS)
    columns: list[Column] = [Column(width=0, after="")]  # stands before the first
    padded: list[bool] = []
    total = len(found)
    for at in range(MOST_COLUMNS + 1):
        tick()
        having = [line for line in found if len(line.spans) > at]
        if len(having) < max(LEAST_ROWS, LEAST_SHARE * len(found)):
            break
        fit = _fit(having, at)
        if fit is None or len(fit[2]) < max(LEAST_ROWS, LEAST_SHARE * len(found), total / 2):
            break
        columns[-1], following, found = fit[0](columns[-1]), fit[1], fit[2]
        columns.append(following)
        padded.append(len({line.gap(at) for line in found}) > 1)
    while len(columns) > 1 and not _tells(found, len(columns) - 2, padded[-1], columns[-2]):
        columns.pop()
        padded.pop()
    return _laid_out(columns, padded, found)


def _laid_out(columns: list[Column], padded: list[bool], found: list[_Line]) -> Layout | None:
    """The layout whose last word found begins the rest of the line."""
    last = len(columns) - 2
    if last < 0 or len(found) < LEAST_ROWS:
        return None
    kept = tuple(columns[:-1])
    if columns[-1].width:  # the rest is padded too: an empty column of no letters stands before it
        return _with_last_word(columns, padded, found)
    rows = {
        line.index: ("", *(line.cell(at) for at in range(last)), line.text[line.spans[last][0] :]) for line in found
    }
    return Layout(kept, rows, sum(padded))


def _with_last_word(columns: list[Column], padded: list[bool], found: list[_Line]) -> Layout:
    """The layout whose last word is a padded column, with the rest of the line right behind it."""
    last = len(columns) - 2
    rows = {
        line.index: ("", *(line.cell(at) for at in range(last + 1)), line.text[line.spans[last][1] :]) for line in found
    }
    return Layout((*columns[:-1], replace(columns[-1], after="")), rows, sum(padded))


def _read(lines: Sequence[str], cells: re.Pattern[str]) -> list[_Line]:
    found = []
    block = 0
    for index, text in enumerate(lines):
        spans = []
        for match in cells.finditer(text):
            spans.append(match.span())
            if len(spans) > MOST_COLUMNS:
                break
        if len(spans) > 2 or (len(spans) == 2 and "\t" in text):
            found.append(_Line(index, tuple(spans), block, text))
        else:
            block += 1
    return found


_Fit = tuple[Callable[[Column], Column], Column, list[_Line]]


def _fit(lines: list[_Line], at: int) -> _Fit | None:
    """How the word `at` follows the one before: what the column before becomes, what this one is, which lines agree."""
    gap, times = Counter(line.gap(at) for line in lines).most_common(1)[0]
    if (times >= LEAST_SHARE * len(lines) and "\t" in gap) or times == len(lines):
        return (lambda before: replace(before, after=gap), Column(), [line for line in lines if line.gap(at) == gap])
    blank = [line for line in lines if not line.gap(at).strip(" ")]
    if not blank:
        return None
    least = min(len(line.gap(at)) for line in blank)
    widest = _widest(blank, at)
    left, right, agree = 0, 0, list[_Line]()
    for before, this in _widths(blank, at, least):
        fit = [line for line in blank if len(line.gap(at)) == _gap(line, at, (before, this), least, widest)]
        if len(fit) > len(agree):
            left, right, agree = before, this, fit
    if not agree:
        return None
    space = " " * least

    def become(before: Column) -> Column:
        return replace(before, width=left, left=True, after=space) if left else replace(before, after=space)

    return become, Column(left=not right, width=right), agree


def _widths(lines: list[_Line], at: int, least: int) -> list[tuple[int, int]]:
    """What may be: the width to which the word before is padded on its right, and this one on its left."""
    ends = Counter(len(line.gap(at)) + line.size(at) for line in lines).most_common(1)[0][0] - least
    starts = Counter(len(line.gap(at)) + line.size(at - 1) for line in lines).most_common(1)[0][0] - least
    both = Counter(len(line.gap(at)) + line.size(at) + line.size(at - 1) for line in lines).most_common(1)[0][0] - least
    before = max(line.size(at - 1) for line in lines)
    found = [(0, ends), (0, AUTO)]
    if at:
        found += [(starts, 0), (AUTO, 0), (AUTO, AUTO)]
        if both > before > 0:
            found.append((before, both - before))
    return found


_Widest = dict[tuple[int, int], int]


def _widest(lines: list[_Line], at: int) -> _Widest:
    widest: _Widest = {}
    for line in lines:
        for each in (at - 1, at):
            key = (line.block, each)
            widest[key] = max(widest.get(key, 0), line.size(each))
    return widest


def _gap(line: _Line, at: int, widths: tuple[int, int], least: int, widest: _Widest) -> int:
    """The blanks that would stand before the word."""
    gap = least
    for each, width in zip((at - 1, at), widths, strict=True):
        wanted = widest[line.block, each] if width == AUTO else width
        gap += max(0, wanted - line.size(each)) if width else 0
    return gap


def _tells(lines: list[_Line], at: int, padded: bool, before: Column) -> bool:
    """Whether it is worth cutting the line before this word."""
    if padded or not at or len(before.after) > 1 or before.after == "\t":
        return True
    return len({line.cell(at - 1) for line in lines}) <= max(1, FEW * len(lines))
