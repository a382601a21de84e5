"""Search output is told from what looks like it."""

from typing import Any

import pytest
from headroom_core.compressors.search_hits.claims import claim

SURE = {
    "flat": "".join(f"src/pool_{n % 3}.py:{n}:queue.put({n})\n" for n in range(1, 60)),
    "grep with groups": "".join(
        f"src/p.py-{n}-a = 1\nsrc/p.py:{n + 1}:queue\nsrc/p.py-{n + 2}-b\n--\n" for n in range(10, 400, 10)
    ),
    "headed": "".join(f"src/pool_{n}.py\n14:queue.put({n})\n88:queue.get({n})\n\n" for n in range(30)),
    "headed, one hit a file": "".join(f"src/pool_{n}.py\n14:queue.put({n})\n\n" for n in range(30)),
    "headed, long sections": "".join(
        f"src/pool_{n}.py\n" + "".join(f"{line}:queue.put({line})\n" for line in range(1, 900)) + "\n" for n in range(9)
    ),
    "at a commit": "".join(f"v1.2:src/p.py:{n}:queue.put({n})\n" for n in range(1, 60)),
    "windows": "".join(f"C:\\work\\pool_{n % 3}.py:{n}:queue.put({n})\r\n" for n in range(1, 60)),
    "dated folders": "".join(f"logs/2031-02-03/app.log:{n}:04:05:06 queue {n}\n" for n in range(1, 60)),
    "words of other scripts": "".join(f"src/größe_文.py:{n}:warteschlange({n})\n" for n in range(1, 60)),
    "colours": "".join(
        f"\x1b[35m\x1b[Ksrc/p.py\x1b[m\x1b[K\x1b[36m\x1b[K:\x1b[m\x1b[K\x1b[32m\x1b[K{n}\x1b[m\x1b[K\x1b[36m\x1b[K:"
        f"\x1b[m\x1b[Kx \x1b[01;31m\x1b[Kqueue\x1b[m\x1b[K\n"
        for n in range(1, 60)
    ),
    "columns": "".join(f"src/p.py:{n}:{n % 9 + 1}:queue.put({n})\n" for n in range(1, 60)),
    "names without an ending": "".join(f"docs/Makefile:{n}:queue: {n}\n" for n in range(1, 60)),
}

NOT = {
    "a log with a dated file name in front": "".join(
        f"api.log.1.2031-05-16_13:{n % 60:02}:08 2031-05-16 00:00:{n % 60:02}.008 25746 INFO x\n" for n in range(60)
    ),
    "time stamps": "".join(f"2031-02-03 04:{n % 60:02}:06 INFO job {n}\n" for n in range(60)),
    "clocks": "".join(f"04:{n % 60:02}:06 job {n}\n" for n in range(60)),
    "a compiler": "".join(f"src/p.c:{n}:5: error: no such field\n" for n in range(1, 60)),
    "a type checker": "".join(f"src/p.py:{n}: error: no such field  [attr]\n" for n in range(1, 60)),
    "a linter": "".join(f"src/p.py:{n}:5: E501 line too long\n" for n in range(1, 60)),
    "hosts and ports": "".join(f"10.0.0.{n}:8080: refused\n" for n in range(1, 60)),
    "git blame": "".join(f"1f2e3d4c (A Person 2031-02-03 04:05:{n:02} +0000 {n}) x = {n}\n" for n in range(1, 60)),
    "numbered lines": "".join(f"{n}:x = {n}\n" for n in range(1, 60)),
    "addresses": "".join(f"https://example.com:443/a/{n}\n" for n in range(1, 60)),
    "users": "".join(f"user{n}:x:{n}:{n}:A Person:/home/u:/bin/sh\n" for n in range(1, 60)),
    "a stack trace": '  File "src/p.py", line 3, in take\n    queue.get()\n' * 30,
    "YAML": "".join(f"key_{n}:\n  - a: {n}\n  - b: 04:05\n" for n in range(60)),
    "prose": "The queue: it is long.\n" * 60,
    "falling numbers": "".join(f"src/p.py:{900 - n}:x = {n}\n" for n in range(1, 60)),
    "nothing": "",
    "two hits": "a.py:1:x\na.py:2:y\n",
}


@pytest.mark.parametrize("name", SURE)
def test_search_output_is_claimed_surely(name: Any) -> None:
    assert claim(SURE[name]) >= 0.8


@pytest.mark.parametrize("name", NOT)
def test_what_looks_like_it_is_not_claimed(name: Any) -> None:
    assert claim(NOT[name]) < 0.5


def test_hits_among_other_lines_are_claimed_but_not_surely() -> None:
    text = "$ grep -rn queue src\n\nlooking\nthere\n\n" + "".join(
        f"a.py:{n}:queue\nand then {n}\n" if n % 2 else f"a.py:{n}:x\n" for n in range(1, 40)
    )
    assert 0.5 <= claim(text) < 0.8


def test_a_long_text_is_judged_by_its_middle_and_end_too() -> None:
    assert claim(SURE["flat"] * 20 + "words of prose that are no hit\n" * 3000) < 0.5
