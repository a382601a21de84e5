"""What the hidden lines say, pattern by pattern: count, first and last line, and the range of what varies."""

from __future__ import annotations

import re
from itertools import repeat

from headroom_core.compressors.logs.mining import Table
from headroom_core.compressors.logs.patterns import Pattern, pattern_of
from headroom_core.compressors.logs.tables import CLOCK, without_constants

HEADING = "Patterns (count, first-last line, text; {a..b} range, {a|b} values):"
_NUMBER = re.compile(r"-?\d{1,18}(?:\.\d{1,18})?", re.ASCII)
_UNIT = re.compile(r"[A-Za-z%µ]{0,8}$")
_MOST_VALUES = 3  # spelled out; of more, two and how many there are
_VALUE_CHARS = 40
_PATTERN_CHARS = 300


def overview_line(table: Table, first_line: int) -> str:
    """One line about a table: `930x L2-1092 worker {1..8} took job {0001..0930}`; the log begins on `first_line`."""
    pattern = pattern_of(without_constants(table))
    spelled = _with_ranges(pattern)
    if len(spelled) > _PATTERN_CHARS:
        spelled = f"{spelled[:_PATTERN_CHARS]} ..."
    first, last = min(table.lines) + first_line, max(table.lines) + first_line
    return f"{len(table.lines)}x L{first}-{last} {spelled}"


def _with_ranges(pattern: Pattern) -> str:
    ranges = [_range(column, pattern.lines) for column in pattern.columns]
    spelled, value = "", 0
    for piece in pattern.pieces:
        if isinstance(piece, str):
            spelled += piece
        elif piece.takes_value:
            spelled += ranges[value]
            value += 1
        else:
            spelled += "  " if piece.spec[0] == ">" else ranges[int(piece.spec) - 1]
    return spelled


def _range(column: list[str], lines: list[int]) -> str:
    distinct = list(dict.fromkeys(column))
    if len(distinct) <= _MOST_VALUES and sum(map(len, distinct)) <= 2 * _VALUE_CHARS:
        return "{" + "|".join(distinct) + "}"
    if CLOCK.search(column[0]):
        ordered = sorted(zip(lines, column, strict=True))
        return f"{{{_short(ordered[0][1])}..{_short(ordered[-1][1])}}}"
    unit = _UNIT.search(column[0])
    if unit and (numbers := _numbers(distinct, unit.group())):
        return f"{{{min(numbers)[1]}..{max(numbers)[1]}}}"
    return f"{{{_short(distinct[0])}|{_short(distinct[1])}|.. {len(distinct)} values}}"


def _numbers(values: list[str], unit: str) -> list[tuple[float, str]]:
    """The values as numbers, where all are numbers of that unit; else none."""
    plain = [value.removesuffix(unit) for value in values]
    if not all(map(_NUMBER.fullmatch, plain)) or not all(map(str.endswith, values, repeat(unit))):
        return []
    return list(zip(map(float, plain), values, strict=True))


def _short(value: str) -> str:
    return value if len(value) <= _VALUE_CHARS else value[:_VALUE_CHARS] + "..."
