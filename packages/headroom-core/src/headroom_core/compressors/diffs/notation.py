r"""The shorter spelling of diffs, and the way back from it.

`=== path a..b` is a head, `@@24 tail` a hunk that begins on line 24 of the new file: its counts are those of its body,
the line in the old file follows from the hunks before, a tail that doesn't change is left away. Lines of a body stay
letter for letter, also those that came before (a number in their place saved 1.8 %, and made a reader count), but an
empty line of context bears no blank. `|` marks a line that would be taken for something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from string import ascii_letters

from headroom_core.compressors.diffs.heads import Heads
from headroom_core.compressors.diffs.reading import COLOUR, EMPTY, Between, Head, Hunk, Part, Patch

_HEADER = re.compile(
    r"\[diff: === file; @@ line in new file(?P<kept>; blanks of empty lines kept)?"
    r"(?P<colour>; coloured)?(?P<crlf>; CRLF)?\]"
)
_SHORT = re.compile(r"@@(?:-([0-9]{1,9})\+)?([0-9]{1,9})((?: .*)?)\Z", re.DOTALL)
_NO_TAIL = " @@"
FUNCTION_LETTERS = frozenset(f"{ascii_letters}_$")  # with which git lets a function's line begin
FUNCTION = 80  # characters of a function's line that git puts behind a header
_OF_A_BODY = (" ", "+", "-", "\\", "\x1b")
_BEHIND_BODY = re.compile(rf"[^ +\-\\{EMPTY}]")  # of first letters
_OURS = ("@@", "===", "|")


def encode(patch: Patch, *, newline: bool, crlf: bool, tick: Callable[[], None]) -> str:
    """The diff in the shorter spelling; `newline`: its last line is ended, `crlf`: and every line as Windows does."""
    bodies = [part for part in patch.parts if isinstance(part, Hunk)]
    blank = newline and not any(EMPTY in patch.signs[hunk.start + 1 : hunk.end] for hunk in bodies)
    writer = _Writer(patch, blank=blank)
    for number, (part, after) in enumerate(pairwise([*patch.parts, None])):
        if not number & 63:
            tick()
        writer.write(part, after)
    flags = {
        "; blanks of empty lines kept": not blank,
        "; coloured": writer.coloured,
        "; CRLF": crlf,
    }
    header = f"[diff: === file; @@ line in new file{''.join(words for words, on in flags.items() if on)}]"
    return "\n".join([header, *writer.shown]) + ("\n" if newline else "")


def decode(shown: str) -> str | None:
    """The source of an encoded diff; None where the text is none."""
    lines = shown.split("\n")
    newline = lines[-1] == ""
    if newline:
        lines.pop()
    header = _HEADER.fullmatch(lines[0]) if lines else None
    if header is None:
        return None
    reader = _Reader(blank=not header["kept"], coloured=bool(header["colour"]))
    reader.read(lines[1:])
    end = "\r\n" if header["crlf"] else "\n"
    return end.join(reader.lines) + (end if newline else "")


@dataclass(slots=True)
class _Course:
    """What the hunks of a file so far say about its next one."""

    shift: int = 0  # lines that the file has grown by
    tail: str = ""  # the function in which the next hunk is, unless it says otherwise

    def header(self, body: str, new: int, tail: str, old: int | None = None) -> str:
        """The header of the next hunk, as git spells it, from the signs of its body."""
        same = body.count(" ") + body.count(EMPTY)
        removes, adds = same + body.count("-"), same + body.count("+")
        if old is None:
            old = new - self.shift - (removes == 0) + (adds == 0)
        self.shift += adds - removes
        counts = ["" if count == 1 else f",{count}" for count in (removes, adds)]
        return f"@@ -{old}{counts[0]} +{new}{counts[1]} @@{tail}"

    def go_on(self, tail: str, body: list[str]) -> None:
        """Look in a hunk for the function that the next one begins in: for git, a line that begins with a letter."""
        self.tail = tail
        for line in reversed(body):
            if line[1:2] in FUNCTION_LETTERS and line[:1] in " -":
                self.tail = f" {line[1 : FUNCTION + 1].rstrip()}"
                return


class _Writer:
    def __init__(self, patch: Patch, *, blank: bool) -> None:
        self.shown: list[str] = []
        self.coloured = patch.bare is not patch.lines
        self._heads = Heads()
        self._patch = patch
        self._blank = blank
        self._course = _Course()
        self._in_body = False

    def write(self, part: Part | None, after: Part | None) -> None:
        """Write a part, given the one behind it."""
        if isinstance(part, Hunk):
            self._write_hunk(part)
        elif isinstance(part, Head):
            self._write_head(part, hunks=isinstance(after, Hunk))
        elif part is not None:
            self._write_lines(part)

    def _write_lines(self, part: Between | Head) -> None:
        self._course = _Course()
        for place in range(part.start, part.end):
            line = self._patch.lines[place]
            hides = line.startswith(_OURS) or self._patch.signs[place] == "@"
            hides |= self._in_body and (line == "" or line.startswith(_OF_A_BODY))
            self.shown.append(f"|{line}" if hides else line)
            self._in_body = False

    def _write_head(self, head: Head, *, hunks: bool) -> None:
        bare = self._patch.bare[head.start : head.end]
        short = None
        if hunks == bare[-1].startswith("+++ ") and self._is_painted(head, bare):
            short = self._heads.shorten(bare)
        if short is None:
            self._write_lines(head)
            return
        self._course = _Course()
        self._in_body = False
        self.shown.append(short)

    def _is_painted(self, head: Head, bare: list[str]) -> bool:
        return not self.coloured or self._patch.lines[head.start : head.end] == [_bold(line) for line in bare]

    def _write_hunk(self, hunk: Hunk) -> None:
        line = self._patch.lines[hunk.start]
        body = self._patch.lines[hunk.start + 1 : hunk.end]
        self.shown.append(line if hunk.merge else self._header(hunk, line))
        self.shown += ["" if each == " " else each for each in body] if self._blank else body
        self._in_body = True

    def _header(self, hunk: Hunk, line: str) -> str:
        signs = self._patch.signs[hunk.start + 1 : hunk.end]
        before = self._course
        spelled = {
            f"@@{hunk.new}": None,
            f"@@-{hunk.old}+{hunk.new}": hunk.old,
        }
        tail = hunk.tail or _NO_TAIL
        if hunk.tail == before.tail:
            tail = ""
        elif hunk.tail == _NO_TAIL:
            spelled = {}
        bare = self._patch.bare[hunk.start + 1 : hunk.end]
        for short, old in spelled.items():
            course = _Course(before.shift)
            header = course.header(signs, hunk.new, hunk.tail, old)
            if line == (_cyan(header, hunk.tail) if self.coloured else header):
                course.go_on(hunk.tail, bare)
                self._course = course
                return short + tail
        before.header(signs, hunk.new, hunk.tail)
        before.go_on(hunk.tail, bare)
        return line


class _Reader:
    def __init__(self, *, blank: bool, coloured: bool) -> None:
        self.lines: list[str] = []
        self._heads = Heads()
        self._blank = blank
        self._coloured = coloured
        self._course = _Course()
        self._header: str | None = None  # of the hunk whose body is being read
        self._body: list[str] = []
        self._head: str | None = None

    def read(self, lines: list[str]) -> None:
        """Read what is shown, whole bodies at once where no colours hide what a line is."""
        signs = "" if self._coloured else "".join([line[:1] or EMPTY for line in lines])
        place = 0
        while place < len(lines):
            self._read_line(lines[place])
            place += 1
            if signs and self._header is not None:
                found = _BEHIND_BODY.search(signs, place)
                end = found.start() if found else len(lines)
                body = lines[place:end]
                self._body = [line or " " for line in body] if self._blank else body
                place = end
        self.flush()

    def _read_line(self, line: str) -> None:
        starts = line.startswith("@@") or (line[:1] == "\x1b" and COLOUR.sub("", line).startswith("@@"))
        if self._header is not None and not starts and (line == "" or line.startswith(_OF_A_BODY)):
            self._body.append(" " if self._blank and not line else line)
        else:
            self.flush(hunks=starts)
            if starts:
                self._header = line
                return
            self._course = _Course()
            if line.startswith("==="):
                self._head = line
            else:
                self.lines.append(line[1:] if line[:1] == "|" else line)

    def flush(self, *, hunks: bool = False) -> None:
        """Take over the head or the hunk that was read; `hunks`: one begins."""
        if self._head is not None:
            head = self._heads.lengthen(self._head, hunks=hunks) or [self._head]
            self.lines += [_bold(line) for line in head] if self._coloured else head
            self._head = None
        if self._header is not None:
            merge = COLOUR.sub("", self._header).startswith("@@@")
            self.lines.append(self._header if merge else self._spelled(self._header, self._body))
            self.lines += self._body
            self._header = None
            self._body = []

    def _spelled(self, header: str, body: list[str]) -> str:
        bare = [COLOUR.sub("", line) for line in body] if self._coloured else body
        signs = "".join([line[:1] or EMPTY for line in bare])
        short = _SHORT.match(header)
        if short is None:
            full = COLOUR.sub("", header) if self._coloured else header
            tail = full.split(" @@", 1)[-1]
            self._course.header(signs, 1, tail)
            self._course.go_on(tail, bare)
            return header
        tail = {"": self._course.tail, _NO_TAIL: ""}.get(short[3], short[3])
        spelled = self._course.header(signs, int(short[2]), tail, int(short[1]) if short[1] else None)
        self._course.go_on(tail, bare)
        return _cyan(spelled, tail) if self._coloured else spelled


def _bold(line: str) -> str:
    return f"\x1b[1m{line}\x1b[m"


def _cyan(header: str, tail: str) -> str:
    return f"\x1b[36m{header.removesuffix(tail)}\x1b[m{tail}"
