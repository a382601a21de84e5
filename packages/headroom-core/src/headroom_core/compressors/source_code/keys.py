"""Rows that tell most of what is hidden: what goes wrong there, notes for whoever comes next, definitions.

Words are looked for in the whole code at once, which is a hundred times faster than looking at every line.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from headroom_core.compressors.source_code.languages import Language

NOTES = ("TODO", "FIXME", "XXX", "HACK")  # what people leave in comments for whoever comes next
CONTRACT = ("raise", "throw", "eprecated", "WARNING")  # of a doc, on what else its reader must know

_COMMENTED = re.compile(r"\s*(?://|\*|/\*|#|--)")


def rows_with(words: Iterable[str], code: str, starts: Sequence[int]) -> set[int]:
    """Rows that hold one of the words; `starts` are the places where rows begin, and the length of the code."""
    return {row for word in words for row in _rows_of(word, code, starts)}


def _rows_of(word: str, code: str, starts: Sequence[int]) -> Iterator[int]:
    at = code.find(word)
    while at >= 0:
        row = bisect_right(starts, at) - 1
        yield row
        at = code.find(word, starts[row + 1])


def telling_rows(language: Language, code: str, lines: Sequence[str], starts: Sequence[int]) -> set[int]:
    """Rows of a body that are worth saying besides notes."""
    errors = re.compile(
        "|".join(rf"(?<![\w.]){re.escape(word)}" if word[0].isalpha() else re.escape(word) for word in language.errors)
    )
    failing = {
        row
        for row in rows_with(language.errors, code, starts)
        if errors.search(lines[row]) and not _COMMENTED.match(lines[row])
    }
    defining = {
        row
        for row in rows_with(language.definitions, code, starts)
        if lines[row].lstrip().startswith(language.definitions)
    }
    return failing | defining
