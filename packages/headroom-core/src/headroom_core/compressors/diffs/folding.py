"""What of a diff to show where not all may be: every file with its counts, the changes, and less around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from headroom_core.compressors.diffs.files import Sort, sort_of
from headroom_core.compressors.diffs.reading import EMPTY, Between, Head, Hunk, Patch
from headroom_core.compressors.diffs.repeats import Repeats
from headroom_core.text.lines import to_ranges
from headroom_core.types import Hidden

LONG_VENDORED = 200  # changed lines of a vendored file from which on its long runs are cut at every level
VENDORED_RUN = 12  # lines of such a run that stay

_CHANGED = re.compile(r"[+\-\\]+")
_STATISTICS = re.compile(r" \S.* \| +[0-9]+ ?\+*-*\Z")
_NO_FUNCTION = re.compile(
    r" (?:import|from|use|using|var|let|const|package|module\.exports|exports|[\w-]+ = |\W)(?!.*\bfunction\b)"
)
_SAYS_NOTHING = re.compile(r"[\s{}()\[\];,]*\Z")
_DEFINITION = re.compile(
    r"[+-]\s*(?:(?:export|default|pub|public|private|protected|static|final|abstract|async|override|inline|extern|unsafe)\s+)*"
    r"(?:def|class|func|function|fn|struct|enum|trait|interface|impl|type|module)\b"
)
_CHECKSUM = re.compile(
    r"\b(?:checksum|integrity|resolved|resolution|hash(?:es)?|sha(?:1|256|512)|url|digest)\b|https?://|\b[0-9a-f]{32,}\b|\bh1:"
)
_PACKAGE = re.compile(
    r".\s*(?:\"?name\"?\s*[=:]\s*\"|\"(?:node_modules/|@?[\w.-]+(?:/[\w.-]+)?\": \{)"
    r"|[@\w\"'](?=[^\s=]*@)[^=]*:\s*\Z|[\w.-]+ \()"
)


@dataclass(frozen=True, slots=True)
class Fold:
    """How much of a hunk is shown."""

    before: int  # lines of context in front of a change, and behind it
    after: int
    run: int | None = None  # lines that stay of a longer run of added or removed ones, repeated ones not; None: all


@dataclass(frozen=True, slots=True)
class Short:
    """A folded diff."""

    shown: str
    hidden: Hidden


@dataclass(frozen=True, slots=True)
class _File:
    head: Head | None
    hunks: list[Hunk]


def folded(patch: Patch, fold: Fold, tick: Callable[[], None]) -> Short:
    """The diff with less around its changes, and with files that nobody reads in a line each."""
    folder = _Folder(patch, fold)
    for part in _grouped(patch):
        tick()
        folder.show(part)
    hidden = [number for number, shown in enumerate(folder.kept, 1) if not shown]
    return Short("\n".join(folder.shown) + "\n", Hidden("lines", to_ranges(hidden), len(patch.lines)))


def _grouped(patch: Patch) -> Iterator[Between | _File]:
    """Every head with its hunks; hunks without a head for themselves."""
    file: _File | None = None
    for part in patch.parts:
        if isinstance(part, Hunk):
            file = file or _File(None, [])
            file.hunks.append(part)
            continue
        if file is not None:
            yield file
        file = _File(part, []) if isinstance(part, Head) else None
        if isinstance(part, Between):
            yield part
    if file is not None:
        yield file


class _Folder:
    def __init__(self, patch: Patch, fold: Fold) -> None:
        self.shown = ["[diff: === file +added -removed; @@ line in new file; lines around changes left out]"]
        self.kept = bytearray(len(patch.lines))
        self._patch = patch
        self._fold = fold
        self._repeats = Repeats()

    def show(self, part: Between | _File) -> None:
        """Show a file, or lines that are no diff."""
        if isinstance(part, Between):
            self._show_between(part)
        else:
            self._show_file(part)

    def _show_between(self, part: Between) -> None:
        """Everything but `path | 12 +++--`, which the heads of the files say."""
        for place in range(part.start, part.end):
            if not _STATISTICS.match(self._patch.bare[place]):
                self._keep(place, place + 1)

    def _keep(self, start: int, end: int) -> None:
        self.shown += self._patch.lines[start:end]
        self.kept[start:end] = b"\1" * (end - start)

    def _show_file(self, file: _File) -> None:
        signs = [self._patch.signs[hunk.start + 1 : hunk.end] for hunk in file.hunks]
        added, removed = (sum(each.count(sign) for each in signs) for sign in "+-")
        body = [line for hunk in file.hunks for line in self._patch.bare[hunk.start + 1 : hunk.end]]
        sort = sort_of(file.head.path, body) if file.head else Sort.WRITTEN
        if file.head:
            self._show_head(file.head, added, removed, sort if file.hunks else Sort.WRITTEN)
        fold = self._fold
        if sort is Sort.VENDORED:
            cut = fold.run is not None or added + removed > LONG_VENDORED
            fold = Fold(0, 0, min(fold.run or VENDORED_RUN, VENDORED_RUN) if cut else None)
        tail = ""
        for hunk, sign in zip(file.hunks, signs, strict=True):
            if hunk.merge:
                self._keep(hunk.start, hunk.end)
            elif sort is Sort.LOCK:
                self._show_packages(hunk, sign)
            elif sort is not Sort.GENERATED:
                self._show_hunk(
                    hunk, sign, fold, "" if hunk.tail == tail or _NO_FUNCTION.match(hunk.tail) else hunk.tail
                )
                tail = hunk.tail

    def _show_head(self, head: Head, added: int, removed: int, sort: Sort) -> None:
        lines = self._patch.bare[head.start : head.end]
        name = head.path if head.old in ("", head.path) else f"{head.old} -> {head.path}"
        counts = [f"+{added}"] * (added > 0) + [f"-{removed}"] * (removed > 0)
        self.shown.append(" ".join(["===", name, *_fate(lines), *counts, *_NOTES[sort]]))
        for place, line in enumerate(lines, head.start):
            self.kept[place] = not line.startswith("index ")

    def _show_hunk(self, hunk: Hunk, signs: str, fold: Fold, tail: str) -> None:
        start = hunk.start + 1
        self.kept[hunk.start] = 1
        for first, last in self._spans(start, signs, fold):
            number = hunk.new + first - signs.count("-", 0, first) - signs.count("\\", 0, first)
            self.shown.append(f"@@{number}{tail}")
            tail = ""
            for run in _runs(signs, first, last):
                if fold.run is not None and signs[run[0]] in "+-":
                    self._show_run(start + run[0], start + run[1], fold.run)
                else:
                    self._keep(start + run[0], start + run[1])

    def _spans(self, start: int, signs: str, fold: Fold) -> list[tuple[int, int]]:
        """The ranges of a body that are shown: changes, and the context next to them that says something."""
        spans: list[tuple[int, int]] = []
        for found in _CHANGED.finditer(signs):
            first, last = max(found.start() - fold.before, 0), min(found.end() + fold.after, len(signs))
            while first < found.start() and self._says_nothing(start + first):
                first += 1
            while last > found.end() and self._says_nothing(start + last - 1):
                last -= 1
            if spans and first <= spans[-1][1]:
                spans[-1] = (spans[-1][0], last)
            else:
                spans.append((first, last))
        return spans

    def _says_nothing(self, place: int) -> bool:
        return _SAYS_NOTHING.match(self._patch.bare[place]) is not None

    def _show_run(self, start: int, end: int, most: int) -> None:
        """The beginning of a run of added or removed lines, the definitions in it and its last line; none is blank."""
        lines = self._patch.bare
        repeated: set[int] = set()
        for place, count in self._repeats.find([line[1:] for line in lines[start:end]]):
            repeated.update(range(start + place, start + place + count))
        places = [place for place in range(start, end) if place not in repeated and lines[place][1:].strip()]
        if len(places) > most + 2:
            first = max(most * 2 // 3, 1)
            telling = [place for place in places if not _SAYS_NOTHING.match(lines[place], 1)]
            wanted = [place for place in telling[first:-1] if _DEFINITION.match(lines[place])][: most // 3]
            places = [*telling[:first], *wanted, *telling[max(first, len(telling) - 1) :]]
        what = "added" if self._patch.signs[start] == "+" else "removed"
        before = start - 1
        for place in [*places, end]:
            if place - before > 1:
                gap = [each for each in range(before + 1, place) if lines[each][1:].strip()]
                as_above = ", as further above" if all(each in repeated for each in gap) else ""
                if gap:
                    self.shown.append(f"... {len(gap)} {what} line{'s' * (len(gap) > 1)}{as_above}")
            if place < end:
                self._keep(place, place + 1)
            before = place

    def _show_packages(self, hunk: Hunk, signs: str) -> None:
        """The changes of a lock file but checksums and addresses, each below the name of its package."""
        self.kept[hunk.start] = 1
        lines = self._patch.bare
        named: int | None = None
        for place, sign in enumerate(signs, hunk.start + 1):
            if sign in f" {EMPTY}":
                named = place if _PACKAGE.match(lines[place]) else named
            elif not _CHECKSUM.search(lines[place]) and not _SAYS_NOTHING.match(lines[place], 1):
                if named is not None:
                    self._keep(named, named + 1)
                    named = None
                self._keep(place, place + 1)


_NOTES: dict[Sort, list[str]] = {
    Sort.WRITTEN: [],
    Sort.VENDORED: ["(vendored)"],
    Sort.LOCK: ["(lock file: checksums and addresses not shown)"],
    Sort.GENERATED: ["(generated: not shown)"],
}


def _fate(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if line.startswith(("new file mode", "deleted file mode")):
            yield line.split(" ", 1)[0]
        elif line.startswith("new mode"):
            yield f"mode {line.rsplit(' ', 1)[-1]}"


def _runs(signs: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The ranges of equal signs between two places."""
    place = first
    while place < last:
        end = place + 1
        while end < last and signs[end] == signs[place]:
            end += 1
        yield place, end
        place = end
