"""A long table of which only some lines are shown: those that matter, an even sample, and what the others hold.

Each comes with its number; heads of columns, and the heading above a row, come with it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from headroom_core.compressors.text_tables.encoding import folder_of
from headroom_core.compressors.text_tables.trees import depth_of
from headroom_core.text.evidence import (
    FIRST,
    HUGE,
    LAST,
    MIN_SAMPLE,
    Evidence,
    Numbers,
    add_matches,
    add_outliers,
    add_rare,
    add_trouble,
    evenly,
)
from headroom_core.text.lines import to_ranges
from headroom_core.text.tables import Table
from headroom_core.types import Guidance, Hidden

HEAD_LINES = 6  # at the top, as long as they are no rows
ASKED_SHARE = 0.5  # of the budget at most for what the question names, and what stands above
EVIDENCE_SHARE = 0.8  # of the budget at most for rows with a reason; the rest is an even sample
SUMMARY_SHARE = 0.15  # of the budget at most for what the hidden rows hold
SPARE_TOKENS = 12  # with less left no other line fits
MISSES = 30  # lines in a row that don't fit, before the search for shorter ones ends
LINE_CHARS, HEAD_CHARS, TAIL_CHARS = 400, 240, 60  # a longer line is cut inside
MOST_VALUES = 6  # of a column, that are counted one by one
MANY_VALUES = 60  # more are only counted together
LONGEST_VALUE, LONGEST_FOLDER = 40, 80  # characters
TICK_LINES = 2_000

_NUMBER = re.compile(r"[-+]?\d{1,24}(?:\.\d{1,24})?").fullmatch


@dataclass(frozen=True, slots=True)
class Elided:
    """What is shown, and which lines are not."""

    shown: str
    hidden: Hidden


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of the rows: its cells, and what they are when they are numbers or few different values."""

    name: str
    cells: Sequence[str]
    numbers: list[float] | None
    seen: Counter[str] | None
    joint: str  # what joins the parts of a path


def elide_table(table: Table, budget: int, guidance: Guidance) -> Elided:
    """The lines of a table that matter most, within a budget of tokens."""
    at = [number for number, row in enumerate(table.rows) if row is not None]
    columns = list(_columns(table, at, guidance))
    lines = [table.lines[number] for number in at]
    evidence, asked = _evidence(lines, columns, guidance), _asked(lines, guidance)
    chosen = _Chosen(table.lines, budget * (1 - SUMMARY_SHARE), guidance)
    heads = next((number for number, row in enumerate(table.rows) if row is not None), 0)
    chosen.add(range(min(heads, HEAD_LINES)))
    above = _headings(table)
    chosen.add(_with_heading([*at[:FIRST], *at[len(at) - LAST :]], above))
    for reasons, share in ((asked, ASKED_SHARE), (evidence, EVIDENCE_SHARE)):
        chosen.add(_with_heading((at[number] for number in reasons.ranking()), above), share)
    chosen.add(_with_heading((at[number] for number in evenly(len(at))), above))
    hidden = [number for number, line in enumerate(at) if line not in chosen.whole]
    return chosen.elided(_summary(columns, hidden, int(budget * SUMMARY_SHARE), guidance))


def elide_tree(lines: list[str], budget: int, guidance: Guidance) -> Elided:
    """The lines of a tree that matter most: what the question names, then the upper levels."""
    evidence = Evidence()
    add_trouble(lines, evidence)
    chosen = _Chosen(lines, budget, guidance)
    depths = [depth_of(line) for line in lines]
    guidance.tick()
    last = len(lines) - 1
    chosen.add([0, *range(max(0, last - LAST), last + 1)])
    for reasons in (_asked(lines, guidance), evidence):
        chosen.add(reasons.ranking(), ASKED_SHARE)
    chosen.add(sorted(range(len(lines)), key=depths.__getitem__))
    hidden = Counter(depth for number, depth in enumerate(depths) if number not in chosen.whole and depth)
    said = ", ".join(f"{times} at depth {depth}" for depth, times in sorted(hidden.items()))
    return chosen.elided([f"hidden names: {said}"] if said else [])


class _Chosen:
    """Lines to show, counted from 0, within a budget of tokens."""

    def __init__(self, lines: list[str], budget: float, guidance: Guidance) -> None:
        self._lines = lines if lines[-1] else lines[:-1]
        self._budget = budget
        self._left = budget
        self._guidance = guidance
        self._shown: dict[int, str] = {}
        self.whole: set[int] = set()  # shown, and not cut

    def add(self, numbers: Iterable[int], share: float = 1.0) -> None:
        """Show the lines, in order, while no more than this share of the budget is spent in all."""
        least = self._budget * (1 - share)
        misses = 0
        for number in numbers:
            if number in self._shown or number >= len(self._lines) or not self._lines[number].strip():
                continue
            line = self._lines[number].rstrip()
            if len(line) > LINE_CHARS:
                cut = len(line) - HEAD_CHARS - TAIL_CHARS
                line = f"{line[:HEAD_CHARS]} [... {cut} characters ...] {line[-TAIL_CHARS:]}"
            spelled = f"L{number + self._guidance.first_line} {line}"
            tokens = self._guidance.count(spelled) + 1
            if tokens > self._left - least:
                misses += 1
                if misses > MISSES or self._left - least < SPARE_TOKENS:
                    return
                continue
            self._left -= tokens
            self._shown[number] = spelled
            if line == self._lines[number].rstrip():
                self.whole.add(number)

    def elided(self, summary: list[str]) -> Elided:
        """What is shown, in the source's order, the summary below it."""
        total = len(self._lines)
        hidden = to_ranges(number + 1 for number in range(total) if number not in self.whole)
        lines = [spelled for _, spelled in sorted(self._shown.items())]
        return Elided("\n".join([*lines, *summary]) + "\n", Hidden("lines", hidden, total))


