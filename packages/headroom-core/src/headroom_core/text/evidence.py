"""Which rows a reader would miss most: errors, outliers, rare values, changes, and what the question is about.

Every reason adds to a row's score. What is ordinary scores nothing and is shown only as an even sample.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from headroom_core.text.asked import ASKING
from headroom_core.text.relevance import rank

FIRST, LAST = 3, 2  # rows that are shown whatever they hold
MIN_SAMPLE = 5  # values; in fewer nothing is rare or far out
RARE_SHARE = 0.02  # of the rows: a value that fewer have is rare
HUGE = 1e150  # numbers beyond it, and NaN, have no deviation to speak of
OUTLIERS = 3  # the most extreme of a column
MANY_RARE = 5  # rows with a rare value in one column; the more there are, the less each tells
MATCHES = 20  # rows that answer the question best
COMMON_SHARE = 0.15  # of the rows: a word that more of them hold marks nothing

# How sure it is that a reader would miss a row for this reason alone, and what is left of that once another row is
# shown for the same reason.
_QUESTION, _ERROR, _OUTLIER, RARE, _EXTREME, _CHANGE = 0.95, 0.9, 0.8, 0.7, 0.2, 0.15
_FADES = {_QUESTION: 1.0, _ERROR: 0.95, _OUTLIER: 0.7, RARE: 0.4, _EXTREME: 0.0, _CHANGE: 0.8}
_INNER_SHARE = 0.7  # of the chance of an object inside the row
_FURTHER = 0.1  # what a row's other reasons add to its best

_ASKING = ASKING | {"give", "list", "read", "their", "was", "were", "will"}  # a row that holds one answers nothing

_TROUBLE = re.compile(
    r"\b(?:error|errors|fail|failed|failure|fails|fatal|critical|exception|traceback|panic|denied|refused|rejected"
    r"|timeout|timed.out|invalid|unable|cannot|abort|aborted|crash|crashed|corrupt|corrupted|unauthorized|forbidden"
    r"|unhealthy|down|overdue|blocked|warning|missing|not.found|cancelled|canceled)\b"
).search


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of numbers: each with the row that it stands in, counted from 0."""

    rows: list[int]
    values: list[float]
    lexemes: list[str]


class Evidence:
    """Why rows should be shown: for each row its reasons, each a chance and what it is about."""

    def __init__(self) -> None:
        self._reasons: dict[int, list[tuple[float, int]]] = {}
        self._fades: list[float] = []  # of each topic

    def topic(self, chance: float) -> int:
        """Something for which one row may do as well as another."""
        self._fades.append(_FADES[chance])
        return len(self._fades) - 1

    def add(self, row: int, chance: float, topic: int) -> None:
        """A reason to show the row, counted from 0."""
        self._reasons.setdefault(row, []).append((chance, topic))

    def add_all(self, rows: Iterable[int], chance: float) -> None:
        """One reason to show any of the rows, counted from 0."""
        topic = self.topic(chance)
        for row in rows:
            self.add(row, chance, topic)

    def take_in(self, other: Evidence, rows: Sequence[int]) -> None:
        """The reasons of objects inside rows, as weaker reasons for the rows. `rows` has each object's row."""
        first = len(self._fades)
        self._fades.extend(other._fades)
        for inner, reasons in other._reasons.items():
            for chance, topic in reasons:
                self.add(rows[inner], chance * _INNER_SHARE, topic + first)

    def follow(self, other: Evidence, first: int) -> None:
        """The reasons of another table's rows, the first of which is `first` here."""
        topics = len(self._fades)
        self._fades.extend(other._fades)
        for row, reasons in other._reasons.items():
            for chance, topic in reasons:
                self.add(row + first, chance, topic + topics)

    def scores(self, count: int) -> list[float]:
        """For each of `count` rows its best chance; 0 for the ordinary."""
        return [max((chance for chance, _ in self._reasons.get(row, ())), default=0.0) for row in range(count)]

    def ranking(self) -> list[int]:
        """The rows that have a reason, in the order in which each adds most to those before it."""
        return [row for row, _ in self.ranked()]

    def ranked(self) -> list[tuple[int, float]]:
        """The rows of the `ranking`, and what each adds: less from row to row."""
        shown = [0] * len(self._fades)
        alike: dict[tuple[tuple[float, int], ...], list[int]] = {}  # rows of the same reasons, the last first
        for row in sorted(self._reasons, reverse=True):
            alike.setdefault(tuple(self._reasons[row]), []).append(row)
        queue = [(-self._worth(reasons, shown), rows[-1], reasons) for reasons, rows in alike.items()]
        heapq.heapify(queue)
        ranked: list[tuple[int, float]] = []
        while queue:
            before, row, reasons = heapq.heappop(queue)
            now = -self._worth(reasons, shown)
            if now > before and queue and (now, row) > queue[0][:2]:
                heapq.heappush(queue, (now, row, reasons))
                continue
            ranked.append((alike[reasons].pop(), -now))
            for _, topic in reasons:
                shown[topic] += 1
            if alike[reasons]:
                heapq.heappush(queue, (now, alike[reasons][-1], reasons))
        return ranked

    def _worth(self, reasons: Sequence[tuple[float, int]], shown: list[int]) -> float:
        left = sorted((chance * self._fades[topic] ** shown[topic] for chance, topic in reasons), reverse=True)
        others = 1.0
        for chance in left[1:]:
            others *= 1 - chance
        return left[0] + _FURTHER * (1 - others)


