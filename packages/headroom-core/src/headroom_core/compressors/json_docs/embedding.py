"""JSON that stands inside a JSON string, as many tools return it: shown as the document that it is.

Its spelling, `compact` or `indent 2`, is kept in words, so that the string comes back letter for letter. A string that
is spelled in none of the ways that JSON writers have stays a string.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from headroom_core.compressors.json_docs.lexemes import MISSING, Doubled, encode, parse, scalar

MIN_EMBEDDED = 120  # characters; in less there is nothing to be gained

OPENING = re.compile(r"\(text of JSON (?P<spelling>[a-z0-9 ]+): ")
CLOSING = ")"

_INDENTED = re.compile(r"[\[{]\n( +|\t)").match
_SPELLED = re.compile(r"(compact|spaced|indent (?:\d+|tab))( escaped)?( with line end)?").fullmatch


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a JSON writer spells: everything that a parsed value doesn't tell."""

    item: str  # between two members of a line: `,` or `, `
    key: str  # behind a key: `:` or `: `
    indent: str = ""  # of one level; empty: all in one line
    escaped: bool = False  # letters beyond ASCII as `\\uXXXX`
    ending: str = ""  # behind the document: nothing, or a line end

    def __str__(self) -> str:
        form = "spaced" if self.item == ", " else "compact"
        if self.indent:
            form = f"indent {'tab' if self.indent[0] == chr(9) else len(self.indent)}"
        return f"{form}{' escaped' if self.escaped else ''}{' with line end' if self.ending else ''}"


@dataclass(frozen=True, slots=True)
class Embedded:
    """A document that stands in a string."""

    document: object
    spelling: Spelling


def embedded(text: str) -> Embedded | None:
    """The document that the text spells; None where it is none, or is spelled as nobody would."""
    found = _read(text, escaped=_is_escaped([text])) if len(text) >= MIN_EMBEDDED and text[0] in "[{" else None
    return Embedded(*found) if found else None


def all_embedded(values: Sequence[object]) -> tuple[list[object], Spelling] | None:
    """The documents that the texts spell, MISSING left as it is, where all are spelled one way; else None."""
    texts = [value for value in values if type(value) is str]
    if any(text[:1] not in ("[", "{") for text in texts) or sum(map(len, texts)) < MIN_EMBEDDED:
        return None
    escaped = _is_escaped(texts)
    documents: list[object] = []
    spelling = None
    for value in values:
        found = _read(value, escaped=escaped) if type(value) is str else (MISSING, spelling)
        if found is None or (spelling and found[1] != spelling):
            return None
        documents.append(found[0])
        spelling = found[1]
    return (documents, spelling) if spelling else None


def _is_escaped(texts: Sequence[str]) -> bool:
    return any("\\u" in text for text in texts) and all(text.isascii() for text in texts)


def _read(text: str, *, escaped: bool) -> tuple[object, Spelling] | None:
    try:
        documents = parse(text)
    except (ValueError, RecursionError):
        return None
    if len(documents) != 1:
        return None
    ending = "\n" if text.endswith("\n") else ""
    indented = _INDENTED(text)
    forms = [Spelling(",", ": ", indented[1], escaped, ending)] if indented else []
    if not indented:
        forms = [Spelling(", ", ": ", "", escaped, ending), Spelling(",", ":", "", escaped, ending)]
    return next(((documents[0], form) for form in forms if spell(documents[0], form) == text), None)


def spell(value: object, spelling: Spelling) -> str:
    """The value as text, in that spelling."""
    return _spell(value, spelling, "\n" if spelling.indent else "") + spelling.ending


def read_spelling(words: str) -> Spelling:
    """The spelling that is called by these words. Raises ValueError where none is."""
    found = _SPELLED(words)
    if found is None:
        raise ValueError(f"nobody spells JSON {words!r}")
    form, escaped, ending = found[1], bool(found[2]), "\n" if found[3] else ""
    if form in ("compact", "spaced"):
        item, key = (",", ":") if form == "compact" else (", ", ": ")
        return Spelling(item, key, "", escaped, ending)
    size = form.removeprefix("indent ")
    return Spelling(",", ": ", "\t" if size == "tab" else " " * int(size), escaped, ending)


def _spell(value: object, spelling: Spelling, line: str) -> str:
    """The value; `line` is the line end and the indent at which it stands, empty where all is one line."""
    if isinstance(value, dict | Doubled):
        pairs = value.items() if isinstance(value, dict) else value
        deeper = line + spelling.indent
        members = [f"{_string(key, spelling)}{spelling.key}{_spell(inner, spelling, deeper)}" for key, inner in pairs]
        return _bracketed(members, "{}", spelling, line)
    if isinstance(value, list):
        deeper = line + spelling.indent
        return _bracketed([_spell(inner, spelling, deeper) for inner in value], "[]", spelling, line)
    return _string(value, spelling) if type(value) is str else scalar(value)


def _bracketed(members: list[str], brackets: str, spelling: Spelling, line: str) -> str:
    if not members or not line:
        return brackets[0] + spelling.item.join(members) + brackets[1]
    deeper = line + spelling.indent
    return f"{brackets[0]}{deeper}{(spelling.item + deeper).join(members)}{line}{brackets[1]}"


def _string(text: str, spelling: Spelling) -> str:
    return json.dumps(text) if spelling.escaped else encode(text)
