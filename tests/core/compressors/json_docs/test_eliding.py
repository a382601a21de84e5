"""Documents of which only some rows are shown."""

import json
import re
from typing import Any

import pytest
from headroom_core.ccr.retrieval import answer as retrieve
from headroom_core.compressors.json_docs import JsonDocs
from headroom_core.text.rows import rows_of
from headroom_core.types import Fidelity, Guidance, rough_tokens
from hypothesis import given

from tests.core.compressors.json_docs.material import documents

JSON = JsonDocs()


def services(count: Any) -> Any:
    return [
        {"id": f"web-{n:03}", "load": round(0.3 + n % 7 / 100, 2), "state": "up", "zone": "abc"[n % 3]}
        for n in range(1, count + 1)
    ]


def elided(value: Any, budget: Any = 400, question: Any = "") -> Any:
    text = value if isinstance(value, str) else json.dumps(value)
    view = JSON.compress(text, Guidance(may_elide=True, budget=budget, question=question))
    assert view.source == text
    assert view.fidelity is Fidelity.ELIDED
    assert rough_tokens(view.shown) <= budget
    (region,) = view.regions
    return view.shown, region.hidden


def test_nothing_is_left_out_where_nothing_gives_it_back() -> None:
    view = JSON.compress(json.dumps(services(500)), Guidance(budget=10))
    assert view.fidelity is Fidelity.EQUIVALENT


def test_nothing_is_left_out_of_what_fits_its_budget() -> None:
    view = JSON.compress(json.dumps(services(30)), Guidance(may_elide=True))
    assert view.fidelity is Fidelity.EQUIVALENT


def test_the_header_says_how_many_of_how_many_rows_are_shown() -> None:
    text, hidden = elided(services(500))
    header = re.match(r"\[(\d+) of (\d+) rows: #,id,load", text)
    assert header is not None
    shown, total = map(int, header.groups())
    assert total == hidden.total == 500
    assert shown == 500 - hidden.count
    assert len(re.findall(r"^\d+,web", text, re.MULTILINE)) == shown


def test_a_shown_row_bears_the_number_by_which_it_can_be_asked_for() -> None:
    rows = services(500)
    text, hidden = elided(rows)
    (found,) = rows_of(json.dumps(rows))
    source = found.rows
    for number, name in re.findall(r"^(\d+),(web-\d+)", text, re.MULTILINE):
        assert f'"{name}"' in source[int(number) - 1]
        assert not any(first <= int(number) <= last for first, last in hidden.ranges)


def test_rows_that_stand_out_are_shown() -> None:
    rows = services(500)
    rows[76] |= {"load": 9.8}
    rows[180] |= {"state": "failed"}
    rows[333] |= {"zone": "x"}
    text, _ = elided(rows)
    for name in ("web-001", "web-077", "web-181", "web-334", "web-500"):
        assert name in text


def test_rows_that_the_question_names_are_shown() -> None:
    assert "web-222,0.3" not in elided(services(500))[0]
    assert "web-222,0.3" in elided(services(500), question="what is the load of web-222?")[0]


def test_a_question_about_nothing_in_particular_chooses_no_rows() -> None:
    rows = services(500)
    rows[221] |= {"zone": "what is in it"}
    rows[222] |= {"zone": "what is in it"}
    assert elided(rows, question="What is in it?") == elided(rows)


def test_what_the_hidden_rows_hold_is_summed_up() -> None:
    text, hidden = elided(services(500))
    line = next(line for line in text.split("\n") if "hidden rows" in line)
    assert line.startswith(f"the {hidden.count} hidden rows: load 0.3..0.36")


def test_short_ids_of_hidden_rows_are_listed_where_there_is_room() -> None:
    rows = [
        {"id": f"web-{n}", "note": f"all well here, {n * 7919} requests served since the last start"}
        for n in range(150)
    ]
    assert "id of the hidden rows: web-" in elided(rows, budget=900)[0]
    assert "id of the hidden rows" not in elided(rows, budget=400)[0]


def test_a_document_around_its_rows_is_shown_and_the_rows_are_named() -> None:
    text, hidden = elided({"total": 500, "data": {"items": services(500)}, "next": "page2"})
    assert text.startswith("{total:500,data:{items:[")
    assert re.match(r"\[\d+ of 500 rows of data.items: #,id", text[text.index("[") :])
    assert text.endswith("]},next:page2}")
    assert hidden.total == 500


def test_records_and_lines_are_left_out_like_rows() -> None:
    keyed, _ = elided({f"k{n}": row for n, row in enumerate(services(500))})
    assert re.match(r"\{\d+ of 500 rows: #,\*,id", keyed)
    lines, _ = elided("\n".join(json.dumps(row) for row in services(500)))
    assert re.match(r"\[\d+ of 500 documents: #,id", lines)


