"""The laws of every compressor in the table, over texts of every family, its own more often than others'."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import pytest
from headroom_core.compressors.table import COMPRESSORS
from headroom_core.errors import OutOfTime
from headroom_core.router.route import SURE
from headroom_core.text.lines import split_lines
from headroom_core.text.rows import rows_of
from headroom_core.types import Compressor, Fidelity, Guidance, Hidden, Level, Region
from hypothesis import given
from hypothesis import strategies as st

from tests.house import ROOT
from tests.laws.strategies import count, guidances, samples_of, texts_for

LEVELS: tuple[Level, ...] = ("balanced", "strong")
PROBES = 24  # characters of what is shown that are changed, one at a time
NOTICED = 0.75  # of them, at least: the others stand in words that only explain, or spell a number twice

every_compressor = pytest.mark.parametrize("compressor", COMPRESSORS, ids=lambda each: each.kind)


@every_compressor
@given(data=st.data())
def test_regions_partition_the_source(compressor: Compressor, data: st.DataObject) -> None:
    """Whatever is shown, nothing of the source is unaccounted for; and no text raises."""
    text, guidance = data.draw(texts_for(compressor)), data.draw(guidances())
    assert compressor.compress(text, guidance).source == text


@every_compressor
@given(data=st.data())
def test_verbatim_is_verbatim(compressor: Compressor, data: st.DataObject) -> None:
    """A region that says it shows the same letters does."""
    text, guidance = data.draw(texts_for(compressor)), data.draw(guidances())
    for region in compressor.compress(text, guidance).regions:
        if region.fidelity is Fidelity.VERBATIM:
            assert region.shown == region.source
            assert region.hidden is None


@every_compressor
@given(data=st.data())
def test_a_claim_is_a_share_and_lasts(compressor: Compressor, data: st.DataObject) -> None:
    """Between 0 and 1, of any text, and the same when asked again."""
    text = data.draw(texts_for(compressor))
    claim = compressor.claim(text)
    assert 0 <= claim <= 1
    assert compressor.claim(_copy(text)) == claim


@every_compressor
@given(data=st.data())
def test_same_in_same_out(compressor: Compressor, data: st.DataObject) -> None:
    """A provider's cached prefix stands or falls with it: nothing but the text and the guidance counts."""
    text, guidance = data.draw(texts_for(compressor)), data.draw(guidances())
    first = compressor.compress(text, guidance)
    compressor.compress(data.draw(texts_for(compressor)), guidance)
    assert compressor.compress(_copy(text), guidance) == first


@every_compressor
@given(data=st.data())
def test_an_equivalent_region_is_rebuilt(compressor: Compressor, data: st.DataObject) -> None:
    """A decoder that sees only what is shown gives back the facts: else the region is shown as it came, for nothing."""
    text, guidance = data.draw(texts_for(compressor)), data.draw(guidances())
    for region in _equivalent(compressor, text, guidance):
        assert compressor.rebuilds(region.source, region.shown)


@every_compressor
def test_a_changed_character_is_noticed(compressor: Compressor) -> None:
    """The check before a region is handed out is one: it sees a letter that became another."""
    tried = noticed = 0
    elides = False  # some kinds have no equivalent form: they leave out, or leave alone
    for text in samples_of(compressor, size=80):
        for level in LEVELS:
            guidance = Guidance(level=level, may_elide=True, budget=10**9, count=count)
            for region in _equivalent(compressor, text, guidance):
                changed = _changed(region.shown)
                tried += len(changed)
                noticed += sum(not compressor.rebuilds(region.source, shown) for shown in changed)
        elides |= compressor.compress(text, Guidance(may_elide=True, budget=1)).fidelity is Fidelity.ELIDED
    assert tried or elides, "no sample of its own is shown in another form"
    assert noticed >= NOTICED * tried


@every_compressor
@given(data=st.data())
def test_the_decoder_takes_any_text(compressor: Compressor, data: st.DataObject) -> None:
    """It says no; it doesn't raise. What it reads may be anything that a fault of ours has made of a text."""
    text, guidance = data.draw(texts_for(compressor)), data.draw(guidances())
    other = data.draw(texts_for(compressor))
    regions = _equivalent(compressor, text, guidance) or [Region.verbatim(text)]
    for region in regions:
        cut = data.draw(st.integers(0, len(region.shown)))
        for shown in (region.shown[:cut], region.shown[:cut] + other, other):
            assert compressor.rebuilds(region.source, shown) in (True, False)


