"""Writes large outputs of builds, tests and tools, so that logs are measured on content that nobody has tuned to.

    uv run python benchmarks/build_outputs.py DIR [--seed 1] [--size 400]
    uv run python benchmarks/run.py --corpus DIR --kinds logs

DIR/logs gets a file for every tool, in the shapes that the tools themselves print, and `needles.jsonl`: every failure,
every error text and the line that sums the run up. Names and numbers are made up; the same seed gives the same files.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from random import Random

SYLLABLES = ["ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "xu", "za"]
Output = tuple[list[str], list[str]]  # the lines, and those of them that a reader needs
BAR = 40  # characters of a progress bar


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=400, help="tests, files or steps of each run")
    options = parser.parse_args()
    folder = options.folder / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    needles = []
    for name, make in OUTPUTS.items():
        lines, wanted = make(Random(f"{options.seed} {name}"), options.size)
        (folder / f"{name}.log").write_text("\n".join(lines) + "\n", "utf-8", newline="")
        needles += [{"item": f"{name}.log", "why": "failure", "must_contain": [line.strip()]} for line in wanted]
    (folder / "needles.jsonl").write_text("".join(json.dumps(needle) + "\n" for needle in needles), "utf-8")


def word(rng: Random) -> str:
    return "".join(rng.choice(SYLLABLES) for _ in range(rng.randint(2, 4)))


def some(rng: Random, size: int) -> set[int]:
    """Which of them go wrong."""
    return set(rng.sample(range(size), max(2, size // 80)))


def pytest(rng: Random, size: int) -> Output:
    bad, wanted = some(rng, size), []
    lines = [f"{' test session starts ':=^80}", "platform linux -- Python 3.12.1", f"collected {size} items", ""]
    names = [f"tests/{word(rng)}/test_{word(rng)}.py::test_{word(rng)}_{word(rng)}" for _ in range(size)]
    for at, name in enumerate(names):
        lines.append(f"{name} {'FAILED' if at in bad else 'PASSED'}".ljust(72) + f"[{100 * at // size:3}%]")
    lines += ["", f"{' FAILURES ':=^80}"]
    for at in sorted(bad):
        test = names[at].rpartition("::")[2]
        lines += [f"{f' {test} ':_^80}", "", f"    def {test}():", f"        got = {word(rng)}({at})"]
        lines += [f">       assert got == {at}", f"E       assert {at + 1} == {at}", ""]
        lines += [f"{names[at].partition('::')[0]}:{at}: AssertionError"]
    lines.append(f"{' short test summary info ':=^80}")
    wanted = [f"FAILED {names[at]} - assert {at + 1} == {at}" for at in sorted(bad)]
    wanted.append(f"{f' {len(bad)} failed, {size - len(bad)} passed in 9.81s ':=^80}")
    return [*lines, *wanted], wanted


def unittest(rng: Random, size: int) -> Output:
    bad, lines, traces = some(rng, size), [], []
    for at in range(size):
        test, case = f"test_{word(rng)}_{word(rng)}", f"tests.test_{word(rng)}.{word(rng).title()}Test"
        lines.append(f"{test} ({case}.{test}) ... {'FAIL' if at in bad else 'ok'}")
        if at in bad:
            traces += ["=" * 70, f"FAIL: {test} ({case}.{test})", "-" * 70, "Traceback (most recent call last):"]
            traces += [
                f'  File "/srv/{word(rng)}/{word(rng)}.py", line {at}, in {test}',
                f"    self.assertEqual({at}, 7)",
            ]
            traces += [f"AssertionError: {at} != 7", ""]
    end = [f"Ran {size} tests in 3.141s", "", f"FAILED (failures={len(bad)})"]
    wanted = [line for line in traces if line.startswith(("FAIL:", "AssertionError"))]
    return [*lines, "", *traces, "-" * 70, *end], [*wanted, end[0], end[2]]


def jest(rng: Random, size: int) -> Output:
    lines, wanted, bad = [], [], some(rng, size)
    for suite in range(0, size, 8):
        failing = bad & set(range(suite, suite + 8))
        name = f"src/{word(rng)}/{word(rng)}.test.ts"
        lines += [
            f"{'FAIL' if failing else 'PASS'} {name} ({rng.randint(1, 9)}.{rng.randint(0, 999):03} s)",
            f"  {word(rng)}",
        ]
        wanted += [f"FAIL {name}"] if failing else []
        for at in range(suite, min(size, suite + 8)):
            said = f"{word(rng)} the {word(rng)} of {word(rng)} ({rng.randint(1, 40)} ms)"
            lines.append(f"    {'✕' if at in failing else '✓'} {said}")
            wanted += [f"✕ {said}"] if at in failing else []
    end = [
        f"Tests:       {len(bad)} failed, {size - len(bad)} passed, {size} total",
        "Snapshots:   0 total",
        "Time:        9.81 s",
    ]
    return [*lines, "", *end], [*wanted, end[0]]


def go_test(rng: Random, size: int) -> Output:
    lines, wanted, bad = [], [], some(rng, size)
    for at in range(size):
        name, package = f"Test{word(rng).title()}/{word(rng)}", f"example.org/{word(rng)}/{word(rng)}"
        lines += [f"=== RUN   {name}", f"=== PAUSE {name}", f"=== CONT  {name}"]
        took = f"({rng.randint(0, 9)}.{rng.randint(0, 99):02}s)"
        if at in bad:
            found = [f"    {word(rng)}_test.go:{at + 9}: got {at}, want 7", f"--- FAIL: {name} {took}"]
            lines += [*found, "FAIL", f"FAIL\t{package}\t{took[1:-1]}"]
            wanted += [*found, f"FAIL\t{package}"]
        else:
            lines += [f"--- PASS: {name} {took}", *([f"ok  \t{package}\t{took[1:-1]}"] if at % 9 == 0 else [])]
    return [*lines, "FAIL"], wanted


def cargo(rng: Random, size: int) -> Output:
    bad = some(rng, size)
    lines = [
        f"   Compiling {word(rng)}-{word(rng)} v{rng.randint(0, 4)}.{rng.randint(0, 40)}.{rng.randint(0, 9)}"
        for _ in range(size // 2)
    ]
    lines += ["    Finished `test` profile [unoptimized + debuginfo] target(s) in 41.20s", "", f"running {size} tests"]
    names = [f"{word(rng)}::tests::{word(rng)}_{word(rng)}" for _ in range(size)]
    lines += [f"test {name} ... {'FAILED' if at in bad else 'ok'}" for at, name in enumerate(names)]
    wanted = [f"test {names[at]} ... FAILED" for at in bad]
    lines += ["", "failures:", ""]
    for at in sorted(bad):
        panic = f"thread '{names[at]}' panicked at src/{word(rng)}.rs:{at}:9:"
        lines += [
            f"---- {names[at]} stdout ----",
            panic,
            "assertion `left == right` failed",
            f"  left: {at}",
            " right: 7",
            "",
        ]
        wanted.append(panic)
    end = f"test result: FAILED. {size - len(bad)} passed; {len(bad)} failed; 0 ignored; finished in 0.36s"
    return [*lines, end, "", "error: test failed, to rerun pass `--lib`"], [*wanted, end]


def mypy(rng: Random, size: int) -> Output:
    notes = [
        "By default the bodies of untyped functions are not checked",
        'Use "-> None" if function does not return a value',
    ]
    lines, wanted = [], []
    for _ in range(size):
        path, row = f"src/{word(rng)}/{word(rng)}.py", rng.randint(1, 900)
        lines.append(f"{path}:{row}: note: {rng.choice(notes)}")
        if rng.random() < 0.2:
            lines.append(f'{path}:{row}: error: "{word(rng).title()}" has no attribute "{word(rng)}"  [attr-defined]')
            wanted.append(lines[-1])
    end = f"Found {len(wanted)} errors in {len(wanted)} files (checked {size} source files)"
    return [*lines, end], [*wanted, end]


def linter(rng: Random, size: int) -> Output:
    rules = [
        "F401 [*] `{}` imported but unused",
        "E501 Line too long (133 > 120)",
        "D103 Missing docstring in public function",
        "ANN001 Missing type annotation for function argument `{}`",
        "INP001 File is part of an implicit namespace package",
    ]
    lines = []
    for _ in range(size // 8):
        path = f"src/{word(rng)}/{word(rng)}.py"
        lines += [
            f"{path}:{rng.randint(1, 900)}:{rng.randint(1, 80)}: {rng.choice(rules).format(word(rng))}"
            for _ in range(16)
        ]
    broken = f"src/{word(rng)}.py:7:1: invalid-syntax: Expected an indented block after `if` statement"
    lines.insert(len(lines) // 2, broken)
    return [*lines, f"Found {len(lines)} errors."], [broken, f"Found {len(lines)} errors."]


def eslint(rng: Random, size: int) -> Output:
    lines, wanted = [], []
    for _ in range(size // 6):
        lines += ["", f"/srv/{word(rng)}/src/{word(rng)}.ts"]
        for _ in range(8):
            at = f"{rng.randint(1, 900)}:{rng.randint(1, 80)}"
            lines.append(f"  {at:>7}  warning  Unexpected console statement  no-console")
        if rng.random() < 0.3:
            lines.append(f"  {rng.randint(1, 99):>4}:7   error    '{word(rng)}' is not defined  no-undef")
            wanted.append(lines[-1])
    end = f"✖ {size} problems ({len(wanted)} errors, {size - len(wanted)} warnings)"
    return [*lines, "", end], [*wanted, end]


def gcc(rng: Random, size: int) -> Output:
    lines, wanted = [], []
    for at in range(size // 2):
        path, name, row = f"src/{word(rng)}.c", word(rng), rng.randint(1, 900)
        lines += [
            f"{path}: In function ‘{word(rng)}’:",
            f"{path}:{row}:7: warning: unused variable ‘{name}’ [-Wunused-variable]",
        ]
        lines += [f"  {row:3} |   int {name};", f"      |       ^{'~' * (len(name) - 1)}"]
        if at % 20 == 7:
            lines.append(f"{path}:{row + 3}:9: error: ‘{word(rng)}’ undeclared (first use in this function)")
            wanted.append(lines[-1])
    return lines, wanted


def make(rng: Random, size: int) -> Output:
    lines = []
    for at in range(size):
        name = f"{word(rng)}/{word(rng)}"
        lines.append(f"[{100 * at // size:3}%] Building C object src/CMakeFiles/core.dir/{name}.c.o")
        if at % 3 == 0:
            lines.append(f"gcc -O2 -g -Wall -Iinclude -DNDEBUG -c -o build/{name}.o src/{name}.c")
    bad = [f"src/{word(rng)}.c:41:10: fatal error: {word(rng)}.h: No such file or directory", "compilation terminated."]
    end = ["make[2]: *** [src/CMakeFiles/core.dir/build.make:76: all] Error 1", "make: *** [Makefile:101: all] Error 2"]
    return [*lines, *bad, *end], [bad[0], *end]


def npm(rng: Random, size: int) -> Output:
    lines = [
        f"npm warn deprecated {word(rng)}@{rng.randint(0, 9)}.{rng.randint(0, 9)}.0: no longer supported"
        for _ in range(size // 4)
    ]
    lines += [
        f"npm http fetch GET 200 {word(rng)}-{word(rng)} {rng.randint(9, 900)}ms (cache miss)" for _ in range(size)
    ]
    bad = [
        "npm error code ERESOLVE",
        f"npm error While resolving: {word(rng)}@1.0.0",
        f"npm error Found: {word(rng)}@18.2.0",
    ]
    return [*lines, *bad, f"npm error A complete log of this run can be found in: /root/{word(rng)}.log"], bad


def pip(rng: Random, size: int) -> Output:
    lines, names = [], [f"{word(rng)}-{word(rng)}" for _ in range(size // 3)]
    for name in names:
        release = f"{rng.randint(0, 9)}.{rng.randint(0, 40)}.{rng.randint(0, 9)}"
        lines += [
            f"Collecting {name}>={release[:3]} (from app==1.0)",
            f"  Downloading {name.replace('-', '_')}-{release}-py3-none-any.whl ({rng.randint(9, 900)} kB)",
        ]
        steps = [f"\r     {'━' * (BAR * step // 5):{BAR}} {step * 20}/100 kB 9.1 MB/s" for step in range(6)]
        lines.append("".join(steps))
    bad = f"ERROR: Could not find a version that satisfies the requirement {word(rng)}==9.9 (from versions: none)"
    return [*lines, bad], [bad]


def docker(rng: Random, size: int) -> Output:
    lines = []
    for step in range(1, size // 16):
        lines.append(f"#{step + 4} [{step}/{size // 16}] RUN make -C {word(rng)}")
        lines += [
            f"#{step + 4} {at * 0.37:.3f} Unpacking lib{word(rng)} ({rng.randint(1, 9)}.{rng.randint(0, 99)}-1) ..."
            for at in range(16)
        ]
        lines.append(f"#{step + 4} DONE {rng.randint(1, 90)}.{rng.randint(0, 9)}s")
    bad = [
        f"#99 0.812 /bin/sh: 1: {word(rng)}: not found",
        '#99 ERROR: process "/bin/sh -c make" did not complete successfully: exit code: 127',
    ]
    return [*lines, *bad, "ERROR: failed to solve: exit code: 127"], bad


def terraform(rng: Random, size: int) -> Output:
    names = [f"module.{word(rng)}.aws_{word(rng)}.{word(rng)}[{at}]" for at in range(size)]
    lines = [f"\x1b[0m\x1b[1m{name}: Refreshing state... [id=i-{rng.getrandbits(64):016x}]\x1b[0m" for name in names]
    bad = f"Error: creating EC2 Instance: The image id '[ami-{rng.getrandbits(32):08x}]' does not exist"
    plan = f"Plan: {size // 3} to add, 2 to change, 1 to destroy."
    return [*lines, "", plan, "╷", f"│ {bad}", "│ ", f"│   with {names[7]},", "╵"], [plan, bad]


def kubectl(rng: Random, size: int) -> Output:
    lines, wanted = ["NAMESPACE   NAME                                  READY   STATUS             RESTARTS   AGE"], []
    bad = some(rng, size)
    for at in range(size):
        state = "CrashLoopBackOff" if at in bad else "Running"
        name = f"{word(rng)}-{rng.getrandbits(36):09x}-{word(rng)[:5]}"
        lines.append(
            f"{word(rng)[:8]:12}{name:38}{0 if at in bad else 1}/1     {state:19}{at % 9:<11}{rng.randint(1, 40)}d"
        )
        wanted += [name] if at in bad else []
    return lines, wanted


OUTPUTS: dict[str, Callable[[Random, int], Output]] = {
    each.__name__.replace("_", "-"): each
    for each in (
        pytest,
        unittest,
        jest,
        go_test,
        cargo,
        mypy,
        linter,
        eslint,
        gcc,
        make,
        npm,
        pip,
        docker,
        terraform,
        kubectl,
    )
}


if __name__ == "__main__":
    main()
