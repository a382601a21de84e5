"""The rows of a JSON text, as `headroom_retrieve` counts them."""

import json
from typing import Any

import pytest
from headroom_core.text.rows import LARGE, MAX_DEPTH, Rows, members, rows_of
from hypothesis import given
from hypothesis import strategies as st


def only(text: str) -> Rows | None:
    """The rows of a text that has one large array, or none."""
    found = rows_of(text)
    assert len(found) <= 1
    return found[0] if found else None


ROWS = [f'{{"id": {n},  "name":"n{n}"}}' for n in range(6)]


def test_the_elements_of_an_array_are_its_rows_letter_for_letter() -> None:
    text = "[" + " ,\n".join(ROWS) + "]\n"
    found = only(text)
    assert found == Rows("", tuple(ROWS), "array", 0, len(text) - 1)


def test_the_biggest_array_inside_a_document_is_found_with_its_path() -> None:
    text = f'{{"total": 6, "few": [1,2,3,4,5], "data": {{"odd key": [{{"items": [{",".join(ROWS)}]}}]}}}}'
    found = only(text)
    assert found is not None
    assert found.rows == tuple(ROWS)
    assert found.path == 'data["odd key"][0].items'
    assert found.steps == ("data", "odd key", 0, "items")
    assert text[found.start : found.end] == f"[{','.join(ROWS)}]"


def test_an_array_that_holds_others_is_taken_whole() -> None:
    text = json.dumps([{"id": n, "tags": ["x"] * 50} for n in range(5)])
    found = only(text)
    assert found is not None
    assert len(found.rows) == 5


def test_like_members_of_an_object_are_records() -> None:
    members = [f'"2024-05-0{n}": {{"status": "landed", "gate": {n}}}' for n in range(1, 8)]
    found = only("{" + ", ".join(members) + "}")
    assert found is not None
    assert found.form == "records"
    assert found.rows == tuple(members)


def test_sections_that_are_not_alike_are_no_records() -> None:
    text = json.dumps({name: {f"{name}_setting": 1} for name in ("web", "db", "mail", "log", "disk")})
    assert only(text) is None


def test_documents_one_after_the_other_are_rows() -> None:
    lines = "\n".join(ROWS) + "\n"
    pretty = "".join(json.dumps(json.loads(row), indent=1) for row in ROWS)
    assert only(lines) == Rows("", tuple(ROWS), "documents", 0, len(lines))
    found = only("\ufeff" + pretty)
    assert found is not None
    assert len(found.rows) == 6


def test_a_few_documents_are_searched_like_a_document() -> None:
    found = only(f'{{"page": 1}}\n{{"items": [{",".join(ROWS)}]}}')
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
    assert only(text) is None


@pytest.mark.parametrize("text", ["[" * 10_000, "[" * 10_000 + "]" * 10_000, '{"a":' * 10_000])
def test_ten_thousand_brackets_are_answered_with_none(text: Any) -> None:
    assert only(text) is None


def test_numbers_of_any_length_and_lone_surrogates_are_kept() -> None:
    row = '"\\ud800 \ud800", ' + "9" * 5000 + ", 1E400, -0.0, NaN, -Infinity, null"
    found = only(f"[{row}]")
    assert found is not None
    assert ", ".join(found.rows) == row


def test_an_array_that_is_a_small_part_of_the_text_is_not_what_it_is_about() -> None:
    assert only(json.dumps({"tags": ["x"] * 9, "body": "y" * 300})) is None
    assert only(json.dumps({"tags": ["x"] * 9, "body": "y" * 30})) is not None


def of(text: str) -> list[tuple[str, int, int]]:
    """Path, first number and last number of every large array."""
    return [(rows.path, rows.numbers[0], rows.numbers[-1]) for rows in rows_of(text)]


def test_numbers_go_on_through_every_large_array_in_the_order_of_the_text() -> None:
    """The bigger of two is no more what a document is about than the other."""
    few, many = [{"id": n} for n in range(7)], [{"id": n, "name": f"n{n}"} for n in range(9)]
    assert of(json.dumps({"users": few, "total": 16, "orders": many})) == [("users", 1, 7), ("orders", 8, 16)]
    assert of(json.dumps({"data": {"orders": many}, "users": few})) == [("data.orders", 1, 9), ("users", 10, 16)]


def test_an_array_of_many_letters_is_large_however_long_the_text_is() -> None:
    """What is left over would be more than any budget."""
    rows = [{"id": n, "name": f"n{n}"} for n in range(9_000)]
    side: list[str] = ["x" * 100] * (LARGE // 100)
    assert of(json.dumps({"rows": rows, "side": side})) == [("rows", 1, 9_000), ("side", 9_001, 9_000 + len(side))]
    assert of(json.dumps({"rows": rows, "side": side[:-5]})) == [("rows", 1, 9_000)]


def test_many_arrays_that_are_each_a_small_part_are_together_what_a_text_is_about() -> None:
    ten = {f"host{n}": [{"id": n, "name": f"a service of host {n}"} for n in range(120)] for n in range(10)}
    assert [path for path, _, _ in of(json.dumps(ten))] == list(ten)
    assert of(json.dumps(ten | {"log": "y" * 5 * len(json.dumps(ten))})) == []


def test_arrays_of_two_documents_or_of_one_inside_a_string_are_counted_on() -> None:
    rows = [{"id": n, "name": f"n{n}"} for n in range(9)]
    page = json.dumps({"items": rows})
    assert of(f"{page}\n{page}") == [("[0].items", 1, 9), ("[1].items", 10, 18)]
    both = json.dumps({"text": json.dumps({"a": rows, "b": rows}), "c": rows})
    assert of(both) == [("text.a", 1, 9), ("text.b", 10, 18), ("c", 19, 27)]


def test_rows_below_the_depth_that_is_searched_are_not_found() -> None:
    def nested(levels: Any) -> Any:
        return '{"a":' * levels + "[1111,2222,3333,4444,5555,6666]" + "}" * levels

    assert only(nested(MAX_DEPTH)) is not None
    assert only(nested(MAX_DEPTH + 1)) is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(st.text(max_size=4), inner, max_size=8),
    max_leaves=40,
)


@given(value=VALUES, indent=st.sampled_from([None, 1]))
def test_rows_are_the_members_of_what_the_path_leads_to(value: Any, indent: Any) -> None:
    text = json.dumps(value, indent=indent)
    first = 1
    for found in rows_of(text):
        held = json.loads(text[found.start : found.end])
        if found.form == "records":
            assert [json.loads("{" + row + "}") for row in found.rows] == [{key: held[key]} for key in held]
        else:
            assert json.dumps([json.loads(row) for row in found.rows]) == json.dumps(held)
        assert found.first == first
        first += len(held)


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
    found = only(json.dumps({"content": [{"type": "text", "text": inner}]}))
    assert found is not None
    assert (found.path, found.inside) == ("content[0].text.items", True)
    assert [json.loads(row)["id"] for row in found.rows] == list(range(9))
    assert all(row in inner for row in found.rows)


@pytest.mark.parametrize("inner", ["[1,2", '"[1]"', "[1] [2]", "{}", "[[[[", "[1,2,3]x"])
def test_a_string_that_holds_no_document_has_no_rows(inner: str) -> None:
    assert only(json.dumps({"text": inner + " " * 200})) is None
