"""A document's units, by the looks of its lines."""

from __future__ import annotations

import pytest
from headroom_core.compressors.prose.reading import LONG_CODE, Role, read_units
from headroom_core.types import no_deadline
from hypothesis import given

from tests.core.compressors.prose.material import manual
from tests.laws.strategies import texts


def units(text: str) -> list[tuple[str, str]]:
    """Role and letters of each unit, white space around them left out."""
    return [(unit.role.value, text[unit.start : unit.end].strip()) for unit in read_units(text, no_deadline)]


@given(text=texts(("prose", "torture")))
def test_joined_they_are_the_text(text: str) -> None:
    """No gap, no overlap, in order, whatever comes in."""
    found = read_units(text, no_deadline)
    assert "".join(text[unit.start : unit.end] for unit in found) == text
    assert all(unit.start < unit.end for unit in found)
    assert [unit.block for unit in found] == sorted(unit.block for unit in found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# One\ntwo\n", [("heading", "# One"), ("text", "two")]),
        ("One\n===\n\ntwo\nthree\n", [("heading", "One\n==="), ("text", "two\nthree")]),
        ("**Note:**\none\n", [("heading", "**Note:**"), ("text", "one")]),
        ("OPTIONS:\n    -a  all\n", [("heading", "OPTIONS:"), ("text", "-a  all")]),
        ("- one\n  and on\n- two\n1. three\n", [("item", "- one\n  and on"), ("item", "- two"), ("item", "1. three")]),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n", [("row", "| a | b |"), ("row", "|---|---|"), ("row", "| 1 | 2 |")]),
        ("see\n```sh\nx\n\n# y\n```\nthen\n", [("text", "see"), ("code", "```sh\nx\n\n# y\n```"), ("text", "then")]),
        ("~~~\n```\n~~~~\nthen\n", [("code", "~~~\n```\n~~~~"), ("text", "then")]),
        ("```\nnever closed\n\n# x\n", [("code", "```\nnever closed\n\n# x")]),
        (
            "Like this::\n\n    x = 1\n\n    y = 2\n\nThen.\n",
            [("text", "Like this::"), ("code", "x = 1\n\n    y = 2"), ("text", "Then.")],
        ),
        ("$ run\n$ stop\n\n>>> 1 + 1\n", [("code", "$ run\n$ stop"), ("code", ">>> 1 + 1")]),
        ("a\n\n---\n\nb\n", [("text", "a"), ("text", "---"), ("text", "b")]),
    ],
)
def test_a_line_says_by_its_looks_what_it_is(text: str, found: list[tuple[str, str]]) -> None:
    assert units(text) == found
    assert units(text.replace("\n", "\r\n")) == [(role, said.replace("\n", "\r\n")) for role, said in found]


def test_long_paragraphs_are_cut_into_sentences_and_short_ones_are_not() -> None:
    assert units("One. Two.") == [("text", "One. Two.")]
    assert [role for role, _ in units("This is a sentence of some length. " * 8)] == ["text"] * 8


BODY = "A passage says something about the thing that was looked for, and goes on for a while. " * 4


@pytest.mark.parametrize(
    "label",
    [
        "[{}]",
        "[{}]:",
        "Document {}:",
        "Document [{}](Title: Pumps)",
        "### Source {}:",
        "Result {} -",
        "**Chunk {}:**",
        "doc #{}:",
    ],
)
def test_labels_of_passages_are_units(label: str) -> None:
    """In the spellings of the frameworks that put passages together."""
    text = "\n\n".join(f"{label.format(number)} {BODY}" for number in (1, 2, 3))
    assert [said for role, said in units(text) if role == "label"] == [label.format(number) for number in (1, 2, 3)]
    alone = "\n\n".join(f"{label.format(number)}\n{BODY}" for number in (1, 2, 3))
    assert [said for role, said in units(alone) if role == "label"] == [label.format(number) for number in (1, 2, 3)]


def test_references_are_no_passages() -> None:
    """A list of a hundred of them would else be kept for its labels."""
    text = manual(1) + "\n".join(f"[{number}] A. Author, A title, 1999." for number in range(1, 60))
    assert "label" not in {role for role, _ in units(text)}


def test_a_listing_is_cut_and_code_is_not() -> None:
    """A block of code is copied as a whole or not at all; nobody copies a dump."""
    line = "x = compute(1, 2, 3)\n"
    few, many = LONG_CODE // len(line) - 5, LONG_CODE // len(line) + 5
    assert [role for role, _ in units(f"```\n{line * few}```\n")] == [Role.CODE]
    parts = units(f"```\n{line * many}```\n\n")
    assert len(parts) > 3
    assert parts[-1] == ("code", "```")
