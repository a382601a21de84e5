"""What tools put around code: line numbers in front of each line, a fence, a heading, a closing remark.

The code is read without them; what is shown keeps them, letter for letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from headroom_core.text.lines import split_lines

NUMBERED_SHARE = 0.9  # of the lines between the first and the last numbered one
MOST_AROUND = 12  # lines of the tool itself before the code, and behind it
PROBED_LINES = 40  # from which it is told whether lines are numbered at all

_NUMBERED = re.compile(r"( {0,7}(?:L|0{1,7})?)([0-9]{1,7})(\t|→|\|(?: |(?=\r?\n|\Z))|[:.)] ?| {1,2}(?=\|)\| ?)")
_FENCE = re.compile(r" {0,3}(`{3,}+|~{3,}+)[ \t]*+([\w+#-]*+)[^\n`]*+\n\Z")


@dataclass(frozen=True, slots=True)
class Framed:
    """The lines of a text, and the code in them."""

    lines: list[str]  # as they came, ends kept
    first: int  # index of the first line of code
    code: list[str]  # its lines, without numbers
    number: int = 0  # that the tool gave the first of them; 0: none
    language: str = ""  # as the fence names it

    @property
    def end(self) -> int:
        """Index behind the last line of code."""
        return self.first + len(self.code)


def unframe(text: str) -> Framed:
    """The code in a text. A text that nothing was put around is all code."""
    lines = split_lines(text)
    return _numbered(lines) or _fenced(lines) or Framed(lines, 0, lines)


def _fenced(lines: list[str]) -> Framed | None:
    """Code that is the whole of one fenced block, but for a few lines around it."""
    for first, line in enumerate(lines[:MOST_AROUND]):
        opening = _FENCE.match(line)
        if opening is None:
            continue
        for last in range(len(lines) - 1, max(first, len(lines) - 1 - MOST_AROUND), -1):
            if lines[last].strip() == opening[1]:
                code = lines[first + 1 : last]
                several = any(inside.startswith(opening[1]) for inside in code)  # with prose between them
                return None if several else Framed(lines, first + 1, code, language=opening[2].lower())
        return None
    return None


def _numbered(lines: list[str]) -> Framed | None:
    """Code whose lines are numbered one by one; a few lines of the tool may stand before and behind."""
    probed = lines[:PROBED_LINES]
    if sum(_NUMBERED.match(line) is not None for line in probed) * 2 < max(1, len(probed)):
        return None
    found = [_NUMBERED.match(line) for line in lines]
    first = next((at for at, match in enumerate(found) if match), 0)
    last = max((at for at, match in enumerate(found) if match), default=0)
    if first > MOST_AROUND or len(lines) - 1 - last > MOST_AROUND:
        return None
    opening = found[first]
    if opening is None:
        return None
    start, sign = int(opening[2]), opening[3].strip()
    code, right = [], 0
    for at in range(first, last + 1):
        match = found[at]
        if match is not None and int(match[2]) == start + at - first and match[3].strip() == sign:
            right += 1
            code.append(lines[at][match.end() :])
        else:
            code.append(lines[at])
    if right < NUMBERED_SHARE * len(code) or len(code) < 2:
        return None
    return Framed(lines, first, code, number=start)
