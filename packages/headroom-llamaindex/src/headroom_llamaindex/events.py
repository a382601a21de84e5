"""What LlamaIndex's instrumentation is told of a compression."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from headroom_core import Outcome, Receipt
from llama_index.core.instrumentation import get_dispatcher  # type: ignore[attr-defined]  # passed on, not declared
from llama_index.core.instrumentation.events.base import BaseEvent  # type: ignore[attr-defined]  # the same

dispatcher = get_dispatcher(__name__)

CHANGED = (Outcome.COMPRESSED, Outcome.REPLAYED)
BAD = (Outcome.FAILED, Outcome.STORE_DOWN, Outcome.OUT_OF_TIME)


class HeadroomCompressionEvent(BaseEvent):
    """Texts were looked at: counts and keys only, never text. `changed=0` tells that nothing was saved."""

    blocks: int  # texts that were looked at
    changed: int
    tokens_before: int
    tokens_after: int
    outcomes: dict[str, int]
    kinds: dict[str, int]  # of the changed ones
    handles: list[str]  # of their originals
    errors: int  # texts that are as they came because something of ours failed

    @classmethod
    def class_name(cls) -> str:
        """Its name in logs of events."""
        return "HeadroomCompressionEvent"


def tell(receipts: Sequence[Receipt], failed: int = 0) -> None:
    """Dispatch the event of these receipts; `failed`: texts that never got one."""
    changed = [receipt for receipt in receipts if receipt.outcome in CHANGED]
    dispatcher.event(
        HeadroomCompressionEvent(
            blocks=len(receipts) + failed,
            changed=len(changed),
            tokens_before=sum(receipt.tokens_before for receipt in receipts),
            tokens_after=sum(receipt.tokens_after for receipt in receipts),
            outcomes=dict(sorted(Counter(str(receipt.outcome) for receipt in receipts).items())),
            kinds=dict(sorted(Counter(receipt.kind for receipt in changed).items())),
            handles=list(dict.fromkeys(receipt.handle for receipt in changed)),
            errors=failed + sum(receipt.outcome in BAD for receipt in receipts),
        )
    )
