"""How sure is it that a text is the output of a search? Judged by a sample of its lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container
from dataclasses import dataclass
from itertools import islice, pairwise

SAMPLE_CHARS = 4_000  # of each of the three pieces that are looked at: start, middle, end
LEAST_ROWS = 3  # fewer hits are not worth a claim

SURE_SHARE = 0.8  # of the lines, that must read as hits for elision
LEAST_SHARE = 0.6  # of the lines, that must read as hits at all
PATH_SHARE = 0.9  # of the rows, whose path can be one
NAME_SHARE = 0.6  # of the rows, whose path has a folder or an ending
RISING_SHARE = 0.95  # of neighbours in one file, whose line numbers rise
FINDING_SHARE = 0.3  # of the rows, from which on compilers and linters are speaking
CLOCK_SHARE = 0.05  # of the rows, from which on the line numbers are minutes

_FLAT = re.compile(r"((?:[A-Za-z]:(?=[\\/]))?[^:\n]++|(?![0-9]+:)[^\s:]++:[^\s:\d/][^\s:]*+):([1-9][0-9]{0,8}):(.*)")
_AROUND = re.compile(r"([-=])([1-9][0-9]{0,8})(?=\1)")
_NUMBERED = re.compile(r"([1-9][0-9]{0,8})([:=-])(.*)")
_PATH = re.compile(
    r"(?=.*[^\W\d])(?:[A-Za-z]:[\\/]|[\w./~^@-]+:(?=.*[./]))?"  # a drive, or the commit that git searched
    r"[^\s^:*?\"<>|{}\[\]()=,;'`-][^:*?\"<>|{}=;`\t]{0,400}\Z"
)
_NAME = re.compile(r"[/\\]|\.[A-Za-z_~][\w+~-]{0,15}\Z|\A[A-Z][a-z]+file\Z|\A[A-Z]+\Z")
_STAMP = re.compile(r"[0-9]{1,2}:[0-9]{2}|[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]")
_COLOUR = re.compile(r"\x1b\[[0-9;]*[mK]")
_FINDING = re.compile(
    r"(?:[0-9]+:)?\s*(?:(?:fatal )?error|warning|note|info|remark|hint)\b\s*[:\[(]|[0-9]+:\s+[A-Z]{1,4}[0-9]{2,5}\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Seen:
    path: str
    number: int
    text: str


def claim(text: str) -> float:
    """Near 1 for the output of a search with line numbers; 0.6 where it may be one among other lines; else 0."""
    pieces = [_COLOUR.sub("", piece).split("\n") for piece in _pieces(text)]
    return _judged(pieces, _flat) or _judged(pieces, _headed)


def _pieces(text: str) -> list[str]:
    """The whole text, or whole lines of its start, middle and end."""
    if len(text) <= 3 * SAMPLE_CHARS:
        return [text]
    pieces = []
    for start in (0, len(text) // 2, len(text) - SAMPLE_CHARS):
        piece = text[start : start + SAMPLE_CHARS]
        pieces.append(piece[piece.find("\n") + 1 if start else 0 : piece.rfind("\n") + 1])
    return pieces


def _judged(pieces: list[list[str]], reader: Callable[[list[str], str], list[_Seen]]) -> float:
    rows = [reader(pieces[0], "")]
    rows += [reader(piece, rows[0][-1].path if rows[0] else "") for piece in pieces[1:]]
    read = [row for piece in rows for row in piece]
    if len(read) < LEAST_ROWS:
        return 0.0
    lines = sum(1 for piece in pieces for line in piece if line.strip() and line != "--")
    if reader is _headed:
        lines -= sum(row.path != before.path for piece in rows for before, row in pairwise(piece)) + 1
    if len(read) < LEAST_SHARE * lines:
        return 0.0
    times = Counter(row.path for row in read)
    paths = {path: times for path, times in times.items() if _PATH.match(path) and not _STAMP.search(path)}
    names = {path: times for path, times in times.items() if _NAME.search(path)}
    fits = (
        sum(paths.values()) >= PATH_SHARE * len(read)
        and sum(names.values()) >= NAME_SHARE * len(read)
        and _rising(rows) >= RISING_SHARE
        and _share(read, lambda row: _FINDING.match(row.text) is not None) < FINDING_SHARE
        and _share(read, _is_clock) < CLOCK_SHARE
    )
    if not fits:
        return 0.0
    return 0.95 if len(read) >= SURE_SHARE * lines else 0.6


def _share(rows: list[_Seen], fits: Callable[[_Seen], bool]) -> float:
    return sum(map(fits, rows)) / len(rows)


def _is_clock(row: _Seen) -> bool:
    """`... 10` `:11:` `12.345 text`: the hour ends the path, and the minute is taken for a line number."""
    return row.number < 60 and row.text[:2].isdigit() and (row.path[-2:].isdigit() or not row.path)


def _rising(pieces: list[list[_Seen]]) -> float:
    """The share of neighbours in one file whose numbers don't fall."""
    pairs = [pair for rows in pieces for pair in pairwise(rows) if pair[0].path == pair[1].path]
    return sum(before.number <= after.number for before, after in pairs) / len(pairs) if pairs else 1.0


def _flat(lines: list[str], _: str) -> list[_Seen]:
    found = [_FLAT.match(line) for line in lines]
    paths = {each[1] for each in found if each is not None}
    if not paths:
        return []
    longer = {path for path in paths if _around(path, paths)}  # may be a shorter one, a number, and a text with colons
    rows = []
    for line, match in zip(lines, found, strict=True):
        row = _around(line, paths) if match is None or match[1] in longer else None
        if row is None and match is not None:
            row = _Seen(match[1], int(match[2]), match[3])
        if row is not None:
            rows.append(row)
    return rows


def _around(line: str, paths: Container[str]) -> _Seen | None:
    """A line around a hit, whose path is one of those with hits."""
    for found in islice(_AROUND.finditer(line), 16):
        path = line[: found.start()]
        if path in paths:
            return _Seen(path, int(found[2]), line[found.end() + 1 :])
    return None


def _headed(lines: list[str], path: str) -> list[_Seen]:
    """The rows below paths; `path` is that of a piece that may begin among the hits of one."""
    rows: list[_Seen] = []
    fresh = not path
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        found = None if fresh else _NUMBERED.match(line)
        fresh = line == ""
        if found is not None and path:
            rows.append(_Seen(path, int(found[1]), found[3]))
        elif line and line != "--" and _NUMBERED.match(after):
            path = line
    return rows
