"""Records of several lines: lines of two tables that follow each other often become rows of one.

So a message and its wrapped rest, a finding and its source line, or what a program logs in one breath are one pattern
of several lines, and what such lines share (the time, an id) stands once in the row.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from operator import eq

from headroom_core.compressors.logs.mining import Table
from headroom_core.compressors.logs.tables import Weights, rows_of

_FEWEST = 4  # records, for a pattern
_SHARE = 0.5  # of the rows of one table: fewer stand together by chance
_ROUNDS = 2  # each at most doubles the lines of a record
_MOST_LINES = 4
_MOST_VALUES = 8  # of a row that anyone can read
_TEXT_CHARS, _VALUE_CHARS = 3.3, 2.2  # of a token of a log's words, of its values: near enough to weigh pairs
_ROW_TOKENS = 3.0  # label, comma and end of line, which a joined row doesn't need again
_SAMPLE = 24  # rows, to see which columns are equal


def join_records(tables: list[Table], total: int, weights: Weights) -> list[Table]:
    """The tables, with rows of those that follow each other joined where that saves tokens. `total` lines in all."""
    fresh = [True] * len(tables)  # made in the last round: pairs of others were weighed before
    for _ in range(_ROUNDS):
        parts = _round(tables, fresh, total, weights)
        tables = [table for part in parts for table in part]
        fresh = [len(part) != 1 or changed for part, changed in zip(parts, fresh, strict=True) for _ in part]
        if not any(fresh):
            break
    return tables


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two tables, and rows of the one that are followed by rows of the other."""

    first: Table
    second: Table
    first_rows: list[int]
    second_rows: list[int]


def _round(tables: list[Table], fresh: list[bool], total: int, weights: Weights) -> list[list[Table]]:
    """What becomes of each table: itself, or a record and what is left of it."""
    weights.tick()
    owner, row_of = [-1] * (total + 1), [0] * total  # of the line behind the last one too
    for number, table in enumerate(tables):
        for row, line in enumerate(table.lines):
            owner[line], row_of[line] = number, row
    done: dict[int, list[Table]] = {}
    for number, other in _followers(tables, owner):
        first, second = tables[number], tables[other]
        if number in done or other in done or not (fresh[number] or fresh[other]):
            continue
        if first.height + second.height > _MOST_LINES:
            continue
        rows = [row for row, line in enumerate(first.lines) if owner[line + first.height] == other]
        below = [row_of[first.lines[row] + first.height] for row in rows]
        pair = _worthwhile(_Pair(first, second, rows, below), weights.least)
        if pair is not None:
            done[number] = [_joined(pair), *_without(first, pair.first_rows)]
            done[other] = _without(second, pair.second_rows)
    return [done.get(number, [table]) for number, table in enumerate(tables)]


def _followers(tables: list[Table], owner: list[int]) -> list[tuple[int, int]]:
    """Tables and those that often follow them, the most frequent pair first."""
    wanted = []
    for number, table in enumerate(tables):
        if len(table.lines) >= _FEWEST:
            height = table.height
            follows = Counter([owner[line + height] for line in table.lines])
            wanted += [
                (-times, number, other)
                for other, times in follows.most_common(2)
                if other not in (-1, number)
                and times >= max(_FEWEST, _SHARE * min(len(table.lines), len(tables[other].lines)))
            ]
    return [(number, other) for _, number, other in sorted(wanted)]


def _worthwhile(pair: _Pair, least: int) -> _Pair | None:
    """The pair, or those of its rows that are equal where most are; None where joining them saves nothing."""
    first, second = pair.first, pair.second
    saved, values = _ROW_TOKENS, len(first.columns) + len(second.columns)
    step = -(-len(pair.first_rows) // _SAMPLE)
    samples = [[column[row] for row in pair.first_rows[::step]] for column in first.columns]
    for column in second.columns:
        sample = [column[row] for row in pair.second_rows[::step]]
        tokens = len(sample[0]) / _VALUE_CHARS + 1
        for at, other in enumerate(samples):
            if sum(map(eq, sample, other)) * 2 < len(sample):
                continue
            narrow = _equal_rows(pair, first.columns[at], column)
            if len(narrow.first_rows) * (saved + tokens) >= len(pair.first_rows) * saved:
                pair = narrow
                saved += tokens
                values -= 1
                break
    times = len(pair.first_rows)
    cost = least + sum(_cost(table) for table in (first, second) if times < len(table.lines))
    return pair if values <= _MOST_VALUES and times >= _FEWEST and times * saved > cost else None


def _cost(table: Table) -> float:
    """Tokens of the pattern, about: it is said once more where some rows stay without the other table's."""
    return sum(map(len, table.literals)) / _TEXT_CHARS + 2 * len(table.columns) + 3


def _equal_rows(pair: _Pair, one: list[str], other: list[str]) -> _Pair:
    """The rows of a pair whose cells in these two columns are equal."""
    both = zip(pair.first_rows, pair.second_rows, strict=True)
    equal = [rows for rows in both if one[rows[0]] == other[rows[1]]]
    return _Pair(pair.first, pair.second, [left for left, _ in equal], [right for _, right in equal])


def _joined(pair: _Pair) -> Table:
    first, second = rows_of(pair.first, pair.first_rows), rows_of(pair.second, pair.second_rows)
    return Table(
        [*first.literals[:-1], f"{first.literals[-1]}\n{second.literals[0]}", *second.literals[1:]],
        first.columns + second.columns,
        first.lines,
        first.mask,
        first.height + second.height,
    )


def _without(table: Table, rows: list[int]) -> list[Table]:
    """What is left of a table without these rows: a table, or none."""
    gone = set(rows)
    left = [row for row in range(len(table.lines)) if row not in gone]
    return [rows_of(table, left)] if left else []
