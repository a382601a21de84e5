"""Columns that are set by blanks, as `ls`, `ps`, `df`, `dpkg` and `kubectl` print them: where they begin and end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from headroom_core.text.layouts import Cells, Cut, Layout, rows_by, stars

ALIKE = 0.9  # of the sample's rows that a column's rule must hold for
ROWS_SHARE = 0.6  # of the sample's lines that must be rows
LISTED_SHARE = 0.4  # the same of `ls -lR`, which says three lines for each folder
APART_SHARE = 0.5  # of the lines that hold blanks side by side, else no column is set by them
SPARE = 0.15  # of the lines that may have fewer words than a row
GUESSED = 0.95  # what a line counts that isn't known to be given back
TRIES = 3  # numbers of words, the highest first
HEADS = 6  # lines among which the heads of the columns are
FEWEST_ROWS = 4  # in fewer nothing is a column
FEWEST_WORDS, MOST_WORDS = 3, 60  # in a row
PADDED_SHARE = 0.3  # of the rows in which blanks fill up a cell, where its column is set by them
CODE_SHARE = 0.2  # of the lines that look like code, from where on columns are how somebody writes it
WIDER = 1.05  # how many more lines the heads must explain, to be taken instead of the words

_GAP = re.compile(r"\S  +\S").search
_HEAD = re.compile(r"\S+(?: \S+)*")
_NUMBER = re.compile(r"[-+~]?[\d.,:]+[%kKMGTPBi]*").fullmatch
_MODE = re.compile(r"[-dlcbpsD](?:[r-][w-][-xsStT]){3}[.+@]?").fullmatch
_TITLE = re.compile(r"[^\d\W][\w %()#/.-]*").fullmatch
_CODE = re.compile(r"[;{}(,\\]$| = |^\s*(?://|#include|\*)").search


def set_by_blanks(parts: Sequence[Sequence[str]], lines: Sequence[str]) -> Layout | None:
    """The layout of a sample: `parts` are runs of lines that follow each other, `lines` those that aren't blank."""
    apart = sum("  " in line and _GAP(line) is not None for line in lines)
    listed = any(_MODE(word) for line in lines[:HEADS] for word in line.split(None, 3)[:3])
    if not listed and apart < APART_SHARE * len(lines):
        return None
    counts = [len(line.split()) for line in lines]
    usual = Counter(counts).most_common(1)[0][0]
    common = sorted(counts)[int(SPARE * len(counts))]  # words that nearly every line has
    heads = [len(line.split()) for line in lines[:HEADS] if are_heads(line.split())]
    counts = [usual, common, *counts[:HEADS]]
    tried = [*heads, *sorted({count for count in counts if count <= max(common, usual)}, reverse=True)]
    by_words, most = None, 0.0
    for count in tried[:TRIES]:
        found = _by_words(parts, count) if FEWEST_WORDS <= count <= MOST_WORDS else None
        share = _share(found, parts, lines) if found else 0.0
        if share > WIDER * most:
            by_words, most = found, share
        if share >= ALIKE:
            break
    by_heads = _by_heads(lines) if most < ALIKE else None
    share = _share(by_heads, parts, lines) if by_heads else 0.0
    if max(share, most) < (LISTED_SHARE if listed else ROWS_SHARE):
        return None
    return by_heads if share > WIDER * most else by_words


def _share(layout: Layout, parts: Sequence[Sequence[str]], lines: Sequence[str]) -> float:
    """How many of the lines the layout gives back. A sample cuts blocks, so whose widths they set is only guessed."""
    if stars(layout.form):
        return GUESSED * sum(len(layout.cut(line)) == layout.columns for line in lines) / len(lines)
    return sum(row is not None for part in parts for row in rows_by(layout, part, lambda: None)) / len(lines)


def words(count: int, line: str) -> list[str]:
    """The first words of a line, and the rest of it: `count` cells in all."""
    return line.split(None, count - 1)


