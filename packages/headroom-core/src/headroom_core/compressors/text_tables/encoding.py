"""A table as its rows' values: padding by rule, constant columns once, values that many rows share by letter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from headroom_core.compressors.text_tables.notation import ESCAPE, VALUE, Notation, whole_row
from headroom_core.text.labels import LABELS
from headroom_core.text.layouts import Cells, pieces, stars
from headroom_core.text.tables import Table
from headroom_core.types import CountTokens

MIN_ROWS = 4  # of fewer nothing is worth saying once
SHARE = 0.8  # of the rows: a column with more different values isn't shared
SAMPLE_ROWS = 2_000  # that say which values get a letter
SLASHES = 50  # cells that say whether a column may hold paths
MEASURES = 12  # different numbers; of more it isn't how often one comes that counts
MOST_LABELS = 40  # a reader has to find them
LABELS_WORTH = 0.92  # of the tokens without letters: a table that is hardly shorter with them is better read without
LABEL_CHARS = 2  # that a letter takes in each row
LEGEND_FACTOR = 2.0  # how much more a letter costs in the legend, where most are digits and signs
LEGEND_CHARS = 4  # that a line of the legend takes beside its row
SEPARATOR_CHARS = 0.6  # what a separator costs beside the letters of its cell
FOLDER_GAIN = 0.15  # of the paths' letters that headings must save

_MEASURE = re.compile(r"[-+]?\d+(?:\.\d+)?%?").fullmatch

Pattern = tuple[str | None, ...]
_Tier = tuple[list[int], dict[Cells, tuple[str, Pattern]]]  # columns, and the letters of values in them


@dataclass(frozen=True, slots=True)
class _Labels:
    """Which letter each row has, and which values it stands for."""

    of_rows: Sequence[str]  # empty where there are no letters
    patterns: dict[str, Pattern]


def encode(table: Table, tick: Callable[[], None], count: CountTokens) -> str | None:
    """The table in short, or None where it can't be said; with letters only where they save much."""
    rows = [row for row in table.rows if row is not None]
    if len(rows) < MIN_ROWS:
        return None
    form, columns = _constants_in_form(table.layout.form, list(zip(*rows, strict=True)))
    separator = _separator(table.layout.separators, columns)
    if not columns or separator is None:
        return None
    tick()
    plain = _written(table, form, separator, columns, _Labels((), {}))
    tick()
    words = [word for word in whole_row(form, separator) if word is not None]
    labels = _labels(columns, separator, LEGEND_CHARS + _chars(words))
    tick()
    if not labels.patterns:
        return plain
    short = _written(table, form, separator, columns, labels)
    return short if count(short) <= LABELS_WORTH * count(plain) else plain


def _written(table: Table, form: str, separator: str, columns: Sequence[Cells], labels: _Labels) -> str:
    """The head and the lines below it."""
    free = all(pattern[-1] is None for pattern in labels.patterns.values())
    folders = _folders(columns[-1], table.layout.joint) if free else None
    joint = table.layout.joint if folders else ""
    notation = Notation(form, separator, joint, labels.patterns, table.end)
    return "\n".join([*notation.head(), *_body(table, notation, _texts(columns, labels, separator, folders), folders)])


def _constants_in_form(form: str, columns: list[Cells]) -> tuple[str, list[Cells]]:
    """The form with columns of one value filled in, and the others."""
    between, specs = pieces(form)
    starred = stars(form)
    made, left = [between[0]], []
    for at, (spec, cells, behind) in enumerate(zip(specs, columns, between[1:], strict=True)):
        constant = at not in starred and len(set(cells)) == 1 and "%" not in cells[0]
        if not constant:
            left.append(cells)
        made += [spec % cells[0] if constant else spec, behind]
    return "".join(made), left


def _separator(able: Sequence[str], columns: Sequence[Cells]) -> str | None:
    """The first that no cell holds but the last of a row, which may."""
    letters = "\n".join(map("\n".join, columns[:-1]))
    return next((separator for separator in able if separator not in letters), None)


