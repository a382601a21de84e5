r"""How a table is written with what its rows share said once, and read back.

    [table: printf format; row A is line A= with its values for the %]
    %s %2s %s %s %6s Nov 24 08:54 %s
    A=-rw-r--r-- 1 root root % Nov 24 08:54 %
    B=drwxr-xr-x 2 root root % Nov 24 08:54 %

    total 604
    B 4096 .
    A 484 .gitignore

The format gives the columns' widths and what all rows share. Lines that are no rows stand as they were, behind a `\`
where they hold as many cells as one. Paths may stand below their folder's heading, `src/app/:`, tests below that of
their file, `test_app.py:::`, or of the test whose parameters they give, `test_app.py::test_all[:`. No row depends on
another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from headroom_core.text.layouts import drawn, pieces, stars

VALUE = "%"  # in a pattern: the value is in the row
ESCAPE = "\\"
SEPARATOR_NAMES = {" ": "", "  ": "two blanks", "\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}
_SEPARATORS = {name: separator for separator, name in SEPARATOR_NAMES.items()}
_APART = "|".join(filter(None, _SEPARATORS))
_ROWS = ", then rows of its values"
_SHARED = "; row A is line A= with its values for the %"
_WIDEST = "; * as wide as the widest"
_FOLDERS = {
    "/": "; folder/: above its paths",
    "::": "; path::: or test[: above what begins so",
}  # by what joins a path's parts
_HEADINGS = {"/": ("/:",), "::": (":::", "[:")}  # how lines end that stand above paths
_HEADER = re.compile(
    rf"\[table: printf format(?:{_ROWS}|({re.escape(_SHARED)}))(?:, separated by ({_APART}))?"
    rf"({re.escape(_WIDEST)})?({'|'.join(map(re.escape, _FOLDERS.values()))})?(; CRLF)?\]"
)


@dataclass(frozen=True, slots=True)
class Notation:
    """What the lines above the rows say."""

    form: str
    separator: str
    joint: str  # of the parts of a path, where paths stand below headings; empty where none do
    patterns: dict[str, tuple[str | None, ...]] = field(default_factory=dict)  # by letter; None: in the row
    end: str = "\n"

    def head(self) -> list[str]:
        """The lines above the rows."""
        name = SEPARATOR_NAMES[self.separator]
        said = [
            "[table: printf format",
            _SHARED if self.patterns else _ROWS,
            f", separated by {name}" if name else "",
            _WIDEST if stars(self.form) else "",
            _FOLDERS[self.joint] if self.joint else "",
            "; CRLF" if self.end == "\r\n" else "",
            "]",
        ]
        lines = ["".join(said), self.form]
        template = whole_row(self.form, self.separator)
        for label, shared in self.patterns.items():
            cells = iter(VALUE if cell is None else cell for cell in shared)
            lines.append(f"{label}={self.separator.join(next(cells) if word is None else word for word in template)}")
        return [*lines, ""] if self.patterns else lines

    def is_heading(self, line: str) -> bool:
        """Whether the line is the heading of a folder."""
        if not self.joint or line.startswith(ESCAPE):
            return False
        return line.endswith(_HEADINGS[self.joint]) or line == ":"

    def escaped(self, line: str, columns: int) -> str:
        """A line that is no row, so that it isn't read as one of so many columns."""
        if self.patterns:
            misread = line.partition(self.separator)[0] in self.patterns
        else:
            misread = line.count(self.separator) >= columns - 1
        return ESCAPE + line if misread or line.startswith(ESCAPE) or self.is_heading(line) else line


def whole_row(form: str, separator: str) -> list[str | None]:
    """What a row says, without its padding: the words of the format, and None for each of its columns."""
    between, specs = pieces(form)
    row: list[str | None] = []
    for at, text in enumerate(between):
        if separator == " ":
            row += text.split()
        elif separator == "  ":
            row += [" ".join(text.split())] if text.strip() else []
        else:
            row += [word.strip() for word in text.split(separator)][at > 0 : None if at == len(specs) else -1]
        row += [None] if at < len(specs) else []
    if separator == "|":  # what frames a drawn table
        row = row[row[0] == "" : -1 if row[-1] == "" else None]
    return row


