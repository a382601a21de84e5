"""What broke in other tools, held here for JSON. Tests of one number, in all these files, are about one fault."""

from __future__ import annotations

import json
import re

import pytest
from headroom_core import Fidelity, Headroom, Policy
from headroom_core.compressors.json_docs import JsonDocs
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Guidance, Level, Retrieval

COUNT = tokenizer_for("gpt-4o").count
JSON = JsonDocs()
MARKER = re.compile(r"\[headroom [0-9a-f]{12,24}: [^\n]* not shown, original intact; headroom_retrieve\]")


def shown_whole(text: str) -> str:
    """What is shown where nothing may be left out, after it was read back."""
    view = JSON.compress(text, Guidance(count=COUNT))
    assert view.fidelity is Fidelity.EQUIVALENT
    assert JSON.rebuilds(text, view.shown)
    return view.shown


@pytest.mark.parametrize("count", [5, 15, 16, 17, 100, 119, 120, 121, 2_000])
@pytest.mark.parametrize("level", ["light", "balanced", "strong"])
def test_case_1_a_shortened_array_says_so_beside_its_count(count: int, level: Level) -> None:
    """Strings, numbers and objects were sampled without a word, and `total` said something else."""
    slugs = [f"a-slug-of-some-length-{number * 7919:09}" for number in range(count)]
    text = json.dumps({"slugs": slugs, "total": count})
    ways: tuple[Retrieval, ...] = ("none", "tool")
    with Headroom("memory://", Policy(level=level)) as headroom:
        for retrieval in ways:
            shown = headroom.shrink(text, retrieval=retrieval).text
            gone = [slug for slug in slugs if slug not in shown]
            markers = MARKER.findall(shown)
            assert len(markers) == (1 if gone else 0)
            assert not gone or retrieval == "tool"
            if gone:
                assert f"of {count}" in markers[0]
                assert f"{count - len(gone)} of {count} rows of slugs" in shown
                assert f"total:{count}" in shown


@pytest.mark.parametrize("kept", [2, 120, 2_000])
def test_case_1_the_marker_names_every_hidden_row_and_no_other(kept: int) -> None:
    """Counts in markers and ranges have to add up to what is missing."""
    text = json.dumps([{"id": f"r{number:05}", "note": "all is well " * 4} for number in range(kept * 10)])
    view = JSON.compress(text, Guidance(count=COUNT, may_elide=True, budget=700))
    hidden = view.regions[0].hidden
    shown = {int(number) for number in re.findall(r"^(\d+)[,\t]", view.shown, re.MULTILINE)}
    assert (hidden is None) == (view.fidelity is Fidelity.EQUIVALENT)
    if hidden:
        gone = {number for first, last in hidden.ranges for number in range(first, last + 1)}
        assert gone | shown == set(range(1, kept * 10 + 1))
        assert not gone & shown


def test_case_2_every_key_of_a_small_object_is_shown() -> None:
    """Keys with null, empty lists and nested tasks fell out of a small result."""
    task: dict[str, object] = {
        "id": "T-17", "title": "Mend the pump", "assignee": None, "due": None, "estimate": None, "tags": ["urgent"],
        "subtasks": [{"id": "T-18", "done": False}, {"id": "T-19", "done": True}], "watchers": [], "parent": None,
        "description": "", "blocked_by": None, "custom": {},
    }  # fmt: skip
    text = json.dumps(task)
    with Headroom("memory://") as headroom:
        assert headroom.shrink(text, retrieval="tool").text == text
    shown = shown_whole(text)
    assert all(key in shown for key in task)


@pytest.mark.parametrize("doubled", [range(60), [59], [0]])
def test_case_3_both_values_of_a_key_that_comes_twice_are_kept(doubled: list[int]) -> None:
    """Only the last of them was, in every row."""
    rows = [
        f'{{"k":"first-{number}","k":"second-{number}"}}' if number in doubled else f'{{"k":"only-{number}"}}'
        for number in range(60)
    ]
    shown = shown_whole(f"[{','.join(rows)}]")
    for number in doubled:
        assert f"first-{number}" in shown
        assert f"second-{number}" in shown


def test_case_4_no_two_columns_share_a_name() -> None:
    """A dotted key and the same path through an object were one column."""
    rows = [
        {
            "meta": {"owner": f"inner-{number}"}, "meta.owner": f"outer-{number}", "a.b": number, "a/b": -number,
            "a,b": f"comma-{number}", "": f"empty-{number}", "a\x00b": f"zero-{number}",
        }
        for number in range(12)
    ]  # fmt: skip
    header = re.sub(r"^\[12 rows[:;]\s", "", shown_whole(json.dumps(rows)).split("\n")[0])
    separator = next(each for each in "\t, " if each in re.sub(r'"[^"]*"', "", header))
    names = re.findall(rf'(?:"[^"]*"|[^"{separator}])+', header)
    assert len(names) == len(set(names)) == 7


def test_case_5_numbers_keep_their_letters() -> None:
    """Long integers became floats, and exponents were spelled anew."""
    lexemes = ["1", "1.0", "1e0", "-0", "-0.0", "1E400", str(2**70), "3." + "1" * 33, "0.10"]
    for text in (
        "[" + ",".join(f'{{"n":{lexeme},"at":{at}}}' for at, lexeme in enumerate(lexemes)) + "]",
        "[" + ",".join(lexemes) + "]",
        '{"n":[' + ",".join(lexemes) + "]}",
    ):
        shown = shown_whole(text)
        for lexeme in lexemes:
            assert re.search(rf"(?<![\w.+-]){re.escape(lexeme)}(?![\w.+-])", shown)


def test_case_6_nothing_null_empty_and_its_look_alikes_are_told_apart() -> None:
    """null and "" were one cell."""
    values = [
        "null",
        '""',
        '"null"',
        '"NULL"',
        '" "',
        '"\\n"',
        "[]",
        "{}",
        '"[]"',
        '"{}"',
        "true",
        '"true"',
        "1",
        '"1"',
    ]
    members = [f'"v":{value},' for value in values] + [""]
    rows = [f'{{"id":{number},{member}"end":0.{number}}}' for number, member in enumerate(members)]
    lines = shown_whole(f"[{','.join(rows)}]").split("\n")[1:-1]
    cells = [re.sub(r"^\d+[,\t](.*?)[,\t]?0\.\d+(.*)$", r"\1\2", line) for line in lines]
    assert len(set(cells)) == len(values) + 1


@pytest.mark.parametrize("budget", [900, 2_000, 4_000])
def test_case_7_long_cells_are_cut_under_one_marker(budget: int) -> None:
    """Every cell got a marker of its own, and nothing could be read."""
    prose = "The pump in hall {0} ran dry at {1} and was mended by the second shift before noon. "
    rows = [
        {"id": number, "body": "".join(prose.format(number, number * at) for at in range(6))} for number in range(60)
    ]
    text = json.dumps(rows)
    with Headroom("memory://") as headroom:
        result = headroom.shrink(text, retrieval="tool", budget=budget)
        assert headroom.retrieve(result.receipt.handle).text == text
    assert result.receipt.fidelity is Fidelity.ELIDED
    assert len(MARKER.findall(result.text)) == 1
    bodies = re.findall(r"^\d+[,\t]\d+[,\t](.*)$", result.text, re.MULTILINE)
    assert bodies
    assert all(len(body) >= 80 and text.count(body[:80]) == 1 for body in bodies)
