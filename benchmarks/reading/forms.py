"""The forms that are compared: the source, what Headroom shows, and small encoders for what it might show.

The encoders are for arrays of records and know only what `records` makes: objects with scalars and one level of objects
inside. No decoder is run on them; the form that is chosen gets one when it is built into the compressor.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from headroom_core import Headroom
from headroom_core.compressors.text_tables.encoding import encode
from headroom_core.text.tables import Table
from headroom_core.types import no_deadline
from samples import Record, Sample

MISSING = ...
USUAL = 0.75  # of the rows: a value that so many have is said once


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is written. The defaults fill every cell and name the columns once."""

    separator: str = ""  # empty: comma, or tab where cells hold commas
    usual: str = (
        "filled"  # a column with a usual value: `filled`, or only other values: `end` of the row, or in `place`
    )
    sparse: str = "empty"  # a key that most rows lack: `empty` cell, or `key=value` at the `end` or in its `place`
    nullable: str = "filled"  # a column with nulls: `null`, or `key=value` in its `place` and null spelled
    headings: bool = False  # columns in runs stand above their rows
    aligned: bool = False  # what most rows have stands on a line before the names, so that names and cells align
    repeat: int = 0  # rows after which the names are said again
    id_first: bool = False
    label: bool = False  # rows begin with what they are: `order 5767:`
    keyed: int = 0  # every so many cells carry their key; 1: all of them
    blank: bool = False  # keyed cells are parted by blanks, texts with blanks in quotes
    equals: str = "="  # between a key and its value


def source(sample: Sample) -> str:
    return sample.text


def shown(sample: Sample) -> str:
    """What Headroom shows without a way back."""
    with Headroom("memory://") as headroom:
        return headroom.shrink(sample.text, retrieval="none").text


def shown_balanced(sample: Sample) -> str:
    """What Headroom shows at its default level, with a way back."""
    with Headroom("memory://") as headroom:
        return headroom.shrink(sample.text, retrieval="tool").text


def with_letters(sample: Sample) -> str:
    """A table with letters for what rows share, however little they save."""
    return encode(_table(sample), no_deadline, lambda _: 0) or sample.text


def without_letters(sample: Sample) -> str:
    """A table without letters, however much they save."""
    return encode(_table(sample), no_deadline, lambda shown: int("; row A is " in shown)) or sample.text


def _table(sample: Sample) -> Table:
    table = Table.read(sample.text, no_deadline)
    if table is None:
        raise ValueError(f"{sample.name} is no table")
    return table


def laid_out(layout: Layout) -> Callable[[Sample], str]:
    return lambda sample: _Encoder(sample, layout).text()


