"""Rows taken apart into columns: one list of values for each path that leads to a value.

Objects inside the rows are flattened where a reader sees the path at once and the way back is unambiguous; the order
of the columns is one that the keys of every row follow, so that each row's own key order can be rebuilt.
"""

from __future__ import annotations

from dataclasses import dataclass

from headroom_core.compressors.json_docs.lexemes import MISSING

MAX_COLUMNS = 400  # wider rows are maps from key to value rather than records
MAX_ORDERS = 200  # different sets of keys in one table; merging them costs their number times their length
MIN_KEYED = 4  # members of an object on average, from where on they are rows of their own
MAX_DEPTH = 8  # levels of objects that are flattened

Record = dict[str, object]
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """The values that stand at one path of the rows, MISSING where a row has none."""

    path: Path
    values: list[object]
    missing: int  # how many of the values are MISSING


def columns_of(rows: list[Record], depth: int = 0) -> list[Column] | None:
    """The columns of the rows, or None where they are no records: keys in clashing order, or hardly shared."""
    order = _order(list(dict.fromkeys(map(tuple, rows))))
    if order is None or len(order) > _widest(rows):
        return None
    return _columns(rows, order, depth)


def _columns(rows: list[Record], order: list[str], depth: int) -> list[Column]:
    columns: list[Column] = []
    same = len({len(row) for row in rows}) == 1 and len(order) == len(rows[0])
    listed = zip(*[row.values() for row in rows], strict=True) if same else None
    for key in order:
        values = list(next(listed)) if listed else [row.get(key, MISSING) for row in rows]
        missing = 0 if listed else values.count(MISSING)
        inner = _flattened(values, missing, depth) if dict in set(map(type, values)) else None
        if inner is None:
            columns.append(Column((key,), values, missing))
        else:
            columns.extend(Column((key, *column.path), column.values, column.missing) for column in inner)
    return columns


def _flattened(values: list[object], missing: int, depth: int) -> list[Column] | None:
    """The columns inside a column of objects. All objects that are there must have a key, else {} would get lost."""
    present = [value for value in values if type(value) is dict and value]
    if len(present) + missing != len(values) or depth >= MAX_DEPTH or are_keyed(present):
        return None
    inner = columns_of(present, depth + 1)
    if inner is None or not missing:
        return inner
    spread = []
    for column in inner:
        source = iter(column.values)
        wide = [MISSING if value is MISSING else next(source) for value in values]
        spread.append(Column(column.path, wide, column.missing + missing))
    return spread


def are_keyed(objects: list[Record]) -> bool:
    """Whether the members of these objects are records under keys that are data, `{"2024-05-01": {...}, ...}`."""
    if sum(map(len, objects)) < MIN_KEYED * len(objects):
        return False
    first = None
    for value in objects:
        for inner in value.values():
            if type(inner) is not dict or not inner:
                return False
            if first is None:
                first = next(iter(inner))
            elif first not in inner:
                return False
    return True


def _order(orders: list[Path]) -> list[str] | None:
    """One order that all of them follow, or None."""
    if len(orders) > MAX_ORDERS:
        return None
    merged = list(orders[0]) if orders else []
    return merged if all(merge_order(merged, order) for order in orders[1:]) else None


def merge_order(merged: list[str], order: Path) -> bool:
    """Put what is new in `order` where it stands there; False, and nothing changed, where the two clash."""
    trial = merged.copy()
    at = 0
    for key in order:
        if key in trial:
            found = trial.index(key)
            if found < at:
                return False
            at = found + 1
        else:
            trial.insert(at, key)
            at += 1
        if len(trial) > MAX_COLUMNS:
            return False
    merged[:] = trial
    return True


def _widest(rows: list[Record]) -> int:
    """How many columns the rows may have: more than twice their own keys, and they share too few of them."""
    return min(MAX_COLUMNS, 2 * sum(map(len, rows)) // len(rows) + 8) if rows else 0
