"""Arrays of objects, and objects of like members, as tables.

The letters are those of `notation`; `reading` reads them back. Nothing is left out here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from headroom_core.compressors.json_docs.columns import Column, Record, columns_of
from headroom_core.compressors.json_docs.deriving import derived
from headroom_core.compressors.json_docs.drawing import Drawn, Groups, Table, rows_of_columns
from headroom_core.compressors.json_docs.embedding import all_embedded
from headroom_core.compressors.json_docs.kinds import Kind, agreeing, kinds_of
from headroom_core.compressors.json_docs.lexemes import MISSING, Doubled, Number, dump, encode
from headroom_core.compressors.json_docs.notation import (
    BLANK,
    COMMA,
    GROUP,
    KEY,
    SMALL,
    TAB,
    Dialect,
    cell,
    constant,
    has_bracket,
    is_literal,
    path_name,
    text_cell,
)

MIN_RECORDS = 3  # members of an object that may be rows; fewer are parts of one thing
MAX_KINDS = 12  # more headers than that, and JSON is as good to read
MIN_CELLS = 4  # of a row; fewer are told apart by their place
DEFAULT_SHARE = 0.75  # of the rows: a value that so many have is said once, and the others' with their name
LONGEST_DEFAULT = 60  # characters
NAMELESS: tuple[str, ...] = ("",)  # of the only column of rows that are arrays


@dataclass(frozen=True, slots=True)
class Tables:
    """Makes tables, each once. `tick` is called once a column and once a table."""

    tick: Callable[[], None]
    _known: dict[int, tuple[object, Table]] = field(default_factory=dict)  # by the `id` of their rows, kept with them

    def rows(self, rows: list[object] | Record, unit: str) -> Table:
        """The rows as a table in any case: where no columns are shared, each is JSON."""
        known = self._known.get(id(rows))
        if known and known[1].unit == unit:
            return known[1]
        if isinstance(rows, dict):
            table = self.records(rows)
            if table:
                return table
            lines = [f"{encode(key)}:{dump(row)}" for key, row in rows.items()]
            return Table("{", unit, COMMA, [Kind(list(range(len(rows))), [])], [[]], lines)
        return self.table(rows, unit) or Table(
            "[", unit, COMMA, [Kind(list(range(len(rows))), [])], [[]], list(map(dump, rows))
        )

    def records(self, members: Record) -> Table | None:
        """An object whose members are like records, as a table with their keys in front."""
        rows = list(members.values())
        if len(rows) < MIN_RECORDS or any(type(row) is not dict or not row for row in rows):
            return None
        columns = columns_of(rows)  # type: ignore[arg-type]
        if columns is None or not _worth(columns):
            return None
        columns.insert(0, Column(KEY, list(members), 0))
        drawn = self._drawn("{", "rows", [Kind(list(range(len(rows))), columns)], rows)
        self._known[id(members)] = members, drawn
        return drawn

    def table(self, rows: list[object], unit: str) -> Table | None:
        """The rows as a table, or None where JSON is as good."""
        if len(rows) < 2:
            return None
        self.tick()
        shapes = set(map(type, rows))
        if shapes == {list}:
            return self._array_rows(rows) if unit == "rows" else None
        if dict not in shapes:
            return None
        kinds = kinds_of(rows)
        plain = sum(len(kind.rows) for kind in kinds if not kind.columns)
        if len(kinds) > MAX_KINDS or 2 * plain > len(rows) or 2 * len(kinds) > len(rows) + 1:
            return None
        drawn = self._drawn("[", unit, kinds, rows)
        self._known[id(rows)] = rows, drawn
        return drawn

    def _array_rows(self, rows: list[object]) -> Table | None:
        """Rows that are arrays of objects themselves: one column without a name."""
        drawn = self._inner(rows, COMMA)
        if drawn is None or drawn.cells is None:
            return None
        kind = Kind(list(range(len(rows))), [Column(NAMELESS, rows, 0)])
        return Table("[", "rows", COMMA, [kind], [[drawn]], drawn.cells)

    def _drawn(self, opening: str, unit: str, kinds: list[Kind], rows: list[object]) -> Table:
        if len(kinds) == 1 and len(rows) <= SMALL:
            named = self._named(kinds[0].columns)
            if named:
                return Table(opening, unit, BLANK, kinds, [named], rows_of_columns(named, BLANK))
        dialect = TAB if any(_holds_commas(kind.columns) for kind in kinds) else COMMA
        drawn = [self._draw(kind.columns, dialect) for kind in kinds]
        lines = [""] * len(rows)
        for kind, columns in zip(kinds, drawn, strict=True):
            written = rows_of_columns(columns, dialect) if columns else [dump(rows[number]) for number in kind.rows]
            for number, line in zip(kind.rows, written, strict=True):
                lines[number] = line
        return Table(opening, unit, dialect, kinds, drawn, lines)

    def _named(self, columns: list[Column]) -> list[Drawn] | None:
        """The columns with a name before every cell but a row's first; None where that is no help, or can't be done."""
        drawn = self._draw(columns, BLANK)
        varying = [at for at, column in enumerate(drawn) if column.cells is not None]
        if len(varying) < MIN_CELLS or columns[varying[0]].missing:
            return None
        if any(" " in key for column in columns for key in column.path):  # what blanks part can't hold any
            return None
        if any(":text of JSON " in column.header for column in drawn):
            return None
        drawn[varying[0]] = replace(drawn[varying[0]], label="")
        return drawn

    def _draw(self, columns: list[Column], dialect: Dialect) -> list[Drawn]:
        """The columns as they are written. At least one has cells, so that every row has a line."""
        follow = derived(columns)
        drawn = [
            Drawn(f"{path_name(column.path)}={follow[at]}", None) if at in follow else self._column(column, dialect)
            for at, column in enumerate(columns)
        ]
        if columns and all(column.cells is None or (column.label and dialect is not BLANK) for column in drawn):
            drawn[0] = self._varying(columns[0], dialect)
        return drawn

    def _column(self, column: Column, dialect: Dialect) -> Drawn:
        self.tick()
        values = column.values
        if column.path is not KEY and not column.missing and len(values) > 1:
            first = values[0]
            if values[-1] == first and values.count(first) == len(values) and _all_alike(values):
                return Drawn(f"{path_name(column.path)}={_constant(first, dialect)}", None)
        drawn = self._varying(column, dialect)
        if dialect is BLANK:
            return drawn if column.path is KEY else replace(drawn, label=f"{path_name(column.path)} ")
        present = len(values) - column.missing
        if column.missing and present * (len(drawn.header) // 4 + 2) < column.missing:
            name = path_name(column.path)
            return replace(drawn, header=f"{drawn.header}?", label=f"{name}=")
        if column.missing or column.path is KEY or len(values) <= SMALL:
            return drawn
        return _with_default(column, drawn)

    def _varying(self, column: Column, dialect: Dialect) -> Drawn:
        if column.path is KEY:
            keys: list[str] = column.values  # type: ignore[assignment]
            return Drawn("*", [key if dialect.bare(key) else encode(key) for key in keys])
        name = path_name(column.path)
        shapes = set(map(type, column.values))
        found = all_embedded(column.values) if shapes <= {str, type(MISSING)} else None
        if found:
            drawn = self._varying(Column(column.path, found[0], column.missing), dialect)
            return replace(drawn, header=f"{name}:text of JSON {found[1]}{drawn.header.removeprefix(name)}", name="")
        inner = self._inner(column.values, dialect) if dict in shapes or list in shapes else None
        if inner:
            return Drawn(name + inner.header, inner.cells, groups=inner.groups)
        suffix, cells = self._cells(column.values, dialect)
        return Drawn(name + suffix, cells, name=name)

    @staticmethod
    def _cells(values: list[object], dialect: Dialect) -> tuple[str, list[str]]:
        """What stands behind the column's name, and its cells."""
        shapes = set(map(type, values))
        if shapes == {Number}:
            return "", values  # type: ignore[return-value]
        if shapes == {str}:
            joined = "\n".join(values)  # type: ignore[arg-type]
            if not dialect.needs_care(joined) and joined.count("\n") == len(values) - 1:
                return "", values  # type: ignore[return-value]
        if (
            shapes <= {str, type(None), type(MISSING)}
            and sum(1 for v in values if type(v) is str and is_literal(v)) > 1
        ):
            return ":str", [_text(value, dialect) for value in values]
        return "", [_plain(value, dialect) for value in values]

    def _inner(self, values: list[object], dialect: Dialect) -> Drawn | None:
        """Objects inside cells, their keys said once in the header; None where that isn't worth it."""
        dicts = [value for value in values if type(value) is dict and value]
        if any(_is_records_list(value) for value in values):
            held = [value for value in values if _is_records_list(value) or (type(value) is dict and value)]
            return self._grouped(values, held, "[{", dialect)
        if len(dicts) < 2:
            return None
        if all(type(inner) is dict and inner for value in dicts for inner in value.values()):
            drawn = self._grouped(values, dicts, "{*,", dialect)
            if drawn:
                return drawn
        return self._grouped(values, dicts, "{", dialect)

    def _grouped(self, values: list[object], held: Sequence[object], opening: str, dialect: Dialect) -> Drawn | None:
        flat = _inner_rows(held, opening)
        columns = columns_of(flat) if len(flat) > 1 else None
        if columns is None and len(flat) > 1:
            orders = agreeing(flat)
            held = [value for value in held if all(tuple(row) in orders for row in _inner_rows([value], opening))]
            flat = _inner_rows(held, opening)
            columns = columns_of(flat) if len(flat) > 1 else None
        if columns is None or not _worth(columns):
            return None
        if opening == "{*,":
            keys: list[object] = [key for value in held for key in value]  # type: ignore[attr-defined]
            columns.insert(0, Column(KEY, keys, 0))
        drawn = self._draw(columns, GROUP)
        lines = rows_of_columns(drawn, GROUP)
        table = Table("(", "rows", GROUP, [Kind(list(range(len(lines))), columns)], [drawn], lines)
        header = ",".join([column.header for column in drawn])
        header = f"[{{{header}}}]" if opening == "[{" else f"{{{header}}}"
        spans = _spans(values, held, opening)
        cells = [
            _plain(value, dialect) if span is None else in_brackets(value, lines[slice(*span)], opening)
            for value, span in zip(values, spans, strict=True)
        ]
        return Drawn(header, cells, groups=Groups(table, spans))


