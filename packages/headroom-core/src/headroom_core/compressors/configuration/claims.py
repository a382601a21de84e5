"""Telling configuration from front matter, logs, code, and prose that is written as `key: value`.

Looks at a sample only, since claims run for every block. Flat keys without a section or anything below them may be
notes of people: those are claimed weakly, so that nothing of them is ever left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

HEAD_CHARS, PART_CHARS = 12_000, 4_000  # of the beginning, and of the middle and the end each
LINE_CHARS = 200  # of a line
FEWEST_LINES = 4
EARLY_LINES = 24  # after which a text that is surely something else isn't looked at any more
SHARE, WEAK_SHARE = 0.85, 0.7  # of the lines that look like configuration
FOREIGN_SHARE = 0.04  # of the lines that look like something else
STRUCTURED_SHARE = 0.1  # of the lines that open something, stand in it, or are in capitals as `.env` has them
TAGGED_SHARE = 0.3  # of the lines of XML, that hold a tag or an attribute
SURELY, MAYBE = 0.9, 0.6  # the claims

_MARKUP = re.compile(
    r"(?:\s*(?:<\?xml[^>]*\?>|<!--.{0,4000}?-->|<!DOCTYPE[^>\[]*(?:\[.{0,4000}?\]\s*)?>))*\s*<([A-Za-z_][\w:.-]*)",
    re.DOTALL,
)
_TAGGED = re.compile(r"</?[A-Za-z_][\w:.-]*(?:\s[^<>]*)?/?>|<!--|^\s*(?:[\w:.-]+=[\"']|<[\w:.-]+\s)|[\"']\s*/?>")
_PAGE_TAG = re.compile(
    "(?:html|head|body|div|section|main|article|nav|header|footer|aside|table|tbody|tr|td|ul|ol|li|dl|form|p|h[1-6]|span"
    "|a|b|i|em|strong|script|style|template|img|input|button|select|label|link|meta|title|br|hr|pre|code|blockquote"
    "|details|summary)",
    re.IGNORECASE,
)
_TEMPLATED = re.compile(
    r"<!doctype\s+html|<\?php|\{%|(?-i:className=)|\sv-(?:if|for|model|bind)\b|=>\s*[({<]", re.IGNORECASE
)
_OTHER = re.compile(r"\s*(?:\{\s*[\"\n}]|\[\s*[\[{\"\n]|diff --git |--- a/|@@ -\d)")
_KEY = r"[A-Za-z_$@*\"'][\w.$/@*+^~, \"'{}-]{0,80}?"
_LINE = re.compile(
    rf"""\s*(?:
        (?P<open>(?:-\ +)*{_KEY}:(?:\s[|>][+-]?\d?)?\s*$ | [\w.-]+(?:\ +"[^"]*")*\ *=?\ *[{{\[]\s*$
               | "?[@\w][^\s"]*@[^:]*:\s*$ | [a-z][\w-]+(?:\ +[^;{{}}=()]+)?\ *\{{\s*$)
      | (?P<section>\[+[\w.:\ "'/@*-]+\]+\s*(?:[\#;].*)?$)
      | (?P<env>(?:export\ )?[A-Z][A-Z0-9_]*=(?!=)\S*(?:\ [^=]*)?$)
      | (?P<item>-(?:\ +\S.*)?$)
      | (?P<keyed>{_KEY}(?::\ +|\s*=\s*(?![=>])|\ +(?="[^"]*"\s*,?$|sha\d+-\S+$))\S.*)
      | (?P<close>[\]}})]+[,;]?\s*$|---(?:\s.*)?$|\.\.\.\s*$)
      | (?P<directive>[a-z][a-z\d_]+\ +[^;{{}}=()]+;\s*$)
      | (?P<text>"[^"]*",?\s*$ | \{{[^{{}}]*\}},?\s*$ | \{{\ [\w-]+\ =\ [^{{}}]*$)
    )""",
    re.VERBOSE,
)
_COMMENT = re.compile(r"\s*(?:#|;|//)")
_FOREIGN = re.compile(
    r"\s*(?:(?:import|from|def|class|return|function|const|let|var|public|private|protected|static|void|func|fn|package"
    r"|using|namespace|elif|except|try:|else:|raise|async|await|struct|impl|pub|use|require|module\.exports"
    r")\b(?!\s*[:=])|\#include|if\s*\(|for\s*\(|while\s*\(|\}\s*else)"
    r"|\[?\d{4}-\d\d-\d\d[T ]\d\d:|\d\d:\d\d:\d\d|\[?(?:INFO|DEBUG|WARN|ERROR)\b|[^:\s]+:\d+:"
)
_SENTENCE = re.compile(r"(?:\S+ ){7,}\S+[.!?]$")  # slow where it doesn't match: the end is looked at first
_HELD = re.compile(rf"(\s*(?:- +)*){_KEY}\s*[:=]\s+[^\s|>].*[^\[{{(,:]$")  # what is deeper below goes on with the value
_SCALAR = re.compile(r":\s+[|>][+-]?\d?\s*$")


def claim(text: str) -> float:
    """How sure it is that the text is configuration or XML, 0 to 1."""
    head = text[:HEAD_CHARS].lstrip("\ufeff")
    opening = head.lstrip()[:1]
    if opening == "<":
        return _claim_markup(head, text)
    if not opening or _OTHER.match(head):
        return 0.0
    found = dict.fromkeys(("open", "section", "env", "item", "keyed", "close", "directive", "text", "", "nested"), 0)
    lines = foreign = spoken = 0
    sample = _sample(text)
    for line in _lines(sample):
        lines += 1
        if lines == EARLY_LINES and (found[""] > lines / 2 or foreign > lines / 4):
            return 0.0
        if found[""] > (1 - WEAK_SHARE) * len(sample) or foreign > FOREIGN_SHARE * len(sample):
            return 0.0  # whatever the rest is
        shape = _LINE.match(line)
        foreign += _FOREIGN.match(line) is not None
        spoken += line[-1] in ".!?" and _SENTENCE.search(line) is not None
        name = (shape and shape.lastgroup) or ""
        found[name] += 1
        found["nested"] += bool(name) and line[0] in " \t"
    if lines < FEWEST_LINES or foreign > FOREIGN_SHARE * lines:
        return 0.0
    share = 1 - found[""] / lines
    structured = found["section"] + found["env"] + min(found["open"], found["nested"])
    if spoken > FOREIGN_SHARE * lines and structured < 2 * STRUCTURED_SHARE * lines:
        return 0.0
    if share < WEAK_SHARE or found["item"] + found["text"] > 0.9 * lines:
        return 0.0
    return SURELY if share >= SHARE and structured >= STRUCTURED_SHARE * lines else MAYBE


def _claim_markup(head: str, text: str) -> float:
    root = _MARKUP.match(head)
    if root is None or _PAGE_TAG.fullmatch(root[1]) or _TEMPLATED.search(head):
        return 0.0
    lines = [line for line in _sample(text) if line and not line.isspace()]
    if sum(_TAGGED.search(line) is not None for line in lines) < TAGGED_SHARE * len(lines):
        return 0.0  # what a tool printed, between tags
    return SURELY if text.rstrip().endswith(">") else MAYBE


def _lines(sample: Sequence[str]) -> Iterator[str]:
    """Lines of the sample, but for blank ones, comments, and text that goes on below its key."""
    within = -1
    for line in sample:
        bare = line.lstrip()
        if not bare or _COMMENT.match(line):
            continue
        indent = len(line) - len(bare)
        if within >= 0 and indent > within:
            continue
        held = _HELD.match(line)
        within = indent if _SCALAR.search(line) else len(held[1]) if held else -1
        yield line


def _sample(text: str) -> list[str]:
    if len(text) <= HEAD_CHARS + 2 * PART_CHARS:
        lines = text.split("\n")
    else:
        middle = len(text) // 2
        parts = (text[:HEAD_CHARS], text[middle : middle + PART_CHARS], text[-PART_CHARS:])
        lines = [line for part in parts for line in part.split("\n")[1:-1]]
    return [line[:LINE_CHARS].rstrip() for line in lines]
