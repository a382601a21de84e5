"""Tables of plain text: read back letter for letter, told from other texts, and shortened where they may be."""

from __future__ import annotations

from random import Random

import pytest
from headroom_core.compressors.text_tables import TextTables
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Fidelity, Guidance
from hypothesis import given
from hypothesis import strategies as st

count = tokenizer_for("gpt-4o").count
TABLES = TextTables()


def listing(rows: int, *, size: str = "%8s", end: str = "\n") -> str:
    """What `find -ls` prints of a made-up project."""
    rng = Random(rows)
    form = f"  %7s %6s -rw-r--r--   1 root     root     {size} Mar  4 10:22 ./src/part%d/module_%d.py"
    return "".join(
        form % (4100000 + at, rng.choice([4, 8, 12, 120]), rng.randrange(9, 90000), at // 9, at) + end
        for at in range(rows)
    )


def folders(rows: int) -> str:
    """What `ls -lR` prints of folders of unlike width."""
    rng = Random(7)
    text = ""
    for folder in range(4):
        sizes = [rng.randrange(1, 10 ** (2 + folder)) for _ in range(rows)]
        wide = max(len(str(size)) for size in sizes)
        text += f"./dir{folder}:\ntotal {rows}\n"
        text += "".join(f"-rw-r--r-- 1 ann staff {size:>{wide}} Mar  4 10:22 f{size}.txt\n" for size in sizes) + "\n"
    return text


TREE = ".\n├── app\n│\xa0\xa0 ├── main.py\n│\xa0\xa0 └── ui\n│\xa0\xa0     └── view.py\n└── README\n\n3 directories\n"
PODS = "NAME        READY   STATUS    RESTARTS        AGE\n" + "".join(
    f"{f'web-{at * at}':<11} 1/1     {'Running' if at % 5 else 'Pending':<9} {f'{at % 3} (2d ago)':<15} {at}h\n"
    for at in range(4, 34)
)
SAMPLES = {"find": listing(60), "carriage": listing(60, end="\r\n"), "ls": folders(14), "tree": TREE * 3, "pods": PODS}


@pytest.mark.parametrize("text", SAMPLES.values(), ids=SAMPLES)
def test_listings_are_claimed_shortened_and_read_back(text: str) -> None:
    """Each kind of listing, whole."""
    assert TABLES.claim(text) >= 0.8
    view = TABLES.compress(text, Guidance(count=count))
    assert view.fidelity is Fidelity.EQUIVALENT
    assert TABLES.rebuilds(text, view.shown)
    assert count(view.shown) < 0.85 * count(text)


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"2031-04-05 10:00:{at:02} INFO   job {at * 7:>5} done in {at * 3} ms\n" for at in range(60)),
        "".join(f"Mar  4 10:00:{at:02} host   app[{at * 7:>5}]: done in {at * 3} ms\n" for at in range(60)),
        "".join(f"src/a.py:{at}:    value = {at}\n" for at in range(1, 60)),
        "Some words of prose that go on and on until the line is full.\n" * 30,
        "def f(a, b):\n    x = a + b\n    return x\n\n" * 20,
        "".join(f'{{"id": {at}, "name": "n{at}"}}\n' for at in range(40)),
        "+added line  here\n-removed line here\n context line too\n" * 20,
    ],
)
def test_other_kinds_are_not_claimed(text: str) -> None:
    """What only looks lined up belongs to others."""
    assert TABLES.claim(text) < 0.5


def test_a_long_listing_is_shown_in_part_with_its_outlier() -> None:
    """Rows are numbered as in the source, and what a reader would look for is among them."""
    lines = listing(900).split("\n")
    lines[444] = lines[444].replace("-rw-r--r--", "-rwsr-xr-x")
    text = "\n".join(lines)
    view = TABLES.compress(text, Guidance(may_elide=True, count=count, question="how big is module_333.py?"))
    assert view.fidelity is Fidelity.ELIDED
    hidden = view.regions[0].hidden
    assert hidden is not None
    assert hidden.total == 900
    assert count(view.shown) <= 4000
    for number in (1, 334, 445, 900):
        assert f"L{number} {lines[number - 1]}\n" in view.shown


HEADS = ["", *(TABLES.compress(text, Guidance()).shown[:160] for text in SAMPLES.values())]
PIECES = [
    "a",
    "b c",
    "= ",
    "-- ",
    "x/",
    "%s",
    "%",
    "{1}",
    "\t",
    " ",
    "  ",
    "\r",
    "é",
    "├── ",
    "└── ",
    "│\xa0\xa0 ",
    "0",
]


@given(
    rows=st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), max_size=30),
    base=st.sampled_from(list(SAMPLES.values())),
    at=st.integers(0, 40),
    may_elide=st.booleans(),
)
def test_torture_comes_back(rows: list[str], base: str, at: int, may_elide: bool) -> None:
    """Lines that look like our own notation, inside of listings, at any place."""
    lines = base.split("\n")
    text = "\n".join([*lines[:at], *rows, *lines[at:]])
    TABLES.claim(text)
    view = TABLES.compress(text, Guidance(may_elide=may_elide, budget=100 if may_elide else None, count=count))
    assert view.source == text
    if view.fidelity is Fidelity.EQUIVALENT:
        assert TABLES.rebuilds(text, view.shown)


@given(
    widths=st.lists(st.integers(-12, 12), min_size=2, max_size=6),
    cells=st.lists(st.lists(st.text("ab/%{}=-0", max_size=14), min_size=6, max_size=6), min_size=8, max_size=20),
)
def test_padded_rows_come_back(widths: list[int], cells: list[list[str]]) -> None:
    """Whatever the widths; too long cells push the others aside."""
    text = "\n".join(
        " ".join(f"{cell:{'<' if width < 0 else '>'}{abs(width)}}" for width, cell in zip(widths, row, strict=False))
        for row in cells
    )
    view = TABLES.compress(text, Guidance(count=count))
    assert view.source == text
    assert view.fidelity is Fidelity.VERBATIM or TABLES.rebuilds(text, view.shown)


@given(st.text(max_size=200))
def test_the_decoder_takes_any_text(shown: str) -> None:
    """Even under our own heads it never raises."""
    for head in HEADS:
        TABLES.rebuilds("", head + shown)