@every_compressor
@given(data=st.data())
def test_facts_are_left_out_once_and_only_where_they_may_be(compressor: Compressor, data: st.DataObject) -> None:
    """One marker a text is all that a model should have to read; and none where nobody would answer."""
    text, guidance = data.draw(texts_for(compressor)), data.draw(guidances())
    found = [region.fidelity for region in compressor.compress(text, guidance).regions]
    assert found.count(Fidelity.ELIDED) <= guidance.may_elide


@every_compressor
@given(data=st.data())
def test_hidden_ranges_are_those_that_can_be_asked_for(compressor: Compressor, data: st.DataObject) -> None:
    """Ascending, apart, within the source, and counted as `headroom_retrieve` counts: else they name other rows."""
    text = data.draw(texts_for(compressor))
    guidance = replace(data.draw(guidances()), may_elide=True)
    for region in compressor.compress(text, guidance).regions:
        if region.hidden is not None:
            assert region.fidelity is Fidelity.ELIDED
            check_hidden(region.hidden, text)


def check_hidden(hidden: Hidden, text: str) -> None:
    """Whether a reader who asks for these ranges gets what isn't shown."""
    assert hidden.ranges
    assert all(1 <= first <= last <= hidden.total for first, last in hidden.ranges)
    assert all(after[0] > before[1] for before, after in pairwise(hidden.ranges))
    units = {"lines": len(split_lines(text)), "rows": sum(len(array.rows) for array in rows_of(text))}
    assert hidden.total == units[hidden.unit]


@every_compressor
def test_long_texts_of_its_own_are_shortened(compressor: Compressor) -> None:
    """The laws above hold for a compressor that does nothing, too: these texts see to it that it isn't that one."""
    guidance = Guidance(may_elide=True, count=count)
    found = [(compressor.claim(text), compressor.compress(text, guidance).fidelity) for text in samples_of(compressor)]
    assert any(fidelity is not Fidelity.VERBATIM for _, fidelity in found)
    assert any(claim >= SURE for claim, _ in found)


@every_compressor
def test_time_is_asked_for_on_long_texts_and_its_end_comes_through(compressor: Compressor) -> None:
    """A loop that never asks holds up a whole server; a swallowed answer does so twice."""
    for text in samples_of(compressor):
        ticks = _count_ticks(compressor, text, None)
        assert ticks > 0
        for last in {1, ticks // 2 + 1, ticks}:
            with pytest.raises(OutOfTime):
                _count_ticks(compressor, text, last)


def _count_ticks(compressor: Compressor, text: str, last: int | None) -> int:
    """How often the time is asked for; at the `last` time it is up."""
    ticks = 0

    def tick() -> None:
        nonlocal ticks
        ticks += 1
        if ticks == last:
            raise OutOfTime

    compressor.compress(text, Guidance(may_elide=True, count=count, tick=tick))
    return ticks


_DIGEST = """
from hashlib import sha256
from headroom_core.compressors.table import COMPRESSORS
from headroom_core.types import Guidance
from tests.laws.strategies import samples_of
for compressor in COMPRESSORS:
    for text in samples_of(compressor):
        for level in ("balanced", "strong"):
            view = compressor.compress(text, Guidance(question="why did the payment fail", level=level, may_elide=True))
            print(compressor.kind, sha256(repr(view).encode()).hexdigest())
"""


def test_same_in_same_out_in_any_process() -> None:
    """No order of a set gets in: each process hashes strings in its own way."""
    said = [
        subprocess.run(
            [sys.executable, "-c", _DIGEST],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0] == said[1]
    assert {line.split()[0] for line in said[0].splitlines()} == {each.kind for each in COMPRESSORS}


def _equivalent(compressor: Compressor, text: str, guidance: Guidance) -> list[Region]:
    regions = compressor.compress(text, guidance).regions
    return [region for region in regions if region.fidelity is Fidelity.EQUIVALENT]


def _changed(shown: str) -> list[str]:
    """The text with one of its letters or digits changed, at places all over it."""
    places = [place for place, letter in enumerate(shown) if letter.isalnum()]
    return [
        shown[:place] + ("Q" if shown[place] == "7" else "7") + shown[place + 1 :]
        for place in places[:: max(1, len(places) // PROBES)]
    ]


def _copy(text: str) -> str:
    """An equal text that is another object."""
    return "".join([text[: len(text) // 2], text[len(text) // 2 :]])
