"""Configuration and XML: blocks that repeat are said once, with a row for each; what is too long shows its frame.

`claims` tells configuration from other texts, `shapes` reads a line, `blocks` finds what belongs together, `families`
what looks alike, `notation` spells and reads the form, `rows` joins them, `choosing` shows what matters of the rest,
without the `secrets`, which `secret_signs` tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from headroom_core.compressors.configuration.choosing import elide
from headroom_core.compressors.configuration.claims import claim
from headroom_core.compressors.configuration.notation import decode
from headroom_core.compressors.configuration.rows import Source, draw, undrawn
from headroom_core.compressors.configuration.shapes import forget_lines
from headroom_core.text.asked import is_part
from headroom_core.text.rows import rows_of
from headroom_core.types import Fidelity, Guidance, Level, Region, View

EQUIVALENT_FROM = 0.95  # of the source's tokens: for less, nobody has to read a legend
ELISION_FROM = 0.8  # of the equivalent's tokens: for less, facts aren't left out
MARKER_TOKENS = 36  # what the marker takes, about


@dataclass(frozen=True, slots=True)
class Configuration:
    """Says repeated blocks once, as rows; over its budget it shows the frame of a file, and what the question names."""

    budgets: Mapping[Level, int] = field(default_factory=lambda: {"light": 12_000, "balanced": 4_000, "strong": 1_500})
    """Tokens from which on lines are left out, where the guidance names none."""

    @property
    def kind(self) -> str:
        """The name of the kind."""
        return "config"

    def claim(self, text: str) -> float:
        """How sure it is that the text is configuration, by the shapes of a sample of its lines."""
        return claim(text)

    def compress(self, text: str, guidance: Guidance) -> View:
        """One region: rows, the frame of the file, or the text as it came."""
        try:
            return self._view(text, guidance)
        finally:
            forget_lines()

    def rebuilds(self, source: str, shown: str) -> bool:
        """Whether the decoder makes the source of what is shown."""
        try:
            return decode(shown) == source
        finally:
            forget_lines()

    def _view(self, text: str, guidance: Guidance) -> View:
        source = Source.of(text)
        drawn = draw(source, guidance)
        view = View.verbatim(text)
        if drawn is not None:
            shown = drawn.spell()
            if guidance.count(shown) <= EQUIVALENT_FROM * guidance.count(text):
                view = View((Region(text, shown, Fidelity.EQUIVALENT),))
        tokens = guidance.count(view.shown)
        budget = self.budgets[guidance.level] if guidance.budget is None else guidance.budget
        if not guidance.may_elide or tokens <= budget or rows_of(text):  # rows: JSON is asked back by those
            return view
        if is_part(guidance.origin, text.count("\n") + 1):
            return view
        elided = elide(text, drawn or undrawn(source), budget, guidance)
        if elided is None or guidance.count(elided.shown) + MARKER_TOKENS > ELISION_FROM * tokens:
            return view
        return View((elided,))
