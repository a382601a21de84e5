"""Which lines are errors, which tests failed, which frames matter."""

from __future__ import annotations

import pytest
from headroom_core.compressors.logs.mining import mask_values
from headroom_core.compressors.logs.signals import (
    error_lines,
    failing_tests,
    frames_that_matter,
    headings,
    is_error,
    is_warning,
    message,
    outcomes,
    places,
    reasons,
    without_numbers,
)
from headroom_core.types import no_deadline

JAVA = """\
java.lang.IllegalStateException: cannot take job 7
\tat org.springframework.web.Frame.doIt(Frame.java:7)
\tat com.shop.Pool.take(Pool.java:41)
\tat java.base/java.lang.Thread.run(Thread.java:833)
Caused by: java.sql.SQLException: refused
"""
PYTHON = """\
Traceback (most recent call last):
  File "/usr/lib/python3.11/runpy.py", line 88, in _run_code
    exec(code, run_globals)
  File "/srv/pool/worker.py", line 41, in take
    job = self.queue.pop(key)
  File "/usr/lib/python3.11/queue.py", line 9, in pop
    raise Empty
_queue.Empty
"""


@pytest.mark.parametrize(
    "line",
    [
        "2031-02-03 ERROR pool: worker died",
        "kernel: Out of memory: Killed process 7",
        "panic: runtime error: index out of range",
        "E       assert 1 == 2",
        "connection refused",
        "  ✕ takes a job (3 ms)",
        "not ok 7 - takes a job",
        "java.lang.NullPointerException",
        "make: *** [all] Error 2",
        "host : ok=7 failed=1 skipped=0",
        "7 passed, 0 errors, 1 failed",
        "error: 0 is no valid port",
        "error: no such file",
        "could not resolve host",
        "    pool_test.go:41: got 3, want 7",
        "[错误] 数据库连接失败：超时",
        "データベースに接続できません: エラー 7",
    ],
)
def test_what_went_wrong_is_an_error(line: str) -> None:
    assert is_error(line)


@pytest.mark.parametrize(
    "line",
    [
        "INFO pool: worker took job",
        "tests/test_pool.py::test_error_path PASSED   [ 7%]",
        "test_failure (pool.PoolTest) ... ok",
        "test pool::fails ... ok",
        "--- PASS: TestError (0.00s)",
        "  ✓ shows the error message (3 ms)",
        "    def test_exception_handler(self, error):",
        "   12 |     class QueueError(Exception):",
        "        except KeyError:",
        "host : ok=7 changed=0 unreached=0 failed=0 skipped=1",
        'msg="took job" id=7 err=<nil>',
        '{"took": 7, "errors": false}',
        "found 0 errors and 0 failures in 7 files",
        "SafeUrl { cannot_be_a_base: false }",
    ],
)
def test_what_went_well_and_code_below_a_finding_are_none(line: str) -> None:
    assert not is_error(line)


def test_a_count_of_errors_is_one_where_it_is_not_zero() -> None:
    text = "".join(f"host{number} : ok=7 failed={int(number == 5)} skipped=0\n" for number in range(9))
    masked = mask_values(text)
    assert masked
    assert list(error_lines(masked, no_deadline).values()) == [[5]]


def test_a_linter_s_finding_whose_place_stands_below_it_is_an_error() -> None:
    masked = mask_values("F401 `os` imported but unused\n --> a.py:1:8\nF400 of no place\n")
    assert masked
    assert list(error_lines(masked, no_deadline).values()) == [[0]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("src/a.ts(7,1): error TS7006: Parameter 'x' is any.", "b.ts(12,40): error TS7006: Parameter 'job' is any."),
        ('a.py:7: error: Call to "take"  [call]', 'src/b.py:9: error: Call to "give"  [call]'),
        ("a.ts:7:1 - error TS1: No ‘x’", "b.ts:9:12 - error TS1: No ‘job’"),
        ("F401 `os` imported but unused", "F401 `re` imported but unused"),
        ("  7:10  error  Extra semicolon   semi", "  17:1   error  Extra semicolon      semi"),
    ],
)
def test_findings_say_the_same_of_other_places_and_names(one: str, other: str) -> None:
    assert message(one) == message(other)
    assert message(one) != message(one.replace("r", "R"))


def test_names_tell_other_errors_apart() -> None:
    assert message("ERROR pool 'a' is gone") != message("ERROR pool 'b' is gone")


def test_warnings_are_told_apart() -> None:
    assert is_warning("WARN disk: volume 3 at 91 %")
    assert not is_warning("INFO disk: volume 3 at 11 %")


