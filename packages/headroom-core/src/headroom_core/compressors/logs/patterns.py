"""The pattern of a table as a reader sees it, and the cells of its rows.

What every cell of a column begins or ends with moves into the pattern, cut where a word ends. A column that repeats
another one, whole or at its end, isn't written twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import repeat

from headroom_core.compressors.logs.mining import Table
from headroom_core.compressors.logs.tables import CLOCK

_BORDER = re.compile(r"^.*(?:[^0-9A-Za-z]|(?<=\d)T$)", re.ASCII | re.DOTALL)
_TAIL_BORDER = re.compile(r"(?:[^0-9A-Za-z.]|\.(?![0-9])).*$", re.ASCII | re.DOTALL)
_STRONG_TAIL = re.compile(r"(?:[^0-9A-Za-z_.-]|\.(?![0-9])).*$", re.ASCII | re.DOTALL)
_STRONG_BORDER = re.compile(r"^.*(?:[^0-9A-Za-z_.-]|(?<=\d)T$)", re.ASCII | re.DOTALL)
_DECIMAL = re.compile(r"-?\d+\.\d+[a-zA-Z%]*", re.ASCII)
_TAIL_CHARS = 200  # looked at from the end: keeps the search for a shared tail linear
_SHARED_CHARS = 3  # a shorter value that ends another one is chance


@dataclass(frozen=True, slots=True)
class Hole:
    """A place in a pattern that each line fills in its own way."""

    spec: str = ""  # "" next value, "2" the second again, ":3" next value, right in 3 characters, ">9" blanks up to 9

    @property
    def takes_value(self) -> bool:
        """Whether the row has a value for it."""
        return not self.spec or self.spec[0] == ":"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Text and holes in order, the cells of each hole that takes a value, and the lines they come from."""

    pieces: tuple[str | Hole, ...]
    columns: list[list[str]]
    lines: list[int]  # numbers of the lines, counted from 0
    height: int  # lines that a row stands for

    def spelled(self, brackets: tuple[str, str]) -> str:
        """The pattern as text: `job {} of queue {}, {1} again`."""
        left, right = brackets
        return "".join(piece if isinstance(piece, str) else f"{left}{piece.spec}{right}" for piece in self.pieces)

    def rows(self) -> list[str]:
        """The values of each line, a comma before each."""
        if not self.columns:
            return [""] * len(self.lines)
        return ["," + row for row in map(",".join, zip(*self.columns, strict=True))]


def pattern_of(table: Table) -> Pattern:
    """The pattern of a table that has no constant columns."""
    builder = _Builder(table.mask)
    builder.add_literal(table.literals[0])
    for column, literal in zip(table.columns, table.literals[1:], strict=True):
        builder.add_column(column)
        builder.add_literal(literal)
    return Pattern(tuple(builder.pieces), builder.columns, table.lines, table.height)


class _Builder:
    def __init__(self, mask: str) -> None:
        self._mask = mask
        self.pieces: list[str | Hole] = []
        self.columns: list[list[str]] = []

    def add_literal(self, text: str) -> None:
        for at, part in enumerate(text.split(self._mask) if self._mask in text else (text,)):
            self._add(Hole(part) if at % 2 else part)

    def add_column(self, column: list[str]) -> None:
        if self.pieces and isinstance(self.pieces[-1], Hole) and self.pieces[-1].spec.startswith(":"):
            self.columns.append(column)  # set right: its width must stay what it is
            return
        before, cells, after = _stripped(column)
        self._add(before)
        copied = next((at for at, other in enumerate(self.columns) if _ends(cells, other)), None)
        if copied is None:
            self._add_values(cells)
        else:
            heads = [cell[: len(cell) - len(other)] for cell, other in zip(cells, self.columns[copied], strict=True)]
            if any(heads):
                self.add_column(heads)
            self._add(Hole(str(copied + 1)))
        self._add(after)

    def _add_values(self, cells: list[str]) -> None:
        if cells.count(cells[0]) == len(cells):
            self._add(cells[0])
        else:
            self._add(Hole())
            self.columns.append(cells)

    def _add(self, piece: str | Hole) -> None:
        if isinstance(piece, str) and self.pieces and isinstance(self.pieces[-1], str):
            self.pieces[-1] += piece
        elif piece:
            self.pieces.append(piece)


def _ends(cells: list[str], others: list[str]) -> bool:
    """Whether every cell is the other one, or ends with it: with text before every one, or before none."""
    if cells == others:
        return True
    if len(others[0]) < _SHARED_CHARS or not cells[0].endswith(others[0]):
        return False
    return all(
        len(cell) > len(other) >= _SHARED_CHARS and cell.endswith(other) and not cell[-len(other) - 1].isalnum()
        for cell, other in zip(cells, others, strict=True)
    )


def _stripped(column: list[str]) -> tuple[str, list[str], str]:
    """What all cells begin with, what is left of them, what they end with. No cell becomes empty."""
    if _DECIMAL.fullmatch(column[0]):
        return "", column, ""
    before, after = _common_head(column), _common_tail(column)
    shortest = min(map(len, column)) if before or after else 0
    if len(before) >= shortest:
        before = ""
    if len(before) + len(after) >= shortest:
        after = ""
    if not before and not after:
        return "", column, ""
    return before, [cell[len(before) : len(cell) - len(after)] for cell in column], after


def _common_head(column: list[str]) -> str:
    """What all cells begin with, up to a border. Addresses, versions, words and clocks stay whole."""
    start = _common_start(_few(column))
    if not _BORDER.match(start):
        return ""
    start = _common_start([start, min(column), max(column)])
    clock = CLOCK.search(column[0])
    border = _BORDER.match(start[: clock.start()] if clock else start)
    head = border.group() if border else ""
    if head.endswith(".") or (
        head.endswith(("_", "-")) and not all(cell[len(head) : len(head) + 1].isdigit() for cell in column)
    ):
        border = _STRONG_BORDER.match(head)
        head = border.group() if border else ""
    return head


def _common_tail(column: list[str]) -> str:
    """What all cells end with, from a border on."""
    end = _common_start([cell[: -_TAIL_CHARS - 1 : -1] for cell in _few(column)])[::-1]
    border = _TAIL_BORDER.search(end)
    tail = border.group() if border else ""
    while tail and not all(map(str.endswith, column, repeat(tail))):
        border = _TAIL_BORDER.search(tail, 1)
        tail = border.group() if border else ""
    if tail.startswith(("_", "-")) and not all(cell[: len(cell) - len(tail)][-1:].isdigit() for cell in column):
        border = _STRONG_TAIL.search(tail)
        tail = border.group() if border else ""
    return "" if CLOCK.search(column[0]) and CLOCK.search(tail) else tail


def _few(column: list[str]) -> list[str]:
    """Some cells, to see soon that a column shares nothing."""
    return [column[0], column[len(column) // 2], column[-1]]


def _common_start(texts: list[str]) -> str:
    """What all of the texts begin with."""
    one, other = min(texts), max(texts)
    for at, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return one[:at]
    return one if len(one) <= len(other) else other
