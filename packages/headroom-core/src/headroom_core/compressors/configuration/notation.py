"""The equivalent form, written and read: blocks that look alike as one block with holes, and a row for each.

    [config: a row "A,x,y" is block A with x for {1}, y for {2}; more in a row are its lines at ?, ...]
    A: 4 lines
      {1}:
        image: {2}
        restart: always
    ?    - …

    services:
    A,auth,registry.example/auth:1.4
    A,web,registry.example/web:2.0,=restart: never,- "8080:80"

No row depends on another one. What belongs to no block stands as it was.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from headroom_core.compressors.configuration.shapes import shape_of

BRACKETS = ("{}", "<>", "()", "«»")
MOST_COMMAS = 0.05  # of the values may hold one, and a comma still separates them
OPTIONAL = "?"  # begins the line of a block that a row may have, once or more often, or not
SOMETHING = "…"  # stands there for what the row says
INSTEAD, WITHOUT = "=", "!"
JOINED = "⏎"  # ends the lines that end in the source, where others are cut between two tags

_PLAIN = '[config: a row "A{0}x{0}y" is block A with x for {1}, y for {2}'
_EXTRA = "; more in a row are its lines at ?, =lines instead, !lines left out"
_CUT = f"; of the source only lines with {JOINED} end"
_HEADER = re.compile(
    r'\[config: a row "A(.)x\1y" is block A with x for (.)1(.), y for \2(?:2)\3'
    rf"({re.escape(_EXTRA)})?({re.escape(_CUT)})?\]"
)
_ESCAPED = re.compile(r"\\(.)")
_LEGEND = re.compile(r"([A-Z]{1,2}): (\d{1,4}) lines?")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a block with holes."""

    pieces: tuple[str | int, ...]  # text, and numbers of holes, counted from 0
    indent: str
    key: str  # by which the lines of a row find it
    optional: bool = False

    @property
    def is_any(self) -> bool:
        """Whether it stands for any lines."""
        return self.optional and self.key == SOMETHING

    @classmethod
    def read(cls, text: str, hole: re.Pattern[str]) -> Line:
        """The line that a legend spells."""
        optional = text.startswith(OPTIONAL)
        text = text[1:] if optional else text
        pieces = [int(piece) - 1 if at % 2 else piece for at, piece in enumerate(hole.split(text))]
        return cls(tuple(pieces), text[: len(text) - len(text.lstrip())], key_of(text), optional)

    def spell(self, brackets: str) -> str:
        """The line as a legend spells it."""
        said = [piece if isinstance(piece, str) else f"{brackets[0]}{piece + 1}{brackets[1]}" for piece in self.pieces]
        return (OPTIONAL if self.optional else "") + "".join(said)

    def read_back(self, signs: Signs) -> Line:
        """The line as whoever reads the legend takes it."""
        return Line.read(self.spell(signs.brackets), _hole(signs.brackets))

    def filled(self, cells: Sequence[str]) -> str:
        """The line with cells in its holes. Raises IndexError where a cell is missing."""
        if len(self.pieces) == 1:
            return str(self.pieces[0])
        return "".join(piece if isinstance(piece, str) else cells[piece] for piece in self.pieces)


@dataclass(frozen=True)  # no slots: the number of holes is remembered
class Template:
    """A block with holes."""

    lines: tuple[Line, ...]

    @cached_property
    def holes(self) -> int:
        """Number of cells that every row has."""
        return 1 + max((piece for line in self.lines for piece in line.pieces if isinstance(piece, int)), default=-1)

    @property
    def is_plain(self) -> bool:
        """Whether no line is optional."""
        return not any(line.optional for line in self.lines)

    def fill(self, row: Sequence[str]) -> list[str] | None:
        """The lines that a row stands for; None where it doesn't fit."""
        holes = self.holes
        cells, given = row[:holes], deque(row[holes:])
        if len(cells) < holes:
            return None
        found: list[str] = []
        for at, line in enumerate(self.lines):
            if line.is_any:
                later = {each.key for each in self.lines[at + 1 :]}
                while given and given[0][:1] not in (INSTEAD, WITHOUT) and key_of(given[0]) not in later:
                    found.append(line.indent + given.popleft())
            elif line.optional:
                while given and key_of(given[0]) == line.key:
                    found.append(line.indent + given.popleft())
            elif given and given[0] == WITHOUT + line.key:
                given.popleft()
            elif given and given[0][:1] == INSTEAD and key_of(given[0][1:]) == line.key:
                found.append(line.indent + given.popleft()[1:])
            else:
                found.append(line.filled(cells))
        return None if given else found