def test_an_array_of_scalars_says_what_it_leaves_out() -> None:
    text, hidden = elided({"total": 120, "slugs": [f"a-rather-long-slug-{n}" for n in range(120)]}, budget=500)
    assert text.startswith("{total:120,slugs:[")
    assert hidden.count == 120 - len(re.findall(r'^\d+,"a-rather', text, re.MULTILINE))


@given(text=documents)
def test_no_document_raises_or_contradicts_itself(text: Any) -> None:
    view = JSON.compress(text, Guidance(may_elide=True, budget=20))
    assert view.source == text
    for region in view.regions:
        if region.hidden:
            assert region.hidden.total == sum(len(array.rows) for array in rows_of(text))


def test_a_long_cell_is_cut_with_its_head_in_sight() -> None:
    rows = [{"id": n, "body": f"{n}: " + "a word or two more, " * 200} for n in range(12)]
    text, hidden = elided(rows, budget=1500)
    heads = re.findall(r"^\d+\t\d+\t(.*)\.\.\.\[\+\d+ characters\]$", text, re.MULTILINE)
    assert len(heads) == 12 - (hidden.count if hidden else 0)
    assert all(len(head) >= 80 for head in heads)


def test_of_many_objects_inside_a_cell_those_that_matter_are_shown() -> None:
    calls: list[dict[str, Any]] = [
        {"at": f"09:{n:02}", "to": "/search", "took": 20 + n % 5, "state": "ok"} for n in range(60)
    ]
    rows: list[dict[str, Any]] = [
        {"host": f"web-{n}", "calls": [call | {"took": call["took"] + n} for call in calls]} for n in range(6)
    ]
    rows[3]["calls"][40] |= {"state": "failed"}
    text, _ = elided(rows, budget=900)
    assert re.search(r"web-3,\(.*\(09:40,23,state=failed\).*\.\.\.\[\d+ of 60 shown\]", text)


def test_one_row_of_every_sort_comes_before_a_second_of_any() -> None:
    rows = [{"id": n, "size": n % 9, "team": "core"} for n in range(400)]
    for n in range(100, 140):
        rows[n] |= {"size": 9000 + n}
    rows[350] |= {"team": "guest"}
    text, _ = elided(rows, budget=250)
    assert "team=guest" in text


def test_the_budget_is_used() -> None:
    text, _ = elided(services(900), budget=1000)
    assert rough_tokens(text) > 880


@pytest.mark.parametrize("indent", [None, 2])
def test_rows_of_a_document_inside_a_string_are_left_out_by_their_own_numbers(indent: Any) -> None:
    rows = services(500)
    answer = {"content": [{"type": "text", "text": json.dumps({"items": rows}, indent=indent)}], "isError": False}
    text, hidden = elided(answer)
    assert " of 500 rows of content[0].text.items: #,id,load" in text
    assert text.endswith("]})}],isError:false}")
    original = retrieve(json.dumps(answer), "0" * 12, lines=str(hidden.ranges[0][0])).text
    assert rows[hidden.ranges[0][0] - 1]["id"] in original


def orders(count: Any) -> Any:
    return [
        {"order": f"no-{n:04}", "by": f"ann{n * 7 % 90}", "amount": 20 + n % 9, "status": "paid"}
        for n in range(1, count + 1)
    ]


def check_numbers(text: Any, hidden: Any, source: Any) -> dict[int, str]:
    """The shown rows by their numbers: each is the row of that number, and all others are hidden."""
    rows = [row for array in rows_of(source) for row in array.rows]
    shown = {int(number): cell for number, cell in re.findall(r'^(\d+),"?([\w-]+)', text, re.MULTILINE)}
    assert all(cell in rows[number - 1] for number, cell in shown.items())
    gone = {number for first, last in hidden.ranges for number in range(first, last + 1)}
    assert not gone & set(shown)
    assert hidden.total == len(rows)
    return shown


def test_every_large_array_is_shortened_in_its_place_and_numbers_go_on() -> None:
    value = {"total": 1000, "users": services(600), "page": {"next": 2}, "orders": orders(400)}
    text, hidden = elided(value, budget=800)
    found = re.search(
        r"^\{total:1000,users:\[(\d+) of 600 rows of users \(1-600\): #,id.*\],page:\{next:2\},"
        r"orders:\[(\d+) of 400 rows of orders \(601-1000\): #,order",
        text,
        re.DOTALL,
    )
    assert found is not None
    shown = check_numbers(text, hidden, json.dumps(value))
    assert len(shown) == sum(map(int, found.groups())) == 1000 - hidden.count
    assert min(map(int, found.groups())) > 0.8 * max(map(int, found.groups()))


