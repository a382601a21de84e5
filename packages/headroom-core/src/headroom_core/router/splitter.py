"""Cutting a mixed text into parts of one kind each: JSON documents, and what stands between them.

A shell transcript or a tool's answer often holds a JSON document between lines of prose. A document counts as one
when it starts and ends with a line and parses as a whole; everything else is left together, letter for letter.
"""

from __future__ import annotations

import re
from json import JSONDecodeError, JSONDecoder

MIN_DOCUMENT_CHARS = 400  # a shorter document between other lines saves less than the reader's surprise costs
SCAN_FACTOR = 4  # characters that failed attempts may read, as a multiple of the text: keeps cutting linear

_OPENING = re.compile(r"^[ \t]*[\[{]", re.MULTILINE)
_LINE_REST = re.compile(r"[ \t]*\r?(?:\n|\Z)")
_DECODER = JSONDecoder()


def split(text: str) -> list[str]:
    """The parts of a text, in order; joined, they are the text. A text without documents is one part."""
    parts: list[str] = []
    start = position = 0
    allowance = SCAN_FACTOR * len(text)
    while allowance > 0 and (opening := _OPENING.search(text, position)):
        bracket = opening.end() - 1
        end, failed_at = _document_end(text, bracket)
        if end is None:
            allowance -= failed_at - bracket + 1
            position = opening.end()
            continue
        position = end
        if end - bracket >= MIN_DOCUMENT_CHARS:
            if opening.start() > start:
                parts.append(text[start : opening.start()])
            parts.append(text[opening.start() : end])
            start = end
    if start < len(text) or not parts:
        parts.append(text[start:])
    return parts


def _document_end(text: str, bracket: int) -> tuple[int | None, int]:
    """Where the line ends on which the document that opens at `bracket` ends; else where reading it failed."""
    try:
        _, end = _DECODER.raw_decode(text, bracket)
    except JSONDecodeError as error:
        return None, error.pos
    except RecursionError:  # nested deeper than the parser goes
        return None, len(text)
    rest = _LINE_REST.match(text, end)
    return (rest.end(), end) if rest else (None, end)
