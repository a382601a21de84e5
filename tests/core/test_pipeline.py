"""One request, and every way in which it can go wrong."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from headroom_core.ccr.memory import MemoryStore
from headroom_core.errors import StoreUnavailable
from headroom_core.pipeline import Pipeline, Request
from headroom_core.policy import Policy
from headroom_core.types import Block, Fidelity, Guidance, Hidden, Outcome, Region, View, rough_tokens

TEXT = "halve me\n" * 200


@dataclass(frozen=True, slots=True)
class Halves:
    """Shows the first half of a text, or whatever a test wants."""

    kind: str = "halves"
    sure: float = 1.0
    fidelity: Fidelity = Fidelity.ELIDED
    proven: bool = True
    fault: type[Exception] | None = None

    def claim(self, text: str) -> float:
        return self.sure if "halve me" in text else 0.0

    def compress(self, text: str, guidance: Guidance) -> View:
        if self.fault is not None:
            raise self.fault("broken")
        while self.kind == "slow":
            guidance.tick()
        half = len(text) // 2
        if self.fidelity is Fidelity.ELIDED and not guidance.may_elide:
            return View.verbatim(text)
        hidden = Hidden("lines", ((101, 200),), 200) if self.fidelity is Fidelity.ELIDED else None
        return View((Region(text, text[:half], self.fidelity, hidden),))

    def rebuilds(self, source: str, shown: str) -> bool:
        return self.proven


@dataclass
class Faulty(MemoryStore):
    """A real store, of which chosen verbs fail."""

    broken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        MemoryStore.__init__(self)

    def secret(self) -> bytes:
        self._check("secret")
        return super().secret()

    def put(self, tenant: str, texts: Mapping[str, str], *, keep_for: timedelta) -> None:
        self._check("put")
        super().put(tenant, texts, keep_for=keep_for)

    def get(self, tenant: str, keys: Sequence[str]) -> dict[str, str]:
        self._check("get")
        return super().get(tenant, keys)

    def touch(self, tenant: str, keys: Sequence[str]) -> frozenset[str]:
        self._check("touch")
        return super().touch(tenant, keys)

    def _check(self, verb: str) -> None:
        if verb in self.broken:
            raise StoreUnavailable(f"{verb} fails")


class Counting(MemoryStore):
    """A real store that notes what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.keys: list[str] = []  # of texts that were asked for

    def secret(self) -> bytes:
        self.asked.append("secret")
        return super().secret()

    def put(self, tenant: str, texts: Mapping[str, str], *, keep_for: timedelta) -> None:
        self.asked.append("put")
        super().put(tenant, texts, keep_for=keep_for)

    def get(self, tenant: str, keys: Sequence[str]) -> dict[str, str]:
        self.asked.append("get")
        self.keys += keys
        return super().get(tenant, keys)

    def touch(self, tenant: str, keys: Sequence[str]) -> frozenset[str]:
        self.asked.append("touch")
        return super().touch(tenant, keys)


def run(
    compressor: Any, *, store: Any = None, text: str = TEXT, policy: Policy | None = None, way: Any = "tool"
) -> Any:
    pipeline = Pipeline([compressor], store or MemoryStore(), policy or Policy())
    return once(pipeline, text, way)


def once(pipeline: Pipeline, text: str = TEXT, way: Any = "tool") -> Any:
    block = Block(place=(0,), role="tool", text=text, tool_name="t")
    shown, (receipt,) = pipeline.run([block], Request("tenant", way, rough_tokens))
    return shown.get((0,)), receipt


