"""In short logs a value carries the word that says what it is: `A,06:16:51,child 32436,slot 6`.

A model that looks a value up finds it among bare ones less often. In long logs the words cost more than they are worth.
"""

from __future__ import annotations

import re
from dataclasses import replace

from headroom_core.compressors.logs.patterns import Hole, Pattern
from headroom_core.compressors.logs.tables import CLOCK

SHORT_LINES = 100  # of a log; as for small tables of JSON
_WORD = r"[^\s,;|\"'()\[\]{}<>=]"
_HEAD = re.compile(rf"(?<!{_WORD}){_WORD}{{1,16}}\Z")  # the beginning of the value itself: `job_`, `/queue/`
_TELLING = r"(?!(?:after|and|at|by|for|from|in|is|of|on|or|the|to|took|with)\b)"
_NAME = re.compile(rf"\b{_TELLING}[A-Za-z][A-Za-z_.-]{{2,15}}(?:[:=] ?| )\Z", re.ASCII)
_UNIT = re.compile(rf" {_TELLING}(?:[a-z]{{1,10}}|[kKMGT]i?B|%)(?=[\s.)\]]|$)", re.ASCII)


def with_names(pattern: Pattern) -> Pattern:
    """The same pattern, some words of it in the cells instead."""
    pieces, columns = list(pattern.pieces), list(pattern.columns)
    repeated = {piece.spec for piece in pieces if isinstance(piece, Hole)}
    number = -1
    for at, piece in enumerate(pieces):
        if not isinstance(piece, Hole) or not piece.takes_value:
            continue
        number += 1
        if piece.spec or str(number + 1) in repeated or CLOCK.search(columns[number][0]):
            continue
        before, after = _text(pieces, at - 1), _text(pieces, at + 1)
        found = _HEAD.search(before) or _NAME.search(before)
        unit = None if found else _UNIT.match(after)
        head, tail = found[0] if found else "", unit[0] if unit else ""
        if head:
            pieces[at - 1] = before[: -len(head)]
        if tail:
            pieces[at + 1] = after[len(tail) :]
        columns[number] = [head + cell + tail for cell in columns[number]]
    return replace(pattern, pieces=tuple(piece for piece in pieces if piece), columns=columns)


def _text(pieces: list[str | Hole], at: int) -> str:
    """The text at a place; nothing where a hole is, or no piece."""
    piece = pieces[at] if 0 <= at < len(pieces) else ""
    return piece if isinstance(piece, str) else ""
