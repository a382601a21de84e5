"""What is folded, and how that is said, case by case."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest
from headroom_core.compressors.source_code import SourceCode
from headroom_core.compressors.source_code.framing import unframe
from headroom_core.compressors.source_code.grammars import parse
from headroom_core.compressors.source_code.languages import BY_NAME
from headroom_core.compressors.source_code.measures import BALANCED
from headroom_core.compressors.source_code.outline import Drawn, Outliner
from headroom_core.compressors.source_code.walking import Fold
from headroom_core.types import Fidelity, Guidance, Level, no_deadline

from tests.core.compressors.source_code.checks import check, count
from tests.core.compressors.source_code.material import program


def shown_of(
    text: str, language: str, *, level: Level = "balanced", question: str = "", behind: str | None = None
) -> str:
    """What is shown of a text before a long program of its language, without that program."""
    endings = BY_NAME[language].endings
    rest = program(language) if behind is None else behind
    view = SourceCode(0).compress(
        text + "\n\n" + rest, Guidance(question, f"read x.{endings[0]}", level, may_elide=True, count=count)
    )
    check(view, text + "\n\n" + rest)
    assert view.fidelity is Fidelity.ELIDED
    before = parse(BY_NAME[language], text + "\n\n" + rest)
    after = parse(BY_NAME[language], view.shown)
    assert before is not None
    assert after is not None
    assert before.has_error or not after.has_error
    return view.shown.partition("\n\n" + rest[:20])[0]


def test_what_fails_is_said_once_and_not_without_end() -> None:
    """Equal lines tell nothing new, and a body of a hundred errors would be no fold."""
    same = "    if (a) {\n      throw new TypeError('the same thing again')\n    }\n"
    body = same * 3 + "".join(
        f"    if (a === {n}) {{\n      throw new Error('number {n}')\n    }}\n" for n in range(20)
    )
    shown = shown_of(f"class A {{\n  f (a) {{\n{body}    return a\n  }}\n}}\n", "javascript")
    assert shown.count("the same thing again") == 1
    assert "throw new Error('number 4') | +15\n" in shown
    assert "number 5" not in shown


def test_comments_do_not_fail() -> None:
    """A comment about throwing is no error; a note for whoever comes next is worth a word."""
    body = (
        "    // they throw x away here\n    // TODO: mend it\n" + "    call_something_with_a_long_name(a, b, c)\n" * 4
    )
    shown = shown_of(f"class A {{\n  f (a) {{\n{body}  }}\n}}\n", "javascript")
    assert "they throw" not in shown
    assert " | 4: // TODO: mend it\n" in shown


def test_a_comment_ends_where_it_is_folded() -> None:
    """Also when its last line is worth saying: what closes it is said once."""
    doc = "/**\n * First words.\n * More of them, told at length, so that folding is worth it.\n * Even more of them.\n"
    doc += " * And more, for the sake of those who read only the end of what they are told, at length.\n"
    doc += " * @throws what is thrown */\nfunction f (a) {\n  return a\n}\n"
    assert " … 3-6 | 6: * @throws what is thrown * / */\nfunction f" in shown_of(doc, "javascript")


def test_a_line_that_goes_on_does_not_swallow_the_next() -> None:
    """In C a backslash at the end of a comment would."""
    body = "    assert(a > 0 && \\\n           a < 9);\n" + "    a = call_something_with_a_long_name(a, a + 1);\n" * 6
    shown = shown_of(f"int f(int a)\n{{\n{body}    return a;\n}}\n", "c")
    assert "    // … 3-11 | 3: assert(a > 0 &&" in shown
    assert "\\\n" not in shown


def test_a_page_in_a_comment_does_not_end_the_code() -> None:
    """In PHP `?>` does, even there."""
    lines = "    $a = call_something_with_a_long_name($a, $a + 1);\n" * 6
    text = f"<?php\nfunction f($a)\n{{\n{lines}    throw new Exception('no <?php echo 1 ?> here');\n}}\n"
    shown = shown_of(text, "php", behind=program("php").removeprefix("<?php\n"))
    assert "?>" not in shown


def test_one_statement_keeps_an_empty_body_alive() -> None:
    """Where a comment alone is no body."""
    view = SourceCode().compress(program("bash"), Guidance(may_elide=True, count=count))
    assert "entry_3() {\n  :  # … 50-59 | " in view.shown


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("java", "class A {\n    static final List<String> ALL = List.of(\n%s    );\n}\n"),
        ("csharp", "class A\n{\n    static readonly Set<string> All = Of(\n%s    );\n}\n"),
        ("cpp", "static const std::set<std::string> all = of(\n%s);\n"),
        ("swift", "let all = of(\n%s)\n"),
        ("javascript", "const all = of(\n%s)\n"),
        ("go", "var all = of(\n%s)\n"),
    ],
)
def test_calls_stay_calls(language: str, text: str) -> None:
    """No comma is left behind the last argument where none may stand."""
    rows = [f'    "value number {n}, which is long enough"' for n in range(30)]
    shown = shown_of(text % (",\n".join(rows) + (",\n" if language == "go" else "\n")), language)
    assert "value number 1," in shown
    assert "value number 12," not in shown
    assert ("value number 29," in shown) == (language not in ("javascript", "go"))


def test_where_folded_values_would_break_it_only_bodies_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """An outline that can't be parsed is not handed out."""

    def is_code(self: Outliner, drawn: Drawn) -> bool:
        return all(fold.form == "body" for fold, _ in drawn.folds)

    monkeypatch.setattr(Outliner, "is_code", is_code)
    text = (
        "ROWS = [\n" + "".join(f"    ({n}, {n + 1}, 'row {n}'),\n" for n in range(60)) + "]\n\n\n" + program("python")
    )
    view = SourceCode().compress(text, Guidance(may_elide=True, count=count))
    check(view, text)
    assert "'row 59'" in view.shown
    assert count(view.shown) < 0.8 * count(text)
    monkeypatch.setattr(Outliner, "is_code", lambda self, drawn: False)
    assert SourceCode().compress(text, Guidance(may_elide=True, count=count)).shown == text


