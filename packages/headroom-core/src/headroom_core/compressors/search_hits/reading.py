r"""Reading what search tools print: which file, which line, what stands there.

Knows `path:14:text` and `path-15-text` (grep, ripgrep, git grep, ag), the form with one path above its numbered
lines, groups cut by `--`, drives of Windows and commits of git; colours are taken off before. A row is split, never
changed: joined again it is its line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from itertools import islice

from headroom_core.compressors.search_hits.colours import CLOSE, OPEN, Dress, learned, taken_off

MATCH, CONTEXT = ":", "-"  # what tools put behind the path and the number; git grep also knows "=" for definitions

Row = tuple[str, int, str, str]
"""Path, line number, separator and text of a hit or of a line around one."""

Entry = Row | str
"""A row, or a line that is none: letter for letter."""

GROUP_END = "--"  # what tools print between groups of lines that don't follow one another
_PLACE = (  # a path and a number, or those and a commit in front
    r"((?:[A-Za-z]:(?=[\\/]))?[^:\n]++|(?![0-9]+:)[^\s:]++:[^\s:\d/][^\s:]*+):([1-9][0-9]{0,8}):"
)
_FLAT_MATCH = re.compile(_PLACE)
_FLAT_LINE = re.compile(f"^{_PLACE}(.*)$", re.MULTILINE)
_NUMBERED = re.compile(r"([1-9][0-9]{0,8})([:=-])")
_BEHIND_PATH = re.compile(r"([:=-])([1-9][0-9]{0,8})\1")
_INNER = re.compile(r"([-=])([1-9][0-9]{0,8})(?=\1)")
_INNER_TRIES = 32  # places in one line at which a context line's path may end


@dataclass(frozen=True, slots=True)
class Listing:
    """The output of a search: rows and other lines in order, and how they were laid out."""

    entries: tuple[Entry, ...]  # separators that `groups` and `blanks` imply are not among them
    headed: bool  # the path above its rows instead of in front of each
    groups: bool  # `--` wherever the next row of the same layout doesn't follow its predecessor
    blanks: bool  # an empty line between the sections of two files
    dress: Dress | None = None  # the colours that rows had


def read(text: str, tick: Callable[[], None]) -> Listing:
    """The rows of a text. Lines that are none stand between them as they are; so does everything in other kinds."""
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    dress = learned(lines) if "\x1b[" in text and not (OPEN in text or CLOSE in text) else None
    if dress is not None:
        bare, dress = taken_off(lines, dress, tick)
        listing = _read_bare("\n".join(bare), bare, dress, tick)
        if laid_out(listing) == lines:  # colours also come off what turns out to be no row: there they would be lost
            return listing
    return _read_bare(text, lines, None, tick)


def _read_bare(text: str, lines: list[str], dress: Dress | None, tick: Callable[[], None]) -> Listing:
    headed = _looks_headed(lines)
    entries = _read_headed(lines, tick) if headed else _read_flat(text, lines, tick)
    for groups, blanks in _layouts(entries, headed=headed):
        bare = _without_separators(entries, Listing((), headed, groups, blanks))
        if bare is not None:
            return Listing(tuple(bare), headed, groups, blanks, dress)
    return Listing(tuple(entries), headed, groups=False, blanks=False, dress=dress)


def laid_out(listing: Listing) -> list[str]:
    """The lines of the source again, without their ends."""
    lines: list[str] = []
    headed = listing.headed
    separated = listing.groups or listing.blanks
    dress = listing.dress or Dress()
    coloured = listing.dress is not None
    last: Row | None = None
    for entry in listing.entries:
        if isinstance(entry, str):
            lines.append(dress.group_end(entry) if entry == GROUP_END else entry)
            continue
        path, number, mark, text = entry
        if separated and (line := separator(last, entry, listing)) is not None:
            lines.append(dress.group_end(line))
        if headed and (last is None or path != last[0]):
            lines.append(dress.heading(path))
        if coloured:
            lines.append(dress.numbered(number, mark, text) if headed else dress.row(*entry))
        else:
            lines.append(f"{number}{mark}{text}" if headed else f"{path}{mark}{number}{mark}{text}")
        last = entry
    return lines


def source_lines(listing: Listing) -> list[int]:
    """The line of the source, counted from 1, that each entry stands on."""
    numbers = []
    line = 0
    last: Row | None = None
    separated = listing.groups or listing.blanks
    for entry in listing.entries:
        line += 1
        if isinstance(entry, tuple):
            line += separated and separator(last, entry, listing) is not None
            line += listing.headed and (last is None or last[0] != entry[0])
            last = entry
        numbers.append(line)
    return numbers


def _layouts(entries: Iterable[Entry], *, headed: bool) -> list[tuple[bool, bool]]:
    """The layouts (`groups`, `blanks`) to try, likeliest first."""
    plain = {entry for entry in entries if isinstance(entry, str)}
    groups, blanks = GROUP_END in plain, headed and "" in plain
    wished = [(groups, blanks), (False, blanks), (groups, False)]
    return [layout for layout in dict.fromkeys(wished) if any(layout)]


def _without_separators(entries: Iterable[Entry], layout: Listing) -> list[Entry] | None:
    """The entries without the separators that the layout implies; None where it implies one that isn't there."""
    bare: list[Entry] = []
    last: Row | None = None
    for entry in entries:
        if isinstance(entry, tuple):
            wanted = separator(last, entry, layout)
            if wanted is not None:
                if not bare or bare[-1] != wanted:
                    return None
                bare.pop()
            last = entry
        bare.append(entry)
    return bare


