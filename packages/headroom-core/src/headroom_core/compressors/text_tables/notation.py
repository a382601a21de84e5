"""The plain form: rows as one `printf` format and their cells, folders as headings; and the way back.

[padding as printf; * as wide as the widest in its block]
A: -rw-r--r--  1 root root %*s Nov 24 08:54 %s
-- ./src/
A 827 main.py
= a line that is no row
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from headroom_core.compressors.text_tables.layout import AUTO, Column, Layout

WORDS_HEAD = "[lines as printf formats them; * = as wide as the widest in its block; = a line as it is]"
CELLS_HEAD = "[cells, a tab between, as printf formats them; * = as wide as the widest in its block; = a line as it is]"
LABELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
RARE = 3  # rows: fewer aren't worth a format of their own
PATHS = 0.6  # of the rows, that must end in a path for headings
MOST_VALUES = 12  # of a column by which rows are told apart
FOLDER = "-- "
PLAIN = "= "

_HOLE = re.compile(r"%(?:(%)|(-?)(\d{1,4}|\*)?s(?:\{([^{}]*)\})?)")


@dataclass(frozen=True, slots=True)
class Hole:
    """A place of a format: its padding, and the cell where that is the same in all rows."""

    column: Column
    constant: str | None = None


@dataclass(slots=True)
class Format:
    """Literal text and holes in turn, as one `printf` format spells them."""

    parts: list[str | Hole] = field(default_factory=list)

    def open(self) -> int:
        """How many cells a row brings along."""
        return sum(isinstance(part, Hole) and part.constant is None for part in self.parts)

    def filled(self, cells: Sequence[str]) -> list[str | tuple[Column, str]]:
        """The parts with their cells."""
        rest = iter(cells)
        return [
            part if isinstance(part, str) else (part.column, next(rest) if part.constant is None else part.constant)
            for part in self.parts
        ]


def spell(format_: Format) -> str:
    """The format as a line."""
    return "".join(part.replace("%", "%%") if isinstance(part, str) else _spell_hole(part) for part in format_.parts)


def _spell_hole(hole: Hole) -> str:
    width = "*" if hole.column.width == AUTO else str(hole.column.width or "")
    sign = "-" if hole.column.left and width else ""
    return f"%{sign}{width}s" + ("" if hole.constant is None else "{" + hole.constant + "}")


def read(line: str) -> Format:
    """The format that a line spells. Raises ValueError where it spells none."""
    parts: list[str | Hole] = []
    end = 0
    for match in _HOLE.finditer(line):
        if match.start() > end:
            parts.append(line[end : match.start()])
        if match[1]:
            parts.append("%")
        else:
            width = AUTO if match[3] == "*" else int(match[3] or 0)
            parts.append(Hole(Column(left=bool(match[2]) or not width, width=width), match[4]))
        end = match.end()
    if end < len(line):
        parts.append(line[end:])
    return Format(parts)


def render(rows: dict[int, list[str | tuple[Column, str]]]) -> dict[int, str]:
    """The lines of filled formats; those with neighbouring numbers make up a block."""
    shown: dict[int, str] = {}
    block: list[int] = []
    for number in [*rows, -1]:
        if block and number != block[-1] + 1:
            shown.update(_render_block({each: rows[each] for each in block}))
            block = []
        block.append(number)
    return shown


def _render_block(rows: dict[int, list[str | tuple[Column, str]]]) -> dict[int, str]:
    widest: dict[int, int] = {}
    for parts in rows.values():
        for at, cell in enumerate(cell for each in parts if not isinstance(each, str) for cell in _auto(each)):
            widest[at] = max(widest.get(at, 0), len(cell))
    shown = {}
    for number, parts in rows.items():
        autos = iter(widest.values())
        line = []
        for part in parts:
            if isinstance(part, str):
                line.append(part)
                continue
            column, cell = part
            width = next(autos) if column.width == AUTO else column.width
            line.append(cell.ljust(width) if column.left else cell.rjust(width))
        shown[number] = "".join(line)
    return shown


def _auto(part: tuple[Column, str]) -> list[str]:
    return [part[1]] if part[0].width == AUTO else []


def encode(lines: Sequence[str], layout: Layout, *, phrases: bool, tick: Callable[[], None]) -> str | None:
    """The lines in the plain form; None where they don't come back."""
    groups = _groups(layout)
    shared = {
        at for at in range(len(layout.columns)) if len({cells[at] for cells in layout.rows.values()}) == 1
    }  # by all rows
    formats: list[Format] = []
    of_row: dict[int, int] = {}
    rows: dict[int, str] = {}
    separator = "\t" if phrases else " "
    for group in groups:
        format_, opened = _format(layout.columns, [layout.rows[index] for index in group], shared)
        for index in group:
            cells = [layout.rows[index][at] for at in opened]
            if not any(separator in cell for cell in cells[:-1]):
                rows[index], of_row[index] = separator.join(cells), len(formats)
        formats.append(format_)
        tick()
    rows = dict(sorted(rows.items()))
    for _ in range(4):
        filled = {
            index: formats[of_row[index]].filled(_cells(row, formats[of_row[index]], separator))
            for index, row in rows.items()
        }
        wrong = [index for index, line in render(filled).items() if line != lines[index]]
        tick()
        if not wrong:
            break
        for index in wrong:
            del rows[index]
    else:
        return None
    labels = [f"{label} " for label in LABELS[: len(formats)]] if len(formats) > 1 else [""]
    head = [label.replace(" ", ": ") + spell(each) for label, each in zip(labels, formats, strict=True)]
    body = _body(lines, {index: (labels[of_row[index]], row) for index, row in rows.items()})
    return "\n".join([CELLS_HEAD if phrases else WORDS_HEAD, *head, "", *body])