def test_whether_an_outline_is_code_is_looked_at() -> None:
    """By the parser that read the text."""
    text = program("python")
    outliner = Outliner(unframe(text), BY_NAME["python"], "", no_deadline)
    drawn = outliner.draw(BALANCED)
    assert drawn is not None
    assert outliner.is_code(drawn)
    assert not outliner.is_code(replace(drawn, folds=((Fold(0, 0, "body"), "def (:\n"),)))


def test_expressions_are_bodies_too() -> None:
    """What an arrow function is made of is folded as if it stood between braces."""
    calls = "".join(f"    core.flatMap(first{n}, (value) => second{n}(value)),\n" for n in range(9))
    shown = shown_of(f"const f = (a) =>\n  core.all(\n{calls}  )\n", "javascript")
    assert shown.startswith("const f = (a) =>\n  core.all(\n    // … 3-11\n  )\n")


def test_comments_behind_code_are_no_comments_of_their_own() -> None:
    """Folding them would fold the code before them."""
    text = "".join(f"LIMIT_{n} = {n}  # the limit number {n}, which is a limit\n" for n in range(8))
    shown = shown_of(text, "python")
    assert all(f"LIMIT_{n} =" in shown for n in range(8))


def test_fields_of_a_type_are_shown_and_options_of_a_call_at_the_hardest_level_are_not() -> None:
    """The one is what the file is about; the other is told again for each function."""
    fields = "".join(f"  readonly option{n}?: boolean | undefined\n" for n in range(8))
    text = (
        f"type Options = {{\n{fields}}}\n\nexport function f(a: string, options: {{\n{fields}}}): void {{\n  g()\n}}\n"
    )
    assert shown_of(text, "typescript").count("option7") == 2
    assert shown_of(text, "typescript", level="strong").count("option7") == 0
    assert shown_of(text, "typescript", level="strong").count("option1?") == 1


def test_imports_are_shown_but_at_the_hardest_level() -> None:
    """Whoever writes code needs to know what is there already."""
    text = "".join(f"import package_{n}.of.many\n" for n in range(30))
    assert "package_29" in shown_of(text, "python")
    assert "package_29" not in shown_of(text, "python", level="strong")
    assert "package_1." in shown_of(text, "python", level="strong")


def test_an_opened_function_keeps_its_docstring() -> None:
    """It is shown for what it holds, and its docstring says what that is."""
    inner = "".join(
        f"    def inner_{n}(value):\n"
        + f"        value = call_something_with_a_long_name(value, {n})\n" * 9
        + "        return value\n\n"
        for n in range(5)
    )
    first = "    first = prepare_something_with_a_long_name(table.first, table.second, table.third, table.fourth)\n"
    text = f'def outer(table):\n    """Makes five functions."""\n{first}{inner}    return table\n'
    shown = shown_of(text, "python")
    assert '    """Makes five functions."""\n' in shown
    assert shown.count("    def inner_") == 5
    assert "call_something" not in shown


def test_long_texts_show_how_they_begin() -> None:
    """A query, a template: strings end where they must, and one with code in it is left alone."""
    rows = "".join(f"    select column_{n} from table_{n} where column_{n} is null\n" for n in range(30))
    shown = shown_of(f'QUERY = """\n{rows}"""\n', "python", level="strong")
    assert shown.startswith('QUERY = """\n    # … 2-31\n"""\n')
    with_code = "const page = `\n" + rows + "  ${[\n    1,\n    2\n  ].join()}\n`\n"
    assert "column_29" in shown_of(with_code, "javascript")


