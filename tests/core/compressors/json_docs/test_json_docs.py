"""JSON as tables: what is shown, and that it can be read back."""

import json
from typing import Any

import pytest
from headroom_core.compressors.json_docs import JsonDocs
from headroom_core.types import Compressor, Fidelity, Guidance
from hypothesis import HealthCheck, given, settings

from tests.core.compressors.json_docs.material import documents, mutated

JSON = JsonDocs()


def shown(text: Any) -> Any:
    view = JSON.compress(text, Guidance())
    assert view.source == text
    assert view.fidelity is Fidelity.EQUIVALENT
    assert JSON.rebuilds(text, view.shown)
    return view.shown


def test_it_is_a_compressor() -> None:
    assert isinstance(JSON, Compressor)


def test_an_array_of_objects_is_a_table_with_its_keys_said_once() -> None:
    rows = [{"id": n, "name": name, "state": "open"} for n, name in ((100, "Pump A"), (101, "Pump B"))]
    assert shown(json.dumps(rows, indent=2)) == "[2 rows: id,name,state=open\n100,Pump A\n101,Pump B\n]"


def test_cells_that_hold_commas_turn_the_separator_into_a_tab() -> None:
    rows = [{"id": n, "note": "hot, leaks"[n:]} for n in range(3)]
    assert shown(json.dumps(rows)) == "[3 rows:\tid\tnote\n0\thot, leaks\n1\tot, leaks\n2\tt, leaks\n]"


def test_objects_inside_rows_are_columns_of_their_own() -> None:
    rows = [{"id": n, "owner": {"team": "core", "lead": f"p{n}"}} for n in range(2)]
    assert shown(json.dumps(rows)) == "[2 rows: id,owner.team=core,owner.lead\n0,p0\n1,p1\n]"


def test_arrays_inside_rows_say_their_keys_in_the_header() -> None:
    rows = [{"order": f"A{n}", "lines": [{"sku": "x", "qty": q} for q in range(n)]} for n in range(3)]
    assert shown(json.dumps(rows)) == "[3 rows: order,lines[{sku=x,qty}]\nA0,[]\nA1,(0)\nA2,(0)(1)\n]"


def test_what_few_rows_have_stands_with_its_name_at_their_end() -> None:
    rows = [{"id": n} | ({"coupon": "C335"} if n == 3 else {}) | {"paid": n % 2 == 0} for n in range(9)]
    assert "3,false,coupon=C335\n" in shown(json.dumps(rows))


def test_in_a_small_table_every_cell_but_the_first_has_its_key_before_it() -> None:
    """A small model found half of the values in rows of bare cells, and four of five in these: it counts no columns."""
    rows = [
        {"id": n, "name": f"Pump {n}", "ok": n != 1, "zone": "north", "note": None if n else "x"}
        | ({"coupon": "C335"} if n == 1 else {})
        for n in range(3)
    ]
    assert shown(json.dumps(rows)).split("\n") == [
        "[3 rows; id name ok zone=north note coupon",
        '0 name "Pump 0" ok true note x',
        '1 name "Pump 1" ok false note null coupon C335',
        '2 name "Pump 2" ok true note null',
        "]",
    ]


def test_a_small_table_says_nothing_elsewhere_than_in_the_row() -> None:
    """Usual values that stand in the header alone, and headings above rows, were found least of all."""
    rows = [{"id": n, "ok": n != 2, "zone": f"z{n // 50}"} for n in range(101)]
    assert shown(json.dumps(rows[:100])).startswith("[100 rows: id,ok,zone\n0,true,z0\n")
    assert shown(json.dumps(rows)).startswith("[101 rows: id,ok?=true,#zone\n#zone=z0\n0\n")


@pytest.mark.parametrize(
    "key", ["two words", "two\u2028lines", "a.b", "a=b c", 'say "so"', "#x", " x", "é", "x;", "text of JSON"]
)
def test_whatever_a_key_holds_it_is_told_apart_from_its_cell(key: str) -> None:
    """Where blanks part the cells, a key with a blank must not be read as two."""
    rows = [{"id": n, key: f"{n} or so", "b": n, "c": f"c{n}", "d": {key: n}} for n in range(4)]
    shown(json.dumps(rows))
    shown(json.dumps([{"id": n, "b": n, "c": f"c{n}", "=": {key: n}} for n in range(4)]))


def test_a_first_cell_that_a_row_lacks_is_not_mistaken_for_the_next() -> None:
    rows = [({"a": n} if n else {}) | {"b": n, "c": f"c{n}", "d": n, "e": "b 7"} for n in range(4)]
    shown(json.dumps(rows))


def test_members_that_are_like_records_are_a_table_with_their_keys_in_front() -> None:
    members = {f"2024-05-0{n}": {"status": "landed", "gate": n} for n in range(1, 4)}
    assert shown(json.dumps(members)) == "{3 rows: *,status=landed,gate\n2024-05-01,1\n2024-05-02,2\n2024-05-03,3\n}"


