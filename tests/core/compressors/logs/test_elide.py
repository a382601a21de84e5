"""The elided form of logs: what went wrong, how much, when; the rest in sum, never nothing."""

from __future__ import annotations

import re

import pytest
from headroom_core.compressors.logs import Logs
from headroom_core.text.lines import split_lines
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Fidelity, Guidance, Level, Region

COUNT = tokenizer_for("gpt-4o").count
TRACE = """\
Traceback (most recent call last):
  File "/usr/lib/python3.11/runpy.py", line 88, in _run_code
    exec(code, run_globals)
  File "/srv/pool/worker.py", line 41, in take
    job = self.queue.pop(key)
KeyError: 'job_77_0412'
"""


def served(seconds: int, took: int) -> str:
    clock = f"{4 + seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"2031-02-03 {clock} INFO web: GET /item/{seconds * 7 % 1000} from 10.0.{seconds % 9}.7 took {took} ms\n"


def web_log(rows: int = 3000) -> list[str]:
    return [served(second, 20 + second * 13 % 17) for second in range(rows)]


def elided(text: str, **guidance: object) -> Region:
    view = Logs().compress(text, Guidance(count=COUNT, may_elide=True, **guidance))  # type: ignore[arg-type]
    assert view.source == text
    assert view.fidelity is Fidelity.ELIDED
    (region,) = view.regions
    return region


@pytest.mark.parametrize("level", ["light", "balanced", "strong"])
def test_an_error_in_the_middle_is_shown_with_its_number(level: Level) -> None:
    lines = web_log()
    lines[1700] = "2031-02-03 04:28:20 ERROR web: upstream refused: 502\n"
    region = elided("".join(lines), level=level)
    assert "L1701 2031-02-03 04:28:20 ERROR web: upstream refused: 502\n" in region.shown
    assert COUNT(region.shown) < {"light": 4_000, "balanced": 1_500, "strong": 1_000}[level]


def test_every_error_text_is_shown_even_past_the_level_s_budget() -> None:
    names = [f"{left}{right}" for left in "abcdefghij" for right in "klmnop"]
    lines = web_log()
    for number, name in enumerate(names):
        lines[number * 40] = f"2031-02-03 04:28:20 ERROR {name}: lost connection {number}\n"
    shown = elided("".join(lines), level="strong").shown
    assert all(f"ERROR {name}: lost" in shown for name in names)


def test_a_slow_call_stands_out() -> None:
    lines = web_log()
    lines[1234] = served(1234, 65020)
    assert "L1235 " + lines[1234] in elided("".join(lines)).shown


def test_a_trace_keeps_its_head_our_frame_and_the_exception() -> None:
    lines = [*web_log(), *TRACE.splitlines(keepends=True), *web_log()]
    shown = elided("".join(lines)).shown
    for wanted in ("Traceback (most", "/srv/pool/worker.py", "job = self.queue.pop(key)", "KeyError: 'job_77_0412'"):
        assert wanted in shown


def test_a_line_that_the_question_names_is_shown() -> None:
    text = "".join(web_log()).replace("/item/434 ", "/item/blue-shoe ", 1)
    assert "blue-shoe" in elided(text, question="When was blue-shoe asked for?").shown


def test_lines_of_the_pattern_that_the_question_is_about_are_shown() -> None:
    lines = web_log()
    lines[700:700] = [f"2031-02-03 04:11:{number:02} INFO cache: evicted {number} entries\n" for number in range(9)]
    asked = elided("".join(lines), level="strong", question="Why were entries evicted?").shown
    assert "L701 2031-02-03 04:11:00 INFO cache: evicted 0 entries\n" in asked
    assert "L701 " not in elided("".join(lines), level="strong").shown


def test_words_that_stand_in_any_question_point_at_nothing() -> None:
    lines = web_log()
    lines[1700] = "2031-02-03 04:28:20 INFO web: what this was about is there\n"
    asked, unasked = (elided("".join(lines), question=asked).shown for asked in ("What is this about there?", ""))
    assert asked == unasked


def test_an_all_info_log_never_becomes_nothing() -> None:
    lines = web_log(600)
    shown = elided("".join(lines), level="strong").shown
    assert "L1 " + lines[0] in shown
    assert "L600 " + lines[-1] in shown
    assert re.search(r"600x L1-600 .*INFO web: GET /item/\{0\.\.997\} .* took \{20\.\.36\} ms", shown)
    assert "{04:00:00..04:09:59}" in shown


def test_shown_and_hidden_lines_make_up_the_source() -> None:
    lines = web_log()
    region = elided("".join(lines))
    assert region.hidden is not None
    assert region.hidden.total == len(lines)
    seen = {}
    for line in split_lines(region.shown):
        if match := re.match(r"L(\d+) (.*\n)", line):
            seen[int(match.group(1))] = match.group(2)
    assert all(lines[number - 1] == line for number, line in seen.items())
    assert region.hidden.count + len(seen) == len(lines)


def test_a_long_line_is_cut_inside_and_counts_as_hidden() -> None:
    lines = web_log()
    lines[9] = "2031-02-03 04:00:09 ERROR " + "x y " * 4000 + "end of it\n"
    region = elided("".join(lines))
    assert re.search(r"L10 .*ERROR x y .* \[\.\.\. \d+ characters \.\.\.\] .*end of it\n", region.shown)
    assert region.hidden is not None
    assert any(first <= 10 <= last for first, last in region.hidden.ranges)


def test_lines_are_counted_only_while_they_may_fit() -> None:
    """Each sort of line is offered a budget: one that has long been spent must not cost a count of every line left."""
    names = [f"{a}{b}{c}{d}" for a in "klmnp" for b in "aeiou" for c in "rstvwxyz" for d in "aeiou"]
    text = "".join(f"2031-02-03 04:05:06 ERROR {name} of the pool is lost\n" for name in names * 6)
    counted = 0

    def count(text: str) -> int:
        nonlocal counted
        counted += len(text)
        return COUNT(text)

    Logs().compress(text, Guidance(count=count, may_elide=True, budget=300))
    assert counted < 1.2 * len(text)  # once to know its size, and little more


def test_what_fits_the_budget_is_not_elided() -> None:
    view = Logs().compress("".join(web_log(30)), Guidance(count=COUNT, may_elide=True, budget=2_000))
    assert view.fidelity is Fidelity.EQUIVALENT


def test_nothing_is_left_out_without_a_way_back() -> None:
    view = Logs().compress("".join(web_log()), Guidance(count=COUNT, budget=100))
    assert view.fidelity is Fidelity.EQUIVALENT
