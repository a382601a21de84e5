"""From groups of keys to tables: what the lines of one pattern share, and a column for each place where they differ.

A value that many lines share gets a table of its own where that pays, so that no row has to repeat it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import repeat
from operator import add

from headroom_core.compressors.logs.mining import SEPARATORS, Masked, Table, merge_keys
from headroom_core.types import CountTokens

_TOKEN = re.compile(rf"[ ]+|[^{SEPARATORS}]+|[\s\S]")
CLOCK = re.compile(r"\d{1,2}:\d\d", re.ASCII)
MOST_COLUMNS = 60  # a line with more values is no row that anyone could read
SPLIT_FROM = 4  # lines that share a value, for a pattern of their own
SPLIT_DEPTH = 4
SPLIT_VALUES = 8  # of a column: a legend of every host or worker is no help to a reader


@dataclass(frozen=True, slots=True)
class Weights:
    """What a pattern costs its reader, and how to weigh it."""

    count: CountTokens
    tick: Callable[[], None]
    least: int  # tokens that a pattern must save beyond its own: so that a huge log doesn't get a huge legend


def build_tables(masked: Masked, tick: Callable[[], None]) -> list[Table]:
    """The tables of a text, each line in one of them: but for blank lines, and those of very many values."""
    tables: list[Table] = []
    for members in merge_keys(masked, [key for key in masked.keys if key and not key.isspace()], tick):
        tick()
        if members[0].count(masked.mask) > MOST_COLUMNS:
            continue
        if len(members) == 1:
            tables.append(_of_one_key(masked, members[0]))
            continue
        keys = [_Key(_TOKEN.findall(key), masked.keys[key]) for key in members]
        tables += _of_keys(masked, keys)
    return [table for table in tables if len(table.columns) <= MOST_COLUMNS]


def without_lines(table: Table, skip: bytearray) -> Table:
    """The table without the lines that `skip` marks."""
    rows = [row for row, line in enumerate(table.lines) if not skip[line]]
    return table if len(rows) == len(table.lines) else rows_of(table, rows)


def rows_of(table: Table, rows: list[int]) -> Table:
    """Some rows of a table."""
    return Table(
        table.literals,
        [[column[row] for row in rows] for column in table.columns],
        [table.lines[row] for row in rows],
        table.mask,
        table.height,
    )


def _of_one_key(masked: Masked, key: str) -> Table:
    literals = key.split(masked.mask)
    lines = masked.keys[key]
    columns = [_values(masked, lines, at) for at in range(len(literals) - 1)]
    return Table(literals, columns, lines, masked.mask)


def _of_keys(masked: Masked, keys: list[_Key]) -> list[Table]:
    """Tables of keys with equally many tokens: one, or more where the blanks at some place follow no rule."""
    table = Table([""], [], [line for key in keys for line in key.lines], masked.mask)
    width = _Width(table) if _differ_in_blanks(keys) else None
    taken = [0] * len(keys)  # how many values of each key stand in columns already
    for place, first in enumerate(keys[0].tokens):
        varies = any(key.tokens[place] != first for key in keys)
        if not varies and masked.mask not in first:
            if width:
                width.add_text(first)
            table.literals[-1] += first
        elif first[0] == " ":
            if width:
                width.add_blanks(place, [len(key.tokens[place]) for key in keys for _ in key.lines])
        else:
            shared = "" if varies else first[:-1]
            column = _column(masked, keys, place, len(shared), taken)
            if width:
                width.add_cells(shared, column)
            table.literals[-1] += shared
            table.literals.append("")
            table.columns.append(column)
        if width and not width.ruled:
            break
    if width and not width.ends_ruled:
        return [small for alike in _by_blanks(keys, width.place) for small in _of_keys(masked, alike)]
    return [table]


def _by_blanks(keys: list[_Key], place: int) -> list[list[_Key]]:
    alike: dict[str, list[_Key]] = {}
    for key in keys:
        alike.setdefault(key.tokens[place], []).append(key)
    return list(alike.values())


@dataclass(frozen=True, slots=True)
class _Key:
    """A key taken apart, and its lines."""

    tokens: list[str]
    lines: list[int]


def _differ_in_blanks(keys: list[_Key]) -> bool:
    first = keys[0].tokens
    return any(
        token[0] == " " and any(len(key.tokens[place]) != len(token) for key in keys)
        for place, token in enumerate(first)
    )


def _column(masked: Masked, keys: list[_Key], place: int, start: int, taken: list[int]) -> list[str]:
    """The cells at a place, each from its character `start` on, as a value or a word."""
    column: list[str] = []
    for at, key in enumerate(keys):
        token = key.tokens[place]
        if token.endswith(masked.mask):
            values = _values(masked, key.lines, taken[at])
            taken[at] += 1
            before = token[start:-1]
            column += [before + value for value in values] if before else values
        else:
            column += [token] * len(key.lines)
    return column


def _values(masked: Masked, lines: list[int], at: int) -> list[str]:
    values, offsets = masked.values, masked.offsets
    return [values[offsets[line] + at] for line in lines]


class _Width:
    """Follows how wide each line is so far, to find the rule by which blanks are set.

    Two rules are known, and written into the literals between two masks: what follows begins at the same place in
    every line (`>73`), or the value that follows ends there (`:3`, three characters with the blanks).
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._widths = [0] * len(table.lines)
        self._blanks: list[int] = []  # before the next value, where they vary and nothing begins at the same place
        self.place = 0  # of those blanks, among the tokens
        self.ruled = True  # so far

    @property
    def ends_ruled(self) -> bool:
        """Whether all blanks obey a rule, those at the end too."""
        return self.ruled and not self._blanks

    def add_text(self, text: str) -> None:
        self._widths = [width + len(text) for width in self._widths]
        self.ruled &= not self._blanks

    def add_blanks(self, place: int, blanks: list[int]) -> None:
        if self._blanks:
            self.ruled = False
            return
        self.place = place
        self._widths = list(map(add, self._widths, blanks))
        if self._widths.count(self._widths[0]) == len(self._widths):
            self._note(f">{self._widths[0]}")
        else:
            self._blanks = blanks

    def add_cells(self, shared: str, column: list[str]) -> None:
        self._widths = [width + len(shared) + len(cell) for width, cell in zip(self._widths, column, strict=True)]
        if self._blanks:
            sizes = [blank + len(cell) for blank, cell in zip(self._blanks, column, strict=True)]
            self._blanks = []
            if shared or sizes.count(sizes[0]) != len(sizes):
                self.ruled = False
                return
            self._note(f":{sizes[0]}")

    def _note(self, rule: str) -> None:
        self._table.literals[-1] += f"{self._table.mask}{rule}{self._table.mask}"


