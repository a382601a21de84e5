"""Of a long table the lines that matter are shown with their numbers; what the others hold is counted."""

from __future__ import annotations

import re

import pytest
from headroom_core import Headroom
from headroom_core.compressors.text_tables import TextTables
from headroom_core.types import Fidelity, Guidance, Region

from tests.core.compressors.text_tables.material import ls_lr, orders, paths, pods, ps, pytest_list, tree
from tests.laws.strategies import count


def elided(text: str, budget: int, question: str = "") -> Region:
    (region,) = TextTables().compress(text, Guidance(question, budget=budget, may_elide=True, count=count)).regions
    assert region.fidelity is Fidelity.ELIDED
    assert count(region.shown) <= budget
    return region


def test_heads_ends_outliers_and_rare_values_are_shown() -> None:
    """The process that eats the processor, and the zombie."""
    shown = elided(ps(300), 700).shown
    lines = shown.split("\n")
    assert lines[0] == "L1 " + ps().split("\n")[0]
    assert any(line.startswith("L32 root") and " 97.0 " in line for line in lines)
    assert any(line.startswith("L43 postgres") and " Z " in line for line in lines)
    assert any(line.startswith("L301 ") for line in lines)


def test_the_row_in_trouble_and_the_row_asked_for_are_shown() -> None:
    """A pod that crashes stands out by its state; another one is named."""
    shown = elided(pods(300), 500, "what is the age of grep-1435?").shown
    assert "CrashLoopBackOff" in shown
    assert "grep-1435" in shown


def test_every_line_shown_stands_in_the_source_at_its_number() -> None:
    """And the ranges name those that aren't."""
    text = orders(400)
    region = elided(text, 900)
    lines = text.split("\n")
    numbers = []
    for line in region.shown.split("\n")[:-2]:
        number, _, rest = line.partition(" ")
        assert lines[int(number[1:]) - 1] == rest
        numbers.append(int(number[1:]))
    assert region.hidden is not None
    hidden = {number for first, last in region.hidden.ranges for number in range(first, last + 1)}
    assert hidden == set(range(1, 402)) - set(numbers)
    assert region.hidden.unit == "lines"


def test_lines_are_counted_as_in_the_whole_block() -> None:
    """A table below other text is asked back by the lines of both."""
    guidance = Guidance(budget=700, may_elide=True, count=count, first_line=101)
    for text in (ps(300), tree(400)):
        (region,) = TextTables().compress(text, guidance).regions
        assert region.shown.startswith("L101 ")
        assert region.hidden is not None
        assert region.hidden.ranges[-1][1] < len(text.split("\n"))


def test_what_the_hidden_rows_hold_is_counted() -> None:
    """Never guessed: what is shown isn't in it."""
    last = elided(orders(400), 900).shown.strip().split("\n")[-1]
    found = re.match(r"the (\d+) hidden rows: ", last)
    assert found
    assert "status shipped x" in last
    assert "cancelled" not in last
    assert "98765.50" not in last


def test_a_row_comes_with_its_heading() -> None:
    """In `ls -lR` a name alone says nothing."""
    shown = elided(ls_lr(), 400).shown.split("\n")
    row = next(at for at, line in enumerate(shown) if line.endswith("_23.py"))
    assert any(line.split(" ", 1)[-1] == "docs:" for line in shown[:row])


def test_folders_of_hidden_paths_are_counted() -> None:
    """So a reader knows where to look."""
    assert re.search(r"the \d+ hidden rows: in .*packages/shop/src/app/ x\d+", elided(paths(300), 500).shown)


def test_files_of_hidden_tests_are_counted() -> None:
    """Their folders, where there are too many files."""
    shown = elided(pytest_list(300), 700, "test_grep_98_is_sold").shown
    assert "::test_grep_98_is_sold" in shown
    assert re.search(r"the \d+ hidden rows: in tests/.*\.py:: x\d+", shown)
    many = "".join(f"tests/a/test_{at}.py::test_it\ntests/b/test_{at}.py::test_it\n" for at in range(99))
    assert re.search(r"the \d+ hidden rows: in tests/[ab]/ x\d+", elided(many, 500).shown)


def test_a_tree_shows_its_upper_levels() -> None:
    """And what the question names, however deep."""
    shown = elided(tree(60), 700, "where is part_41_True.py?").shown
    assert "part_41_True.py" in shown
    assert "hidden names: " in shown
    assert re.search(r"^L2 ├── adduser$", shown, re.MULTILINE)


def test_a_long_cell_is_cut_inside_and_its_line_counts_as_hidden() -> None:
    """What is cut can be asked for."""
    text = ps(300).replace("worker --slot 0\n", f"worker {'x' * 900} --slot 0\n")
    region = elided(text, 900)
    assert "[... " in region.shown
    assert region.hidden is not None
    assert region.hidden.ranges[0][0] == 2


def test_nothing_is_left_out_where_nobody_gives_it_back_or_all_fits() -> None:
    """The equivalent form stands then."""
    assert TextTables().compress(ps(), Guidance(budget=10)).fidelity is Fidelity.EQUIVALENT
    guidance = Guidance(budget=10**6, may_elide=True, count=count)
    assert TextTables().compress(ps(), guidance).fidelity is Fidelity.EQUIVALENT


@pytest.mark.parametrize(
    "ask", [{"lines": "120"}, {"query": "grep-1435"}, {"lines": "120", "fields": ["status", "NAME"]}]
)
def test_a_hidden_row_is_given_back_by_number_by_word_and_by_column(ask: dict[str, object]) -> None:
    """In the source's own lines."""
    text = pods(300)
    with Headroom("memory://") as headroom:
        shown = headroom.shrink(text, retrieval="tool", budget=500)
        given = headroom.retrieve(shown.receipt.handle, **ask).text  # type: ignore[arg-type]
    assert shown.receipt.kind == "table"
    line = text.split("\n")[119] if "lines" in ask else next(line for line in text.split("\n") if "grep-1435" in line)
    if "fields" in ask:
        assert f'{{"status":"Running","NAME":"{line.split()[0]}"}}' in given
    else:
        assert line in given
