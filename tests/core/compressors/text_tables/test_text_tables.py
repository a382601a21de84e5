"""Tables and listings are told from what looks like them, shown in short, and given back to the letter."""

from __future__ import annotations

import csv
import io

import pytest
from headroom_core.compressors.table import COMPRESSORS
from headroom_core.compressors.text_tables import TextTables
from headroom_core.router.parts import PLAIN
from headroom_core.router.route import SURE, route
from headroom_core.types import Fidelity, Guidance

from tests.content import log, records_json
from tests.core.compressors.text_tables.material import TABLES, TREES, orders, packages, pods
from tests.laws.strategies import count

OWN = {**TABLES, **TREES}

OTHERS = {
    "a log": log(60),
    "a log with columns": "".join(
        f"2031-02-03 04:05:{n:02d}  INFO   pool.worker-{n % 5:<4} took job {n}\n" for n in range(60)
    ),
    "JSON": records_json(20),
    "JSON Lines": "".join(f'{{"id": {n}, "state": "up", "load": {n}}}\n' for n in range(40)),
    "search hits": "".join(f"src/pool_{n % 3}.py:{n}:put(a, b, {n})\n" for n in range(1, 60)),
    "a diff": "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n" + "-a, b, c\n+a, b, d\n" * 9,
    "prose with commas": "".join(
        f"It rained, and {word} came late, so we stayed; nobody, as it turned out, had brought {n} umbrellas.\n"
        for n, word in enumerate(["the", "the", "the", "bus", "bus", "train", "train", "mail", "mail", "news"] * 4)
        if n % 3
    )
    + "Then it stopped.\n",
    "prose set by hand": "".join(
        f"Some words are    far apart in line {n}, others are\nnot, for no reason.\n" for n in range(20)
    ),
    "code set by hand": "".join(f"    {name:<10} = make({n}, 'x')\n" for n, name in enumerate("abcdefghijklmnop")),
    "C constants": "".join(f"#define NAME_{n:<6} {n * 3}\n" for n in range(40)),
    "a list of tuples": "ROWS = [\n" + "".join(f'    ("a{n}", {n}, None),\n' for n in range(40)) + "]\n",
    "YAML": "".join(f"- name:   web-{n}\n  image:  shop:{n}\n  ports:  [80, 443]\n" for n in range(20)),
    "help": "usage: tool [options]\n\n"
    + "".join(f"  --option-{n}   what it does, said in some words {n}\n" for n in range(9)),
    "git log": "".join(f"{n * 7919:07x} Fix the pool, and its tests, for {n} workers\n" for n in range(40)),
    "one word a line": "".join(f"word{n}\n" for n in range(40)),
    "a linter's findings": "\n/srv/src/pool.js\n"
    + "".join(f"  {7 * n:>3}:{n % 80:<4} warning  Strings must use doublequote  quotes\n" for n in range(90)),
    "results of tests": "".join(f"tests/test_{n % 5}.py::test_{n} PASSED [{n:>3}%]\n" for n in range(40)),
    "words like tests": "".join(f"Testament {n} is: tested\n" for n in range(40)),
    "counted words": "".join(f"{n * 37 % 900:7} GET /jobs/{n}\n" for n in range(40)),
    "paths of C++": "".join(f"std::vector<int>::insert_{n}\n" for n in range(40)),
    "blank": "\n" * 60,
}


@pytest.mark.parametrize("text", OWN.values(), ids=OWN)
def test_tables_are_claimed_surely_and_go_to_nobody_else(text: str) -> None:
    """Only then may rows be left out."""
    found = route(text, COMPRESSORS)
    assert found is not None
    assert found[0].kind == "table"
    assert found[1] >= SURE


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_what_looks_like_a_table_goes_to_others(text: str) -> None:
    """They know what its lines mean; code and prose are shown letter for letter."""
    found = route(text, COMPRESSORS)
    assert found is None or found[0].kind != "table"


def test_separated_values_with_times_and_colons_are_no_log() -> None:
    """The trap: every row bears a stamp, and its cells hold colons, levels and sentences."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["time", "level", "source", "message"])
    for n in range(60):
        writer.writerow([f"2031-02-03 04:05:{n:02d}", "INFO", f"pool:{n % 5}", f"took job {n}: queue red, slot 3"])
    found = route(out.getvalue(), COMPRESSORS)
    assert found is not None
    assert found[0].kind == "table"


@pytest.mark.parametrize("text", OWN.values(), ids=OWN)
def test_what_is_shown_is_shorter_and_gives_the_text_back(text: str) -> None:
    """The decoder sees nothing but what the model sees."""
    view = TextTables().compress(text, Guidance())
    assert view.fidelity is Fidelity.EQUIVALENT
    assert TextTables().rebuilds(text, view.shown)
    assert count(view.shown) < 0.95 * count(text)


@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("ls -l", 0.4),
        ("ls -lR", 0.4),
        ("find -ls", 0.55),
        ("dpkg", 0.25),
        ("CSV", 0.1),
        ("Markdown", 0.25),
        ("tree", 0.4),
        ("pytest", 0.35),
        ("cargo", 0.4),
        ("go", 0.1),
    ],
)
def test_listings_shrink_by_what_their_rows_share(name: str, share: float) -> None:
    """In tokens, with nothing left out."""
    text = OWN[name]
    assert count(TextTables().compress(text, Guidance()).shown) <= (1 - share) * count(text)


def test_lines_that_are_no_rows_stay() -> None:
    """A warning between rows, a row cut short, a total: they stand where they stood."""
    lines = packages().split("\n")
    lines[20:20] = ["W: some index files failed to download", "ii  broken"]
    text = "\n".join(lines)
    shown = TextTables().compress(text, Guidance()).shown
    assert TextTables().rebuilds(text, shown)
    assert "W: some index files failed to download" in shown


def test_a_short_table_is_left_alone_where_nothing_is_gained() -> None:
    """The gate counts tokens; but what is longer in letters isn't even offered."""
    text = "\n".join(pods().split("\n")[:3]) + "\n"
    assert TextTables().compress(text, Guidance()).fidelity is Fidelity.VERBATIM


def test_a_decoder_refuses_what_it_did_not_write() -> None:
    """Rows with too few cells, no format, another header."""
    shown = TextTables().compress(orders(), Guidance()).shown
    broken = [shown.replace("\n", "", 1), shown.replace(",EUR", "", 1), "[table: x]\n%s\na", "", "[tree: y]\n.\n"]
    assert not any(TextTables().rebuilds(orders(), text) for text in broken)


@pytest.mark.parametrize("before", ["Exit code: 0\nOutput:\n", "$ cat orders.csv\n"])
def test_the_heads_of_values_may_stand_behind_what_a_tool_says(before: str) -> None:
    rows = "".join(f"{n},open,2031-02-03 04:05:{n:02}\n" for n in range(40))
    assert TextTables().claim(f"{before}id,state,placed\n{rows}") > PLAIN