def without_constants(table: Table) -> Table:
    """The same, with columns of one value in the pattern."""
    literals, columns = [table.literals[0]], []
    for column, literal in zip(table.columns, table.literals[1:], strict=True):
        if column[-1] == column[0] and column.count(column[0]) == len(column) and not literals[-1].endswith(table.mask):
            literals[-1] += column[0] + literal
        else:
            columns.append(column)
            literals.append(literal)
    return Table(literals, columns, table.lines, table.mask, table.height)


def split_table(table: Table, weights: Weights, depth: int = SPLIT_DEPTH) -> list[Table]:
    """The table cut where the lines of one value are cheaper with a pattern of their own."""
    weights.tick()
    table = without_constants(table)
    if depth == 0 or len(table.lines) < 2 * SPLIT_FROM or not table.columns:
        return [table]
    repeating = [  # clocks stay in their rows
        at
        for at, column in enumerate(table.columns)
        if not CLOCK.search(column[0]) and len(set(column)) * 2 <= len(column)
    ]
    if not repeating:
        return [table]
    often = {at: Counter(table.columns[at]) for at in repeating}
    often = {at: times for at, times in often.items() if max(times.values()) >= SPLIT_FROM}
    if not often:
        return [table]
    cost = weights.count("".join(table.literals)) + 2 * len(table.columns) + 4 + weights.least
    row = weights.count(",".join([column[0] for column in table.columns]))
    best, best_gain, best_values = -1, 0, frozenset[str]()
    for at, counts in often.items():
        common = {value for value, times in counts.items() if times >= SPLIT_FROM and times * row * 2 > cost}
        gain, values = _gain(table, at, common, cost, weights.count) if common else (0, best_values)
        if gain > best_gain:
            best, best_gain, best_values = at, gain, values
    if best < 0:
        return [table]
    parts: dict[str, list[int]] = {}
    for number, value in enumerate(table.columns[best]):
        parts.setdefault(value if value in best_values else "", []).append(number)
    return [small for rows in parts.values() for small in split_table(rows_of(table, rows), weights, depth - 1)]


def _gain(table: Table, at: int, common: set[str], cost: int, count: CountTokens) -> tuple[int, frozenset[str]]:
    """Tokens saved by patterns for single values of a column, and those values."""
    found: dict[str, list[int]] = {value: [] for value in sorted(common)}
    for row, value in enumerate(table.columns[at]):
        if value in common:
            found[value].append(row)
    gains: list[tuple[int, str]] = []
    for value, rows in found.items():
        constant = [column[rows[0]] for column in table.columns if _is_constant(column, rows)]
        saved = (len(rows) - 1) * (count(",".join(constant)) + 1) - cost
        if saved > 0:
            gains.append((saved, value))
    gains = sorted(gains, reverse=True)[:SPLIT_VALUES]
    return sum(saved for saved, _ in gains), frozenset(value for _, value in gains)


def _is_constant(column: list[str], rows: list[int]) -> bool:
    """Whether the rows have one value. A few are looked at first: most columns vary."""
    value = column[rows[0]]
    if column[rows[-1]] != value or column[rows[len(rows) // 2]] != value:
        return False
    return [column[row] for row in rows].count(value) == len(rows)


def paths_apart(table: Table) -> Table:
    """The table with the folders of paths in columns of their own, where many rows share them."""
    literals, columns = [table.literals[0]], []
    for column, literal in zip(table.columns, table.literals[1:], strict=True):
        if not literals[-1].endswith(table.mask) and "/" in column[0] and "/" in column[-1]:
            cuts = [cell.rfind("/") + 1 for cell in column]
            folders = [cell[:cut] for cell, cut in zip(column, cuts, strict=True)]
            if len(set(folders)) * 2 <= len(column) and not any(map(str.endswith, column, repeat("/"))):
                columns.append(folders)
                literals.append("")
                column = [cell[cut:] for cell, cut in zip(column, cuts, strict=True)]
        columns.append(column)
        literals.append(literal)
    return Table(literals, columns, table.lines, table.mask, table.height)


def paths_joined(table: Table) -> Table:
    """The table with columns that nothing stands between in one."""
    literals, columns = [table.literals[0]], table.columns[:1]
    for column, before in zip(table.columns[1:], table.literals[1:-1], strict=True):
        if before:
            literals.append(before)
            columns.append(column)
        else:
            columns[-1] = list(map(add, columns[-1], column))
    if not table.columns:
        return table
    return Table([*literals, table.literals[-1]], columns, table.lines, table.mask, table.height)
