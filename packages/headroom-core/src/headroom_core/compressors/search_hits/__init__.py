"""Search hits: the output of grep, ripgrep, git grep and ag, with line numbers.

`reading` splits the lines (`colours` takes off what a terminal shows), `notation` spells them shorter and back,
`ranking` chooses where not all fit, `claims` tells search output from logs, compilers and prose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from headroom_core.compressors.search_hits.claims import claim
from headroom_core.compressors.search_hits.notation import decode, encode
from headroom_core.compressors.search_hits.ranking import Ranking, Short
from headroom_core.compressors.search_hits.reading import read
from headroom_core.text.lines import count_lines
from headroom_core.types import Fidelity, Guidance, Level, Region, View

WORTH = 0.8  # of the equivalent form's tokens, at most, for which facts may be left out
MORE = 0.02  # of the equivalent form's tokens, on top of a level's budget: what is worth keeping grows slowly
TRIES = 4  # sizes that are tried to meet the budget: characters are only an estimate of tokens


@dataclass(frozen=True, slots=True)
class SearchHits:
    """Says each path once, above its hits; over the budget it shows the hits that tell most and counts the others."""

    budgets: Mapping[Level, int] = field(default_factory=lambda: {"light": 11_500, "balanced": 4_600, "strong": 1_800})
    """Tokens that a view may take per level, where the guidance names none, and `MORE` for what is long."""

    @property
    def kind(self) -> str:
        """The name of the kind."""
        return "search"

    def claim(self, text: str) -> float:
        """Near 1 where most sampled lines read `path:14:text`, or `14:text` below a path."""
        return claim(text)

    def compress(self, text: str, guidance: Guidance) -> View:
        """The hits by file; over the budget the lines around them are left out, then hits, with counts."""
        listing = read(text, guidance.tick)
        if not any(isinstance(entry, tuple) for entry in listing.entries):
            return View.verbatim(text)
        shown = encode(listing, newline=text.endswith("\n"), tick=guidance.tick)
        equivalent = Region(text, shown, Fidelity.EQUIVALENT) if len(shown) < len(text) else Region.verbatim(text)
        if not guidance.may_elide:
            return View((equivalent,))
        tokens = guidance.count(equivalent.shown)
        budget = self._budget(guidance, tokens)
        if tokens <= budget:
            return View((equivalent,))
        ranking = Ranking(listing, guidance, total=count_lines(text))
        if not ranking:
            return View((equivalent,))
        short = _fitted(ranking, guidance, budget, tokens / len(equivalent.shown))
        if not short.hidden.ranges or guidance.count(short.shown) > WORTH * tokens:
            return View((equivalent,))
        return View((Region(text, short.shown, Fidelity.ELIDED, short.hidden),))

    def rebuilds(self, source: str, shown: str) -> bool:
        """Whether the lines of the source follow from what is shown, letter for letter."""
        return decode(shown) == source

    def _budget(self, guidance: Guidance, tokens: int) -> int:
        return self.budgets[guidance.level] + int(MORE * tokens) if guidance.budget is None else guidance.budget


def _fitted(ranking: Ranking, guidance: Guidance, budget: int, tokens_per_char: float) -> Short:
    """The longest of a few views that keeps to the budget; the shortest of them where none does."""
    chars = int(budget / tokens_per_char)
    short = ranking.shortened(chars)
    for _ in range(TRIES):
        tokens = guidance.count(short.shown)
        if tokens <= budget:
            break
        chars = int(chars * min(0.95, budget / tokens))
        short = ranking.shortened(chars)
    return short
