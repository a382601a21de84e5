"""Cutting a mixed text into parts of one kind each: documents, fenced text, what commands print, what is between.

A shell transcript, a page or a tool's answer often holds a JSON or XML document, a log or a diff between lines of
prose. Nothing here knows a kind: a part is cut where the text itself says so, by brackets, tags, fences or prompts,
and the router asks who reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from json import JSONDecodeError, JSONDecoder

from headroom_core.text.cut_json import whole_part

MIN_PART_CHARS = 400  # a shorter part between others saves less than the reader's surprise costs
SCAN_FACTOR = 4  # characters that failed attempts may read, as a multiple of the text: keeps cutting linear
WINDOW, WINDOW_GROWTH = 256, 16  # characters in which a document is tried first, and how they grow while it goes on
GOES_ON_CHARS = 80  # in front of a document, that tell whether it goes on with a line before
LEXEME = 8  # characters from a window's end, within which a cut number, word or escape makes an error

_LINE = r"""(?P<line> [ \t]*+(?P<bracket>[\[{])
           | [ ]{0,3}(?P<fence>`{3,}+|~{3,}+)[^\n`]*+\n
           | [ \t]*+(?i:(?:<\?xml[^>\n]{0,200}>\s*)?(?:<!doctype[^>\n]{0,200}>\s*)?
                     <(?P<tag>[a-z_][\w:.-]{0,80})(?=[\s/>]))
           | (?P<prompt>(?:\([\w.-]+\)[ ])?(?:[\w.-]++@[\w.-]++[: ][^\n$]{0,80})?\$[ ]\S[^\n]*(?:\n|\Z))
         )"""
_FIRST_LINE = re.compile(_LINE, re.VERBOSE | re.ASCII)
_LATER_LINE = re.compile(rf"\n{_LINE}", re.VERBOSE | re.ASCII)  # ten times as fast as `^`: the engine skips
_GOES_ON = re.compile(
    r"(?:[=(,\[{+|\\]|\"\"\"|''')[ \t]*\r?\n[ \t\r\n]*\Z"
)  # a literal in code is part of its statement
_TAG_LINE = re.compile(r"[ \t]*<[^<>\n]*>[ \t]*(?:\r?\n|\Z)")
_BLANKS = re.compile(r"\s*")
_LINE_REST = re.compile(r"[ \t]*\r?(?:\n|\Z)")
_DECODER = JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)  # no number is too long for it


def split(text: str) -> list[str]:
    """The parts of a text, in order; joined, they are the text. A text of one kind is one part. Linear time."""
    cuts = [0]
    for start, end in _spans(text):
        if end - start >= MIN_PART_CHARS or start == end:
            cuts += [start, end]
    cuts.append(len(text))
    parts: list[str] = []
    short = 0  # where the short pieces begin that stay together
    for start, end in pairwise(cuts):
        if end - start >= MIN_PART_CHARS:
            parts += [piece for piece in (text[short:start], text[start:end]) if piece]
            short = end
    return [*parts, text[short:]] if short < len(text) or not parts else parts


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where documents and fenced texts begin and end, in order; at a prompt's line two empty spans."""
    position = 0
    allowance = SCAN_FACTOR * len(text)
    while allowance > 0 and (opening := _opening(text, position)):
        start, position = opening.span("line")
        if opening["prompt"]:
            yield start, start
            yield position, position
            continue
        if opening["fence"]:
            start = position
            end, read = _fence_end(text, opening["fence"], position)
        elif _GOES_ON.search(text, max(start - GOES_ON_CHARS, 0), start):
            continue
        elif opening["tag"]:
            end, read = _element_end(text, opening["tag"], start)
        else:
            end, read = _document_end(text, position - 1)
        if end is None:
            allowance -= read
        else:
            yield _between_tags(text, start, end) if opening["tag"] else (start, end)
            position = end + len(opening["fence"] or "")  # what closes a fence opens none


def _opening(text: str, position: int) -> re.Match[str] | None:
    """The first line from there on that opens something."""
    return (not position and _FIRST_LINE.match(text)) or _LATER_LINE.search(text, max(position - 1, 0))


def _fence_end(text: str, fence: str, start: int) -> tuple[int | None, int]:
    """Where the line begins that closes a fence. Like all ends None where there is none; and the characters read."""
    found = re.compile(rf"^ {{0,3}}{fence}[`~]*[ \t]*\r?$", re.MULTILINE).search(text, start)
    return (found.start(), found.end() - start) if found else (None, len(text) - start)


def _element_end(text: str, tag: str, start: int) -> tuple[int | None, int]:
    """Where the line ends on which the XML element ends whose tag opens there."""
    depth = 0
    for found in re.compile(rf"<(/?){re.escape(tag)}(?=[\s/>])[^<>]*?(/?)>").finditer(text, start):
        depth += 0 if found[2] else -1 if found[1] else 1
        if depth <= 0:
            return _line_end(text, found.end()), found.end() - start
    return None, len(text) - start


def _between_tags(text: str, start: int, end: int) -> tuple[int, int]:
    """The lines between an element's own tags, where these stand alone around no markup; else all of the element."""
    first = _TAG_LINE.match(text, start, end)
    last = text.rfind("\n", start, end - 1) + 1
    if first is None or first.end() >= last or not _TAG_LINE.fullmatch(text, last, end):
        return start, end
    markup = _BLANKS.match(text, first.end())
    return (start, end) if markup and text.startswith("<", markup.end()) else (first.end(), last)


def _document_end(text: str, bracket: int) -> tuple[int | None, int]:
    """Where the line ends on which the JSON document ends that opens at `bracket`.

    Of one that was cut off, where the last whole element of its array ends. Tried in windows: an error of the decoder
    counts all lines in front of it, which took quadratic time.
    """
    window, read = WINDOW, 0
    while True:
        piece = text[bracket : bracket + window]
        try:
            _, length = _DECODER.raw_decode(piece)
        except JSONDecodeError as error:
            read += error.pos + 1
            if len(piece) < window or not (error.pos >= len(piece) - LEXEME or error.msg.startswith("Unterminated")):
                whole = whole_part(text, bracket, bracket + error.pos)
                return (whole[0] if whole else None), read
        except RecursionError:  # nested deeper than the parser goes
            return None, len(text)
        else:
            return _line_end(text, bracket + length), read + length
        window *= WINDOW_GROWTH


def _line_end(text: str, place: int) -> int | None:
    """The end of the line, where nothing follows on it."""
    rest = _LINE_REST.match(text, place)
    return rest.end() if rest else None
