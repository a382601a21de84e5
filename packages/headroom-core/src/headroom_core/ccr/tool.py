"""The tool with which a model asks for an original: its schema, its name, and what came in its arguments."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from headroom_core.errors import SettingError
from headroom_core.types import RETRIEVE_TOOL, Dialect

DESCRIPTION = (
    "Shows what a [headroom ID: ...] line leaves out. Only for a fact that you need and can't see: not to check what "
    "is shown, not for an overview. Prefer query or lines to the whole."
)
PARAMETERS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "query": {"type": "string", "description": "Words to find"},
        "lines": {"type": "string", "description": 'As the line counts: "16-40, 52"'},
        "fields": {"type": "array", "items": {"type": "string"}, "description": "Of each row"},
        "max_tokens": {"type": "integer"},
    },
    "required": ["id"],
}

LONGEST_NAME = 64  # characters that providers allow; clients put the server's name in front and cut the rest off
SHORTEST_REST = len("headroom_")  # of our name, that is taken for it when a client has cut the name

_HANDLE = re.compile(r"(?<![0-9a-zA-Z])[0-9a-fA-F]{12}(?:[0-9a-fA-F]{4}){0,3}(?![0-9a-zA-Z])")
_DASH = re.compile(r"[:\u2010-\u2015]|\.\.+|\bto\b")  # what people write for the dash of a range
_WORDS = re.compile(r"\b(?:rows?|lines?|L(?=\d))", re.IGNORECASE)  # and in front of its numbers
_BORDER = re.compile(r"[^0-9A-Za-z]")
_ID_NAMES = ("id", "hash", "handle")


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a model asked for."""

    handle: str
    query: str | None = None
    lines: str | None = None
    fields: tuple[str, ...] | None = None
    max_tokens: int | None = None


def schema(dialect: Dialect) -> dict[str, Any]:
    """The tool as a provider's requests spell it. The same bytes each time: it stands in front of every prefix."""
    parameters = json.loads(json.dumps(PARAMETERS))  # a copy that nobody shares
    about = {"name": RETRIEVE_TOOL, "description": DESCRIPTION}
    if dialect == "openai":
        return {"type": "function", "function": {**about, "parameters": parameters}}
    if dialect == "anthropic":
        return {**about, "input_schema": parameters}
    if dialect == "responses":
        return {"type": "function", **about, "parameters": parameters, "strict": False}
    raise SettingError(f"dialect is {dialect!r}; expected 'openai', 'anthropic' or 'responses'")


def is_retrieve_tool(name: str) -> bool:
    """Whether a tool of this name is ours: also behind a server's name, also cut to what providers allow."""
    if name == RETRIEVE_TOOL:
        return True
    if name.endswith(RETRIEVE_TOOL):
        return _BORDER.match(name[-len(RETRIEVE_TOOL) - 1]) is not None
    if len(name) != LONGEST_NAME:
        return False
    rests = (RETRIEVE_TOOL[:length] for length in range(SHORTEST_REST, len(RETRIEVE_TOOL)))
    return any(name.endswith(rest) and _BORDER.match(name[-len(rest) - 1]) for rest in rests)


def read_arguments(raw: str | Mapping[str, Any]) -> Arguments | str:
    """The arguments of a call, or a sentence for the model that says what is wrong with them.

    Tolerant of what models write: a whole marker for the id, a list or a number for a range, numbers as text,
    arguments that were encoded twice, names that we don't know.
    """
    given = _decoded(raw)
    if isinstance(given, str):
        found = _HANDLE.fullmatch(given.strip().strip('"'))
        if found is None:
            return _expected(f"the arguments {given[:80]!r} are no JSON object")
        given = {"id": found.group()}
    spelled = next((given[name] for name in _ID_NAMES if given.get(name)), None)
    handle = _HANDLE.search(str(spelled))
    if spelled is None or handle is None:
        return _expected("the id is missing" if spelled is None else f"{str(spelled)[:80]!r} is no id")
    limit = given.get("max_tokens")
    try:
        max_tokens = None if limit in (None, "", 0) else int(float(limit))
    except (TypeError, ValueError, OverflowError):
        return _expected(f"max_tokens is {str(limit)[:80]!r} and no number")
    return Arguments(
        handle.group().lower(),
        _words(given.get("query")),
        _ranges(given.get("lines")),
        _names(given.get("fields")),
        max_tokens if max_tokens is not None and max_tokens > 0 else None,
    )


def _decoded(raw: object) -> Mapping[str, Any] | str:
    """The object that the arguments are, or their text where they are none."""
    for _ in range(2):
        if isinstance(raw, Mapping):
            return raw
        try:
            raw = json.loads(str(raw))
        except (ValueError, RecursionError):
            break
    return raw if isinstance(raw, Mapping) else str(raw)


def _expected(wrong: str) -> str:
    return (
        f'{RETRIEVE_TOOL}: {wrong}. Expected {{"id": "3f9a1c07be42"}} with the id of a [headroom ID: ...] line, and '
        "optionally lines, query, fields or max_tokens."
    )


def _words(value: object) -> str | None:
    if isinstance(value, (list, tuple)):
        value = " ".join(map(str, value))
    return str(value) if value not in (None, "") else None


def _ranges(value: object) -> str | None:
    """Ranges as text: also from 16, [16, 40], ["16-40", 52], "lines 16:40". Two bare numbers are a range."""
    if isinstance(value, (list, tuple)):
        if len(value) == 2 and all(isinstance(each, int) for each in value):
            return f"{value[0]}-{value[1]}"
        return ", ".join(filter(None, map(_ranges, value))) or None
    if value in (None, ""):
        return None
    return _WORDS.sub("", _DASH.sub("-", str(value))).strip() or None


def _names(value: object) -> tuple[str, ...] | None:
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, (list, tuple)):
        return None
    return tuple(name for each in value if (name := str(each).strip())) or None
