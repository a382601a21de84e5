"""A hundred thousand documents for the kinds that read what people and machines write by hand: none raises.

Made by rule from seeds, hurt at random; what is drawn by hypothesis elsewhere is smaller, and shrinks.
"""

from __future__ import annotations

from random import Random

import pytest
from headroom_core.compressors.table import COMPRESSORS
from headroom_core.types import Compressor, Fidelity, Guidance, Level

from tests.laws.strategies import FAMILIES, count
from tests.laws.texts import AWKWARD, MAKERS, WORDS

MANY = 100_000
KINDS = ("code", "config", "html")
LEVELS: tuple[Level, ...] = ("light", "balanced", "strong")

by_kind = pytest.mark.parametrize(
    "compressor", [each for each in COMPRESSORS if each.kind in KINDS], ids=lambda c: c.kind
)


@by_kind
def test_no_document_raises(compressor: Compressor) -> None:
    """A few of the many, every time."""
    _read_documents(compressor, range(60))


@pytest.mark.long
@by_kind
def test_none_of_a_hundred_thousand_documents_raises(compressor: Compressor) -> None:
    """Of all kinds together so many."""
    _read_documents(compressor, range(MANY // len(KINDS) + 1))


def test_a_document_that_comes_back_otherwise_is_noticed() -> None:
    """The check is one."""

    class Forgetful:
        kind = "code"

        def claim(self, text: str) -> float:
            return float(bool(text))

        def compress(self, text: str, guidance: Guidance) -> object:
            return compressor.compress(text[:-1], guidance)

    compressor = next(each for each in COMPRESSORS if each.kind == "code")
    with pytest.raises(AssertionError):
        _read_documents(Forgetful(), range(9))  # type: ignore[arg-type]  # what is wrong with it is the point


def _read_documents(compressor: Compressor, seeds: range) -> None:
    families = FAMILIES[compressor.kind]
    for seed in seeds:
        rng = Random(f"{compressor.kind} {seed}")
        text = _document(rng, rng.choice(families) if rng.randint(0, 3) else rng.choice(sorted(MAKERS)))
        guidance = Guidance(
            question=" ".join(rng.choices(WORDS, k=4)),
            level=rng.choice(LEVELS),
            budget=rng.choice([None, 40, 400]),
            may_elide=rng.random() < 0.7,
            pages=rng.choice(["auto", "read", "act", "visible"]),
            count=count,
        )
        compressor.claim(text)
        view = compressor.compress(text, guidance)
        assert view.source == text, seed
        for region in view.regions:
            if region.fidelity is Fidelity.EQUIVALENT:
                assert compressor.rebuilds(region.source, region.shown), seed
            if region.fidelity is Fidelity.ELIDED:
                assert guidance.may_elide, seed


def _document(rng: Random, family: str) -> str:
    """A text of the family, after up to three accidents."""
    text = MAKERS[family](rng, rng.randint(0, 60))
    for _ in range(rng.randint(0, 3)):
        at = rng.randint(0, len(text))
        until = min(len(text), at + rng.randint(0, 60))
        text = rng.choice(
            [
                text[:at] + text[until:],
                text[:until] + text[at:],
                text[:at] + rng.choice(AWKWARD) + text[at:],
                text.replace("\n", "\r\n", rng.randint(0, 9)),
                text[:at],
            ]
        )
    return text