def stripped_words(count: int, line: str) -> list[str]:
    """The same, where blanks follow the last cell."""
    return line.rstrip(" ").split(None, count - 1)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Sample rows as numbers: of each row the blanks before each cell, and the length of each cell."""

    cells: list[Cells]
    gaps: list[list[int]]
    blocks: list[int]  # which run of rows each belongs to
    are_apart: bool  # whether other lines stand between them

    def sizes(self, at: int) -> list[int]:
        """The length of each cell of a column."""
        return [len(cells[at]) for cells in self.cells]

    def usual(self, values: Sequence[int]) -> list[int]:
        """For each row the value that most of its block have: the block's widest cell may not be in the sample."""
        seen: dict[int, list[int]] = {}
        for block, value in zip(self.blocks, values, strict=True):
            seen.setdefault(block, []).append(value)
        most = {block: Counter(found).most_common(1)[0][0] for block, found in seen.items()}
        return [most[block] for block in self.blocks]

    def widest(self, sizes: Sequence[int]) -> list[int]:
        """For each row the biggest of the sizes in its block."""
        most: dict[int, int] = {}
        for block, size in zip(self.blocks, sizes, strict=True):
            most[block] = max(size, most.get(block, 0))
        return [most[block] for block in self.blocks]


def _by_words(parts: Sequence[Sequence[str]], count: int) -> Layout | None:
    lines = [line for part in parts for line in part if line]
    filled = any(line[-1] == " " for line in lines) and len({len(line) for line in lines}) == 1
    cut = partial(stripped_words if filled else words, count)
    rows = _measured(parts, cut, count)
    if len(rows.cells) < FEWEST_ROWS:
        return None
    specs = []
    aligned = 0
    taken = [0] * len(rows.cells)  # blanks before a cell that the column before it has taken
    for at in range(count):
        lead = [gaps[at] - (at > 0) - pad for gaps, pad in zip(rows.gaps, taken, strict=True)]
        spec, taken = _spec(rows, at, lead)
        specs.append(spec)
        aligned += spec[-2:] != "%s" and _is_aligned(rows.sizes(at), taken if "-" in spec else lead)
    if filled:
        specs[-1] = f"%-{len(lines[0]) - len(lines[0].rstrip(' ')) + len(cut(lines[0])[-1])}s"
    head = tuple(words(count, lines[0]))
    names = head if len(head) == count and are_heads(head) else _listed(rows)
    return Layout(cut, " ".join(specs), count, (" ",), names, _sure(rows, aligned, names, lines))


def _is_aligned(sizes: Sequence[int], pads: Sequence[int]) -> bool:
    """Whether blanks make up for cells of different sizes."""
    usual = Counter(sizes).most_common(1)[0][1]
    return usual < ALIKE * len(sizes) and sum(pad > 0 for pad in pads) > PADDED_SHARE * len(pads)


def _measured(parts: Sequence[Sequence[str]], cut: Cut, count: int) -> _Rows:
    cells_of: list[Cells] = []
    gaps_of: list[list[int]] = []
    blocks: list[int] = []
    block = others = 0
    for part in parts:
        for line in part:
            cells = tuple(cut(line))
            if len(cells) < count:
                others += not line.isspace() and line != ""
                block += 1
                continue
            gaps, end = [], 0
            for cell in cells:
                start = line.index(cell, end)
                gaps.append(start - end)
                end = start + len(cell)
            cells_of.append(cells)
            gaps_of.append(gaps)
            blocks.append(block)
        block += 1
    return _Rows(cells_of, gaps_of, blocks, others > 0)


def _spec(rows: _Rows, at: int, lead: list[int]) -> tuple[str, list[int]]:
    """The format of a column, and for each row how many of the blanks behind it belong to it."""
    none = [0] * len(lead)
    last = at == len(rows.cells[0]) - 1
    usual, times = Counter(lead).most_common(1)[0]
    numbers = sum(_NUMBER(cells[at]) is not None for cells in rows.cells) * 2 > len(lead)
    fixed = times == len(lead) and not (usual and numbers)
    if fixed and (last or len(set(rows.sizes(at))) == 1 or _same([gaps[at + 1] for gaps in rows.gaps], 1)):
        return " " * usual + "%s", none
    if numbers:
        return _right(rows, at, lead) or (not last and _left(rows, at, lead)) or (" " * usual + "%s", none)
    return (not last and _left(rows, at, lead)) or _right(rows, at, lead) or (" " * usual + "%s", none)


def _same(values: Sequence[int], value: int) -> bool:
    return values.count(value) >= ALIKE * len(values)


