"""What counts as a log, and what doesn't though it carries numbers, colons or times."""

from __future__ import annotations

import pytest
from headroom_core.compressors.logs import Logs

SURE = 0.8

LOGS = {
    "iso": "2031-02-03 04:05:06,100 INFO pool: worker {} took job\n",
    "iso with T": "2031-02-03T04:05:06.100Z worker {} took job\n",
    "syslog": "Feb  3 04:05:06 host sshd[{}]: session opened\n",
    "apache": "[Mon Feb 03 04:05:06 2031] [notice] child {} done\n",
    "nginx": '10.0.0.{} - - [03/Feb/2031:04:05:06 +0000] "GET / HTTP/1.1" 200 12\n',
    "android": "02-03 04:05:06.100  1702  {} I Tag: text\n",
    "compact": "20310203-4:5:6:100|Step|{}|text\n",
    "klog": "I0203 04:05:06.100000 {} main.go:12] text\n",
    "kernel": "[   12.34567{}] usb 1-1: new device\n",
    "logfmt": "level=info msg=took id={}\n",
    "levels": "[INFO] building module {}\n",
    "dated file name": "api.log.1.2031-02-03_04:05:06 2031-02-03 00:00:0{} INFO x\n",
    "pytest": "tests/test_a.py::test_{} PASSED      [  1%]\n",
    "unittest": "test_{} (pool.PoolTest) ... ok\n",
    "go": "--- PASS: Test{} (0.00s)\n",
    "cargo": "   Compiling serde v1.0.{}\n",
    "cargo test": "test pool::job_{} ... ok\n",
    "jest": "  ✓ takes job {} (3 ms)\n",
    "gcc": "main.c:{}:10: warning: unused variable 'x'\n",
    "mypy": "src/a.py:{}: error: Missing return  [return]\n",
    "ruff": "src/a.py:{}:1: F401 `os` imported but unused\n",
    "eslint": "  {}:10  error  'x' is not defined  no-undef\n",
    "make": "make[{}]: Entering directory '/src'\n",
    "npm": "npm warn deprecated lib@{}: no longer kept\n",
    "pip": "Collecting lib{}\n  Downloading lib-1.0.whl (3 kB)\n",
    "docker build": "#{} [2/7] RUN make\n",
    "terraform": "aws_instance.web[{}]: Creating...\n",
    "kubectl": "pod/web-{} created\n",
    "java trace": "\tat com.shop.Pool.take(Pool.java:{})\n",
}

OTHERS = {
    "diff": "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\n-b{}\n+c\n d\n",
    "search hits": "src/a/b.py:{}:    error = find(x)\n",
    "search hits of context": "src/a/b.py-{}-    find(x)\n",
    "json": '{{"time": "2031-02-03 04:05:06", "id": {}}}\n',
    "page": "<!doctype html><p>2031-02-03 04:05:06 {}</p>\n",
    "listing": "-rw-r--r-- 1 me me 120{} Feb  3 04:05 a.txt\n",
    "blame": "a1b2c3d4 (Ann B 2031-02-03 04:05:06 +0000 {}) x = 1\n",
    "git log": "commit a1b2c3d4e5f6\nAuthor: Ann\nDate:   Mon Feb 3 04:05:06 2031 +0000\n\n    text {}\n",
    "prose": "The pool took job {} and then went to sleep, as it does every night.\n",
    "python": "def f{}(x):\n    return x\n\n",
    "markdown": "## Part {}\n\n* one thing\n* another thing\n",
    "csv": "name,age,city\nann,3{},rome\n",
    "yaml": "---\nname: x{}\nport: 80\n",
}


@pytest.mark.parametrize("line", LOGS.values(), ids=LOGS)
def test_it_is_sure_of_logs_and_of_what_tools_print(line: str) -> None:
    assert Logs().claim("".join(line.format(number) for number in range(2, 9))) >= SURE


@pytest.mark.parametrize("line", OTHERS.values(), ids=OTHERS)
def test_other_kinds_are_left_to_others(line: str) -> None:
    assert Logs().claim("".join(line.format(number) for number in range(2, 30))) < 0.5


@pytest.mark.parametrize(
    "text", ["", "\n", "\0", "\ud800", "x" * 100_000, "[" * 100_000, "\n" * 100_000, "1:" * 50_000]
)
def test_odd_texts_are_not_claimed(text: str) -> None:
    assert Logs().claim(text) < 0.5


def test_records_of_many_lines_are_a_log() -> None:
    record = "2031-02-03 04:05:06 INFO config:\n" + "  key: value\n  other:\n    - 1\n" * 10
    assert Logs().claim(record * 20) >= SURE
