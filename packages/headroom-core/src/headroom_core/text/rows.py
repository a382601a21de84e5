"""Which rows a JSON text has, as slices of its source.

The one definition of "row" that the JSON compressor numbers by and `headroom_retrieve(lines="16-40")` counts by:
both sides see only the original text, so both must find the same rows in it.
"""

from __future__ import annotations

import heapq
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

MIN_ROWS = 5  # fewer elements are parts of a document, not its rows
MAX_DEPTH = 12  # levels that are searched: each level reads its text once more
MIN_SHARE = 0.2  # of the text's characters; arrays that make up less aren't what the text is about
LARGE = 4_000  # characters of an array whose rows count, however long the text is: budgets don't grow with it

RowForm = Literal["array", "records", "documents"]

_SPACE = re.compile(r"[ \t\n\r]*")
_PLAIN_KEY = re.compile(r"[A-Za-z_$][\w$-]*\Z")
_decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)  # no number is too long for it


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one large array of a JSON text. Numbers count through all of them, from 1, in the text's order."""

    path: str  # of the array or object that holds them, `data.items`; empty: the text itself
    rows: tuple[str, ...]  # source text of each, letter for letter; of records the member: `"key": {...}`
    form: RowForm = "array"  # elements of an array, members of an object, or documents one after the other
    start: int = 0  # where the holder of the rows begins in the text
    end: int = 0  # and where it ends
    steps: tuple[str | int, ...] = ()  # the path, step by step: keys, and indices from 0
    inside: bool = False  # a string of the text, whose document holds them: then `start` and `end` say where that is
    first: int = 1  # the number of the first of them

    @property
    def numbers(self) -> range:
        """The numbers of the rows."""
        return range(self.first, self.first + len(self.rows))


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    step: str | int  # the key or index that leads here
    key_start: int  # where the key begins; in an array the same as `start`
    first_key: str | None  # of a non-empty object; None for all else


_Found = tuple[int, int, tuple[str | int, ...], int]  # minus its size, where it begins, its path, its depth


def rows_of(text: str) -> tuple[Rows, ...]:
    """The rows of a JSON text: of every large array, or dictionary of like records, that is in no other one.

    Large is what has at least `MIN_ROWS` elements of any type, and `LARGE` characters or `MIN_SHARE` of the text.
    Documents one after the other (JSON Lines) are rows like the elements of an array. A document inside a string is
    looked into like a value, its rows are slices of what the string says. None for what isn't JSON, or whose large
    arrays together make up less than `MIN_SHARE` of it. Linear time.
    """
    try:
        documents = list(_documents(text))
        if len(documents) >= MIN_ROWS:
            return (Rows("", tuple(text[doc.start : doc.end] for doc in documents), "documents", 0, len(text)),)
        return _numbered(_large(text, documents))
    except (ValueError, RecursionError):
        return ()


def _numbered(arrays: Iterable[Rows]) -> tuple[Rows, ...]:
    numbered: list[Rows] = []
    first = 1
    for rows in arrays:
        numbered.append(replace(rows, first=first))
        first += len(rows.rows)
    return tuple(numbered)


def _large(text: str, documents: list[_Span], above: tuple[str | int, ...] = (), depth: int = 0) -> list[Rows]:
    """The large arrays in the text's order. The biggest spans are read first: what is too small ends the search."""
    queue: list[_Found] = []
    for span in documents:
        only = len(documents) == 1
        heapq.heappush(queue, (span.start - span.end, span.start, above if only else (span.step,), depth))
    found: list[Rows] = []
    least = min(MIN_SHARE * len(text), LARGE)
    while queue:
        size, start, path, depth = heapq.heappop(queue)
        if -size < least:
            break
        if text[start] == '"':
            found += _inside(text, start, path, depth)
            continue
        members, end = _members(text, start)
        form = _form(text, start, members)
        if form is not None:
            rows = tuple(text[member.key_start : member.end] for member in members)
            found.append(Rows(spell_path(path), rows, form, start, end, path))
        elif depth < MAX_DEPTH:
            for member in members:
                if text[member.start] in "[{" or text.startswith(('"[', '"{'), member.start):
                    size = member.end - member.start
                    heapq.heappush(queue, (-size, member.start, (*path, member.step), depth + 1))
    taken = sum(end - start for start, end in {(rows.start, rows.end) for rows in found})
    return sorted(found, key=lambda rows: rows.start) if taken >= MIN_SHARE * len(text) else []


