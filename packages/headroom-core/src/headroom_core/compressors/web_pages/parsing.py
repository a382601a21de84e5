"""From the letters of a page to its tree, at a price that no page can drive up: the parser can't be asked to stop."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MANY_TAGS = 10_000  # of fewer, the deepest takes a parser half a second; its time grows with the square of the depth
MOST_SPELLINGS = 64  # of tags for bold and the like; HTML repeats each that is left open in every paragraph below

_BOLD = rb"(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)"
_SPELLED = re.compile(rb"<" + _BOLD + rb"[\s/][^>]*", re.IGNORECASE)
_NAME = re.compile(rb"(</?)" + _BOLD + rb"(?=[\s/>])", re.IGNORECASE)


def tree_of(text: str, tick: Callable[[], None]) -> LexborNode | None:
    """The root of the page's tree; None where there is none. A long page is tried by its beginnings first."""
    from selectolax.lexbor import LexborHTMLParser  # here: 10 ms that only readers of pages pay

    # NUL and halves of characters are no part of a tree; the store keeps them.
    page = text.replace("\0", " ").encode("utf-8", "replace")
    if _spellings(page) > MOST_SPELLINGS:
        page = _NAME.sub(rb"\1span", page)
    if page.count(b"<") > MANY_TAGS:
        opens = [found.start() for found in re.finditer(rb"<", page)]
        tags = MANY_TAGS
        while tags < len(opens):
            LexborHTMLParser(page[: opens[tags]])
            tick()
            tags *= 2
    return LexborHTMLParser(page).root


def _spellings(page: bytes) -> int:
    """How many different tags for bold and the like there are; each with quotes in quotes counts, as it may go on."""
    found = _SPELLED.findall(page)
    plain = {
        tag for tag in found if not (b"'" in tag and b'"' in tag) and tag.count(b"'") % 2 == tag.count(b'"') % 2 == 0
    }
    return len(plain) + sum(tag not in plain for tag in found)
