"""Emptying bodies before the parser sees them: what is in them is hidden anyway, and parsing is most of the time.

A body is emptied only where its layout leaves no doubt where it ends: every line of it is indented deeper than its
head, the line behind it closes it, and no string or comment crosses either border. All else is left to the parser.
Lines keep their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from headroom_core.compressors.source_code.languages import Language, words

OPENED_CHARS = 1_500  # a longer body is looked into: where functions fill it, those are emptied instead
OPENED_SHARE = 0.4  # of its characters

_NOT_FUNCTIONS = (
    r"(?!(?:\}[ \t]*)?(?:(?:export|default|public|private|protected|internal|static|final|abstract|sealed|data|open"
    r"|inner|case|pub(?:\([a-z]+\))?|unsafe|extern|declare|partial|typedef|implicit|value|annotation)[ \t]+)*"
    r"(?:if|else|for|foreach|while|switch|catch|do|try|with|using|lock|when|match|select|synchronized|elseif|class"
    r"|interface|struct|enum|union|namespace|module|record|object|trait|impl|extension|protocol|type|package|mod|given"
    r"|macro_rules)\b)"
)
_BRACED = re.compile(  # from the last `)` of a line on: from each of many, the rest of the line was read again
    r"^([ \t]*+)" + _NOT_FUNCTIONS + r"[^\s{}](?:[^\n)]*+\))++(?:(?:[^\n;{]*+\{)++|[^\n;{]*+\n\1\{)[ \t]*\r?\n"
    r"(?P<body>(?:\1[ \t][^\n]*\n|[ \t]*\r?\n)*+)(?=\1\})",
    re.MULTILINE,
)
_BRACED_C = re.compile(  # preprocessor lines and labels stand at the margin
    r"^(?!(?:typedef|struct|union|enum|class|namespace|extern|if|else|for|while|switch|do|template)\b)"
    r"(?:[\w*][^\n;]*\)[ \w]*\{|(?<=\)\n)\{)[ \t]*\r?\n"
    r"(?P<body>(?:[ \t#][^\n]*\n|[A-Za-z_]\w*:[ \t]*\n|[ \t]*\r?\n)*+)(?=\})",
    re.MULTILINE,
)
_DEF = re.compile(
    r"^([ \t]*+)(?:async[ \t]+)?def[ \t]+\w+[ \t]*\([^()\n]*+(?:(?:\n|\([^()]*+\))[^()\n]*+)*+\)"
    r"[^\n]*:[ \t]*(?:\#[^\n]*)?\n"
    r"(?P<body>(?:\1[ \t][^\n]*\n|[ \t\f\r]*\n)*+)",
    re.MULTILINE,
)
_DOCSTRING = re.compile(r"\s*[rRuUbBfF]{0,2}(\"\"\"|'''|[\"'](?=[^\n]*[\"']\s*\n))")
_BRACED_LANGUAGES = words("javascript typescript tsx go rust java cpp csharp php kotlin swift scala bash")
_HEREDOC = re.compile(r"<<[-~<]?[ \t]*['\"]?[A-Za-z_]")
_PAIRED = ('"', "`", '"""')  # each must stand an even number of times in what is emptied


@dataclass(frozen=True, slots=True)
class Skimmed:
    """A code without most of what is in its bodies."""

    code: str  # of as many lines
    bodies: tuple[tuple[int, int], ...]  # what was taken out: places in the original code


def skim(code: str, language: Language, tick: Callable[[], None]) -> Skimmed:
    """The code with those bodies emptied that are sure to be bodies."""
    if language.name == "python":
        return _emptied(code, _DEF, _python_body, tick)
    if language.name == "c":
        return _emptied(code, _BRACED_C, _braced_body, tick)
    if language.name in ("bash", "php"):
        return _emptied(code, _BRACED, _shell_body, tick)
    if language.name in _BRACED_LANGUAGES:
        return _emptied(code, _BRACED, _braced_body, tick)
    return Skimmed(code, ())


def _emptied(
    code: str, head: re.Pattern[str], empty: Callable[[str], tuple[int, str] | None], tick: Callable[[], None]
) -> Skimmed:
    """The code with bodies emptied: `empty` says from where on, and what stays instead."""
    parts: list[str] = []
    bodies: list[tuple[int, int]] = []
    done = at = 0
    while (found := head.search(code, at)) is not None:
        tick()
        first, last = found.span("body")
        at = max(first, at + 1)
        if last - first > OPENED_CHARS:
            inner = sum(each.end("body") - each.start("body") for each in head.finditer(code, first, last))
            if inner >= OPENED_SHARE * (last - first):
                continue
        emptied = empty(code[first:last])
        if emptied is not None:
            kept, instead = emptied
            parts += (code[done : first + kept], instead)
            bodies.append((first + kept, last))
            done = at = last
    parts.append(code[done:])
    return Skimmed("".join(parts), tuple(bodies))


def _braced_body(body: str) -> tuple[int, str] | None:
    """The line ends of a body, None where a string or a comment may cross its borders."""
    if not body or any(body.count(sign) & 1 for sign in _PAIRED) or body.count("/*") != body.count("*/"):
        return None
    return 0, "\n" * body.count("\n")


def _shell_body(body: str) -> tuple[int, str] | None:
    """The same where texts may stand between apostrophes or behind `<<END`."""
    return None if body.count("'") & 1 or _HEREDOC.search(body) else _braced_body(body)


def _python_body(body: str) -> tuple[int, str] | None:
    """A body without its docstring, statements that do nothing where its first and its last one stood."""
    docstring = _DOCSTRING.match(body)
    kept = 0
    if docstring is not None:
        end = body.find(docstring[1], docstring.end())
        if end < 0:
            return None
        kept = body.find("\n", end) + 1
    rest = body[kept:]
    statements = rest.strip()
    if not statements or rest.count('"""') & 1 or rest.count("'''") & 1:
        return None
    leading = rest[: rest.index(statements[0])]
    before, behind = leading.count("\n"), rest.count("\n", len(rest.rstrip()))
    between = rest.count("\n") - before - behind
    nothing = leading.rpartition("\n")[2] + "0"
    through = "\n" * between + nothing if between else ""
    return kept, "\n" * before + nothing + through + "\n" * behind
