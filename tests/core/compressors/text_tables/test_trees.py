"""Trees are their depths; which branch is the last follows."""

from __future__ import annotations

import pytest
from headroom_core.compressors.text_tables import TextTables
from headroom_core.compressors.text_tables.trees import decode_tree, depth_of, encode_tree, is_tree
from headroom_core.types import Fidelity, Guidance

from tests.core.compressors.text_tables.material import tree


@pytest.mark.parametrize("passing", ["│   ", "│\xa0\xa0 "])
@pytest.mark.parametrize("ascii_signs", [False, True])
def test_every_style_is_given_back(passing: str, ascii_signs: bool) -> None:
    """Plain or with hard blanks, in ASCII or not."""
    text = tree(passing=passing)
    if ascii_signs:
        text = text.replace("├──", "|--").replace("└──", "`--").replace("│", "|")
    assert is_tree(text)
    assert decode_tree(encode_tree(text)) == text


def test_a_tree_cut_off_anywhere_is_given_back() -> None:
    """`head` ends it while branches still go on."""
    lines = tree().split("\n")
    for stop in range(2, len(lines)):
        text = "\n".join(lines[:stop])
        assert decode_tree(encode_tree(text)) == text
        assert decode_tree(encode_tree(text + "\n")) == text + "\n"


def test_several_trees_and_other_lines_are_given_back() -> None:
    """`tree a b`, and names that begin with blanks or our escape."""
    text = tree() + "  indented\n\\escaped\nother\n├──  blank first\n└── \\x\n" + tree()
    assert decode_tree(encode_tree(text)) == text


def test_what_is_drawn_otherwise_has_no_other_form() -> None:
    """A branch that lost its name: its short form fitted the budget, wasn't given back, and all of it was shown."""
    text = "├── \n│   └── a\n" + tree()
    assert TextTables().compress(text, Guidance()).fidelity is Fidelity.VERBATIM
    budget = len(encode_tree(text)) // 4 + 1
    assert TextTables().compress(text, Guidance(may_elide=True, budget=budget)).fidelity is Fidelity.ELIDED


def test_depths_are_those_of_the_names() -> None:
    """The root hangs on no branch."""
    assert [depth_of(line) for line in (".", "├── a", "│   └── b", "        └── c")] == [0, 1, 2, 3]


@pytest.mark.parametrize("shown", ["", ".\n a", "[tree: blanks are depth; x go on]\n a"])
def test_what_is_no_tree_is_refused(shown: str) -> None:
    """The decoder says so."""
    with pytest.raises(ValueError, match="no tree"):
        decode_tree(shown)
