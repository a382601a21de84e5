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
    found = rows_of(json.dumps(rows))
    assert found is not None
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
            found = rows_of(text)
            assert found is not None
            assert region.hidden.total == len(found.rows)


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
