"""The colours that search tools give to paths, numbers and matches, as one value: taken off, and put on again.

What is coloured, and how, is learned from the lines themselves, since tools differ and users configure them. Where one
word was searched for, it is said once; else a match is marked `«so»` in the plain text, which is why a text that holds
such marks keeps its colours.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace

SAMPLE_LINES = 400
OPEN, CLOSE = "«", "»"  # around a match

_CODE = r"\x1b\[[0-9;]*[mK]"
_CODES = f"(?:{_CODE})*+"
_FLAT = re.compile(rf"({_CODES})[^\x1b\n]+({_CODES})[:=-]({_CODES})[1-9][0-9]{{0,8}}({_CODES})[:=-]({_CODES})([^\n]*)")
_NUMBERED = re.compile(rf"({_CODES})[1-9][0-9]{{0,8}}({_CODES})[:=-]({_CODES})([^\n]*)")
_HEADING = re.compile(rf"((?:{_CODE})++)[^\x1b\n]+((?:{_CODE})++)\Z")
_MATCH = re.compile(rf"((?:{_CODE})++)(?:[^\x1b\n]+((?:{_CODE})++))?")  # or codes alone, which are passed over
_GROUP_END = re.compile(rf"({_CODES})--({_CODES})\Z")
_RESETS = re.compile(r"(?:\x1b\[0?[mK])*")  # a line may begin with a match, whose colour is not the line's own
_MARKED = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]+){CLOSE}")
_SPELLED = re.compile(r"[0-9;]*[mK]")


@dataclass(frozen=True, slots=True)
class Dress:
    """The codes around each piece of a line."""

    path_on: str = ""
    path_off: str = ""  # in front of the separator, its own colour included
    number_on: str = ""
    number_off: str = ""
    text_on: str = ""
    match_on: str = ""
    match_off: str = ""
    end_on: str = ""  # around the `--` between groups
    end_off: str = ""
    match: str = ""  # what was searched for, where that is one word, coloured wherever it stands

    def row(self, path: str, number: int, mark: str, text: str) -> str:
        """A line that bears its path."""
        return f"{self.path_on}{path}{self.path_off}{mark}{self.numbered(number, mark, text)}"

    def numbered(self, number: int, mark: str, text: str) -> str:
        """A line below its path, or what follows the path."""
        return f"{self.number_on}{number}{self.number_off}{mark}{self.text_on}{self.text(text)}"

    def heading(self, path: str) -> str:
        """A path above its lines."""
        return f"{self.path_on}{path}{self.path_off}"

    def group_end(self, separator: str) -> str:
        """What stands between groups; an empty line bears no colours."""
        return f"{self.end_on}{separator}{self.end_off}" if separator else ""

    def text(self, text: str) -> str:
        """A line's text with its matches coloured."""
        if self.match:
            return text.replace(self.match, f"{self.match_on}{self.match}{self.match_off}")
        return text.replace(OPEN, self.match_on).replace(CLOSE, self.match_off) if self.match_on else text

    def marked(self, text: str) -> str:
        """The text with marks around its matches instead of colours."""
        if not (self.match_on and self.match_off):
            return text
        return text.replace(self.match_on, OPEN).replace(self.match_off, CLOSE)

    def spell(self) -> str:
        """All codes in one word, those of a piece joined, `/` between pieces; behind it the match in quotes."""
        codes = "/".join(getattr(self, each.name).replace("\x1b[", "") for each in fields(self)[:-1])
        return f"{codes} {json.dumps(self.match)}" if self.match else codes


def read_dress(spelled: str) -> Dress:
    """The dress that was spelled so. Raises ValueError where it is none."""
    codes, _, match = spelled.partition(" ")
    pieces = ["".join(f"\x1b[{code}" for code in _SPELLED.findall(piece)) for piece in codes.split("/")]
    names = [each.name for each in fields(Dress)]
    return Dress(**dict(zip(names, [*pieces, json.loads(match) if match else ""], strict=True)))


def learned(lines: Sequence[str]) -> Dress | None:
    """How the hits among the lines are coloured; None where they aren't."""
    sample = [line for line in lines[:SAMPLE_LINES] if "\x1b[" in line]
    headings = [found.groups() for line in sample if (found := _HEADING.match(line))]
    numbered = [found.groups() for line in sample if (found := _NUMBERED.match(line)) and found[1]]
    flat = [found.groups() for line in sample if (found := _FLAT.match(line))]
    headed = len(numbered) > len(flat)
    rows = [(*_most(headings, 2), *row) for row in numbered] if headed else flat
    if not rows:
        return None
    path_on, path_off, number_on, number_off = _most(rows, 4)
    text_on = "".join(_RESETS.findall(min((row[4] for row in rows), key=len))[:1])
    texts = [row[4][len(text_on) :] + row[5] for row in rows]
    matches = (next((found.groups() for found in _MATCH.finditer(text) if found[2]), None) for text in texts)
    match_on, match_off = _most(filter(None, matches), 2)
    end_on, end_off = _most([found.groups() for line in sample if (found := _GROUP_END.match(line))], 2)
    return Dress(path_on, path_off, number_on, number_off, text_on, match_on, match_off, end_on, end_off)


def taken_off(lines: Sequence[str], dress: Dress, tick: Callable[[], None]) -> tuple[list[str], Dress]:
    """The lines as they would be without colours, and the dress that gives these back.

    Lines that aren't coloured so stay letter for letter.
    """
    codes = (dress.path_on, dress.path_off, dress.number_on, dress.number_off, dress.text_on)
    path_on, path_off, number_on, number_off, text_on = map(re.escape, codes)
    path = rf"{path_on}([^\x1b\n]+){path_off}"
    row = re.compile(rf"(?:{path}([:=-]))?{number_on}([1-9][0-9]{{0,8}}){number_off}([:=-]){text_on}")
    heading = re.compile(rf"{path}\Z")
    group_end = dress.group_end("--")
    found: list[tuple[str, str]] = []  # what stands in front of a row's text, and the text; or a line and nothing
    for place, line in enumerate(lines):
        if not place & 1023:
            tick()
        if hit := row.match(line):
            found.append((f"{hit[1] or ''}{hit[2] or ''}{hit[3]}{hit[4]}", dress.marked(line[hit.end() :])))
        elif name := heading.match(line):
            found.append((name[1], ""))
        else:
            found.append(("--" if line == group_end else line, ""))
    matches = {match for _, text in found for match in _MARKED.findall(text)}
    if len(matches) == 1:
        one = replace(dress, match=matches.pop())
        bare = [(front, text.replace(OPEN, "").replace(CLOSE, "")) for front, text in found]
        if all(dress.marked(one.text(text)) == marked for (_, text), (_, marked) in zip(bare, found, strict=True)):
            found, dress = bare, one
    return [front + text for front, text in found], dress


def _most(groups: Iterable[tuple[str, ...]], count: int) -> tuple[str, ...]:
    """The first so many codes, as they are most of the time; empty ones where there are none."""
    found = Counter(group[:count] for group in groups)
    return found.most_common(1)[0][0] if found else ("",) * count
