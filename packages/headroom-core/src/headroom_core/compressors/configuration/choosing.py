"""What is shown of a configuration that is still over its budget: its frame, what the question names, what is rare.

Of a secret only that there is one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from headroom_core.compressors.configuration.blocks import parents_of
from headroom_core.compressors.configuration.notation import INSTEAD, key_of
from headroom_core.compressors.configuration.rows import Drawn, Piece, Source, draw, undrawn
from headroom_core.compressors.configuration.secrets import LINE_GONE, mask
from headroom_core.text.lines import to_ranges
from headroom_core.text.relevance import rank
from headroom_core.types import Fidelity, Guidance, Hidden, Region

ENDS = 3  # pieces of the beginning and the end, and rows of each block, that are shown first
MOST_ASKED = 40  # pieces that the question points at
CLOSE = 0.5  # of the best score, from which a piece is pointed at
MOST_RARE = 12  # rows of a block that say what few others do
RARE = 0.1  # of the rows, at most, that say it
FEW_VALUES = 0.2  # of the rows: in a column of more values none is rare
LONG = 400  # characters: a longer line is data, and shown only where it is asked for
MOST_LEGEND = 0.4  # of the budget: where blocks with holes take more, lines are shown as they are
FAILED_CHARS = 1_500  # of a line that tells of a failure: with its trace it is long
GAP_TOKENS = 6  # of a line that says which lines are hidden

_FAILED = re.compile(  # as reports of tests and linters mark it, in JUnit's, TRX's and Checkstyle's words
    r"<(?:failure|error)\b|\b(?:outcome|result|status|severity)=\"(?:fail\w*|error)\"", re.IGNORECASE
).search


@dataclass(frozen=True, slots=True)
class _Frame:
    """How the lines that pieces begin with stand to each other."""

    depths: list[int]
    parents: list[int]  # the piece that each belongs to; -1 for none

    @classmethod
    def of(cls, lines: Sequence[str]) -> _Frame:
        parents = parents_of(lines)
        depths: list[int] = []
        for parent in parents:
            depths.append(0 if parent < 0 else depths[parent] + 1)
        return cls(depths, parents)

    def above(self, at: int) -> list[int]:
        """What a piece belongs to, the outermost first."""
        found: list[int] = []
        while self.parents[at] >= 0:
            at = self.parents[at]
            found.append(at)
        return found[::-1]


def elide(text: str, drawn: Drawn, budget: int, guidance: Guidance) -> Region | None:
    """What fits into the budget, in tokens; None where that is all or nothing."""
    source = drawn.source
    masked = Source(tuple(mask(source.lines, guidance.tick)), source.cut)
    if masked != source:
        drawn = draw(masked, guidance) or undrawn(masked)
    spelled = drawn.spell()
    per_token = max(1.0, len(spelled) / max(1, guidance.count(spelled)))
    legend = len("\n".join(drawn.head())) / per_token if drawn.legend else 0.0
    if legend > MOST_LEGEND * budget:
        drawn, legend = undrawn(masked), 0.0
    pieces = drawn.pieces
    frame = _Frame.of([piece.shown if masked.cut else masked.lines[piece.first] for piece in pieces])
    guidance.tick()
    chosen = _chosen(pieces, _wanted(drawn, frame, guidance.question), budget - legend, per_token)
    if not chosen or len(chosen) == len(pieces):
        return None
    shown = "\n".join(_shown(drawn, chosen, guidance.first_line)).rstrip("\n") + "\n"
    return Region(text, shown, Fidelity.ELIDED, None if masked.cut else _hidden(source, drawn, chosen))


def _chosen(pieces: Sequence[Piece], wanted: Iterable[int], room: float, per_token: float) -> set[int]:
    """Those of the wanted pieces that fit, the first ones first."""
    chosen: set[int] = set()
    for at in wanted:
        if at in chosen:
            continue
        cost = len(pieces[at].shown) / per_token + 1 + GAP_TOKENS * (at - 1 not in chosen and at + 1 not in chosen)
        if cost <= room:
            room -= cost
            chosen.add(at)
        elif room < GAP_TOKENS:
            break
    return chosen


def _wanted(drawn: Drawn, frame: _Frame, question: str) -> Iterator[int]:
    """Pieces in the order in which they are worth showing, some of them twice."""
    pieces = drawn.pieces
    for at in _asked(pieces, question):
        yield from frame.above(at)
        yield at
    for at, piece in enumerate(pieces):
        if _FAILED(piece.shown) and len(piece.shown) <= FAILED_CHARS:
            yield from (*frame.above(at), at)
    plain = [at for at, piece in enumerate(pieces) if len(piece.shown) <= LONG and piece.shown.strip() != LINE_GONE]
    rows: dict[str, list[int]] = {}
    for at in plain:
        if pieces[at].label:
            rows.setdefault(pieces[at].label, []).append(at)
    yield from (at for at in plain if at < ENDS or at >= len(pieces) - ENDS)
    yield from (at for at in plain if frame.depths[at] == 0 and not pieces[at].label)
    for found in rows.values():
        yield from (*found[:ENDS], *found[-ENDS:], *_rare(found, drawn))
    yield from sorted(plain, key=lambda at: (frame.depths[at], at))


def _rare(rows: Sequence[int], drawn: Drawn) -> list[int]:
    """Rows of one block that say what few others say: a line that they have besides, a value of a column of few."""
    holes = drawn.legend[drawn.pieces[rows[0]].label].holes
    cells = {at: drawn.signs.cells(drawn.pieces[at].shown) for at in rows}
    columns = [Counter(found[hole] for found in cells.values()) for hole in range(holes)]
    told = [counts if len(counts) <= FEW_VALUES * len(rows) else Counter[str]() for counts in columns]
    extra = Counter(key_of(cell.lstrip(INSTEAD)) for found in cells.values() for cell in found[holes:])
    rarity = {
        at: min(
            [told[hole][found[hole]] or len(rows) for hole in range(holes)]
            + [extra[key_of(cell.lstrip(INSTEAD))] for cell in found[holes:]],
            default=len(rows),
        )
        for at, found in cells.items()
    }
    return sorted((at for at in rows if rarity[at] <= RARE * len(rows)), key=lambda at: rarity[at])[:MOST_RARE]


def _asked(pieces: Sequence[Piece], question: str) -> list[int]:
    """Pieces that the question points at, best first."""
    if not question:
        return []
    found = rank(question, [piece.shown for piece in pieces])
    best = found[0][1] if found else 0.0
    return [at for at, score in found[:MOST_ASKED] if score >= CLOSE * best]


def _shown(drawn: Drawn, chosen: set[int], first_line: int) -> Iterator[str]:
    """The lines that are shown, each run of hidden ones said in one."""
    labels = {drawn.pieces[at].label for at in chosen}
    if any(labels):
        yield from drawn.head([label for label in drawn.legend if label in labels])
    gap: list[Piece] = []
    for at, piece in enumerate(drawn.pieces):
        if at not in chosen:
            gap.append(piece)
            continue
        if gap:
            yield _spell_gap(gap, None if drawn.source.cut else first_line)
            gap = []
        yield piece.shown
    if gap:
        yield _spell_gap(gap, None if drawn.source.cut else first_line)


def _spell_gap(gap: Sequence[Piece], first_line: int | None) -> str:
    if first_line is None:  # lines of our own, which nobody can ask for
        return f"… {sum(piece.count for piece in gap)} tags"
    first, last = gap[0].first + first_line, gap[-1].first + gap[-1].count + first_line - 1
    return f"… {first}-{last}" if last > first else f"… {first}"


def _hidden(source: Source, drawn: Drawn, chosen: set[int]) -> Hidden | None:
    """The lines that aren't shown, and those that aren't shown as they are: they hold a secret."""
    lines = drawn.source.lines
    total = len(lines) - (not source.lines[-1])
    numbers = {at for at in range(total) if source.lines[at] != lines[at]}
    for at, piece in enumerate(drawn.pieces):
        if at not in chosen:
            numbers.update(range(piece.first, min(piece.first + piece.count, total)))
    return Hidden("lines", to_ranges(number + 1 for number in sorted(numbers)), total) if numbers else None
