"""Which units of a text a question is about: BM25 over words, parts of identifiers, and literal pieces.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with their usual constants.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

K1 = 1.2  # how soon more of the same word adds nothing
B = 0.75  # how much a long unit's words count less

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W_A-Za-z0-9]+")  # of getHTTPStatus or retry_count
_LITERAL = re.compile(r"[0-9]|\w\W+\w|\w_\w")  # what makes a piece of a question worth looking for as it stands


def rank(query: str, units: Sequence[str]) -> list[tuple[int, float]]:
    """The units that share something with the query, best first, as (index from 0, score). Equals keep their order.

    Words count by their English stem, identifiers also by their parts. The query itself, and pieces of it that look
    like an id, a path or a number, are also looked for letter for letter (case aside), within words too.
    """
    words, literals = _terms(query)
    lengths: list[int] = []
    found: list[Counter[str]] = []
    for unit in units:
        in_unit = _WORD.findall(unit)
        lengths.append(len(in_unit))
        counts = Counter(term for word in in_unit for term in words[word])
        if literals:
            lowered = unit.lower()
            counts.update({literal: times for literal in literals if (times := lowered.count(literal))})
        found.append(counts)
    spread = Counter(term for counts in found for term in counts)
    weights = {term: math.log(1 + (len(units) - n + 0.5) / (n + 0.5)) for term, n in spread.items()}
    average = sum(lengths) / max(1, len(units)) or 1.0
    scores = []
    for index, counts in enumerate(found):
        if counts:
            damped = K1 * (1 - B + B * lengths[index] / average)
            score = math.fsum(weights[term] * n * (K1 + 1) / (n + damped) for term, n in counts.items())
            scores.append((index, score))
    return sorted(scores, key=lambda scored: -scored[1])


class _Hits(dict[str, tuple[str, ...]]):
    """Which of the query's terms a word holds; each word is looked at once."""

    def __init__(self) -> None:
        super().__init__()
        import Stemmer

        self._stem = Stemmer.Stemmer("english").stemWord
        self.wanted: dict[str, None] | None = None  # None: all, while the query is read

    def __missing__(self, word: str) -> tuple[str, ...]:
        parts = [word, *_PART.findall(word)]
        terms = dict.fromkeys(str(self._stem(part.lower())) for part in parts)
        hits = self[word] = tuple(term for term in terms if self.wanted is None or term in self.wanted)
        return hits


def _terms(query: str) -> tuple[_Hits, list[str]]:
    """The query's words, as what tells them in other words, and its literal pieces."""
    hits = _Hits()
    wanted = dict.fromkeys(term for word in _WORD.findall(query) for term in hits[word])
    hits.clear()
    hits.wanted = wanted
    pieces = [query.strip(), *(piece.strip(".,;:!?()[]{}\"'`") for piece in query.split())]
    literals = [piece for piece in dict.fromkeys(piece.lower() for piece in pieces) if _LITERAL.search(piece)]
    return hits, literals
