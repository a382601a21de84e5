"""What is shown of code, and what is left as it came."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys

import pytest
from headroom_core.compressors.source_code import SourceCode, grammars, languages
from headroom_core.compressors.source_code.grammars import parse
from headroom_core.compressors.source_code.languages import BY_NAME
from headroom_core.errors import OutOfTime
from headroom_core.text.lines import split_lines
from headroom_core.types import Fidelity, Guidance, Level, View

from tests.core.compressors.source_code.checks import CODE, check, count, left_alone, outlined
from tests.core.compressors.source_code.material import AWKWARD, LANGUAGES, program

every_language = pytest.mark.parametrize("language", LANGUAGES)


def test_there_is_a_program_of_every_language() -> None:
    """A language that is added brings its program, or nothing below says that it works."""
    assert [language.name for language in languages.LANGUAGES] == LANGUAGES


@every_language
def test_bodies_are_folded_and_heads_are_shown(language: str) -> None:
    """A reader sees what there is, what goes wrong where, and which lines to ask for."""
    text = program(language)
    assert CODE.claim(text) >= 0.8
    shown = outlined(text)
    assert count(shown) < 0.65 * count(text)
    lines = split_lines(text)
    for number in range(40):
        name = re.compile(rf"entry_?{number}\b", re.IGNORECASE)
        assert next(line for line in lines if name.search(line)) in shown
    failing = re.compile(r"\b(?:throw|raise|panic|return 0, fmt|assert)\b|>&2")
    number, line = next(
        (at, each) for at, each in enumerate(lines, 1) if failing.search(each) and "include" not in each
    )
    assert f"{number}: {line.strip()}" in shown


@every_language
@pytest.mark.parametrize("level", ["light", "balanced", "strong"])
def test_an_outline_is_code_where_the_text_was(language: str, level: Level) -> None:
    """What doesn't parse is read as damage; and editors, linters and highlighters choke on it."""
    text = program(language)
    root = parse(BY_NAME[language], text)
    assert root is not None
    assert not root.has_error
    shown = parse(BY_NAME[language], outlined(text, level=level))
    assert shown is not None
    assert not shown.has_error


@every_language
def test_without_a_way_back_nothing_is_left_out(language: str) -> None:
    """There are no other letters that say the same as code."""
    text = program(language)
    assert CODE.compress(text, Guidance(level="strong", count=count)) == View.verbatim(text)


@pytest.mark.parametrize("level", ["light", "balanced", "strong"])
@pytest.mark.parametrize("budget", [None, 10])
def test_an_outline_of_python_is_python(level: Level, budget: int | None) -> None:
    """Judged by Python itself: docstrings end, bodies have a statement, brackets close."""
    for text in (program("python"), AWKWARD + "\n" + program("python"), program("python") + AWKWARD):
        view = SourceCode(0).compress(text, Guidance(level=level, budget=budget, may_elide=True, count=count))
        check(view, text)
        assert view.fidelity is Fidelity.ELIDED
        ast.parse(view.shown)


def test_small_files_are_shown_whole() -> None:
    """They are read to be changed, and asking back costs more than is saved."""
    text = program("python", 14)
    assert 1_000 < count(text) < 1_500
    assert left_alone(text)
    assert not left_alone(text, budget=600)


def test_one_function_is_shown_whole() -> None:
    """Who reads one function wants to see its body."""
    body = "".join(f"    total = total * {n} + first_value_of_the_table[{n}]\n" for n in range(200))
    assert left_alone(f"import os\n\n\ndef only(total):\n{body}    return total\n", origin="read x.py")


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("read_file", {"path": "ledger.py", "offset": 1, "limit": 200}),
        ("read_file", {"path": "ledger.py", "offset": 120}),
        ("str_replace_based_edit_tool", {"command": "view", "path": "ledger.py", "view_range": [100, 300]}),
        ("view", {"file": {"path": "ledger.py", "start_line": 40, "end_line": 80}}),
        ("read", {"path": "ledger.py", "lines": "40-80"}),
        ("bash", {"command": "sed -n '40,80p' ledger.py"}),
        ("bash", {"cmd": "cat ledger.py | head -n 300"}),
        ("shell", {"command": ["bash", "-lc", "grep -A 30 'def entry' ledger.py"]}),
        ("find_symbol", {"name_path": "Ledger/entry_3"}),
        ("open", {"target": "src/ledger.py:40-80"}),
    ],
)
def test_a_part_that_was_asked_for_is_shown_whole(tool: str, arguments: object) -> None:
    """The agent knows what it wants: folding it would only make it ask twice."""
    assert left_alone(program("python"), origin=f"{tool} {json.dumps(arguments)}")


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("read_file", {"path": "ledger.py"}),
        ("read_file", {"path": "ledger.py", "offset": 0, "limit": 2000}),
        ("view", {"path": "ledger.py", "view_range": [1, -1]}),
        ("view", {"path": "ledger.py", "start_line": 1, "end_line": 5000}),
        ("bash", {"command": "cat src/ledger.py"}),
    ],
)
def test_a_file_that_was_asked_for_is_outlined(tool: str, arguments: object) -> None:
    """A range that takes in the whole file is no range."""
    outlined(program("python"), origin=f"{tool} {json.dumps(arguments)}")