class _Encoder:
    """Writes one array. Every column has its way to be written, a word of `_way`."""

    def __init__(self, sample: Sample, layout: Layout) -> None:
        self._sample = sample
        self._layout = layout
        self._rows = [_flat(record) for record in sample.records]
        widest = max(self._rows, key=len)
        keys = list(widest) + [
            key for key in dict.fromkeys(key for row in self._rows for key in row) if key not in widest
        ]
        if layout.id_first:
            keys.sort(key=lambda key: key != sample.id_key)
        commas = sum(isinstance(value, str) and "," in value for row in self._rows for value in row.values())
        self._separator = layout.separator or ("\t" if commas > 1 else ",")
        self._columns = {key: [row.get(key, MISSING) for row in self._rows] for key in keys}
        self._most = {key: _most_frequent(values) for key, values in self._columns.items()}
        self._ways: dict[str, str] = {}
        for key in keys:
            self._ways[key] = self._way(key)

    def text(self) -> str:
        count, header = len(self._rows), self._header()
        if self._layout.aligned:
            said = [self._said(key) for key, way in self._ways.items() if way == "constant"]
            said += [f"{self._said(key)} unless named" for key, way in self._ways.items() if way.startswith("unusual")]
            lines = [f"[{count} rows, all with {', '.join(said)}" if said else f"[{count} rows"]
            lines += [] if self._layout.keyed == 1 else [header]
        else:
            mark = {"\t": ":\t", " ": "; "}.get(self._separator, ": ")
            lines = [f"[{count} rows{mark}{header}"]
        before = ""
        for number, row in enumerate(self._rows):
            named = [f"{key}={self._cell(row[key])}" for key, way in self._ways.items() if way == "heading"]
            heading = "#" + self._separator.join(named)
            lines += [heading] if named and heading != before else []
            before = heading
            lines += [header] if self._layout.repeat and number and number % self._layout.repeat == 0 else []
            lines.append(self._row(row))
        return "\n".join([*lines, "]"])

    def _way(self, key: str) -> str:
        """How a column is written: said once, above its rows, as a cell, or with its key, always or if not usual."""
        layout, values = self._layout, self._columns[key]
        same = sum(repr(value) == repr(self._most[key]) for value in values)
        if same == len(values):
            return "constant"
        if layout.usual != "filled" and self._most[key] is not MISSING and same >= USUAL * len(values):
            return f"unusual {layout.usual}"
        if layout.headings and _in_runs(values):
            return "heading"
        if values.count(MISSING) > len(values) // 2:
            return f"optional {layout.sparse}"
        if layout.nullable == "place" and None in values:
            return "named"
        before = sum(way not in ("constant", "heading") for way in self._ways.values())
        return "named" if layout.keyed and before and before % layout.keyed == 0 else "cell"

    def _header(self) -> str:
        names = []
        for key, way in self._ways.items():
            if way == "constant":
                names += [] if self._layout.aligned else [self._said(key)]
            elif way.startswith("unusual"):
                names.append(f"{key}?={self._cell(self._most[key])}")
            elif way == "heading":
                names.append(f"#{key}")
            else:
                names.append(f"{key}?" if way.startswith("optional") and self._layout.keyed != 1 else key)
        return self._separator.join(names)

    def _said(self, key: str) -> str:
        return f"{key}={self._cell(self._most[key])}"

    def _row(self, row: Record) -> str:
        cells, tail = [], []
        for key, way in self._ways.items():
            value = row.get(key, MISSING)
            named = f"{key}{self._layout.equals}{self._cell(value)}"
            usual = repr(value) == repr(self._most[key])
            if way in ("cell", "optional empty"):
                cells.append(self._cell(value))
            elif way == "named":
                cells.append(named)
            elif way.endswith("end"):
                tail += [] if usual else [named]
            elif way.endswith("place") and not (usual and self._layout.keyed == 1):
                cells.append("" if usual else named)
        separator = " " if self._layout.blank else self._separator
        line = separator.join([separator.join(cells).rstrip(separator), *tail])
        return f"{self._sample.noun} {line}" if self._layout.label else line

    def _cell(self, value: object) -> str:
        if value is MISSING:
            return ""
        if isinstance(value, str):
            special = self._separator in value or (self._layout.blank and " " in value)
            return json.dumps(value) if special else value
        return json.dumps(value)


def _most_frequent(values: list[object]) -> object:
    most = Counter(map(repr, values)).most_common(1)[0][0]
    return next(value for value in values if repr(value) == most)


def _flat(record: Record) -> Record:
    flat: Record = {}
    for key, value in record.items():
        if isinstance(value, dict):
            flat.update({f"{key}.{inner}": each for inner, each in value.items()})
        else:
            flat[key] = value
    return flat


def _in_runs(values: list[object]) -> bool:
    runs = 1 + sum(first != second for first, second in pairwise(values))
    return 1 < runs <= len(values) // 4


FILLED = Layout()
KEYED = Layout(sparse="place", nullable="place", keyed=1)
WORDS = replace(KEYED, separator=" ", blank=True, equals=" ")
ENDS = Layout(usual="end", sparse="end", headings=True)

FORMS: dict[str, Callable[[Sample], str]] = {
    "source": source,
    "headroom": shown,
    "balanced": shown_balanced,
    "with-letters": with_letters,
    "without-letters": without_letters,
    "ends": laid_out(ENDS),
    "filled": laid_out(FILLED),
    "filled-tab": laid_out(replace(FILLED, separator="\t")),
    "filled-pipe": laid_out(replace(FILLED, separator="|")),
    "filled-wide": laid_out(replace(FILLED, separator=" | ")),
    "filled-aligned": laid_out(replace(FILLED, aligned=True)),
    "filled-repeat4": laid_out(replace(FILLED, repeat=4)),
    "filled-label": laid_out(replace(FILLED, label=True, id_first=True)),
    "filled-id": laid_out(replace(FILLED, id_first=True)),
    "place": laid_out(Layout(usual="place", sparse="place")),
    "sparse-place": laid_out(Layout(sparse="place")),
    "sparse-null-place": laid_out(Layout(sparse="place", nullable="place")),
    "keyed3": laid_out(Layout(sparse="place", nullable="place", keyed=3)),
    "keyed2": laid_out(Layout(sparse="place", nullable="place", keyed=2)),
    "keyed": laid_out(KEYED),
    "keyed-blank": laid_out(replace(KEYED, blank=True)),
    "keyed-usual": laid_out(replace(KEYED, usual="place")),
    "keyed-usual-blank": laid_out(replace(KEYED, usual="place", blank=True)),
    "keyed-bare": laid_out(replace(KEYED, usual="place", blank=True, aligned=True, headings=True)),
    "words": laid_out(WORDS),
    "words-bare": laid_out(replace(WORDS, aligned=True)),
    "words-usual": laid_out(replace(WORDS, usual="place")),
}
