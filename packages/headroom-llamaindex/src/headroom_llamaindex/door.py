"""The adapter's own door: texts come out smaller, and no failure of ours gets into a query."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Literal

from headroom_core import Block, Changes, HeadroomError, Retrieval

from headroom_llamaindex.events import BAD, tell
from headroom_llamaindex.settings import HeadroomSettings

logger = logging.getLogger("headroom_llamaindex")

OnError = Literal["passthrough", "raise"]


def smaller(blocks: Sequence[Block], settings: HeadroomSettings, retrieval: Retrieval, on_error: OnError) -> Changes:
    """What to show for the texts, told to the instrumentation. Where that fails: nothing changes, and one warning."""
    try:
        changes = _smaller(blocks, settings, retrieval, on_error)
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
