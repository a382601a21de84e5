"""What `text.evidence` weighs of a table of JSON: numbers, values that few rows have, kinds, and objects inside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from headroom_core.compressors.json_docs.columns import Column
from headroom_core.compressors.json_docs.drawing import Groups, Table
from headroom_core.compressors.json_docs.kinds import Kind
from headroom_core.compressors.json_docs.lexemes import MISSING, Doubled, Number, scalar
from headroom_core.compressors.json_docs.notation import KEY
from headroom_core.text.evidence import (
    HUGE,
    MIN_SAMPLE,
    RARE,
    RARE_SHARE,
    Evidence,
    Numbers,
    add_matches,
    add_outliers,
    add_rare,
    add_trouble,
)

_NUMERIC = re.compile(r"-?\d{1,24}(?:\.\d{1,24})?(?:[eE][-+]?\d{1,3})?").fullmatch


class Readings:
    """Columns as numbers and as categories, each read once: evidence asks for them, and every try of a summary.

    For columns that live as long as it does.
    """

    def __init__(self) -> None:
        self._numbers: dict[int, Numbers | None] = {}
        self._categories: dict[int, Counter[str] | None] = {}

    def numbers(self, kind: Kind, column: Column) -> Numbers | None:
        """`numbers_of` a column of the kind."""
        if id(column) not in self._numbers:
            self._numbers[id(column)] = numbers_of(kind.rows, column)
        return self._numbers[id(column)]

    def categories(self, column: Column) -> Counter[str] | None:
        """`categories_of` the column."""
        if id(column) not in self._categories:
            self._categories[id(column)] = categories_of(column)
        return self._categories[id(column)]


def evidence_of(
    tables: Mapping[int, Table], question: str, rows: Sequence[str], readings: Readings, tick: Callable[[], None]
) -> Evidence:
    """Why which rows should be shown. `tables` by the place of their first row among all rows, whose source it is."""
    evidence = Evidence()
    for first, table in tables.items():
        own = Evidence()
        _add_all(table, own, readings, tick)
        evidence.follow(own, first)
    if question:
        add_matches(question, rows, evidence)
    return evidence


def inner_scores(groups: Groups, tick: Callable[[], None]) -> list[float]:
    """For each object inside the cells of a column how likely a reader would miss it."""
    evidence = Evidence()
    _add_all(groups.table, evidence, Readings(), tick)
    return evidence.scores(len(groups.table.lines))


def _add_all(table: Table, evidence: Evidence, readings: Readings, tick: Callable[[], None]) -> None:
    add_trouble(table.lines, evidence)
    for kind, drawn in zip(table.kinds, table.drawn, strict=True):
        if len(kind.rows) <= RARE_SHARE * len(table.lines):
            evidence.add_all(kind.rows, RARE)
        for column, shown in zip(kind.columns, drawn, strict=False):
            tick()
            if column.path is not KEY and len(column.values) >= MIN_SAMPLE:
                _add_column(kind, column, evidence, readings)
            if shown.groups:
                inside = Evidence()
                _add_all(shown.groups.table, inside, readings, tick)
                spans = zip(kind.rows, shown.groups.spans, strict=True)
                evidence.take_in(inside, [row for row, span in spans if span for _ in range(*span)])


def numbers_of(rows: Sequence[int], column: Column) -> Numbers | None:
    """The column as numbers, where nearly all that is there is one; strings that hold numbers are some, too."""
    shapes = set(map(type, column.values))
    if not shapes <= {Number, str, type(None), type(MISSING)} or len(rows) - column.missing < MIN_SAMPLE:
        return None
    pairs = [(row, value) for row, value in zip(rows, column.values, strict=True) if isinstance(value, str)]
    lexemes = [value for _, value in pairs]
    if len(lexemes) < MIN_SAMPLE or 2 * len(lexemes) < len(rows) - column.missing:
        return None
    if str in shapes and not all(map(_NUMERIC, lexemes)):
        return None
    values = list(map(float, lexemes))
    if not all(abs(value) < HUGE for value in values):
        return None
    return Numbers([row for row, _ in pairs], values, lexemes)


def among(numbers: Numbers, rows: set[int], present: int) -> Numbers | None:
    """The numbers in some of the rows, of which so many aren't without the column; None as of a column of those."""
    at = [at for at, row in enumerate(numbers.rows) if row in rows]
    if len(at) < MIN_SAMPLE or 2 * len(at) < present:
        return None
    return Numbers(
        [numbers.rows[place] for place in at],
        [numbers.values[place] for place in at],
        [numbers.lexemes[place] for place in at],
    )


def categories_of(column: Column) -> Counter[str] | None:
    """How often each value comes, spelled as JSON spells it; None where most values come once, or are no scalars."""
    shapes = set(map(type, column.values))
    if dict in shapes or list in shapes or Doubled in shapes:
        return None
    seen = Counter(spelled(column.values))
    if column.missing:
        del seen[""]
    return seen if seen and 2 * len(seen) <= sum(seen.values()) else None


def spelled(values: list[object]) -> list[str]:
    """Scalars as text; an empty one for what is missing, and an empty string in its quotes."""
    if set(map(type, values)) <= {str, Number} and "" not in values:
        return values  # type: ignore[return-value]
    return ["" if value is MISSING else scalar(value) or '""' for value in values]


def _add_column(kind: Kind, column: Column, evidence: Evidence, readings: Readings) -> None:
    numbers = readings.numbers(kind, column)
    if numbers is not None:
        add_outliers(numbers, evidence)
    seen = readings.categories(column)
    if seen is not None:
        add_rare(kind.rows, spelled(column.values), seen, evidence)