def separator(last: Row | None, row: Row, layout: Listing) -> str | None:
    """The line that the layout puts in front of a row, given the row before; None for no line."""
    if last is None:
        return None
    if layout.headed and row[0] != last[0]:
        return "" if layout.blanks else None
    return GROUP_END if layout.groups and (row[1] != last[1] + 1 or row[0] != last[0]) else None


def _looks_headed(lines: list[str]) -> bool:
    sample = lines[:400]
    numbered = sum(1 for line in sample if _NUMBERED.match(line))
    if not numbered:
        return False
    return numbered > sum(1 for line in sample if (found := _FLAT_MATCH.match(line)) and not found[1].isdigit())


def _read_headed(lines: list[str], tick: Callable[[], None]) -> list[Entry]:
    entries: list[Entry] = []
    here: str | None = None
    numbered = _NUMBERED.match
    fresh = True  # at the start and behind an empty line even `12-notes.txt` is a path
    for place, line in enumerate(lines):
        if not place & 1023:
            tick()
        found = None if fresh else numbered(line)
        if found is not None and here is not None:
            number, mark = found.groups()
            entries.append((here, int(number), mark, line[found.end() :]))
            continue
        if line and line != GROUP_END and line != here and place + 1 < len(lines) and numbered(lines[place + 1]):
            here = line
        else:
            entries.append(line)
        fresh = line == ""
    return entries


def _read_flat(text: str, lines: list[str], tick: Callable[[], None]) -> list[Entry]:
    found = _FLAT_LINE.findall(text)
    paths = dict.fromkeys([path for path, _, _ in found])
    if len(found) == len(lines) and not any(_around(path, paths) for path in paths):
        return [(path, int(number), MATCH, rest) for path, number, rest in found]
    entries: list[Entry] = []
    flat, behind = _FLAT_MATCH.match, _BEHIND_PATH.match
    here = ""
    for place, line in enumerate(lines):
        if not place & 1023:
            tick()
        row: Entry | None = None
        if here and line.startswith(here):
            follows = behind(line, len(here))
            if follows is not None:
                mark, number = follows.groups()
                entries.append((here, int(number), mark, line[follows.end() :]))
                continue
        match = flat(line)
        if match is None or match[1] != here:
            row = _around(line, paths)
        if row is None:
            row = line if match is None else (match[1], int(match[2]), MATCH, line[match.end() :])
        if isinstance(row, tuple):
            here = row[0]
        entries.append(row)
    return entries


def _around(line: str, paths: Container[str]) -> Row | None:
    """A line around a hit: its path is known from the hits, since a path may hold dates and numbers itself."""
    for found in islice(_INNER.finditer(line), _INNER_TRIES):
        path = line[: found.start()]
        if path in paths:
            return path, int(found[2]), found[1], line[found.end() + 1 :]
    return None
