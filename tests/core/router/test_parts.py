"""Mixed texts: each part by its own reader, and what is hidden named as the whole text counts it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from headroom_core import Headroom, Policy
from headroom_core.ccr.marker import find_handles
from headroom_core.compressors.table import COMPRESSORS
from headroom_core.router.parts import kinds_of, parts_of, shown_as
from headroom_core.text.lines import split_lines
from headroom_core.text.quoted import quoted_in
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Fidelity, Guidance
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.content import log, records_json
from tests.core.compressors.diffs import patches
from tests.core.compressors.source_code.material import program
from tests.laws.strategies import texts

WORDS = "The pool was looked at again, and this is what was found; it is told here at some length. " * 9 + "\n"
HITS = "".join(f"src/shop/pool_{number % 7}.py:{number}:    queue.put(job_{number})\n" for number in range(1, 90))
COUNT = tokenizer_for("gpt-4o").count
STRONG = Guidance(level="strong", may_elide=True, count=COUNT)


def transcript(*outputs: str) -> str:
    """What a shell showed."""
    return WORDS + "".join(f"$ command-{number}\n{output}" for number, output in enumerate(outputs))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (transcript(records_json() + "\n", "a\n"), "text+json"),
        (transcript(log(60), records_json() + "\n", HITS, patches.PLAIN * 3), "text+log+json+search+diff"),
        (f"{WORDS}```json\n{records_json()}\n```\n{WORDS}```\n{log(60)}```\n{WORDS}", "text+json+log"),
    ],
)
def test_every_part_goes_to_its_own_reader(text: str, kinds: str) -> None:
    parts = parts_of(text, COMPRESSORS)
    assert kinds_of(parts) == kinds
    view = shown_as(parts, Guidance(count=COUNT))
    assert view.source == text
    assert view.fidelity is Fidelity.EQUIVALENT
    assert COUNT(view.shown) < 0.8 * COUNT(text)


def test_what_is_hidden_of_a_part_is_named_in_lines_of_the_whole() -> None:
    """A log's rows bear the numbers of the whole, and so does the marker: both are asked back alike."""
    text = transcript(records_json() + "\n", log(600), "ok\n")
    lines = split_lines(text)
    before = lines.index("$ command-1\n")
    region = next(region for region in shown_as(parts_of(text, COMPRESSORS), STRONG).regions if " INFO" in region.shown)
    assert region.hidden is not None
    assert region.hidden.total == len(lines)
    assert before < region.hidden.ranges[0][0] < region.hidden.ranges[-1][1] <= before + 601
    shown = [line for line in region.shown.split("\n") if line.startswith("L")]
    assert len(shown) > 3
    for line in shown:
        number, said = line[1:].split(" ", 1)
        assert lines[int(number) - 1] == said + "\n"


def test_folds_of_code_are_named_in_lines_of_the_whole() -> None:
    text = f"$ curl\n{records_json(900)}\n$ cat pool.py\n{program('python', 60)}"
    lines = split_lines(text)
    parts = parts_of(text, COMPRESSORS)
    assert kinds_of(parts) == "json+code"
    region = next(region for region in shown_as(parts, STRONG).regions if "# … " in region.shown)
    assert region.hidden is not None
    folds = re.findall(r"# … (\d+)-(\d+)", region.shown)
    assert len(folds) > 20
    for first, last in folds:
        assert any(begin <= int(first) <= int(last) <= end for begin, end in region.hidden.ranges)
        assert "".join(lines[int(first) - 1 : int(last)]) in region.source


@pytest.mark.parametrize("indent", [None, 1])
def test_hidden_rows_are_named_by_the_lines_that_they_stand_on(indent: int | None) -> None:
    text = f"{WORDS}\n{records_json(900, indent)}\n{WORDS}"
    (region,) = [region for region in shown_as(parts_of(text, COMPRESSORS), STRONG).regions if region.hidden]
    assert region.hidden is not None
    assert region.hidden.unit == "lines"
    hidden = "".join("".join(split_lines(text)[first - 1 : last]) for first, last in region.hidden.ranges)
    shown = [f'"id": {41_000 + number}' in hidden for number in range(900)]
    assert sum(shown) > 600
    if indent is None:
        assert region.hidden.ranges == ((3, 3),)
    else:
        assert '"id": 41000,' not in hidden


