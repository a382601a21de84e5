"""Columns put together to lines: a header, and a line for each row.

A column that stays the same over long runs of rows may stand as a heading above each run instead of in every row.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass

from headroom_core.compressors.json_docs.kinds import Kind
from headroom_core.compressors.json_docs.notation import JSON_KIND, TAB, Dialect

LABELS = "ABCDEFGHIJKL"  # of kinds
MIN_RUN = 4  # rows on average under one heading
MIN_GROUPED = 8  # rows; fewer need no headings
HEADING_TOKENS = 3  # of a heading line besides its names and values


@dataclass(frozen=True, slots=True)
class Drawn:
    """A column as it is written: its part of the header, and a cell for each row."""

    header: str
    cells: list[str] | None  # None: the same in every row, said in the header
    label: str = ""  # of an optional column: `name=` before the cell where there is one
    name: str = ""  # by which a heading may bear the column; empty: it may not


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as they are written, a line each; which of the lines are shown is for others to say."""

    opening: str  # `[`, or `{` for the members of an object
    unit: str
    dialect: Dialect
    kinds: list[Kind]
    drawn: list[list[Drawn]]  # of each kind, its columns; none: its rows are JSON
    lines: list[str]  # without the letter of the kind

    @property
    def headers(self) -> list[str]:
        """The columns of each kind, as its header names them."""
        return [
            self.dialect.separator.join([column.header for column in drawn]) if drawn else JSON_KIND
            for drawn in self.drawn
        ]

    def text(self) -> str:
        """The whole table."""
        count, gap = len(self.lines), "\t" if self.dialect is TAB else " "
        closing = "]" if self.opening == "[" else "}"
        if len(self.kinds) == 1:
            header, lines = self.headers[0], self.lines
            slow = slow_columns(self.drawn[0])
            if slow:
                header, lines = _under_headings(self.drawn[0], slow, self.dialect)
            return "\n".join([f"{self.opening}{count} {self.unit}:{gap}{header}", *lines, closing])
        lines = [f"{self.opening}{count} {self.unit}, {len(self.kinds)} kinds:"]
        lines += [f"{label}:{gap}{header}" for label, header in zip(LABELS, self.headers, strict=False)]
        labelled = self.lines.copy()
        for label, kind in zip(LABELS, self.kinds, strict=False):
            for number in kind.rows:
                labelled[number] = f"{label}{self.dialect.separator}{labelled[number]}"
        return "\n".join([*lines, *labelled, closing])


def rows_of_columns(drawn: list[Drawn], dialect: Dialect) -> list[str]:
    """A line for each row: its cells, and behind them with their names those that it has and others lack."""
    fixed = [column.cells for column in drawn if column.cells is not None and not column.label]
    lines = list(map(dialect.separator.join, zip(*fixed, strict=True)))
    for column in drawn:
        if column.label and column.cells:
            start = dialect.separator + column.label
            lines = [line + start + text if text else line for line, text in zip(lines, column.cells, strict=True)]
    return lines


def slow_columns(drawn: list[Drawn]) -> list[int]:
    """The columns that are worth a heading: those that change together, and seldom. At least one other is left."""
    cells = {at: column.cells for at, column in enumerate(drawn) if column.cells and not column.label}
    slow: dict[int, list[bool]] = {}
    for at, texts in cells.items():
        if len(texts) >= MIN_GROUPED and drawn[at].name and "" not in texts:
            changes = list(map(operator.ne, texts, texts[1:]))
            if MIN_RUN * (sum(changes) + 1) <= len(texts):
                slow[at] = changes
    chosen: list[int] = []
    together: list[bool] = []
    best = 0.0
    for at in sorted(slow, key=lambda at: sum(slow[at])):
        union = list(map(operator.or_, together, slow[at])) if chosen else slow[at]
        gain = _gain(drawn, [*chosen, at], sum(union) + 1)
        if MIN_RUN * (sum(union) + 1) <= len(union) and gain > best:
            chosen, together, best = [*chosen, at], union, gain
    if not chosen or best < len(together) / 2 or len(chosen) == len(cells):
        return []
    return sorted(chosen)


def _gain(drawn: list[Drawn], chosen: list[int], runs: int) -> float:
    """About how many tokens it saves to write these columns once a run."""
    gain = -float(runs * HEADING_TOKENS)
    for at in chosen:
        cells = drawn[at].cells or []
        size = sum(map(len, cells)) / len(cells) / 4 + 1
        gain += (len(cells) - runs) * size - runs * (len(drawn[at].name) / 4 + 1)
    return gain


def _under_headings(drawn: list[Drawn], slow: list[int], dialect: Dialect) -> tuple[str, list[str]]:
    """The header with its heading columns marked, and the lines with headings above their runs."""
    marked = [f"#{column.header}" if at in slow else column.header for at, column in enumerate(drawn)]
    rest = rows_of_columns([column for at, column in enumerate(drawn) if at not in slow], dialect)
    named = [Drawn(drawn[at].header, [f"{drawn[at].name}={text}" for text in drawn[at].cells or []]) for at in slow]
    lines: list[str] = []
    before = ""
    for heading, line in zip(rows_of_columns(named, dialect), rest, strict=True):
        if heading != before:
            lines.append(f"#{heading}")
            before = heading
        lines.append(line)
    return dialect.separator.join(marked), lines
