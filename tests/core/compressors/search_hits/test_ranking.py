"""Which hits are shown where not all fit: every file with its count, and what tells most."""

import re
from typing import Any

import pytest
from headroom_core.compressors.search_hits import SearchHits
from headroom_core.compressors.search_hits.reading import read
from headroom_core.text.lines import pick
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Fidelity, Guidance, no_deadline

COUNT = tokenizer_for("gpt-4o").count


def listing(files: int = 12, hits: int = 30) -> str:
    rows = []
    for file in range(files):
        for hit in range(1, hits + 1):
            text = f"    queue.put(job_{file}_{hit}, priority={hit % 7})"
            if hit == 17 and file == 5:
                text = "    raise PoolError('queue broken')"
            if hit == 20 and file == 7:
                text = "def drain(queue):"
            rows.append(f"./src/part_{file}/work.py:{hit * 3}:{text}")
    return "".join(f"{row}\n" for row in rows)


def shortened(text: str, **guidance: Any) -> str:
    view = SearchHits().compress(text, Guidance(may_elide=True, count=COUNT, **guidance))
    assert [region.fidelity for region in view.regions] == [Fidelity.ELIDED]
    return view.shown


def named(shown: str) -> dict[str, int]:
    """The files of an elided listing, each with the number of its hits."""
    heads = {path: int(count) for path, count in re.findall(r"^(\S+) \((?:\d+ of )?(\d+)\)$", shown, re.MULTILINE)}
    for count, paths in re.findall(r"^(\d+): (.+)$", shown, re.MULTILINE):
        heads |= dict.fromkeys(paths.split(" "), int(count))
    return heads


@pytest.mark.parametrize("level", ["light", "balanced", "strong"])
@pytest.mark.parametrize("budget", [None, 1, 300, 1000])
def test_every_file_is_named_with_its_count_at_every_level(level: Any, budget: int | None) -> None:
    text = listing(60, 30) + "./src/alone.py:7:    queue.get()\n"
    shown = shortened(text, level=level, budget=budget) if level != "light" or budget else shortened(text * 9)
    times = 9 if level == "light" and not budget else 1
    files = {f"src/part_{file}/work.py": 30 * times for file in range(60)} | {"src/alone.py": times}
    assert {path.removeprefix("./"): count for path, count in named(shown).items()} == files
    assert COUNT(shortened(listing(), budget=300)) <= 330


def test_paths_with_blanks_stand_on_lines_of_their_own() -> None:
    text = "".join(
        f"my src/part {file}.py:{hit}:queue.put({file}, {hit})\n" for file in range(9) for hit in range(1, 90)
    )
    shown = shortened(text, budget=100)
    assert "\n89:\nmy src/part 1.py\nmy src/part 2.py\n" in shown


def test_the_first_and_the_last_hit_errors_and_what_was_asked_for_are_shown() -> None:
    shown = shortened(listing(), budget=400, question="why is job_9_13 late?")
    for text in ("job_0_1,", "job_11_30,", "PoolError", "job_9_13,"):
        assert text in shown


def test_a_definition_comes_before_uses() -> None:
    assert "60 def drain(queue):" in shortened(listing(), budget=500)


def test_errors_that_were_searched_for_are_no_errors() -> None:
    rows = [f"a.py:{n + 1}:x_{n} = error({n})" for n in range(200)]
    rows[150] = "a.py:151:retry after timeout"
    text = "".join(f"{row}\n" for row in rows)
    assert "timeout" in shortened(text, budget=300, origin='grep {"pattern": "error"}')
    assert "timeout" in shortened(text, budget=300), "a word in most hits tells nothing, whoever searched for it"


def test_every_coordinate_that_is_shown_stands_in_the_source() -> None:
    text = listing()
    known = {(row[0], row[1]): row[3] for row in read(text, no_deadline).entries}
    path = ""
    for line in shortened(text, budget=800).splitlines()[1:]:
        found = re.match(r"([\d,]+) (.*)", line)
        if found is None:
            path = "./" + line.split(" ")[0]
            continue
        for number in found[1].split(","):
            start = found[2].removesuffix("…")
            assert known[path, int(number)].startswith(start)


def test_what_is_hidden_is_what_is_not_shown() -> None:
    text = listing()
    region = SearchHits().compress(text, Guidance(may_elide=True, count=COUNT, budget=800)).regions[0]
    assert region.hidden is not None
    hidden = list(pick(text.splitlines(), region.hidden.ranges))
    assert region.hidden.total == 360
    shown_numbers = sum(len(m.split(",")) for m in re.findall(r"^([\d,]+) ", region.shown, re.MULTILINE))
    assert len(hidden) + shown_numbers == 360
    assert not any("PoolError" in line for line in hidden)


def test_lines_around_hits_go_first() -> None:
    rows = []
    for n in range(200):
        rows += [f"src/a.py-{n * 10 + 1}-around_{n}()", f"src/a.py:{n * 10 + 2}:queue.put({n})", "--"]
    shown = shortened("".join(f"{row}\n" for row in rows), budget=2200)
    assert "around_" not in shown
    assert "src/a.py (200)" in shown


def test_a_text_on_many_lines_lists_a_few_of_them() -> None:
    text = "".join(f"src/a.py:{n}:queue.close()\nsrc/b.py:{n}:queue.put({n})\n" for n in range(1, 400))
    assert "1,2,3,4,5,6,7,8 (and 391 more) queue.close()" in shortened(text, budget=500)


def test_lines_of_the_tool_itself_stay() -> None:
    text = "grep: secret: Permission denied\n" + listing()
    assert "| grep: secret: Permission denied" in shortened(text, budget=400)


def test_a_long_line_is_cut_and_counts_as_hidden() -> None:
    text = listing() + f"./src/z.min.js:1:{'queue,' * 500}\n"
    region = SearchHits().compress(text, Guidance(may_elide=True, count=COUNT, budget=800)).regions[0]
    assert "(2880 more characters)" in region.shown
    assert region.hidden is not None
    assert region.hidden.ranges[-1][1] == region.hidden.total


def test_within_the_budget_nothing_is_left_out() -> None:
    view = SearchHits().compress(listing(), Guidance(may_elide=True, count=COUNT, budget=100_000))
    assert view.fidelity is Fidelity.EQUIVALENT
