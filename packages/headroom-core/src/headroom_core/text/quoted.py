r"""A text inside a JSON string that makes up most of a document: `{"exit_code": 1, "stdout": "..."}`.

The one definition of "the text" of such a document, which the router cuts by and `headroom_retrieve(lines="16-40")`
counts by: both see only the original, so both must find the same lines in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import orjson

MIN_SHARE = 0.6  # of the document's characters, that the string takes
MIN_LINES = 10  # in it: fewer are a value, not a text

_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_FOR_PAGES = str.maketrans({letter: f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"})


@dataclass(frozen=True, slots=True)
class Quoted:
    """A document, cut at the string."""

    before: str  # letter for letter, up to the opening quotation mark and with it
    text: str  # what the string says
    after: str
    escaped: Callable[[str], str]  # spells a text as the document spelled this one

    def spell(self, text: str) -> str:
        """The document with another text in the string."""
        return self.before + self.escaped(text) + self.after


def quoted_in(document: str) -> Quoted | None:
    """The text in the string that makes up most of a JSON document; None where there is none. Linear time.

    A document in the string is no text: it is read as JSON, and has rows.
    """
    start = document[:64].lstrip("\ufeff \t\r\n")[:1]
    if start not in ("[", "{") or document.count("\\n") < MIN_LINES:
        return None
    opening = _opening(document)
    found = _STRING.match(document, opening) if opening >= 0 else None
    if found is None or found.end() - opening < MIN_SHARE * len(document):
        return None
    before, raw, after = document[: opening + 1], document[opening + 1 : found.end() - 1], document[found.end() - 1 :]
    try:
        orjson.loads(f"{before}{after}".lstrip("\ufeff"))
        text = json.loads(found.group())
    except ValueError:
        return None
    if _is_document(text):
        return None
    escaped = next((each for each in _ESCAPES if each(text) == raw), None)
    if escaped is None or text.count("\n") < MIN_LINES:
        return None
    return Quoted(before, text, after, escaped)


def _opening(document: str) -> int:
    """Where the string begins that the middle of the document is in, should it be in one; else -1."""
    place = len(document) // 2
    while (place := document.rfind('"', 0, place)) > 0:
        backslashes = place - len(document[max(0, place - 64) : place].rstrip("\\")) - max(0, place - 64)
        if backslashes % 2 == 0:
            return place
    return -1


def _is_document(text: str) -> bool:
    if text[:1] not in ("[", "{"):
        return False
    try:
        orjson.loads(text)
    except ValueError:
        return False
    return True


def _plain(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _ascii(text: str) -> str:
    return json.dumps(text)[1:-1]


def _for_pages(text: str) -> str:
    """As Go spells it, safe inside a page."""
    return _plain(text).translate(_FOR_PAGES)


_ESCAPES: tuple[Callable[[str], str], ...] = (_plain, _ascii, _for_pages)
