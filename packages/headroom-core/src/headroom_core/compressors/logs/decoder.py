"""Reads the equivalent form back: what shows that it holds the same facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

BRACKETS = (("{", "}"), ("<", ">"), ("<<", ">>"), ("{{", "}}"), ("«", "»"), ("⟨", "⟩"))
"""Ways to write a hole in a pattern, in order of choice: the first that the text doesn't hold."""

CONTINUED = "|"
"""Begins the second and all further lines of a pattern of several lines."""

HEADER = "[log: A=pattern, then rows A,values; {}=value]"
_HEADER = re.compile(re.escape(HEADER).replace(re.escape("{}"), "(.+)"))


def hole_in(brackets: tuple[str, str]) -> re.Pattern[str]:
    """What a hole looks like between these brackets; its group is what it says of itself."""
    return re.compile(re.escape(brackets[0]) + "([>:]?[1-9][0-9]{0,4}|)" + re.escape(brackets[1]))


def decode(shown: str) -> str | None:
    """The source of an equivalent form. None where it isn't one."""
    header, _, rest = shown.partition("\n")
    match = _HEADER.fullmatch(header)
    brackets = next((pair for pair in BRACKETS if match and "".join(pair) == match.group(1)), None)
    legend, blank, body = rest.partition("\n\n")
    if brackets is None or not blank:
        return None
    hole = hole_in(brackets)
    formats = {}
    for label, pattern in _entries(legend):
        formats[label] = _format(pattern, hole)
    lines = []
    try:
        for row in body.split("\n"):
            label, comma, values = row.partition(",")
            if label in formats:
                lines.append(formats[label](values.split(",") if comma else []))
            else:
                lines.append(row[1:] if row[:1] == "\\" else row)
    except (IndexError, TypeError):  # a row with too few values, or too many
        return None
    return "\n".join(lines)


def _entries(legend: str) -> Iterator[tuple[str, str]]:
    """Labels and patterns."""
    label, pattern = "", ""
    for line in legend.split("\n"):
        if line.startswith(CONTINUED):
            pattern += "\n" + line[len(CONTINUED) :]
            continue
        if label:
            yield label, pattern
        label, _, pattern = line.partition("=")
    yield label, pattern


@dataclass(frozen=True, slots=True)
class _Format:
    """Format strings over the values of a row; before each but the first, blanks up to a width."""

    parts: tuple[str, ...]
    widths: tuple[int, ...]

    def line(self, values: list[str]) -> str:
        line = self.parts[0].format(*values)
        for width, part in zip(self.widths, self.parts[1:], strict=True):
            line = line.ljust(line.rfind("\n") + 1 + width) + part.format(*values)
        return line


def _format(pattern: str, hole: re.Pattern[str]) -> Callable[[list[str]], str]:
    """What makes lines of the values of a row."""
    pieces = hole.split(pattern)
    if all(not spec or spec[0] == ":" for spec in pieces[1::2]):  # values in their order: the fast way, and the usual
        plain = pieces[0].replace("%", "%%")
        for spec, literal in zip(pieces[1::2], pieces[2::2], strict=True):
            plain += f"%{spec[1:]}s" + literal.replace("%", "%%")
        return lambda values: plain % tuple(values)
    parts, widths, values = [_literal(pieces[0])], [], 0
    for spec, literal in zip(pieces[1::2], pieces[2::2], strict=True):
        if spec.startswith(">"):
            widths.append(int(spec[1:]))
            parts.append("")
        elif spec.isdigit():
            parts[-1] += "{" + str(int(spec) - 1) + "}"
        else:
            parts[-1] += "{" + str(values) + (f":>{spec[1:]}" if spec else "") + "}"
            values += 1
        parts[-1] += _literal(literal)
    return _Format(tuple(parts), tuple(widths)).line


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
