"""Rows of JSON, or of a table, reduced to the fields that are asked for, every value in the letters of the original."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from headroom_core.errors import SettingError
from headroom_core.text.rows import members
from headroom_core.text.tables import Table
from headroom_core.types import no_deadline

NAMED_FIELDS = 30  # how many names an error lists
NAMED_CHARS = 100  # of the names asked for, that it repeats
SAMPLED_ROWS = 20  # in which it looks for them


def reduce_rows(rows: Sequence[str], names: Sequence[str]) -> list[str]:
    """Each row as a JSON object of the named fields that it has, in the order asked for. `a.b` also means b inside a.

    Raises:
        SettingError: no row has any of them; the message lists what there is.
    """
    reduced = [_reduce(row, names) for row in rows]
    if rows and all(row == "{}" for row in reduced):
        known = list(dict.fromkeys(key for row in rows[:SAMPLED_ROWS] for key, _ in members(row)))
        has = f"they have {', '.join(known[:NAMED_FIELDS])}" if known else "they are no JSON objects"
        wanted = " or ".join(map(repr, names))[:NAMED_CHARS]
        raise SettingError(f"No row has a field {wanted}; {has[: NAMED_CHARS * 10]}.")
    return reduced


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
