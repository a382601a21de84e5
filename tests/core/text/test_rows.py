"""The rows of a JSON text, as `headroom_retrieve` counts them."""

import json
from typing import Any

import pytest
from headroom_core.text.rows import MAX_DEPTH, Rows, members, rows_of
from hypothesis import given
from hypothesis import strategies as st

ROWS = [f'{{"id": {n},  "name":"n{n}"}}' for n in range(6)]


def test_the_elements_of_an_array_are_its_rows_letter_for_letter() -> None:
    text = "[" + " ,\n".join(ROWS) + "]\n"
    found = rows_of(text)
    assert found == Rows("", tuple(ROWS), "array", 0, len(text) - 1)


def test_the_biggest_array_inside_a_document_is_found_with_its_path() -> None:
    text = f'{{"total": 6, "few": [1,2,3,4,5], "data": {{"odd key": [{{"items": [{",".join(ROWS)}]}}]}}}}'
    found = rows_of(text)
    assert found is not None
    assert found.rows == tuple(ROWS)
    assert found.path == 'data["odd key"][0].items'
    assert found.steps == ("data", "odd key", 0, "items")
    assert text[found.start : found.end] == f"[{','.join(ROWS)}]"


def test_an_array_that_holds_others_is_taken_whole() -> None:
    text = json.dumps([{"id": n, "tags": ["x"] * 50} for n in range(5)])
    found = rows_of(text)
    assert found is not None
    assert len(found.rows) == 5


def test_like_members_of_an_object_are_records() -> None:
    members = [f'"2024-05-0{n}": {{"status": "landed", "gate": {n}}}' for n in range(1, 8)]
    found = rows_of("{" + ", ".join(members) + "}")
    assert found is not None
    assert found.form == "records"
    assert found.rows == tuple(members)


def test_sections_that_are_not_alike_are_no_records() -> None:
    text = json.dumps({name: {f"{name}_setting": 1} for name in ("web", "db", "mail", "log", "disk")})
    assert rows_of(text) is None


def test_documents_one_after_the_other_are_rows() -> None:
    lines = "\n".join(ROWS) + "\n"
    pretty = "".join(json.dumps(json.loads(row), indent=1) for row in ROWS)
    assert rows_of(lines) == Rows("", tuple(ROWS), "documents", 0, len(lines))
    found = rows_of("\ufeff" + pretty)
    assert found is not None
    assert len(found.rows) == 6


def test_a_few_documents_are_searched_like_a_document() -> None:
    found = rows_of(f'{{"page": 1}}\n{{"items": [{",".join(ROWS)}]}}')
    assert found is not None
    assert (found.path, len(found.rows)) == ("[1].items", 6)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "no",
        "7",
        '"text"',
        "[1,2",
        "[1,2,3,4,5,]",
        "[]",
        '{"a": 1}',
        "[1,2,3,4]",
        "[1,2,3,4,5] tail",
        "{]",
        "[NaN",
    ],
)
def test_what_has_no_rows_gives_none(text: Any) -> None:
    assert rows_of(text) is None


@pytest.mark.parametrize("text", ["[" * 10_000, "[" * 10_000 + "]" * 10_000, '{"a":' * 10_000])
def test_ten_thousand_brackets_are_answered_with_none(text: Any) -> None:
    assert rows_of(text) is None


def test_numbers_of_any_length_and_lone_surrogates_are_kept() -> None:
    row = '"\\ud800 \ud800", ' + "9" * 5000 + ", 1E400, -0.0, NaN, -Infinity, null"
    found = rows_of(f"[{row}]")
    assert found is not None
    assert ", ".join(found.rows) == row


def test_an_array_that_is_a_small_part_of_the_text_is_not_what_it_is_about() -> None:
    assert rows_of(json.dumps({"tags": ["x"] * 9, "body": "y" * 300})) is None
    assert rows_of(json.dumps({"tags": ["x"] * 9, "body": "y" * 30})) is not None


def test_rows_below_the_depth_that_is_searched_are_not_found() -> None:
    def nested(levels: Any) -> Any:
        return '{"a":' * levels + "[1111,2222,3333,4444,5555,6666]" + "}" * levels

    assert rows_of(nested(MAX_DEPTH)) is not None
    assert rows_of(nested(MAX_DEPTH + 1)) is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(st.text(max_size=4), inner, max_size=8),
    max_leaves=40,
)


@given(value=VALUES, indent=st.sampled_from([None, 1]))
def test_rows_are_the_members_of_what_the_path_leads_to(value: Any, indent: Any) -> None:
    text = json.dumps(value, indent=indent)
    found = rows_of(text)
    if found is None:
        return
    held = json.loads(text[found.start : found.end])
    if found.form == "records":
        assert [json.loads("{" + row + "}") for row in found.rows] == [{key: held[key]} for key in held]
    else:
        assert json.dumps([json.loads(row) for row in found.rows]) == json.dumps(held)


@given(text=st.text(alphabet='[]{}",:1 \n\\ue', max_size=60))
def test_no_text_raises(text: Any) -> None:
    rows_of(text)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (
            '{"id": 1.0, "a b": [1, {"c": 2}], "id": 1E400}',
            [("id", "1.0"), ("a b", '[1, {"c": 2}]'), ("id", "1E400")],
        ),
        ('"web-1": {"load": 0.10}', [("load", "0.10")]),
        (' { "quote\\"d" :\n"x, y" } ', [('quote"d', '"x, y"')]),
        ("{}", []),
        ("[1, 2]", []),
        ('"a": 3', []),
        ('"a"', []),
        ("7", []),
        ("", []),
        ('{"cut', []),
        ('{"a": 1', []),
        ("[" * 20_000, []),
    ],
)
def test_members_of_a_row_keep_their_letters(row: str, found: list[tuple[str, str]]) -> None:
    assert members(row) == found


def test_rows_stand_in_a_document_inside_a_string_too() -> None:
    inner = json.dumps({"items": [{"id": n, "name": f'"{n}"'} for n in range(9)]}, indent=1)
    found = rows_of(json.dumps({"content": [{"type": "text", "text": inner}]}))
    assert found is not None
    assert (found.path, found.inside) == ("content[0].text.items", True)
    assert [json.loads(row)["id"] for row in found.rows] == list(range(9))
    assert all(row in inner for row in found.rows)


@pytest.mark.parametrize("inner", ["[1,2", '"[1]"', "[1] [2]", "{}", "[[[[", "[1,2,3]x"])
def test_a_string_that_holds_no_document_has_no_rows(inner: str) -> None:
    assert rows_of(json.dumps({"text": inner + " " * 200})) is None
