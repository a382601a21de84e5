"""The elided form: the lines that matter, each with its number, then what the others say in sum.

Lines are chosen in order of what a reader misses most, each sort with a share of the budget, so that no sort can
crowd out the next one. One of every error text is shown even past the budget: errors are why logs are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from headroom_core.compressors.logs import signals
from headroom_core.compressors.logs.mining import Masked, Table
from headroom_core.compressors.logs.outliers import outlying_lines
from headroom_core.compressors.logs.overview import HEADING, overview_line
from headroom_core.compressors.logs.question import asked_lines
from headroom_core.compressors.logs.rare import RARE_LINES, rare_lines
from headroom_core.text.lines import to_ranges
from headroom_core.types import Guidance, Hidden, Level

_BUDGETS: dict[Level, tuple[float, int, int, int]] = {
    "light": (20, 1_500, 8_000, 4_000),
    "balanced": (8, 500, 4_000, 1_500),
    "strong": (3.4, 350, 2_000, 700),
}
"""Tokens of the whole view, by level: so much times the square root of the source's tokens, at least, at most; and the
size up to which an equivalent form is shown.

What is worth keeping grows with the log, but slower: a share would starve short logs and bloat long ones.
"""

MARKER_TOKENS = 48  # left for the marker above
_LEAST_BUDGET = 100  # tokens: of less nothing worth reading can be said
_MOST_ERROR_TOKENS = 40_000  # of error texts and failing tests, past the level's own budget: a context's worth
_MORE_FINDINGS: dict[Level, int] = {"light": 20_000, "balanced": 10_000, "strong": 6_000}
"""Tokens, past one of each message, of what compilers and linters say of other places and names: a hundred errors
are all shown at `strong`, of thousands those."""
_MOST_MISFITS = 20  # lines of one sort that are too long for what is left of a budget, until no more are tried
_CUT_CHARS, _HEAD_CHARS, _TAIL_CHARS = 700, 360, 120  # a longer line is shown by its head and tail


@dataclass(slots=True)
class _Chosen:
    """Lines to show, counted from 0, and the tokens they take."""

    lines: list[str]  # of the source
    guidance: Guidance
    shown: dict[int, str] = field(default_factory=dict)
    spent: int = 0

    def add(self, numbers: Iterable[int], up_to: int) -> None:
        """Show the lines, in order, while no more than `up_to` tokens are spent in all."""
        misfits = 0
        for number in numbers:
            if self.spent >= up_to or misfits > _MOST_MISFITS:
                return
            if number in self.shown or not self.lines[number].strip():
                continue
            spelled = f"L{number + self.guidance.first_line} {_spelled(self.lines[number])}"
            tokens = self.guidance.count(spelled) + 1
            if self.spent + tokens > up_to:
                misfits += 1
                continue
            self.shown[number] = spelled
            self.spent += tokens


@dataclass(frozen=True, slots=True)
class Elided:
    """What is shown of a log, and which lines are not."""

    shown: str
    hidden: Hidden


def budget_of(guidance: Guidance, source_tokens: int) -> int:
    """Tokens that the view of a log may take."""
    if guidance.budget is not None:
        return guidance.budget
    factor, least, most, _ = _BUDGETS[guidance.level]
    return int(min(most, max(least, factor * source_tokens**0.5)))


def is_small(guidance: Guidance, tokens: int) -> bool:
    """Whether an equivalent form of so many tokens is shown, however much an elided one would save."""
    if guidance.budget is not None:
        return tokens <= guidance.budget
    return tokens <= _BUDGETS[guidance.level][3]


def elide(masked: Masked, tables: list[Table], errors: dict[str, list[int]], budget: int, guidance: Guidance) -> Elided:
    """The lines that matter and an overview of the rest, within a budget of tokens, but for the level's own errors."""
    budget = max(budget - MARKER_TOKENS, _LEAST_BUDGET)
    chosen = _Chosen(masked.lines, guidance)
    budget = _choose(chosen, masked, tables, errors, budget)
    total = len(masked.lines) - (not masked.lines[-1])
    whole = {number for number, spelled in chosen.shown.items() if spelled.endswith(masked.lines[number].rstrip("\r"))}
    hidden = to_ranges(number + 1 for number in range(total) if number not in whole)
    overview = _overview(tables, budget - chosen.spent, guidance)
    shown = "\n".join([*(spelled for _, spelled in sorted(chosen.shown.items())), *overview])
    return Elided(shown + ("" if masked.lines[-1] else "\n"), Hidden("lines", hidden, total))


