"""Reads the equivalent form back: what shows that it holds the same facts."""

from __future__ import annotations

import re

BRACKETS = (("{", "}"), ("<", ">"), ("<<", ">>"), ("{{", "}}"), ("«", "»"), ("⟨", "⟩"))
"""Ways to write a hole in a pattern, in order of choice: the first that the text doesn't hold."""

HEADER = "[log: A=pattern, then rows A,values; {}=value]"
_HEADER = re.compile(re.escape(HEADER).replace(re.escape("{}"), "(.+)"))


def decode(shown: str) -> str | None:
    """The source of an equivalent form. None where it isn't one."""
    header, _, rest = shown.partition("\n")
    match = _HEADER.fullmatch(header)
    brackets = next((pair for pair in BRACKETS if match and "".join(pair) == match.group(1)), None)
    legend, blank, body = rest.partition("\n\n")
    if brackets is None or not blank:
        return None
    hole = re.compile(re.escape(brackets[0]) + "([0-9]*)" + re.escape(brackets[1]))
    formats = {}
    for entry in legend.split("\n"):
        label, _, pattern = entry.partition("=")
        formats[label] = _format(pattern, hole)
    try:
        return "\n".join([_line(row, formats) for row in body.split("\n")])
    except IndexError:  # a row with too few values
        return None


def _format(pattern: str, hole: re.Pattern[str]) -> str:
    """The pattern as a format string over the values of a row."""
    raw = hole.split(pattern)
    values = 0
    spelled = [_literal(raw[0])]
    for number, literal in zip(raw[1::2], raw[2::2], strict=True):
        if number:
            spelled.append("{" + str(int(number) - 1) + "}")
        else:
            spelled.append("{" + str(values) + "}")
            values += 1
        spelled.append(_literal(literal))
    return "".join(spelled)


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _line(row: str, formats: dict[str, str]) -> str:
    if row[:1] == "\\":
        return row[1:]
    label, comma, values = row.partition(",")
    pattern = formats.get(label)
    if pattern is None:
        return row
    return pattern.format(*values.split(",")) if comma else pattern.format()
