"""One request, top to bottom: replay, split, route, compress, mark, gate, put, remember.

Everything that acts stands here, once; the rooms below only answer questions. Three orders are not ours to trade:
an original is put before its marker is shown, replay comes before routing, and tokens are counted with the marker in.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic, thread_time

from headroom_core.ccr.handles import HANDLE_LENGTHS, Handles
from headroom_core.ccr.marker import find_handles, spell
from headroom_core.ccr.tool import is_retrieve_tool
from headroom_core.errors import OutOfTime, StoreUnavailable
from headroom_core.policy import Policy
from headroom_core.prefix.replay import Decision, Replay, replay_keys
from headroom_core.router.parts import Part, kinds_of, parts_of, shown_as
from headroom_core.text.quoted import quoted_in
from headroom_core.text.tokens import beside
from headroom_core.types import (
    Block,
    Compressor,
    CountTokens,
    Fidelity,
    Guidance,
    Outcome,
    Place,
    Receipt,
    Retrieval,
    Store,
)

logger = logging.getLogger(__name__)

SHORTEST = 64  # characters: no text under it can save 16 tokens, so it isn't even looked up


@dataclass(frozen=True, slots=True)
class Request:
    """What holds for all blocks of one request."""

    tenant: str
    retrieval: Retrieval
    count: CountTokens
    kind: str | None = None  # the caller knows what the text is: nobody else is asked
    budget: int | None = None  # tokens that a view may take, instead of the level's

    @property
    def terms(self) -> str:
        """What the caller asked for, as it enters the key of a decision. No policy: that may change on the way."""
        return f"{self.retrieval} {self.kind or ''} {'' if self.budget is None else self.budget}".strip()


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a text could be shown as, before anybody asked whether that is worth it."""

    text: str
    kind: str
    fidelity: Fidelity


@dataclass(frozen=True, slots=True)
class _LookedUp:
    """What was asked of the store for all blocks of a request at once."""

    handles: Mapping[str, str]  # the shortest one of each text
    marked: Mapping[str, Sequence[str]]  # the handles in what looks like our markers in each text
    kept: Mapping[str, str]  # what is kept under any of these


