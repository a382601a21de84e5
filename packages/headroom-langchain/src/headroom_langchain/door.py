"""The adapter's own door: messages come out smaller, and no failure of ours gets into a chain."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from headroom_core import Block, Changes, HeadroomError, Outcome, Receipt, Retrieval
from langchain_core.callbacks import adispatch_custom_event, dispatch_custom_event
from langchain_core.messages import BaseMessage
from langchain_core.runnables.config import ensure_config, get_callback_manager_for_config

from headroom_langchain.graph import shrunk_result
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
    """What holds for all texts of one run."""

    settings: HeadroomSettings
    retrieval: Retrieval
    roles: frozenset[Role] = frozenset()
    documents: tuple[Markers, ...] = ()
    known_model: str = ""  # of the request, where it is known

    @property
    def model(self) -> str:
        """Whose tokenizer counts."""
        return self.settings.model or self.known_model or DEFAULT_MODEL

    @property
    def tenant(self) -> str:
        """Whose run this is that we are in."""
        return self.settings.tenant_of(ensure_config())


@dataclass(frozen=True, slots=True)
class Smaller:
    """Messages as they are to be shown, and what a callback may be told of it."""

    messages: list[BaseMessage]
    report: Mapping[str, Any]


def smaller(messages: Sequence[BaseMessage], terms: Terms, on_error: OnError) -> Smaller:
    """The messages made smaller; as they came where that fails, unless failures are to be raised."""
    return guarded(
        lambda: _smaller(messages, terms, on_error),
        lambda: Smaller(list(messages), _report((), failed=1)),
        on_error,
    )


def smaller_result(request: Any, result: Any, terms: Terms, on_error: OnError) -> Any:
    """What a tool gave back to a request of a tool node, made smaller; as it came where that fails."""

    def shrink(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
        made = smaller(messages, terms, on_error)
        tell(made.report)
        return made.messages

    return guarded(
        lambda: shrunk_result(result, request.tool_call, request.state, shrink),
        lambda: result,
        on_error,
    )


def changes_of(blocks: Sequence[Block], terms: Terms, on_error: OnError) -> Changes:
    """What to show for texts that stand in no messages; nothing changes where that fails."""
    return guarded(lambda: _changes(blocks, terms, on_error), lambda: Changes({}, ()), on_error)


def guarded(work: Callable[[], T], otherwise: Callable[[], T], on_error: OnError) -> T:
    """What the work makes. Where any failure of ours ends: one warning, and the chain goes on with the otherwise."""
    try:
        return work()
    except Exception as error:
        if on_error == "raise":
            raise
        logger.warning("Headroom left texts as they came, because of %s: %s", type(error).__name__, error)
        return otherwise()


def tell(report: Mapping[str, Any]) -> None:
    """Dispatch the event of a run, and note it on the run; outside of one there is nobody to tell."""
    if _note_on_run(report):
        dispatch_custom_event(EVENT, report)


async def atell(report: Mapping[str, Any]) -> None:
    """As `tell`."""
    if _note_on_run(report):
        await adispatch_custom_event(EVENT, report)


def _note_on_run(report: Mapping[str, Any]) -> bool:
    """Whether somebody follows a run that we are in. Tracers hear of no custom event: they get metadata."""
    manager = get_callback_manager_for_config(ensure_config())
    for handler in manager.handlers:
        run = getattr(handler, "run_map", {}).get(str(manager.parent_run_id))  # only a tracer has one
        if run is not None:
            run.add_metadata({EVENT: dict(report)})
    return bool(manager.handlers) and manager.parent_run_id is not None


def _smaller(messages: Sequence[BaseMessage], terms: Terms, on_error: OnError) -> Smaller:
    changes = _changes(read_blocks(messages, terms.roles, terms.documents), terms, on_error)
    return Smaller(put_back(messages, changes.shown, changes.receipts), _report(changes.receipts))


def _changes(blocks: Sequence[Block], terms: Terms, on_error: OnError) -> Changes:
    if not blocks:
        return Changes({}, ())
    headroom = terms.settings.open()
    changes = headroom.compress_blocks(blocks, terms.model, tenant=terms.tenant, retrieval=terms.retrieval)
    failed = next((receipt for receipt in changes.receipts if receipt.outcome in BAD), None)
    if failed is not None and on_error == "raise":
        raise HeadroomError(f"a text was left as it came: {failed.outcome}, {failed.reason}")
    return changes


def _report(receipts: Sequence[Receipt], failed: int = 0) -> dict[str, Any]:
    """The event: counts and handles, never text. `changed: 0` tells a chain that was left alone from one that saved."""
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


def _counts(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))