def _right(rows: _Rows, at: int, lead: list[int]) -> tuple[str, list[int]] | None:
    """Cells that end at the same place, or overflow."""
    if not any(lead):
        return None
    sizes = rows.sizes(at)
    ends = list(map(int.__add__, lead, sizes))
    width = Counter(ends).most_common(1)[0][0]
    fits = sum(end == width or (end > width and not before) for end, before in zip(ends, lead, strict=True))
    if fits >= ALIKE * len(sizes):
        return f"%{width}s", [0] * len(sizes)
    if rows.are_apart and sum(map(int.__eq__, ends, rows.usual(ends))) >= ALIKE * len(sizes):
        return "%*s", [0] * len(sizes)
    return None


def _left(rows: _Rows, at: int, lead: list[int]) -> tuple[str, list[int]] | None:
    """Cells that begin at the same place; what follows begins at the same place too, or is set by its end."""
    before = Counter(lead).most_common(1)[0][0]
    if not _same(lead, before):
        return None
    sizes, following = rows.sizes(at), rows.sizes(at + 1)
    behind = [gaps[at + 1] - 1 for gaps in rows.gaps]
    width = Counter(map(int.__add__, sizes, behind)).most_common(1)[0][0]
    ways = {f"%-{wide}s": [wide] * len(sizes) for wide in (width, max(sizes))}
    if rows.are_apart:
        ways["%-*s"] = rows.widest(sizes)
    best, most = None, 0
    for spec, widths in ways.items():
        pads = [max(0, wide - size) for wide, size in zip(widths, sizes, strict=True)]
        rest = list(map(int.__sub__, behind, pads))
        if sum(blanks >= 0 for blanks in rest) < ALIKE * len(sizes):
            continue
        ends = list(map(int.__add__, rest, following))
        alike = max(rest.count(0), Counter(ends).most_common(1)[0][1], sum(map(int.__eq__, ends, rows.usual(ends))))
        if alike > most:
            best, most = (" " * before + spec, pads), alike
    return best


def _by_heads(lines: Sequence[str]) -> Layout | None:
    """Columns that begin where their heads do, empty cells among them."""
    for number, head in enumerate(lines[:HEADS]):
        found = list(_HEAD.finditer(head))
        ruled = number + 1 < len(lines) and set(lines[number + 1]) <= set("-= ")
        if len(found) < FEWEST_WORDS - ruled or not all(_TITLE(word[0]) for word in found[1:]):
            continue
        starts = [0, *(word.start() for word in found[1:])]
        widths = [after - before - 1 for before, after in pairwise(starts)]
        below = lines[number + 1 :]
        filled = any(line[-1] == " " for line in below) and len({len(line) for line in below}) == 1
        last = f"%-{len(below[0]) - starts[-1]}s" if filled else "%s"
        form = " ".join([*(f"%-{width}s" for width in widths), last])
        names = tuple(word[0] for word in found)
        return Layout(partial(_slices, [*starts, None]), form, len(starts), ("  ", "\t", "|"), names, 0.9)
    return None


def _slices(starts: Sequence[int | None], line: str) -> list[str]:
    return [line[start:end].rstrip(" ") for start, end in pairwise(starts)]


def are_heads(cells: Sequence[str]) -> bool:
    """Whether the cells are what columns are called: `PID`, `%CPU`, `Mounted on`."""
    if len(set(cells)) < len(cells) or len(cells) < FEWEST_WORDS - 1:
        return False
    return all(cell and not any(map(str.isdigit, cell)) and (cell[0].isupper() or cell[0] in "%#|") for cell in cells)


def _listed(rows: _Rows) -> Cells:
    """What the columns of `ls -l` and `find -ls` are called, which print no heads."""
    cells = rows.cells[0]
    at = next((at for at, cell in enumerate(cells[:3]) if _MODE(cell)), None)
    dated = {4: ("month", "day", "time"), 3: ("date", "time")}.get(len(cells) - 5 - (at or 0))
    if at not in (0, 2) or dated is None:
        return ()
    return (*("inode", "blocks")[:at], "mode", "links", "owner", "group", "size", *dated, "path" if at else "name")


def _sure(rows: _Rows, aligned: int, names: Cells, lines: Sequence[str]) -> float:
    """How sure it is that words which fit are cells, and not how somebody writes sentences or code."""
    columns = list(zip(*rows.cells, strict=True))
    if any(sum(_MODE(cell) is not None for cell in cells) >= ALIKE * len(cells) for cells in columns):
        return 0.97
    if sum(_CODE(line) is not None for line in lines) > CODE_SHARE * len(lines):
        return 0.0
    return 0.85 if (aligned > 1 or (aligned and names)) and len(rows.cells) >= ALIKE * len(lines) else 0.0
