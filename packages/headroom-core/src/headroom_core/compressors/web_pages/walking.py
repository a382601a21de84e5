"""From a page to its visible blocks: one walk over the tree, without recursion, so that no depth hurts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

TICK_NODES = 1_000  # between two looks at the time
HREF_CHARS = 200  # a longer address is a session's or a tracker's, and says nothing to a reader
OPTIONS = 12  # of a choice that are named
CELL_CHARS = 200  # a cell that holds more is layout, and its paragraphs stand on their own

_GONE = frozenset({"script", "style", "noscript", "template", "svg", "iframe", "object", "canvas", "-comment", "link"})
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
        "caption",
        "option",
    ]
)
_ZONES = {"nav": "nav", "footer": "footer", "aside": "aside"}
_ROLES = {"navigation": "nav", "contentinfo": "footer", "complementary": "aside"}
_HEADS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SHOWN_ATTRIBUTES = ("name", "value", "placeholder", "aria-label", "title")
_STATES = ("checked", "disabled", "required", "readonly", "selected")
_METAS = ("description", "author", "article:published_time", "article:modified_time")


@dataclass(frozen=True, slots=True)
class Piece:
    """One block of a page, as it may be shown."""

    shown: str
    zone: str = ""  # "nav", "footer" or "aside", where it stands in one
    letters: int = 0  # of its text
    link_letters: int = 0  # of them in links
    labels: tuple[str, ...] = ()  # the texts of its links
    keeps: bool = False  # a field, a button, a heading of the page, code: never folded


@dataclass(slots=True)
class Walk:
    """What has been gathered so far of one page."""

    pieces: list[Piece] = field(default_factory=list)
    zones: list[str] = field(default_factory=lambda: [""])
    words: list[str] = field(default_factory=list)
    prefix: str = ""
    letters: int = 0
    link_letters: int = 0
    labels: list[str] = field(default_factory=list)
    starts: list[tuple[int, int]] = field(default_factory=list)  # of open links and buttons: words, letters
    cells: int = 0  # open table cells
    buttons: int = 0  # open buttons, whose inside is one text

    def run(self, root: LexborNode, tick: Callable[[], None]) -> list[Piece]:
        """The pieces of the tree below the root, in the order of the page."""
        stack: list[tuple[LexborNode, bool]] = [(root, True)]
        seen = 0
        while stack:
            node, opens = stack.pop()
            if not opens:
                self._close(node, node.tag or "")
                continue
            seen += 1
            if seen % TICK_NODES == 1:
                tick()
            following = node.next
            if following is not None and seen > 1:
                stack.append((following, True))
            if self._open(node, node.tag or ""):
                stack.append((node, False))
                child = node.child
                if child is not None:
                    stack.append((child, True))
        self._end()
        return self.pieces

    def _open(self, node: LexborNode, tag: str) -> bool:
        """Take in where a node begins; whether its inside is to be read."""
        if tag == "-text":
            self._say(node.text_content or "")
            return False
        if tag in _GONE or tag.startswith(("-", "!")):
            return False
        if tag == "head":
            self._head(node)
            return False
        attributes = node.attributes
        if attributes and ("hidden" in attributes or _UNSEEN.search(attributes.get("style") or "")):
            return False
        if tag in ("input", "select", "textarea", "pre", "br", "img"):
            self._leaf(node, tag, attributes)
            return False
        if tag in _BLOCKS and not self._within(tag):
            self._end()
        self._enter(tag, attributes)
        return True

    def _enter(self, tag: str, attributes: dict[str, str | None]) -> None:
        zone = _ZONES.get(tag) or _ROLES.get(attributes.get("role") or "")
        if tag in _ZONES or zone:
            self.zones.append(zone or "")
        if self.buttons and tag not in ("a", "button"):
            return
        if tag in _HEADS:
            self.prefix = _HEADS[tag]
        elif tag == "li" and not self.cells:
            self.prefix = "- "
        elif tag in ("td", "th"):
            self.cells += 1
            self.words.append("| " if not self.words else " | ")
        elif tag in ("a", "button"):
            self.starts.append((len(self.words), self.letters))
            self.buttons += tag == "button"
        elif tag == "form":
            said = [attributes.get(name) or "" for name in ("name", "method", "action")]
            self.pieces.append(Piece("<form " + " ".join(filter(None, said)) + ">", keeps=True))

    def _close(self, node: LexborNode, tag: str) -> None:
        if tag in ("a", "button"):
            self._close_said(node, tag)
        elif tag in ("td", "th") and not self.buttons:
            self.cells -= 1
        if tag in _BLOCKS:
            if self._within(tag):
                self.words.append(" ")
            else:
                self._end()
        if tag in _ZONES or _ROLES.get(node.attributes.get("role") or ""):
            self.zones.pop()

    def _close_said(self, node: LexborNode, tag: str) -> None:
        start, letters = self.starts.pop()
        start = min(start, len(self.words))
        said = " ".join("".join(self.words[start:]).split())
        attributes = node.attributes
        if tag == "button":
            self.buttons -= 1
            del self.words[start:]
            self._control("button", attributes, said)
            return
        said = said or " ".join((attributes.get("aria-label") or attributes.get("title") or "").split())
        if not said:
            return
        self.link_letters += max(0, self.letters - letters)
        self.labels.append(said)
        href = attributes.get("href") or ""
        if (
            href
            and not self.buttons
            and len(href) <= HREF_CHARS
            and not href.lower().startswith(("javascript:", "data:", "#"))
        ):
            self.words[start:] = [f" [{said}]({href}) " if self._spaced(start) else f"[{said}]({href})"]

    def _spaced(self, start: int) -> bool:
        return "".join(self.words[start : start + 1])[:1].isspace()

    def _leaf(self, node: LexborNode, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "br":
            self.words.append(" ")
        elif tag == "img":
            self._say(f" {attributes.get('alt') or ''} ")
        elif tag == "pre":
            self._end()
            code = node.text().strip("\n")
            if code.strip():
                self.pieces.append(Piece(f"```\n{code}\n```", self.zones[-1], len(code), keeps=True))
        elif tag == "select":
            options = [" ".join(option.text().split()) for option in node.css("option")]
            more = f" +{len(options) - OPTIONS}" if len(options) > OPTIONS else ""
            self._control("select", attributes, " / ".join(options[:OPTIONS]) + more)
        elif (attributes.get("type") or "").lower() != "hidden":
            self._control(tag, attributes, " ".join(node.text().split()) if tag == "textarea" else "")

    def _control(self, tag: str, attributes: dict[str, str | None], said: str) -> None:
        parts = [tag]
        if attributes.get("type") not in (None, "", "text"):
            parts.append(attributes["type"] or "")
        parts += [" ".join((attributes.get(name) or "").split()) for name in _SHOWN_ATTRIBUTES]
        parts += [f"'{said}'"] if said else []
        parts += [name for name in _STATES if name in attributes]
        self.pieces.append(Piece("<" + " ".join(dict.fromkeys(filter(None, parts))) + ">", keeps=True))

    def _head(self, node: LexborNode) -> None:
        title = node.css_first("title")
        if title is not None and title.text().strip():
            self.pieces.append(Piece(f"title: {' '.join(title.text().split())}", keeps=True))
        canonical = node.css_first("link[rel=canonical]")
        if canonical is not None and canonical.attributes.get("href"):
            self.pieces.append(Piece(f"url: {canonical.attributes['href']}", keeps=True))
        for meta in node.css("meta"):
            name = meta.attributes.get("name") or meta.attributes.get("property") or ""
            content = " ".join((meta.attributes.get("content") or "").split())
            if name in _METAS and content:
                self.pieces.append(Piece(f"{name}: {content}", keeps=True))

    def _say(self, text: str) -> None:
        self.words.append(text)
        self.letters += len(text.strip())

    def _within(self, tag: str) -> bool:
        """Whether a block of this tag is part of the line of a button or a cell."""
        return bool(self.buttons or (self.cells and tag != "tr" and self.letters < CELL_CHARS))

    def _end(self) -> None:
        """Finish the block that is open."""
        said = " ".join("".join(self.words).split())
        if said.strip("| "):
            piece = Piece(self.prefix + said, self.zones[-1], self.letters, self.link_letters, tuple(self.labels))
            self.pieces.append(piece)
        self.words, self.labels = [], []
        self.prefix, self.letters, self.link_letters = "", 0, 0
        self.starts = [(0, 0)] * len(self.starts)
