"""A document as units: what is shown or hidden as a whole.

A sentence of a paragraph or an item, a heading, a row of a table, a block of code (a long one in parts), the label of a
passage. Read by the
looks of lines, so Markdown, reStructuredText, help texts and plain paragraphs all go the same way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import NamedTuple

from headroom_core.text.lines import split_lines
from headroom_core.text.sentences import split_sentences

UNCUT = 200  # characters of a paragraph that isn't cut into sentences: hiding half of it saves less than it disturbs
LONG_CODE = 6_000  # characters of a block of code, past which it is a listing and is cut
CODE_PART = 1_000  # characters of its parts
TICK_LINES = 512  # between two looks at the clock
PASSAGE_CHARS = 200  # of a passage, on average: shorter ones are references, and their labels no heads
HEADING_CHARS = 240  # of a heading at most: a longer line is a document without line ends
TITLE_CHARS = 80  # of one that is told by its capitals only


class Role(StrEnum):
    """What a unit is."""

    LABEL = "label"  # of a retrieved passage: `[2]`, `Document 3:`
    HEADING = "heading"
    TEXT = "text"
    ITEM = "item"
    ROW = "row"  # of a table
    CODE = "code"


class Unit(NamedTuple):
    """A slice of the text, white space behind it included. The units, joined, are the text."""

    start: int  # characters
    end: int
    role: Role
    block: int  # number of the paragraph, item, table or code that it belongs to; a label's is that of what follows


class Block(NamedTuple):
    """A paragraph, item, heading, row or piece of code, blank lines behind it included."""

    role: Role
    start: int
    end: int


_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_ITEM = re.compile(r"[ \t]*(?:[-*+•–] |[0-9]{1,3}[.)] |[a-zA-Z][.)] |\(?[0-9a-z]{1,3}\) )")
_HEADING = re.compile(r"#{1,6}[ \t]|={1,6} .* ={1,6}\s*$|\*\*[^*]{1,78}\*\*:?\s*$")
_RULE = re.compile(r"([=\-~^\"'*+#`.])\1{2,}\s*$")
_LABEL = re.compile(
    r"[ \t]*(?:\#{1,4}[ \t]|\*\*|<)?(?:\[[0-9]{1,3}\][:.]?(?=\s)"
    r"|(?:Document|Doc|Passage|Source|Chunk|Context|Excerpt|Snippet|Result|Node|Page)[ \t]*(?:[#№][ \t]*)?"
    r"(?:\[[\w.-]{1,24}\]|[0-9]{1,4})(?:\*\*)?"
    r"(?:[ \t]*\([^()\n]{1,120}\)(?=\s)|(?:[ \t]*\([^()\n]{1,120}\))?[ \t]*[:.)\]>|–-]+(?:\*\*)?(?=\s)|[ \t]*$))",
    re.IGNORECASE | re.MULTILINE,
)
_OPENS_CODE = re.compile(r"(?:::|^[ \t]*\.\. (?:code|code-block|sourcecode|literalinclude)::.*|:)\s*\Z", re.MULTILINE)
_PROMPT = re.compile(r"[ \t]*(?:>>> |\.\.\. |\$ |% |PS> )")


def read_units(text: str, tick: Callable[[], None]) -> list[Unit]:
    """The units of a text, in order."""
    blocks = read_blocks(text, tick)
    labels = [index for index, block in enumerate(blocks) if block.role is Role.LABEL]
    if len(labels) < 2 or len(text) < PASSAGE_CHARS * len(labels):
        labels = []
    passages = frozenset(labels)
    units: list[Unit] = []
    for number, block in enumerate(blocks):
        if number % TICK_LINES == 0:
            tick()
        start, role = block.start, block.role
        if role is Role.LABEL:
            role = Role.TEXT
            found = _LABEL.match(text, start, block.end) if number in passages else None
            if found is not None:
                rest = text[found.end() : block.end]
                start = block.end - len(rest.lstrip())
                units.append(Unit(block.start, start, Role.LABEL, number))
        _cut(text, Block(role, start, block.end), number, units)
    return units


def read_blocks(text: str, tick: Callable[[], None]) -> list[Block]:
    """The blocks of a text, in order; joined, they are the text."""
    return _Reader(text, tick).blocks()


def _cut(text: str, block: Block, number: int, units: list[Unit]) -> None:
    """Add the units of one block."""
    start, end = block.start, block.end
    if start == end:
        return
    pieces = [text[start:end]]
    if block.role in (Role.TEXT, Role.ITEM) and end - start > UNCUT:
        pieces = split_sentences(pieces[0])
    elif block.role is Role.CODE and end - start > LONG_CODE:
        pieces = list(_parts(pieces[0]))
    for piece in pieces:
        units.append(Unit(start, start + len(piece), block.role, number))
        start += len(piece)


def _look(line: str, bare: str) -> Role | None:
    """What a line is, where it says so itself; None for one that may go on with what is before it."""
    first = bare[0]
    if first in "[<*#DdPpSsCcEeRrNn" and _LABEL.match(line):
        return Role.LABEL
    if first in "#=*" and len(line) <= HEADING_CHARS and _HEADING.match(line):
        return Role.HEADING
    if first == "|":
        return Role.ROW
    if _is_rule(bare):
        return Role.TEXT
    if (first in "-*+•–(" or bare[1:2] in (".", ")") or first.isdigit()) and _ITEM.match(line):
        return Role.ITEM
    return Role.CODE if first in ">.$%P" and _PROMPT.match(line) else None


def _is_rule(bare: str) -> bool:
    return bare[0] in "=-~^\"'*+#`." and _RULE.match(bare) is not None


def _is_title(line: str) -> bool:
    """Whether its capitals make it one."""
    return len(line) <= TITLE_CHARS and line[0] not in " \t" and line.isupper()


def _parts(code: str) -> Iterator[str]:
    """Long code in parts that end with a line; the last line that isn't blank is a part: it may close a fence."""
    lines = split_lines(code)
    last = len(lines) - 1
    while last > 0 and lines[last].isspace():
        last -= 1
    part: list[str] = []
    chars = 0
    for line in lines[:last]:
        part.append(line)
        chars += len(line)
        if chars >= CODE_PART:
            yield "".join(part)
            part, chars = [], 0
    if part:
        yield "".join(part)
    yield "".join(lines[last:])


