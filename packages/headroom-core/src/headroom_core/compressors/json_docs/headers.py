"""The header of a table read back: its columns, and what it says of each of them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

from headroom_core.compressors.json_docs.lexemes import encode
from headroom_core.compressors.json_docs.notation import BLANK, STRING, as_json

_SEGMENT = re.compile(rf"{STRING}|[^\".,=:?\[\]{{}}*\t\n]+")
_WORD = re.compile(rf"{STRING}|[^\".,=:?\[\]{{}}* ]+")  # a segment where blanks part the columns
_FOLLOWS = re.compile(
    rf"\((?:same as (?P<same>[^\s()]+)|(?:(?P<before>{STRING})\+)?(?P<part>[^\s()\"+]+)(?:\+(?P<after>{STRING}))?)\)"
)
_SPELLED = re.compile(r":text of JSON ([a-z0-9 ]+)")
_raw_decode = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str).raw_decode


@dataclass(frozen=True, slots=True)
class Spec:
    """One column as a header declares it. Keys, constants and labels are JSON or header text, ready to be put in."""

    path: tuple[str, ...]
    constant: str | None = None
    text: bool = False
    label: str = ""
    default: str = ""  # of a column with a label: the value where a row doesn't have it; empty: none
    opening: str = ""  # of inner objects: `[{`, `{`
    inner: tuple[Spec, ...] = ()
    key: bool = False
    heading: bool = False
    spelling: str = ""  # of texts of JSON; empty: the values aren't any
    follows: tuple[str, tuple[str, ...], str] | None = None  # JSON before, the path of another column, JSON behind


def read_header(text: str, separator: str) -> tuple[Spec, ...]:
    """The columns of a header. Raises ValueError where it isn't one."""
    specs, end = _specs(text, 0, separator)
    if end != len(text):
        raise ValueError("a header goes on behind its end")
    if separator == BLANK.separator:
        first = next((spec for spec in specs if spec.constant is None and not spec.follows), None)
        return tuple(replace(spec, label="") if spec is first else spec for spec in specs)
    return specs


def _specs(text: str, position: int, separator: str) -> tuple[tuple[Spec, ...], int]:
    specs: list[Spec] = []
    while True:
        spec, position = _spec(text, position, separator)
        specs.append(spec)
        if text[position : position + 1] != separator:
            return tuple(specs), position
        position += 1


def _spec(text: str, position: int, separator: str) -> tuple[Spec, int]:
    if text[position : position + 1] == "*":
        return Spec((), key=True), position + 1
    heading = text[position : position + 1] == "#"
    position += heading
    start = position
    keyed = separator == BLANK.separator
    path, position = _path(text, position, _WORD if keyed else _SEGMENT)
    label = f"{text[start:position]}{' ' if keyed else '='}"
    spelled = _SPELLED.match(text, position)
    spelling, position = (spelled[1], spelled.end()) if spelled else ("", position)
    opening = ""
    inner: tuple[Spec, ...] = ()
    if text[position : position + 1] in ("[", "{"):
        opening = "[{" if text[position] == "[" else "{"
        inner, position = _specs(text, position + len(opening), ",")
        position += len(opening)
    is_text = text.startswith(":str", position)
    position += 4 * is_text
    if text.startswith("=(", position):
        follows, position = _follows(text, position + 1)
        return Spec(path, follows=follows), position
    if text[position : position + 1] == "=":
        constant, position = _constant(text, position + 1, separator)
        return Spec(path, constant), position
    varying = Spec(
        path, None, is_text, label if heading or keyed else "", "", opening, inner, spelling=spelling, heading=heading
    )
    if text[position : position + 1] != "?":
        return varying, position
    default, position = "", position + 1
    if text[position : position + 1] == "=":
        start = position + 1
        default, position = _constant(text, start, separator)
        if is_text and text[start] != '"' and text[start:position] != "null":
            default = encode(text[start:position])
    return replace(varying, label=label, default=default), position


def _path(text: str, position: int, segment: re.Pattern[str]) -> tuple[tuple[str, ...], int]:
    steps: list[str] = []
    while (found := segment.match(text, position)) is not None:
        steps.append(found[0] if found[0][0] == '"' else encode(found[0]))
        position = found.end()
        if text[position : position + 1] != ".":
            break
        position += 1
    return tuple(steps), position


def _follows(text: str, position: int) -> tuple[tuple[str, tuple[str, ...], str], int]:
    """What a column is made of: JSON before it, the path of another column, JSON behind it."""
    found = _FOLLOWS.match(text, position)
    if found is None:
        raise ValueError("a column does not say what it follows from")
    name = found["same"] or found["part"]
    path = () if name == "*" else tuple(encode(key) for key in name.split("."))
    return ((found["before"] or "")[1:-1], path, (found["after"] or "")[1:-1]), found.end()


def _constant(text: str, position: int, separator: str) -> tuple[str, int]:
    if text[position : position + 1] in ('"', "[", "{"):
        end: int = _raw_decode(text, position)[1]
        return text[position:end], end
    end = position
    while end < len(text) and text[end] != separator and text[end] not in "}]":
        end += 1
    return as_json(text[position:end]), end
