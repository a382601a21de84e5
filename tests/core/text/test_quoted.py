"""The text inside a JSON string, and the document around it."""

from __future__ import annotations

import json

import pytest
from headroom_core.text.quoted import quoted_in
from hypothesis import given
from hypothesis import strategies as st

LOG = "".join(f'2031-02-03 04:05:06 INFO "took" C:\\jobs\\{number} <é> \t\n' for number in range(40))


@pytest.mark.parametrize(
    "document",
    [
        json.dumps({"exit_code": 1, "stdout": LOG, "stderr": ""}),
        json.dumps({"stdout": LOG}, ensure_ascii=False, indent=2) + "\n",
        json.dumps([{"type": "text", "text": LOG}]),
        json.dumps({"out": LOG}, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e"),
    ],
)
def test_the_string_that_is_most_of_a_document_is_found_and_spelled_again(document: str) -> None:
    found = quoted_in(document)
    assert found is not None
    assert found.text == LOG
    assert found.spell(LOG) == document
    assert json.loads(found.spell("shorter\n")) != json.loads(document)


@pytest.mark.parametrize(
    "document",
    [
        "",
        LOG,
        json.dumps({"a": LOG, "b": LOG}),  # neither is most of it
        json.dumps({"a": "one line"}),
        json.dumps({"a": LOG})[:-2],  # cut off
        json.dumps({"a": LOG}).replace("\\t", "\\u0009"),  # not as anybody would spell it again
        "{" + json.dumps(LOG) + "}",
        "[" + "\\n" * 400,
        '["' + '\\"' * 4000 + "\\n" * 20,
    ],
)
def test_nothing_else_is(document: str) -> None:
    assert quoted_in(document) is None


@given(st.text(st.characters(exclude_categories=()), max_size=40), st.booleans())
def test_whatever_the_string_says(line: str, ensure_ascii: bool) -> None:
    document = json.dumps({"a": (line + "\n") * 40}, ensure_ascii=ensure_ascii)
    found = quoted_in(document)
    if found is not None:
        assert found.text == (line + "\n") * 40
        assert found.spell(found.text) == document


def test_a_document_inside_a_string_is_no_text() -> None:
    assert quoted_in(json.dumps({"stdout": json.dumps([{"id": n} for n in range(40)], indent=2)})) is None
