"""Logs, and what builds, tests and tools print: many lines of few patterns, among which a few lines matter.

`mining` finds what lines share, `tables` and `patterns` make columns of the rest, `rows` writes the equivalent form
and `decoder` reads it back; `signals` knows which lines matter and `elide` shows those.
"""

from __future__ import annotations

from headroom_core.compressors.logs.claims import claim
from headroom_core.compressors.logs.decoder import decode
from headroom_core.compressors.logs.elide import MARKER_TOKENS, Elided, budget_of, elide
from headroom_core.compressors.logs.mining import Masked, Table, mask_values
from headroom_core.compressors.logs.rows import encode
from headroom_core.compressors.logs.signals import error_lines
from headroom_core.compressors.logs.tables import build_tables
from headroom_core.types import Fidelity, Guidance, Region, View

ELISION_FROM = 0.8  # of the equivalent's tokens: for less, facts aren't left out
_LEAST_ROW_TOKENS = 1.3  # a label and the end of the line


class Logs:
    """Factors repeated parts out; where there is a way back, shows the lines that matter and sums up the rest."""

    kind = "log"

    def claim(self, text: str) -> float:
        """How sure it is that the text is a log, by time stamps, levels and the line shapes of known tools."""
        return claim(text)

    def compress(self, text: str, guidance: Guidance) -> View:
        """One region: equivalent rows, or what matters in the text, or the text as it came."""
        masked = mask_values(text)
        if masked is None:
            return View.verbatim(text)
        tables = build_tables(masked, guidance.tick)
        errors = error_lines(masked, guidance.tick)
        budget = budget_of(guidance, guidance.count(text))
        least = int(_LEAST_ROW_TOKENS * sum(len(table.lines) for table in tables))  # that the equivalent can take
        if guidance.may_elide and least > budget:
            elided = elide(masked, tables, errors, budget, guidance)
            if _is_worth_it(elided, least, guidance):
                return _elided(text, elided)
        equivalent = _equivalent(text, masked, tables, errors, guidance)
        tokens = guidance.count(equivalent.shown)
        if guidance.may_elide and tokens > budget:
            elided = elide(masked, tables, errors, budget, guidance)
            if _is_worth_it(elided, tokens, guidance):
                return _elided(text, elided)
        return equivalent

    def rebuilds(self, source: str, shown: str) -> bool:
        """Whether the decoder makes the source of what is shown."""
        return decode(shown) == source


def _equivalent(
    text: str, masked: Masked, tables: list[Table], errors: dict[str, list[int]], guidance: Guidance
) -> View:
    """The text as rows, where that is shorter and a decoder gives it back."""
    shown = encode(masked, tables, _kept_whole(masked, errors), guidance)
    if shown is None or guidance.count(shown) >= guidance.count(text) or decode(shown) != text:
        return View.verbatim(text)
    return View((Region(text, shown, Fidelity.EQUIVALENT),))


def _is_worth_it(elided: Elided, tokens: int, guidance: Guidance) -> bool:
    """Whether the elided form, marker included, is that much shorter than a form of so many tokens."""
    if not elided.hidden.ranges or not elided.shown.strip():
        return False
    return guidance.count(elided.shown) + MARKER_TOKENS <= ELISION_FROM * tokens


def _elided(text: str, elided: Elided) -> View:
    return View((Region(text, elided.shown, Fidelity.ELIDED, elided.hidden),))


def _kept_whole(masked: Masked, errors: dict[str, list[int]]) -> bytearray:
    """The lines, counted from 0, that stay as they are: the first and the last, and one of each error text."""
    whole = bytearray(len(masked.lines))
    whole[0] = 1
    last = len(masked.lines) - 1
    while last and not masked.lines[last].strip():
        last -= 1
    whole[last] = 1
    for lines in errors.values():
        whole[lines[0]] = 1
    return whole