def in_brackets(value: object, lines: Sequence[str], opening: str) -> str:
    """The objects of one cell, each a group."""
    groups = f"({')('.join(lines)})"
    return f"{{{groups}}}" if opening == "[{" and type(value) is dict else groups


def _spans(values: list[object], held: Sequence[object], opening: str) -> list[tuple[int, int] | None]:
    sizes = {id(value): len(_inner_rows([value], opening)) for value in held}
    spans: list[tuple[int, int] | None] = []
    at = 0
    for value in values:
        size = sizes.get(id(value))
        spans.append(None if size is None else (at, at + size))
        at += size or 0
    return spans


def _with_default(column: Column, drawn: Drawn) -> Drawn:
    """The column with its most frequent value in the header, and only the other values in the rows that have them."""
    cells = drawn.cells or []
    most, times = max(Counter(cells).items(), key=lambda counted: counted[1])
    name = path_name(column.path)
    if times < DEFAULT_SHARE * len(cells) or len(most) > LONGEST_DEFAULT or most[0] in "([{" or not drawn.name:
        return drawn
    if times * (len(most) // 4 + 1) <= (len(cells) - times) * (len(name) // 4 + 2) + len(most) // 4 + 3:
        return drawn
    if most[0] != '"' and has_bracket(most):
        return drawn
    return Drawn(f"{drawn.header}?={most}", ["" if text == most else text for text in cells], f"{name}=")


def _worth(columns: list[Column]) -> bool:
    """Whether a header costs less than the keys that it spares, gaps counted in."""
    spared = 0
    for column in columns:
        size = len(".".join(column.path)) // 4 + 2
        present = len(column.values) - column.missing
        spared += max(0, present * size - column.missing) - size
    return spared > 0


def _holds_commas(columns: list[Column]) -> bool:
    """Whether a second cell would have to be quoted for a comma alone."""
    found = 0
    for column in columns:
        for value in column.values:
            if type(value) is str and "," in value and value[0] not in "[{":
                found += 1
                if found > 1:
                    return True
    return False


def _all_alike(values: list[object]) -> bool:
    """Equal in every letter: "1" and 1 compare equal here, and so do objects in another order."""
    if len(set(map(type, values))) > 1:
        return False
    if type(values[0]) in (dict, list, Doubled):
        first = dump(values[0])
        return all(dump(value) == first for value in values)
    return True


def _inner_rows(held: Sequence[object], opening: str) -> list[Record]:
    """The objects inside cells: the cells themselves, their elements, or their members."""
    rows: list[Record] = []
    for value in held:
        if type(value) is list:
            rows.extend(value)
        elif opening == "{*,":
            rows.extend(value.values())  # type: ignore[attr-defined]
        else:
            rows.append(value)  # type: ignore[arg-type]
    return rows


def _is_records_list(value: object) -> bool:
    return type(value) is list and bool(value) and all(type(inner) is dict and inner for inner in value)


def _constant(value: object, dialect: Dialect) -> str:
    return constant(value, dialect) if type(value) is str else dump(value)


def _plain(value: object, dialect: Dialect) -> str:
    if type(value) is str:
        return cell(value, dialect)
    if value is MISSING:
        return ""
    return dump(value)


def _text(value: object, dialect: Dialect) -> str:
    if value is MISSING:
        return ""
    return "null" if value is None else text_cell(value, dialect)  # type: ignore[arg-type]
