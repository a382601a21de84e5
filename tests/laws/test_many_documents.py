"""A hundred thousand documents a kind: none raises, none grows, all come back.

Goldens, which read like what people and machines write, and texts made by rule, hurt at random from seeds; what is
drawn by hypothesis elsewhere is smaller, and shrinks.
"""

from __future__ import annotations

import re
from random import Random

import pytest
from headroom_core import Headroom, Policy
from headroom_core.compressors.table import COMPRESSORS
from headroom_core.types import Compressor, Fidelity, Guidance, Level, Outcome

from tests.laws.strategies import FAMILIES, count
from tests.laws.texts import AWKWARD, MAKERS, WORDS
from tests.test_golden import GOLDEN, fences

MANY = 100_000
LEVELS: tuple[Level, ...] = ("light", "balanced", "strong")
WRITTEN = {
    each.kind: [fences(page.read_text("utf-8"))[0].text for page in sorted((GOLDEN / each.kind).glob("*.md"))]
    for each in COMPRESSORS
}
ANY_WRITTEN = [text for texts in WRITTEN.values() for text in texts]

by_kind = pytest.mark.parametrize("compressor", COMPRESSORS, ids=lambda c: c.kind)


@by_kind
def test_no_document_raises(compressor: Compressor) -> None:
    """A few of the many, every time."""
    _read_documents(compressor, range(20))


@pytest.mark.long
@by_kind
def test_none_of_a_hundred_thousand_documents_raises(compressor: Compressor) -> None:
    """The same, of each kind so many."""
    _read_documents(compressor, range(MANY))


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
    headrooms = {level: Headroom("memory://", Policy(level=level, min_tokens=0)) for level in LEVELS}
    for seed in seeds:
        rng = Random(f"{compressor.kind} {seed}")
        text = _document(rng, compressor.kind)
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
        _send(headrooms[guidance.level], text, guidance, compressor.kind if rng.random() < 0.5 else None)


def _send(headroom: Headroom, text: str, guidance: Guidance, kind: str | None) -> None:
    """The way of the text through the whole, as its kind or as what it is taken for."""
    shown = headroom.shrink(
        text,
        kind=kind,
        question=guidance.question,
        budget=guidance.budget,
        retrieval="tool" if guidance.may_elide else "none",
    )
    assert shown.receipt.outcome is not Outcome.FAILED, shown.receipt.reason
    assert shown.receipt.tokens_after <= shown.receipt.tokens_before
    if shown.receipt.handle:
        assert headroom.retrieve(shown.receipt.handle).text == text
    else:
        assert shown.text == text


def _document(rng: Random, kind: str) -> str:
    """A text of the kind, now and then of another, after up to three accidents."""
    own = rng.random() < 0.75
    if rng.random() < 0.5:
        text = rng.choice(WRITTEN[kind] if own else ANY_WRITTEN)
    else:
        text = MAKERS[rng.choice(FAMILIES[kind] if own else sorted(MAKERS))](rng, rng.randint(0, 60))
    for _ in range(rng.randint(0, 3)):
        text = (_hurt_letters if rng.random() < 0.5 else _hurt_lines)(rng, text)
    return text


def _hurt_letters(rng: Random, text: str) -> str:
    at = rng.randint(0, len(text))
    until = min(len(text), at + rng.randint(0, 60))
    return rng.choice(
        [
            text[:at] + text[until:],
            text[:until] + text[at:],
            text[:at] + rng.choice(AWKWARD) + text[at:],
            text.replace("\n", "\r\n", rng.randint(0, 9)),
            text[:at],
            text[:at]
            + re.sub("[0-9]+", lambda _: rng.choice(["0", "7", "08", "31415926"]), text[at:until])
            + text[until:],
        ]
    )


def _hurt_lines(rng: Random, text: str) -> str:
    lines = text.split("\n")
    at, until = sorted(rng.choices(range(len(lines) + 1), k=2))
    between = lines[at:until]
    changed = rng.choice(
        [
            [],
            between[::-1],
            between * rng.randint(2, 9),
            ["  " + line for line in between],
            [line.strip() for line in between],
            [*between, *rng.choice(ANY_WRITTEN).split("\n")[: rng.randint(1, 9)]],
        ]
    )
    return "\n".join([*lines[:at], *changed, *lines[until:]])
