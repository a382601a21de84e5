"""Accessibility trees, as browsers of agents print them: what has a name or can be used, without what only holds it.

    - generic [ref=e3]:
      - link "Home" [ref=e4] [cursor=pointer]:
        - /url: /home

is `link "Home" [ref=e4] /home`. References stay as they are: an agent acts by them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

SAMPLE_CHARS = 12_000  # of the beginning, by which a tree is told
LEAST_LINES = 8
LEAST_SHARE = 0.8  # of the lines between the first node and the last one
MOST_BEFORE = 12  # lines of the tool above the tree
TICK_LINES = 500

_WRAPPERS = frozenset(
    [
        *("generic", "group", "none", "presentation", "list", "listitem", "paragraph", "rowgroup", "table"),
        *("section", "div", "span", "text", "statictext", "inlinetextbox", "genericcontainer", "emphasis"),
        *("strong", "img", "image", "document", "layouttable", "layouttablerow", "layouttablecell"),
        *("article", "figure", "cell", "gridcell"),
    ]
)
_ROLES = _WRAPPERS | frozenset(
    [
        *("alert", "alertdialog", "application", "banner", "blockquote", "button", "checkbox", "code"),
        *("columnheader", "combobox", "complementary", "contentinfo", "deletion", "dialog", "form", "grid"),
        *("heading", "iframe", "row", "insertion", "link", "listbox", "log", "main", "menu", "menubar"),
        *("menuitem", "navigation", "note", "option", "progressbar", "radio", "radiogroup", "region"),
        *("rowheader", "rootwebarea", "webarea", "scrollbar", "search", "searchbox", "separator", "slider"),
        *("spinbutton", "status", "switch", "tab", "tablist", "tabpanel", "term", "textbox", "time", "timer"),
        *("toolbar", "tooltip", "tree", "treegrid", "treeitem", "definition", "math", "meter"),
    ]
)
_NODE = re.compile(
    r"""(?P<indent>[ \t]*)(?P<sign>-[ ]'?|(?:\[\w+\]|uid=\S+)[ ])(?P<role>[A-Za-z]+)'?
        (?P<name>[ ](?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))?(?P<rest>(?=[ ,:\[]|\s*\Z).*?)\s*\Z""",
    re.VERBOSE,
)
_REST = re.compile(r"(?P<states>(?: ?\[[^\]]*\])*)(?::(?: (?P<text>.*))?)?")
_PROPERTY = re.compile(r"[ \t]*- /(\w+): (.*?)\s*$")
_POINTER = re.compile(r" ?\[cursor=\w+\]")


@dataclass(frozen=True, slots=True)
class _Node:
    indent: int
    role: str
    said: str  # of the line, as it may be shown; empty where it only holds others
    name: str


def snapshot_claim(text: str) -> float:
    """0.95 where nearly all lines are nodes of an accessibility tree, else 0."""
    head = text[:SAMPLE_CHARS]
    lines = [line for line in head.split("\n")[: -1 if len(text) > SAMPLE_CHARS else None] if line.strip()]
    nodes = [at for at, line in enumerate(lines) if _is_node(line)]
    if len(nodes) < LEAST_LINES or nodes[0] > MOST_BEFORE:
        return 0.0
    within = lines[nodes[0] : nodes[-1] + 1]
    found = sum(_is_node(line) or _PROPERTY.match(line) is not None for line in within)
    return 0.95 if found >= LEAST_SHARE * len(within) and len(within) >= LEAST_SHARE * (len(lines) - nodes[0]) else 0.0


def draw_snapshot(text: str, tick: Callable[[], None]) -> str:
    """The tree without its wrappers, a step of indentation for each node that is shown."""
    lines: list[str] = []
    above: list[tuple[int, str]] = []  # shown nodes that are open: indentation, name
    for number, line in enumerate(text.split("\n")):
        if number % TICK_LINES == 0:
            tick()
        held = _PROPERTY.match(line)
        if held is not None and lines:
            lines[-1] += f" {held[2]}" if held[1] == "url" else f" {held[1]}={held[2]}"
            continue
        node = _read(line)
        if node is None:
            lines.append(line.rstrip())
            continue
        while above and above[-1][0] >= node.indent:
            above.pop()
        if not node.said or _is_said(node, above):
            continue
        lines.append(" " * len(above) + node.said)
        above.append((node.indent, node.name))
    return "\n".join(lines).rstrip("\n") + "\n"


def _is_node(line: str) -> bool:
    found = _NODE.match(line)
    return found is not None and found["role"].lower() in _ROLES


def _read(line: str) -> _Node | None:
    found = _NODE.match(line)
    if found is None or found["role"].lower() not in _ROLES:
        return None
    role, name, text = found["role"].lower(), (found["name"] or "").strip()[1:-1], ""
    rest = _POINTER.sub("", found["rest"])
    told = _REST.fullmatch(rest)
    if told is not None:
        rest, text = told["states"], (told["text"] or "").strip()
    indent = len(found["indent"].expandtabs(2))
    if role in _WRAPPERS:
        return _Node(indent, role, " ".join(filter(None, (name, text))), name)
    sign = "" if found["sign"].startswith("-") else found["sign"]
    said = f"{sign}{found['role']}{found['name'] or ''}{rest}" + (f": {text}" if text else "")
    return _Node(indent, role, said, name)


def _is_said(node: _Node, above: list[tuple[int, str]]) -> bool:
    """Whether the name of what a text stands in, a link or a row, says it already."""
    return node.role in _WRAPPERS and any(node.said in name for _, name in above[-2:])
