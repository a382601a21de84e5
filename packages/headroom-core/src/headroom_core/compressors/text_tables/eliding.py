"""Which rows are shown where not all fit: the first and last, those asked for, outliers, and rare values."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from statistics import fmean, pstdev

from headroom_core.text.lines import spell_ranges, split_lines, to_ranges
from headroom_core.text.relevance import rank
from headroom_core.types import Guidance, Hidden

ENDS = 8  # lines that are shown of the start, and as many of the end
ASKED = 20  # lines that are shown for the question
SIGMAS = 3.0  # from the mean: a number further away is an outlier
RARE = 2  # lines with a value seen no oftener, in a column of few values
MOST_VALUES = 20  # of such a column
MARKER_TOKENS = 30

_BAD = re.compile(
    r"\b(?:error|fail(?:ed|ure)?|fatal|crash\w*|denied|unhealthy|evicted|defunct|oom\w*)\b", re.IGNORECASE
)
_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?\Z")


@dataclass(frozen=True, slots=True)
class Short:
    """What is shown, and what isn't."""

    shown: str
    hidden: Hidden


def elide(text: str, budget: int, guidance: Guidance) -> Short | None:
    """Numbered lines that keep to the budget in tokens; None where nothing would be left out or shown."""
    lines = split_lines(text)
    order = _order(lines, guidance)
    room = budget - MARKER_TOKENS - 40
    chosen: set[int] = set()
    for index in order:
        room -= guidance.count(f"L{index + 1} {lines[index]}")
        if room < 0:
            break
        chosen.add(index)
    hidden = [index + 1 for index in range(len(lines)) if index not in chosen]
    if not hidden or not chosen:
        return None
    ranges = to_ranges(hidden)
    shown = [f"[{len(chosen)} of {len(lines)} lines, by number; not shown: {spell_ranges(ranges)}]\n"]
    shown += [f"L{index + 1} {lines[index]}" for index in sorted(chosen)]
    return Short("".join(shown), Hidden("lines", ranges, len(lines)))


def _order(lines: list[str], guidance: Guidance) -> list[int]:
    """The lines, counted from 0, that matter most first; then as many others, evenly spread."""
    last = len(lines) - 1
    order = [at for step in range(min(ENDS, len(lines))) for at in (step, last - step)]
    order += [index for index, line in enumerate(lines) if _BAD.search(line)]
    guidance.tick()
    if guidance.question:
        order += [index for index, _ in rank(guidance.question, lines)[:ASKED]]
    order += _odd(lines)
    guidance.tick()
    step = max(1, len(lines) // 64)
    order += range(0, len(lines), step)
    order += range(len(lines))
    return list(dict.fromkeys(order))


def _odd(lines: list[str]) -> list[int]:
    """Lines with a number far from the others of its column, or a value rare in a column of few."""
    words = [line.split(None, 10) for line in lines]
    odd: list[int] = []
    for column in range(10):
        cells = {index: row[column] for index, row in enumerate(words) if len(row) > column}
        numbers = {index: float(cell) for index, cell in cells.items() if _NUMBER.match(cell)}
        if len(numbers) > len(cells) / 2 and len(numbers) > ENDS:
            mean, spread = fmean(numbers.values()), pstdev(numbers.values())
            odd += [index for index, number in numbers.items() if abs(number - mean) > SIGMAS * spread]
        counts = Counter(cells.values())
        if len(counts) <= MOST_VALUES:
            odd += [index for index, cell in cells.items() if counts[cell] <= RARE]
    return odd
