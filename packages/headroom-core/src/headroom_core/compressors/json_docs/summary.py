"""What the rows that are not shown hold, in a line or two: counted and measured, never guessed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from headroom_core.compressors.json_docs.choosing import Readings, among, categories_of, numbers_of
from headroom_core.compressors.json_docs.columns import Column
from headroom_core.compressors.json_docs.drawing import LABELS, Table
from headroom_core.compressors.json_docs.kinds import Kind
from headroom_core.compressors.json_docs.lexemes import MISSING, Number, encode, scalar
from headroom_core.compressors.json_docs.notation import COMMA, KEY, cell, path_name

MOST_VALUES = 6  # of a column of categories; the others are counted together
LONGEST_VALUE = 40  # characters: longer ones are no categories
LONGEST_ID = 120
UNIQUE_SHARE = 0.95  # of the values that are different, in a column of ids

_NAMING = re.compile(r"(?i).*(?:\b|_)(?:id|key|name|title|uuid|number|slug|path)|.*[a-z]I[dD]").fullmatch

_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d(?:[T ][\d:.]+)?)(Z|[-+]\d\d:?\d\d)?"
).fullmatch  # without its zone it sorts as it reads


def summarise(table: Table, hidden: Sequence[int], room: int, readings: Readings) -> list[str]:
    """Lines about the hidden rows, of at most about `room` characters: one for each kind of them."""
    lines = []
    chosen = set(hidden)
    for label, kind in zip(LABELS, table.kinds, strict=False):
        places = [at for at, number in enumerate(kind.rows) if number in chosen]
        facts: list[str] = []
        for column in kind.columns if places else []:
            fact = _fact(kind, column, places, readings)
            if fact and sum(map(len, facts)) + len(fact) <= room:
                facts.append(fact)
        if facts:
            of_kind = "" if len(table.kinds) == 1 else f" {label}"
            lines.append(f"the {len(places)} hidden{of_kind} rows: {'; '.join(facts)}")
    return lines


def identity_of(table: Table) -> Column | None:
    """The column by whose values the rows are called; None where there is none, or rows are of several kinds."""
    known = [column for column in table.kinds[0].columns if _is_identity(column)] if len(table.kinds) == 1 else []
    return max(known, key=_rank) if known else None


def identities(column: Column, hidden: Sequence[int], room: int) -> str:
    """The hidden rows' ids, `name of the hidden rows: a,b,c`; empty where they need more room."""
    values = [column.values[number] for number in hidden]
    spelled = [cell(value, COMMA) if type(value) is str else scalar(value) for value in values]
    name = "keys" if column.path is KEY else path_name(column.path)
    line = f"{name} of the hidden rows: {','.join(spelled)}"
    return line if len(line) <= room else ""


def _rank(column: Column) -> int:
    """How much a column looks like what its rows are called by; of equals the first is taken."""
    if column.path is KEY or _NAMING(column.path[-1]):
        return 2
    return 1 if type(column.values[0]) is str and not _TIME(column.values[0]) else 0


def _is_identity(column: Column) -> bool:
    """Nearly every value once, short, and no mere counting."""
    values: list[str] = column.values  # type: ignore[assignment]
    if column.missing or not set(map(type, values)) <= {str, Number} or UNIQUE_SHARE * len(values) > len(set(values)):
        return False
    return min(map(len, values)) > 0 and max(map(len, values)) <= LONGEST_ID and not _is_count(column.values)


def _is_count(values: list[object]) -> bool:
    """Whether they are whole numbers in a regular step: then the first, the last and the row numbers tell all."""
    if any(
        type(value) is not Number or not str(value).lstrip("-").isdigit() or len(value) > 15 for value in values[:3]
    ):
        return False
    try:
        whole = [int(str(value)) for value in values]
    except ValueError:
        return False
    steps = {after - before for before, after in pairwise(whole)}
    return len(steps) == 1


def _fact(kind: Kind, column: Column, places: list[int], readings: Readings) -> str:
    """One column in short: a range, how often each value comes, or nothing."""
    if column.path is KEY:
        return ""
    values = [column.values[at] for at in places]
    part = Column(column.path, values, values.count(MISSING))
    name = path_name(column.path)
    whole = readings.numbers(kind, column)
    seen = readings.categories(column)
    if seen is not None and (whole is None or len(seen) <= MOST_VALUES):
        return _counts(name, categories_of(part) or Counter(), len(seen)) if len(seen) > 1 else ""
    rows = [kind.rows[at] for at in places]
    numbers = among(whole, set(rows), len(rows) - part.missing) if whole is not None else numbers_of(rows, part)
    if numbers is None:
        return _period(name, [value for value in values if value is not MISSING])
    low = min(zip(numbers.values, numbers.lexemes, strict=True))[1]
    high = max(zip(numbers.values, numbers.lexemes, strict=True))[1]
    return f"{name} {low}..{high}" if low != high else f"{name} {low}"


def _counts(name: str, seen: Counter[str], distinct: int) -> str:
    if not seen or any(len(value) > LONGEST_VALUE for value in seen):
        return ""
    if distinct > 4 * MOST_VALUES:
        return f"{name} {len(seen)} different"
    common = seen.most_common(MOST_VALUES)
    spelled = [f"{encode(value) if ',' in value else value} x{times}" for value, times in common]
    rest = len(seen) - len(common)
    if rest:
        spelled.append(f"{rest} more")
    return f"{name} {', '.join(spelled)}"


def _period(name: str, values: list[object]) -> str:
    """The first and the last of times that are all spelled with the same zone."""
    found = [_TIME(value) if type(value) is str else None for value in values]
    if not found or not all(found):
        return ""
    times = {match[1]: match[0] for match in found if match}
    if len({match[2] for match in found if match}) > 1:
        return ""
    return f"{name} {times[min(times)]}..{times[max(times)]}"
