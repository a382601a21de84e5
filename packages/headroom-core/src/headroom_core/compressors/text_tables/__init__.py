"""Tables and listings of plain text: what `ls`, `find`, `ps`, `df`, `dpkg`, `kubectl` and `tree` print.

`layout` finds the columns, `notation` writes the plain form and reads it back, `trees` does so for trees, `eliding`
chooses rows where not all fit, `claims` tells tables from logs, code and prose.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from headroom_core.compressors.text_tables import notation, trees
from headroom_core.compressors.text_tables.claims import claim
from headroom_core.compressors.text_tables.eliding import elide
from headroom_core.compressors.text_tables.layout import find_layout
from headroom_core.types import Fidelity, Guidance, Level, Region, View

WORTH = 0.8  # of the equivalent form's tokens, at most, for which facts may be left out


@dataclass(frozen=True, slots=True)
class TextTables:
    """Says padding and what all rows share once, and folders above their files; over the budget shows some rows."""

    budgets: Mapping[Level, int] = field(default_factory=lambda: {"light": 8_000, "balanced": 4_000, "strong": 2_000})
    """Tokens that a view may take per level, where the guidance names none."""

    @property
    def kind(self) -> str:
        """The name of the kind."""
        return "table"

    def claim(self, text: str) -> float:
        """Near 1 where nearly all sampled lines fit one layout with padded columns, or hang in a tree."""
        return claim(text)

    def compress(self, text: str, guidance: Guidance) -> View:
        """The plain form, or some numbered rows of it where that is still too long and may be."""
        lines = text.split("\n")
        guidance.tick()
        shown = _plain(text, lines, guidance.tick)
        whole = View((Region(text, shown, Fidelity.EQUIVALENT),)) if shown else View.verbatim(text)
        if not guidance.may_elide:
            return whole
        budget = self.budgets[guidance.level] if guidance.budget is None else guidance.budget
        tokens = guidance.count(whole.shown)
        if tokens <= budget or not shown:
            return whole
        short = elide(text, min(budget, int(WORTH * tokens)), guidance)
        if short is None or guidance.count(short.shown) > WORTH * tokens:
            return whole
        return View((Region(text, short.shown, Fidelity.ELIDED, short.hidden),))

    def rebuilds(self, source: str, shown: str) -> bool:
        """Whether the lines of the source follow from what is shown, letter for letter."""
        return _decode(shown) == source


def _plain(text: str, lines: list[str], tick: Callable[[], None]) -> str | None:
    """The shortest form that gives back the text; None where none is shorter."""
    found = [trees.encode(lines, tick)]
    if found[0] is None:
        for phrases in (False, True):
            layout = find_layout(lines, tick, phrases=phrases)
            if layout is not None:
                found.append(notation.encode(lines, layout, phrases=phrases, tick=tick))
    fit = [shown for shown in found if shown is not None and len(shown) < len(text)]
    return next((shown for shown in sorted(fit, key=len) if _decode(shown) == text), None)


def _decode(shown: str) -> str | None:
    return trees.decode(shown) or notation.decode(shown)
