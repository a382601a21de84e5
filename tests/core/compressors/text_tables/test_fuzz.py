"""Tables made to hurt the notation: of its own marks, odd blanks and line ends, rows cut, repeated and run together."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from headroom_core.compressors.text_tables.encoding import encode
from headroom_core.compressors.text_tables.notation import decode
from headroom_core.compressors.text_tables.trees import decode_tree, encode_tree
from headroom_core.text.tables import Table
from headroom_core.types import no_deadline, rough_tokens
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


BRANCHES = ("├── ", "└── ", "|-- ", "`-- ")
PASSING = ("│   ", "│\xa0\xa0 ", "|   ", "|\xa0\xa0 ")
IN_NAMES = ["a", "file", *(piece for piece in PIECES if not set(piece) & set("\n│|─"))]


def drawn(rng: Random) -> str:
    """A tree as `tree` draws it, in any of its styles, of files with names that nobody gives."""
    style = rng.randrange(4)
    branch, last = BRANCHES[style // 2 * 2 :][:2]

    def below(before: str) -> Iterator[str]:
        files = rng.randint(1, 4)
        for file in range(files):
            ends = file == files - 1
            yield before + (last if ends else branch) + rng.choice('ab\\."%') + "".join(rng.choices(IN_NAMES, k=3))
            if len(before) < 16 and rng.random() < 0.4:
                yield from below(before + ("    " if ends else PASSING[style]))

    return "\n".join([".", *below("")])


def check(rng: Random, times: int) -> None:
    """A table is given back after so many accidents, a tree where `tree` drew it; another one raises nothing."""
    text = hurt(rng, rng.choice(list(TABLES.values())), times)
    table = Table.read(text, no_deadline)
    shown = encode(table, no_deadline, rough_tokens) if table else None
    if shown is not None:
        assert decode(shown) == text
    text = drawn(rng)
    assert decode_tree(encode_tree(text)) == text
    decode_tree(encode_tree(hurt(rng, rng.choice(list(TREES.values())), 1 + times)))


@given(seed=st.integers(0, 2**32), times=st.integers(0, 12))
def test_hurt_tables_are_given_back(seed: int, times: int) -> None:
    """To the letter, whatever happened to them."""
    check(Random(seed), times)


@pytest.mark.long
def test_many_hurt_tables_are_given_back() -> None:
    """The same, twenty thousand times."""
    for seed in range(20_000):
        check(Random(seed), seed % 13)