def _columns(table: Table, at: Sequence[int], guidance: Guidance) -> Iterator[_Column]:
    rows = [row for row in table.rows if row is not None]
    for number, cells in enumerate(zip(*rows, strict=True)):
        guidance.tick()
        name = table.names[number] if table.names else f"column {number + 1}"
        lexemes = [cell.strip('"') for cell in cells] if cells[-1][:1] == '"' else cells
        numbers = [float(cell) for cell in lexemes] if all(map(_NUMBER, lexemes)) else None
        if numbers and max(map(abs, numbers)) > HUGE:
            numbers = None
        seen = Counter(cells)
        yield _Column(name, cells, numbers, seen if 2 * len(seen) <= len(at) else None, table.layout.joint)


def _evidence(lines: Sequence[str], columns: Sequence[_Column], guidance: Guidance) -> Evidence:
    evidence = Evidence()
    add_trouble(lines, evidence)
    rows = range(len(lines))
    for column in columns:
        guidance.tick()
        if column.numbers and len(lines) >= MIN_SAMPLE:
            add_outliers(Numbers(list(rows), column.numbers, list(column.cells)), evidence)
        if column.seen and len(column.seen) > 1:
            add_rare(rows, column.cells, column.seen, evidence)
    return evidence


def _asked(lines: Sequence[str], guidance: Guidance) -> Evidence:
    """What the question names. Apart from the other reasons: a word that many rows hold must not crowd out errors."""
    asked = Evidence()
    if guidance.question:
        add_matches(guidance.question, lines, asked)
    return asked


def _headings(table: Table) -> dict[int, int]:
    """For each row below a heading, `src/app:`, the number of that line."""
    above: dict[int, int] = {}
    heading = None
    for number, (line, row) in enumerate(zip(table.lines, table.rows, strict=True)):
        if row is not None:
            if heading is not None:
                above[number] = heading
        elif line.endswith(":"):
            heading = number
    return above


def _with_heading(numbers: Iterable[int], above: dict[int, int]) -> Iterator[int]:
    for number in numbers:
        if number in above:
            yield above[number]
        yield number


def _summary(columns: Sequence[_Column], hidden: Sequence[int], room: int, guidance: Guidance) -> list[str]:
    """What the hidden rows hold, column by column: counted and measured, never guessed."""
    facts: list[str] = []
    for column in columns if hidden else ():
        guidance.tick()
        fact = _fact(column, hidden)
        tokens = guidance.count(fact) + 1
        if fact and tokens <= room:
            facts.append(fact)
            room -= tokens
    return [f"the {len(hidden)} hidden rows: {'; '.join(facts)}"] if facts else []


def _fact(column: _Column, hidden: Sequence[int]) -> str:
    cells = [column.cells[number] for number in hidden]
    if column.seen is not None and (column.numbers is None or len(column.seen) <= MOST_VALUES):
        return _counts(column.name, Counter(cells)) if len(column.seen) > 1 else ""
    if column.numbers is not None:
        low = min(hidden, key=column.numbers.__getitem__)
        high = max(hidden, key=column.numbers.__getitem__)
        return f"{column.name} {column.cells[low]}..{column.cells[high]}"
    folders = _folders(cells, column.joint)
    if len(folders) > MANY_VALUES and column.joint != "/":  # files of tests, which stand in folders themselves
        folders = _folders([folder_of(cell, column.joint) for cell in cells], "/")
    if 2 * sum(folders.values()) > len(cells) and len(folders) > 1:
        return _counts("in", folders, LONGEST_FOLDER)
    return ""


def _folders(cells: Sequence[str], joint: str) -> Counter[str]:
    found = Counter(folder_of(cell, joint) for cell in cells) if joint else Counter[str]()
    del found[""]
    return found


def _counts(name: str, seen: Counter[str], longest: int = LONGEST_VALUE) -> str:
    if len(seen) > MANY_VALUES:
        return f"{name} {len(seen)} different"
    common = [(cell, times) for cell, times in seen.most_common(MOST_VALUES) if len(cell) <= longest]
    rest = len(seen) - len(common)
    said = [f"{cell or 'empty'} x{times}" for cell, times in common]
    return f"{name} {', '.join([*said, *([f'{rest} others'] if rest else [])])}" if said else ""
