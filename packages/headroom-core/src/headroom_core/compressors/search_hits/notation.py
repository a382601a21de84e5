r"""The shorter spelling of a listing, and the way back from it.

Every path stands once, above its hits: `14 text`; a text that is found on several lines of a file stands once,
`14,88 text`. Where lines around hits are shown they bear no number (they follow each other, and the hit in their
group has one), `--` ends a group and `-- path` opens a file. `| ` marks a line that is no hit, `\` one that would
be taken for something else. A long line that was shown before is cut at a word and ends in `…`. Colours
are said once, in the heading.
"""

from __future__ import annotations

import os.path
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise, repeat

from headroom_core.compressors.search_hits.colours import read_dress
from headroom_core.compressors.search_hits.reading import CONTEXT, GROUP_END, MATCH, Entry, Listing, Row, laid_out

CUT = "…"
CUT_FROM = 24  # characters, indentation aside: a shorter line is always repeated whole
CUT_BEHIND = (12, 24, 36)  # characters, indentation aside, that stay of a repeated line before it may be cut
CUT_LEAST = 8  # characters that a cut takes away

Shown = tuple[int | None, str, str]
"""A row as it is shown: without its path, and maybe without its number."""

_NUMBERS = "[1-9][0-9]{0,8}(?:,[1-9][0-9]{0,8})*"
_HEADER = re.compile(
    r"\[(?P<headed>headed )?hits by file: line number, text(?P<around>; lines without number stand around)?"
    r"(?P<cut>; … goes on as first seen)?(?P<groups>; (?:no )?--)?(?P<blanks>; (?:no )?blank lines)?"
    r"(?:; colours (?P<dress>[0-9;mK/]*(?: \"(?:[^\"\\]|\\.)*\")?))?(?:; paths in (?P<root>[^\n]+))?\]"
)
_NUMBERED = re.compile(rf"({_NUMBERS})([ =-])")
_NOTATION = re.compile(rf"{_NUMBERS}[ =-]|--|\| |\\")
_NOT_A_PATH = re.compile(rf"{_NUMBERS} |\| |\\")
_ABSOLUTE = re.compile(r"/|\.\./|[A-Za-z]:[\\/]|\\\\")
_OURS = (GROUP_END, "| ", "\\")
_WORD_END = re.compile(r"\W")


