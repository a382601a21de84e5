"""Cutting a mixed text into parts."""

from __future__ import annotations

import json
from json import JSONDecoder
from typing import Any

import pytest
from headroom_core.router import splitter
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
    text = f"here:\n{DOCUMENT} and more\n"
    assert split(text) == [text]


@pytest.mark.parametrize("around", ["{}", '{{"total": 30, "rows": {}'])
def test_of_a_document_that_was_cut_off_the_whole_elements_are_a_part(around: str) -> None:
    """Tools cut long output off in the middle of a row."""
    whole = around.format(DOCUMENT[: DOCUMENT.index(',\n {\n  "id": 25')])
    rest = ',\n {\n  "id": 25,\n  "na\n[3,000 more characters]\n'
    assert split("$ x\n" + whole + rest) == ["$ x\n", whole, rest]


def test_deep_nesting_is_not_followed() -> None:
    text = "x\n" + "[" * 200_000
    assert split(text) == [text]


@pytest.mark.parametrize("text", ['[["x",\n' * 50_000, "~" * 400_000, "`" * 400_000 + "a"])
def test_many_false_starts_take_linear_time(text: str) -> None:
    """Each line opens a document, or each letter a fence, that fails only at the end of the text: else quadratic."""
    assert split(text) == [text]


@given(st.lists(st.one_of(st.just(DOCUMENT), st.just("\n"), st.text(max_size=20)), max_size=8))
def test_the_parts_joined_are_the_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert "".join(split(text)) == text
    assert len(split(text)) <= 1 or all(split(text))


LOG = "".join(f"2031-02-03 04:05:{number:02} INFO took job {number}\n" for number in range(30))
XML = "<jobs>\n" + "".join(f'  <job id="{number}"><jobs/></job>\n' for number in range(40)) + "</jobs>\n"


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_what_tags_hold_that_stand_alone_is_a_part(line_end: str) -> None:
    """A tool's output between tags is no XML."""
    text = f"<returncode>0</returncode>\n<output>\n{LOG}</output>\n".replace("\n", line_end)
    assert [part[:8] for part in split(text)] == ["<returnc", "2031-02-", "</output"]


def test_xml_keeps_its_tags() -> None:
    assert split("Here:\n" + XML) == ["Here:\n", XML]


def test_what_a_fence_holds_is_a_part() -> None:
    text = f"Words:\n```\n{LOG}```\nmore words\n~~~~log\n{LOG}~~~~\n"
    assert split(text) == ["Words:\n```\n", LOG, "```\nmore words\n~~~~log\n", LOG, "~~~~\n"]


def test_a_fence_that_is_not_closed_holds_nothing() -> None:
    text = f"Words:\n```\n{LOG}"
    assert split(text) == [text]


def test_an_element_is_a_part_up_to_where_it_ends() -> None:
    """Not up to where an element of the same name inside it does."""
    nested = XML.replace("<jobs/>", "<jobs></jobs>")
    for body in (XML, nested, f'<?xml version="1.0"?>\n{nested}'):
        assert split(f"{LOG}{body}{LOG}") == [LOG, body, LOG]
    assert split(f"{LOG}{XML[:-9]}") == [f"{LOG}{XML[:-9]}"]


def test_what_each_command_prints_is_a_part() -> None:
    text = f"$ run\n{LOG}$ ls\na.txt\nme@host:~/shop$ run again\n{LOG}"
    assert split(text) == ["$ run\n", LOG, "$ ls\na.txt\nme@host:~/shop$ run again\n", LOG]


def test_a_document_longer_than_the_first_window_is_found() -> None:
    for rows in (30, 300, 3000):
        document = json.dumps([{"id": number, "name": f"it\\em {number}"} for number in range(rows)]) + "\n"
        assert split(f"a\n{document}b\n") == ["a\n", document, "b\n"]


def test_failed_starts_read_a_bounded_number_of_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the decoder counts the lines in front of it: only those of its window may be there."""
    asked: list[int] = []

    class Counting(JSONDecoder):
        def raw_decode(self, s: str, idx: int = 0) -> tuple[Any, int]:
            asked.append(len(s))
            return super().raw_decode(s, idx)

    monkeypatch.setattr(splitter, "_DECODER", Counting())
    for line in ("[INFO] took job\n", "{x}\n", '["a", 1] and\n', "[1, 2\n", '{"a": "b\n'):
        asked.clear()
        text = line * 4_000
        assert split(text) == [text]
        assert sum(asked) < 400 * 4_000


@pytest.mark.parametrize("opening", ["ROWS = (", "take(", "x = {", 'JOBS = """', "a,", "b = \\", "data: |"])
def test_a_literal_in_code_stays_with_its_statement(opening: str) -> None:
    text = f"import jobs\n{opening}\n{DOCUMENT}\n)\n"
    assert split(text) == [text]


def test_a_number_of_thousands_of_digits_is_no_failure() -> None:
    """Python reads no whole number of more than 4,300 digits, and the splitter needs none read."""
    document = "[\n" + "1" * 5_000 + "\n]\n"
    assert split(f"$ run\n{document}done\n") == ["$ run\n", document, "done\n"]
