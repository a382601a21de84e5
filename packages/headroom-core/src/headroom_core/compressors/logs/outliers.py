"""Numbers with a unit that lie far from their like: the slow call, the huge file."""

from __future__ import annotations

import re

from headroom_core.compressors.logs.mining import Table

_UNITS = r"(?:ns|us|µs|ms|msecs?|s|secs?|seconds?|min|minutes?|[kKMGT]i?B|[kMG]b|B|bytes?|%|rows?|records?)"
_VALUE = re.compile(rf"(-?\d+(?:\.\d+)?){_UNITS}?[.:]?", re.ASCII)
_UNIT_IN_VALUE = re.compile(rf"-?\d+(?:\.\d+)?{_UNITS}[.:]?", re.ASCII)
_UNIT_BEHIND = re.compile(rf"\s?{_UNITS}\b|\s?%")
_MEASURE_BEFORE = re.compile(
    r"(?:time|took|in|len|length|size|duration|latency|elapsed|delay|wait|total|used|age|cost)\s*[:=(]?\s*$",
    re.IGNORECASE,
)
_FEWEST = 12  # values of a column, to say what is usual
_FAR = 3  # quartile ranges, or standard deviations where the middle half is all alike
_MOST_SHARE = 0.05  # where more lie far, far is usual


def outlying_lines(table: Table) -> list[tuple[float, int]]:
    """Lines, counted from 0, with a number far from the others of its column, and how far: the farther, the greater."""
    found = []
    for at, column in enumerate(table.columns):
        if len(column) >= _FEWEST and _is_measure(table.literals[at], column[0], table.literals[at + 1]):
            found += _far_from_the_rest(column, table.lines)
    return found


def _is_measure(before: str, value: str, after: str) -> bool:
    if _UNIT_IN_VALUE.fullmatch(value):
        return True
    return _VALUE.fullmatch(value) is not None and bool(
        _UNIT_BEHIND.match(after) or _MEASURE_BEFORE.search(before[-12:])
    )


def _far_from_the_rest(column: list[str], lines: list[int]) -> list[tuple[float, int]]:
    numbers = []
    for cell, line in zip(column, lines, strict=True):
        match = _VALUE.fullmatch(cell)
        if match and len(cell) < 24:
            numbers.append((float(match.group(1)), line))
    if len(numbers) < _FEWEST:
        return []
    ranked = sorted(number for number, _ in numbers)
    low, middle, high = (ranked[len(ranked) * quarter // 4] for quarter in (1, 2, 3))
    spread = high - low
    if not spread:
        mean = sum(ranked) / len(ranked)
        spread = (sum((number - mean) ** 2 for number in ranked) / len(ranked)) ** 0.5
        low = high = mean
    if not spread:
        return []
    far = [
        (abs(number - middle) / spread, line)
        for number, line in numbers
        if number > high + _FAR * spread or number < low - _FAR * spread
    ]
    return far if len(far) <= max(1, _MOST_SHARE * len(numbers)) else []
