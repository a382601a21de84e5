"""Tables made to hurt the notation: of its own marks, odd blanks and line ends, rows cut, repeated and run together."""

from __future__ import annotations

from random import Random

import pytest
from headroom_core.compressors.text_tables.encoding import encode
from headroom_core.compressors.text_tables.notation import decode
from headroom_core.compressors.text_tables.trees import decode_tree, encode_tree
from headroom_core.text.tables import Table
from headroom_core.types import no_deadline
from hypothesis import given
from hypothesis import strategies as st

from tests.core.compressors.text_tables.material import TABLES, TREES

PIECES = [
    *("%", "%s", "%%", "%5s", "A", "A ", "B,", "AA", "A=", "=", "\\", "\\A", "|", "||", "/:", ":", "src/:", "*", "%*s"),
    *(
        " ",
        "  ",
        "     ",
        "\t",
        "\r",
        "\r\n",
        "\n",
        "\n\n",
        "\0",
        "\x0b",
        "\x0c",
        "\x85",
        "\xa0",
        "\u2028",
        "\ud800",
        "漢",
        "٣",
    ),
    *(
        '"',
        '""',
        ",",
        ";",
        ", ",
        "-rw-r--r--",
        "total 0",
        "[table: printf format, then rows of its values]",
        "├── ",
        "│   ",
    ),
]


def hurt(rng: Random, text: str, times: int) -> str:
    """The text after so many accidents."""
    for _ in range(times):
        lines = text.split("\n")
        at, other = rng.randrange(len(lines)), rng.randrange(len(lines))
        cut = rng.randrange(len(lines[at]) + 1)
        lines[at] = (
            lines[at][:cut] + rng.choice(PIECES) + lines[at][cut:],
            lines[at][:cut] + lines[at][cut + 1 :],
            lines[other],
            lines[at][:cut],
            lines[at] + "\n" + rng.choice(PIECES) * rng.randint(1, 5),
            lines[at].replace(" ", rng.choice(["", "  ", "\t"]), rng.randint(1, 3)),
        )[rng.randrange(6)]
        text = "\n".join(lines)
    return text


def check(rng: Random, times: int) -> None:
    """A table and a tree are given back after so many accidents."""
    text = hurt(rng, rng.choice(list(TABLES.values())), times)
    table = Table.read(text, no_deadline)
    shown = encode(table, no_deadline) if table else None
    if shown is not None:
        assert decode(shown) == text
    text = hurt(rng, rng.choice(list(TREES.values())), 1)
    try:
        decode_tree(encode_tree(text))
    except ValueError:  # a tree that `tree` didn't draw: it is shown as it came
        return


@given(seed=st.integers(0, 2**32), times=st.integers(0, 12))
def test_hurt_tables_are_given_back(seed: int, times: int) -> None:
    """To the letter, whatever happened to them."""
    check(Random(seed), times)


@pytest.mark.long
def test_many_hurt_tables_are_given_back() -> None:
    """The same, twenty thousand times."""
    for seed in range(20_000):
        check(Random(seed), seed % 13)
