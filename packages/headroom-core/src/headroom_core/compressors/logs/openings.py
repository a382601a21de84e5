"""The other equivalent form, for logs whose lines share little else: what nearly all lines open with is said once.

    [log: lines begin "2031-05-06 {} depot7", here cut to {}]
    08:47:48 pool: worker 5 took job 4060

Values stand among the words that name them, so that a line is read as well as in the source.
"""

from __future__ import annotations

import re
from collections import Counter

_HEADER = '[log: lines begin "{}{{}}{}", here cut to {{}}]'
_READ_HEADER = re.compile(r'\[log: lines begin "([^\n]*)\{\}([^\n]*)", here cut to \{\}\]')
_CLOCK = r"\d{1,2}:\d\d:\d\d(?![0-9:])"
_OPENING = re.compile(rf"([^\n]{{0,100}}?)((?<!\d){_CLOCK})", re.ASCII)  # a path and a date come before some clocks
_CUT = re.compile(_CLOCK, re.ASCII)
_NAME = re.compile(r"(?<! ) +[a-z]+$")
_FEW = 60
_ABOUT = 1.2  # letters for tokens: stamps take more tokens than words of that length
_LEAST_SHARE = 0.5  # of the lines that aren't blank have the opening


def cut_openings(lines: list[str], whole: bytearray) -> str | None:
    """The lines with their openings cut to their clocks; None where they have none in common.

    `whole` marks the lines, counted from 0, that are to stay as they were.
    """
    found = [_OPENING.match(line) for line in lines]
    befores = Counter(match[1] for match in found if match)
    before, times = befores.most_common(1)[0] if befores else ("", 0)
    if not times or times < _LEAST_SHARE * sum(not line.isspace() for line in lines if line):
        return None
    rests = [match.string[match.end() :] for match in found if match and match[1] == before]
    after = _shared(rests)
    if not before + after or "{}" in before or "{}" in after:
        return None
    body = []
    for line, match, stays in zip(lines, found, whole, strict=True):
        if match and match[1] == before and not stays:
            body.append(match[2] + line[match.end() + len(after) :])
        else:
            body.append("\\" + line if line[:1] == "\\" or _CUT.match(line) else line)
    return "\n".join([_HEADER.format(before, after), *body])


def may_pay(lines: list[str], share: float) -> bool:
    """Whether a few of the lines, cut, take at most about that share of their letters: seen soon in a long log."""
    few = lines[:: len(lines) // _FEW or 1]
    cut = cut_openings(few, bytearray(len(few)))
    return cut is not None and len(cut) <= _ABOUT * share * sum(map(len, few))


def with_openings(shown: str) -> str | None:
    """The source of such a form. None where it isn't one."""
    header, _, body = shown.partition("\n")
    read = _READ_HEADER.fullmatch(header)
    if read is None:
        return None
    before, after = read.groups()
    lines = []
    for line in body.split("\n"):
        clock = _CUT.match(line)
        if clock:
            lines.append(f"{before}{clock[0]}{after}{line[clock.end() :]}")
        else:
            lines.append(line[1:] if line[:1] == "\\" else line)
    return "\n".join(lines)


def _shared(rests: list[str]) -> str:
    """What all begin with, up to a blank; but for a plain word, which may name the value behind it."""
    low, high = min(rests), max(rests)
    same = next((at for at, pair in enumerate(zip(low, high, strict=False)) if pair[0] != pair[1]), len(low))
    return _NAME.sub("", low[: max(0, low.rfind(" ", 0, same))])
