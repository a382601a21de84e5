"""Source code: its outline, with bodies folded to a line that says which lines it stands for.

`claims` tells code from other texts, `framing` takes off what tools put around it, `asked` and `pointing` know what the
agent wants to see, `skimming`, `grammars` and `walking` find what may be folded, `keys` and `drawing` spell it,
`outline` joins them. `notebooks` reads code in cells.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from headroom_core.compressors.source_code.claims import is_foreign, judge, judge_lines
from headroom_core.compressors.source_code.framing import Framed, unframe
from headroom_core.compressors.source_code.grammars import can_parse
from headroom_core.compressors.source_code.languages import BY_ENDING, Language
from headroom_core.compressors.source_code.long_lines import is_bundle
from headroom_core.compressors.source_code.measures import BALANCED, BARE, LIGHT, STRONG, Measure
from headroom_core.compressors.source_code.notebooks import draw_cells, is_notebook, minify, read_cells
from headroom_core.compressors.source_code.outline import Drawn, Outliner, compose
from headroom_core.text.asked import file_ending, is_part
from headroom_core.text.lines import count_lines
from headroom_core.text.rows import rows_of
from headroom_core.types import Fidelity, Guidance, Hidden, Level, Region, View

WORTH = 0.85  # of the tokens, at most, that an outline may take: for less, facts aren't left out
MARKER_TOKENS = 36  # what the marker takes, about

_MEASURES: Mapping[Level, tuple[Measure, ...]] = {
    "light": (LIGHT,),
    "balanced": (BALANCED, STRONG),
    "strong": (STRONG,),
}
_ALL = (LIGHT, BALANCED, STRONG, BARE)


@dataclass(frozen=True, slots=True)
class SourceCode:
    """Shows the outline of a file: imports, heads, first words of docs, constants, and what the question points at."""

    least_tokens: int = 1_500  # of a file; a smaller one is read to be changed, and shown whole
    budgets: Mapping[Level, int] = field(default_factory=lambda: {"light": 20_000, "balanced": 6_000, "strong": 3_000})
    """Tokens over which an outline is drawn shorter, where the guidance names none. The shortest may take more."""

    @property
    def kind(self) -> str:
        """The name of the kind."""
        return "code"

    def claim(self, text: str) -> float:
        """How sure it is that the text is code of a language that can be parsed here, by the shapes of its lines."""
        if is_notebook(text):
            return 1.0
        verdict = judge(text)
        return verdict.claim if verdict is not None and can_parse(verdict.language) else 0.0

    def compress(self, text: str, guidance: Guidance) -> View:
        """One region: the outline, or the text as it came. Code has no other letters that say the same."""
        if is_notebook(text):
            return _notebook(text, guidance, self.least_tokens if guidance.budget is None else guidance.budget)
        drawn = self._outlined(text, guidance)
        if drawn is None:
            return View.verbatim(text)
        hidden = Hidden("lines", drawn.hidden, count_lines(text))
        return View((Region(text, drawn.shown, Fidelity.ELIDED, hidden),))

    def rebuilds(self, source: str, shown: str) -> bool:
        """Whether both are the same, but for white space in the JSON of a notebook."""
        return shown == source or (is_notebook(source) and shown == minify(source))

    def _outlined(self, text: str, guidance: Guidance) -> Drawn | None:
        if not guidance.may_elide:
            return None
        tokens = guidance.count(text)
        if tokens <= (self.least_tokens if guidance.budget is None else guidance.budget):
            return None
        if rows_of(text):  # it is asked back by rows, and lines are what is named here
            return None
        framed = unframe(text)
        if framed.number > 1 or is_part(guidance.origin, len(framed.code)):
            return None
        language = _language(framed, text, guidance)
        if language is None:
            return None
        guidance.tick()
        if is_bundle(framed.code):
            drawn = compose(framed, ())
        else:
            outliner = Outliner(framed, language, guidance.question, guidance.tick, guidance.first_line)
            drawn = self._fitted(outliner, tokens, guidance)
        if drawn is None or guidance.count(drawn.shown) + MARKER_TOKENS > WORTH * tokens:
            return None
        return drawn

    def _fitted(self, outliner: Outliner, tokens: int, guidance: Guidance) -> Drawn | None:
        """The first outline that keeps to the budget, else the shortest. A given budget is tried for harder."""
        measures, budget = _MEASURES[guidance.level], self.budgets[guidance.level]
        if guidance.budget is not None:
            measures, budget = (*measures, *_ALL[_ALL.index(measures[-1]) + 1 :]), guidance.budget
        chosen: tuple[Drawn, Measure] | None = None
        for measure in measures:
            drawn = outliner.draw(measure)
            chosen = chosen if drawn is None else (drawn, measure)
            taken = tokens if drawn is None else guidance.count(drawn.shown) + MARKER_TOKENS
            if taken <= budget and (taken <= WORTH * tokens or tokens <= budget):
                break
        if chosen is None or outliner.is_code(chosen[0]):
            return None if chosen is None else chosen[0]
        bodies_only = outliner.draw(replace(chosen[1], values=None))  # folded values broke it
        return bodies_only if bodies_only is not None and outliner.is_code(bodies_only) else None


def _notebook(text: str, guidance: Guidance, least: int) -> View:
    """The cells of a notebook of more than `least` tokens, or its JSON without white space."""
    guidance.tick()
    cells = read_cells(text)
    small = minify(text)
    if cells is None or len(small) >= len(text):
        return View.verbatim(text)
    view = View((Region(text, small, Fidelity.EQUIVALENT),))
    tokens = guidance.count(small) if guidance.may_elide else 0
    if tokens <= least:
        return view
    drawn = draw_cells(cells)
    if drawn is None or guidance.count(drawn) + MARKER_TOKENS > WORTH * tokens:
        return view
    return View((Region(text, drawn, Fidelity.ELIDED),))


def _language(framed: Framed, text: str, guidance: Guidance) -> Language | None:
    """By the file's name, else by what a fence says, else by the marks of the text."""
    for ending in (file_ending(guidance.origin), framed.language):
        named = BY_ENDING.get(ending)
        if named is not None and can_parse(named):
            return named
    verdict = None if is_foreign(text) else judge_lines(framed.code)
    return verdict.language if verdict is not None and can_parse(verdict.language) else None
