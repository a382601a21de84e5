"""Who reads a text: a table of what is right against what is claimed, over content of our own and over traps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from headroom_core.compressors.table import COMPRESSORS
from headroom_core.router.route import SURE, route

from tests.core.compressors.diffs import patches
from tests.core.compressors.source_code.material import LANGUAGES, program
from tests.core.router import traps
from tests.laws.texts import samples

FAMILIES = {  # of the samples, with the kind that is right
    "json_rows": "json",
    "json_tree": "json",
    "log": "log",
    "output": "log",
    "search_hits": "search",
    "diff": "diff",
    "code": "code",
    "page": "html",
}
TRAPS = {  # a new kind adds its own; those that nobody reads yet are `traps.OTHERS`
    "log": traps.LOGS,
    "search": traps.HITS,
    "diff": traps.DIFFS,
    "config": traps.CONFIGURATION,
    "text": traps.PROSE,
}
LEAST_RIGHT = 0.99  # of own content
NOT_SURELY = {"log", "search", "diff", "json", "code", "html"}  # kinds that `traps.OTHERS` are easily taken for

WHOLE = {
    "JSON-lines logs": (
        "json",
        "".join(
            json.dumps({"ts": f"2031-02-03T04:05:{n:02}Z", "level": "error", "msg": "took job"}) + "\n"
            for n in range(60)
        ),
    ),
    "JSON whose strings are logs": (
        "json",
        json.dumps([{"id": n, "out": "2031-02-03 04:05:06 INFO took job\n" * 3} for n in range(40)]),
    ),
    "a page that shows a log": (
        "html",
        "<!doctype html><html><body><pre>" + "2031-02-03 04:05:06 INFO took job\n" * 60 + "</pre></body></html>",
    ),
    "a page that shows a diff": (
        "html",
        "<!doctype html><html><body><pre>" + "@@ -1,2 +1,2 @@\n-a\n+b\n c\n" * 60 + "</pre></body></html>",
    ),
    "a diff of Markdown with hits": (
        "diff",
        "--- a/x.md\n+++ b/x.md\n@@ -1,60 +1,60 @@\n" + "-src/a.py:12:x = 1\n+src/a.py:13:x = 1\n" * 60,
    ),
    "code that prints logs": (
        "code",
        "import logging\n\n\n"
        + "".join(
            f'def take_{n}(job):\n    """2031-02-03 04:05:06 INFO"""\n    logging.info("%s", job)\n    return {n}\n\n\n'
            for n in range(40)
        ),
    ),
}


def surely(text: str) -> str:
    """The kind that a text is surely taken for; empty where nobody is sure."""
    found = route(text, COMPRESSORS)
    return found[0].kind if found is not None and found[1] >= SURE else ""


def own_content() -> Iterator[tuple[str, str]]:
    """Texts of every kind that somebody knows, each behind the kind that is right."""
    for family, kind in FAMILIES.items():
        yield from ((kind, text) for text in samples(120)[family])
    yield from (("diff", patch) for name, patch in patches.ALL.items() if name != "looks like ours")
    yield from (("code", program(language, 8)) for language in LANGUAGES)


def test_own_content_of_every_kind_goes_to_its_reader() -> None:
    """The table is printed where it fails: right kind, kind taken for, how often."""
    table: dict[tuple[str, str], int] = {}
    for kind, text in own_content():
        table[kind, surely(text)] = table.get((kind, surely(text)), 0) + 1
    right = sum(count for (kind, taken), count in table.items() if kind == taken)
    assert right >= LEAST_RIGHT * sum(table.values()), table
    assert {kind for kind, _ in table} == NOT_SURELY


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, group in TRAPS.items() for name in group])
def test_a_trap_goes_to_its_reader(kind: Any, name: Any) -> None:
    assert surely(traps.repeated(TRAPS[kind][name])) == kind


@pytest.mark.parametrize("name", traps.OTHERS)
def test_what_looks_like_a_kind_is_not_surely_taken_for_it(name: Any) -> None:
    """A misroute into an equivalent form costs savings; only sure claims leave facts out."""
    assert surely(traps.repeated(traps.OTHERS[name])) not in NOT_SURELY


@pytest.mark.parametrize("name", WHOLE)
def test_what_a_text_holds_does_not_hide_what_it_is(name: Any) -> None:
    kind, text = WHOLE[name]
    assert surely(text) == kind


def test_traps_are_many() -> None:
    assert sum(map(len, TRAPS.values())) + len(traps.OTHERS) >= 130
