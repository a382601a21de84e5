"""Which parts of a text that a person wrote are data that a machine wrote?

Claimed surely or not at all: what a person says, asks and tells the model to do must stay letter for letter. So a JSON
document counts when it parses and holds rows, lines count when many in a row begin as a log, a list of search hits or
a table does, and a page when it begins and ends as one. Linear in the size of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from json import JSONDecodeError, JSONDecoder
from typing import Any

Span = tuple[int, int]  # first character, last character + 1
Markers = tuple[str, str]  # what stands before a document, and what behind it

MIN_CHARS = 400  # a shorter part can't save what its reader's surprise costs
MIN_ROWS = 5  # of a JSON array: fewer may be an example of what the model is to answer
MIN_LINES = 8  # in a row: fewer may be somebody's list
ROW_DEPTH = 4  # levels below a document at which rows are looked for
MOST_FAILURES = 64  # attempts to read JSON, after which a text is taken to hold none: each costs its whole length
LINE_CHARS = 400  # of a line, that tell its sort

SCHEMA_KEYS = frozenset(("$schema", "$defs", "properties"))  # of a form to fill in, not of data

_OPENING = re.compile(r"(?<![^\s:=>(,])(?:\[(?=\s{0,200}[\[{\"\dtfn-])|\{(?=\s{0,200}\"))")
_PAGE_BEGINS = re.compile(r"<!doctype html|<html[\s>]", re.IGNORECASE)
_PAGE_ENDS = re.compile(r"</html\s{0,8}>", re.IGNORECASE)
_STAMP = r"(?:\d{4}[-/.]\d\d[-/.]\d\d[T ,]+\d\d:\d\d|\d\d:\d\d:\d\d|[A-Z][a-z]{2} [ 0-3]\d \d\d:\d\d:\d\d)"
_SORTS = (
    ("log", re.compile(rf"[\[(<]?(?:[A-Z]{{3,8}}[\])>: ]+)?[\[(<]?{_STAMP}")),
    ("log", re.compile(r"\S{1,60} \S{1,40} \S{1,40} \[\d\d/[A-Z][a-z]{2}/\d{4}:")),
    ("hits", re.compile(r"[^\s:]{0,200}[./\\][^\s:]{1,200}:\d{1,7}[:-]")),
    ("rows", re.compile(r'\{"[^"]{1,80}":.')),
    ("table", re.compile(r"\|[^|]{1,300}\|")),
)
_CONTINUED = re.compile(r"[ \t]|$|Traceback|Caused by|\.\.\. ")  # how lines begin that belong to the log line above
_DECODER = JSONDecoder()


def data_spans(text: str, documents: Sequence[Markers] = ()) -> list[Span]:
    """The parts of a text that are data, in order. What stands between `documents`, pairs of markers, always is."""
    found: list[Span] = []
    if documents:
        found = _found_in_gaps(text, found, lambda text, gap: _documents(text, gap, documents))
    if len(text) >= MIN_CHARS:
        for finder in (_pages, _json_documents, _runs_of_lines):
            found = _found_in_gaps(text, found, finder)
    return found


def _found_in_gaps(text: str, found: list[Span], finder: Callable[[str, Span], Iterator[Span]]) -> list[Span]:
    """What was found, and what a finder finds between."""
    borders = [0, *(border for span in found for border in span), len(text)]
    gaps = [(first, last) for first, last in zip(borders[::2], borders[1::2], strict=True) if first < last]
    return sorted([*found, *(span for gap in gaps for span in finder(text, gap) if span[0] < span[1])])


def _documents(text: str, gap: Span, documents: Sequence[Markers]) -> Iterator[Span]:
    """What stands between pairs of markers, line ends next to them left out; the first pair wins where two overlap."""
    done = gap[0]
    for start, end in sorted(span for markers in documents for span in _between(text, gap, markers)):
        if start >= done:
            while start < end and text[start] in "\r\n":
                start += 1
            while start < end and text[end - 1] in "\r\n":
                end -= 1
            yield start, end
            done = max(end, done)


def _between(text: str, gap: Span, markers: Markers) -> Iterator[Span]:
    opening, closing = markers
    position = gap[0]
    while (start := text.find(opening, position, gap[1])) >= 0:
        start += len(opening)
        end = text.find(closing, start, gap[1])
        if end < 0:
            return
        yield start, end
        position = end + len(closing)


def _pages(text: str, gap: Span) -> Iterator[Span]:
    """Whole HTML documents."""
    position = gap[0]
    while begins := _PAGE_BEGINS.search(text, position, gap[1]):
        ends = _PAGE_ENDS.search(text, begins.end(), gap[1])
        if ends is None:
            return
        if ends.end() - begins.start() >= MIN_CHARS:
            yield begins.start(), ends.end()
        position = ends.end()


def _json_documents(text: str, gap: Span) -> Iterator[Span]:
    """JSON documents that hold rows, wherever on a line they begin; not those inside the lines of a log."""
    position, last = gap
    failures = 0
    line = text.rfind("\n", 0, position) + 1  # where the one begins that the bracket stands on
    while failures < MOST_FAILURES and (opening := _OPENING.search(text, position, last)):
        start = opening.start()
        line = max(line, text.rfind("\n", position, start) + 1)
        if line < start and _sort_of(text[line : line + LINE_CHARS]):
            position = _line_end(text, start, last)
            continue
        try:
            value, end = _DECODER.raw_decode(text, start)
        except JSONDecodeError:
            failures += 1
            position = start + 1
            continue
        except RecursionError:  # nested deeper than the parser goes, and so is what begins at the next bracket
            return
        if end > last:
            return
        if end - start >= MIN_CHARS and not _is_row(text, start, end) and _holds_rows(value, ROW_DEPTH):
            yield start, end
        position = end


def _is_row(text: str, start: int, end: int) -> bool:
    """Whether a document is one of many that stand on a line each."""
    alone = text[start - 1 : start] in ("", "\n") and "\n" not in text[start:end]
    return alone and (text.startswith("\n{", end) or text.endswith("}\n", 0, start))


def _holds_rows(value: Any, depth: int) -> bool:
    """Whether a document is data: it holds an array that is too long for an example, and is no schema."""
    if depth == 0:
        return False
    if isinstance(value, list):
        return len(value) >= MIN_ROWS or any(_holds_rows(each, depth - 1) for each in value)
    if isinstance(value, dict):
        return not SCHEMA_KEYS & value.keys() and any(_holds_rows(each, depth - 1) for each in value.values())
    return False


def _runs_of_lines(text: str, gap: Span) -> Iterator[Span]:
    """Runs of lines of one sort, from the first that tells it to the last; its line end is left out."""
    for sort, run in groupby(_lines(text, gap), key=lambda line: line.sort):
        telling = [line for line in run if line.tells]
        if sort and len(telling) >= MIN_LINES:
            start, end = telling[0].start, telling[-1].end
            if end - start >= MIN_CHARS:
                yield start, end


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int  # without the line end
    sort: str  # empty: a person's
    tells: bool  # by its own looks, not by the line above


def _lines(text: str, gap: Span) -> Iterator[_Line]:
    start, last = gap
    above = ""
    while start < last:
        end = _line_end(text, start, last)
        line = text[start : min(end, start + LINE_CHARS)]
        sort = _sort_of(line)
        tells = bool(sort)
        if above == "log" and not sort and _CONTINUED.match(line):
            sort = above
        yield _Line(start, end, sort, tells)
        above, start = sort, end + 1


def _sort_of(line: str) -> str:
    """What a line is one of, by how it begins; empty for a person's."""
    return next((sort for sort, pattern in _SORTS if pattern.match(line)), "")


def _line_end(text: str, start: int, last: int) -> int:
    end = text.find("\n", start, last)
    return last if end < 0 else end
