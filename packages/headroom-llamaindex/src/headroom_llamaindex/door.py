"""The adapter's own door: texts come out smaller, and no failure of ours gets into a query."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from headroom_core import Block, Changes, HeadroomError, Retrieval, Shown

from headroom_llamaindex.budget import shares, within
from headroom_llamaindex.events import BAD, tell
from headroom_llamaindex.settings import HeadroomSettings

logger = logging.getLogger("headroom_llamaindex")

OnError = Literal["passthrough", "raise"]


@dataclass(frozen=True, slots=True)
class Budget:
    """Tokens that the texts may take together, and how relevant each is."""

    tokens: int
    scores: Sequence[float | None]


def smaller(
    blocks: Sequence[Block],
    settings: HeadroomSettings,
    retrieval: Retrieval,
    on_error: OnError,
    budget: Budget | None = None,
) -> Changes:
    """What to show for the texts, told to the instrumentation. Where that fails: nothing changes, and one warning."""
    try:
        changes = _smaller(blocks, settings, retrieval, on_error)
        if budget is not None:
            changes = _within(blocks, changes, settings, budget)
    except Exception as error:
        if on_error == "raise":
            raise
        logger.warning("Headroom left texts as they came, because of %s: %s", type(error).__name__, error)
        tell((), failed=len(blocks))
        return Changes({}, ())
    tell(changes.receipts)
    return changes


def _smaller(blocks: Sequence[Block], settings: HeadroomSettings, retrieval: Retrieval, on_error: OnError) -> Changes:
    if not blocks:
        return Changes({}, ())
    changes = settings.open().compress_blocks(blocks, settings.model, tenant=settings.tenant, retrieval=retrieval)
    failed = next((receipt for receipt in changes.receipts if receipt.outcome in BAD), None)
    if failed is not None and on_error == "raise":
        raise HeadroomError(f"a text was left as it came: {failed.outcome}, {failed.reason}")
    return changes


def _within(blocks: Sequence[Block], changes: Changes, settings: HeadroomSettings, budget: Budget) -> Changes:
    """The changes within the budget: the retrieval is "tool", since only so facts may be left out for it."""

    def shrink(block: Block, tokens: int) -> Shown:
        return settings.open().shrink(
            block.text,
            question=block.question,
            budget=tokens,
            tenant=settings.tenant,
            retrieval="tool",
            model=settings.model,
        )

    sizes = [receipt.tokens_after for receipt in changes.receipts]
    return within(blocks, changes, shares(sizes, budget.scores, budget.tokens), shrink)
