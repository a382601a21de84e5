"""Logs, and what builds, tests and tools print: many lines of few patterns, among which a few lines matter.

`mining` finds what lines share, `tables` and `patterns` make columns of the rest, `rows` writes the equivalent form
and `decoder` reads it back; `openings` is the form of logs whose lines are too different for that; `signals` knows
which lines matter and `elide` shows those.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from headroom_core.compressors.logs.claims import claim
from headroom_core.compressors.logs.decoder import decode
from headroom_core.compressors.logs.elide import MARKER_TOKENS, budget_of, elide, is_small
from headroom_core.compressors.logs.mining import Masked, Table, mask_values
from headroom_core.compressors.logs.naming import SHORT_LINES, with_names
from headroom_core.compressors.logs.openings import cut_openings, may_pay, with_openings
from headroom_core.compressors.logs.rows import encode, patterns_in, row_tokens
from headroom_core.compressors.logs.signals import error_lines
from headroom_core.compressors.logs.tables import build_tables
from headroom_core.compressors.logs.terminal import NOTE, on_terminal
from headroom_core.types import Fidelity, Guidance, Region, View

EQUIVALENT_FROM = 0.95  # of the source's tokens: for less, nobody has to read a legend
ELISION_FROM = 0.8  # of the equivalent's tokens: for less, facts aren't left out
_OPENINGS_FROM = 0.4  # of the source's tokens that rows take: openings are hardly more than half of a log
_READ_BETTER, _READ_BETTER_SHORT = 1.05, 1.35  # of the shortest form's tokens: for one with values among their words
_LEAST_SHARE = 0.4  # of the tokens that rows would take by a few of them: no equivalent form was seen under 0.48


class Logs:
    """Factors repeated parts out; where there is a way back, shows the lines that matter and sums up the rest."""

    kind = "log"

    def claim(self, text: str) -> float:
        """How sure it is that the text is a log, by time stamps, levels and the line shapes of known tools."""
        return claim(text)

    def compress(self, text: str, guidance: Guidance) -> View:
        """One region: equivalent rows, or what matters in the text, or the text as it came."""
        seen = on_terminal(text) if guidance.may_elide else text
        log = _Log.read(seen, guidance)
        if log is None:
            return View.verbatim(text)
        if not guidance.may_elide:
            return _equivalent(text, log, guidance)
        budget = budget_of(guidance, guidance.count(text))
        least = int(_LEAST_SHARE * row_tokens(log.masked, log.tables, guidance))
        elided = None
        if least > budget and not is_small(guidance, least):
            elided = _elided(text, log, budget, guidance)
            if _is_worth_it(elided, least, guidance):
                return View((elided,))
        raw = log if seen == text else _Log.read(text, guidance)
        view = _equivalent(text, raw, guidance, budget) if raw else View.verbatim(text)
        tokens = guidance.count(view.shown)
        if tokens <= budget or is_small(guidance, tokens):
            return view
        elided = elided or _elided(text, log, budget, guidance)
        return View((elided,)) if _is_worth_it(elided, tokens, guidance) else view

    def rebuilds(self, source: str, shown: str) -> bool:
        """Whether the decoder makes the source of what is shown."""
        return source in (decode(shown), with_openings(shown))


@dataclass(frozen=True, slots=True)
class _Log:
    """A text read as a log."""

    masked: Masked
    tables: list[Table]
    errors: dict[str, list[int]]  # lines, counted from 0, of each error text

    @classmethod
    def read(cls, text: str, guidance: Guidance) -> _Log | None:
        masked = mask_values(text)
        if masked is None:
            return None
        return cls(masked, build_tables(masked, guidance.tick), error_lines(masked, guidance.tick))

    @property
    def is_short(self) -> bool:
        """Whether it can afford words that name its values."""
        return len(self.masked.lines) <= SHORT_LINES


def _equivalent(text: str, log: _Log, guidance: Guidance, budget: float = inf) -> View:
    """The text in the form that is read best, of those that are hardly longer than the shortest; where that pays."""
    before = guidance.count(text)
    forms = [(guidance.count(shown), shown) for shown in _forms(log, before, guidance)]
    least = min(forms, default=None)
    if least is None or least[0] > EQUIVALENT_FROM * before:
        return View.verbatim(text)
    most = min((_READ_BETTER_SHORT if log.is_short else _READ_BETTER) * least[0], EQUIVALENT_FROM * before, budget)
    _, shown = next((form for form in forms if form[0] <= most), least)
    return View((Region(text, shown, Fidelity.EQUIVALENT),))


def _forms(log: _Log, before: int, guidance: Guidance) -> list[str]:
    """The equivalent forms of a log of so many tokens that may be worth it, the one that is read best first."""
    lines, whole = log.masked.lines, _kept_whole(log.masked, log.errors)
    patterns = patterns_in(log.masked, log.tables, whole, guidance)
    rows = encode(log.masked, patterns, guidance)
    share = guidance.count(rows) / before if rows else 1
    forms = [rows]
    if share > _OPENINGS_FROM and may_pay(lines, _READ_BETTER_SHORT * share):
        forms.insert(0, cut_openings(lines, whole))
    if rows and log.is_short:
        forms.insert(-1, encode(log.masked, list(map(with_names, patterns)), guidance))
    return [form for form in forms if form]


def _elided(text: str, log: _Log, budget: int, guidance: Guidance) -> Region:
    """The lines that matter, as a terminal shows them."""
    found = elide(log.masked, log.tables, log.errors, budget, guidance)
    note = "" if log.masked.text == text else f"{NOTE}\n"
    return Region(text, note + found.shown, Fidelity.ELIDED, found.hidden)


def _is_worth_it(elided: Region, tokens: int, guidance: Guidance) -> bool:
    """Whether the elided form, marker included, is that much shorter than a form of so many tokens."""
    if elided.hidden is None or not elided.hidden.ranges or not elided.shown.strip():
        return False
    return guidance.count(elided.shown) + MARKER_TOKENS <= ELISION_FROM * tokens


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
