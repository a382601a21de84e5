"""Outlines of programs that somebody is in the middle of: whatever happened to them, what is said of them is true."""

from __future__ import annotations

from headroom_core.compressors.source_code import SourceCode
from headroom_core.text.lines import split_lines
from headroom_core.types import Guidance
from hypothesis import given
from hypothesis import strategies as st

from tests.core.compressors.source_code.checks import check, count
from tests.core.compressors.source_code.material import AWKWARD, LANGUAGES, program

CODE = SourceCode(least_tokens=0)
PIECES = [
    *(
        "{",
        "}",
        "(",
        ")",
        '"',
        '"""',
        "'''",
        "'",
        "`",
        "/*",
        "*/",
        "//",
        "#",
        "<<END\n",
        "END\n",
        "#endif\n",
        "\\\n",
        "\n",
    ),
    *(
        "\r",
        "\x00",
        "\x0c",
        "\ud800",
        "\u2028",
        "\ufeff",
        "\t",
        " ",
        "def ",
        "class ",
        "fn x() {\n",
        "=> {\n",
        "?>",
        "…",
    ),
    *("# … 3-9\n", "[headroom 3f9a1c07be42: lines 1-9 of 90 not shown, original intact; headroom_retrieve]\n"),
]
TEXTS = {language: program(language, 8) for language in LANGUAGES} | {"awkward": AWKWARD}


@st.composite
def hurt(draw: st.DrawFn) -> tuple[str, str]:
    """A program after a few accidents, and the language that it was in."""
    language = draw(st.sampled_from(sorted(TEXTS)))
    text = TEXTS[language]
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, len(text)))
        stop = min(len(text), start + draw(st.integers(0, 300)))
        accident = draw(st.sampled_from(["put in", "hole", "twice", "crlf", "numbers", "tabs", "cut", "shuffle"]))
        if accident == "put in":
            text = text[:start] + draw(st.sampled_from(PIECES)) + text[start:]
        elif accident == "hole":
            text = text[:start] + text[stop:]
        elif accident == "twice":
            text = text[:stop] + text[start:]
        elif accident == "crlf":
            text = text.replace("\n", "\r\n")
        elif accident == "numbers":
            text = "".join(f"{n:6d}\t{line}" for n, line in enumerate(split_lines(text), start=1))
        elif accident == "tabs":
            text = text.replace("  ", "\t")
        elif accident == "cut":
            text = text[:start]
        else:
            text = "".join(sorted(split_lines(text)))
    return text, language


@given(
    hurt(),
    st.sampled_from(["light", "balanced", "strong"]),
    st.none() | st.integers(0, 900),
    st.sampled_from(["", "why is entry 3 empty?", "what of `total` and strict"]),
    st.booleans(),
)
def test_lines_are_those_of_the_text(
    drawn: tuple[str, str], level: str, budget: int | None, question: str, named: bool
) -> None:
    """Nothing is lost, made up, or moved; and a text is never longer than it was."""
    text, language = drawn
    origin = f'read {{"path": "x.{language[:2]}"}}' if named else ""
    guidance = Guidance(question, origin, level, budget, may_elide=True, count=count)  # type: ignore[arg-type]  # drawn
    assert 0 <= CODE.claim(text) <= 1
    view = CODE.compress(text, guidance)
    check(view, text)
    assert CODE.compress(text, guidance) == view


@given(
    st.text(st.characters(exclude_categories=()), max_size=300),
    st.sampled_from(["py", "ts", "c", "rb", "sh", "php", ""]),
)
def test_any_text_will_do(text: str, ending: str) -> None:
    """A caller may say that anything is code."""
    guidance = Guidance(origin=f"read x.{ending}", budget=0, may_elide=True, count=count)
    for each in (text, text * 40, f"def f():\n{text}\n"):
        check(CODE.compress(each, guidance), each)
