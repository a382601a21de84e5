"""Code is told from other texts by the shapes of its lines."""

from __future__ import annotations

import json
from random import Random

import pytest
from headroom_core.compressors.source_code.claims import judge
from headroom_core.router.route import PLAINEST

from tests.core.compressors.source_code.material import AWKWARD, LANGUAGES, program
from tests.laws.texts import MAKERS


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_is_known_by_its_marks(language: str) -> None:
    """Also where no file name says it, and when half of the file is there."""
    text = program(language, 12)
    for part in (text, text[len(text) // 2 :], text[: len(text) // 2]):
        verdict = judge(part if language != "php" or "<?php" in part else "<?php\n" + part)
        assert verdict is not None
        assert verdict.claim >= 0.8
        assert verdict.language.name == ("typescript" if language == "tsx" and part != text else language) or (
            verdict.language.name == language
        )


def test_docstrings_and_comments_do_not_hide_code() -> None:
    """Libraries are documented at length."""
    words = "This sentence is told to whoever reads the file, and there are many more of its kind.\n"
    documented = f'"""A module.\n\n{words * 120}"""\n{program("python", 6)}'
    assert judge(documented) is not None
    assert judge(f"/*\n{words * 120}*/\n{program('c', 6)}") is not None
    assert judge("".join(f"// {words}" for _ in range(120)) + program("go", 6)) is not None
    assert judge(AWKWARD) is not None


@pytest.mark.parametrize("family", sorted(set(MAKERS) - {"code"}))
def test_other_texts_are_not_claimed(family: str) -> None:
    """What is folded by mistake is lost to a reader who doesn't ask."""
    for seed in range(20):
        for size in (20, 300):
            text = MAKERS[family](Random(seed), size)
            assert judge(text) is None, text[:400]


PROSE = "The function returns the value of the table; if it is empty, an error is raised. Call it twice.\n"
OTHERS = {
    "a page with code": "# Guide\n\n" + (PROSE * 2 + "```python\n" + program("python", 1) + "```\n\n") * 6,
    "a page with indented code": "Guide\n=====\n\n"
    + (PROSE * 6 + "\n    import os\n    def run():\n        pass\n\n") * 6,
    "hits with numbers": "".join(f"{n * 7}:{line}\n" for n, line in enumerate(program("go").split("\n"), start=1)),
    "hits with paths": "".join(
        f"src/a.py:{n}:{line}\n" for n, line in enumerate(program("python").split("\n"), start=1)
    ),
    "lines around hits": "".join(f"src/a.py-{n}-{line}\n" for n, line in enumerate(program("python").split("\n"), 1)),
    "a diff": "diff --git a/x.py b/x.py\n--- a/x.py\n+++ b/x.py\n@@ -1,4 +1,400 @@\n"
    + "".join(f"+{line}\n" for line in program("python").split("\n")),
    "a commit": "commit 1a2b3c4d\nAuthor: A\n\n    Words\n\n"
    + ("diff --git a/x.go b/x.go\n@@ -1,9 +1,9 @@\n" + "".join(f" {line}\n" for line in program("go", 2).split("\n")))
    * 9,
    "a trace": "Traceback (most recent call last):\n"
    + '  File "/srv/app/x.py", line 3, in run\n    return self.run(x)\nValueError: no\n' * 60,
    "a table": "".join(f"{n},name {n},{n * 7},true\n" for n in range(300)),
    "a manifest": "apiVersion: v1\nkind: Service\n"
    + "".join(f"- name: web-{n}\n  image: web:{n}\n  ports:\n  - {n}\n  env: [a, b]\n" for n in range(60)),
    "settings": "".join(
        f'[section.{n}]\nname = "x{n}"\nlimit = {n}\nopen = true\nitems = [1, 2]\n\n' for n in range(60)
    ),
    "an ini file": "".join(f"[s{n}]\nname=x{n}\nlimit={n}\n; a comment\n\n" for n in range(60)),
    "variables": "".join(f"export NAME_{n}=value_{n}\n" for n in range(5)) + "NAME=value\n" * 100,
    "a stylesheet": "".join(f".a{n} > .b {{\n  color: #fff;\n  margin: {n}px;\n}}\n\n" for n in range(80)),
    "a build file": "".join(f"target{n}: dep{n}\n\t@echo building {n}\n\tgcc -o $@ $<\n\n" for n in range(60)),
    "an image file": "FROM debian\n"
    + "".join(f"RUN apt-get install -y p{n} && \\\n    rm -rf x{n}\nCOPY a{n} b\n" for n in range(60)),
    "queries": "".join(f"SELECT a, b FROM t{n} WHERE a = {n};\nINSERT INTO t{n} VALUES (1, 2);\n" for n in range(90)),
    "a schema": "".join(
        f"message M{n} {{\n  optional string a = 1;\n  repeated int32 b = 2;\n}}\n\n" for n in range(60)
    ),
    "a script of Perl": "use strict;\n"
    + "".join(f"sub f{n} {{\n    my ($x) = @_;\n    return $x->{{a}} if $x =~ /b/;\n}}\n\n" for n in range(60)),
    "infrastructure": "".join(f'resource "a" "b{n}" {{\n  name = "x{n}"\n  size = {n}\n}}\n\n' for n in range(60)),
    "one document": json.dumps({f"key {n}": [n, {"def": "class"}] for n in range(200)}, indent=2),
    "a listing": "".join(f"-rw-r--r-- 1 root root {n * 99} Nov 24 20:12 file{n}.py\n" for n in range(120)),
    "words": PROSE * 100,
    "nothing": "",
    "blank lines": "\n" * 400,
    "one letter": "x",
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_looks_like_code_in_places_is_not_claimed(name: str) -> None:
    """Configuration, pages that show code, and what tools print about code."""
    assert judge(OTHERS[name]) is None


DOCUMENT = json.dumps([{"id": number, "name": f"row {number}"} for number in range(40)], indent=1) + "\n"


@pytest.mark.parametrize(
    "beside", [DOCUMENT, f"$ cat rows.json\n{DOCUMENT}", f"```\n{DOCUMENT}```\n", "@@ -1,2 +1,2 @@\n"]
)
def test_plain_code_is_claimed_for_good_but_not_where_something_stands_beside_it(beside: str) -> None:
    """Nobody else is asked for what is plainly code; a document beside it has a reader of its own."""
    code = program("python", 12)
    alone, mixed = judge(code), judge(code + beside + code)
    assert alone is not None
    assert alone.claim >= PLAINEST
    assert mixed is None or mixed.claim < PLAINEST
