"""Columns put together to lines: a header, and a line for each row.

A column that stays the same over long runs of rows may stand as a heading above each run instead of in every row.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass

from headroom_core.compressors.json_docs.kinds import Kind
from headroom_core.compressors.json_docs.notation import JSON_KIND, SMALL, Dialect

LABELS = "ABCDEFGHIJKL"  # of kinds
MIN_RUN = 4  # rows on average under one heading
HEADING_TOKENS = 3  # of a heading line besides its names and values


@dataclass(frozen=True, slots=True)
class Drawn:
    """A column as it is written: its part of the header, and a cell for each row."""

    header: str
    cells: list[str] | None  # None: the same in every row, said in the header
    label: str = ""  # of an optional column: `name=` before the cell where there is one
    name: str = ""  # by which a heading may bear the column; empty: it may not
    groups: Groups | None = None  # what the cells hold, where their keys stand in the header


@dataclass(frozen=True, slots=True)
class Groups:
    """The objects inside the cells of a column, as the rows of a table of their own."""

    table: Table
    spans: list[tuple[int, int] | None]  # for each cell its first object and the one behind its last; None: no objects


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
        count, mark = len(self.lines), self.dialect.mark
        closing = "]" if self.opening == "[" else "}"
        if len(self.kinds) == 1:
            header, lines = self.headers[0], self.lines
            slow = slow_columns(self.drawn[0])
            if slow:
                header, lines = _under_headings(self.drawn[0], slow, self.dialect)
            return "\n".join([f"{self.opening}{count} {self.unit}{mark}{header}", *lines, closing])
        lines = [f"{self.opening}{count} {self.unit}, {len(self.kinds)} kinds:"]
        lines += [f"{label}{mark}{header}" for label, header in zip(LABELS, self.headers, strict=False)]
        labelled = self.lines.copy()
        for label, kind in zip(LABELS, self.kinds, strict=False):
            for number in kind.rows:
                labelled[number] = f"{label}{self.dialect.separator}{labelled[number]}"
        return "\n".join([*lines, *labelled, closing])


def rows_of_columns(drawn: list[Drawn], dialect: Dialect) -> list[str]:
    """A line for each row: its cells, and behind them with their names those that it has and others lack."""
    fixed = [column.cells for column in drawn if column.cells is not None and not column.label]
    lines = list(map(dialect.separator.join, zip(*fixed, strict=True)))
    extras = [""] * len(lines)
    for column in drawn:
        if column.label and column.cells:
            start = dialect.separator + column.label
            extras = [
                before + start + text if text else before for before, text in zip(extras, column.cells, strict=True)
            ]
    return [
        line + extra if extra else line.rstrip(dialect.separator) for line, extra in zip(lines, extras, strict=True)
    ]


def slow_columns(drawn: list[Drawn]) -> list[int]:
    """The columns that are worth a heading, since they change seldom. At least one other column is left."""
    cells = {at: column.cells for at, column in enumerate(drawn) if column.cells and not column.label}
    chosen: list[int] = []
    gains = 0.0
    for at, texts in cells.items():
        if len(texts) <= SMALL or not drawn[at].name or "" in texts:
            continue
        runs = sum(map(operator.ne, texts, texts[1:])) + 1
        size = sum(map(len, texts)) / len(texts) / 4 + 1
        gain = (len(texts) - runs) * size - runs * (len(drawn[at].name) / 4 + 1 + HEADING_TOKENS)
        if MIN_RUN * runs <= len(texts) and gain > len(texts) / 10:
            chosen.append(at)
            gains += gain
    count = max(map(len, cells.values()), default=0)
    return chosen if chosen and gains > count / 2 and len(chosen) < len(cells) else []


def _under_headings(drawn: list[Drawn], slow: list[int], dialect: Dialect) -> tuple[str, list[str]]:
    """The header with its heading columns marked, and the lines, above each run what is new in it."""
    marked = [f"#{column.header}" if at in slow else column.header for at, column in enumerate(drawn)]
    rest = rows_of_columns([column for at, column in enumerate(drawn) if at not in slow], dialect)
    named = [[f"{drawn[at].name}={text}" for text in drawn[at].cells or []] for at in slow]
    lines: list[str] = []
    before: tuple[str, ...] = ("",) * len(slow)
    for heading, line in zip(zip(*named, strict=True), rest, strict=True):
        if heading != before:
            fresh = [text for text, old in zip(heading, before, strict=True) if text != old]
            lines.append(f"#{dialect.separator.join(fresh)}")
            before = heading
        lines.append(line)
    return dialect.separator.join(marked), lines