def _choose(chosen: _Chosen, masked: Masked, tables: list[Table], errors: dict[str, list[int]], budget: int) -> int:
    lines, guidance = masked.lines, chosen.guidance
    stretched = budget if guidance.budget is not None else _MOST_ERROR_TOKENS
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    last = next((number for number in range(len(lines) - 1, -1, -1) if lines[number].strip()), 0)
    texts = sorted(
        errors.values(), key=lambda found: (not signals.is_strong_error(lines[found[0]]), len(found), found[0])
    )
    chosen.add([first, last], budget)
    chosen.add(signals.outcomes(lines)[:5], budget * 3 // 10)
    chosen.add(asked_lines(masked, tables, guidance.question), budget * 4 // 10)
    guidance.tick()
    first_of = {signals.message(lines[found[0]]): found[0] for found in reversed(texts)}
    chosen.add((found[0] for found in texts if first_of[signals.message(lines[found[0]])] == found[0]), stretched)
    chosen.add((found[0] for found in texts), min(stretched, chosen.spent + _MORE_FINDINGS[guidance.level]))
    chosen.add(signals.headings(lines, [found[0] for found in texts]), stretched)
    bad = sorted(chain.from_iterable(texts))
    chosen.add(signals.failing_tests(lines, bad), stretched)
    chosen.add(signals.places(lines, chosen.shown), stretched)
    chosen.add(signals.reasons(lines, bad), stretched)
    guidance.tick()
    budget = max(budget, chosen.spent + budget * 2 // 5)
    chosen.add(_frames(lines, texts), chosen.spent + (budget - chosen.spent) // 3)
    far = sorted(
        (found for table in tables for found in outlying_lines(table)), key=lambda found: (-found[0], found[1])
    )
    chosen.add((line for _, line in far), chosen.spent + (budget - chosen.spent) // 4)
    guidance.tick()
    rare = rare_lines(tables, lines)
    warnings = [number for number in rare if signals.is_warning(lines[number])]
    chosen.add(warnings, chosen.spent + (budget - chosen.spent) // 4)
    chosen.add(rare, chosen.spent + (budget - chosen.spent) * 8 // 10)
    chosen.add(_around(texts, lines), chosen.spent + (budget - chosen.spent) // 4)
    return budget


def _frames(lines: list[str], texts: list[list[int]]) -> Iterator[int]:
    for found in texts:
        yield from signals.frames_that_matter(lines, found[0])


def _around(texts: list[list[int]], lines: list[str]) -> Iterator[int]:
    """The line before each error and the one behind it, but for tests that passed."""
    for found in texts:
        for number in (found[0] - 1, found[0] + 1):
            if 0 <= number < len(lines) and not signals.has_passed(lines[number]):
                yield number


def _overview(tables: list[Table], room: int, guidance: Guidance) -> list[str]:
    """The patterns of most lines, as many as there is room for; the first one in any case."""
    common = [table for table in tables if len(table.lines) > RARE_LINES]
    common.sort(key=lambda table: (not _says(table), -len(table.lines)))
    if not common:
        return []
    spelled: list[str] = []
    room -= guidance.count(HEADING) + 1
    for at, table in enumerate(common):
        guidance.tick()
        line = overview_line(table, guidance.first_line)
        room -= guidance.count(line) + 1
        if room < 0 and at:
            break
        spelled.append(line)
    return [HEADING, *spelled]


def _says(table: Table) -> bool:
    """Whether a pattern has words: frames and rules have none."""
    return any(map(str.isalpha, "".join(chain(table.literals, (column[0] for column in table.columns)))))


def _spelled(line: str) -> str:
    """The line, cut inside where it is long."""
    line = line.rstrip("\r")
    if len(line) > _CUT_CHARS:
        cut = len(line) - _HEAD_CHARS - _TAIL_CHARS
        line = f"{line[:_HEAD_CHARS]} [... {cut} characters ...] {line[-_TAIL_CHARS:]}"
    return line
