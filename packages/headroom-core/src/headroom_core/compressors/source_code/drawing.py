"""Spelling the outline: shown lines letter for letter, and one line for each fold.

    def load(path, *, strict=False):
        \"\"\"Read one ledger file.\"\"\"
        # … 41-77 | 48: raise FileNotFoundError(path) | 63: raise LedgerError("bad header") | +1

A fold's line is a comment of the language, at a place where one may stand. It names the lines that it stands for, as
`headroom_retrieve(lines="41-77")` counts them, and those among them that tell most.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from headroom_core.compressors.source_code.languages import Language
from headroom_core.compressors.source_code.measures import Measure
from headroom_core.compressors.source_code.walking import Fold

KEY_CHARS = 90  # of a key line

_INDENT = re.compile(r"[ \t\f]*")


@dataclass(frozen=True, slots=True)
class Pen:
    """Spells the folds of one text."""

    language: Language
    measure: Measure
    lines: Sequence[str]  # of the code
    telling: Sequence[int]  # rows of bodies that are worth saying, ascending
    promising: Sequence[int]  # rows of docs that are
    offset: int  # of rows against lines of the block

    def spell(self, fold: Fold) -> str:
        """The line of a fold, with the line end of the last line that it stands for."""
        first, last = fold.first + self.offset, fold.last + self.offset
        numbers = f"… {first}-{last}" if last > first else f"… {first}"
        said = "".join(self._said(fold))
        sign, closing = self.language.comment, ""
        if fold.closing == "*/":
            sign, closing, said = "", " */", said.replace("*/", "* /")
        elif fold.closing:
            sign = f"{fold.closing}  {sign}"
        elif fold.empty and self.language.filler:
            sign = f"{self.language.filler}  {sign}"
        opening = f"{sign} " if sign else ""
        return f"{self._indent(fold)}{opening}{numbers}{said}{closing}".rstrip("\\") + _line_end(self.lines[fold.last])

    def _said(self, fold: Fold) -> list[str]:
        rows = self.promising if fold.form == "doc" else self.telling
        rows = rows[bisect_left(rows, fold.first) : bisect_left(rows, fold.last + 1)]
        said: list[str] = []
        seen: set[str] = set()
        room, left = self.measure.key_chars, 0
        for row in rows:
            text = " ".join(self.lines[row].split())
            if text in seen or "?>" in text:
                continue
            seen.add(text)
            if len(text) > KEY_CHARS:
                text = text[: KEY_CHARS - 1] + "…"
            room -= len(text)
            if room < 0 or len(said) == self.measure.keys:
                left += 1
            else:
                said.append(f" | {row + self.offset}: {text}")
        return [*said, f" | +{left}"] if left and said else said

    def _indent(self, fold: Fold) -> str:
        for row in range(fold.first, fold.last + 1):
            if self.lines[row].strip():
                found = _INDENT.match(self.lines[row])
                return found.group() if found else ""
        return ""


def _line_end(line: str) -> str:
    if line.endswith("\r\n"):
        return "\r\n"
    return "\n" if line.endswith("\n") else ""
