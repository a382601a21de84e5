"""Which rows a reader would miss most: errors, outliers, rare values, changes, and what the question is about.

Every reason adds to a row's score. What is ordinary scores nothing and is shown only as an even sample.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from headroom_core.compressors.json_docs.columns import Column
from headroom_core.compressors.json_docs.drawing import Table
from headroom_core.compressors.json_docs.lexemes import MISSING, Number, scalar
from headroom_core.compressors.json_docs.tables import KEY
from headroom_core.text.relevance import rank

FIRST, LAST = 3, 2  # rows that are shown whatever they hold
MIN_SAMPLE = 5  # values; in fewer nothing is rare or far out
RARE_SHARE = 0.02  # of the rows: a value that fewer have is rare
OUTLIERS = 3  # the most extreme of a column
MATCHES = 20  # rows that answer the question best
COMMON_SHARE = 0.15  # of the rows: a word that more of them hold marks nothing

_EDGE, _QUESTION, _ERROR, _OUTLIER, _RARE, _EXTREME, _CHANGE = 100.0, 80.0, 60.0, 50.0, 40.0, 12.0, 8.0

_TROUBLE = re.compile(
    r"(?i)\b(?:error|errors|fail|failed|failure|fails|fatal|critical|exception|traceback|panic|denied|refused|rejected"
    r"|timeout|timed.out|invalid|unable|cannot|abort|aborted|crash|crashed|corrupt|corrupted|unauthorized|forbidden"
    r"|unhealthy|down|overdue|blocked|warning|missing|not.found|cancelled|canceled)\b"
)
_NUMERIC = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?").fullmatch


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of numbers: each with the row that it stands in, counted from 0."""

    rows: list[int]
    values: list[float]
    lexemes: list[str]


def scores(table: Table, question: str, texts: Callable[[], Sequence[str]], tick: Callable[[], None]) -> list[float]:
    """For each row how much a reader would miss it; 0 for the ordinary. `texts` gives the rows' source."""
    count = len(table.lines)
    found = [0.0] * count
    for number in (*range(min(FIRST, count)), *range(max(0, count - LAST), count)):
        found[number] = _EDGE
    _add_trouble(table.lines, found)
    for kind in table.kinds:
        for column in kind.columns:
            tick()
            if column.path is not KEY and len(column.values) >= MIN_SAMPLE:
                _add_column(kind.rows, column, found)
        if len(kind.rows) <= RARE_SHARE * count:
            for number in kind.rows:
                found[number] += _RARE
    if question:
        matches = rank(question, texts())[:MATCHES]
        for number, score in matches:
            found[number] += _QUESTION * score / matches[0][1]
    return found


def numbers_of(rows: Sequence[int], column: Column) -> Numbers | None:
    """The column as numbers, where nearly all that is there is one."""
    chosen: list[int] = []
    lexemes: list[str] = []
    for row, value in zip(rows, column.values, strict=True):
        if isinstance(value, str) and (type(value) is Number or len(value) < 25) and _NUMERIC(value):
            chosen.append(row)
            lexemes.append(value)
        elif type(value) is str:
            return None
    if len(lexemes) < MIN_SAMPLE or 2 * len(lexemes) < len(rows) - column.missing:
        return None
    values = [float(lexeme) for lexeme in lexemes]
    return None if any(abs(value) > 1e300 for value in values) else Numbers(chosen, values, lexemes)


def categories_of(column: Column) -> Counter[str] | None:
    """How often each value comes, spelled as JSON spells it; None where most values come once, or are long."""
    seen: Counter[str] = Counter()
    for value in column.values:
        if value is MISSING:
            continue
        if isinstance(value, dict | list):
            return None
        seen[scalar(value)] += 1
    if not seen or 2 * len(seen) > sum(seen.values()):
        return None
    return seen


def _add_trouble(lines: list[str], found: list[float]) -> None:
    hits = [number for number, line in enumerate(lines) if _TROUBLE.search(line)]
    weight = _ERROR if len(hits) <= COMMON_SHARE * len(lines) else 0.0
    for number in hits:
        found[number] += weight


def _add_column(rows: list[int], column: Column, found: list[float]) -> None:
    numbers = numbers_of(rows, column)
    if numbers is not None:
        _add_outliers(numbers, found)
    seen = categories_of(column)
    if seen is not None:
        _add_rare(rows, column, seen, found)


def _add_outliers(numbers: Numbers, found: list[float]) -> None:
    """Beyond three standard deviations, or three times the spread of the middle half: the most extreme of them."""
    values, count = numbers.values, len(numbers.values)
    ordered = sorted(values)
    if ordered[0] == ordered[-1]:
        return
    mean = sum(values) / count
    deviation = (sum((value - mean) ** 2 for value in values) / count) ** 0.5
    low, middle, high = ordered[count // 4], ordered[count // 2], ordered[3 * count // 4]
    spread = high - low
    for at in (values.index(ordered[0]), values.index(ordered[-1])):
        found[numbers.rows[at]] += _EXTREME
    far = []
    for value, row in zip(values, numbers.rows, strict=True):
        beyond = max(low - value, value - high)
        if abs(value - mean) > 3 * deviation or (spread and beyond > 3 * spread):
            far.append((abs(value - middle), -row))
    for _, row in sorted(far, reverse=True)[:OUTLIERS]:
        found[-row] += _OUTLIER


def _add_rare(rows: list[int], column: Column, seen: Counter[str], found: list[float]) -> None:
    total = sum(seen.values())
    most = max(1, int(RARE_SHARE * total))
    rare = {value for value, times in seen.items() if times <= most}
    spelled = ["" if value is MISSING else scalar(value) for value in column.values]
    if rare and len(rare) < len(seen):
        hits = [row for row, text in zip(rows, spelled, strict=True) if text in rare]
        weight = _RARE * min(1.0, 5 / len(hits))
        for row in hits:
            found[row] += weight
    changes = [at for at in range(1, len(spelled)) if spelled[at] != spelled[at - 1]]
    if 10 * len(changes) <= len(spelled):
        for at in changes:
            found[rows[at]] += _CHANGE
