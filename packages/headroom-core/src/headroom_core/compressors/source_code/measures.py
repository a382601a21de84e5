"""How much of a file is shown at each level. Sizes are rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """What is folded."""

    body: int  # a body that would hide so many rows
    doc: int | None = None  # a comment or docstring outside of bodies that would; None: no comment is folded
    values: int | None = None  # values in brackets that would; None: no values and no runs are folded
    values_head: int = 0  # rows of such values that are shown
    run: int = 0  # short statements or fields one after the other that would
    run_head: int = 0  # rows of them that are shown
    imports: bool = False  # whether imports are such statements too
    keys: int = 0  # key lines of a fold that are said
    key_chars: int = 0  # of them together
    asked_chars: int = 0  # of bodies that the question points at, that are shown whole
    gain: int = 40  # characters that a fold must save


LIGHT = Measure(
    body=2, doc=16, keys=6, key_chars=400, asked_chars=16_000, gain=64
)  # bodies: the rest is code as it was
BALANCED = Measure(
    body=2, doc=2, values=8, values_head=3, run=12, run_head=12, keys=6, key_chars=400, asked_chars=8_000, gain=64
)
STRONG = Measure(
    body=1, doc=1, values=2, run=3, run_head=2, imports=True, keys=2, key_chars=120, asked_chars=4_000, gain=24
)
BARE = Measure(body=1, doc=1, values=2, run=2, run_head=1, imports=True, gain=16)
