"""What comes back out of an original."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from headroom_core.ccr.fitting import LEAST_TOKENS
from headroom_core.ccr.retrieval import QUERY_TOKENS, answer, usual_limit
from headroom_core.errors import SettingError
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Original
from hypothesis import given
from hypothesis import strategies as st

from tests.clocks import little_work

count = tokenizer_for("gpt-4o").count
H = "3f9a1c07be42"

RECORDS = [
    {"id": n, "name": f"host-{n}", "load": f"{n / 7:.2f}", "owner": {"login": f"ann{n % 3}", "team": "core"}}
    for n in range(200)
]
TABLE = json.dumps({"total": 200, "items": RECORDS})
ROWS = [json.dumps(record) for record in RECORDS]
LINES = [
    f"12:{n // 60:02}:{n % 60:02} INFO worker {n % 9} finished in {n * 37 % 400} ms\r\n"
    if n % 100 != 42
    else f"12:{n // 60:02}:{n % 60:02} ERROR connectTimeoutMs exceeded by host-{n}\n"
    for n in range(600)
]
LOG = "".join(LINES)


def ask(text: str, **asked: Any) -> Original:
    return answer(text, H, count=count, **asked)


def body(original: Original) -> str:
    """What stands under the first line."""
    return original.text.partition(":\n")[2]


@given(text=st.text(st.characters(codec=None)))
def test_the_whole_is_the_original(text: str) -> None:
    original = ask(text)
    assert original.text is text
    assert original.whole
    assert ask(text, max_tokens=10**9).text is text


def test_units_are_told_with_the_whole() -> None:
    assert (ask(TABLE).unit, ask(TABLE).total) == ("rows", 200)
    assert (ask(LOG).unit, ask(LOG).total) == ("lines", 600)


def test_one_range_of_lines_is_letter_for_letter() -> None:
    original = ask(LOG, lines="16-40")
    assert original == Original(
        H, "lines 16-40 of 600:\n" + "".join(LINES[15:40]).removesuffix("\n"), "lines", 600, False
    )


def test_several_ranges_say_where_each_begins() -> None:
    assert ask(TABLE, lines="5, 2-3, 199-400").text == "\n".join(
        [
            "rows 2-3, 5, 199-200 of 200:",
            "rows 2-3:",
            *ROWS[1:3],
            "row 5:",
            ROWS[4],
            "rows 199-200:",
            *ROWS[198:200],
        ]
    )


@pytest.mark.parametrize("lines", ["x", "3-1", "0", "1-", "-3", "1;2", "1.5", "9" * 5_000 + "-1", "1-2-3", ","])
def test_what_is_no_range_is_said_so(lines: str) -> None:
    with pytest.raises(SettingError, match=r'expected ranges of rows like "16-40, 52"'):
        ask(TABLE, lines=lines)


def test_a_range_past_the_end_is_told_what_there_is() -> None:
    with pytest.raises(SettingError, match="this original has rows 1-200"):
        ask(TABLE, lines="201-300")
    with pytest.raises(SettingError, match="lines 1-0"):
        ask("", lines="1")


def test_a_huge_range_costs_nothing() -> None:
    assert ask(LOG, lines="1-999999999999").text.startswith("lines 1-600 of 600:\n")


def test_a_query_gives_the_matching_rows_behind_their_numbers() -> None:
    assert ask(TABLE, query="host-77").text == f"row 78 of 200:\n78: {ROWS[77]}"


def test_matching_lines_come_with_their_neighbours() -> None:
    numbers = [int(found) for found in re.findall(r"^(\d+): ", ask(LOG, query="connect timeout").text, re.MULTILINE)]
    assert numbers == [hit + near for hit in range(43, 600, 100) for near in range(-2, 3)]


def test_many_matching_lines_are_a_list() -> None:
    """Their neighbours would crowd it."""
    lines = ["quiet\n"] * 200
    for number in range(5, 200, 15):
        lines[number - 1] = f"alarm {number}\n"
    found = re.findall(r"^(\d+): ", ask("".join(lines), query="alarm").text, re.MULTILINE)
    assert list(map(int, found)) == list(range(5, 200, 15))


def test_a_match_that_is_too_long_makes_way_for_others() -> None:
    text = "alarm " * 50 + "noise " * 2_000 + "\n" + "".join(f"alarm in hall {n}\n" for n in range(12))
    original = ask(text, query="alarm", max_tokens=150)
    assert original.text.startswith("lines 2-13 of 13:\n2: alarm in hall 0\n")
    assert original.text.endswith("(line 1 left out: a larger max_tokens shows them, or lines=)")


def test_a_query_within_lines() -> None:
    assert ask(LOG, query="timeout", lines="100-200").text.startswith("lines 141-145 of 600:\n141: ")


def test_a_query_has_a_limit_of_its_own() -> None:
    original = ask(LOG, query="info worker")
    assert count(original.text) <= QUERY_TOKENS
    assert original.text.splitlines()[-1].endswith("left out: a larger max_tokens shows them, or lines=)")


def test_no_match_says_what_to_try() -> None:
    original = ask(LOG, query="zebra")
    assert original.text == (
        "No match for 'zebra' in 600 lines. Try other words, or lines=, or ask for the whole with the id alone."
    )
    assert not original.whole
    assert "in lines 5-9." in ask(LOG, query="zebra", lines="5-9").text


def test_fields_keep_their_letters() -> None:
    text = "[" + ",".join(f'{{"a":1.{n}0,"b.c":1E400,"d":{{"e":"x\\u00e9"}},"a":null}}' for n in range(5)) + "]"
    assert body(ask(text, fields=["d.e", "a", "b.c"], lines="2")) == '{"d.e":"x\\u00e9","a":1.10,"a":null,"b.c":1E400}'


def test_fields_of_the_rows_that_a_query_finds() -> None:
    original = ask(TABLE, query="host-77", fields=["id", "owner.login"])
    assert original.text == 'row 78 of 200, only id, owner.login:\n78: {"id":77,"owner.login":"ann2"}'


def test_fields_of_a_table_are_its_columns() -> None:
    """Whatever their case; of the lines asked for those that are rows; and an unknown one says which there are."""
    text = "host,state,load\n" + "".join(f"web-{n},{'down' if n == 7 else 'up'},0.{n}\n" for n in range(30))
    assert body(ask(text, fields=["Load", "host"], lines="1, 9")) == '{"Load":"0.7","host":"web-7"}'
    assert '9: {"state":"down"}' in body(ask(text, query="web-7", fields=["state"]))
    with pytest.raises(SettingError, match="host, state, load"):
        ask(text, fields=["owner"])
    with pytest.raises(SettingError, match="is a row"):
        ask(text, fields=["state"], lines="1")


def test_fields_of_a_single_object() -> None:
    assert body(ask('{"a": 1, "b": {"c": [1, 2]}}', fields=["b.c"])) == '{"b.c":[1, 2]}'


def test_rows_without_the_fields_say_what_they_have() -> None:
    with pytest.raises(SettingError, match="'state' or 'x'; they have id, name, load, owner"):
        ask(TABLE, fields=["state", "x"])
    with pytest.raises(SettingError, match="they are no JSON objects"):
        ask("[1,2,3,4,5,6]", fields=["a"])
    with pytest.raises(SettingError, match="no rows of JSON"):
        ask(LOG, fields=["a"])


@pytest.mark.parametrize("limit", [200, 500, 3_000])
@pytest.mark.parametrize("text", [TABLE, LOG], ids=["rows", "lines"])
def test_a_broad_request_gives_both_ends_and_the_way_to_the_rest(text: str, limit: int) -> None:
    original = ask(text, max_tokens=limit)
    assert count(original.text) <= limit
    assert count(original.text) > limit // 2
    unit = original.unit
    assert re.match(rf"{unit} 1(-\d+)?, (\d+-)?{original.total} of {original.total}:\n", original.text)
    assert re.search(rf"\n\({unit} \d+-\d+ did not fit: ask for some with lines=, search", original.text)


@pytest.mark.parametrize(
    ("words", "named", "limit"), [(25_000, False, None), (25_001, False, 4_000), (25_001, True, 25_000)]
)
def test_a_model_that_sets_no_limit_gets_what_is_worth_its_tokens(words: int, named: bool, limit: int | None) -> None:
    assert usual_limit("word " * words, lambda text: len(text.split()), named=named) == limit


USERS = [{"id": f"u{n}", "name": f"Ann {n}"} for n in range(40)]
ORDERS = [{"id": f"o{n}", "by": f"u{n % 40}", "total": n / 4} for n in range(60)]
TWO = json.dumps({"users": USERS, "meta": {"pages": 2}, "data": {"orders": ORDERS}})


def test_rows_of_several_arrays_say_whose_they_are() -> None:
    assert ask(TWO).total == 100
    assert ask(TWO, lines="45-46").text == "\n".join(
        ["rows 45-46 of 100:", "rows 45-46 of data.orders:", *map(json.dumps, ORDERS[4:6])]
    )
    assert ask(TWO, lines="39-41, 50").text == "\n".join(
        [
            "rows 39-41, 50 of 100:",
            "rows 39-40 of users:",
            *map(json.dumps, USERS[38:]),
            "row 41 of data.orders:",
            json.dumps(ORDERS[0]),
            "row 50 of data.orders:",
            json.dumps(ORDERS[9]),
        ]
    )


def test_a_query_finds_rows_of_several_arrays() -> None:
    text = f"rows 40, 80 of 100:\nof users:\n40: {json.dumps(USERS[39])}\nof data.orders:\n80: {json.dumps(ORDERS[39])}"
    assert ask(TWO, query="u39").text == text


def test_fields_leave_out_the_arrays_that_have_none() -> None:
    assert ask(TWO, fields=["name"], lines="39-60").text == (
        'rows 39-40 of 100, only name:\nrows 39-40 of users:\n{"name":"Ann 38"}\n{"name":"Ann 39"}'
    )
    both = ask(TWO, fields=["total", "id"])
    assert both.text.startswith('rows 1-100 of 100, only total, id:\nrows 1-40 of users:\n{"id":"u0"}\n')
    assert 'rows 41-100 of data.orders:\n{"total":0.0,"id":"o0"}\n' in both.text
    with pytest.raises(SettingError, match=r"'x'; users have id, name; data\.orders have id, by, total"):
        ask(TWO, fields=["x"])
    with pytest.raises(SettingError, match=r"'name'; data\.orders have id, by, total"):
        ask(TWO, fields=["name"], lines="41-50")


def test_a_broad_request_gives_both_ends_of_every_array() -> None:
    found = re.findall(r"^rows? ([\d-]+) of ([a-z.]+):", ask(TWO, max_tokens=400).text, re.MULTILINE)
    assert [name for _, name in found] == ["users", "users", "data.orders", "data.orders"]
    assert [found[0][0][:2], found[1][0][-3:], found[2][0][:3], found[3][0][-4:]] == ["1-", "-40", "41-", "-100"]


def test_an_endless_row_says_whose_it_is() -> None:
    rows = [f"{n} " + "word " * 900 for n in range(6)]
    text = ask(json.dumps({"a": rows, "b": rows}), lines="8", max_tokens=150).text
    assert text.startswith("row 8 of 12 of b, ")


def test_what_does_not_fit_is_named_exactly() -> None:
    first = ask(LOG, lines="10-500", max_tokens=300)
    left = re.search(r"\(lines (\d+)-500 did not fit", first.text)
    assert left is not None
    start = int(left.group(1))
    assert first.text.startswith(f"lines 10-{start - 1} of 600:\n" + "".join(LINES[9 : start - 1]))


@pytest.mark.parametrize("asked", [{}, {"lines": "1"}, {"query": "needle_77"}])
def test_one_endless_line(asked: dict[str, str]) -> None:
    text = "word " * 100_000 + "needle_77 " + "word " * 20_000
    original = ask(text, max_tokens=200, **asked)
    assert count(original.text) <= 200
    assert original.text.startswith("line 1 of 1, ")
    assert "characters:\n" in original.text
    assert ("needle_77" in original.text) == ("query" in asked)


@pytest.mark.parametrize("limit", [0, -5])
def test_a_limit_that_can_not_be_meant(limit: int) -> None:
    with pytest.raises(SettingError, match="expected a positive number"):
        ask(LOG, max_tokens=limit)


@given(
    text=st.lists(st.text(st.characters(codec=None)), max_size=30).map("\n".join) | st.just(TABLE) | st.just(LOG),
    query=st.none() | st.text(max_size=20) | st.just("host error"),
    lines=st.none() | st.sampled_from(["1-5", "2, 4", "1-1000"]),
    fields=st.none() | st.lists(st.text(max_size=5), max_size=2) | st.just(["id"]),
    limit=st.none() | st.integers(1, 2_000),
)
def test_any_question(text: str, query: Any, lines: Any, fields: Any, limit: Any) -> None:
    """An answer or one sentence; the same twice; within its limit."""
    asked = {"query": query, "lines": lines, "fields": fields, "max_tokens": limit}
    try:
        original = ask(text, **asked)
    except SettingError:
        return
    assert original == ask(text, **asked)
    assert original.text == text or not original.whole
    if limit and limit >= LEAST_TOKENS:
        assert count(original.text) <= limit


def test_large_originals_are_answered_in_time() -> None:
    text = "[" + ",".join(ROWS * 250) + "]"
    with little_work(seconds=20):
        ask(text, query="host-77 ann2")
        ask(text, lines="40000-40010")
        ask(text, fields=["id"], max_tokens=500)
        ask(text, max_tokens=500)
