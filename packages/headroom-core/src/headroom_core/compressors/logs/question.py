"""Lines that the question asks for: those that hold its rare words, then those of the patterns that it is about."""

from __future__ import annotations

import re

from headroom_core.compressors.logs.mining import Masked, Table
from headroom_core.text.asked import ASKING
from headroom_core.text.relevance import rank

_WORD = re.compile(r"[\w.:/@#-]*\w", re.ASCII)
_TERM = re.compile(r"[^\W\d_]{4,}|[^\W\d_\x00-\x7f]+")
_ASKING = ASKING | frozenset(["whose", "were", "been", "about", "give", "list", "should", "many", "much", "some"])
_STEM_CHARS = 4  # that a word of the question and one of a line share at least, where they are forms of one word
_QUESTION_CHARS = 4_000  # looked at, from its end
_LINE_CHARS = 1_000  # of a line
_MOST_WORDS = 24
_LEAST_CHARS = 4  # shorter words stand everywhere; numbers of two digits or more are taken
_MOST_LINES = 12  # a word of more lines doesn't point at any
_MOST_PATTERNS = 300  # weighed against the question, those of fewest lines first
_CLOSE_PATTERNS = 4  # shown, one line each


def asked_lines(masked: Masked, tables: list[Table], question: str) -> list[int]:
    """Numbers of lines, counted from 0, that hold rare words of the question, the rarest first; then close patterns."""
    question = question[-_QUESTION_CHARS:]
    return list(dict.fromkeys([*_holding(masked.text, question), *_close(masked.lines, tables, question)]))


def _holding(text: str, question: str) -> list[int]:
    words = list(dict.fromkeys(word for word in _WORD.findall(question.lower()) if _points(word)))[:_MOST_WORDS]
    lowered = text.lower() if words else ""
    found = sorted((places for word in words if (places := _places(lowered, word))), key=len)
    return [line for places in found for line in places]


def _points(word: str) -> bool:
    return (len(word) >= _LEAST_CHARS and word not in _ASKING) or (len(word) > 1 and word.isdigit())


def _places(text: str, word: str) -> list[int]:
    """Lines that hold the word, none when they are many."""
    places: list[int] = []
    line = start = 0
    while (at := text.find(word, start)) >= 0:
        line += text.count("\n", start, at)
        places.append(line)
        if len(places) > _MOST_LINES:
            return []
        start = text.find("\n", at) + 1
        if not start:
            break
        line += 1
    return places


def _close(lines: list[str], tables: list[Table], question: str) -> list[int]:
    """The first lines of the patterns whose words are nearest to the question's."""
    stems = {term[:_STEM_CHARS] for term in _TERM.findall(question.lower()) if term not in _ASKING}
    if not stems:
        return []
    near = re.compile("|".join(map(re.escape, sorted(stems))))
    few = sorted(tables, key=lambda table: (len(table.lines), table.lines[0]))[:_MOST_PATTERNS]
    few = [table for table in few if near.search(lines[table.lines[0]][:_LINE_CHARS].lower())]
    ranked = rank(question, [lines[table.lines[0]][:_LINE_CHARS] for table in few])
    best = ranked[0][1] if ranked else 0.0
    return [few[at].lines[0] for at, score in ranked[:_CLOSE_PATTERNS] if score * 2 >= best]
