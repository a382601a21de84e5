"""The pattern of a table as a reader sees it, and the cells of its rows.

What every cell of a column begins or ends with moves into the pattern, cut where a word ends. A column that repeats
another one, whole or at its end, isn't written twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from headroom_core.compressors.logs.mining import Table
from headroom_core.compressors.logs.tables import CLOCK

_BORDER = re.compile(r"^.*(?:[^0-9A-Za-z]|(?<=\d)T$)", re.ASCII | re.DOTALL)
_TAIL_BORDER = re.compile(r"[^0-9A-Za-z].*$", re.ASCII | re.DOTALL)
_DECIMAL = re.compile(r"-?\d+\.\d+[a-zA-Z%]*", re.ASCII)
_SHARED_CHARS = 5  # a shorter value that ends another one is chance

Hole = int
"""A place for a value in a pattern: 0 is the row's next value, N > 0 repeats its Nth."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Text and holes in order, the cells of each value hole, and the lines they come from."""

    pieces: tuple[str | Hole, ...]
    columns: list[list[str]]
    lines: list[int]  # numbers of the lines, counted from 0

    def spelled(self, brackets: tuple[str, str]) -> str:
        """The pattern as one line: `job {} of queue {}, {1} again`."""
        left, right = brackets
        return "".join(piece if isinstance(piece, str) else f"{left}{piece or ''}{right}" for piece in self.pieces)

    def rows(self) -> list[str]:
        """The values of each line, a comma before each."""
        if not self.columns:
            return [""] * len(self.lines)
        return ["," + row for row in map(",".join, zip(*self.columns, strict=True))]


def pattern_of(table: Table) -> Pattern:
    """The pattern of a table that has no constant columns."""
    pieces: list[str | Hole] = [table.literals[0]]
    columns: list[list[str]] = []
    for column, literal in zip(table.columns, table.literals[1:], strict=True):
        before, cells, after = _stripped(column)
        pieces.append(before)
        copied = next((at for at, other in enumerate(columns) if _ends(cells, other)), None)
        if copied is None:
            columns.append(cells)
            pieces.append(0)
        else:
            heads = [cell[: len(cell) - len(other)] for cell, other in zip(cells, columns[copied], strict=True)]
            if any(heads):
                head, heads, tail = _stripped(heads)
                constant = heads.count(heads[0]) == len(heads)
                pieces += [head, *([heads[0]] if constant else [0]), tail]
                if not constant:
                    columns.append(heads)
            pieces.append(copied + 1)
        pieces += [after, literal]
    return Pattern(_joined(pieces), columns, table.lines)


def _joined(pieces: list[str | Hole]) -> tuple[str | Hole, ...]:
    """The same with neighbouring texts in one, empty ones gone."""
    joined: list[str | Hole] = []
    for piece in pieces:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        elif piece != "":
            joined.append(piece)
    return tuple(joined)


def _ends(cells: list[str], others: list[str]) -> bool:
    """Whether every cell is the other one, or ends with it: with text before every one, or before none."""
    if cells == others:
        return True
    if len(others[0]) < _SHARED_CHARS or not cells[0].endswith(others[0]):
        return False
    return all(
        len(cell) > len(other) >= _SHARED_CHARS and cell.endswith(other)
        for cell, other in zip(cells, others, strict=True)
    )


def _stripped(column: list[str]) -> tuple[str, list[str], str]:
    """What all cells begin with, what is left of them, what they end with. No cell becomes empty."""
    first = column[0]
    if _DECIMAL.fullmatch(first):
        return "", column, ""
    clock = CLOCK.search(first)
    start = _common_start(min(column), max(column))
    border = _BORDER.match(start[: clock.start()] if clock else start)
    before = border.group() if border else ""
    shortest = min(map(len, column))
    if len(before) >= shortest:
        before = ""
    turned = [cell[::-1] for cell in column]
    end = _common_start(min(turned), max(turned))[::-1]
    border = _TAIL_BORDER.search(end)
    after = border.group() if border and not (clock and CLOCK.search(end)) else ""
    if len(before) + len(after) >= shortest:
        after = ""
    if not before and not after:
        return "", column, ""
    return before, [cell[len(before) : len(cell) - len(after)] for cell in column], after


def _common_start(one: str, other: str) -> str:
    """What both begin with; of the least and the greatest of many texts, what all begin with."""
    for at, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return one[:at]
    return one if len(one) <= len(other) else other