def _body(lines: Sequence[str], rows: dict[int, tuple[str, str]]) -> list[str]:
    """Rows, under the folder that those of a run have in common, and the other lines in their places."""
    body: list[str] = []
    folder = ""
    folders = {index: _folder(row) for index, (_, row) in rows.items()}
    if sum(map(bool, folders.values())) < PATHS * len(rows):
        folders = dict.fromkeys(rows, "")
    for index, line in enumerate(lines):
        if index not in rows:
            body.append(PLAIN + line if line else "")
            continue
        label, row = rows[index]
        wanted = folders[index]
        if wanted != folder and (folder or wanted == folders.get(index + 1)):
            folder = wanted
            body.append(FOLDER + folder)
        cut = _path_start(row)
        shown = label + (row[:cut] + row[cut + len(folder) :] if folder else row)
        body.append(shown if shown and not shown.startswith((FOLDER, PLAIN)) else PLAIN + line)
    return body


def _path_start(row: str) -> int:
    return max(row.rfind(" "), row.rfind("\t")) + 1


def _folder(row: str) -> str:
    """The folder of a path that ends a row; empty where there is none."""
    path = row[_path_start(row) :]
    folder = path[: path.rfind("/") + 1]
    return folder if len(folder) < len(path) and " -> " not in row else ""


def decode(shown: str) -> str | None:
    """The text of which `encode` made this; None where it made it of none."""
    lines = shown.split("\n")
    if lines[0] not in (WORDS_HEAD, CELLS_HEAD) or "" not in lines:
        return None
    separator = "\t" if lines[0] == CELLS_HEAD else " "
    start = lines.index("")
    if len(lines) == start:
        return None
    labelled = start > 2
    formats = [read(line[3:] if labelled else line) for line in lines[1:start]]
    if not formats:
        return None
    source: dict[int, str] = {}
    rows: dict[int, list[str | tuple[Column, str]]] = {}
    folder = ""
    at = 0
    for line in lines[start + 1 :]:
        if line.startswith(FOLDER):
            folder = line[len(FOLDER) :]
            continue
        if not line or line.startswith(PLAIN):
            source[at] = line[len(PLAIN) :]
        else:
            label = LABELS.find(line[0]) if labelled else 0
            if not 0 <= label < len(formats):
                return None
            row = line[2:] if labelled else line
            cut = _path_start(row)
            cells = _cells(row[:cut] + folder + row[cut:], formats[label], separator)
            if len(cells) != formats[label].open():
                return None
            rows[at] = formats[label].filled(cells)
        at += 1
    source.update(render(rows))
    return "\n".join(source[index] for index in range(at))


def _cells(row: str, format_: Format, separator: str) -> list[str]:
    count = format_.open()
    return row.split(separator, count - 1) if count else []


def _groups(layout: Layout) -> list[list[int]]:
    """The rows by the values of those columns that make the whole shortest."""
    keys: list[int] = []
    best = [list(layout.rows)]
    least = _cost(layout, best)
    candidates = [
        at
        for at in range(1, len(layout.columns))
        if 1 < len({cells[at] for cells in layout.rows.values()}) <= MOST_VALUES
    ]
    for _ in range(2):
        tried = [
            (_cost(layout, split), at, split)
            for at in candidates
            if at not in keys
            for split in [_split(layout, [*keys, at])]
        ]
        if not tried or min(tried)[0] >= least or len(min(tried)[2]) > len(LABELS):
            break
        least, at, best = min(tried)
        keys.append(at)
    return best


def _split(layout: Layout, keys: list[int]) -> list[list[int]]:
    groups: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    sizes = Counter(tuple(cells[at] for at in keys) for cells in layout.rows.values())
    for index, cells in layout.rows.items():
        key = tuple(cells[at] for at in keys)
        groups[key if sizes[key] >= RARE else ()].append(index)
    return sorted(groups.values(), key=lambda group: (-len(group), group[0]))


def _cost(layout: Layout, groups: list[list[int]]) -> int:
    """Characters that the groups take, about: labels, formats, and the cells that aren't constant."""
    cost = 0
    for group in groups:
        cost += 40 + (2 * len(group) if len(groups) > 1 else 0)
        for at in range(len(layout.columns)):
            cells = [layout.rows[index][at] for index in group]
            cost += len(cells[0]) if len(set(cells)) == 1 else sum(map(len, cells)) + len(cells)
    return cost


def _format(columns: tuple[Column, ...], rows: list[tuple[str, ...]], shared: set[int]) -> tuple[Format, list[int]]:
    """The format of rows, with the cells in it that they share; and the columns that they bring along."""
    parts: list[str | Hole] = []
    opened: list[int] = []
    for at, column in enumerate((*columns, Column(after=""))):
        same = rows[0][at] if all(row[at] == rows[0][at] for row in rows) else None
        if at == len(columns) or same is None or (column.width == AUTO and set(same) & {"{", "}"}):
            parts.append(Hole(column))
            opened.append(at)
        elif column.width == AUTO and at not in shared:
            parts.append(Hole(column, same))
        else:
            width = max(0, column.width)
            parts.append(same.ljust(width) if column.left else same.rjust(width))
        if column.after:
            parts.append(column.after)
    return Format([part for part in parts if part != ""]), opened
