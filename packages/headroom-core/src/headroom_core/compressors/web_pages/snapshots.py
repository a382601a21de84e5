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
NAME_CHARS = 1_000  # of a name, in which what stands in it is looked for

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
_NODE = re.compile(  # all of these read lines without the white space at their end
    r"""(?P<indent>[ \t]*)(?P<sign>-[ ]'?|(?:\[\w+\]|uid=\S+)[ ])(?P<role>[A-Za-z]+)'?
        (?P<name>[ ](?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))?(?P<rest>(?=[ ,:\[]|\Z).*)""",
    re.VERBOSE,
)
_REST = re.compile(r"(?P<states>(?: ?\[[^\]]*\])*)(?::(?: (?P<text>.*))?)?")
_PROPERTY = re.compile(r"[ \t]*- /(\w+): (.*)")
_POINTER = re.compile(r" ?\[cursor=\w+\]")
_IDLE = re.compile(r" ?\[(?:active|(?:ref|box)=[^\]]*)\]|, visible")  # what wrappers bear that can't be used


@dataclass(frozen=True, slots=True)
class _Node:
    indent: int
    said: str  # of the line, as it may be shown; empty where it only holds others
    name: str  # its beginning
    points: bool  # whether a click on it, or on what it stands in, does something


def snapshot_claim(text: str) -> float:
    """0.95 where nearly all lines are nodes of an accessibility tree, else 0."""
    head = text[:SAMPLE_CHARS]
    sample = head.split("\n")[: -1 if len(text) > SAMPLE_CHARS else None]
    lines = [line for line in map(str.rstrip, sample) if line]
    nodes = [at for at, line in enumerate(lines) if _node_in(line)]
    if len(nodes) < LEAST_LINES or nodes[0] > MOST_BEFORE:
        return 0.0
    within = lines[nodes[0] : nodes[-1] + 1]
    found = sum(_node_in(line) is not None or _PROPERTY.match(line) is not None for line in within)
    return 0.95 if found >= LEAST_SHARE * len(within) and len(within) >= LEAST_SHARE * (len(lines) - nodes[0]) else 0.0


def draw_snapshot(text: str, tick: Callable[[], None], *, with_references: bool = False) -> str:
    """The tree without its wrappers, a step of indentation for each node that is shown.

    What can be used keeps its reference; `with_references`, all that is shown does.
    """
    lines: list[list[str]] = []  # in pieces: a line may have many properties
    above: list[_Node] = []  # shown nodes that are open
    for number, line in enumerate(text.split("\n")):
        line = line.rstrip()
        if number % TICK_LINES == 0:
            tick()
        held = _PROPERTY.match(line)
        if held is not None and lines:
            lines[-1].append(f" {held[2]}" if held[1] == "url" else f" {held[1]}={held[2]}")
            continue
        found = _node_in(line)
        if found is None:
            lines.append([line])
            continue
        while above and above[-1].indent >= _indent(found):
            above.pop()
        node = _read(found, above, with_references=with_references)
        if node.said:
            lines.append([" " * len(above), node.said])
            above.append(node)
    return "\n".join(map("".join, lines)).rstrip("\n") + "\n"


def _node_in(line: str) -> re.Match[str] | None:
    found = _NODE.match(line)
    return found if found is not None and found["role"].lower() in _ROLES else None


def _read(found: re.Match[str], above: list[_Node], *, with_references: bool) -> _Node:
    """A node, by what it stands in."""
    role, name, text = found["role"].lower(), (found["name"] or "").strip()[1:-1], ""
    rest = _POINTER.sub("", found["rest"])
    within = bool(above) and above[-1].points
    points = rest != found["rest"]
    told = _REST.fullmatch(rest)
    if told is not None:
        rest, text = told["states"], (told["text"] or "").strip()
    sign = "" if found["sign"].startswith("-") else found["sign"]
    said = f"{sign}{found['role']}{found['name'] or ''}{rest}" + (f": {text}" if text else "")
    usable = _IDLE.sub("", rest) or (points and not within)
    if role in _WRAPPERS and not usable:
        said = " ".join(filter(None, (name, text)))
        if any(said in node.name for node in above[-2:]):  # a link or a row says it already
            said = ""
        elif said and with_references:
            said = f"{sign}{said}{rest}"
    return _Node(_indent(found), said, name[:NAME_CHARS], points or within)


def _indent(found: re.Match[str]) -> int:
    return len(found["indent"].expandtabs(2))