class _Reader:
    """One reading of a text, line by line."""

    def __init__(self, text: str, tick: Callable[[], None]) -> None:
        self._text = text
        self._tick = tick
        self._blocks: list[Block] = []
        self._role: Role | None = None  # of the block that is open
        self._start = self._lines = 0  # where it begins, and the number of its lines that aren't blank
        self._fence = ""  # what closes the code that is open
        self._indent = 0  # of indented code that is open
        self._blank = True  # whether the line before is

    def blocks(self) -> list[Block]:
        """The blocks; joined, they are the text."""
        position = 0
        for number, line in enumerate(split_lines(self._text)):
            if number % TICK_LINES == 0:
                self._tick()
            self._read(line, position)
            position += len(line)
        self._close(position)
        return self._blocks

    def _read(self, line: str, position: int) -> None:
        bare = line.lstrip(" \t")
        if self._fence:
            if bare.startswith(self._fence) and not bare.strip(self._fence[0] + " \t\r\n"):
                self._fence = ""
                self._blank = True  # whatever comes next is something else
            return
        if not bare or bare.isspace():
            self._blank = True
            return
        if self._indent:
            if len(line) - len(bare) >= self._indent:
                return
            self._indent = 0
            self._blank = True
        self._begin(line, bare, position)
        self._lines += 1
        self._blank = False

    def _begin(self, line: str, bare: str, position: int) -> None:
        """Open the block that the line begins, if it does."""
        fence = _FENCE.match(line) if bare[0] in "`~" else None
        if fence is None and self._role is Role.TEXT and self._lines == 1 and not self._blank and _is_rule(bare):
            self._role = Role.HEADING  # it underlines the line before
            return
        role = Role.CODE if fence is not None else _look(line, bare)
        if fence is not None:
            self._fence = fence[1]
        elif role is None and self._blank and line[0] in " \t" and self._opens_code(position):
            role = Role.CODE
            self._indent = len(line) - len(bare)
        elif role is None and (self._blank or self._role in (Role.HEADING, Role.ROW)):
            role = Role.HEADING if _is_title(line) else Role.TEXT
        elif role is Role.CODE and self._role is Role.CODE and not self._blank:
            return  # the next prompt of a session
        if role is not None:
            self._open(role, position)

    def _opens_code(self, position: int) -> bool:
        return _OPENS_CODE.search(self._text[max(self._start, position - 90) : position]) is not None

    def _open(self, role: Role, position: int) -> None:
        self._close(position)
        self._role, self._start, self._lines = role, position, 0

    def _close(self, position: int) -> None:
        if position > self._start:
            self._blocks.append(Block(self._role or Role.TEXT, self._start, position))
