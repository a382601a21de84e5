r"""Reading diffs: file heads, hunks, and the lines between them.

A part is a range of lines of the source; nothing is copied. Hunks end where their counts are met, or where the tool's
output was cut. The first letters of all lines are kept in one string, so that most questions are asked of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

EMPTY = "\n"  # the sign of an empty line: a letter that no other line begins with
BODY_SIGNS = " +-\\" + EMPTY

COLOUR = re.compile(r"\x1b\[[0-9;]*[mK]")
_HUNK = re.compile(r"@@ -([0-9]{1,9})(?:,([0-9]{1,9}))? \+([0-9]{1,9})(?:,([0-9]{1,9}))? @@((?: .*)?)\Z", re.DOTALL)
_MERGE = re.compile(r"(@@@+)((?: -[0-9]{1,9}(?:,[0-9]{1,9})?){2,}) \+[0-9]{1,9}(?:,([0-9]{1,9}))? @@@+")
_MERGE_COUNT = re.compile(r"-[0-9]+(?:,([0-9]+))?")
_BEHIND_BODY = re.compile(r"[^ +\-\\]")
_GIT = re.compile(r"diff --(?:git|cc|combined) ")
_GIT_PATHS = re.compile(r"diff --git (?:a/)?(.+?) (?:b/)?(.+)")
_HEAD_LINE = re.compile(
    r"(?:old mode|new mode|deleted file mode|new file mode|similarity index|dissimilarity index|mode|index"
    r"|rename from|rename to|copy from|copy to) "
)


@dataclass(frozen=True, slots=True)
class Hunk:
    """The header stands on line `start`, the body ends before line `end`; lines are counted from 0."""

    start: int
    end: int
    old: int  # first line in the old file, and in the new one
    new: int
    tail: str  # what stands behind the second `@@`, its blank included
    merge: bool = False  # of several parents: its lines bear a sign for each


@dataclass(frozen=True, slots=True)
class Head:
    """The lines that name a file."""

    start: int
    end: int
    old: str  # path in the old version, and in the new one; as far as they could be read
    path: str


@dataclass(frozen=True, slots=True)
class Between:
    """Lines of no diff: commit messages, statistics, what a shell printed."""

    start: int
    end: int


Part = Hunk | Head | Between


@dataclass(frozen=True, slots=True)
class Patch:
    """A text that holds diffs."""

    lines: list[str]  # without their ends
    bare: list[str]  # the same without colour codes
    signs: str  # first letter of every bare line
    parts: list[Part]  # in order, without gaps


def read(text: str, tick: Callable[[], None]) -> Patch:
    """The parts of a text."""
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    bare = [COLOUR.sub("", line) for line in lines] if "\x1b" in text else lines
    signs = "".join([line[:1] or EMPTY for line in bare])
    parts: list[Part] = []
    place = between = 0
    while place < len(lines):
        part = _part(bare, signs, place)
        if part is None:
            place += 1
            continue
        if between < place:
            parts.append(Between(between, place))
        parts.append(part)
        place = between = part.end
        if not len(parts) & 63:
            tick()
    if between < place:
        parts.append(Between(between, place))
    return Patch(lines, bare, signs, parts)


def _part(lines: list[str], signs: str, place: int) -> Hunk | Head | None:
    sign = signs[place]
    if sign == "@":
        return _hunk(lines, signs, place)
    if sign == "d" and _GIT.match(lines[place]):
        return _git_head(lines, place)
    if sign == "-" and signs[place + 1 : place + 3] == "+@" and _names_files(lines, place):
        return Head(place, place + 2, _path(lines[place]), _path(lines[place + 1]))
    return None


def _hunk(lines: list[str], signs: str, place: int) -> Hunk | None:
    found = _HUNK.match(lines[place])
    if found is None:
        return _merge_hunk(lines, signs, place)
    removes, adds = int(found[2] or 1), int(found[4] or 1)
    end = _body_end(signs, place + 1, removes, adds)
    return Hunk(place, end, int(found[1]), int(found[3]), found[5])


def _merge_hunk(lines: list[str], signs: str, place: int) -> Hunk | None:
    found = _MERGE.match(lines[place])
    if found is None:
        return None
    parents = len(found[1]) - 1
    promised = [int(count or 1) for count in _MERGE_COUNT.findall(found[2])]
    promised.append(int(found[3] or 1))
    end = place + 1
    while end < len(lines) and signs[end] in BODY_SIGNS and any(count > 0 for count in promised):
        shown = lines[end][:parents]
        for parent, sign in enumerate(shown.ljust(parents)):
            promised[parent] -= sign == "-" or (sign == " " and "-" not in shown)
        promised[-1] -= "-" not in shown
        end += 1
    return Hunk(place, end, 0, 0, "", merge=True)


def _body_end(signs: str, start: int, removes: int, adds: int) -> int:
    """The line behind a body: by the counts, since a commit message or a mail may go on with a blank or a dash."""
    found = _BEHIND_BODY.search(signs, start)
    end = found.start() if found else len(signs)
    same = signs.count(" ", start, end)
    if same + signs.count("-", start, end) == removes and same + signs.count("+", start, end) == adds:
        return end
    end = start
    while end < len(signs) and (removes > 0 or adds > 0 or signs[end] == "\\"):
        sign = signs[end]
        if sign not in BODY_SIGNS:
            break
        removes -= sign in f"- {EMPTY}"
        adds -= sign in f"+ {EMPTY}"
        end += 1
    return end


def _git_head(lines: list[str], place: int) -> Head:
    end = place + 1
    while end < len(lines) and _HEAD_LINE.match(lines[end]):
        end += 1
    if _names_files(lines, end):
        old, path = _path(lines[end]), _path(lines[end + 1])
        return Head(place, end + 2, path if old == "/dev/null" else old, old if path == "/dev/null" else path)
    found = _GIT_PATHS.fullmatch(lines[place])
    old, path = (found[1], found[2]) if found else ("", lines[place].split(" ", 2)[2])
    return Head(place, end, old, path)


def _names_files(lines: list[str], place: int) -> bool:
    return place + 1 < len(lines) and lines[place].startswith("--- ") and lines[place + 1].startswith("+++ ")


def _path(line: str) -> str:
    r"""The path of a `--- a/path` line; behind a tab stands a time."""
    path = line[4:].split("\t", 1)[0].rstrip("\r").strip('"')
    return path[2:] if path[:2] in ("a/", "b/") else path
