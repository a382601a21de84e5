"""A number of tokens for several texts at once: the most relevant may take most of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from headroom_core import Block, Changes, Shown

LEAST_TOKENS = 32  # a marker takes about 20: less shows nothing

Shrink = Callable[[Block, int], Shown]
"""A text within so many tokens, as far as that goes."""


def shares(sizes: Sequence[int], scores: Sequence[float | None], tokens: int) -> list[int]:
    """The tokens that each text may take, at most its size; what one doesn't need, the others get.

    Weights are 1, 1/2, 1/3, ... in the order of the scores, without any in the order given: how far scores lie apart
    differs from one retriever to the next. Filled up like vessels, the smallest for its weight first.
    """
    best_first = sorted(range(len(sizes)), key=lambda index: -(scores[index] or 0.0))
    weights = {index: 1 / place for place, index in enumerate(best_first, start=1)}
    given = [0] * len(sizes)
    left, weight_left = float(tokens), sum(weights.values())
    for index in sorted(range(len(sizes)), key=lambda index: sizes[index] / weights[index]):
        given[index] = int(min(sizes[index], left * weights[index] / weight_left))
        left -= given[index]
        weight_left -= weights[index]
    return given


def within(blocks: Sequence[Block], changes: Changes, limits: Sequence[int], shrink: Shrink) -> Changes:
    """The changes, with what is over its limit shrunk again: within the limit, or where that is too tight, twice it."""
    shown, receipts = dict(changes.shown), list(changes.receipts)
    for index, (block, limit) in enumerate(zip(blocks, limits, strict=True)):
        while limit < receipts[index].tokens_after:
            tighter = shrink(block, limit)
            if tighter.receipt.tokens_after < receipts[index].tokens_after:
                shown[block.place] = tighter.text
                receipts[index] = replace(tighter.receipt, place=block.place)
                break
            limit = max(2 * limit, LEAST_TOKENS)
    return Changes(shown, tuple(receipts))
