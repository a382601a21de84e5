"""Replay: what was shown for a block is shown again, byte for byte, in every later request.

Clients send the whole history with every turn, and the provider's cache matches a prefix of it; so what we decide
for a block at first sight stays, through restarts, upgrades, other policies and learning. A decision is kept under
what the block is and what preceded it (its text, question, origin and way back), in the tenant's store and, for the
blocks of live conversations, in memory.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock

from headroom_core.text.remembered import hash_of
from headroom_core.types import Block, Fidelity, Outcome, Place, Store

MEMORY_CHARS = 32_000_000  # of shown text; what is pushed out is read from the store again
KEY_PREFIX = "replay:"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is shown for a block, for good."""

    outcome: Outcome
    shown: str | None = None  # None: the block goes out as it came
    kind: str = ""
    fidelity: Fidelity = Fidelity.VERBATIM
    handle: str = ""
    reason: str = ""

    def dumps(self) -> str:
        """The decision as one line of JSON, then what is shown."""
        head = [self.outcome, self.kind, self.fidelity, self.handle, self.reason, self.shown is not None]
        return json.dumps(head, separators=(",", ":")) + "\n" + (self.shown or "")

    @classmethod
    def loads(cls, text: str) -> Decision:
        """The decision that `dumps` wrote. Raises ValueError on anything else."""
        head, _, shown = text.partition("\n")
        outcome, kind, fidelity, handle, reason, changed = json.loads(head)
        return cls(Outcome(outcome), shown if changed else None, kind, Fidelity(fidelity), handle, reason)


def replay_keys(blocks: Iterable[Block], terms: str) -> dict[Place, str]:
    """The key of each block's decision: 128 bits over its text and everything that could have guided it.

    `terms` spells what the caller asked for besides: the way back above all.
    """
    beside: dict[int, bytes] = {}  # each of the texts that were retrieved for a question names the same others
    keys = {}
    for block in blocks:
        hashed = hash_of((terms, block.origin, block.question, block.text))
        if block.beside:
            if id(block.beside) not in beside:
                beside[id(block.beside)] = hash_of(block.beside).digest()
            hashed.update(beside[id(block.beside)])
        keys[block.place] = KEY_PREFIX + hashed.hexdigest()
    return keys


class Replay:
    """Decisions, in memory over a store. Safe to call from several threads."""

    def __init__(self, store: Store, memory_chars: int = MEMORY_CHARS) -> None:
        self._store = store
        self._memory: OrderedDict[tuple[str, str], Decision] = OrderedDict()
        self._unkept: set[tuple[str, str]] = set()  # in memory only: the store was down when they were made
        self._room = memory_chars
        self._lock = Lock()

    def recall(self, tenant: str, keys: Iterable[str]) -> dict[str, Decision]:
        """The known decisions among the keys. Where the store knows better than this process's memory, it wins.

        Raises:
            StoreUnavailable: the store was needed and can't be read; `recall_from_memory` always answers.
        """
        keys = list(keys)
        with self._lock:
            certain = {key for key in keys if (tenant, key) in self._memory and (tenant, key) not in self._unkept}
        asked = [key for key in keys if key not in certain]
        found: dict[str, Decision] = {}
        for key, text in self._store.get(tenant, asked).items() if asked else ():
            try:
                found[key] = Decision.loads(text)
            except ValueError:  # written by a version that we can't read: the block is decided anew
                continue
        self.remember(tenant, found, kept=True)
        return self.recall_from_memory(tenant, keys)

    def recall_from_memory(self, tenant: str, keys: Iterable[str]) -> dict[str, Decision]:
        """The decisions among the keys that this process remembers."""
        known = {}
        with self._lock:
            for key in keys:
                decision = self._memory.get((tenant, key))
                if decision is not None:
                    self._memory.move_to_end((tenant, key))
                    known[key] = decision
        return known

    def remember(self, tenant: str, decisions: Mapping[str, Decision], *, kept: bool) -> None:
        """Remember decisions in this process; `kept` says whether the store has them too."""
        with self._lock:
            for key, decision in decisions.items():
                entry = (tenant, key)
                old = self._memory.pop(entry, None)
                self._room += _chars(old) - _chars(decision)
                self._memory[entry] = decision
                (self._unkept.discard if kept else self._unkept.add)(entry)
            while self._room < 0 and len(self._memory) > 1:
                entry, oldest = self._memory.popitem(last=False)
                self._unkept.discard(entry)
                self._room += _chars(oldest)

    def forget(self, tenant: str) -> None:
        """Forget the decisions of a tenant."""
        with self._lock:
            for entry in [entry for entry in self._memory if entry[0] == tenant]:
                self._room += _chars(self._memory.pop(entry))
                self._unkept.discard(entry)


def _chars(decision: Decision | None) -> int:
    """What a decision takes in memory, in characters: what it shows, and a flat 200 for itself and its key."""
    return 0 if decision is None else 200 + len(decision.shown or "")
