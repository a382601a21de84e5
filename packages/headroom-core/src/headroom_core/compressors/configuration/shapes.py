"""What is fixed in a line of configuration and what is a value: `port: 80` is `port: ` and `80`.

No format is parsed. A line is read for itself, by how YAML, TOML, INI, `.env`, HCL, XML and lock files write a key and
a value; where the shape is wrong, nothing is lost but a chance.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

# A value ends with a letter that its tail can't begin with, so that a run of spaces isn't read again from each of them.
_VALUE, _TAIL = r"(?P<value>(?:.*[^\s,;{])?)", r"(?P<tail>[\s,;{]*)\Z"
_KEYED = re.compile(
    r"""(?P<fixed>\s*+(?:-\ ++)*+(?:export\ +)?(?:[A-Za-z_$@][\w.$/@+-]*|"[^"]*"|'[^']*')
    (?:\s*:\s+|\s*=>?\s*|:(?=\s*\Z)))"""
    rf"{_VALUE}{_TAIL}",
    re.VERBOSE | re.DOTALL,
)
_SECTION = re.compile(r"(?P<fixed>\s*\[+)(?P<value>[^\[\]]+)(?P<tail>\]+\s*)\Z")
_ITEM = re.compile(r"(?P<fixed>\s*+(?:(?:- ++)++|(?:#|//|;)++ ?))" rf"{_VALUE}{_TAIL}", re.DOTALL)
_WORDS = re.compile(r"(?P<fixed>\s*+[^\s\"]++\s++)(?=[^\s])" rf"{_VALUE}{_TAIL}", re.DOTALL)
_TITLE = re.compile(r"(?P<fixed>\s*+(?:- ++)*+)(?P<value>\S(?:.*\S)?)(?P<tail>\s*[:{]\s*)\Z", re.DOTALL)
_MARKUP_VALUE = re.compile(r'(?<==")[^"<]*(?=")|(?<=>)(?=\s*+[^<>\s])[^<>]++(?=<)')
_OPENING_QUOTE = re.compile(r'"([^"]*)"')
CACHED_LINES = 4_096


@dataclass(frozen=True, slots=True)
class Shape:
    """A line as `fixed[0] + values[0] + fixed[1] + ...`: always one fixed piece more than values."""

    fixed: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def key(self) -> str:
        """What names the line, wherever it is indented."""
        return self.fixed[0].strip()


@lru_cache(maxsize=CACHED_LINES)
def shape_of(line: str) -> Shape:
    """The shape of a line without its line end."""
    opening = line.lstrip()[:1]
    if opening == "<":
        return _around(line, [found.span() for found in _MARKUP_VALUE.finditer(line)])
    if not opening:
        return Shape((line,), ())
    found = _KEYED.match(line) or _SECTION.match(line) or _ITEM.match(line)
    if found is None and '"' in line:
        return _around(line, [found.span(1) for found in _OPENING_QUOTE.finditer(line)])
    found = found or _WORDS.match(line)
    if found is None or not found["value"]:
        return Shape((line,), ())
    return Shape((found["fixed"], found["tail"]), (found["value"],))


@lru_cache(maxsize=CACHED_LINES)
def title_shape_of(line: str) -> Shape:
    """The shape of the first line of a block, whose key may be a name: `auth:` is a value between nothing and `:`."""
    shape = shape_of(line)
    if shape.values or line.lstrip()[:1] in ("<", ""):
        return shape
    found = _TITLE.match(line)
    return shape if found is None else Shape((found["fixed"], found["tail"]), (found["value"],))


def forget_lines() -> None:
    """Forget the lines whose shapes are known: they may hold secrets, and a process lives long."""
    shape_of.cache_clear()
    title_shape_of.cache_clear()


def _around(line: str, spans: list[tuple[int, int]]) -> Shape:
    """The shape with values at these places."""
    fixed, values, done = [], [], 0
    for start, end in spans:
        fixed.append(line[done:start])
        values.append(line[start:end])
        done = end
    return Shape((*fixed, line[done:]), tuple(values))
