"""How a line of a table is cut into cells, and put together again."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

TICK_LINES = 2_000  # between two looks at the clock

Cells = tuple[str, ...]
Cut = Callable[[str], Sequence[str]]

_SPEC = re.compile(r"%(-?)(\*|\d*)s")


@dataclass(frozen=True, slots=True)
class Layout:
    """The rule of a table's rows."""

    cut: Cut  # the cells of a line; of a line that is no row another number of cells, or cells that don't fit
    form: str  # printf format of a row: `%s`, `%8s`, `%-8s`, `%*s` or `%-*s` a column
    columns: int
    separators: Cells  # that may stand between cells where the format's own letters are left out
    names: Cells = ()  # what the columns are called, where a line says so
    sure: float = 0.0  # that these are rows of a table, 0 to 1
    joint: str = "/"  # what stands in the last cell, where it is a path, behind each part but the last


def stars(form: str) -> list[int]:
    """The columns, counted from 0, that are as wide as their widest cell in a run of rows: `%*s`."""
    return [at for at, spec in enumerate(_SPEC.finditer(form)) if spec[2] == "*"]


def pieces(form: str) -> tuple[list[str], list[str]]:
    """What stands before each column of a form, and behind the last; and the columns' own formats."""
    return _SPEC.split(form)[::3], [spec[0] for spec in _SPEC.finditer(form)]


def drawn(form: str, block: Sequence[Cells]) -> list[str]:
    """The lines of rows that stand one below the other."""
    starred = stars(form)
    if not starred or not block:
        return [form % cells for cells in block]
    widths = {at: max(len(cells[at]) for cells in block) for at in starred}
    found = iter(starred)
    form = _SPEC.sub(lambda spec: spec[0].replace("*", str(widths[next(found)])) if spec[2] == "*" else spec[0], form)
    return [form % cells for cells in block]


def rows_by(layout: Layout, lines: Sequence[str], tick: Callable[[], None]) -> list[Cells | None]:
    """For each line its cells; None of a line that the layout doesn't give back."""
    if stars(layout.form):
        return _rows_in_blocks(layout, lines, tick)
    cut, form, columns = layout.cut, layout.form, layout.columns
    rows: list[Cells | None] = []
    for number, line in enumerate(lines):
        if not number % TICK_LINES:
            tick()
        cells = tuple(cut(line))
        rows.append(cells if len(cells) == columns and form % cells == line else None)
    return rows


def _rows_in_blocks(layout: Layout, lines: Sequence[str], tick: Callable[[], None]) -> list[Cells | None]:
    """Rows whose widths depend on those around them: a run of them is read as a whole, or not at all."""
    rows: list[Cells | None] = []
    block: list[Cells] = []
    for number in range(len(lines) + 1):
        if not number % TICK_LINES:
            tick()
        cells = tuple(layout.cut(lines[number])) if number < len(lines) else ()
        if len(cells) == layout.columns:
            block.append(cells)
            continue
        rows += _given_back(layout.form, block, lines[number - len(block) : number])
        block = []
        rows.append(None)
    return rows[:-1]


def _given_back(form: str, block: Sequence[Cells], lines: Sequence[str]) -> list[Cells | None]:
    """Those rows of a block that the format gives back, by the widths of these alone."""
    right = [line == made for line, made in zip(lines, drawn(form, block), strict=True)] if block else []
    rows: list[Cells | None] = [None] * len(block)
    start = 0
    for number in range(len(block) + 1):
        if number < len(block) and right[number]:
            continue
        run = block[start:number]
        if run and (all(right) or drawn(form, run) == list(lines[start:number])):
            rows[start:number] = run
        start = number + 1
    return rows
