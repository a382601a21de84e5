"""Prose and documents: whole sentences that the question is about, or an outline; what repeats is said once.

`claims` tells prose from other texts, `reading` cuts it into units, `asked` reads the question, `choosing` picks,
`drawing` spells the result; `repeats` is the equivalent form.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from headroom_core.compressors.prose.asked import asked_words
from headroom_core.compressors.prose.choosing import (
    ANSWERS,
    OUTLINES,
    TIGHTER,
    Document,
    Score,
    answering,
    outlined,
    scores,
)
from headroom_core.compressors.prose.claims import claim
from headroom_core.compressors.prose.drawing import draw
from headroom_core.compressors.prose.reading import read_units
from headroom_core.compressors.prose.repeats import lengthen, shorten
from headroom_core.compressors.prose.together import Choice, chosen
from headroom_core.text.remembered import Remembered, hash_of
from headroom_core.text.rows import rows_of
from headroom_core.types import Fidelity, Guidance, Region, Scorer, View

MARKER_TOKENS = 36  # what the marker takes, about
MOST_CHARS = 400_000  # of all texts that were retrieved together; of more, each is shown as it is alone
QUESTIONS = 8  # whose choices are remembered: each of the texts asks once
LEAST_SAVED = 200  # tokens, marker counted: for less, no tool that gives facts back is worth its schema


@dataclass(frozen=True, slots=True)
class Prose:
    """Shows sentences whole, or not at all. The last in the table: it claims every text a little."""

    scorer: Scorer | None = None  # a second opinion on what a sentence has to do with the question
    least_tokens: int = 400  # of a text; a smaller one is shown whole
    _chosen: Remembered[bytes, Choice] = field(
        default_factory=lambda: Remembered(QUESTIONS), init=False, repr=False, compare=False
    )

    @property
    def kind(self) -> str:
        """The name of the kind."""
        return "text"

    @property
    def _score(self) -> Score | None:
        return None if self.scorer is None else self.scorer.score

    def claim(self, text: str) -> float:
        """How much the text reads like sentences; at least enough to be asked for repeats."""
        return claim(text)

    def compress(self, text: str, guidance: Guidance) -> View:
        """One region: what is left of the text; or what repeats, said once; or the text as it came."""
        if guidance.may_elide:
            region = self._elided(text, guidance)
            if region is not None:
                return View((region,))
        if guidance.first_line > 1:  # a reader would look for the lines that are named in the whole
            return View.verbatim(text)
        shown = shorten(text, guidance.tick)
        return View.verbatim(text) if shown is None else View((Region(text, shown, Fidelity.EQUIVALENT),))

    def rebuilds(self, source: str, shown: str) -> bool:
        """Whether the repeats, put back, give the source."""
        return lengthen(shown) == source

    def _elided(self, text: str, guidance: Guidance) -> Region | None:
        together = guidance.budget is None and len(guidance.beside) > 1 and text in guidance.beside
        if together and sum(map(len, guidance.beside)) <= MOST_CHARS:
            return self._one_of_many(text, guidance)
        tokens = guidance.count(text)
        if tokens <= (self.least_tokens if guidance.budget is None else guidance.budget) or rows_of(text):
            return None
        document = Document(text, read_units(text, guidance.tick), guidance.tick)
        best: Region | None = None
        for kept in self._choices(document, guidance, tokens):
            drawn = draw(text, document.units, kept, guidance.first_line)
            if drawn is None:
                continue
            taken = guidance.count(drawn.shown) + MARKER_TOKENS
            if tokens - taken >= (LEAST_SAVED if guidance.budget is None else 1):
                best = Region(text, drawn.shown, Fidelity.ELIDED, drawn.hidden)
            if guidance.budget is None or taken <= guidance.budget:
                break
        return best

    def _one_of_many(self, text: str, guidance: Guidance) -> Region | None:
        """What is shown of a text that was retrieved with others. Whether it is worth it, all of them say together."""
        words = asked_words(guidance.question, guidance.origin)
        if not words or rows_of(text):
            return None
        tokens = guidance.count("".join(guidance.beside))
        if tokens <= self.least_tokens:
            return None
        digest = hash_of((words, guidance.level, str(tokens), *guidance.beside)).digest()
        choice = self._chosen.get(digest)
        if choice is None:
            choice = chosen(guidance.beside, words, ANSWERS[guidance.level], tokens, self._score)
            self._chosen.put(digest, choice)
        if not choice:
            return None
        units = read_units(text, guidance.tick)
        own = choice[guidance.beside.index(text)]  # the first of equal texts: same in, same out
        drawn = draw(text, units, own, guidance.first_line)
        return None if drawn is None else Region(text, drawn.shown, Fidelity.ELIDED, drawn.hidden)

    def _choices(self, document: Document, guidance: Guidance, tokens: int) -> Iterator[list[bool]]:
        """What may be shown, in the order in which it is tried: the next where the one before is over the budget."""
        words = asked_words(guidance.question, guidance.origin)
        if not words:
            yield outlined(document, OUTLINES[guidance.level])
            if guidance.budget is not None:
                yield from (outlined(document, outline) for outline in (OUTLINES["strong"], *TIGHTER))
            return
        found = scores(document, words, self._score)
        if not any(found):
            return
        answer = ANSWERS[guidance.level]
        if guidance.budget is not None:
            room = max(0, guidance.budget - MARKER_TOKENS)
            answer = replace(answer, share=1.0, most=room, least=min(answer.least, room))
        for _ in range(4):
            yield answering(document, found, answer, tokens)
            answer = replace(answer, most=answer.most * 3 // 4, least=answer.least * 3 // 4)
