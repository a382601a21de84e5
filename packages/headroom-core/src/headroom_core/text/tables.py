"""Texts whose lines are a table: separated values, drawn with bars, paths, or columns set by blanks.

The one definition of what a table's rows and cells are, for the compressor that shows them in other letters and for
`headroom_retrieve(fields=...)`, which sees only the original. The layout is decided from a sample of the lines; a line
that it doesn't give back letter for letter is no row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from headroom_core.text.blank_columns import HEADS, are_heads, set_by_blanks, words
from headroom_core.text.layouts import Cells, Layout, rows_by, stars

HEAD_CHARS, PART_CHARS = 9_000, 4_000  # of the beginning, and of the middle and the end
HEAD_LINES, PART_LINES = 30, 15
LINE_CHARS = 2_000  # a sample with a longer line is no table
MISSED_SHARE = 0.05  # of the lines that aren't rows, from where on it is worth looking at them
MIN_LINES = 5  # fewer have no columns to speak of
MAX_COLUMNS = 300
ALIKE = 0.9  # of the sample's lines that must follow a rule for it to be one
ROWS_SHARE = 0.6  # of the sample's lines that must be rows, where others may stand between them

_SEPARATORS = {"\t": 2, ",": 3, ";": 3}  # and how many columns it takes to believe it
_QUOTED = re.compile(r'(?:^|(?<=[,;\t]))"(?:[^"]|"")*"(?=[,;\t]|$)|[^,;\t"]+|[,;\t]|"')
_RULE = re.compile(r"[-+|:= \t]*").fullmatch
_PATH = re.compile(r"(?:[\w.@+~=,%()\[\]-]*/)+[\w.@+~=,%()\[\]-]*").fullmatch
_COUNTED = re.compile(r"( *\d+) ([\w.@+~=/-]+)").fullmatch
_TESTS = (  # a line as those who run tests list them, the format, and what joins the parts of a name
    (re.compile(r"[^\s:\[\]]+\.\w+(?:::[^\s:\[\]]+)+(?:\[.*)?").fullmatch, "%s", "::"),  # pytest
    (re.compile(r"[^\s:].*: test").fullmatch, "%s: test", "::"),  # cargo
    (re.compile(r"Test[A-Z_0-9]\w*").fullmatch, "Test%s", ""),  # go
)
_HIT = re.compile(r":\d+:").search
_CODE = re.compile(r"[{}()\[\]],?;?$|^\s*(?:#|//|--?\w)").search
_TITLE = re.compile(r"[^\d\W][\w %()#/.*-]*").fullmatch


@dataclass(frozen=True, slots=True)
class Table:
    """A text, read as a table."""

    layout: Layout
    lines: list[str]  # of the text, without their ends; an empty one follows the last end
    rows: list[Cells | None]  # the cells of each line that is a row
    end: str  # of every line: `\n` or `\r\n`
    names: Cells  # what the columns are called, where a line says so: that line is no row

    @classmethod
    def read(cls, text: str, tick: Callable[[], None]) -> Table | None:
        """The table that a text is, or None. Linear time; `tick` is called now and then."""
        layout = layout_of(text)
        if layout is None:
            return None
        end = "\r\n" if "\r\n" in text and text.count("\r\n") == text.count("\n") else "\n"
        lines = text.split(end)
        rows = rows_by(layout, lines, tick)
        again = _second_look(layout, lines, rows)
        if again:
            more = rows_by(again, lines, tick)
            if more.count(None) < rows.count(None):
                layout, rows = again, more
        names = layout.names
        for number, row in enumerate(rows[:HEADS] if not stars(layout.form) else ()):
            if row and (are_heads(row) or (names and _titles(row, len(row)) == names)):
                names = names or row
            elif any(map(str.isalnum, lines[number])):
                continue
            rows[number] = None
        return cls(layout, lines, rows, end, names)


def layout_of(text: str) -> Layout | None:
    """The layout of most of the lines, or None where they have none. Looks at a sample."""
    parts = _sample(text)
    lines = [line for part in parts for line in part if line.strip()]
    if len(lines) < MIN_LINES or max(map(len, lines)) > LINE_CHARS:
        return None
    found = _separated(lines) or _between_bars(lines) or _paths(lines) or _counted(lines) or _tests(lines)
    found = found or set_by_blanks(parts, lines)
    return found if found and found.sure else None


def _second_look(layout: Layout, lines: Sequence[str], rows: Sequence[Cells | None]) -> Layout | None:
    """Another layout, where the sample had not all that many lines have: from lines that fit and lines that don't."""
    missed = [line for line, row in zip(lines, rows, strict=True) if row is None and line]
    if (
        layout.columns == 1
        or layout.separators != (" ",)
        or stars(layout.form)
        or len(missed) < MISSED_SHARE * len(lines)
    ):
        return None
    fitting = [line for line, row in zip(lines, rows, strict=True) if row is not None]
    parts = [part[:: max(1, len(part) // HEAD_LINES)] for part in (missed, fitting)]
    return set_by_blanks(parts, [line for part in parts for line in part])


def _sample(text: str) -> list[list[str]]:
    """Lines of the beginning, the middle and the end, each in a row."""
    if len(text) <= HEAD_CHARS + 2 * PART_CHARS:
        lines = text.split("\n")
        middle = max(HEAD_LINES, len(lines) // 2)
        tail = max(middle + PART_LINES, len(lines) - PART_LINES)
        parts = [lines[:HEAD_LINES], lines[middle : middle + PART_LINES], lines[tail:]]
    else:
        middle = len(text) // 2
        parts = [
            text[:HEAD_CHARS].split("\n")[:-1][:HEAD_LINES],
            text[middle : middle + PART_CHARS].split("\n")[1:-1][:PART_LINES],
            text[-PART_CHARS:].split("\n")[1:][-PART_LINES:],
        ]
    return [[line.removesuffix("\r") for line in part] for part in parts]


def fields(separator: str, line: str) -> list[str]:
    """The fields of a line of separated values, letter for letter, with the quotes around them."""
    if '"' not in line:
        return line.split(separator)
    found = [""]
    for piece in _QUOTED.findall(line):
        if piece == separator:
            found.append("")
        else:
            found[-1] += piece
    return found


def _separated(lines: Sequence[str]) -> Layout | None:
    for separator, least in _SEPARATORS.items():
        if sum(separator in line for line in lines) < ALIKE * len(lines):
            continue
        counts = Counter(len(fields(separator, line)) for line in lines)
        columns, times = counts.most_common(1)[0]
        if not least <= columns <= MAX_COLUMNS or times < ALIKE * len(lines):
            continue
        first = next(cells for line in lines if len(cells := fields(separator, line)) == columns)
        names = _titles(first, columns)
        spaced = 2 * sum(line.count(separator + " ") for line in lines) > len(lines) * (columns - 1)
        words = sum(line.count(" ") for line in lines) - len(lines) * (columns - 1)
        if _looks_written(lines) or (spaced and words > len(lines) * columns):
            return None
        sure = 0.97 if names else 0.6 if spaced and separator != "\t" else 0.85
        others = tuple(other for other in (",", "\t", "|", ";") if other != separator)
        form = separator.join(["%s"] * columns)
        return Layout(partial(fields, separator), form, columns, (separator, *others), names, sure)
    return None


def _looks_written(lines: Sequence[str]) -> bool:
    """Whether it is code or options that somebody set by hand, however regular."""
    return sum(line[:1] in " \t" or _CODE(line) is not None for line in lines) > len(lines) / 2


def _titles(cells: Sequence[str], columns: int) -> Cells:
    """The cells as names of columns, where they look like it."""
    names = tuple(cell.strip().strip('"') for cell in cells)
    return names if len(names) == columns == len(set(names)) and all(map(_TITLE, names)) else ()


def bars(framed: bool, line: str) -> list[str]:
    """The cells between bars, without the blanks around them; none of a line that only draws."""
    if _RULE(line):
        return []
    cells = [cell.strip(" ") for cell in line.split("|")]
    return cells[1:-1] if framed else cells


def _between_bars(lines: Sequence[str]) -> Layout | None:
    """Lines as Markdown, psql and mysql draw them."""
    rows = [line.split("|") for line in lines if "|" in line and not _RULE(line)]
    framed = sum(not row[0] and not row[-1].strip(" ") for row in rows) > len(rows) / 2
    if len(rows) < ROWS_SHARE * len(lines) or not any(map(_RULE, lines[:4])):
        return None
    count, times = Counter(map(len, rows)).most_common(1)[0]
    columns = count - 2 * framed
    if not 1 < columns <= MAX_COLUMNS or times < max(MIN_LINES - 2, ALIKE * len(rows)):
        return None
    cells = list(zip(*(row for row in rows if len(row) == count), strict=True))
    form = "|".join(map(_form_between, cells[1:-1] if framed else cells))
    if framed:
        form = f"|{form}|{Counter(cells[-1]).most_common(1)[0][0]}"
    names = _titles(rows[0][1:-1] if framed else rows[0], columns)
    return Layout(partial(bars, framed), form, columns, ("|", "\t", ";"), names, 0.97)


def _form_between(cells: Sequence[str]) -> str:
    """The format of a cell between bars, with the blanks that always stand around it."""
    filled = [cell for cell in cells if cell.strip(" ")] or [" "]
    before = [len(cell) - len(cell.lstrip(" ")) for cell in filled]
    behind = [len(cell) - len(cell.rstrip(" ")) for cell in filled]
    lead, tail = min(before), min(behind)
    width, times = Counter(map(len, cells)).most_common(1)[0]
    if times < ALIKE * len(cells) or len({len(cell.strip(" ")) for cell in cells}) == 1:
        return f"{' ' * lead}%s{' ' * tail}"
    left = "-" if before.count(lead) >= behind.count(tail) else ""
    return f"{' ' * lead}%{left}{width - lead - tail}s{' ' * tail}"


def _paths(lines: Sequence[str]) -> Layout | None:
    """One path a line, as `find` and `git ls-files` print them."""
    inside = sum("/" in line for line in lines)
    if inside < 0.8 * len(lines) or len(set(lines)) < ALIKE * len(lines):
        return None
    alike = sum(_PATH(line) is not None or "/" not in line for line in lines if " " not in line and not _HIT(line))
    return Layout(whole, "%s", 1, (" ",), (), 0.9) if alike >= ALIKE * len(lines) else None


def _counted(lines: Sequence[str]) -> Layout | None:
    """A count and a path a line, as `wc -l` prints them."""
    found = [match for line in lines if (match := _COUNTED(line))]
    if len(found) < ALIKE * len(lines) or 2 * sum("/" in match[2] for match in found) < len(lines):
        return None
    width = Counter(len(match[1]) for match in found).most_common(1)[0][0]
    return Layout(partial(words, 2), f"%{width}s %s", 2, (" ", "\t"), (), 0.9)


def _tests(lines: Sequence[str]) -> Layout | None:
    """One test a line, as `pytest --collect-only -q`, `cargo test -- --list` and `go test -list` print them."""
    for is_test, form, joint in _TESTS:
        if sum(is_test(line) is not None for line in lines) >= ROWS_SHARE * len(lines):
            return Layout(partial(listed, is_test, form), form, 1, (" ",), (), 0.9, joint)
    return None


def listed(is_test: Callable[[str], object], form: str, line: str) -> list[str]:
    """What stands in a line at the `%s` of the format; nothing of a line that is none of these."""
    before, behind = form.split("%s")
    return [line[len(before) : len(line) - len(behind)]] if is_test(line) else []


def whole(line: str) -> list[str]:
    """A line as its only cell."""
    return [line] if line else []
