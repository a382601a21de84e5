"""Which units of a document are shown: those that the question is about, or, without one, its outline.

The question's words find units by BM25; a unit beside a good one counts more, and what stands far under the best isn't
shown. Without a question nothing says which sentence matters, and choosing by position is as good as any score: so
only what repeats, goes on or lists is left out, and never a heading, a number, a warning or a negation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from headroom_core.compressors.prose.reading import LONG_CODE, Role, Unit
from headroom_core.text.relevance import rank
from headroom_core.types import Level

Score = Callable[[str, Sequence[str]], Sequence[float]]  # that of a `Scorer`

NEIGHBOUR = 0.35  # of the better neighbour's score, that a unit has besides its own
HEADS = (Role.HEADING, Role.LABEL)
REPEATABLE = (Role.TEXT, Role.ITEM, Role.CODE)  # what is said once; a heading heads each time
SAME_BYTES = 60  # of a unit that is: shorter ones answer, or list, each for itself
GAP_TOKENS = 5  # that the sign of a gap takes, about
TICK_UNITS = 256  # between two looks at the clock


@dataclass(frozen=True, slots=True)
class Outline:
    """What an outline shows of the parts of a document."""

    sentences: int  # of a paragraph or an item, from its beginning
    items: int  # of a list
    code_chars: int  # of a block of code, that is shown whole or not at all; of one that was cut, both ends
    numbers: bool = True  # sentences with a number too
    warnings: bool = True  # sentences that warn or deny too


@dataclass(frozen=True, slots=True)
class Answer:
    """How much of a document is shown that a question was asked about."""

    share: float  # of the document, at most
    least: int  # tokens that are shown in any case, most telling first
    most: int  # tokens, whatever the share
    cut: float  # of the best score: what scores less isn't shown beyond `least`


OUTLINES: Mapping[Level, Outline] = {
    "light": Outline(sentences=2, items=12, code_chars=LONG_CODE),
    "balanced": Outline(sentences=1, items=5, code_chars=LONG_CODE),
    "strong": Outline(sentences=1, items=1, code_chars=800),
}
TIGHTER = (  # for a budget that even the strong one is over
    Outline(sentences=1, items=1, code_chars=400, numbers=False),
    Outline(sentences=1, items=1, code_chars=0, numbers=False, warnings=False),
    Outline(sentences=0, items=0, code_chars=0, numbers=False, warnings=False),
)
ANSWERS: Mapping[Level, Answer] = {
    "light": Answer(share=0.5, least=400, most=12_000, cut=0.15),
    "balanced": Answer(share=0.25, least=250, most=4_000, cut=0.25),
    "strong": Answer(share=0.12, least=120, most=1_500, cut=0.4),
}

_NUMBER = re.compile(r"[0-9](?:\.[0-9]|(?<![\w.#/-].)[0-9]*(?:[.,][0-9]+)*(?![\w/]))")  # no part of a name
_WARNINGS = (  # faster than one expression of them all, and short enough to be found in their longer forms
    *(" not ", "n't ", "n’t ", "never", " no ", " nor ", "cannot", "without", "unless", " must", " only ", "except"),
    *("warn", "error", "fail", "caution", "danger", "deprecat", "panic", "crash"),
)
_WORD = re.compile(r"\w+")
_BLANKED = {code: " " for code in range(128) if not _WORD.match(chr(code))}  # the same for ASCII, three times as fast


@dataclass(frozen=True, slots=True)
class Document:
    """A text, cut."""

    text: str
    units: Sequence[Unit]
    tick: Callable[[], None]

    def of(self, unit: Unit) -> str:
        """The letters of a unit."""
        return self.text[unit.start : unit.end]


def outlined(document: Document, outline: Outline) -> list[bool]:
    """Which units an outline shows."""
    kept: list[bool] = []
    seen: set[str] = set()
    items = 0
    for number, (_, group) in enumerate(groupby(document.units, key=lambda unit: unit.block)):
        if number % TICK_UNITS == 0:
            document.tick()
        units = list(group)
        items = items + 1 if units[-1].role is Role.ITEM else 0
        for at, unit in enumerate(units):
            if unit.role is Role.CODE:
                fits = unit.end - unit.start <= outline.code_chars
                shown = fits if len(units) == 1 else fits and at in (0, len(units) - 1)
            elif unit.role in (Role.TEXT, Role.ITEM):
                leads = at < outline.sentences and items <= outline.items
                shown = leads or _must_stay(document.of(unit), outline)
            else:
                shown = True
            kept.append(shown and not (unit.role in REPEATABLE and _seen(document.of(unit), seen)))
    return kept


def _must_stay(sentence: str, outline: Outline) -> bool:
    """Whether it holds what an outline shows wherever it stands."""
    if outline.numbers and _NUMBER.search(sentence):
        return True
    lowered = f" {' '.join(sentence.lower().split())} "
    return outline.warnings and any(map(lowered.__contains__, _WARNINGS))


def scores(document: Document, words: str, score: Score | None) -> list[float]:
    """How much each unit has to do with the words; all 0 where none of them is there and no scorer says otherwise."""
    texts = [document.of(unit) for unit in document.units]
    found = [0.0] * len(texts)
    for index, own in rank(words, texts):
        found[index] = own
    if score is not None:
        given = score(words, texts)
        if len(given) != len(texts):
            raise ValueError(f"the scorer gave {len(given)} scores for {len(texts)} sentences")
        best, most = max(found, default=0.0), max(given, default=0.0)
        found = [
            own / (best or 1) + max(0.0, other) / (most if most > 0 else 1)
            for own, other in zip(found, given, strict=True)
        ]
    return [own + NEIGHBOUR * max(_beside(document.units, found, at)) for at, own in enumerate(found)]


def _beside(units: Sequence[Unit], found: Sequence[float], at: int) -> Iterator[float]:
    """The scores of the neighbours that belong to a unit: a heading has nothing to do with what is before it."""
    yield 0.0
    if at > 0 and units[at].role not in HEADS:
        yield found[at - 1]
    if at + 1 < len(units) and units[at + 1].role not in HEADS:
        yield found[at + 1]


def answering(document: Document, found: Sequence[float], answer: Answer, tokens: int) -> list[bool]:
    """Which units are shown of a document of so many tokens, whose units have these scores."""
    per_char = tokens / max(1, len(document.text))
    units = document.units
    kept = [unit.role is Role.LABEL or (unit.role is Role.HEADING and not at) for at, unit in enumerate(units)]
    heads = list(_heads(units))
    seen: set[str] = set()
    room = max(answer.least, min(answer.share * tokens, answer.most))
    spare = room - answer.least  # once no more than that is left, only what is close to the best is taken
    best = max(found, default=0.0)
    for number, index in enumerate(sorted(range(len(units)), key=lambda index: -found[index])):
        if number % TICK_UNITS == 0:
            document.tick()
        if found[index] <= 0 or (found[index] < answer.cut * best and room <= spare):
            break
        wanted = [each for each in (*heads[index], index) if not kept[each]]
        cost = per_char * sum(units[each].end - units[each].start for each in wanted)
        cost += GAP_TOKENS * (index > 0 and not kept[index - 1])
        if wanted and cost <= room and not _seen(document.of(units[index]), seen):
            room -= cost
            for each in wanted:
                kept[each] = True
    return kept


def _heads(units: Sequence[Unit]) -> Iterator[tuple[int, ...]]:
    """For each unit those without which it isn't understood: its heading, the head of its table."""
    heading: tuple[int, ...] = ()
    table: tuple[int, ...] = ()
    for index, unit in enumerate(units):
        if unit.role is not Role.ROW:
            table = ()
        elif len(table) < 2:
            table = (*table, index)
        if unit.role is Role.HEADING:
            heading = (index,)
        yield (*heading, *table)


def _seen(text: str, seen: set[str]) -> bool:
    """Whether the same words came before, however they were set."""
    if len(text) < SAME_BYTES and len(text.encode("utf-8", "surrogatepass")) < SAME_BYTES:
        return False
    lowered = text.lower()
    words = " ".join(lowered.translate(_BLANKED).split() if lowered.isascii() else _WORD.findall(lowered))
    known = words in seen
    seen.add(words)
    return known
