"""The adapter's own door: messages come out smaller, and no failure of ours gets into a chain."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from headroom_core import HeadroomError, Outcome, Receipt, Retrieval
from langchain_core.messages import BaseMessage

from headroom_langchain.machine_data import Markers
from headroom_langchain.messages import Role, put_back, read_blocks
from headroom_langchain.settings import HeadroomSettings

logger = logging.getLogger("headroom_langchain")

OnError = Literal["passthrough", "raise"]

EVENT = "headroom_compression"
DEFAULT_MODEL = "gpt-4o"
BAD = (Outcome.FAILED, Outcome.STORE_DOWN, Outcome.OUT_OF_TIME)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for all messages of one run."""

    settings: HeadroomSettings
    roles: frozenset[Role]
    retrieval: Retrieval
    tenant: str
    model: str = DEFAULT_MODEL
    documents: tuple[Markers, ...] = ()


@dataclass(frozen=True, slots=True)
class Smaller:
    """Messages as they are to be shown, and what a callback may be told of it: counts and handles, never text."""

    messages: list[BaseMessage]
    report: dict[str, Any] = field(default_factory=dict)


def smaller(messages: Sequence[BaseMessage], terms: Terms, on_error: OnError) -> Smaller:
    """The messages made smaller; as they came where that fails, unless failures are to be raised."""
    return guarded(
        lambda: _smaller(messages, terms, on_error), lambda: Smaller(list(messages), _report((), failed=1)), on_error
    )


def guarded(work: Callable[[], T], otherwise: Callable[[], T], on_error: OnError) -> T:
    """What the work makes. Where any failure of ours ends: one warning, and the chain goes on with the otherwise."""
    try:
        return work()
    except Exception as error:
        if on_error == "raise":
            raise
        logger.warning("Headroom left messages as they came, because of %s: %s", type(error).__name__, error)
        return otherwise()


def _smaller(messages: Sequence[BaseMessage], terms: Terms, on_error: OnError) -> Smaller:
    blocks = read_blocks(messages, terms.roles, terms.documents)
    if not blocks:
        return Smaller(list(messages), _report(()))
    headroom = terms.settings.open()
    changes = headroom.compress_blocks(blocks, terms.model, tenant=terms.tenant, retrieval=terms.retrieval)
    failed = next((receipt for receipt in changes.receipts if receipt.outcome in BAD), None)
    if failed is not None and on_error == "raise":
        raise HeadroomError(f"a block was left as it came: {failed.outcome}, {failed.reason}")
    return Smaller(put_back(messages, changes.shown, changes.receipts), _report(changes.receipts))


def _report(receipts: Sequence[Receipt], failed: int = 0) -> dict[str, Any]:
    """The payload of the event. `changed: 0` tells a chain that was left alone from one that was helped."""
    changed = [receipt for receipt in receipts if receipt.outcome in (Outcome.COMPRESSED, Outcome.REPLAYED)]
    before = sum(receipt.tokens_before for receipt in receipts)
    after = sum(receipt.tokens_after for receipt in receipts)
    return {
        "blocks": len(receipts),
        "changed": len(changed),
        "tokens_before": before,
        "tokens_after": after,
        "tokens_saved": before - after,
        "outcomes": _counts(str(receipt.outcome) for receipt in receipts),
        "kinds": _counts(receipt.kind for receipt in changed),
        "handles": list(dict.fromkeys(receipt.handle for receipt in changed)),
        "errors": failed + sum(receipt.outcome in BAD for receipt in receipts),
    }


def _counts(names: Any) -> Mapping[str, int]:
    return dict(sorted(Counter(names).items()))