def add_trouble(lines: Sequence[str], evidence: Evidence) -> None:
    """Lines that say that something went wrong, where not all do."""
    hits = [number for number, line in enumerate(lines) if _TROUBLE(line.lower())]
    if len(hits) <= COMMON_SHARE * len(lines) + 1:
        evidence.add_all(hits, _ERROR)


def add_matches(question: str, units: Sequence[str], evidence: Evidence) -> None:
    """The rows that answer the question best, by the words of it that are about something."""
    told = " ".join(word for word in question.split() if word.strip(".,;:!?\"'()").lower() not in _ASKING)
    topic = evidence.topic(_QUESTION)
    matches = rank(told, units)[:MATCHES] if told else []
    for number, score in matches:
        evidence.add(number, _QUESTION * score / matches[0][1], topic)


def add_outliers(numbers: Numbers, evidence: Evidence) -> None:
    """Beyond three standard deviations, or three times the spread of the middle half: the most extreme of them."""
    values, count = numbers.values, len(numbers.values)
    ordered = sorted(values)
    if ordered[0] == ordered[-1]:
        return
    mean = sum(values) / count
    deviation = (sum((value - mean) ** 2 for value in values) / count) ** 0.5
    low, middle, high = ordered[count // 4], ordered[count // 2], ordered[3 * count // 4]
    spread = high - low
    for at in (values.index(ordered[0]), values.index(ordered[-1])):
        evidence.add(numbers.rows[at], _EXTREME, evidence.topic(_EXTREME))
    far = []
    for value, row in zip(values, numbers.rows, strict=True):
        beyond = max(low - value, value - high)
        if abs(value - mean) > 3 * deviation or (spread and beyond > 3 * spread):
            far.append((abs(value - middle), -row))
    topic = evidence.topic(_OUTLIER)
    for at, (_, row) in enumerate(sorted(far, reverse=True)[:OUTLIERS]):
        evidence.add(-row, _OUTLIER * _FADES[_OUTLIER] ** at, topic)


def add_rare(rows: Sequence[int], texts: Sequence[str], seen: Counter[str], evidence: Evidence) -> None:
    """Values that few rows have, and rows at which a column that seldom changes does. `seen` counts the values."""
    total = sum(seen.values())
    most = max(1, int(RARE_SHARE * total))
    rare = {value: evidence.topic(RARE) for value, times in seen.items() if times <= most}
    if rare and len(rare) < len(seen):
        hits = [(row, text) for row, text in zip(rows, texts, strict=True) if text in rare]
        chance = RARE * min(1.0, MANY_RARE / len(hits))
        for row, text in hits:
            evidence.add(row, chance, rare[text])
    changes = [at for at in range(1, len(texts)) if texts[at] != texts[at - 1]]
    if 10 * len(changes) <= len(texts):
        evidence.add_all((rows[at] for at in changes), _CHANGE)


def evenly(count: int) -> Iterator[int]:
    """All numbers below `count`, the middle first, then the quarters, the eighths: even wherever one stops."""
    parts, seen = 2, bytearray(count)
    while parts < 2 * count:
        for part in range(1, parts, 2):
            number = part * count // parts
            if not seen[number]:
                seen[number] = 1
                yield number
        parts *= 2
    yield from (number for number in range(count) if not seen[number])
