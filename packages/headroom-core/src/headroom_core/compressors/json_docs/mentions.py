"""What a document says once and then only mentions, read back: `(same as path)` and `(url+"/posts")`."""

from __future__ import annotations

import json
import re

from headroom_core.compressors.json_docs.lexemes import Doubled, dump, encode, parse
from headroom_core.compressors.json_docs.notation import STRING
from headroom_core.text.rows import spell_path

_MENTION = re.compile(rf"\((?:same as (?P<path>(?:{STRING}|[^\")])+)|(?P<key>[A-Za-z_$][\w$]*)\+(?P<rest>{STRING}))\)")
_SAME, _GOING_ON = (
    "\x00same as ",
    "\x00going on from ",
)  # begin the strings that stand for mentions while JSON is parsed


def read_mention(line: str, position: int) -> tuple[str, int]:
    """The mention that begins there, as a string of JSON that `with_mentions` knows, and where it ends."""
    found = _MENTION.match(line, position)
    if found is None:
        raise ValueError("a mention does not end")
    if found["path"]:
        return encode(_SAME + found["path"]), found.end()
    return encode(f"{_GOING_ON}{found['key']}\x00{json.loads(found['rest'])}"), found.end()


def with_mentions(text: str) -> str:
    """Minified JSON in which what is mentioned stands in full. Raises KeyError where it stands nowhere before."""
    known: dict[str, object] = {}

    def resolved(value: object, steps: tuple[str | int, ...]) -> object:
        if isinstance(value, str) and value.startswith(_SAME):
            return known[value.removeprefix(_SAME)]
        if isinstance(value, list) and not isinstance(value, Doubled):
            return [resolved(inner, (*steps, at)) for at, inner in enumerate(value)]
        if isinstance(value, dict):
            full: dict[str, object] = {}
            for key, inner in value.items():
                if isinstance(inner, str) and inner.startswith(_GOING_ON):
                    source, _, rest = inner.removeprefix(_GOING_ON).partition("\x00")
                    full[key] = f"{full[source]}{rest}"
                else:
                    full[key] = resolved(inner, (*steps, key))
            known[spell_path(steps)] = full
            return full
        return value

    documents = parse(text)
    if len(documents) == 1:
        return dump(resolved(documents[0], ()))
    return "\n".join([dump(resolved(document, (at,))) for at, document in enumerate(documents)])
