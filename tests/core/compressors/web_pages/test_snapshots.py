"""Trees that browsers print for agents lose what only holds something, and no name and no reference."""

from __future__ import annotations

import re

import pytest
from headroom_core.compressors.table import COMPRESSORS
from headroom_core.compressors.web_pages import WebPages
from headroom_core.router.route import route
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Fidelity, Guidance
from hypothesis import given
from hypothesis import strategies as st

count = tokenizer_for("gpt-4o").count


def playwright(items: int = 20) -> str:
    """A snapshot as Playwright's server prints it."""
    cards = "".join(
        f"          - listitem [ref=e{10 * n}]:\n"
        f"            - generic [ref=e{10 * n + 1}]:\n"
        f'              - link "Shed {n}" [ref=e{10 * n + 2}] [cursor=pointer]:\n'
        f"                - /url: /p/{n}\n"
        f"                - generic [ref=e{10 * n + 3}]: Shed {n}\n"
        f"              - paragraph [ref=e{10 * n + 4}]: {n * 100 + 9} EUR\n"
        f'              - button "Add shed {n} to cart" [disabled] [ref=e{10 * n + 5}]\n'
        for n in range(1, items)
    )
    return (
        "- Page URL: https://shop.example/sheds\n- Page Title: Sheds\n- Page Snapshot:\n```yaml\n"
        "- generic [active] [ref=e1]:\n  - banner [ref=e2]:\n"
        '    - textbox "Search sheds" [ref=e3]:\n      - /placeholder: Name\n      - text: green\n'
        f'  - main [ref=e4]:\n    - generic [ref=e5]:\n      - heading "Sheds" [level=1] [ref=e6]\n'
        f"      - generic [ref=e7]:\n        - list [ref=e8]:\n{cards}```\n"
    )


def tree(items: int = 20) -> str:
    """An accessibility tree with numbers in front."""
    rows = "".join(
        f"\t\t[{3 * n}] gridcell ''\n\t\t\t[{3 * n + 1}] StaticText 'job {n}'\n"
        f"\t\t\t[{3 * n + 2}] button 'Retry {n}', clickable\n"
        for n in range(items)
    )
    return f"RootWebArea 'Jobs', focused\n\t[1] main ''\n{rows}"


def shown(text: str) -> str:
    return WebPages().compress(text, Guidance(may_elide=True, count=count)).shown


@pytest.mark.parametrize("text", [playwright(), tree()])
def test_a_snapshot_is_a_page(text: str) -> None:
    """It looks like YAML, and isn't read as that."""
    found = route(text, COMPRESSORS)
    assert found is not None
    assert found[0].kind == "html"


def test_all_that_can_be_used_keeps_its_reference() -> None:
    """A click names it."""
    said = shown(playwright())
    used = re.findall(r'(?:link|button|textbox|heading) "[^"]+"(?: \[(?!cursor)[^\]]+\])+', playwright())
    assert len(used) == 40
    assert all(line in said for line in used)
    assert 'link "Shed 3" [ref=e32] /p/3' in said
    assert "309 EUR" in said
    assert "placeholder=Name" in said


def test_wrappers_and_their_indentation_go() -> None:
    """They are most of it."""
    assert count(shown(playwright())) < 0.7 * count(playwright())
    assert "generic" not in shown(playwright())


def test_a_tree_with_numbers_keeps_them() -> None:
    """In front of what can be used."""
    assert "[5] button 'Retry 1', clickable" in shown(tree())
    assert "job 1\n" in shown(tree())


def test_what_only_holds_others_is_shown_where_it_can_be_used() -> None:
    """Many a page has no buttons, only boxes that hear clicks; inside of one, the others hear nothing else."""
    menu = (
        '    - generic [ref=e90] [cursor=pointer]:\n      - img "menu" [ref=e91] [cursor=pointer]\n'
        "    - generic [ref=e92] [cursor=pointer]: More\n    - listitem [expanded] [ref=e93]: Size\n"
    )
    said = shown(playwright().replace("  - main", menu + "  - main", 1))
    assert "\n generic [ref=e90]\n  menu\n generic [ref=e92]: More\n listitem [expanded] [ref=e93]: Size\n" in said


def test_without_a_way_back_all_that_is_shown_keeps_its_reference() -> None:
    """Nothing else would tell how to name a price, or a line of text."""
    leave = Guidance(pages="visible")
    assert "309 EUR [ref=e34]\n" in WebPages().compress(playwright(), leave).shown
    assert "[4] job 1\n" in WebPages().compress(tree(), leave).shown


@pytest.mark.parametrize(
    "line",
    [
        "- /url: " + " " * 400_000 + "x",
        '- link "a"' + " " * 400_000 + "x",
        "- text: " + "\u2028" * 400_000 + "x",
        '- link "' + "a" * 400_000 + '":\n' + "  - text: b\n" * 40_000,
        "- /url: x\n" * 40_000,
    ],
    ids=["property", "node", "separators", "long name", "properties"],
)
def test_a_tree_that_is_made_to_be_slow_is_not(line: str) -> None:
    """What is quadratic would take minutes here."""
    text = playwright() + line
    assert WebPages().compress(text, Guidance(may_elide=True)).source == text
    assert WebPages().claim(line + "\n" + playwright()) == 0


def test_without_a_way_back_it_stays() -> None:
    """Unless the policy says that what is visible is enough."""
    assert WebPages().compress(playwright(), Guidance()).fidelity is Fidelity.VERBATIM
    assert WebPages().compress(playwright(), Guidance(pages="visible")).fidelity is Fidelity.VISIBLE


PIECES = [
    "- generic:",
    '  - link "a" [ref=e1]:',
    "    - /url: /x",
    "- text: b",
    "[3] button 'c'",
    "-",
    "- 'row \"a\"':",
    "\t",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_no_tree_raises_and_none_grows(lines: list[str]) -> None:
    """Whatever comes."""
    text = playwright(4) + "\n".join(lines)
    view = WebPages().compress(text, Guidance(may_elide=True, count=count))
    assert view.source == text
    assert len(view.shown) <= len(text)
