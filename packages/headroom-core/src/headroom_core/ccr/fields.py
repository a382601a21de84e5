"""Rows of JSON, or of a table, reduced to the fields that are asked for, every value in the letters of the original."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from headroom_core.errors import SettingError
from headroom_core.text.rows import members
from headroom_core.text.tables import Table
from headroom_core.types import no_deadline

NAMED_FIELDS = 30  # how many names an error lists
NAMED_CHARS = 100  # of the names asked for, that it repeats
SAMPLED_ROWS = 20  # in which it looks for them


def reduce_arrays(arrays: Sequence[tuple[str, Mapping[int, str]]], names: Sequence[str]) -> dict[int, str]:
    """Each row, by its number, as a JSON object of the named fields that it has, in the order asked for.

    `a.b` also means b inside a. `arrays` are each one's name, empty where it is the only one, and rows.
    Of several those are left out that have none of the fields in any row.

    Raises:
        SettingError: no row has any of them; the message lists what there is.
    """
    reduced: dict[int, str] = {}
    for _, rows in arrays:
        own = {number: _reduce(row, names) for number, row in rows.items()}
        if any(row != "{}" for row in own.values()):
            reduced |= own
    if not reduced:
        has = "; ".join(_what_they_have(name or "they", list(rows.values())) for name, rows in arrays if rows)
        wanted = " or ".join(map(repr, names))[:NAMED_CHARS]
        raise SettingError(f"No row has a field {wanted}; {has[: NAMED_CHARS * 10]}.")
    return reduced


def _what_they_have(name: str, rows: Sequence[str]) -> str:
    known = list(dict.fromkeys(key for row in rows[:SAMPLED_ROWS] for key, _ in members(row)))
    return f"{name} have {', '.join(known[:NAMED_FIELDS])}" if known else f"{name} are no JSON objects"


def reduce_lines(text: str, names: Sequence[str]) -> dict[int, str]:
    """Each row of a table, by the number of its line, counted from 1, as a JSON object of the named columns.

    Names count whatever their case.

    Raises:
        SettingError: the text is no table that names its columns, or has none of these; the message says what it has.
    """
    table = Table.read(text, no_deadline)
    if table is None or not table.names:
        raise SettingError(
            "fields was given, but this original has no rows of JSON and no named columns: ask with lines or query"
        )
    known = {name.casefold(): at for at, name in enumerate(table.names)}
    wanted = [(name, known[name.casefold()]) for name in names if name.casefold() in known]
    if not wanted:
        asked = " or ".join(map(repr, names))[:NAMED_CHARS]
        raise SettingError(f"No column is called {asked}; there are {', '.join(table.names[:NAMED_FIELDS])}.")
    return {
        number: "{"
        + ",".join(f"{json.dumps(name)}:{json.dumps(row[at], ensure_ascii=False)}" for name, at in wanted)
        + "}"
        for number, row in enumerate(table.rows, 1)
        if row is not None
    }


def _reduce(row: str, names: Iterable[str]) -> str:
    found = members(row)
    pairs = [f"{json.dumps(name)}:{value}" for name in names for value in _values(found, name)]
    return "{" + ",".join(pairs) + "}"


def _values(found: Sequence[tuple[str, str]], name: str) -> list[str]:
    """The values under a name: all of them, where a key stands more than once."""
    values = [value for key, value in found if key == name]
    if values or "." not in name:
        return values
    outer, _, inner = name.partition(".")
    return [value for key, held in found if key == outer for value in _values(members(held), inner)]