def test_a_listing_keeps_its_numbers() -> None:
    """Agents know the number of each line that they see; the lines of folds are counted in the same way."""
    for number in (
        "{n:6d}\t{line}",
        "{n}: {line}",
        "{n:5}→{line}",
        "L{n}: {line}",
        "{n:05d}| {line}",
        "{n:4d} | {line}",
    ):
        lines = split_lines(program("python"))
        text = "".join(number.format(n=n, line=line) for n, line in enumerate(lines, start=1))
        assert CODE.claim(text) >= 0.8, number
        shown = outlined(text)
        assert number.format(n=10, line="    def entry_0(self, path, *, strict=False):\n") in shown
        assert '        """  # … 12-20 | 17: raise ValueError("entry 0 is empty")\n' in shown


def test_a_listing_that_begins_further_down_is_a_part() -> None:
    """Whatever the call looked like: somebody cut it out."""
    lines = split_lines(program("python"))
    text = "".join(f"{n:6d}\t{line}" for n, line in enumerate(lines, start=241))
    assert CODE.claim(text) >= 0.8
    assert left_alone(text)


def test_what_tools_put_around_code_stays() -> None:
    """A heading before a listing, a fence around a file: shown as they came, and the lines are those of the whole."""
    listing = "".join(f"{n:6d}\t{line}" for n, line in enumerate(split_lines(program("go")), start=1))
    heading = "Here's the result of running `cat -n` on /repo/ledger.go:\n"
    assert outlined(heading + listing).startswith(heading)
    fenced = f"The file:\n\n```go\n{program('go')}```\nThat is all.\n"
    assert CODE.claim(fenced) >= 0.8
    shown = outlined(fenced)
    assert shown.startswith("The file:\n\n```go\npackage ledger\n")
    assert shown.endswith("```\nThat is all.\n")


def test_the_question_opens_the_bodies_that_it_points_at() -> None:
    """By name, and by a word that stands in few bodies; words that stand everywhere open nothing."""
    text = program("python").replace("self.total += number", "self.total -= penalty_of(number)", 1)
    assert "self.total += number" not in outlined(text, question="What does the file do with total?")
    for question in ("why is penalty_of called?", "Where do penalties come from? The penalty looks wrong"):
        shown = outlined(text, question=question)
        assert "            self.total -= penalty_of(number)" in shown
        assert "self.total += number" not in shown
    shown = outlined(text, question="please fix `entry_23`, it never closes its file")
    assert 'raise ValueError("entry 23 is empty")\n' in shown
    assert count(shown) < 0.65 * count(text)


def test_levels_and_budgets_fold_more_and_more() -> None:
    """Harder levels show less, and a budget that is given is tried for."""
    text = AWKWARD + "\n" + program("python").replace("Ledger", "Other")
    taken = [count(outlined(text, level=level)) for level in ("light", "balanced", "strong")]
    assert taken == sorted(taken, reverse=True)
    assert len(set(taken)) == 3
    least = CODE.compress(text, Guidance(budget=1, may_elide=True, count=count))
    assert count(least.shown) < taken[-1]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace("    ", "\t"),
        lambda text: text.replace("Keeps entries", "Keeps \ud800 \U0001f600 \u2028 entries"),
        lambda text: text.replace("LIMIT = 40", "LIMIT = 40\n\f"),
        lambda text: text.replace("LIMIT = 40", "LIMIT = '\0'"),
        lambda text: text.rstrip("\n"),
        lambda text: text.replace("return self.total", "return (self.total", 1),
        lambda text: text[: len(text) - 90],
        lambda text: text[700:],
    ],
    ids=["crlf", "bom", "tabs", "odd letters", "form feed", "nul", "no end", "broken", "cut off", "no beginning"],
)
def test_files_as_they_are_met(change: object) -> None:
    """No editor wrote them, or somebody is in the middle of it."""
    assert callable(change)
    text = change(program("python"))
    assert CODE.claim(text) >= 0.8
    shown = outlined(text)
    assert count(shown) < 0.7 * count(text)
    assert shown.count("\r\n") == (shown.count("\n") if "\r\n" in text else 0)


def test_half_letters_and_letters_that_end_texts_do_no_harm() -> None:
    """The parser is handed bytes, and some of its scanners stop at NUL."""
    for letter in ("\0", "\ud800", "\udfff", "\u2028", "\x0c", "\x85"):
        root = parse(BY_NAME["python"], f"x = '{letter}'\ndef f():\n    return x\n")
        assert root is not None
        assert not root.has_error
        assert root.end_point[0] == 3


def test_a_broken_function_costs_only_itself() -> None:
    """What can be read around it is folded all the same."""
    for language in ("python", "go", "rust", "java", "typescript"):
        text = program(language)
        place = text.index("3 is empty")
        broken = text[: place - 60] + ")))}" + text[place:]
        shown = outlined(broken)
        assert count(shown) < 0.75 * count(broken), language