def test_errors_are_the_same_but_for_numbers_and_ids() -> None:
    one = "job 7 of 3f9a1c07be42 failed at 0x7ffe: 3161b8c0-6350-466b-a9e8-600437e9783c"
    other = "job 12 of 99aa0c07be00 failed at 0x10: addc1839-2ed5-4778-b57e-5854eb7b8b09"
    assert without_numbers(one) == without_numbers(other)
    assert without_numbers(one) != without_numbers(one.replace("job", "task"))


def test_each_failing_test_is_named_once() -> None:
    lines = [
        "tests/test_a.py::test_one FAILED   [ 10%]",
        "tests/test_a.py::test_two PASSED   [ 20%]",
        "tests/test_b.py::test_three ERROR  [ 30%]",
        "FAILED tests/test_a.py::test_one - assert 1 == 2",
        "ERROR tests/test_b.py::test_three",
        "--- FAIL: TestPool (0.00s)",
        "    --- FAIL: TestPool/empty (0.00s)",
        "test pool::takes ... FAILED",
    ]
    assert failing_tests(lines, range(8)) == [3, 4, 5, 6, 7]
    assert failing_tests(lines, range(3)) == [0, 2]


UNITTEST = """\
FAIL: test_take (pool.PoolTest.test_take)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "/srv/pool.py", line 7, in test_take
    self.assertEqual(7, 8)
AssertionError: 7 != 8
"""
CARGO = """\
thread 'tests::takes' panicked at src/lib.rs:7:9:
assertion `left == right` failed
  left: 4
 right: 7
note: run with `RUST_BACKTRACE=1`
"""
JEST = """\
  ● pool › takes a job

    expect(received).toBe(expected) // Object.is equality

    Expected: 7
    Received: 8

      at Object.<anonymous> (src/pool.test.ts:7:21)
"""


@pytest.mark.parametrize(("run", "told"), [(UNITTEST, [5]), (CARGO, [1, 2, 3]), (JEST, [2, 4, 5])])
def test_why_a_test_failed_is_told_below_its_name(run: str, told: list[int]) -> None:
    lines = run.split("\n")
    assert reasons(lines, [0]) == told
    assert reasons(lines, [1]) == []


def test_a_finding_is_shown_with_its_place() -> None:
    lines = [
        "error[E0308]: mismatched types",
        "  --> src/pool.rs:7:9",
        "   |",
        "F401 unused",
        " --> a.py:1:8",
        "error: no",
    ]
    assert places(lines, [0, 2, 3, 5]) == [1, 4]


def test_a_finding_is_shown_with_its_file() -> None:
    lines = [
        "/srv/a.ts",
        "  1:1  warning  no",
        "  7:10  error  'x' is not defined",
        "",
        "/srv/b.ts",
        "  9:1  error  no",
    ]
    assert headings(lines, [5, 2]) == [0, 4]
    assert headings([*lines[:3], *lines[2:3]], [2, 3]) == [0]
    assert headings(lines[1:3], [1]) == []


def test_the_lines_that_sum_a_run_up_are_found_from_its_end() -> None:
    lines = ["FAILED (failures=2)", "x", "Ran 12 tests in 0.1s", "", "OK", "=== 2 failed, 1 passed in 0.12s ==="]
    assert outcomes(lines) == [5, 4, 2, 0]


def test_our_own_frames_come_before_those_of_libraries() -> None:
    lines = JAVA.splitlines()
    assert frames_that_matter(lines, 0) == [1, 2]
    assert frames_that_matter(lines[:2] + lines[3:], 0) == [1, 2]


def test_python_s_innermost_frame_is_its_last() -> None:
    assert frames_that_matter(PYTHON.splitlines(), 0) == [3, 4, 5, 6]


GO = """\
panic: runtime error: index out of range [7] with length 3
[signal SIGSEGV: segmentation violation]

goroutine 34 [running]:
net/http.(*conn).serve.func1(0xc0000a2000)
\t/usr/local/go/src/net/http/server.go:1850 +0xbf
main.(*Cart).Total(0x0)
\t/srv/shop/cart.go:27 +0x11
created by net/http.(*Server).Serve
\t/usr/local/go/src/net/http/server.go:3102 +0x4db

goroutine 7 [select]:
main.wait()
\t/srv/shop/wait.go:9 +0x1
"""


def test_a_go_panic_names_our_own_frame_by_function_and_place() -> None:
    lines = GO.split("\n")
    assert frames_that_matter(lines, 0) == [3, 6, 7]
    assert frames_that_matter([line.replace("/srv/shop", "/root/go/pkg/mod") for line in lines], 0) == [
        3,
        4,
        5,
        6,
        7,
        8,
        9,
    ]
    assert frames_that_matter(lines[:2], 0) == []


def test_no_frames_no_lines() -> None:
    assert frames_that_matter(["error", "next"], 0) == []
    assert frames_that_matter(["error"], 0) == []