def _inside(text: str, start: int, path: tuple[str | int, ...], depth: int) -> list[Rows]:
    """The rows of the document that stands in the string that begins there."""
    inner, end = _decoder.raw_decode(text, start)
    try:
        documents = list(_documents(inner))
        found = _large(inner, documents, path, depth + 1) if len(documents) == 1 else []
    except (ValueError, RecursionError):
        return []
    return [replace(rows, start=start, end=end, inside=True) for rows in found]


def members(row: str) -> list[tuple[str, str]]:
    """Key and value of each member of a row that is an object, values letter for letter; else none.

    A row that is itself a member, `"key": {...}`, is read for its value. Keys may repeat.
    """
    try:
        start = _space(row, 0)
        if row[start : start + 1] == '"':
            _, end = _decoder.raw_decode(row, start)
            start = _space(row, _space(row, end) + 1)
        if row[start : start + 1] != "{":
            return []
        return [(str(member.step), row[member.start : member.end]) for member in _members(row, start)[0]]
    except (ValueError, IndexError, RecursionError):
        return []


def spell_path(path: tuple[str | int, ...]) -> str:
    """Steps as people write them: `data.items`, `[0]["odd key"].rows`."""
    spelled = ""
    for step in path:
        if isinstance(step, int):
            spelled += f"[{step}]"
        elif _PLAIN_KEY.match(step):
            spelled += f".{step}" if spelled else step
        else:
            spelled += f"[{json.dumps(step)}]"
    return spelled


def _form(text: str, start: int, members: list[_Span]) -> RowForm | None:
    """What the members are rows of, or None when they are parts of one thing."""
    if len(members) < MIN_ROWS:
        return None
    if text[start] == "[":
        return "array"
    first_keys = [member.first_key for member in members]
    if None in first_keys:
        return None
    # Records are alike: what most of them begin with. A configuration's sections are not.
    most = max(first_keys.count(key) for key in dict.fromkeys(first_keys[:3]))
    return "records" if 2 * most > len(members) else None


def _documents(text: str) -> Iterator[_Span]:
    """The values that the text is made of, white space between them. Raises ValueError at anything else."""
    position = _space(text, 1 if text.startswith("\ufeff") else 0)
    number = 0
    while position < len(text) or number == 0:
        if text[position : position + 1] not in ("[", "{"):
            raise ValueError("a document is an object or an array")
        _, end = _decoder.raw_decode(text, position)
        yield _Span(position, end, number, position, None)
        number += 1
        position = _space(text, end)


def _members(text: str, start: int) -> tuple[list[_Span], int]:
    """The elements of the array or the members of the object that begins there, and where it ends."""
    keyed, closing = (True, "}") if text[start] == "{" else (False, "]")
    members: list[_Span] = []
    position = _space(text, start + 1)
    if text[position] == closing:
        return members, position + 1
    while True:
        key_start = position
        step: str | int = len(members)
        if keyed:
            step, position = _decoder.raw_decode(text, position)
            position = _space(text, _space(text, position) + 1)
        value, end = _decoder.raw_decode(text, position)
        first = next(iter(value)) if isinstance(value, dict) and value else None
        members.append(_Span(position, end, step, key_start, first))
        position = _space(text, end)
        if text[position] == closing:
            return members, position + 1
        position = _space(text, position + 1)


def _space(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position
