"""What broke in other tools, held here for search hits, diffs, mixed texts. Tests of one number are about one fault."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from headroom_core import Headroom, Policy
from headroom_core.ccr.marker import find_handles
from headroom_core.compressors.search_hits.notation import decode
from headroom_core.text.lines import split_lines
from headroom_core.text.tokens import tokenizer_for

COUNT = tokenizer_for("gpt-4o").count
Hit = tuple[str, int, str]


def flat(hits: list[Hit]) -> str:
    return "".join(f"{path}:{number}:{text}\n" for path, number, text in hits)


def around(hits: list[Hit]) -> str:
    return "".join(
        f"{path}-{number - 1}-before {number}\n{path}:{number}:{text}\n{path}-{number + 1}-behind {number}\n--\n"
        for path, number, text in hits
    )


def headed(hits: list[Hit]) -> str:
    lines, last = [], ""
    for path, number, text in hits:
        lines += ([""] if last else []) + [path] if path != last else []
        lines.append(f"{number}:{text}")
        last = path
    return "\n".join(lines) + "\n"


def hits_in(path: str, text: str = "    job(n) = queue.put", count: int = 60) -> list[Hit]:
    return [(path.format(n // 20), n * 3 + 5, f"{text} {n}") for n in range(count)]


CASES = {
    "dated paths": hits_in("logs/2031-02-03/app-12-{}.log", "04:05:06 WARN queue:"),
    "Windows": hits_in("C:\\shop\\src-{}\\pool.py"),
    "paths of other scripts": hits_in("源码/größe {}.py"),
    "colons in content": hits_in("src/a{}.py", "x[1:2]: see b.py:12: there"),
    "numbers in content": hits_in("src/a{}.py", "-12-13:14:"),
}


@pytest.mark.parametrize("layout", [flat, around, headed])
@pytest.mark.parametrize("name", CASES)
def test_case_10_the_exact_form_gives_every_hit_back_where_it_was(layout: Any, name: str) -> None:
    text = layout(CASES[name])
    with Headroom("memory://") as headroom:
        shown = headroom.shrink(text)
        assert shown.receipt.kind == "search"
        assert shown.text == text or decode(shown.text) == text
        assert shown.receipt.tokens_after <= shown.receipt.tokens_before * (1 if layout is headed else 0.8)


@pytest.mark.parametrize("layout", [flat, around, headed])
@pytest.mark.parametrize("name", CASES)
def test_case_10_what_is_shown_of_many_hits_stands_in_the_source(layout: Any, name: str) -> None:
    """Path, line and content together: fused lines made readers edit the wrong file."""
    hits = [(path, number + 9_000 * again, text) for again in range(40) for path, number, text in sorted(CASES[name])]
    hits.sort(key=lambda hit: hit[:2])
    with Headroom("memory://", Policy(level="strong")) as headroom:
        shown = headroom.shrink(layout(hits), retrieval="tool").text
    assert len(find_handles(shown)) == 1
    root = found[1] if (found := re.search(r"; paths in (.+)\]\n", shown)) else ""
    known = set(hits)
    seen: list[Hit] = []
    path = ""
    for line in shown.split("\n")[2:]:
        if head := re.fullmatch(r"(.+) \((?:\d+ of )?\d+\)", line):
            path = root + head[1]
        elif row := re.fullmatch(r"([\d,]+)(?: \(and \d+ more\))? (.*)", line):
            seen += [(path, int(number), row[2].removesuffix("…")) for number in row[1].split(",")]
    assert len(seen) > 10
    for path, number, text in seen:
        assert any(hit[:2] == (path, number) and hit[2].startswith(text) for hit in known), (path, number, text)


OTHER_OUTPUT = {
    "ls -la": "".join(f"-rw-r--r--  1 ann ann {n * 91:>6} Feb  3 04:{n:02} pool_{n}.py\n" for n in range(60)),
    "git status": "On branch main\nChanges not staged for commit:\n"
    + "".join(f"\tmodified:   src/pool_{n}.py\n" for n in range(60)),
    "df -h": "Filesystem      Size  Used Avail Use% Mounted on\n"
    + "".join(f"/dev/sda{n}        40G   {n}G   20G  45% /srv/{n}\n" for n in range(10, 60)),
    "ps aux": "USER       PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n"
    + "".join(f"root     {n:>6}  0.0  0.1  12345  1234 ?        Ss   10:11   0:03 /bin/x {n}\n" for n in range(60)),
}


@pytest.mark.parametrize("name", OTHER_OUTPUT)
def test_case_11_every_line_of_other_output_that_is_shown_stands_in_the_source(name: str) -> None:
    """Or it is rebuilt: with nobody to ask, nothing is left out."""
    text = OTHER_OUTPUT[name]
    with Headroom("memory://") as headroom:
        shown = headroom.shrink(text)
        assert shown.text == text or shown.receipt.fidelity == "equivalent"


def edited(files: int = 30) -> str:
    return "".join(
        f"diff --git a/src/p{n}.py b/src/p{n}.py\nindex 1a2b3c{n:x}..5d6e7f{n:x} 100644\n"
        f"--- a/src/p{n}.py\n+++ b/src/p{n}.py\n"
        f"@@ -{n + 7},11 +{n + 7},11 @@ def take_{n}(job):\n"
        + "".join(f"     before({n}, {m})\n" for m in range(5))
        + f"-    old_{n} = {n}\n+    new_{n} = {n}\n"
        + "".join(f"     behind({n}, {m})\n" for m in range(5))
        for n in range(files)
    )


@pytest.mark.parametrize(
    ("text", "unit"), [(flat(hits_in("src/a{}.py", count=900)), "lines"), (edited(90), "lines")], ids=["search", "diff"]
)
def test_case_9_a_marker_says_what_is_hidden_and_its_lines_come_back(text: str, unit: str) -> None:
    lines = split_lines(text)
    with Headroom("memory://", Policy(level="strong")) as headroom:
        shown = headroom.shrink(text, retrieval="tool")
        marker = shown.text.split("\n", 1)[0]
        assert "original intact" in marker
        assert f" of {len(lines)} " in marker
        hidden = re.search(rf": {unit} ((\d+)(?:-(\d+))?)", marker)
        assert hidden is not None
        first, last = int(hidden[2]), int(hidden[3] or hidden[2])
        answer = headroom.retrieve(shown.receipt.handle, lines=hidden[1]).text
        assert "".join(lines[first - 1 : last]).removesuffix("\n") in answer
        assert headroom.retrieve(shown.receipt.handle).text == text


def test_case_9_a_query_finds_hits_and_changes_that_are_hidden() -> None:
    hits = flat([*hits_in("src/a{}.py", count=900), ("src/odd.py", 7, "    marzipan(queue)")] * 1)
    patch = edited(90).replace("behind(55, 3)", "marzipan(55, 3)")
    for text in (hits, patch):
        with Headroom("memory://", Policy(level="strong")) as headroom:
            shown = headroom.shrink(text, retrieval="tool")
            assert "marzipan" in headroom.retrieve(shown.receipt.handle, query="where is marzipan").text


def test_case_25_savings_are_counted_with_the_marker_in_by_one_tokenizer() -> None:
    for text in (flat(hits_in("src/größe{}.py", "\x1b[31m文\x1b[0m", 900)), edited(90)):
        with Headroom("memory://", Policy(level="strong")) as headroom:
            shown = headroom.shrink(text, retrieval="tool")
            assert (shown.receipt.tokens_before, shown.receipt.tokens_after) == (COUNT(text), COUNT(shown.text))


@pytest.mark.parametrize("level", ["light", "balanced"])
def test_every_changed_line_of_written_files_is_shown(level: Any) -> None:
    """Counted: needles of the corpus are blind to hidden changes."""
    text = edited(120)
    changed = Counter(line for line in text.split("\n") if line[:1] in "+-" and line[:3] not in ("+++", "---"))
    with Headroom("memory://", Policy(level=level)) as headroom:
        shown = headroom.shrink(text, retrieval="tool")
        assert shown.receipt.tokens_after < 0.8 * shown.receipt.tokens_before
        assert Counter(line for line in shown.text.split("\n") if line in changed) == changed
