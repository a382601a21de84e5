"""What a terminal shows."""

from __future__ import annotations

import pytest
from headroom_core.compressors.logs import Logs
from headroom_core.compressors.logs.terminal import NOTE, on_terminal
from headroom_core.types import Fidelity, Guidance

ESC = "\x1b"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (f"{ESC}[31mred{ESC}[0m", "red"),
        (f"{ESC}[1;38;5;196mred{ESC}[m\n{ESC}]0;title\x07next", "red\nnext"),
        ("10%\r50%\r100%", "100%"),
        ("long text\rshort", "shorttext"),
        (f"long text\r{ESC}[Kshort", "short"),
        ("a\rb\r\nc\r\n", "b\r\nc\r\n"),
        ("plain\r\ntext", "plain\r\ntext"),
        ("done -\x08\\\x08|\x08 ok", "done  ok"),
        ("\x08\x08ab\x08", "ab"),
        ("", ""),
        (f"cut off {ESC}[", f"cut off {ESC}["),
    ],
)
def test_codes_are_gone_and_overdrawn_text_is_overdrawn(text: str, seen: str) -> None:
    assert on_terminal(text) == seen


def test_a_plain_text_is_the_same_object() -> None:
    text = "plain\r\n" * 9
    assert on_terminal(text) is text


def test_the_elided_form_says_that_it_shows_what_a_terminal_does() -> None:
    bars = "".join(f"\r{done:3}% of the model" for done in range(0, 101, 5))
    text = f"start\n{bars}\n" + "".join(
        f"{ESC}[33mstep{ESC}[0m {number} took {number % 9} ms\n" for number in range(900)
    )
    (region,) = Logs().compress(text, Guidance(may_elide=True, level="strong")).regions
    assert region.fidelity is Fidelity.ELIDED
    assert region.shown.startswith(f"{NOTE}\nL1 start\nL2 100% of the model\n")
    assert ESC not in region.shown
    assert region.source == text


def test_the_equivalent_form_keeps_every_code() -> None:
    text = "".join(f"{ESC}[33mstep{ESC}[0m {number} of this run took {number % 9} ms\n" for number in range(90))
    view = Logs().compress(text, Guidance())
    assert view.fidelity is Fidelity.EQUIVALENT
    assert Logs().rebuilds(text, view.shown)
