"""From a page to its visible blocks: one walk over the tree, without recursion, so that no depth hurts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from headroom_core.compressors.web_pages.controls import is_control, options_of, reference_of, spell

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

TICK_NODES = 1_000  # between two looks at the time
HREF_CHARS = 200  # a longer address is a session's or a tracker's, and says nothing to a reader
CELL = "\v"  # before each cell of a row, until the row is written
STATE_CHARS = 200_000  # of scripts without a type that are kept, in case that one of them is the page
LINK_CHARS = 300  # of a link that stay in one line, whatever blocks are in it
NESTED = 32  # links and controls in each other; deeper ones are text
CELL_CHARS = 200  # a cell that holds more is layout, and its paragraphs stand on their own

_GONE = frozenset({"script", "style", "noscript", "template", "svg", "iframe", "object", "canvas", "-comment", "link"})
_BLOCKS = frozenset(
    [
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div"),
        *("dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("header", "hr", "html", "legend", "li", "main", "nav", "ol", "option", "p", "pre", "section", "summary"),
        *("table", "tbody", "tfoot", "thead", "tr", "ul"),
    ]
)
_ZONES = {"nav": "nav", "footer": "footer", "aside": "aside"}
_ROLES = {"navigation": "nav", "contentinfo": "footer", "complementary": "aside"}
_HEADS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
_HOST = re.compile(r"https?://[^/?#]+(?=/)")
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
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
    """What has been gathered so far of one page. For acting, controls stand in the line that they are part of."""

    acting: bool = False
    pieces: list[Piece] = field(default_factory=list)
    zones: list[str] = field(default_factory=lambda: [""])
    words: list[str] = field(default_factory=list)
    prefix: str = ""
    letters: int = 0
    link_letters: int = 0
    labels: list[str] = field(default_factory=list)
    starts: list[tuple[int, int, int]] = field(default_factory=list)
    """Of open links and controls: the words and letters before them, and their numbers."""
    deeper: int = 0  # open ones in more than `NESTED` others
    links: int = 0  # open ones
    host: str = ""  # of the page, as its addresses begin
    led: set[str] = field(default_factory=set)  # links that were shown
    cells: int = 0  # open table cells
    buttons: int = 0  # open buttons, whose inside is one text
    usable: int = 0  # links, fields and buttons so far
    named_for: dict[str, str] = field(default_factory=dict)  # labels, by the id of what they are for
    seen_letters: int = 0  # of all text
    scripts: list[str] = field(default_factory=list)  # that hold data
    script_chars: int = 0  # of all of them

    def run(self, root: LexborNode, tick: Callable[[], None]) -> list[Piece]:
        """The pieces of the tree below the root, in the order of the page."""
        for label in root.css("label[for]"):
            tick()
            self.named_for.setdefault(label.attributes.get("for") or "", " ".join(label.text().split())[:CELL_CHARS])
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
            if tag == "script":
                self._script(node)
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
        control = is_control(tag, attributes)
        if (tag == "a" or control) and len(self.starts) == NESTED:
            self.deeper += 1
        elif tag == "a" or control:
            self.usable += 1
            self.starts.append((len(self.words), self.letters, self.usable))
            self.buttons += control
            self.links += not control
        elif self.buttons:
            return
        elif tag in _HEADS and not self._within(tag):
            self.prefix = _HEADS[tag]
        elif tag == "li" and not self.cells:
            self.prefix = "- "
        elif tag in ("td", "th"):
            self.cells += 1
            self.words.append(CELL)
        elif tag == "form":
            said = [attributes.get(name) or "" for name in ("name", "method", "action")]
            self.pieces.append(Piece("<form " + " ".join(filter(None, said)) + ">", keeps=True))

    def _close(self, node: LexborNode, tag: str) -> None:
        attributes = node.attributes
        control = is_control(tag, attributes)
        if self.deeper and (tag == "a" or control):
            self.deeper -= 1
        elif control:
            self._close_control(tag, attributes)
        elif tag == "a":
            self._close_link(attributes)
        elif tag in ("td", "th") and not self.buttons:
            self.cells -= 1
        if tag in _BLOCKS:
            if self._within(tag):
                self.words.append(" ")
            else:
                self._end()
        if tag in _ZONES or _ROLES.get(attributes.get("role") or ""):
            self.zones.pop()

    def _said_since(self, start: int) -> str:
        return " ".join("".join(self.words[start:]).split())

    def _close_control(self, tag: str, attributes: dict[str, str | None]) -> None:
        start, _, number = self.starts.pop()
        start = min(start, len(self.words))
        said = self._said_since(start)
        self.buttons -= 1
        if len(said) <= CELL_CHARS:
            del self.words[start:]
        self._control(tag, attributes, said[:CELL_CHARS], number)

    def _close_link(self, attributes: dict[str, str | None]) -> None:
        start, letters, number = self.starts.pop()
        start = min(start, len(self.words))
        self.links -= 1
        said = self._said_since(start)
        said = said or " ".join((attributes.get("aria-label") or attributes.get("title") or "").split())
        href = " ".join((attributes.get("href") or "").split())
        href = href.removeprefix(self.host) if len(href) > len(self.host) else href
        if not said and not (self.acting and "href" in attributes):
            return
        self.link_letters += max(0, self.letters - letters)
        self.labels.append(said)
        leads = href and len(href) <= HREF_CHARS and not href.lower().startswith(("javascript:", "data:", "#"))
        if self.buttons:  # the link is part of what the button says
            self.words += [f" → {href} "] if self.acting and leads else []
            return
        if leads or self.acting:
            link = f"[{said}]({href if leads else reference_of(attributes, number)})"
            if self.acting and link in self.led:
                link = f"[{said}]"
            self.led.add(link)
            self.words[start:] = [f" {link} " if self._spaced(start) else link]

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
        elif (attributes.get("type") or "").lower() != "hidden":
            self.usable += 1
            said = ""
            if tag == "select":
                said = options_of(node, acting=self.acting)
            elif tag == "textarea":
                said = " ".join(node.text().split())[:CELL_CHARS]
            self._control(tag, attributes, said, self.usable)

    def _control(self, tag: str, attributes: dict[str, str | None], said: str, number: int) -> None:
        label = self.named_for.get(attributes.get("id") or "", "")
        stands = self.acting and self.words and " ".join(self.words[-1].split()).endswith(label)
        if label and label != said and not stands and not {"aria-label", "placeholder"} & attributes.keys():
            attributes = {**attributes, "aria-label": label}
        shown = spell(tag, attributes, said, reference_of(attributes, number) if self.acting else "")
        if self.acting:
            self.words.append(f" {shown} ")
        else:
            self.pieces.append(Piece(shown, keeps=True))

    def _script(self, node: LexborNode) -> None:
        """Keep what a script holds as data; looked at only where a page shows nothing else."""
        kind = node.attributes.get("type") or ""
        if "json" in kind or (not kind and self.script_chars < STATE_CHARS):
            self.scripts.append(node.text() if "json" in kind else node.text()[:STATE_CHARS])
            self.script_chars += len(self.scripts[-1])

    def _head(self, node: LexborNode) -> None:
        title = node.css_first("title")
        if title is not None and title.text().strip():
            self.pieces.append(Piece(f"title: {' '.join(title.text().split())}", keeps=True))
        canonical = node.css_first("link[rel=canonical]")
        if canonical is not None and canonical.attributes.get("href"):
            url = canonical.attributes["href"] or ""
            self.pieces.append(Piece(f"url: {url}", keeps=True))
            host = _HOST.match(url)
            self.host = host.group() if host else ""
        for meta in node.css("meta"):
            name = meta.attributes.get("name") or meta.attributes.get("property") or ""
            content = " ".join((meta.attributes.get("content") or "").split())
            if name in _METAS and content:
                self.pieces.append(Piece(f"{name}: {content}", keeps=True))

    def _say(self, text: str) -> None:
        letters = len(text.strip())
        self.words.append(text)
        self.letters += letters
        self.seen_letters += letters

    def _within(self, tag: str) -> bool:
        """Whether a block of this tag is part of the line of a button or a cell."""
        if self.links and self.letters - self.starts[-1][1] < LINK_CHARS:
            return True
        return bool(self.buttons or (self.cells and tag != "tr" and self.letters < CELL_CHARS))

    def _end(self) -> None:
        """Finish the block that is open; of a row of a table, cells stand behind tabs."""
        cells = [" ".join(cell.split()) for cell in "".join(self.words).split(CELL)]
        said = "\t".join(cells[1:] if len(cells) > 1 and not cells[0] else cells)
        if said.strip():
            linked = self.link_letters + (self.letters - self.starts[-1][1] if self.links else 0)
            piece = Piece(self.prefix + said, self.zones[-1], self.letters, linked, tuple(self.labels))
            self.pieces.append(piece)
        self.words, self.labels = [], []
        self.prefix, self.letters, self.link_letters = "", 0, 0
        self.starts = [(0, 0, number) for _, _, number in self.starts]  # what is open goes on in the next block
