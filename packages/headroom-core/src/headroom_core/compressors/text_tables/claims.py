"""How sure is it that a text is a table or a listing? Judged by a sample of its lines."""

from __future__ import annotations

import re

from headroom_core.compressors.text_tables import trees
from headroom_core.compressors.text_tables.layout import find_layout
from headroom_core.types import no_deadline

SAMPLE_CHARS = 12_000  # from the start: a table's head tells what the rest is
SURE_SHARE = 0.9  # of the lines with words, that must be rows
LEAST_SHARE = 0.75  # of them, for a claim at all
CLOCK_SHARE = 0.2  # of the lines, from which on it is a log
LEAST_PADDED = 2  # columns whose blanks differ: one alone is often chance

_CLOCK = re.compile(
    r"\W{0,3}(?:[0-9]{2,4}[-/.][0-9]{2}|[A-Z][a-z]{2} +[0-9]{1,2} [0-9]{2}:|[0-9]{1,2}:[0-9]{2}:[0-9]{2}|"
    r"[0-9]{8,}[ .-]|"
    r"[A-Z][a-z]{2} [A-Z][a-z]{2} )"
)
_OTHER = re.compile(r"[{}\[\]<@#;]|diff |---|\+\+\+|//|/\*|\s*(?:def|class|import|from|return|if|for) ")
_SURELY = re.compile(r"[-dlbcps][-rwxsStT]{9}[.+@]? |-{3,}(?: +-{3,})+ *\r?\Z")  # of `ls -l`, or under a head
_HEADING = re.compile(r"(?:total [0-9.]+[KMG]?|.{0,300}:)\r?\Z")


def claim(text: str) -> float:
    """0.95 where nearly all lines fit, 0.7 where most do, else 0."""
    sample = text[:SAMPLE_CHARS]
    lines = sample[: sample.rfind("\n")].split("\n") if len(text) > SAMPLE_CHARS else sample.split("\n")
    lines = [line for line in lines if line.strip()]
    if len(lines) < 8:
        return 0.0
    if trees.encode(lines, no_deadline) is not None:
        return 0.95
    if sum(bool(_CLOCK.match(line)) for line in lines) >= CLOCK_SHARE * len(lines):
        return 0.0
    if sum(bool(_OTHER.match(line)) for line in lines) >= CLOCK_SHARE * len(lines):
        return 0.0
    least = 1 if any(_SURELY.match(line) for line in lines[:6]) else LEAST_PADDED
    best = 0.0
    for phrases in (False, True):
        layout = find_layout(lines, no_deadline, phrases=phrases)
        if layout is not None and layout.padded >= least and len(layout.columns) > least:
            rows = [line for at, line in enumerate(lines) if at in layout.rows or not _HEADING.match(line)]
            best = max(best, len(layout.rows) / max(1, len(rows)))
    return 0.95 if best >= SURE_SHARE else 0.7 if best >= LEAST_SHARE else 0.0
