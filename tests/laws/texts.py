"""Texts of every family that agents meet, made by rule from a source of choices.

A maker takes a `Random` and a number of lines (or rows) and gives a text. Under hypothesis the choices are drawn, so
that a counterexample shrinks; with a seed they give the long, fixed samples.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

Maker = Callable[[Random, int], str]

_SENTENCE = (
    "the disk of node seven was full while index rebuild waited for lock and user asked again why payment did not "
    "arrive before Friday because retry queue must never be emptied unless someone has read it"
)
WORDS = _SENTENCE.split()
NUMBERS = ["0", "-0", "1", "1.0", "1e0", "-0.0", "1E400", "0.10", str(2**70), "17", "3.14159", "200", "404"]
AWKWARD = [
    *("", " ", "null", "true", "1", "-", "a,b", "a\tb", "a|b", "x=1", '"', "\\", "\\n", "{}", "[]", "é", "😀", "…"),
    *("\u2028", "\x00", "\ud800", "[3 rows]", "* 7", "...", "%s", "\x1b[31m", "not/never", "  two  ", "line\nbreak"),
    "[headroom 3f9a1c07be42: rows 16-965 of 1000 not shown, original intact; headroom_retrieve]",
]
KEYS = ["id", "name", "state", "total", "at", "owner", "a.b", "a,b", "", "é", "note", "tags", "meta", "url"]
PATHS = ["src/app/main.py", "src/app/store.py", "lib/2024-01-02/x.go", "C:\\repo\\a.cs", "a b/c.txt", "Makefile"]
LEVELS = ["INFO", "INFO", "INFO", "DEBUG", "WARN", "ERROR"]


def phrase(rng: Random, most: int = 8) -> str:
    """A few words."""
    return " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, most)))


def scalar(rng: Random) -> str:
    """A JSON value without members, in its own spelling."""
    choice = rng.randint(0, 5)
    if choice == 0:
        return rng.choice(NUMBERS)
    if choice == 1:
        return rng.choice(["null", "true", "false"])
    text = rng.choice(AWKWARD) if choice == 2 else phrase(rng, 12 if choice == 3 else 2)
    return json.dumps(text, ensure_ascii=rng.randint(0, 3) > 0)


def value(rng: Random, depth: int = 2) -> str:
    """Any JSON value."""
    choice = rng.randint(0, 9) if depth else 0
    if choice == 8:
        return "[" + ", ".join(value(rng, depth - 1) for _ in range(rng.randint(0, 4))) + "]"
    if choice == 9:
        members = (f"{json.dumps(rng.choice(KEYS))}: {value(rng, depth - 1)}" for _ in range(rng.randint(0, 4)))
        return "{" + ", ".join(members) + "}"
    return scalar(rng)


def json_rows(rng: Random, count: int) -> str:
    """An array of objects that share most keys; bare, in an object, as lines, or indented."""
    keys = [json.dumps(rng.choice(KEYS)) for _ in range(rng.randint(1, 6))]
    pools = [[value(rng) for _ in range(rng.randint(1, 3))] for _ in keys]
    form, sparse = rng.randint(0, 3), rng.randint(0, 2) == 0
    rows = []
    for number in range(count):
        members = [f'"n": {number}'] if rng.randint(0, 3) else []
        members += [
            f"{key}: {rng.choice(pool)}"
            for key, pool in zip(keys, pools, strict=True)
            if not sparse or rng.randint(0, 4)
        ]
        rows.append("{" + ", ".join(members) + "}")
    if form == 0:
        return "\n".join(rows) + "\n" * rng.randint(0, 1)
    if form == 1:
        return "[\n  " + ",\n  ".join(rows) + "\n]"
    array = "[" + ",".join(rows) + "]"
    return array if form == 2 else f'{{"total": {count}, "items": {array}, "next": null}}'


def json_tree(rng: Random, count: int) -> str:
    """One nested document, as an API or a configuration holds it."""
    tree: dict[str, Any] = {}
    for number in range(count):
        branch: Any = json.loads(value(rng, 3), parse_float=str, parse_int=str)
        for _ in range(rng.randint(0, 3)):
            branch = {rng.choice(KEYS): branch, "list": [number] * rng.randint(0, 8)}
        tree[f"{rng.choice(KEYS)}{number}"] = branch
    return json.dumps(tree, indent=rng.choice([None, 2, 4]))


def log(rng: Random, count: int) -> str:
    """Lines of a service, few patterns, with what goes wrong in between: stack traces, odd lines, blank ones."""
    patterns = [f"{phrase(rng, 5)} {{0}} {phrase(rng, 3)} {{1}}ms" for _ in range(rng.randint(1, 4))]
    stamp = rng.choice(
        ["2031-02-03 04:{m:02d}:{s:02d},{n:03d}", "[{m:02d}:{s:02d}]", "2031-02-03T04:{m:02d}:{s:02d}Z", ""]
    )
    end = rng.choice(["\n", "\n", "\n", "\r\n"])
    lines = []
    for number in range(count):
        head = stamp.format(m=number // 60 % 60, s=number % 60, n=number * 37 % 1000)
        body = rng.choice(patterns).format(number * 7919 % 10_000, rng.randint(0, 99))
        lines.append(f"{head} {rng.choice(LEVELS)} {body}".lstrip())
        odd = rng.randint(0, 30)
        if odd == 0:
            lines += [
                "Traceback (most recent call last):",
                '  File "x.py", line 3, in run',
                f"ValueError: {phrase(rng)}",
            ]
        elif odd == 1:
            lines.append(rng.choice(AWKWARD))
    return end.join(lines) + end * rng.randint(0, 1)


def output(rng: Random, count: int) -> str:
    """What a build or a test run prints: progress, bars that overwrite themselves, colours, a summary."""
    lines = [f"$ {phrase(rng, 4)}"]
    for number in range(count):
        shape = rng.randint(0, 4)
        name = f"tests/test_{rng.choice(WORDS)}.py"
        lines.append(
            (
                f"{name}::test_{number} PASSED [{number * 100 // (count + 1):3d}%]",
                f"\rDownloading {number * 100 // (count + 1)}%",
                f"\x1b[32m ok \x1b[0m {phrase(rng)}",
                f"  [{number}/{count}] Building CXX object {rng.choice(PATHS)}.o",
                f"{name}::test_{number} FAILED - assert {number} == {rng.choice(NUMBERS)}",
            )[shape]
        )
    return "\n".join([*lines, f"{count} passed in 3.2s"]) + "\n"


def search_hits(rng: Random, count: int) -> str:
    """What grep and its kin print: flat, with context and separators, or under headings."""
    headed = rng.randint(0, 3) == 0
    lines, number = [], 1
    for _ in range(count):
        path, number = rng.choice(PATHS), number + rng.randint(1, 40)
        hit = f"{' ' * rng.randint(0, 8)}{phrase(rng)}: {rng.choice(NUMBERS)}"
        if headed:
            lines += [path, *(f"{number + step}:{hit}" for step in range(rng.randint(1, 3))), ""]
        else:
            lines.append(f"{path}:{number}:{hit}")
            if rng.randint(0, 5) == 0:
                lines += [f"{path}-{number + 1}-{phrase(rng)}", "--"]
    return "\n".join(lines) + "\n" * rng.randint(0, 1)


def diff(rng: Random, count: int) -> str:
    """What `git diff` prints: files, hunks whose counts add up, lines that moved."""
    parts = []
    for _ in range(1 + count // 12):
        path = rng.choice(PATHS)
        parts.append(f"diff --git a/{path} b/{path}\nindex 1a2b3c4..5d6e7f8 100644\n--- a/{path}\n+++ b/{path}\n")
        marks = [rng.choice("  +-") for _ in range(rng.randint(1, 14))]
        old, new = (sum(mark != gone for mark in marks) for gone in "+-")
        start = rng.randint(1, 400)
        parts.append(f"@@ -{start},{old} +{start},{new} @@ def {rng.choice(WORDS)}():\n")
        parts += [f"{mark}{'    ' * rng.randint(0, 3)}{phrase(rng)}\n" for mark in marks]
    return "".join(parts)


def table(rng: Random, count: int) -> str:
    """Columns: comma or tab separated, drawn with bars, or aligned as `ls` and `ps` do."""
    shape = rng.randint(0, 3)
    rows = [[str(number), rng.choice(WORDS), rng.choice(NUMBERS), phrase(rng, 3)] for number in range(count)]
    rows.insert(0, ["n", "name", "total", "note"])
    if shape < 2:
        return "\n".join(",\t"[shape].join(row) for row in rows) + "\n"
    if shape == 2:
        rows.insert(1, ["---"] * 4)
        return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"
    return "\n".join(f"-rw-r--r-- 1 root {row[1]:<12}{row[2]:>24} {row[3]}" for row in rows) + "\n"


def code(rng: Random, count: int) -> str:
    """Source code: functions with bodies, comments and strings."""
    lines = ["import os", "", f"LIMIT = {rng.choice(NUMBERS)}  # {phrase(rng)}", ""]
    for number in range(count // 4 + 1):
        lines += [
            f"def {rng.choice(WORDS)}_{number}(self, n=None):",
            f'    """{phrase(rng).capitalize()}."""',
            f"    if n is {rng.choice(['None', '{}', 'not []'])}:",
            f"        return {json.dumps(rng.choice(AWKWARD))} + str(n)",
            "",
        ]
    return "\n".join(lines)


def prose(rng: Random, count: int) -> str:
    """Sentences, in paragraphs, under headings now and then."""
    parts = [f"# {phrase(rng, 4)}\n\n"]
    for _ in range(count):
        parts.append(f"{phrase(rng, 14).capitalize()}{rng.choice('.!?')}")
        parts.append(rng.choice([" ", " ", " ", "\n", "\n\n", f"\n\n## {phrase(rng, 3)}\n\n", "\n- "]))
    return "".join(parts)


def page(rng: Random, count: int) -> str:
    """HTML, as a fetch gives it back: boilerplate, a list, a script, an unclosed tag."""
    items = (f'<li class="item"><a href="/p/{number}?q=1&amp;r">{phrase(rng)}</a><br></li>' for number in range(count))
    head = f"<!DOCTYPE html><html><head><title>{phrase(rng)}</title><script>var x = {value(rng)};</script></head>"
    return (
        f"{head}<body><nav>Home</nav><h1>{phrase(rng)}</h1><p>{phrase(rng, 30)}<ul>{''.join(items)}</ul></body></html>"
    )


def configuration(rng: Random, count: int) -> str:
    """Settings: blocks that look alike but for values, now and then a line more or less; YAML, INI or XML."""
    keys = [rng.choice(WORDS) for _ in range(rng.randint(2, 6))]
    opening, line, closing = rng.choice(
        [
            ("{name}:", "  {key}: {value}", ""),
            ("- name: {name}", "  {key}: {value}", ""),
            ("[{name}]", "{key} = {value}", ""),
            ('<service name="{name}">', '  <{key} at="{value}">x</{key}>', "</service>"),
        ]
    )
    lines = [rng.choice(["# settings", "version: 3", "", "---"])]
    for number in range(count // 6 + 1):
        lines.append(opening.format(name=f"{rng.choice(WORDS)}-{number}"))
        for key in keys:
            for _ in range(rng.choice([1, 1, 1, 1, 0, 2])):
                held = rng.choice(AWKWARD) if rng.randint(0, 30) == 0 else f"{rng.choice(WORDS)}-{number % 7}"
                lines.append(line.format(key=key, value=held))
        lines += [closing] if closing else []
    return "\n".join(lines) + "\n" * rng.randint(0, 1)


def torture(rng: Random, count: int) -> str:
    """What nobody sends on purpose: odd line ends, nesting, one long line, runs, separators, halves of characters."""
    odd = [
        "\r",
        "\n",
        "\r\n",
        "\x0c",
        "\x85",
        "\u2028",
        "\ufeff",
        "\ud83d",
        "\udc00",
        "\x00",
        "\t",
        "`" * 3,
        "~~~",
        "\x1b[",
    ]
    shapes = [
        lambda: "".join(rng.choice([*odd, *AWKWARD, *WORDS]) for _ in range(count)),
        lambda: "[" * count + "]" * rng.randint(0, count),
        lambda: '{"a":' * count,
        lambda: rng.choice(["a", "-", " ", "1", "=", "\n", "\\"]) * (count * 20),
        lambda: "\n".join([rng.choice(AWKWARD)] * count),
        lambda: "".join(f"{rng.choice(AWKWARD)}{rng.choice(odd)}" for _ in range(count)),
    ]
    return rng.choice(shapes)()


MAKERS: dict[str, Maker] = {
    maker.__name__: maker
    for maker in (
        json_rows,
        json_tree,
        log,
        output,
        search_hits,
        diff,
        table,
        code,
        prose,
        page,
        configuration,
        torture,
    )
}

SEEDS = range(5)
LONG = 700  # lines or rows: several thousand tokens


@cache
def samples(size: int = LONG) -> dict[str, list[str]]:
    """A few texts of each family, the same on every run."""
    return {name: [maker(Random(seed), size) for seed in SEEDS] for name, maker in MAKERS.items()}
