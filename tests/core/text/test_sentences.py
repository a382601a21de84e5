"""Sentences end where readers hear them end; where that is open, two stay one."""

from __future__ import annotations

import pytest
from headroom_core.text.sentences import LONGEST, split_sentences
from hypothesis import given
from hypothesis import strategies as st


@given(
    st.text() | st.lists(st.sampled_from([". ", "! A", "? ", "…\n", "。", "”", "`", "Dr. ", "1. ", "a"])).map("".join)
)
def test_joined_they_are_the_text(text: str) -> None:
    """Nothing is lost at a border, and none is empty."""
    sentences = split_sentences(text)
    assert "".join(sentences) == text
    assert all(sentences)


@pytest.mark.parametrize(
    "sentences",
    [
        ["It rained. ", "Then it stopped."],
        ["Was it wet? ", "Yes! ", "Very…\n", "We left."],
        ['He said "No." ', "Then he left. ", "(It was late.) ", "Nobody saw."],
        ["A claim.[12] ", "Another one.[citation needed] ", "The rest."],
        ["It costs 3.5 pounds. ", "7 people paid."],
        ["See `a. B` first. ", "Then go on."],
        ["今日は晴れです。", "明日は雨でしょう！", "本当？", "はい。"],
        ["他说：“来。”", "她来了。"],
        ["यह पहला है। ", "यह दूसरा है।"],
    ],
    ids=lambda sentences: sentences[0],
)
def test_a_sentence_ends_at_its_mark(sentences: list[str]) -> None:
    """Marks, what closes behind them, and scripts that set no blank."""
    assert split_sentences("".join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentence",
    [
        "Dr. Smith of the U.S. Army met J. R. Doe, e.g. on Jan. 3, at 5 p.m. in the hall.",
        "Siehe Abs. 3, d. h. den Nr. 4 ff. genannten.",
        "1. Open the lid.",
        "Version 1.2.3 of lib.so and http://host/a.b?c=D are fine.",
        "It ended... and went on.",
    ],
)
def test_other_full_stops_end_nothing(sentence: str) -> None:
    """Abbreviations, initials, numbers, names of files: half a sentence says something else than a whole one."""
    assert split_sentences(sentence) == [sentence]


def test_what_never_ends_is_cut_between_words() -> None:
    """A list of a thousand words without a full stop isn't shown or hidden as a whole."""
    pieces = split_sentences("word " * 1000)
    assert max(map(len, pieces)) <= LONGEST
    assert all(piece.endswith("word ") for piece in pieces)
    assert split_sentences("x" * (LONGEST + 1)) == ["x" * LONGEST, "x"]
