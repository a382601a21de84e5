"""Test and build output: passes shrink, failures and summaries stay, in their own order."""

from __future__ import annotations

import re

import pytest
from headroom_core.compressors.logs import Logs
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Fidelity, Guidance, Level

COUNT = tokenizer_for("gpt-4o").count


def pytest_run() -> tuple[str, list[str]]:
    lines, failed = ["============ test session starts ============", "collected 400 items", ""], []
    for number in range(400):
        name = f"tests/test_{'abcd'[number % 4]}.py::test_case_{number}"
        bad = number in (77, 240)
        lines.append(f"{name} {'FAILED' if bad else 'PASSED'}".ljust(70) + f"[{number // 4:3}%]")
        failed += [f"FAILED {name} - assert {number} == 7"] * bad
    lines += ["", "============ FAILURES ============", "E       assert 77 == 7", "", *failed]
    return "\n".join([*lines, "============ 2 failed, 398 passed in 1.75s ============", ""]), [
        *failed,
        lines[-3],
        lines[0],
    ]


def go_run() -> tuple[str, list[str]]:
    lines = []
    for number in range(400):
        lines += [f"=== RUN   TestPool/case_{number}", f"    --- PASS: TestPool/case_{number} (0.0{number % 10}s)"]
    bad = ["    pool_test.go:41: got 3, want 7", "    --- FAIL: TestPool/case_77 (0.01s)"]
    lines[300:302] = [lines[300], *bad]
    return "\n".join([*lines, "FAIL", "FAIL\texample.org/pool\t1.2s", ""]), [*bad, "FAIL\texample.org/pool\t1.2s"]


def cargo_run() -> tuple[str, list[str]]:
    lines = [f"   Compiling lib-{number} v1.{number}.0" for number in range(400)]
    bad = ["error[E0308]: mismatched types", "  --> src/pool.rs:41:18"]
    last = "error: could not compile `pool` (lib) due to 1 previous error"
    return "\n".join([*lines, *bad, last, ""]), [*bad, last]


def npm_run() -> tuple[str, list[str]]:
    lines = [f"npm warn deprecated lib-{number}@1.{number}.0: no longer kept" for number in range(400)]
    bad = ["npm error code ERESOLVE", "npm error unable to resolve the tree of packages"]
    return "\n".join([*lines, *bad, ""]), bad


def make_run() -> tuple[str, list[str]]:
    lines = [f"[{number:3}/400] Building C object src/part_{number}.c.o" for number in range(1, 400)]
    bad = ["src/pool.c:41:10: fatal error: queue.h: No such file or directory", "make: *** [all] Error 2"]
    return "\n".join([*lines, *bad, ""]), bad


RUNS = [pytest_run, go_run, cargo_run, npm_run, make_run]
every_run = pytest.mark.parametrize("run", RUNS, ids=lambda run: run.__name__)


@every_run
@pytest.mark.parametrize("level", ["light", "balanced", "strong"])
def test_failures_and_summaries_stay(run: object, level: Level) -> None:
    text, wanted = run()  # type: ignore[operator]
    view = Logs().compress(text, Guidance(count=COUNT, level=level, may_elide=True, budget=700))
    assert view.fidelity is Fidelity.ELIDED
    assert all(line in view.shown for line in wanted)
    assert COUNT(view.shown) < 0.15 * COUNT(text)


@every_run
def test_shown_lines_stand_in_their_own_order(run: object) -> None:
    text, _ = run()  # type: ignore[operator]
    shown = Logs().compress(text, Guidance(count=COUNT, level="strong", may_elide=True)).shown
    numbers = [int(number) for number in re.findall(r"^L(\d+) ", shown, re.MULTILINE)]
    assert numbers == sorted(set(numbers))
    assert len(numbers) > 2


@every_run
def test_passes_are_summed_up(run: object) -> None:
    text, _ = run()  # type: ignore[operator]
    shown = Logs().compress(text, Guidance(count=COUNT, level="strong", may_elide=True)).shown
    assert re.search(r"^(39\d|400|98|99|100|101)x L\d+-\d+ ", shown, re.MULTILINE)


@every_run
def test_without_a_way_back_it_is_rebuilt(run: object) -> None:
    text, wanted = run()  # type: ignore[operator]
    view = Logs().compress(text, Guidance(count=COUNT))
    assert view.fidelity is Fidelity.EQUIVALENT
    assert Logs().rebuilds(text, view.shown)
    assert all(line in view.shown for line in wanted)
