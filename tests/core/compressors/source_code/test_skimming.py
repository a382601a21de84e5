"""Bodies are emptied before the parser sees them only where that changes nothing."""

from __future__ import annotations

import pytest
from headroom_core.compressors.source_code.grammars import parse
from headroom_core.compressors.source_code.languages import BY_NAME
from headroom_core.compressors.source_code.measures import BALANCED, STRONG
from headroom_core.compressors.source_code.skimming import skim
from headroom_core.compressors.source_code.walking import Fold, Walk
from headroom_core.text.lines import split_lines
from headroom_core.types import no_deadline
from hypothesis import given
from hypothesis import strategies as st

from tests.clocks import little_work
from tests.core.compressors.source_code.material import AWKWARD, LANGUAGES, program


def folds(language: str, text: str, seen: str) -> list[Fold]:
    """What is folded of a text when the parser sees another one."""
    root = parse(BY_NAME[language], seen)
    assert root is not None
    found = []
    for measure in (BALANCED, STRONG):
        walk = Walk(BY_NAME[language], measure, split_lines(text), no_deadline)
        walk.inside(root)
        found += walk.folds
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_is_folded_with_and_without(language: str) -> None:
    """It is there for speed alone."""
    for text in [program(language)] + [AWKWARD] * (language == "python"):
        skimmed = skim(text, BY_NAME[language], no_deadline)
        assert skimmed.code.count("\n") == text.count("\n")
        assert folds(language, text, skimmed.code) == folds(language, text, text)


def test_most_of_the_code_is_gone() -> None:
    """Else it would only cost time."""
    for language in set(LANGUAGES) - {"ruby"}:
        text = program(language)
        assert len(skim(text, BY_NAME[language], no_deadline).code) < 0.6 * len(text), language


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("javascript", "    const page = `\n  ${title}\n\n"),
        ("java", '        String page = """\n'),
        ("c", '    puts("/* not a comment");\n'),
        ("php", "        $page = <<<END\n        }\n        END;\n"),
        ("bash", "  cat <<END\n  }\nEND\n"),
        ("python", '        page = """\n'),
    ],
)
def test_texts_that_may_cross_a_border_are_left_to_the_parser(language: str, body: str) -> None:
    """What looks like the end of a body may stand in a string."""
    text = program(language, 4)
    lines = split_lines(text)
    place = next(at for at, line in enumerate(lines) if "empty" in line or "while" in line or "raise" in line)
    hurt = "".join([*lines[:place], body, *lines[place:]])
    skimmed = skim(hurt, BY_NAME[language], no_deadline)
    assert len(skimmed.bodies) < len(skim(text, BY_NAME[language], no_deadline).bodies)
    assert all(body.strip().split("\n")[0] not in hurt[start:end] for start, end in skimmed.bodies)


@given(
    st.lists(
        st.sampled_from(["def f(a):\n", "  ", "}\n", "f(x) {\n", '"""', "a\n", "\n", "\r", "'", "/*", "`"]), max_size=60
    )
)
def test_lines_keep_their_numbers(pieces: list[str]) -> None:
    """Whatever is emptied: rows of the tree are lines of the text."""
    text = "".join(pieces)
    for language in BY_NAME.values():
        skimmed = skim(text, language, no_deadline)
        assert skimmed.code.count("\n") == text.count("\n")
        outside = [end for _, end in skimmed.bodies]
        assert outside == sorted(outside)


def test_deep_layouts_take_no_time() -> None:
    """A thousand heads one inside the other, and not one that ends."""
    for head in ("f(x) {\n", "def f(x):\n"):
        text = "".join(" " * depth + head for depth in range(1_500)) + "x"
        for language in ("javascript", "c", "python"):
            skim(text, BY_NAME[language], no_deadline)


@pytest.mark.parametrize("unit", [")", "f(x) {a"])
def test_a_line_of_many_brackets_is_read_once(unit: str) -> None:
    """Minified code in the middle of a file: behind each bracket the rest of the line was read again."""
    text = "f(x) {\n" + unit * 40_000 + "\n}\n"
    with little_work(seconds=5):
        assert skim(text, BY_NAME["go"], no_deadline).code
