"""What hypothesis draws: texts of every family, hurt ones too, and guidance."""

from __future__ import annotations

from random import Random

from headroom_core.compressors.table import COMPRESSORS
from headroom_core.router.route import LEAST_CLAIM
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Compressor, Guidance
from hypothesis import strategies as st

from tests.laws.texts import LONG, MAKERS, WORDS, samples

count = tokenizer_for("gpt-4o").count

# Choice by choice, so that it shrinks to what matters; and from a seed, for texts longer than hypothesis would draw.
_CHOICES = st.tuples(st.randoms(use_true_random=False), st.integers(0, 25)) | st.tuples(
    st.integers(0, 2**32).map(Random), st.integers(0, 400)
)


@st.composite
def made(draw: st.DrawFn, families: tuple[str, ...]) -> str:
    """A text of one of the families, as its maker makes it."""
    maker = MAKERS[draw(st.sampled_from(families))]
    rng, size = draw(_CHOICES)
    return maker(rng, size)


@st.composite
def hurt(draw: st.DrawFn, families: tuple[str, ...]) -> str:
    """Such a text after an accident: cut, with other line ends, something in its middle, or another text behind it."""
    text = draw(made(families))
    start = draw(st.integers(0, len(text)))
    stop = min(len(text), start + draw(st.integers(0, 40)))
    accidents = {
        "cut off": lambda: text[:start],
        "hole": lambda: text[:start] + text[stop:],
        "twice": lambda: text[:stop] + text[start:],
        "put in": lambda: text[:start] + draw(st.text(max_size=9)) + text[start:],
        "carriage returns": lambda: text.replace("\n", "\r\n"),
        "another": lambda: text + draw(st.sampled_from(["", "\n", "\n\n"])) + draw(made(tuple(MAKERS))),
        "marked": lambda: "\ufeff" + text,
    }
    return accidents[draw(st.sampled_from(sorted(accidents)))]()


def texts(families: tuple[str, ...] = tuple(MAKERS)) -> st.SearchStrategy[str]:
    """Any text: of these families twice as often as of all, and now and then what no family has."""
    any_text = st.text(st.characters(exclude_categories=()), max_size=200)
    return st.one_of(made(families), hurt(families), made(tuple(MAKERS)), hurt(tuple(MAKERS)), any_text)


def texts_for(compressor: Compressor) -> st.SearchStrategy[str]:
    """Texts for a compressor: those of its own kind more often than others."""
    return texts(FAMILIES[compressor.kind] or tuple(MAKERS))


def samples_of(compressor: Compressor, size: int = LONG) -> list[str]:
    """The fixed texts that it claims."""
    return [text for found in samples(size).values() for text in found if claims(compressor, text)]


def claims(compressor: Compressor, text: str) -> bool:
    """Whether the text would be read by it."""
    return compressor.claim(text) >= LEAST_CLAIM


FAMILIES = {
    compressor.kind: tuple(name for name, found in samples().items() if any(claims(compressor, text) for text in found))
    for compressor in COMPRESSORS
}
"""The families that each kind claims."""


def guidances() -> st.SearchStrategy[Guidance]:
    """Any guidance; counted with the real tokenizer."""
    question = st.just("") | st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
    return st.builds(
        Guidance,
        question=question,
        origin=question,
        level=st.sampled_from(["light", "balanced", "strong"]),
        budget=st.none() | st.integers(0, 3000),
        may_elide=st.booleans(),
        count=st.just(count),
    )
