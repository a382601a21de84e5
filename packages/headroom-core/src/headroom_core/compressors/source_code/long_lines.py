"""Lines that nobody reads to their end: minified bundles, embedded data. Their beginning and their end are shown."""

from __future__ import annotations

from collections.abc import Sequence

LONG_LINE = 1_500  # characters; what people write stays under it
BUNDLE_SHARE = 0.5  # of the characters in long lines, from which on a text is a bundle
HEAD_CHARS, TAIL_CHARS = 600, 150  # of a cut line, while there are few of them
HEADS_CHARS = 6_000  # of all heads together, about
LEAST_HEAD = 120
SAMPLE_CHARS = 20_000  # of a bundle, by which its language is told
LEAST_MARKS = 40  # in so much of it
LEAST_BRACES = 8

_MARKS = ("function(", "function ", "=>", "return ", "var ", "void 0", "&&", "const ", "let ", "this.", "!0", "===")


def is_bundle(lines: Sequence[str]) -> bool:
    """Whether most of the text stands in long lines."""
    if max(map(len, lines), default=0) <= LONG_LINE:
        return False
    long = sum(len(line) for line in lines if len(line) > LONG_LINE)
    return long > BUNDLE_SHARE * sum(map(len, lines))


def is_script(lines: Sequence[str]) -> bool:
    """Whether the longest line reads like JavaScript."""
    sample = max(lines, key=len, default="")[:SAMPLE_CHARS]
    marks = sum(map(sample.count, _MARKS)) if sample.count("{") >= LEAST_BRACES else 0
    return marks * SAMPLE_CHARS > LEAST_MARKS * max(len(sample), LONG_LINE)


def cut(lines: Sequence[str], folded: Sequence[tuple[int, int]]) -> dict[int, str]:
    """The long ones of the lines, each cut inside, by their numbers, counted from 1; but for those that are folded."""
    if max(map(len, lines), default=0) <= LONG_LINE:
        return {}
    inside = {number for first, last in folded for number in range(first, last + 1)}
    long = [at for at, line in enumerate(lines, start=1) if len(line) > LONG_LINE and at not in inside]
    head = max(LEAST_HEAD, min(HEAD_CHARS, HEADS_CHARS // max(1, len(long))))
    return {number: _cut(lines[number - 1], number, head) for number in long}


def _cut(line: str, number: int, head: int) -> str:
    hidden = len(line) - head - TAIL_CHARS
    return f"{line[:head]} … {hidden} characters of line {number} … {line[-TAIL_CHARS:]}"