def test_hidden_rows_of_several_arrays_are_named_by_their_lines() -> None:
    first, second = json.loads(records_json()), [{"id": n, "note": f"remark {n * 7919}"} for n in range(400)]
    text = f"{WORDS}{json.dumps({'first': first, 'total': 3, 'second': second}, indent=1)}\n{WORDS}"
    lines = split_lines(text)
    (region,) = [region for region in shown_as(parts_of(text, COMPRESSORS), STRONG).regions if region.hidden]
    assert region.hidden is not None
    gone = {number for first, last in region.hidden.ranges for number in range(first, last + 1)}
    shown = {int(number) for number in re.findall(r"^\d+,(\d+),remark", region.shown, re.MULTILINE)}
    assert shown
    for row in second:
        (line,) = [at for at, each in enumerate(lines, start=1) if each.startswith(f'   "note": "{row["note"]}"')]
        assert (line in gone) != (row["id"] in shown)


def test_at_most_three_parts_bear_a_marker_and_the_longest_do() -> None:
    text = transcript(*[f"{log(300 + number)}$ cat\n{records_json(90)}\n" for number in range(5)])
    with Headroom("memory://", Policy(level="strong")) as headroom:
        result = headroom.shrink(text, retrieval="tool")
        assert result.text.count("not shown, original intact") == 3
        (handle,) = find_handles(result.text)
        assert headroom.retrieve(handle).text == text
        assert headroom.retrieve(handle, lines="2-3").text.splitlines()[1:] == split_lines(text)[1].splitlines() + (
            split_lines(text)[2].splitlines()
        )


def test_a_text_in_a_json_string_is_shown_by_its_own_reader_inside_the_string() -> None:
    """Most agents get what a command printed so. Its lines are what is counted and asked for."""
    output = log(2_000)
    document = json.dumps({"exit_code": 1, "stdout": output, "took": 0.5})
    with Headroom("memory://", Policy(level="strong")) as headroom:
        plain = json.loads(headroom.shrink(document).text)
        assert plain["exit_code"] == 1
        assert COUNT(plain["stdout"]) < 0.7 * COUNT(output)
        short = headroom.shrink(document, retrieval="tool")
        assert short.receipt.kind == "log"
        shown = json.loads(short.text)["stdout"]
        assert "ERROR" in shown
        assert COUNT(shown) < 0.1 * COUNT(output)
        assert headroom.retrieve(short.receipt.handle).text == document
        line = next(line for line in shown.split("\n") if "ERROR" in line)
        number, said = line[1:].split(" ", 1)
        assert said in headroom.retrieve(short.receipt.handle, lines=number).text
        assert said in headroom.retrieve(short.receipt.handle, query="disk quota exceeded").text


def test_a_traceback_in_a_json_string_stays_readable() -> None:
    frames = "".join(
        f'  File "/srv/{number}.py", line {number}, in take\n    take({number})\n' for number in range(400)
    )
    trace = f"Traceback (most recent call last):\n{frames}ValueError: job 7 is bad\n"
    document = json.dumps({"error": trace})
    with Headroom("memory://") as headroom:
        shown = headroom.shrink(document, retrieval="tool").text
        assert "ValueError: job 7 is bad" in json.loads(shown)["error"]


WRAPS = ("{}", "$ run\n{}", "```\n{}\n```\n", "<out>\n{}\n</out>\n", "[\n{}\n]\n", f"{WORDS}{{}}\n")


@st.composite
def mixed(draw: st.DrawFn) -> str:
    """Texts of several families after one another, each as somebody may have wrapped it; now and then in a string."""
    text = "".join(draw(st.sampled_from(WRAPS)).replace("{}", draw(texts())) for _ in range(draw(st.integers(1, 4))))
    return json.dumps({"out": text}, ensure_ascii=draw(st.booleans())) if draw(st.booleans()) else text


@given(mixed(), st.sampled_from(["light", "balanced", "strong"]), st.booleans())
def test_of_any_mixed_text_nothing_is_lost(text: str, level: Any, may_elide: bool) -> None:
    guidance = Guidance(level=level, may_elide=may_elide, budget=60, count=COUNT)
    quoted = quoted_in(text)
    for whole in (text, *([] if quoted is None else [quoted.text])):
        parts = parts_of(whole, COMPRESSORS)
        assert "".join(part.text for part in parts) == whole
        view = shown_as(parts, guidance)
        assert view.source == whole
        elided = [region for region in view.regions if region.fidelity is Fidelity.ELIDED]
        assert len(elided) <= (3 if may_elide else 0)
        for region in elided:
            if region.hidden is not None and region.hidden.unit == "lines":
                assert region.hidden.total == len(split_lines(whole))
                assert all(1 <= first <= last <= region.hidden.total for first, last in region.hidden.ranges)
    if quoted is not None:
        assert quoted.spell(quoted.text) == text


@pytest.mark.long
def test_nor_of_tens_of_thousands() -> None:
    settings(max_examples=20_000, derandomize=False)(test_of_any_mixed_text_nothing_is_lost)()
