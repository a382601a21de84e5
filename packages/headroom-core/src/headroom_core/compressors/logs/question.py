"""Lines that hold the question's own words, where those words are rare enough to point at something."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

_WORD = re.compile(r"[\w.:/@#-]*\w", re.ASCII)
_MOST_WORDS = 24  # of a question
_LEAST_CHARS = 4  # shorter words stand everywhere; numbers of two digits or more are taken
_MOST_LINES = 12  # a word of more lines doesn't point at any


def asked_lines(lines: list[str], question: str) -> list[int]:
    """Numbers of lines, counted from 0, that hold rare words of the question: the rarest words first."""
    words = list(dict.fromkeys(word.lower() for word in _WORD.findall(question[-4_000:]) if _points(word)))[
        :_MOST_WORDS
    ]
    if not words:
        return []
    text = "\n".join(lines).lower()
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    if len(text) + 1 != starts[-1]:  # letters whose lower case is longer: places would shift
        text = "\n".join(lines)
    found = sorted((places for word in words if (places := _places(text, word, starts))), key=len)
    return list(dict.fromkeys(line for places in found for line in places))


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
