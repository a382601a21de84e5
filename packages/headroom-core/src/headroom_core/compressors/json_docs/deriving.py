"""Columns that follow from another column of the same row: equal to it, or an address in which it stands.

Most APIs give every object an address that holds its id, and further ones that go on from there. One line of the
header says how such a column is made, instead of every row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from headroom_core.compressors.json_docs.columns import Column
from headroom_core.compressors.json_docs.lexemes import Number, encode
from headroom_core.compressors.json_docs.notation import KEY, made_of, path_name, same_as

MIN_ROWS = 3  # in fewer a relation may be an accident, and hardly spares anything

_PLAIN_PATH = re.compile(r"\*|[\w$-]+(?:\.[\w$-]+)*").fullmatch


@dataclass(frozen=True, slots=True)
class _Source:
    """A column that others may follow from."""

    at: int
    name: str
    first: str


def derived(columns: Sequence[Column]) -> dict[int, str]:
    """For each column that follows from another: its number, from 0, and what the header says behind its `=`."""
    if not columns or len(columns[0].values) < MIN_ROWS:
        return {}
    found: dict[int, str] = {}
    sources = _sources(columns)
    equals: dict[tuple[object, ...], list[_Source]] = {}
    for source in sources:
        values = columns[source.at].values
        ends = (values[0], values[len(values) // 2], values[-1])
        twin = next((other for other in equals.get(ends, ()) if _alike(values, columns[other.at].values)), None)
        expression = same_as(twin.name) if twin else _address(columns, source, sources)
        if expression and len(expression) + len(values) < sum(map(len, values)):  # type: ignore[arg-type]
            found[source.at] = expression
        else:
            equals.setdefault(ends, []).append(source)
    return found


def _sources(columns: Sequence[Column]) -> list[_Source]:
    """The columns that hold a string or a number in every row, not always the same, under a name that stands bare."""
    sources = []
    for at, column in enumerate(columns):
        values = column.values
        if column.missing or type(values[0]) not in (str, Number) or values[0] == values[-1] == values[1]:
            continue
        name = "*" if column.path is KEY else path_name(column.path)
        if _PLAIN_PATH(name) and set(map(type, values)) <= {str, Number}:
            sources.append(_Source(at, name, str(values[0])))
    return sources


def _alike(values: list[object], others: list[object]) -> bool:
    return values == others and list(map(type, values)) == list(map(type, others))


def _address(columns: Sequence[Column], source: _Source, sources: Sequence[_Source]) -> str:
    """How the column's addresses are made of the longest other column that stands in them; empty: they aren't."""
    address, values = source.first, columns[source.at].values
    if "/" not in address or columns[source.at].path is KEY or set(map(type, values)) != {str}:
        return ""
    inside = [other for other in sources if len(other.first) < len(address) and other.first in address]
    for other in sorted(inside, key=lambda other: -len(other.first)):
        start = address.rfind(other.first)
        before, after = address[:start], address[start + len(other.first) :]
        if before[-1:].isalnum() or after[:1].isalnum():
            continue
        parts = columns[other.at].values
        if all(value == f"{before}{part}{after}" for value, part in zip(values, parts, strict=True)):
            return made_of(encode(before) if before else "", other.name, encode(after) if after else "")
    return ""
