"""The output of `tree`: depth as indentation, since the lines that join the names follow from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

HEAD = "[tree by indentation, one blank a level]"
PLAIN = "= "
LEAST_SHARE = 0.6  # of the lines, that must hang on a branch


@dataclass(frozen=True, slots=True)
class _Strokes:
    """How a tree is drawn."""

    name: str
    inner: str  # before a name with others after it
    last: str  # before the last one
    bar: str  # under an inner one


_STYLES = (
    _Strokes("", "├── ", "└── ", "│\xa0\xa0 "),
    _Strokes("plain blanks", "├── ", "└── ", "│   "),
    _Strokes("ascii", "|-- ", "`-- ", "|   "),
    _Strokes("ascii, backslash", "+-- ", "\\-- ", "|   "),
)


def encode(lines: Sequence[str], tick: Callable[[], None]) -> str | None:
    """The lines by indentation; None for what is no tree. Whether they come back is for the caller to try."""
    for style in _STYLES:
        body = []
        hanging = 0
        for line in lines:
            depth, name = _read(line, style)
            hanging += depth > 0
            fits = depth > 0 and name and not name.startswith((" ", PLAIN))
            body.append(" " * depth + name if fits else PLAIN + line if line else "")
        tick()
        if hanging >= max(4, LEAST_SHARE * len(lines)):
            return "\n".join([_head(style), *body])
    return None


def _head(style: _Strokes) -> str:
    return HEAD[:-1] + (f"; {style.name}]" if style.name else "]")


def _read(line: str, style: _Strokes) -> tuple[int, str]:
    """Depth, 0 for a line that hangs on no branch, and name."""
    at = 0
    while line.startswith((style.bar, "    "), at):
        at += 4
    if line.startswith((style.inner, style.last), at):
        return at // 4 + 1, line[at + 4 :]
    return 0, line


def decode(shown: str) -> str | None:
    """The tree that was shown; None where none was."""
    lines = shown.split("\n")
    style = next((style for style in _STYLES if lines[0] == _head(style)), None)
    if style is None:
        return None
    source: list[str] = []
    follows: list[bool] = []  # whether a name of depth 1, 2, ... comes later under the same one
    for line in reversed(lines[1:]):
        name = line.lstrip(" ")
        depth = len(line) - len(name)
        if not depth or line.startswith(PLAIN):
            source.append(line[len(PLAIN) :])
            follows.clear()
            continue
        del follows[depth:]
        follows.extend([False] * (depth - len(follows)))
        bars = "".join(style.bar if more else "    " for more in follows[: depth - 1])
        source.append(bars + (style.inner if follows[depth - 1] else style.last) + name)
        follows[depth - 1] = True
    return "\n".join(reversed(source))