def key_of(text: str) -> str:
    """What names a line."""
    return shape_of(text).key


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs of one text: what separates cells, and what stands around the number of a hole."""

    separator: str
    brackets: str

    @classmethod
    def free(cls, text: str, values: Sequence[str]) -> Signs | None:
        """Signs that a text, and the values that are to be cells, leave free; None where they leave none."""
        with_comma = sum("," in value for value in values)
        separator = "," if with_comma <= MOST_COMMAS * len(values) else min("\t|", key=text.count)
        brackets = next((pair for pair in BRACKETS if not _hole(pair).search(text)), None)
        return None if brackets is None else cls(separator, brackets)

    def row(self, label: str, cells: Sequence[str]) -> str:
        """A row as it is shown."""
        return self.separator.join([label, *map(self._cell, cells)])

    def cells(self, row: str) -> list[str]:
        """The cells of a row, without its label."""
        _, separator, rest = row.partition(self.separator)
        if "\\" not in rest:
            return rest.split(self.separator) if separator else []
        cells = re.findall(rf"{re.escape(self.separator)}((?:\\.|[^\\{re.escape(self.separator)}])*)", separator + rest)
        return [_ESCAPED.sub(r"\1", cell) for cell in cells]

    def _cell(self, text: str) -> str:
        return text.replace("\\", "\\\\").replace(self.separator, "\\" + self.separator)

    def header(self, *, plain: bool, cut: bool) -> str:
        """The first line."""
        first, second = (f"{self.brackets[0]}{number}{self.brackets[1]}" for number in (1, 2))
        return _PLAIN.format(self.separator, first, second) + ("" if plain else _EXTRA) + (_CUT if cut else "") + "]"


def _hole(brackets: str) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(brackets[0])}(\d{{1,3}}){re.escape(brackets[1])}")


def spell_legend(label: str, template: Template, signs: Signs) -> str:
    """A block with holes, as it stands above the rows."""
    lines = [line.spell(signs.brackets) for line in template.lines]
    return "\n".join([f"{label}: {len(lines)} line{'s' * (len(lines) > 1)}", *lines])


def escape(line: str, labels: Sequence[str], signs: Signs) -> str:
    """A line that is shown as it was, told from a row."""
    head = line.partition(signs.separator)[0]
    return "\\" + line if line.startswith("\\") or head in labels else line


def decode(shown: str) -> str | None:
    """The source of a shown text; None where it can't be read."""
    lines = shown.split("\n")
    header = _HEADER.fullmatch(lines[0])
    if header is None:
        return None
    signs, cut = Signs(header[1], header[2] + header[3]), header[5] is not None
    read = _read_legend(lines, signs)
    if read is None:
        return None
    templates, start = read
    found: list[str] = []
    for line in lines[start:]:
        if line.startswith("\\"):
            found.append(line[1:])
            continue
        template = templates.get(line.partition(signs.separator)[0])
        if template is None:
            found.append(line)
            continue
        filled = template.fill(signs.cells(line))
        if filled is None:
            return None
        found += filled
    return "".join(_uncut(found)) if cut else "\n".join(found)


def _read_legend(lines: Sequence[str], signs: Signs) -> tuple[dict[str, Template], int] | None:
    """The blocks with holes, by their labels, and where the text below them begins."""
    hole = _hole(signs.brackets)
    templates: dict[str, Template] = {}
    at = 1
    while at < len(lines) and (opening := _LEGEND.fullmatch(lines[at])) is not None:
        end = at + 1 + int(opening[2])
        templates[opening[1]] = Template(tuple(Line.read(text, hole) for text in lines[at + 1 : end]))
        at = end
    return (templates, at + 1) if at < len(lines) and not lines[at] else None


def cut_tags(text: str) -> list[str] | None:
    """The lines of markup that stands in one line or few, cut between tags; None where it has lines of its own."""
    if JOINED in text or text.count("\n") * 400 > len(text) or not text.lstrip().startswith("<"):
        return None
    return re.sub(f"(?<=>)(?=<)|(?<={JOINED})", "\n", text.replace("\n", JOINED)).split("\n")


def _uncut(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        yield line.replace(JOINED, "\n")
