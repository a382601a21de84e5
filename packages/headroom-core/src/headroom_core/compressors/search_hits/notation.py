r"""The shorter spelling of a listing, and the way back from it.

Every path stands once, above its hits: `14 text`; a text that is found on several lines of a file stands once,
`14,88 text`. Where lines around hits are shown they bear no number (they follow each other, and the hit in their
group has one), `--` ends a group and `-- path` opens a file. `| ` marks a line that is no hit, `\` one that would
be taken for something else. A long line that was shown before is cut at a word and ends in `…`.
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from headroom_core.compressors.search_hits.reading import CONTEXT, GROUP_END, MATCH, Entry, Listing, Row, laid_out

CUT = "…"
CUT_FROM = 30  # characters, indentation aside: a shorter line is always repeated whole
CUT_BEHIND = 16  # characters, indentation aside, that stay of a repeated line before it may be cut
CUT_LEAST = 8  # characters that a cut takes away

Shown = tuple[int | None, str, str]
"""A row as it is shown: without its path, and maybe without its number."""

_NUMBERS = "[1-9][0-9]{0,8}(?:,[1-9][0-9]{0,8})*"
_HEADER = re.compile(
    r"\[(?P<headed>headed )?hits by file: line number, text"
    r"(?P<around>; around them lines without number)?"
    r"(?P<cut>; … goes on like the first line that begins so)?"
    r"(?P<groups>; -- between groups)?(?P<blanks>; blank lines between files)?(?:; paths in (?P<root>[^\n]+))?\]"
)
_NUMBERED = re.compile(rf"({_NUMBERS})([ =-])")
_NOTATION = re.compile(rf"{_NUMBERS}[ =-]|--|\| |\\")
_NOT_A_PATH = re.compile(rf"{_NUMBERS} |\| |\\")
_ABSOLUTE = re.compile(r"/|\.\./|[A-Za-z]:[\\/]|\\\\")
_WORD_END = re.compile(r"\W")


def encode(listing: Listing, *, newline: bool, tick: Callable[[], None]) -> str:
    """The listing in the shorter spelling; `newline`: its last line is ended."""
    rows = [entry for entry in listing.entries if isinstance(entry, tuple)]
    root = common_root({row[0] for row in rows})
    around = any(row[2] != MATCH for row in rows) or any(_NOT_A_PATH.match(row[0], len(root)) for row in rows)
    cuts = None if any(row[3].endswith(CUT) for row in rows) else Cuts()
    writer = _Writer(len(root), around=around, cuts=cuts)
    for count, run in enumerate(_runs(listing.entries)):
        if not count & 255:
            tick()
        writer.write(run)
    lines = [_header(listing, root, around=around, cut=cuts is not None and cuts.used), *writer.lines]
    if not newline and lines[-1] == "":
        lines[-1] = "\\"
    return "\n".join(lines) + ("\n" if newline else "")


def decode(shown: str) -> str | None:
    """The source of an encoded listing; None where the text is none."""
    lines = shown.split("\n")
    newline = lines[-1] == ""
    if newline:
        lines.pop()
    header = _HEADER.fullmatch(lines[0]) if lines else None
    if header is None:
        return None
    reader = _Reader(header["root"] or "", around=bool(header["around"]), cuts=Cuts() if header["cut"] else None)
    for line in lines[1:]:
        reader.read(line)
    reader.flush()
    listing = Listing(tuple(reader.entries), bool(header["headed"]), bool(header["groups"]), bool(header["blanks"]))
    return "\n".join(laid_out(listing)) + ("\n" if newline else "")


def common_root(paths: Iterable[str]) -> str:
    """What all paths begin with: `./`, or the folder of absolute ones. Relative paths stay whole."""
    known = sorted(paths)
    if not known:
        return ""
    shared = os.path.commonprefix([known[0], known[-1]])  # noqa: RUF071  # by characters: folders are cut below
    if shared.startswith("./"):
        root = "./"
    elif _ABSOLUTE.match(shared):
        root = shared[: max(shared.rfind("/"), shared.rfind("\\")) + 1]
    else:
        return ""
    return "" if root in known else root


class Cuts:
    """Remembers which lines were shown, to cut those that come again."""

    def __init__(self) -> None:
        self.used = False
        self._first: dict[str, str] = {}

    def cut(self, text: str) -> str:
        """The text; or, where it was shown before and is the first that begins so, its beginning and `…`."""
        key = _cut_key(text)
        if key is None:
            return text
        first = self._first.get(key)
        if first is None:
            self._first[key] = text
        if first != text:
            return text
        self.used = True
        return key + CUT

    def whole(self, text: str) -> str:
        """The text that was cut; undoes `cut` when called on the same texts in the same order."""
        if text.endswith(CUT):
            return self._first.get(text[:-1], text)
        key = _cut_key(text)
        if key is not None:
            self._first.setdefault(key, text)
        return text


def _cut_key(text: str) -> str | None:
    if len(text) < CUT_FROM:
        return None
    start = len(text) - len(text.lstrip())
    if len(text) - start < CUT_FROM:
        return None
    found = _WORD_END.search(text, start + CUT_BEHIND, len(text) - CUT_LEAST)
    return text[: found.start()] if found else None


def _header(listing: Listing, root: str, *, around: bool, cut: bool) -> str:
    parts = ["headed hits" if listing.headed else "hits", " by file: line number, text"]
    flags = {
        "; around them lines without number": around,
        "; … goes on like the first line that begins so": cut,
        "; -- between groups": listing.groups,
        "; blank lines between files": listing.blanks,
        f"; paths in {root}": root != "",
    }
    parts += [words for words, on in flags.items() if on]
    return f"[{''.join(parts)}]"


def _runs(entries: Iterable[Entry]) -> list[str | list[Row]]:
    """Rows of one path that follow each other, and the lines between."""
    runs: list[str | list[Row]] = []
    here: str | None = None
    run: list[Row] = []
    for entry in entries:
        if isinstance(entry, str):
            here = None
            runs.append(entry)
        elif entry[0] == here:
            run.append(entry)
        else:
            here = entry[0]
            run = [entry]
            runs.append(run)
    return runs


@dataclass(slots=True)
class _Writer:
    root: int  # characters of each path that the header says
    around: bool
    cuts: Cuts | None
    lines: list[str] = field(default_factory=list)
    here: str | None = None

    def write(self, run: str | list[Row]) -> None:
        """Write a run of rows, or one line that is no row."""
        if isinstance(run, str):
            self.lines.append(f"| {run}")
            return
        if run[0][0] != self.here:
            self.here = run[0][0]
            path = self.here[self.root :]
            self.lines.append(f"{GROUP_END} {path}" if self.around else path)
        if self.around:
            self._write_groups(run)
        else:
            self._write_hits(run)

    def _write_hits(self, run: list[Row]) -> None:
        numbers: dict[str, str] = {}
        ascending = all(row[1] < after[1] for row, after in pairwise(run))
        if ascending:
            for _, number, _, text in run:
                before = numbers.get(text)
                numbers[text] = f"{before},{number}" if before else str(number)
        shown = numbers.items() if ascending else [(row[3], str(row[1])) for row in run]
        cuts = self.cuts
        self.lines += [f"{number} {cuts.cut(text) if cuts else text}" for text, number in shown]

    def _write_groups(self, run: list[Row]) -> None:
        before: int | None = None
        group: list[Row] = []
        for row in run:
            if before is not None and row[1] != before + 1:
                self._write_group(group)
                self.lines.append(GROUP_END)
                group = []
            group.append(row)
            before = row[1]
        self._write_group(group)

    def _write_group(self, group: list[Row]) -> None:
        anchored = any(row[2] != CONTEXT for row in group)
        cuts = self.cuts
        for _, number, mark, text in group:
            shown = cuts.cut(text) if cuts else text
            if mark == MATCH:
                self.lines.append(f"{number} {shown}")
            elif mark != CONTEXT or not anchored:
                self.lines.append(f"{number}{mark}{shown}")
                anchored = True
            else:
                self.lines.append(f"\\{shown}" if _NOTATION.match(shown) else shown)


@dataclass(slots=True)
class _Reader:
    root: str
    around: bool
    cuts: Cuts | None
    entries: list[Entry] = field(default_factory=list)
    here: str = ""
    group: list[Shown] = field(default_factory=list)
    sorts: bool = False  # several numbers stand before one text of the group

    def read(self, line: str) -> None:
        """Read one shown line."""
        if line.startswith("| "):
            self.flush()
            self.entries.append(line[2:])
        elif (found := _NUMBERED.match(line)) is not None and (self.around or found[2] == " "):
            mark = MATCH if found[2] == " " else found[2]
            text = self._whole(line[found.end() :])
            numbers = found[1].split(",")
            self.sorts |= len(numbers) > 1
            self.group += [(int(number), mark, text) for number in numbers]
        elif not self.around:
            self.flush()
            self.here = self.root + line
        elif line == GROUP_END:
            self.flush()
        elif line.startswith(f"{GROUP_END} "):
            self.flush()
            self.here = self.root + line[len(GROUP_END) + 1 :]
        else:
            self.group.append((None, CONTEXT, self._whole(line.removeprefix("\\"))))

    def flush(self) -> None:
        """Take over the group that was read: its numbers follow from those that stand in it."""
        if self.sorts and not self.around:
            self.group.sort(key=lambda row: row[0] or 0)
        base = next((number - place for place, (number, _, _) in enumerate(self.group) if number is not None), 0)
        for place, (number, mark, text) in enumerate(self.group):
            self.entries.append((self.here, base + place if number is None else number, mark, text))
        self.group = []
        self.sorts = False

    def _whole(self, text: str) -> str:
        return self.cuts.whole(text) if self.cuts else text
