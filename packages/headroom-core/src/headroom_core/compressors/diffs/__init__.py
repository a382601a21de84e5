"""Diffs: what `diff -u`, `git diff`, `git show` and `git log -p` print.

`reading` finds heads and hunks, `notation` spells them shorter and back (`heads`), `folding` shows less around the
changes and of what came before (`repeats`), `files` knows which files nobody reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from headroom_core.compressors.diffs.claims import claim
from headroom_core.compressors.diffs.folding import Fold, Short, folded
from headroom_core.compressors.diffs.notation import decode, encode
from headroom_core.compressors.diffs.reading import Head, Hunk, Patch, read
from headroom_core.types import Fidelity, Guidance, Level, Region, View

WORTH = 0.95  # of the equivalent form's tokens, at most, for which facts may be left out
HEADS_WEIGH = 2.0  # how many more tokens heads and headers take than bodies of as many characters: hashes, numbers

FOLDS = (Fold(2, 2), Fold(1, 1), Fold(1, 0), Fold(0, 0), Fold(0, 0, 11), Fold(0, 0, 8), Fold(0, 0, 6), Fold(0, 0, 3))
"""From little to much that is left out. Up to the fourth every changed line is shown."""


@dataclass(frozen=True, slots=True)
class Diffs:
    """Says heads and hunks shorter; over the budget, shows the changed lines and less around them."""

    budgets: Mapping[Level, int] = field(default_factory=lambda: {"light": 8_000, "balanced": 1_500, "strong": 800})
    """Tokens up to which nothing is left out per level, where the guidance names no budget."""

    folds: Mapping[Level, int] = field(default_factory=lambda: {"light": 0, "balanced": 2, "strong": 4})
    """Where in `FOLDS` a level begins. With a budget from the guidance, harder ones are tried until it is met."""

    @property
    def kind(self) -> str:
        """The name of the kind."""
        return "diff"

    def claim(self, text: str) -> float:
        """Near 1 where hunks and heads of files make up at least half of the lines."""
        return claim(text)

    def compress(self, text: str, guidance: Guidance) -> View:
        """Heads and hunks shorter; over the budget also less around the changes, and lock files by their names."""
        crlf = text.endswith("\r\n") and text.count("\r\n") == text.count("\n")
        patch = read(text.replace("\r\n", "\n") if crlf else text, guidance.tick)
        if not any(isinstance(part, Hunk) for part in patch.parts):
            return View.verbatim(text)
        short = None
        if guidance.may_elide and (least := _least(patch, text, guidance)) > self._budget(guidance):
            short = self._folded(patch, guidance)
            if _is_worth_it(short, least, guidance):  # so it is, whatever the equivalent form would have been
                return View((Region(text, short.shown, Fidelity.ELIDED, short.hidden),))
        shown = encode(patch, newline=text.endswith("\n"), crlf=crlf, tick=guidance.tick)
        equivalent = Region(text, shown, Fidelity.EQUIVALENT) if len(shown) < len(text) else Region.verbatim(text)
        if not guidance.may_elide or (tokens := guidance.count(equivalent.shown)) <= self._budget(guidance):
            return View((equivalent,))
        short = short or self._folded(patch, guidance)
        if not _is_worth_it(short, tokens, guidance):
            return View((equivalent,))
        return View((Region(text, short.shown, Fidelity.ELIDED, short.hidden),))

    def rebuilds(self, source: str, shown: str) -> bool:
        """Whether the lines of the source follow from what is shown, letter for letter."""
        return decode(shown) == source

    def _budget(self, guidance: Guidance) -> int:
        return self.budgets[guidance.level] if guidance.budget is None else guidance.budget

    def _folded(self, patch: Patch, guidance: Guidance) -> Short:
        start = self.folds[guidance.level]
        short = folded(patch, FOLDS[start], guidance.tick)
        for fold in FOLDS[start + 1 :]:
            if guidance.budget is None or guidance.count(short.shown) <= guidance.budget:
                break
            short = folded(patch, fold, guidance.tick)
        return short


def _least(patch: Patch, text: str, guidance: Guidance) -> int:
    """Tokens that the equivalent form takes at least, about: it says nothing shorter but heads and headers."""
    heads = 0
    for part in patch.parts:
        end = part.start + 1 if isinstance(part, Hunk) else part.end if isinstance(part, Head) else part.start
        heads += sum(map(len, patch.lines[part.start : end]))
    return int(guidance.count(text) * (1 - HEADS_WEIGH * heads / len(text)))


def _is_worth_it(short: Short, tokens: int, guidance: Guidance) -> bool:
    """Whether the folded diff is shorter than a form of so many tokens."""
    return bool(short.hidden.ranges) and guidance.count(short.shown) <= WORTH * tokens
