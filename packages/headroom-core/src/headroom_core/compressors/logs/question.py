"""Lines that the question asks for: those that hold its rare words, then those of the patterns that it is about."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

from headroom_core.compressors.logs.mining import Table
from headroom_core.text.relevance import rank

_WORD = re.compile(r"[\w.:/@#-]*\w", re.ASCII)
_QUESTION_CHARS = 4_000  # looked at, from its end
_MOST_WORDS = 24
_LEAST_CHARS = 4  # shorter words stand everywhere; numbers of two digits or more are taken
_MOST_LINES = 12  # a word of more lines doesn't point at any
_MOST_PATTERNS = 300  # weighed against the question, those of fewest lines first
_CLOSE_PATTERNS = 4  # shown, one line each


def asked_lines(lines: list[str], tables: list[Table], question: str) -> list[int]:
    """Numbers of lines, counted from 0, that hold rare words of the question, the rarest first; then close patterns."""
    question = question[-_QUESTION_CHARS:]
    if not question.strip():
        return []
    return list(dict.fromkeys([*_holding(lines, question), *_close(lines, tables, question)]))


def _holding(lines: list[str], question: str) -> list[int]:
    words = list(dict.fromkeys(word.lower() for word in _WORD.findall(question) if _points(word)))[:_MOST_WORDS]
    if not words:
        return []
    text = "\n".join(lines).lower()
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    if len(text) + 1 != starts[-1]:  # letters whose lower case is longer: places would shift
        text = "\n".join(lines)
    found = sorted((places for word in words if (places := _places(text, word, starts))), key=len)
    return [line for places in found for line in places]


def _points(word: str) -> bool:
    return len(word) >= _LEAST_CHARS or (len(word) > 1 and word.isdigit())


def _places(text: str, word: str, starts: list[int]) -> list[int]:
    """Lines that hold the word, none when they are many."""
    places: list[int] = []
    at = text.find(word)
    while at >= 0:
        line = bisect_right(starts, at) - 1
        places.append(line)
        if len(places) > _MOST_LINES:
            return []
        at = text.find(word, starts[line + 1])
    return places


def _close(lines: list[str], tables: list[Table], question: str) -> list[int]:
    """The first lines of the patterns whose words are nearest to the question's."""
    few = sorted(tables, key=lambda table: (len(table.lines), table.lines[0]))[:_MOST_PATTERNS]
    ranked = rank(question, [lines[table.lines[0]][:_QUESTION_CHARS] for table in few])
    best = ranked[0][1] if ranked else 0.0
    return [few[at].lines[0] for at, score in ranked[:_CLOSE_PATTERNS] if score * 2 >= best]