def test_bundles_show_how_they_begin() -> None:
    """One line of a hundred kilobytes is no line that is read to its end."""
    line = "!function(e,t){var n=e.exports;" + "".join(
        f"function a{n}(e){{return void 0===e&&(e={n}),this.t{n}=e=>e+{n}}}" for n in range(900)
    )
    text = f"/*! ledger 1.2.3 | MIT */\n{line}}}(window,document);\n"
    assert CODE.claim(text) >= 0.8
    shown = outlined(text)
    assert shown.startswith("/*! ledger 1.2.3 | MIT */\n!function(e,t){var n=e.exports;function a0(e)")
    assert shown.endswith("}(window,document);\n")
    assert count(shown) < 600


def test_embedded_data_is_cut_inside_its_line() -> None:
    """The code around it is what was asked for."""
    text = program("javascript").replace("const LIMIT = 40", f"const LOGO = '{'iVBORw0KGgo' * 400}'")
    shown = outlined(text)
    assert "\nconst LOGO = 'iVBORw0KGgo" in shown
    assert " characters of line 4 … " in shown


def test_data_is_folded_where_nothing_else_is() -> None:
    """A file of one long list shows how it begins and where it ends."""
    rows = "".join(f'    ("name {n}", {n * 7919 % 1000}, "place {n}"),\n' for n in range(200))
    text = f"import os\n\nROWS = [\n{rows}]\n\n\ndef main():\n    print(ROWS)\n"
    shown = outlined(text, origin='read {"path": "rows.py"}')
    assert shown == (
        "import os\n\nROWS = [\n" + "".join(rows.splitlines(keepends=True)[:3]) + "    # … 7-203\n]\n\n\n"
        "def main():\n    print(ROWS)\n"
    )


def test_what_holds_functions_is_opened() -> None:
    """Tests stand in callbacks, modules in a function: folding the outermost one would hide all of them."""
    tests = "".join(
        f"  it('adds entry {n}', () => {{\n    const ledger = new Ledger({n})\n"
        f"    ledger.add({n}, 'entry', {{ at: {n} }})\n"
        f"    expect(ledger.total).toBe({n} * 2)\n  }})\n\n"
        for n in range(60)
    )
    text = f"import {{ Ledger }} from './ledger'\n\ndescribe('Ledger', () => {{\n{tests}}})\n"
    shown = outlined(text)
    assert shown.count("  it('adds entry ") == 60
    assert "expect(" not in shown


def test_without_grammars_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kind is an extra: without it code goes out as it came."""
    monkeypatch.setitem(sys.modules, "tree_sitter_python", None)
    grammars._grammar.cache_clear()
    try:
        assert CODE.claim(program("python")) == 0
        assert left_alone(program("python"))
        assert CODE.claim(program("go")) >= 0.8
        monkeypatch.setitem(sys.modules, "tree_sitter", None)
        grammars._grammar.cache_clear()
        assert CODE.claim(program("go")) == 0
    finally:
        grammars._grammar.cache_clear()


def test_a_grammar_that_does_not_fit_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """That its package can be imported says little: a binding may be older than the grammar."""
    import tree_sitter_go

    def too_new() -> object:
        raise ValueError("Incompatible Language version 99. Must be between 13 and 15")

    monkeypatch.setattr(tree_sitter_go, "language", too_new)
    grammars._grammar.cache_clear()
    try:
        assert CODE.claim(program("go")) == 0
        assert left_alone(program("go"))
    finally:
        grammars._grammar.cache_clear()


def test_grammars_are_loaded_when_code_comes() -> None:
    """Importing the library, and texts that aren't code, must not pay for them."""
    script = (
        "import sys, headroom_core; from headroom_core.compressors.source_code import SourceCode; "
        "SourceCode().claim('Some words. ' * 400); "
        "print([name for name in sys.modules if name.startswith('tree_sitter')])"
    )
    seen = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert seen.stdout == "[]\n"


def test_time_is_asked_for_and_its_end_comes_through() -> None:
    """A big file must not hold up a server, nor what only looks like code: the parser is stopped in its middle."""

    def ticks(text: str, last: int = -1) -> int:
        asked = 0

        def tick() -> None:
            nonlocal asked
            asked += 1
            if asked == last:
                raise OutOfTime

        SourceCode().compress(text, Guidance(origin="read x.cpp", may_elide=True, count=count, tick=tick))
        return asked

    for text in (program("cpp"), "template<class T> struct A<B<C<T>>> { X<Y<\n" * 3_000):
        most = ticks(text)
        assert most > 3
        for last in range(1, most + 1):
            with pytest.raises(OutOfTime):
                ticks(text, last)
            if last > 12:
                break


def test_time_is_asked_for_in_a_long_run_of_comments() -> None:
    """The grammar of Python reads the run again from each of them."""
    ticks: list[None] = []
    parse(BY_NAME["python"], "x = 1\n" + "#\n" * 6_000, lambda: ticks.append(None))
    assert len(ticks) > 1_000
