"""The equivalent form: patterns with letters on top, then one row a line, in the source's order.

    [log: A=pattern, rows below are A,values; {}=value]
    A={} INFO pool: worker {} took job {}

    08:47:46 INFO pool: start
    A,08:47:48,5,4060

No row depends on another one. Lines that belong to no pattern, and those that a reader looks for (errors, outliers,
the first and the last), stand as they were.
"""

from __future__ import annotations

from headroom_core.compressors.logs.decoder import BRACKETS, CONTINUED, HEADER, hole_in
from headroom_core.compressors.logs.mining import Masked, Table
from headroom_core.compressors.logs.patterns import Pattern, pattern_of
from headroom_core.compressors.logs.records import join_records
from headroom_core.compressors.logs.tables import Weights, paths_apart, paths_joined, split_table, without_lines
from headroom_core.text.labels import LABELS
from headroom_core.types import Guidance

_FEWEST_ROWS = 2  # for a pattern
_SAMPLE_ROWS = 4  # of a pattern, to see whether it pays
_SAMPLE_LINES = 100  # of those without a pattern
_CHARS_PER_PATTERN = 4_000  # of the text, for each token that a pattern made by splitting or joining must save
_MOST_CHARS, _FEWEST_CHARS = 8, 2  # of a token: where a pattern pays even so, nothing needs to be counted
_LEAST_GAIN = 4  # tokens


def encode(masked: Masked, patterns: list[Pattern], guidance: Guidance) -> str | None:
    """The text with those patterns factored out that pay; None where nothing is gained or no bracket is free."""
    brackets = _free_brackets(masked.text)
    if brackets is None:
        return None
    patterns = [pattern for pattern in patterns if _pays(masked, pattern, guidance)][: len(LABELS)]
    if not patterns:
        return None
    labels = LABELS[: len(patterns)]
    body = _escaped(masked.lines, set(labels))
    legend = []
    for label, pattern in zip(labels, patterns, strict=True):
        legend.append(f"{label}={pattern.spelled(brackets)}".replace("\n", f"\n{CONTINUED}"))
        for line, row in zip(pattern.lines, pattern.rows(), strict=True):
            body[line] = label + row
            for below in range(line + 1, line + pattern.height):
                body[below] = None
    rows = [row for row in body if row is not None]
    return "\n".join([HEADER.format("".join(brackets)), *legend, "", *rows])


def row_tokens(masked: Masked, tables: list[Table], guidance: Guidance) -> float:
    """Tokens that the rows of an equivalent form would take, about: by a few rows of each table."""
    alone = [masked.lines[table.lines[0]] for table in tables if len(table.lines) < _FEWEST_ROWS]
    few = alone[:: -(-len(alone) // _SAMPLE_LINES) or 1]
    tokens = guidance.count("\n".join(few)) * len(alone) / max(1, len(few))
    for table in tables:
        guidance.tick()
        size = len(table.lines)
        if size < _FEWEST_ROWS:
            continue
        varying = [column for column in table.columns if column.count(column[0]) != size]
        rows = range(0, size, -(-size // _SAMPLE_ROWS))
        sample = "\n".join(["A," + ",".join([column[row] for column in varying]) for row in rows])
        tokens += guidance.count(sample) * size / len(rows)
    return tokens


def patterns_in(masked: Masked, tables: list[Table], whole: bytearray, guidance: Guidance) -> list[Pattern]:
    """The patterns of the tables cut and joined as rows need it, that of most lines first.

    `whole` marks the lines, counted from 0, that are to stay as they were.
    """
    patterns: list[Pattern] = []
    least = len(masked.text) // _CHARS_PER_PATTERN
    weights = Weights(guidance.count, guidance.tick, least)
    rest = [left for table in tables if len((left := without_lines(table, whole)).lines) >= _FEWEST_ROWS]
    for table in join_records(rest, len(masked.lines), weights):
        found = split_table(paths_apart(table), weights)
        patterns += [pattern_of(paths_joined(small)) for small in found if len(small.lines) >= _FEWEST_ROWS]
    return sorted(patterns, key=lambda pattern: (-len(pattern.lines), pattern.lines[0]))


def _pays(masked: Masked, pattern: Pattern, guidance: Guidance) -> bool:
    lines, rows = pattern.lines, pattern.rows()
    spelled = pattern.spelled(("{", "}"))
    step = -(-len(lines) // _SAMPLE_ROWS)
    before = "\n".join([masked.lines[line] for first in lines[::step] for line in range(first, first + pattern.height)])
    after = "\n".join(["A" + row for row in rows[::step]])
    share = len(lines) / len(lines[::step])
    if (len(before) - len(after)) * share / _MOST_CHARS > len(spelled) / _FEWEST_CHARS + _LEAST_GAIN:
        return True
    gain = (guidance.count(before) - guidance.count(after)) * share - guidance.count(spelled) - 3
    return gain >= _LEAST_GAIN


def _free_brackets(text: str) -> tuple[str, str] | None:
    """A way to write a hole that no line holds."""
    for left, right in BRACKETS:
        if left not in text or not hole_in((left, right)).search(text):
            return left, right
    return None


def _escaped(lines: list[str], labels: set[str]) -> list[str | None]:
    return ["\\" + line if line[:1] == "\\" or line.partition(",")[0] in labels else line for line in lines]
