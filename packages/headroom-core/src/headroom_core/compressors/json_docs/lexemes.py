"""JSON read and written without losing a letter that matters: number lexemes, key order, doubled keys.

A number is kept as it was written (`1.0`, `1e0` and `1` are three numbers here, and no number is too long).
An object that bears a key twice is a `Doubled` list of its pairs, so that nobody takes it for a record.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from json.encoder import encode_basestring
from typing import Final


class Number(str):
    """The lexeme of a number, NaN and infinities included."""

    __slots__ = ()


class Doubled(list[tuple[str, object]]):
    """The members of an object in which a key comes twice."""

    __slots__ = ()


class _Missing:
    """The type of MISSING: no value stands there, not even null."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()

SURROGATE = re.compile("[\ud800-\udfff]")
_SPACE = re.compile(r"[ \t\n\r]*")
_ESCAPED = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)+"')
_BACKSLASH, _QUOTE = "\ue000", "\ue001"  # stand for `\\` and `\"` while quotes are counted


def _object(pairs: list[tuple[str, object]]) -> object:
    members = dict(pairs)
    return members if len(members) == len(pairs) else Doubled(pairs)


_decoder = json.JSONDecoder(parse_float=Number, parse_int=Number, parse_constant=Number, object_pairs_hook=_object)


def parse(text: str) -> list[object]:
    """The documents that the text is made of, white space between them; most often one.

    Raises ValueError for what isn't JSON or begins with a bare scalar, RecursionError where it nests too deep.
    """
    documents: list[object] = []
    position = _skip(text, 1 if text.startswith("\ufeff") else 0)
    while position < len(text) or not documents:
        if text[position : position + 1] not in ("[", "{"):
            raise ValueError("a document is an object or an array")
        value, position = _decoder.raw_decode(text, position)
        documents.append(value)
        position = _skip(text, position)
    return documents


def encode(text: str) -> str:
    """A JSON string. Only what JSON forbids is escaped, and lone surrogates, which nobody could send."""
    coded = encode_basestring(text)
    if not text.isascii() and SURROGATE.search(text):
        return SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", coded)
    return coded


def dump(value: object) -> str:
    """Minified JSON of a parsed value, lexemes as they were."""
    kind = type(value)
    if kind is str:
        return encode(value)  # type: ignore[arg-type]
    if kind is dict:
        return "{" + ",".join([f"{encode(key)}:{dump(inner)}" for key, inner in value.items()]) + "}"  # type: ignore[attr-defined]
    if kind is list:
        return "[" + ",".join([dump(inner) for inner in value]) + "]"  # type: ignore[attr-defined]
    if kind is Doubled:
        return "{" + ",".join([f"{encode(key)}:{dump(inner)}" for key, inner in value]) + "}"  # type: ignore[attr-defined]
    return scalar(value)


def scalar(value: object) -> str:
    """A number, true, false or null as JSON spells it."""
    if value is None:
        return "null"
    if value is True:
        return "true"
    return "false" if value is False else str(value)


def minify(text: str) -> str:
    """A valid JSON text without the white space between its tokens, and with `encode`'s spelling of strings.

    Documents one after the other come with a line end between them. Linear, and far cheaper than to parse and write.
    """
    return "\n".join(_minified(text))


def _minified(text: str) -> Iterator[str]:
    position = _skip(text, 1 if text.startswith("\ufeff") else 0)
    while position < len(text):
        _, end = _plain_decoder.raw_decode(text, position)
        yield _squeeze(text[position:end])
        position = _skip(text, end)


_plain_decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


def _squeeze(text: str) -> str:
    if "\\u" in text or "\\/" in text:  # the escapes that can be spelled otherwise
        text = _ESCAPED.sub(lambda found: encode(json.loads(found[0])), text)
    if not text.isascii() and (_BACKSLASH in text or _QUOTE in text or SURROGATE.search(text)):
        return dump(_decoder.decode(text))
    pieces = text.replace("\\\\", _BACKSLASH).replace('\\"', _QUOTE).split('"')
    pieces[::2] = "".join('"'.join(pieces[::2]).split()).split('"')
    return '"'.join(pieces).replace(_QUOTE, '\\"').replace(_BACKSLASH, "\\\\")


def _skip(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position
