"""What counts as a log, and what doesn't though it carries numbers, colons or times."""

from __future__ import annotations

import pytest
from headroom_core.compressors.logs import Logs
from headroom_core.compressors.prose import Prose
from headroom_core.router.route import LEAST_CLAIM

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
    "android, short": "D/WifiHAL ( 17{}): text\n",
    "dots": "[02.03 04:05:06] shop.exe - proxy open {}\n",
    "seconds": "{} node-7 unix.hw changed 1938555506 1 state\n",
    "googletest": "[ RUN      ] Pool.T{}\n[       OK ] Pool.T{} (3 ms)\n",
    "ctest": " {}/40 Test #7: pool .......   Passed    0.01 sec\n",
    "tap": "ok {} - takes job\n  ---\n  duration_ms: 0.14\n  ...\n",
    "rspec": "  {}) Pool takes\n     Failure/Error: expect(x).to eq 7\n       got: 3\n     # ./spec/a.rb:7\n",
    "ansible": "TASK [role : step {}] *****\nok: [host]\n\n",
    "events": "  Warning  BackOff    {}m    kubelet  back-off restarting\n",
    "strace": 'openat(AT_FDCWD, "/etc/x", O_RDONLY) = {}\n',
    "colours": "\x1b[32mINFO\x1b[0m  took job {}\n",
    "one blank behind the level": "DEBUG Found workspace {}\n",
    "npm's own log": "{} silly placeDep ROOT lib@1.0 OK\n",
    "tsc for eyes": "src/a.ts:{}:7 - error TS7006: Parameter 'x' implicitly has an 'any' type.\n\n7 let x\n      ~\n",
    "ruff in full": "F401 [*] `os` imported but unused\n --> src/a{}.py:1:8\n  |\n1 | import os\n  |        ^^\n",
    "grouped findings": "   {}:1  F401 [*] `os` imported but unused\n",
    "compact findings": "/srv/a.js: line {}, col 1, Error - Extra semicolon. (semi)\n",
    "workflow commands": "::error file=a.py,line={}::imported but unused\n",
    "cmake's trace": "/srv/CMakeLists.txt({}):  set(x y )\n",
    "compose": " ✔ Container shop-web-{}  Started\n",
    "webpack": "asset main{}.js 1.68 KiB [emitted] (name: main)\n",
    "bundler": "Using rake 13.0.{}\n",
    "composer": "  - Installing shop/pool (v1.{}): Extracting archive\n",
    "xcode": "Test Case '-[Pool takes{}]' passed (0.001 seconds).\n",
    "java trace": "\tat com.shop.Pool.take(Pool.java:{})\n",
}

OTHERS = {
    "diff": "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\n-b{}\n+c\n d\n",
    "search hits": "src/a/b.py:{}:    error = find(x)\n",
    "search hits of context": "src/a/b.py-{}-    find(x)\n",
    "json": '{"time": "2031-02-03 04:05:06", "id": {}}\n',
    "page": "<!doctype html><p>2031-02-03 04:05:06 {}</p>\n",
    "listing": "-rw-r--r-- 1 me me 120{} Feb  3 04:05 a.txt\n",
    "blame": "a1b2c3d4 (Ann B 2031-02-03 04:05:06 +0000 {}) x = 1\n",
    "prose": "The pool took job {} and then went to sleep, as it does every night.\n",
    "python": "def f{}(x):\n    return x\n\n",
    "markdown": "## Part {}\n\n* one thing\n* another thing\n",
    "csv": "name,age,city\nann,3{},rome\n",
    "subtitles": "{}\n00:01:20,000 --> 00:01:24,400\nSome words are spoken.\n\n",
    "sql": "INSERT INTO jobs VALUES ({}, '2031-02-03 04:05:06');\n",
    "markdown with output": "Words that explain what is to be seen here, line for line:\n```\nmake: *** [a{}]\n```\n\n",
    "ps": "root       {} 0.0  0.1  12345  1234 ?        Ss   10:11   0:03 /usr/bin/thing\n",
    "yaml": "---\nname: x{}\nport: 80\n",
}


@pytest.mark.parametrize("line", LOGS.values(), ids=LOGS)
def test_it_is_sure_of_logs_and_of_what_tools_print(line: str) -> None:
    assert Logs().claim("".join(line.replace("{}", str(number)) for number in range(2, 9))) >= SURE


@pytest.mark.parametrize("line", OTHERS.values(), ids=OTHERS)
def test_other_kinds_are_left_to_others(line: str) -> None:
    assert Logs().claim("".join(line.replace("{}", str(number)) for number in range(2, 30))) < 0.5


@pytest.mark.parametrize(
    "text", ["", "\n", "\0", "\ud800", "x" * 100_000, "[" * 100_000, "\n" * 100_000, "1:" * 50_000]
)
def test_odd_texts_are_not_claimed(text: str) -> None:
    assert Logs().claim(text) < 0.5


def test_a_table_with_times_is_not_sure_to_be_a_log() -> None:
    table = "".join(f"2031-02-03T04:05:{number:02}Z,web-{number},{number * 7}\n" for number in range(30))
    assert 0.5 <= Logs().claim(table) < SURE


def test_the_history_of_commits_is_claimed_weakly() -> None:
    """What all heads share is said once, and no message is ever left out."""
    text = "".join(
        f"commit {number * 7919 + 10**9:08x}\nAuthor: Ann <ann@shop.example>\n"
        f"Date:   Mon Feb 3 04:05:{number:02} 2031 +0000\n\n    Take the job before the pool is closed.\n\n"
        for number in range(40)
    )
    assert LEAST_CLAIM <= Logs().claim(text) < SURE
    assert Prose().claim(text) < LEAST_CLAIM + 0.01
    with_statistics = text.replace("\n\ncommit", "\n\n a.py | 2 +-\n 1 file changed, 1 insertion(+)\n\ncommit")
    assert Logs().claim(with_statistics) < LEAST_CLAIM


@pytest.mark.parametrize("before", ["", "Exit code: 1\nOutput:\n"])
def test_rows_with_times_behind_the_words_of_a_tool_are_no_sure_log(before: str) -> None:
    assert Logs().claim(before + "".join(f"{n},2031-02-03 04:05:{n:02},web\n" for n in range(60))) < SURE
    assert Logs().claim(before + "".join(f" {n} | web | 2031-02-03 04:05:{n:02}\n" for n in range(60))) < SURE


@pytest.mark.parametrize("number", [0, 17, 39])
def test_json_lines_of_which_one_was_cut_are_a_log(number: int) -> None:
    """Nobody can parse them all, and nobody read them."""
    lines = [f'{{"time": "2031-02-03T04:05:{n:02}Z", "level": "info", "msg": "took job {n}"}}' for n in range(40)]
    lines[number] = "[... 900 characters truncated ...]" if number else '{"time": "20'
    assert Logs().claim("\n".join(lines)) >= SURE
    assert Logs().claim('{\n  "jobs": [\n    {"id": 7},\n    {"id": 8}\n  ]\n}\n') == 0


def test_numbered_lines_are_no_frames_of_findings() -> None:
    assert Logs().claim("".join(f"{n} | the shed of {n}\n" for n in range(60))) < LEAST_CLAIM


def test_records_of_many_lines_are_a_log() -> None:
    record = "2031-02-03 04:05:06 INFO config:\n" + "  key: value\n  other:\n    - 1\n" * 10
    assert Logs().claim(record * 20) >= SURE