def encode(listing: Listing, *, newline: bool, tick: Callable[[], None]) -> str:
    """The listing in the shorter spelling; `newline`: its last line is ended."""
    rows = [entry for entry in listing.entries if isinstance(entry, tuple)]
    paths, texts = {row[0] for row in rows}, [row[3] for row in rows]
    root = common_root(paths)
    around = any(row[2] != MATCH for row in rows) or any(_NOT_A_PATH.match(path, len(root)) for path in paths)
    cuts = None if any(map(str.endswith, texts, repeat(CUT))) else Cuts(repeated(texts))
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
    read = _read_around if header["around"] else _read_hits
    cuts = Cuts([_text(line) for line in lines if line.endswith(CUT)]) if header["cut"] else None
    entries = read(lines[1:], header["root"] or "", cuts)
    around, headed = bool(header["around"]), bool(header["headed"])
    groups, blanks = (header["groups"] is None) == around, (header["blanks"] is None) == headed
    try:
        dress = None if header["dress"] is None else read_dress(header["dress"])
    except ValueError:
        return None
    listing = Listing(tuple(entries), headed, groups, blanks, dress)
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
    """Remembers which long lines were shown first, to cut those that come again.

    Only lines that begin as one of `texts` does are worth remembering: those that come again, or are cut.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self.used = False
        self._begin = {text.lstrip()[: CUT_BEHIND[0]] for text in texts}
        self._first: dict[str, str] = {}  # by the first characters of a line, a few or twice as many
        self._shown: set[str] = set()

    def cut(self, text: str) -> str:
        """The text; or, where it was shown before and is the first that begins so, its beginning and `…`."""
        bare = text.lstrip()
        if bare[: CUT_BEHIND[0]] not in self._begin:
            return text
        start = len(text) - len(bare)
        if text not in self._shown:
            self._remember(text, start)
            return text
        for behind in CUT_BEHIND:
            found = _WORD_END.search(text, start + behind, len(text) - CUT_LEAST)
            if found is not None and self._first[_beginning(text, start, found.start())] == text:
                self.used = True
                return text[: found.start()] + CUT
        return text

    def whole(self, text: str) -> str:
        """The text that was cut; undoes `cut` when called on the same texts in the same order."""
        bare = text.lstrip()
        if bare[: CUT_BEHIND[0]] not in self._begin:
            return text
        start = len(text) - len(bare)
        if not text.endswith(CUT):
            self._remember(text, start)
            return text
        return self._first.get(_beginning(text, start, len(text) - len(CUT)), text)

    def _remember(self, text: str, start: int) -> None:
        if len(text) - start >= CUT_FROM:
            self._shown.add(text)
            for behind in CUT_BEHIND:
                self._first.setdefault(text[: start + behind], text)


def repeated(texts: Iterable[str]) -> list[str]:
    """The texts that come more than once."""
    return [text for text, times in Counter(texts).items() if times > 1]


def _beginning(text: str, start: int, cut: int) -> str:
    """By what a line that is cut there is found: as many characters as surely stay."""
    behind = max((each for each in CUT_BEHIND if each <= cut - start), default=0)
    return text[: start + behind]


def _header(listing: Listing, root: str, *, around: bool, cut: bool) -> str:
    parts = ["headed hits" if listing.headed else "hits", " by file: line number, text"]
    flags = {
        "; lines without number stand around": around,
        "; … goes on as first seen": cut,
        f"; {'' if listing.groups else 'no '}--": listing.groups != around,
        f"; {'' if listing.blanks else 'no '}blank lines": listing.blanks != listing.headed,
        f"; colours {listing.dress.spell()}" if listing.dress else "": listing.dress is not None,
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


def _text(line: str) -> str:
    """The text of a row as it is shown."""
    found = _NUMBERED.match(line)
    return line[found.end() if found else line.startswith("\\") :]


def _read_hits(lines: list[str], root: str, cuts: Cuts | None) -> list[Entry]:
    entries: list[Entry] = []
    numbered = _NUMBERED.match
    here = root
    began = 0  # where the hits of the file begin, should their numbers have to be sorted
    sorts = False
    for line in lines:
        found = numbered(line)
        if found is not None and found[2] == " ":
            text = line[found.end() :]
            whole = cuts.whole(text) if cuts else text
            if "," in found[1]:
                sorts = True
                entries += [(here, int(number), MATCH, whole) for number in found[1].split(",")]
            else:
                entries.append((here, int(found[1]), MATCH, whole))
            continue
        if sorts:
            entries[began:] = sorted(entries[began:], key=_number)
        if line.startswith("| "):
            entries.append(line[2:])
        else:
            here = root + line
        began, sorts = len(entries), False
    if sorts:
        entries[began:] = sorted(entries[began:], key=_number)
    return entries


def _number(entry: Entry) -> int:
    return entry[1] if isinstance(entry, tuple) else 0


def _read_around(lines: list[str], root: str, cuts: Cuts | None) -> list[Entry]:
    entries: list[Entry] = []
    numbered = _NUMBERED.match
    here = root
    group: list[Shown] = []
    for line in lines:
        found = numbered(line)
        if found is not None:
            text = line[found.end() :]
            mark = MATCH if found[2] == " " else found[2]
            number = int(found[1].partition(",")[0])
            group.append((number, mark, cuts.whole(text) if cuts else text))
        elif not line.startswith(_OURS):
            group.append((None, CONTEXT, cuts.whole(line) if cuts else line))
        elif line[0] == "\\":
            text = line[1:]
            group.append((None, CONTEXT, cuts.whole(text) if cuts else text))
        else:
            entries += _numbered(group, here)
            group = []
            if line[0] == "|":
                entries.append(line[2:])
            elif line != GROUP_END:
                here = root + line[len(GROUP_END) + 1 :]
    return entries + _numbered(group, here)


def _numbered(group: list[Shown], path: str) -> list[Entry]:
    """The rows of a group: their numbers follow from those that stand in it."""
    base = next((number - place for place, (number, _, _) in enumerate(group) if number is not None), 0)
    return [
        (path, base + place if number is None else number, mark, text)
        for place, (number, mark, text) in enumerate(group)
    ]