def test_little_is_not_folded_for_little() -> None:
    """Facts are left out where that saves something, or not at all."""
    short = "".join(f"def f{n}(a, b):\n    return a * {n} + b\n\n\n" for n in range(120))
    body = "    a = call_something_with_a_long_name(a, b)\n" * 16
    text = f"import os\n\n\n{short}def last(a, b):\n{body}    return a\n"
    view = SourceCode().compress(text, Guidance(may_elide=True, count=count))
    assert view.shown == text


def test_comments_are_not_folded_where_nothing_is_defined() -> None:
    """A file of settings that was taken for a script is read for its comments."""
    text = "".join(
        f"# What NAME_{n} is for:\n# it is told\n# over three lines of words\nNAME_{n}={n}\n\n" for n in range(120)
    )
    view = SourceCode().compress(text, Guidance(origin="read settings.sh", may_elide=True, count=count))
    assert view.shown == text


def test_what_its_name_belies_is_left_alone() -> None:
    """A page that is called `notes.cpp`, rows of JSON that a script printed."""
    page = "".join(f"- Item {n}: it's what we said (see {n}); don't {{forget}} \"it\n" for n in range(200))
    rows = "[" + ",\n".join(f'{{"id": {n}, "name": "row {n}", "list": [1, 2, 3]}}' for n in range(200)) + "]"
    shown_once = page + "int f(int a) {\n" + "    a = call_something_with_a_long_name(a);\n" * 90 + "}\n"
    for text, name in ((page, "notes.cpp"), (shown_once, "notes.cpp"), (rows, "rows.py"), (rows, "rows.js")):
        view = SourceCode().compress(text, Guidance(origin=f"read {name}", may_elide=True, count=count))
        assert view.shown == text


def test_a_layout_that_misleads_is_read_in_full() -> None:
    """A body may come back to the margin inside its brackets."""
    body = "    table = [\n1, 2,\n    ]\n" + "    table = call_something_with_a_long_name(table)\n" * 5
    text = f"def f(a):\n{body}    return table\n"
    shown = shown_of(text, "python")
    assert shown.startswith("def f(a):\n    ...  # … 2-10\n")
    ast.parse(shown)


def test_types_stay_types() -> None:
    """No comma is left behind the last one."""
    types = ",\n".join(f"  TypeNumber{n}OfMany" for n in range(30))
    shown = shown_of(f"const x: Foo<\n{types}\n> = 1\n", "typescript", level="strong")
    assert shown.startswith("const x: Foo<\n  // … 2-30\n  TypeNumber29OfMany\n> = 1\n")


def test_long_enumerations_show_how_they_begin() -> None:
    """A dozen names are told, a hundred are folded."""
    for language, head, item in (
        ("typescript", "enum Kind", "KIND_{} = {},"),
        ("rust", "pub enum Kind", "Kind{}({}),"),
    ):
        items = [item.replace("{}", str(n)) for n in range(60)]
        shown = shown_of(f"{head} {{\n" + "".join(f"    {each}\n" for each in items) + "}\n", language)
        assert items[11] in shown
        assert items[12] not in shown


def test_nesting_without_end_does_no_harm() -> None:
    """What is deeper than anybody reads is not walked."""
    deep = "".join(" " * depth + "[\n" for depth in range(900)) + "1" + "\n]" * 900
    text = f"const deep = {deep}\n\n{program('javascript')}"
    view = SourceCode().compress(text, Guidance(origin="read x.js", may_elide=True, count=count))
    check(view, text)


def test_a_body_that_is_too_long_is_not_opened_for_a_question() -> None:
    """A question that points at a giant would show the whole file."""
    body = "".join(f"    value_{n} = compute_cookie({n}) + call_something_with_a_long_name({n})\n" for n in range(300))
    text = f"def giant(table):\n{body}    return table\n"
    shown = shown_of(text, "python", question="what does giant do?", behind=program("python", 90))
    assert "value_299" not in shown


def test_plain_words_point_in_any_form() -> None:
    """Of a name too, and in singular."""
    body = "    value = call_something_with_a_long_name(value, value)\n" * 5
    text = f"def set_cookie(value):\n{body}    return value\n"
    assert body in shown_of(text, "python", question="where are cookies kept?")
    assert body not in shown_of(text, "python", question="where are crumbs kept?")


def test_many_long_lines_show_less_of_each() -> None:
    """A thousand beginnings are a long text, too."""
    line = "const a = '" + "x1y2z3 " * 400 + "'\n"
    few, many = (
        SourceCode()
        .compress(line * times + program("javascript"), Guidance(origin="read x.js", may_elide=True, count=count))
        .shown
        for times in (2, 60)
    )
    assert few.index("…") > 4 * many.index("…")