def _labels(columns: Sequence[Cells], separator: str, line_chars: float) -> _Labels:
    """Letters for values that many rows share: of many columns where enough rows do, of fewer for the others.

    `line_chars` is what a line of the legend takes beside its cells.
    """
    count = len(columns[0])
    step = -(-count // SAMPLE_ROWS)
    sample = [cells[::step] for cells in columns]
    values = [set(cells) for cells in sample]
    able = [at for at in range(len(columns)) if _is_shared(values[at], separator, len(sample[0]))]
    able.sort(key=lambda at: len(values[at]))
    tiers = _tiers(sample, able, step, line_chars)
    patterns = {label: pattern for _, names in tiers for label, pattern in names.values()}
    of_rows = [""] * count
    saved = 0.0
    for shared, names in tiers:
        keys = zip(*(columns[at] for at in shared), strict=True)
        for row, key in enumerate(keys):
            if key in names and not of_rows[row]:
                of_rows[row] = names[key][0]
                saved += _chars(key)
    legend = [_chars([cell or VALUE for cell in pattern]) for pattern in patterns.values()]
    if saved <= LABEL_CHARS * count + LEGEND_FACTOR * sum(legend) + line_chars * len(legend):
        return _Labels((), {})
    if "" in of_rows:
        other = LABELS[len(patterns)]
        patterns[other] = (None,) * len(columns)
        of_rows = [label or other for label in of_rows]
    return _Labels(of_rows, patterns)


def _tiers(columns: Sequence[Cells], able: Sequence[int], step: int, line_chars: float) -> list[_Tier]:
    """Sets of columns, the widest first, and of each the values that get a letter. `columns` hold each `step`th row."""
    left = list(range(len(columns[0])))
    tiers = []
    used = 0
    for number in range(len(able), 0, -1):
        shared = sorted(able[:number])
        last = shared.index(able[number - 1])
        keys = list(zip(*(columns[at] for at in shared), strict=True))
        gains = {
            key: _gain(key, last, step * times, len(columns)) - line_chars
            for key, times in Counter(keys[row] for row in left).items()
            if times > 1
        }
        kept = sorted((key for key, gain in gains.items() if gain > 0), key=lambda key: -gains[key])
        names = {}
        for key in kept[: (MOST_LABELS - used) // (2 if number > 1 else 1)]:
            said = dict(zip(shared, key, strict=True))
            names[key] = (LABELS[used], tuple(said.get(at) for at in range(len(columns))))
            used += 1
        if names:
            tiers.append((shared, names))
            left = [row for row in left if keys[row] not in names]
    return tiers


def _is_shared(values: set[str], separator: str, count: int) -> bool:
    """Whether letters may stand for the values of a column: measures stay in their rows, and what can't be spelled."""
    if len(values) > SHARE * count or any(cell == VALUE or separator in cell for cell in values):
        return False
    return len(values) <= MEASURES or not all(map(_MEASURE, values))


def _gain(key: Cells, last: int, times: int, columns: int) -> float:
    """What a letter saves in rows and cells that stands for these values, and not only for those but the `last`."""
    rest = 2 * (columns - len(key))
    return times * (len(key[last]) + SEPARATOR_CHARS) - LEGEND_FACTOR * _chars(key) - rest


def _chars(cells: Sequence[str]) -> float:
    return sum(map(len, cells)) + SEPARATOR_CHARS * len(cells)


def _folders(paths: Cells, joint: str) -> list[str] | None:
    """The folder of each path, `src/app/`, where saying it above the paths below it saves something."""
    if not joint or not any(joint in path for path in paths[:: 1 + len(paths) // SLASHES]):
        return None
    folders = [folder_of(path, joint) for path in paths]
    if joint != "/":
        folders = _with_parameters(paths, folders)
    repeated = sum(len(folder) for before, folder in zip(["", *folders], folders, strict=False) if before == folder)
    headings = sum(
        2 + (len(folder) > 0) for before, folder in zip(["", *folders], folders, strict=False) if before != folder
    )
    return folders if repeated - headings > FOLDER_GAIN * sum(map(len, paths)) else None


def _with_parameters(names: Cells, folders: Sequence[str]) -> list[str]:
    """The folders; of tests that run several times in a row, `app.py::test_all[`."""
    made: list[str] = []
    tests = [name[: name.find("[") + 1] if folder else "" for name, folder in zip(names, folders, strict=True)]
    for (folder, test), run in groupby(zip(folders, tests, strict=True)):
        times = len(list(run))
        made += [test if test and times > 1 else folder] * times
    return made


def folder_of(path: str, joint: str) -> str:
    """What stands above the last part of a path, with the joint behind it; empty where nothing does."""
    if path.startswith(ESCAPE):
        return ""
    end = path.find(" -> " if joint == "/" else "[")  # the target of a link, the parameters of a test
    found = path.rfind(joint, 0, end if end > 0 else len(path))
    return path[: found + len(joint)] if found >= 0 else ""


def _texts(columns: Sequence[Cells], labels: _Labels, separator: str, folders: list[str] | None) -> list[str]:
    """Each row as it is written."""
    if folders:
        names = tuple(path[len(folder) :] for path, folder in zip(columns[-1], folders, strict=True))
        columns = [*columns[:-1], names]
    rows = zip(*columns, strict=True)
    if not labels.of_rows:
        return list(map(separator.join, rows))
    left = {label: [at for at, cell in enumerate(shared) if cell is None] for label, shared in labels.patterns.items()}
    one = {label: at[0] for label, at in left.items() if len(at) == 1}
    more = {label: itemgetter(*at) for label, at in left.items() if len(at) > 1}
    texts = []
    for label, cells in zip(labels.of_rows, rows, strict=True):
        if label in more:
            texts.append(f"{label}{separator}{separator.join(more[label](cells))}")
        else:
            texts.append(f"{label}{separator}{cells[one[label]]}" if label in one else label)
    return texts


def _body(table: Table, notation: Notation, texts: Sequence[str], folders: list[str] | None) -> list[str]:
    """The lines below the head, in the source's order."""
    body: list[str] = []
    folder, number = "", 0
    plain = bool(notation.patterns) and not notation.joint  # no row can be misread
    last = len(table.lines) - 1
    columns = len(pieces(notation.form)[1])
    for at, (line, row) in enumerate(zip(table.lines, table.rows, strict=True)):
        if row is None:
            body.append(notation.escaped(line, columns) if line or at != last else line)
            continue
        if folders and folders[number] != folder:
            folder = folders[number]
            body.append(f"{folder}:")
        text = texts[number]
        number += 1
        misread = not plain and (text.startswith(ESCAPE) or notation.is_heading(text) or (not text and at == last))
        body.append(ESCAPE + line if misread else text)
    return body
