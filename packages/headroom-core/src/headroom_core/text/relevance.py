"""Which units of a text a question is about: BM25 over words, parts of identifiers, and literal pieces.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with their usual constants.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

K1 = 1.2  # how soon more of the same word adds nothing
B = 0.75  # how much a long unit's words count less

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_ASCII_WORD = re.compile(r"\w+")  # the same, for a text that has no others
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W_A-Za-z0-9]+")  # of getHTTPStatus or retry_count
_LITERAL = re.compile(r"[0-9]|\w\W+\w|\w_\w")  # what makes a piece of a question worth looking for as it stands


def rank(query: str, units: Sequence[str]) -> list[tuple[int, float]]:
    """The units that share something with the query, best first, as (index from 0, score). Equals keep their order.

    Words count by their English stem, identifiers also by their parts. The query itself, and pieces of it that look
    like an id, a path or a number, are also looked for letter for letter (case aside), within words too.
    """
    whole = "\n".join(units).lower()
    terms, literals = _Terms(query), [literal for literal in _literals(query) if literal in whole]
    cut = [(_ASCII_WORD if unit.isascii() else _WORD).findall(unit) for unit in units]
    telling = terms.within(set(chain.from_iterable(cut)))
    found: list[dict[str, int]] = []
    for unit, words in zip(units, cut, strict=True):
        counts: dict[str, int] = {}
        if not telling.keys().isdisjoint(words):
            for word in words:
                for term in telling.get(word, ()):
                    counts[term] = counts.get(term, 0) + 1
        if literals:
            lowered = unit.lower()
            for literal in literals:
                if times := lowered.count(literal):
                    counts[literal] = counts.get(literal, 0) + times
        found.append(counts)
    spread = Counter(term for counts in found for term in counts)
    weights = {term: math.log(1 + (len(units) - n + 0.5) / (n + 0.5)) for term, n in spread.items()}
    average = sum(map(len, cut)) / max(1, len(units)) or 1.0
    scores = []
    for index, counts in enumerate(found):
        if counts:
            damped = K1 * (1 - B + B * len(cut[index]) / average)
            score = math.fsum(weights[term] * n * (K1 + 1) / (n + damped) for term, n in counts.items())
            scores.append((index, score))
    return sorted(scores, key=lambda scored: -scored[1])


class _Terms:
    """The query's words, as what tells them in other words."""

    def __init__(self, query: str) -> None:
        import Stemmer

        self._stem = Stemmer.Stemmer("english").stemWord
        self._wanted = dict.fromkeys(term for word in _WORD.findall(query) for term in self._of(word))
        self._openings = {opening for term in self._wanted for opening in _openings(term)}

    def within(self, words: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Those of the words that hold terms of the query, and which."""
        telling = {}
        for word in words:
            if word[:2] in self._openings or not _is_plain(word):
                terms = tuple(term for term in self._of(word) if term in self._wanted)
                if terms:
                    telling[word] = terms
        return telling

    def _of(self, word: str) -> tuple[str, ...]:
        if _is_plain(word):
            return (self._stem(word.lower()),)
        return tuple(dict.fromkeys(self._stem(part.lower()) for part in (word, *_PART.findall(word))))


def _is_plain(word: str) -> bool:
    """Whether it is a word that has no parts."""
    if not word.isascii():
        return False
    return word.isdigit() or (word.isalpha() and (word.islower() or word.isupper() or word[1:].islower()))


def _openings(stem: str) -> Iterator[str]:
    """How plain words with this stem begin: the stem of `dying` is `die`, that of `skies` is `sky`."""
    for opening in {stem[:2], stem[:2].replace("i", "y"), stem[:2].replace("y", "i")}:
        yield from (opening, opening.capitalize(), opening.upper())


def _literals(query: str) -> list[str]:
    pieces = [query.strip(), *(piece.strip(".,;:!?()[]{}\"'`") for piece in query.split())]
    return [piece for piece in dict.fromkeys(piece.lower() for piece in pieces) if _LITERAL.search(piece)]