def test_rows_that_stand_out_are_shown_of_whichever_array() -> None:
    """And what the question names, though the other array has many rows that a reader would miss."""
    users, bought = services(600), orders(600)
    for number in range(80):
        users[7 * number] |= {"state": f"failed {number}"}
    bought[76] |= {"amount": 98_000}
    bought[180] |= {"status": "refused"}
    text, _ = elided({"users": users, "orders": bought}, budget=500, question="who is behind no-0444?")
    assert all(name in text for name in ("failed 0", "no-0077", "no-0181", "no-0444"))


def test_reasons_that_are_hardly_any_leave_the_other_array_its_share() -> None:
    """A column of many numbers, each a little rare, had all the room."""
    users = [row | {"logins": n * 31 % 90 if n % 40 else 7} for n, row in enumerate(services(600))]
    text, _ = elided({"users": users, "orders": orders(600)}, budget=1200)
    counts = [int(count) for count in re.findall(r"\[(\d+) of 600 rows", text)]
    assert min(counts) > 0.6 * max(counts)


def test_a_large_array_that_fits_stands_whole_beside_one_that_does_not() -> None:
    text, hidden = elided({"orders": orders(2000), "users": services(70)}, budget=2500)
    assert "users:[70 rows: id,load,state=up,zone\nweb-001," in text
    assert hidden.total == 2070
    assert hidden.ranges[-1][1] < 2000


def test_a_large_array_of_scalars_beside_a_table_is_shortened() -> None:
    value = {"ids": [n * 7919 % 100_003 for n in range(5000)], "total": 5000, "rows": services(300)}
    text, hidden = elided(value, budget=700)
    assert re.match(r"\{ids:\[\d+ of 5000 rows of ids \(1-5000\): #,\(json\)\n1,0\n2,7919\n", text)
    assert " of 300 rows of rows (5001-5300): #,id" in text
    check_numbers(text, hidden, json.dumps(value))


@pytest.mark.parametrize(
    "value",
    [
        {"data": orders(300), "included": services(300), "meta": {"count": 300}},
        {
            "data": {
                "shop": {"edges": [{"node": row, "cursor": row["order"]} for row in orders(200)]},
                "all": orders(300),
            }
        },
        {"reports": [{"name": "a", "rows": orders(200)}, {"name": "b", "rows": services(200)}]},
        {"nodes": {row["id"]: row for row in services(300)}, "edges": [[n, n + 1] for n in range(900)]},
        {"content": [{"type": "text", "text": json.dumps({"a": orders(300), "b": services(300)})}], "c": orders(200)},
        {"content": [{"type": "text", "text": json.dumps(orders(300))}], "structuredContent": {"result": orders(300)}},
    ],
)
def test_documents_of_several_arrays_come_near_to_their_budget(value: Any) -> None:
    text, hidden = elided(value, budget=600)
    assert rough_tokens(text) > 400
    check_numbers(text, hidden, json.dumps(value))
    assert text.count(" rows of ") == len(rows_of(json.dumps(value))) > 1


def test_arrays_of_two_documents_are_shortened() -> None:
    text, hidden = elided(f"{json.dumps({'a': orders(300)})}\n{json.dumps({'a': services(300)})}")
    assert re.search(r"^\{a:\[\d+ of 300 rows of \[0\]\.a \(1-300\)", text)
    assert re.search(r"^\{a:\[\d+ of 300 rows of \[1\]\.a \(301-600\)", text, re.MULTILINE)
    assert hidden.total == 600


def test_ten_arrays_share_one_budget() -> None:
    """Both ends of each would leave no room for what is wrong in one of them."""
    value = {f"host{n}": orders(120) for n in range(10)}
    value["host7"][60] = value["host7"][60] | {"status": "failed"}
    text, hidden = elided(value, budget=800)
    assert len(re.findall(r"\[[1-9]\d* of 120 rows of host", text)) == 10
    assert "781,no-0061" in text
    assert hidden.total == 1200


def test_an_object_that_bears_a_key_twice_is_not_shortened_but_counts() -> None:
    """Nobody could say which of the two a row is of."""
    twice = "{" + ",".join(f'"k{n % 40}":{json.dumps(row)}' for n, row in enumerate(orders(60))) + "}"
    source = f'{{"twice": {twice}, "rows": {json.dumps(services(300))}}}'
    text, hidden = elided(source, budget=2000)
    assert text.startswith('{twice:{"k0":{"order":"no-0001",')
    assert " of 300 rows of rows (61-360): #,id" in text
    assert hidden.total == 360
