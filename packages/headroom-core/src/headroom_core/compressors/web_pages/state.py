"""What a page that is drawn by scripts holds as data: its JSON, one value a line.

Only where a visitor's browser would first have to run the page: else the text says the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson

FEW_LETTERS = 400  # of a page that shows nothing by itself
MOST_CHARS = 12_000  # of the values that are shown
VALUE_CHARS = 1_000  # of one of them
MOST_ITEMS = 40  # of a list

_SET = re.compile(r"(?<![\w$.])[A-Za-z_$][\w$.]*+\s{0,9}=\s{0,9}(?=[{\[])")  # each name is read once, whole
_NOISE = re.compile(r"[0-9a-fA-F-]{24,}|data:|/?[\w/.-]+\.(?:js|css|woff2?)$")


def state_of(scripts: list[str]) -> str:
    """Paths and values of the JSON in scripts, `props.user.name: Anna`; as many as there is room for."""
    lines: list[str] = []
    room = MOST_CHARS
    for text in scripts:
        document = _document(text)
        for path, value in _leaves(document, ""):
            said = " ".join(str(value).split())
            if not said or _NOISE.match(said):
                continue
            line = f"{path}: {said[:VALUE_CHARS]}"
            room -= len(line)
            if room < 0:
                return "\n".join(lines)
            lines.append(line)
    return "\n".join(lines)


def _document(text: str) -> Any:
    stripped = text.strip().rstrip(";")
    try:
        return orjson.loads(stripped)
    except ValueError:
        pass
    found = _SET.search(stripped)
    if found is None:
        return None
    body = stripped[found.end() :]
    for end in (len(body), body.find(";\n"), body.find("\n"), body.rfind("}") + 1):
        try:
            return orjson.loads(body[:end]) if end > 0 else None
        except ValueError:
            continue
    return None


def _leaves(document: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Values that are no object and no list, each with the way to it. Without recursion: no depth hurts."""
    stack = [(path, document)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, dict):
            stack += [(f"{path}.{key}" if path else key, inner) for key, inner in reversed(value.items())]
        elif isinstance(value, list):
            if len(value) > MOST_ITEMS:
                stack.append((path, f"[{len(value) - MOST_ITEMS} more]"))
            stack += [(f"{path}[{at}]", inner) for at, inner in reversed(list(enumerate(value[:MOST_ITEMS])))]
        elif value is not None:
            yield path, value