def test_rows_of_several_shapes_keep_their_order() -> None:
    rows = [
        {"id": n, "host": "a", "load": n} if n % 2 else {"user": n, "mail": "m", "age": n, "ok": True}
        for n in range(12)
    ]
    lines = shown(json.dumps(rows)).split("\n")
    assert lines[0] == "[12 rows, 2 kinds:"
    assert [line[0] for line in lines[3:15]] == list("ABABABABABAB")


def test_json_lines_are_told_apart_from_an_array() -> None:
    lines = "".join(json.dumps({"id": n, "ok": True}) + "\n" for n in range(3))
    assert shown(lines) == "[3 documents: id,ok=true\n0\n1\n2\n]"


def test_a_document_without_its_end_is_shown_without_it() -> None:
    rows = json.dumps({"total": 9, "rows": [{"id": n, "state": "open"} for n in range(6)]})
    assert shown(rows[:-2]) == "{total:9,rows:[6 rows: id,state=open\n0\n1\n2\n3\n4\n5\n"


def test_what_was_cut_off_within_a_cell_is_left_as_it_came() -> None:
    """The table that holds the cell has no place where its end could be missing."""
    orders = json.dumps([{"order": n, "lines": [{"sku": f"x{q}"} for q in range(6)]} for n in range(3)])
    assert JSON.claim(orders[:-3]) == 1.0
    assert JSON.compress(orders[:-3], Guidance()).fidelity is Fidelity.VERBATIM


def test_an_object_that_bears_a_key_twice_keeps_both() -> None:
    assert shown('{"k": "first", "k": "second"}') == '{"k":"first","k":"second"}'


@pytest.mark.parametrize(
    "text", ["", "null", "7", '"x"', "[1,", "[1]x", "plain", "{" * 10_000, "[" * 5_000 + "]" * 5_000]
)
def test_what_is_not_a_document_is_left_as_it_came(text: Any) -> None:
    assert JSON.claim(text) == 0.0
    view = JSON.compress(text, Guidance())
    assert (view.source, view.shown) == (text, text)


@pytest.mark.parametrize("text", ["[]", ' {"a": NaN}', '{"a":1}\n{"a":2}', "\ufeff[1]", "[" * 50 + "]" * 50])
def test_documents_are_claimed(text: Any) -> None:
    assert JSON.claim(text) == 1.0


@given(text=documents)
def test_what_is_shown_can_be_read_back(text: Any) -> None:
    shown(text)


@pytest.mark.long
@settings(max_examples=50_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=documents)
def test_what_is_shown_can_be_read_back_at_length(text: Any) -> None:
    shown(text)


def check_mutated(text: Any) -> None:
    """Whatever became of a document: nothing raised, nothing lost, and what is told to be equivalent is."""
    for guidance in (Guidance(), Guidance(may_elide=True, budget=60, level="strong")):
        view = JSON.compress(text, guidance)
        assert view.source == text
        assert all(
            JSON.rebuilds(region.source, region.shown)
            for region in view.regions
            if region.fidelity is Fidelity.EQUIVALENT
        )


@given(text=mutated(documents))
def test_a_document_with_letters_changed_is_read_back_or_left(text: Any) -> None:
    check_mutated(text)


@pytest.mark.long
@settings(max_examples=50_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=mutated(documents))
def test_a_document_with_letters_changed_is_read_back_or_left_at_length(text: Any) -> None:
    check_mutated(text)


@pytest.mark.parametrize(
    "wrong", ["", "[2 rows: a\n1\n]", "[3 rows: a\n1\n2\n]", "[2 rows: a\n1\n3\n]", "[2 rows: b\n1\n2\n]", "[2 rows: ["]
)
def test_another_text_does_not_pass_for_it(wrong: Any) -> None:
    source = '[{"a":1},{"a":2}]'
    right = "[2 rows: a\n1\n2\n]"
    assert JSON.rebuilds(source, right)
    assert wrong == right or not JSON.rebuilds(source, wrong)


def test_a_usual_value_is_said_once_and_the_others_with_their_name() -> None:
    rows = [{"id": n, "state": "down" if n == 4 else "running"} for n in range(120)]
    lines = shown(json.dumps(rows)).split("\n")
    assert lines[0] == "[120 rows: id,state?=running"
    assert lines[4:6] == ["3", "4,state=down"]


def test_a_column_that_changes_seldom_stands_above_its_runs() -> None:
    rows = [{"year": 1955 + n % 80, "country": "Afghanistan" if n < 80 else "Argentina"} for n in range(160)]
    lines = shown(json.dumps(rows)).split("\n")
    assert lines[:3] == ["[160 rows: year,#country", "#country=Afghanistan", "1955"]
    assert lines.count("#country=Argentina") == 1


def test_a_heading_says_only_what_is_new() -> None:
    rows = [{"n": n, "file": f"/srv/app/part{n // 20}.py", "rule": f"unused-name-{n // 5}"} for n in range(120)]
    headings = [line for line in shown(json.dumps(rows)).split("\n") if line.startswith("#")]
    assert headings[0] == "#file=/srv/app/part0.py,rule=unused-name-0"
    assert headings[1] == "#rule=unused-name-1"


