"""From groups of keys to tables: what the lines of one pattern share, and a column for each place where they differ.

A value that many lines share gets a table of its own where that pays, so that no row has to repeat it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from headroom_core.compressors.logs.mining import SEPARATORS, Masked, Table, merge_keys
from headroom_core.types import CountTokens

_TOKEN = re.compile(rf"[ ]+|[^{SEPARATORS}]+|[\s\S]")
CLOCK = re.compile(r"\d{1,2}:\d\d", re.ASCII)
MOST_COLUMNS = 60  # a line with more values is no row that anyone could read
SPLIT_FROM = 4  # lines that share a value, for a pattern of their own
SPLIT_DEPTH = 4


def build_tables(masked: Masked, tick: Callable[[], None]) -> list[Table]:
    """The tables of a text, each line in one of them: but for blank lines, and those of very many values."""
    tables = []
    for members in merge_keys(masked, [key for key in masked.keys if key and not key.isspace()], tick):
        tick()
        alike: dict[tuple[str, ...], list[tuple[list[str], list[int]]]] = {}
        for key in members:
            tokens = _TOKEN.findall(key) if len(members) > 1 else [key]
            blanks = tuple(token for token in tokens if token[0] == " ")
            alike.setdefault(blanks, []).append((tokens, masked.keys[key]))
        tables += [_table(masked, keys) for keys in alike.values()]
    return [table for table in tables if len(table.columns) <= MOST_COLUMNS]


def without_lines(table: Table, skip: bytearray) -> Table:
    """The table without the lines that `skip` marks."""
    rows = [row for row, line in enumerate(table.lines) if not skip[line]]
    return table if len(rows) == len(table.lines) else _rows(table, rows)


def _rows(table: Table, rows: list[int]) -> Table:
    return Table(
        table.literals,
        [[column[row] for row in rows] for column in table.columns],
        [table.lines[row] for row in rows],
    )


def _table(masked: Masked, picked: list[tuple[list[str], list[int]]]) -> Table:
    if len(picked) == 1:
        return _of_one_key(masked, "".join(picked[0][0]), picked[0][1])
    literals, columns, literal = [], [], ""
    taken = [0] * len(picked)  # values of each key that are already in columns
    for place, first in enumerate(picked[0][0]):
        tokens = [key[place] for key, _ in picked]
        varies = any(token != first for token in tokens)
        if not varies and masked.mask not in first:
            literal += first
            continue
        shared = "" if varies else first[:-1]
        column: list[str] = []
        for number, (token, (_, lines)) in enumerate(zip(tokens, picked, strict=True)):
            if token.endswith(masked.mask):
                column += _cells(masked, lines, taken[number], token[len(shared) : -1])
                taken[number] += 1
            else:
                column += [token] * len(lines)
        literals.append(literal + shared)
        columns.append(column)
        literal = ""
    return Table([*literals, literal], columns, [line for _, lines in picked for line in lines])


def _of_one_key(masked: Masked, key: str, lines: list[int]) -> Table:
    literals = key.split(masked.mask)
    return Table(literals, [_cells(masked, lines, at, "") for at in range(len(literals) - 1)], lines)


def _cells(masked: Masked, lines: list[int], at: int, before: str) -> list[str]:
    values, offsets = masked.values, masked.offsets
    if before:
        return [before + values[offsets[line] + at] for line in lines]
    return [values[offsets[line] + at] for line in lines]


def without_constants(table: Table) -> Table:
    """The same, with columns of one value in the pattern."""
    literals, columns = [table.literals[0]], []
    for column, literal in zip(table.columns, table.literals[1:], strict=True):
        if column.count(column[0]) == len(column):
            literals[-1] += column[0] + literal
        else:
            columns.append(column)
            literals.append(literal)
    return Table(literals, columns, table.lines)


def split_table(table: Table, count: CountTokens, tick: Callable[[], None], depth: int = SPLIT_DEPTH) -> list[Table]:
    """The table cut where the lines of one value are cheaper with a pattern of their own."""
    tick()
    table = without_constants(table)
    if depth == 0 or len(table.lines) < 2 * SPLIT_FROM:
        return [table]
    cost = count("".join(table.literals)) + 2 * len(table.columns) + 4
    best, best_gain, best_values = -1, 0, frozenset[str]()
    for at, column in enumerate(table.columns):
        gain, values = _gain(column, cost, count)
        if gain > best_gain:
            best, best_gain, best_values = at, gain, values
    if best < 0:
        return [table]
    parts: dict[str, list[int]] = {}
    for row, value in enumerate(table.columns[best]):
        parts.setdefault(value if value in best_values else "", []).append(row)
    return [
        small
        for rows in parts.values()
        for small in split_table(
            _rows(table, rows),
            count,
            tick,
            depth - 1,
        )
    ]


def _gain(column: list[str], cost: int, count: CountTokens) -> tuple[int, frozenset[str]]:
    """Tokens saved by patterns for single values of a column, and those values. Clocks stay in their rows."""
    if CLOCK.search(column[0]):
        return 0, frozenset()
    counts = Counter(column)
    if len(counts) * 2 > len(column):
        return 0, frozenset()
    gain, values = 0, set()
    for value, times in counts.items():
        if times < SPLIT_FROM or times * (len(value) + 1) <= cost:
            continue
        saved = times * (count(value) + 1) - cost
        if saved > 0:
            gain += saved
            values.add(value)
    return gain, frozenset(values)