class Pipeline:
    """Decides what is shown for the blocks of a request, and keeps what is needed to give them back."""

    def __init__(
        self, compressors: Sequence[Compressor], store: Store, policy: Policy, secret: bytes | None = None
    ) -> None:
        self._compressors = tuple(each for each in compressors if policy.wants_kind(each.kind))
        self._store = store
        self._policy = policy
        self._replay = Replay(store)
        self._handles = Handles(secret) if secret else None

    def run(self, blocks: Sequence[Block], request: Request) -> tuple[dict[Place, str], tuple[Receipt, ...]]:
        """What is shown for those blocks that are not shown as they came, and a receipt for every block."""
        keyable = [block for block in blocks if len(block.text) >= SHORTEST and not is_retrieve_tool(block.tool_name)]
        keys = replay_keys(keyable, request.terms)
        keyed = {keys[block.place]: block for block in blocks if block.place in keys}
        known, fresh = self._decisions(keyed, request)
        shown: dict[Place, str] = {}
        receipts = []
        for block in blocks:
            key = keys.get(block.place)
            decision = _untouched(block) if key is None else fresh.get(key) or known[key]
            if decision.shown is not None:
                shown[block.place] = decision.shown
            receipts.append(_receipt(block, decision, request.count, replayed=key in known))
        return shown, tuple(receipts)

    def handles(self) -> Handles:
        """The maker of handles. Raises StoreUnavailable while the store's secret can't be read."""
        if self._handles is None:
            self._handles = Handles(self._store.secret())
        return self._handles

    def forget(self, tenant: str) -> int:
        """Forget a tenant: originals and decisions; the number of texts that went."""
        self._replay.forget(tenant)
        return self._store.purge(tenant)

    def _decisions(
        self, keyed: Mapping[str, Block], request: Request
    ) -> tuple[dict[str, Decision], dict[str, Decision]]:
        """The decisions that were made before, and those that are made, and kept, now."""
        try:
            known = self._replay.recall(request.tenant, keyed)
            unknown = {key: block for key, block in keyed.items() if key not in known}
            fresh = {key: self._left_alone(block, request) for key, block in unknown.items()}
            texts = [unknown[key].text for key, decision in fresh.items() if decision is None]
            looked_up = self._looked_up(texts, request.tenant)
        except StoreUnavailable as error:  # what this process doesn't remember goes out as it came
            known = self._replay.recall_from_memory(request.tenant, keyed)
            reason = str(error)
            missing = {key: Decision(Outcome.STORE_DOWN, reason=reason) for key in keyed if key not in known}
            self._replay.remember(request.tenant, missing, kept=False)
            return known | missing, {}
        decided = {key: decision or self._decide(unknown[key], request, looked_up) for key, decision in fresh.items()}
        return known, self._keep(keyed, known, decided, request)

    def _left_alone(self, block: Block, request: Request) -> Decision | None:
        """The decision for a block that is never seen before and stays as it is, whatever is in it; else None."""
        if block.frozen:
            return Decision(Outcome.FROZEN)
        if not self._policy.wants_tool(block.tool_name):
            return Decision(Outcome.EXCLUDED, reason=f"the policy leaves {block.tool_name or 'unnamed tools'} alone")
        if request.kind is not None and not self._policy.wants_kind(request.kind):
            return Decision(Outcome.EXCLUDED, reason=f"the policy leaves content of kind {request.kind} alone")
        if request.count(block.text) < self._policy.min_tokens:
            return Decision(Outcome.TOO_SMALL)
        return None

    def _decide(self, block: Block, request: Request, looked_up: _LookedUp) -> Decision:
        """What to show for a block that was never seen before."""
        try:
            return self._compress(block, request, looked_up)
        except OutOfTime:
            return Decision(Outcome.OUT_OF_TIME, reason=f"took over {self._policy.max_block_ms} ms")
        except StoreUnavailable as error:
            return Decision(Outcome.STORE_DOWN, reason=str(error))
        except Exception as error:  # the one place where any failure of ours ends: the block stays as it was
            logger.warning("A block was left as it came: %s", error, exc_info=True)
            return Decision(Outcome.FAILED, reason=f"{type(error).__name__}: {error}")

    def _compress(self, block: Block, request: Request, looked_up: _LookedUp) -> Decision:
        if any(handle in looked_up.kept for handle in looked_up.marked[block.text]):
            return Decision(Outcome.MARKED)
        count = beside(block.text, request.count)
        guidance = Guidance(
            question=block.question,
            origin=block.origin,
            beside=block.beside,
            level=self._policy.level,
            budget=request.budget,
            pages=self._policy.pages,
            may_elide=request.retrieval == "tool",
            count=count,
            tick=_deadline(self._policy.max_block_ms),
        )
        handle = self._handle(request.tenant, block.text, looked_up)
        candidate = self._candidate(block.text, handle, guidance, request.kind)
        if not candidate.kind:
            return Decision(Outcome.UNKNOWN_KIND)
        if not self._policy.earns(count(block.text), count(candidate.text)):
            return Decision(Outcome.NO_GAIN, kind=candidate.kind)
        return Decision(Outcome.COMPRESSED, candidate.text, candidate.kind, candidate.fidelity, handle)

    def _looked_up(self, texts: Sequence[str], tenant: str) -> _LookedUp:
        """What is kept under the shortest handles of the texts, and under those that their own markers name."""
        handles = {text: self.handles().handle(tenant, text) for text in texts}
        marked = {text: find_handles(text) for text in texts}
        wanted = [*handles.values(), *(handle for found in marked.values() for handle in found)]
        return _LookedUp(handles, marked, self._store.get(tenant, wanted) if wanted else {})

    def _handle(self, tenant: str, text: str, looked_up: _LookedUp) -> str:
        """The shortest handle that no other text of the tenant has."""
        handle = looked_up.handles[text]
        if looked_up.kept.get(handle, text) == text:
            return handle
        for length in HANDLE_LENGTHS[1:]:
            handle = self.handles().handle(tenant, text, length)
            if self._store.get(tenant, [handle]).get(handle, text) == text:
                return handle
        raise AssertionError("two texts of one tenant agree in 96 bits of their HMAC")

    def _candidate(self, text: str, handle: str, guidance: Guidance, kind: str | None) -> Candidate:
        """What the text could be shown as; a text inside a JSON string that is most of it, inside that string."""
        if kind is not None:
            reader = next(each for each in self._compressors if each.kind == kind)
            return marked([Part(text, reader, 1.0, 1)], handle, guidance)
        quoted = quoted_in(text)
        if quoted is not None:
            inner = marked(parts_of(quoted.text, self._compressors), handle, guidance)
            if inner.fidelity is not Fidelity.VERBATIM:
                return replace(inner, text=quoted.spell(inner.text))
        return marked(parts_of(text, self._compressors), handle, guidance)

    def _keep(
        self,
        keyed: Mapping[str, Block],
        known: Mapping[str, Decision],
        fresh: Mapping[str, Decision],
        request: Request,
    ) -> dict[str, Decision]:
        """Put what this request shows before it is shown; where that fails, the fresh blocks go out as they came."""
        tenant = request.tenant
        changed = {key: decision for key, decision in fresh.items() if decision.shown is not None}
        try:
            live = {known[key].handle: keyed[key].text for key in known if known[key].handle}
            still = self._store.touch(tenant, [*live, *known]) if known else frozenset()
            originals = {handle: text for handle, text in live.items() if handle not in still}
            originals |= {fresh[key].handle: keyed[key].text for key in changed}
            decisions = {key: decision for key, decision in known.items() if key not in still} | dict(fresh)
            texts = originals | {key: decision.dumps() for key, decision in decisions.items()}
            if texts:
                self._store.put(tenant, texts, keep_for=self._policy.keep_for)
            self._replay.remember(tenant, decisions, kept=True)
        except StoreUnavailable as error:
            failed = Decision(Outcome.STORE_DOWN, reason=str(error))
            fresh = {key: failed if key in changed else decision for key, decision in fresh.items()}
            self._replay.remember(tenant, fresh, kept=False)
        return dict(fresh)


