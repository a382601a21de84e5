"""Texts made to hurt the notation: of its own marks, of two formats of time, of digits that are none, of blanks."""

from __future__ import annotations

import random

import pytest
from headroom_core.compressors.logs import Logs
from headroom_core.compressors.logs.decoder import decode
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Fidelity, Guidance
from hypothesis import given
from hypothesis import strategies as st

COUNT = tokenizer_for("gpt-4o").count
HEADER = "[log: A=pattern, then rows A,values; {}=value]"
PIECES = [
    *[
        "A",
        "B",
        "AA",
        ",",
        "\\",
        "\\A,1",
        "A,1",
        "A=",
        "=",
        "|",
        "||",
        "T",
        "{}",
        "{1}",
        "{>9}",
        "{:3}",
        "<>",
        "<1>",
        "»",
    ],
    *[" ", "  ", "     ", "\t", "\r", "\0", "\x01", "\x0b", "\x85", "\u2028", "\ud800", "é", "漢", "٣", "½", HEADER],
    *["7", "12", "003", "-5", "3.5", "1.2.3.4:80", "2031-02-03", "04:05:06", "4:5:6:7", ",100", "deadbeef01", "0x1f"],
    *[
        "error",
        "FAILED",
        "took",
        "job",
        "job_",
        "/srv/a/",
        "/srv/b1",
        "x=1",
        "[a]",
        '"q"',
        "::",
        "~~~",
        "\x1b[31m",
        "é1",
    ],
]


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Lines of a few patterns, with other values in each, and now and then a line of none."""
    line = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
    patterns = draw(st.lists(line, min_size=1, max_size=4))
    chooser = draw(st.randoms(use_true_random=False))
    lines = []
    for _ in range(draw(st.integers(1, 40))):
        made = chooser.choice(patterns).replace("12", str(chooser.randint(0, 4000)))
        made = made.replace("job", chooser.choice(["job", "a", "b c", "x1"])).replace(
            "     ", " " * chooser.randint(1, 6)
        )
        lines.append(made)
        if chooser.random() < 0.1:
            lines.append(draw(line))
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines) + draw(st.sampled_from(["", "\n", "\n\n"]))


def check(text: str, guidance: Guidance) -> None:
    view = Logs().compress(text, guidance)
    assert view.source == text
    if view.fidelity is Fidelity.EQUIVALENT:
        assert decode(view.shown) == text
        assert guidance.count(view.shown) < guidance.count(text)
    elif view.fidelity is Fidelity.VERBATIM:
        assert view.shown == text
    else:
        assert view.shown.strip()
        assert guidance.count(view.shown) < guidance.count(text)


@given(text=texts())
def test_no_text_breaks_the_equivalent_form(text: str) -> None:
    check(text, Guidance(count=COUNT))


@given(text=texts(), budget=st.integers(0, 200), question=st.sampled_from(["", "job 12", "λ", "A,1 took"]))
def test_no_text_breaks_the_elided_form(text: str, budget: int, question: str) -> None:
    check(text, Guidance(count=COUNT, may_elide=True, budget=budget, question=question))


@given(text=texts() | st.text(st.characters(exclude_categories=())))
def test_any_text_can_be_weighed_and_any_text_can_be_read_back(text: str) -> None:
    assert 0 <= Logs().claim(text) <= 1
    Logs().rebuilds(text, text)
    Logs().rebuilds(text, f"{HEADER}\n{text}")


def test_it_does_encode_texts_like_these() -> None:
    """Else the tests above would hold for a compressor that never does anything."""
    chooser, encoded = random.Random(5), 0
    for _ in range(50):
        pattern = "".join(chooser.choice(PIECES) for _ in range(9))
        text = "".join(f"{pattern} took 04:05:{number:02} {number * 7}\n" for number in range(30))
        encoded += Logs().compress(text, Guidance(count=COUNT)).fidelity is Fidelity.EQUIVALENT
    assert encoded > 30


@pytest.mark.long
def test_a_hundred_thousand_texts() -> None:
    chooser = random.Random(1)
    for _ in range(100_000):
        patterns = ["".join(chooser.choice(PIECES) for _ in range(chooser.randint(0, 8))) for _ in range(4)]
        lines = [
            chooser.choice(patterns).replace("12", str(chooser.randint(0, 99))) for _ in range(chooser.randint(1, 30))
        ]
        text = chooser.choice(["\n", "\r\n"]).join(lines) + chooser.choice(["", "\n"])
        check(text, Guidance(count=COUNT, may_elide=chooser.random() < 0.5, budget=chooser.choice([None, 50])))