def test_cells_of_keys_that_a_row_lacks_leave_nothing_at_its_end() -> None:
    rows = [{"a": n, "b": n, "c": n} if n % 2 else {"a": n} for n in range(4)]
    assert shown(json.dumps(rows)) == "[4 rows: a,b,c\n0\n1,1,1\n2\n3,3,3\n]"


def test_an_object_that_comes_again_is_named_by_its_path() -> None:
    user = {
        "login": "octo",
        "url": "https://api.example/users/octo",
        "home": "https://example/octo",
        "tags": [1, 2, 3] * 9,
    }
    text = json.dumps({"issue": {"n": 1, "user": user}, "sender": user})
    assert shown(text).endswith("},sender:(same as issue.user)}")


def test_an_object_among_arrays_shares_their_header() -> None:
    made = [{"url": f"https://api.example/items/{n}", "title": f"item {n}", "open": True} for n in range(6)]
    rows = [{"path": "/items", "response": made[0]}, {"path": "/items?page=1", "response": made}]
    lines = shown(json.dumps(rows)).split("\n")
    assert lines[0] == "[2 rows: path,response[{url,title,open=true}]"
    assert lines[1] == "/items,{(https://api.example/items/0,item 0)}"


def test_an_address_that_holds_the_row_s_id_is_said_in_the_header() -> None:
    rows = [{"id": 7 * n, "url": f"/users/{7 * n}", "posts": f"/users/{7 * n}/posts"} for n in range(1, 4)]
    assert shown(json.dumps(rows)) == '[3 rows: id,url=("/users/"+id),posts=(url+"/posts")\n7\n14\n21\n]'


def test_an_id_that_ends_with_a_quotation_mark_stands_in_its_address() -> None:
    rows = [{"id": f'{n}"', "url": f'https://h.example/users/{n}"'} for n in range(4)]
    assert "id,url=(" in shown(json.dumps(rows))


def test_a_column_that_equals_another_is_said_in_the_header() -> None:
    members = {f"card_{n}": {"last_four": n * 1111, "id": f"card_{n}"} for n in range(1, 4)}
    assert shown(json.dumps(members)) == "{3 rows: *,last_four,id=(same as *)\ncard_1,1111\ncard_2,2222\ncard_3,3333\n}"


def test_numbers_and_strings_of_the_same_letters_are_not_equal() -> None:
    rows = [{"number": 1000 + n, "text": f"{1000 + n}"} for n in range(9)]
    assert "same as" not in shown(json.dumps(rows))


def test_what_is_only_nearly_an_address_of_the_row_stays_as_it_is() -> None:
    rows = [{"id": n, "url": f"/users/{n}" if n < 9 else "/users/me"} for n in range(10)]
    assert "/users/4\n" in shown(json.dumps(rows))


def test_an_address_goes_on_from_another_one_of_its_object() -> None:
    thing = {
        "url": "https://api.example/u/1",
        "posts": "https://api.example/u/1/posts",
        "feed": "https://api.example/u/1.xml",
    }
    text = shown(json.dumps({"owner": thing}))
    assert text == ('{owner:{url:https://api.example/u/1,posts:(url+"/posts"),feed:https://api.example/u/1.xml}}')


def test_outside_of_tables_quotes_stand_only_where_they_tell_something() -> None:
    thing = {
        "id": 7,
        "zip": "01",
        "code": "1",
        "at": "04:05",
        "odd key:": " x",
        "list": ["a b", "a:b", "", "null", "-"],
    }
    assert shown(json.dumps(thing)) == ('{id:7,zip:01,code:"1",at:04:05,"odd key:":" x",list:[a b,"a:b","","null",-]}')


@pytest.mark.parametrize(
    ("spelling", "words"),
    [
        ({}, "spaced escaped"),
        ({"ensure_ascii": False}, "spaced"),
        ({"separators": (",", ":"), "ensure_ascii": False}, "compact"),
        ({"indent": 2, "ensure_ascii": False}, "indent 2"),
        ({"indent": "\t", "ensure_ascii": False}, "indent tab"),
    ],
)
def test_a_document_inside_a_string_is_shown_as_what_it_is(spelling: Any, words: Any) -> None:
    inside = json.dumps([{"id": n, "city": "Zürich", "state": "open"} for n in range(5)], **spelling)
    text = shown(json.dumps({"content": [{"type": "text", "text": inside}]}))
    assert text == (
        f"{{content:[{{type:text,text:(text of JSON {words}: [5 rows: id,city=Zürich,state=open\n0\n1\n2\n3\n4\n])}}]}}"
    )


def test_a_column_of_documents_inside_strings_has_their_keys_in_the_header() -> None:
    rows = [{"id": n, "args": json.dumps({"path": f"/srv/{n}/a-rather-long-name", "depth": n % 2})} for n in range(5)]
    lines = shown(json.dumps(rows)).split("\n")
    assert lines[:2] == ["[5 rows: id,args:text of JSON spaced{path,depth}", "0,(/srv/0/a-rather-long-name,0)"]


def test_a_document_inside_a_string_that_nobody_spells_so_stays_a_string() -> None:
    inside = '{"a":  1, "b": "' + "x" * 200 + '"}'
    assert "text of JSON" not in shown(json.dumps({"result": inside}))
