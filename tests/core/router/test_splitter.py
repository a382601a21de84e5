"""Cutting a mixed text into parts."""

from __future__ import annotations

import json

from headroom_core.router.splitter import split
from hypothesis import given
from hypothesis import strategies as st

DOCUMENT = json.dumps([{"id": number, "name": f"item {number}"} for number in range(30)], indent=1)


def test_a_document_between_lines_is_a_part() -> None:
    text = f"$ curl /items\n{DOCUMENT}\nexit code 0\n"
    assert split(text) == ["$ curl /items\n", DOCUMENT + "\n", "exit code 0\n"]


def test_a_document_in_a_fence_is_a_part() -> None:
    text = f"Here:\n```json\n{DOCUMENT}\n```\nDone."
    assert [part[:4] for part in split(text)] == ["Here", "[\n {", "```\n"]


def test_a_document_that_goes_on_within_a_line_is_not_cut_out() -> None:
    text = f"$ x\n{DOCUMENT} and more\n"
    assert split(text) == [text]


def test_a_cut_off_document_stays_with_its_lines() -> None:
    text = "$ x\n" + DOCUMENT[:-1]
    assert "".join(split(text)) == text


def test_deep_nesting_is_not_followed() -> None:
    text = "x\n" + "[" * 200_000
    assert split(text) == [text]


def test_many_false_starts_take_linear_time() -> None:
    """Each line opens a document that only fails at the end of the text: without an allowance, quadratic."""
    text = '[["x",\n' * 50_000
    assert split(text) == [text]


@given(st.lists(st.one_of(st.just(DOCUMENT), st.just("\n"), st.text(max_size=20)), max_size=8))
def test_the_parts_joined_are_the_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert "".join(split(text)) == text
    assert len(split(text)) <= 1 or all(split(text))