def test_a_marker_stands_above_what_an_elided_region_shows() -> None:
    shown, receipt = run(Halves())
    first, rest = shown.split("\n", 1)
    hidden = "lines 101-200 of 200 not shown, original intact; headroom_retrieve"
    assert first == f"[headroom {receipt.handle}: {hidden}]"
    assert rest == TEXT[: len(TEXT) // 2]


def test_an_unproven_equivalent_region_is_shown_verbatim() -> None:
    shown, receipt = run(Halves(fidelity=Fidelity.EQUIVALENT, proven=False))
    assert (shown, receipt.outcome) == (None, Outcome.NO_GAIN)
    assert run(Halves(fidelity=Fidelity.EQUIVALENT))[1].outcome is Outcome.COMPRESSED


def test_an_unsure_claim_leaves_nothing_out() -> None:
    assert run(Halves(sure=0.7))[1].fidelity is Fidelity.VERBATIM
    assert run(Halves(sure=0.8))[1].fidelity is Fidelity.ELIDED
    assert run(Halves(sure=0.4))[1].outcome is Outcome.UNKNOWN_KIND


def test_without_a_way_back_nothing_is_left_out() -> None:
    assert run(Halves(), way="none")[0] is None


def test_a_compressor_that_raises_leaves_the_block_as_it_came(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        shown, receipt = run(Halves(fault=ZeroDivisionError))
    assert (shown, receipt.outcome, receipt.reason) == (None, Outcome.FAILED, "ZeroDivisionError: broken")
    assert len(caplog.records) == 1


def test_one_broken_block_does_not_keep_the_others_from_shrinking() -> None:
    pipeline = Pipeline([Halves(kind="broken", fault=KeyError, sure=0.9), Halves(sure=0.95)], MemoryStore(), Policy())
    assert once(pipeline)[1].outcome is Outcome.COMPRESSED
    pipeline = Pipeline([Halves(kind="broken", fault=KeyError), Halves(sure=0.95)], MemoryStore(), Policy())
    assert once(pipeline)[1].outcome is Outcome.FAILED


def test_a_block_that_takes_too_long_goes_out_as_it_came_for_good() -> None:
    store = MemoryStore()
    shown, receipt = run(Halves(kind="slow"), store=store, policy=Policy(max_block_ms=20))
    assert (shown, receipt.outcome, receipt.reason) == (None, Outcome.OUT_OF_TIME, "took over 20 ms")
    assert run(Halves(), store=store)[1].outcome is Outcome.OUT_OF_TIME


@pytest.mark.parametrize("verb", ["get", "put", "secret"])
def test_a_store_that_fails_leaves_every_new_block_as_it_came(verb: str) -> None:
    text = "[headroom 3f9a1c07be42: parts not shown, original intact; headroom_retrieve]\n" + TEXT
    shown, receipt = run(Halves(), store=Faulty({verb}), text=text)
    assert (shown, receipt.outcome) == (None, Outcome.STORE_DOWN)
    assert receipt.reason == f"{verb} fails"


def test_a_store_that_fails_on_the_way_leaves_the_new_block_as_it_came_and_the_old_one_as_it_was_shown() -> None:
    store = Faulty()
    pipeline = Pipeline([Halves()], store, Policy())
    shown = once(pipeline)[0]
    store.broken = {"touch"}
    blocks = [Block((place,), "tool", text) for place, text in enumerate([TEXT, TEXT * 3])]
    assert pipeline.run(blocks, Request("tenant", "tool", rough_tokens))[0] == {(0,): shown}


def test_a_request_asks_the_store_four_times_at_most() -> None:
    """Each time it may have to wait; so it doesn't ask for every block."""
    store = Counting()
    pipeline = Pipeline([Halves()], store, Policy())
    once(pipeline)
    store.asked.clear()
    blocks = [Block((place,), "tool", TEXT + str(place)) for place in range(30)]
    shown, _ = pipeline.run([Block((99,), "tool", TEXT), *blocks], Request("tenant", "tool", rough_tokens))
    assert len(shown) == 31
    assert store.asked == ["get", "get", "touch", "put"]


@pytest.mark.parametrize(
    ("block", "outcome"),
    [
        (Block((0,), "tool", TEXT, tool_name="t", frozen=True), Outcome.FROZEN),
        (Block((0,), "tool", TEXT, tool_name="secret_files"), Outcome.EXCLUDED),
        (Block((0,), "tool", "halve me\n" * 20, tool_name="t"), Outcome.TOO_SMALL),
    ],
)
def test_for_what_stays_as_it_is_no_handle_is_made(block: Block, outcome: Outcome) -> None:
    """Only what was shown before is asked for, since that holds; there is nothing else to know."""
    store = Counting()
    pipeline = Pipeline([Halves()], store, Policy(exclude_tools=("secret_*",)))
    _, (receipt,) = pipeline.run([block], Request("tenant", "tool", rough_tokens))
    assert receipt.outcome is outcome
    assert store.asked == ["get", "put"]
    assert all(key.startswith("replay:") for key in store.keys)


def test_texts_that_bear_markers_are_asked_for_once_and_together() -> None:
    """Law 7 wants to know whether the store knows their handles: one question for all of them."""
    store = Counting()
    pipeline = Pipeline([Halves()], store, Policy())
    shown, _ = once(pipeline)
    store.asked.clear()
    stranger = "[headroom 3f9a1c07be42: parts not shown, original intact; headroom_retrieve]\n"
    texts = [*(f"{number}: {shown}" for number in range(9)), stranger + TEXT]
    blocks = [Block((place,), "tool", text) for place, text in enumerate(texts)]
    _, receipts = pipeline.run(blocks, Request("tenant", "tool", rough_tokens))
    assert [receipt.outcome for receipt in receipts] == [Outcome.MARKED] * 9 + [Outcome.COMPRESSED]
    assert store.asked == ["get", "get", "put"]


def test_a_kind_that_the_policy_leaves_out_is_left_alone_even_when_it_is_asked_for() -> None:
    pipeline = Pipeline([Halves()], MemoryStore(), Policy(kinds=("json",)))
    request = Request("tenant", "tool", rough_tokens, kind="halves")
    shown, (receipt,) = pipeline.run([Block((0,), "tool", TEXT)], request)
    assert shown == {}
    assert (receipt.outcome, receipt.reason) == (Outcome.EXCLUDED, "the policy leaves content of kind halves alone")


def test_what_went_out_while_the_store_was_down_stays_as_it_came() -> None:
    store = Faulty({"put"})
    pipeline = Pipeline([Halves()], store, Policy())
    assert once(pipeline)[1].outcome is Outcome.STORE_DOWN
    store.broken.clear()
    assert once(pipeline)[0] is None
    assert once(Pipeline([Halves()], store, Policy()))[0] is None, "the decision was not written to the store"


def test_what_another_process_has_shown_wins_over_a_guess_made_while_the_store_was_down() -> None:
    store = Faulty()
    shown = run(Halves(), store=store)[0]
    store.broken = {"get"}
    late = Pipeline([Halves()], store, Policy())
    assert once(late)[0] is None
    store.broken.clear()
    assert once(late)[0] == shown


def test_what_this_process_has_shown_is_shown_while_the_store_is_down() -> None:
    store = Faulty()
    pipeline = Pipeline([Halves()], store, Policy())
    shown = once(pipeline)[0]
    store.broken = {"get", "put", "touch", "secret"}
    assert once(pipeline)[0] == shown


def test_an_original_that_was_evicted_is_put_again_before_its_marker_is_shown() -> None:
    store = MemoryStore()
    pipeline = Pipeline([Halves()], store, Policy())
    shown, receipt = once(pipeline)
    store.purge("tenant")
    assert once(pipeline)[0] == shown
    assert store.get("tenant", [receipt.handle]) == {receipt.handle: TEXT}
    later = Pipeline([Halves(sure=0.0)], store, Policy())
    assert once(later)[0] == shown, "the decision is kept again, too"


def test_a_handle_that_another_text_has_gets_longer() -> None:
    store = MemoryStore()
    short = run(Halves(), store=store)[1].handle
    store.purge("tenant")
    store.put("tenant", {short: "another text"}, keep_for=timedelta(hours=1))
    shown, receipt = run(Halves(), store=store)
    assert receipt.handle.startswith(short)
    assert len(receipt.handle) == 16
    assert receipt.handle in shown
    assert store.get("tenant", [short, receipt.handle]) == {short: "another text", receipt.handle: TEXT}


def test_of_a_mixed_text_every_part_is_shown_by_its_own_compressor() -> None:
    document = '[\n  "halve me",\n' + '  "and again",\n' * 60 + '  "x"\n]\n'
    text = f"$ run\n{document}done\n"

    @dataclass(frozen=True, slots=True)
    class Brackets(Halves):
        kind: str = "brackets"
        fidelity: Fidelity = Fidelity.EQUIVALENT

        def claim(self, text: str) -> float:
            return float(text.startswith("["))

    shown, receipt = run(Brackets(), text=text)
    assert receipt.kind == "brackets"
    assert shown.startswith("$ run\n[")
    assert shown.endswith("done\n")


def test_equal_blocks_are_decided_once() -> None:
    pipeline = Pipeline([Halves()], MemoryStore(), Policy())
    blocks = [Block(place=(index,), role="tool", text=TEXT) for index in range(3)]
    shown, receipts = pipeline.run(blocks, Request("tenant", "tool", rough_tokens))
    assert len(set(shown.values())) == 1
    assert len(shown) == len(receipts) == 3