def _untouched(block: Block) -> Decision:
    """The decision for a block that isn't even looked up."""
    if is_retrieve_tool(block.tool_name):
        return Decision(Outcome.EXCLUDED, reason="an answer of headroom_retrieve is never compressed again")
    return Decision(Outcome.TOO_SMALL)


def marked(parts: Sequence[Part], handle: str, guidance: Guidance) -> Candidate:
    """What the parts are shown as, with a marker above what is elided."""
    view = shown_as(parts, guidance)
    shown = ""
    for region in view.regions:
        if region.fidelity is Fidelity.ELIDED:
            shown = _line_ended(shown) + spell(handle, region.hidden) + "\n"
        shown += region.shown
    return Candidate(shown, kinds_of(parts), view.fidelity)


def _line_ended(text: str) -> str:
    """The text, with a line end where it stops within a line."""
    return text if not text or text.endswith("\n") else text + "\n"


def _receipt(block: Block, decision: Decision, count: CountTokens, *, replayed: bool) -> Receipt:
    before = count(block.text)
    changed = decision.shown is not None
    return Receipt(
        place=block.place,
        outcome=Outcome.REPLAYED if replayed and changed else decision.outcome,
        tokens_before=before,
        tokens_after=before if decision.shown is None else count(decision.shown),
        kind=decision.kind,
        fidelity=decision.fidelity,
        handle=decision.handle,
        tool_name=block.tool_name,
        reason=decision.reason,
    )


def _deadline(milliseconds: int) -> Callable[[], None]:
    """A tick that raises `OutOfTime` once this thread has worked for so many milliseconds.

    Not by the clock on the wall: the verdict is remembered for good, and must not be that of a busy minute.
    """
    end, soonest = thread_time() + milliseconds / 1000, monotonic() + milliseconds / 1000

    def tick() -> None:  # the thread's own time takes ten times as long to tell, and can't be up sooner
        if monotonic() > soonest and thread_time() > end:
            raise OutOfTime

    return tick