def _shared_cells(line: str, template: list[str | None], separator: str) -> tuple[str | None, ...]:
    """The values of a letter's line. Raises ValueError where it isn't such a row."""
    pairs = list(zip(line.split(separator), template, strict=True))
    if any(word is not None and word != said for said, word in pairs):
        raise ValueError("a letter with other words than the format has")
    return tuple(None if said == VALUE else said for said, word in pairs if word is None)


def decode(shown: str) -> str:
    """The text that was written. Raises ValueError where it says none."""
    lines = shown.split("\n")
    header = _HEADER.fullmatch(lines[0])
    if header is None or len(lines) < 2:  # the header and the format
        raise ValueError("no table")
    separator = _SEPARATORS[header[2] or ""]
    joint = next((joint for joint, said in _FOLDERS.items() if said == header[4]), "")
    notation = Notation(lines[1], separator, joint, end="\r\n" if header[5] else "\n")
    start = 2
    if header[1]:
        start = lines.index("", 2) + 1
        template = whole_row(notation.form, separator)
        for line in lines[2 : start - 1]:
            label, _, row = line.partition("=")
            notation.patterns[label] = _shared_cells(row, template, separator)
    return notation.end.join(_Reader(notation).read(lines[start:]))


class _Reader:
    """Reads the lines below the head."""

    def __init__(self, notation: Notation) -> None:
        self._notation = notation
        between, specs = pieces(notation.form)
        self._columns = len(specs)
        self._starred = bool(stars(notation.form))
        # Of each letter the number of cells in a row, and the format with the others filled in; "": of all rows.
        self._forms = {"": (len(specs), notation.form)}
        for label, shared in notation.patterns.items():
            if len(shared) != len(specs):
                raise ValueError("a letter without all its cells")
            filled = [
                spec if cell is None else (spec.replace("*", "") % cell).replace("%", "%%")
                for spec, cell in zip(specs, shared, strict=True)
            ]
            form = "".join(piece for pair in zip(between, [*filled, ""], strict=True) for piece in pair)
            self._forms[label] = (shared.count(None), form)

    def read(self, lines: list[str]) -> list[str]:
        """The lines of the source. Raises ValueError or TypeError at a row with too few cells or too many."""
        notation, folder = self._notation, ""
        made: list[str] = []
        block: list[tuple[str, ...]] = []  # rows whose widths depend on each other
        last = len(lines) - 1
        for number, line in enumerate(lines):
            label, cells = self._row(line) if line or number < last else ("", None)
            if cells is None:
                made += drawn(notation.form, block)
                block = []
                if notation.is_heading(line):
                    folder = line[:-1]
                else:
                    made.append(line.removeprefix(ESCAPE))
                continue
            if folder:
                cells[-1] = folder + cells[-1]
            if self._starred:
                block.append(self._whole(label, cells))
            else:
                made.append(self._forms[label][1] % tuple(cells))
        return made + drawn(notation.form, block)

    def _row(self, line: str) -> tuple[str, list[str] | None]:
        """The letter and the cells of a row; None of another line."""
        notation = self._notation
        if line.startswith(ESCAPE) or notation.is_heading(line):
            return "", None
        if not notation.patterns:
            cells = line.split(notation.separator, self._columns - 1)
            return "", cells if len(cells) == self._columns else None
        label, found, rest = line.partition(notation.separator)
        if label not in notation.patterns:
            return "", None
        count = self._forms[label][0]
        if not count:
            return label, [rest] if found else []
        return label, rest.split(notation.separator, count - 1) if found else []

    def _whole(self, label: str, cells: list[str]) -> tuple[str, ...]:
        """The cells of a row with those that its letter stands for."""
        if not label:
            return tuple(cells)
        if len(cells) != self._forms[label][0]:
            raise ValueError("a row without all its cells")
        left = iter(cells)
        return tuple(next(left) if cell is None else cell for cell in self._notation.patterns[label])
