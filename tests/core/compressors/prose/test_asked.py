"""Which words of a question, and of a call, choose sentences?"""

from __future__ import annotations

import pytest
from headroom_core.compressors.prose.asked import MOST_WORDS, asked_words


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What is in it?", ""),
        ("", ""),
        ("Summarise the document.", ""),
        ("Why doesn't the pump start?", "doesn't pump start?"),
        ("When was E.I. du Pont founded, and by whom?", "E.I. du Pont founded,"),
        ("pump pump PUMP", "pump PUMP"),
        ("¿?! … --", ""),
    ],
)
def test_words_that_every_question_has_are_left_out(question: str, words: str) -> None:
    assert asked_words(question, "") == words


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        ('search {"query": "oil of the crane", "limit": 5}', "oil crane"),
        ('web {"search_query": "crane oil"}', "crane oil"),
        ('read_file {"path": "/docs/crane.md"}', ""),
        ("read crane.md", ""),
        ('search {"query": "cut off', ""),
        ('search {"query": ["crane"]}', ""),
        ("[" * 10_000 + "{" + "[" * 10_000, ""),
    ],
)
def test_a_call_asks_by_what_it_searches_for(origin: str, words: str) -> None:
    """A path is no question, though its words stand all over the file."""
    assert asked_words("", origin) == words


def test_of_a_long_task_only_the_beginning_is_asked() -> None:
    """A pasted file in a message isn't what the message asks for."""
    assert len(asked_words(" ".join(f"word{number}" for number in range(9_000)), "").split()) == MOST_WORDS
