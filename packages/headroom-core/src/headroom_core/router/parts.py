"""Who reads which part of a text, and what all of it is shown as.

A text that somebody surely knows is one part. Of a mixed one every part is read by whoever claims it; what is hidden
of it is named in the lines of the whole, as `headroom_retrieve(lines=...)` counts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from headroom_core.router.route import SURE, held_to_its_promise, route
from headroom_core.router.splitter import MIN_PART_CHARS, split
from headroom_core.text.lines import count_lines, to_ranges
from headroom_core.text.rows import Rows, rows_of
from headroom_core.types import Compressor, Guidance, Hidden, Region, View

PLAIN = 0.95  # from such a claim on, what a text holds of other kinds belongs to it, as bodies do to a log
MOST_FOREIGN = 0.2  # of the characters of a text that is surely of one kind, that may surely be of others
MOST_ELIDED = 3  # parts: each bears a marker, and a reader is to find his way


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text, and who reads it."""

    text: str
    reader: Compressor | None  # None: nobody claims it
    claim: float
    first_line: int  # its number in the whole text, whose first line is 1


def parts_of(text: str, compressors: Sequence[Compressor]) -> list[Part]:
    """The parts of a text, in order; joined, they are the text."""
    whole = _part(text, 1, compressors)
    if whole.claim >= PLAIN:
        return [whole]
    pieces = split(text)
    if len(pieces) == 1:
        return [whole]
    parts = []
    line = 1
    for piece in pieces:
        short = len(piece) < MIN_PART_CHARS  # a line of a shell, the words between two documents
        parts.append(Part(piece, None, 0.0, line) if short else _part(piece, line, compressors))
        line += piece.count("\n")
    foreign = sum(len(part.text) for part in parts if part.claim >= SURE and part.reader is not whole.reader)
    return parts if whole.claim < SURE or foreign >= MOST_FOREIGN * len(text) else [whole]


def shown_as(parts: Sequence[Part], guidance: Guidance) -> View:
    """What all parts are shown as: facts are left out of sure ones only, and of the longest where they are many."""
    sure = sorted((part for part in parts if part.claim >= SURE), key=lambda part: -len(part.text))
    eliding = {part.first_line for part in sure[:MOST_ELIDED]}
    total = count_lines("".join(part.text for part in parts)) if len(parts) > 1 else 0  # one part counts its own
    regions: list[Region] = []
    for part in parts:
        if part.reader is None:
            regions.append(Region.verbatim(part.text))
            continue
        may_elide = guidance.may_elide and part.first_line in eliding
        own = replace(guidance, may_elide=may_elide, first_line=part.first_line)
        view = held_to_its_promise(part.reader.compress(part.text, own), part.reader)
        if view.source != part.text:
            raise AssertionError(f"the regions of {part.reader.kind} don't add up to the text")
        regions += view.regions if len(parts) == 1 else _in_the_whole(view, part, total)
    return View(tuple(regions))


def kinds_of(parts: Sequence[Part]) -> str:
    """The kinds of the parts, as receipts spell them: `json`, `json+log`; empty where nobody claims any."""
    return "+".join(dict.fromkeys(part.reader.kind for part in parts if part.reader is not None))


def _part(text: str, first_line: int, compressors: Sequence[Compressor]) -> Part:
    found = route(text, compressors)
    return Part(text, None, 0.0, first_line) if found is None else Part(text, *found, first_line)


def _in_the_whole(view: View, part: Part, total: int) -> list[Region]:
    """The regions of a part: what they hide in lines of the whole, and its last line ended where its source's is."""
    regions = [
        replace(region, hidden=_in_lines(region.hidden, part, total)) if region.hidden else region
        for region in view.regions
    ]
    last = regions[-1]
    if part.text.endswith("\n") and last.shown and not last.shown.endswith("\n"):
        regions[-1] = replace(last, shown=last.shown + "\n")
    return regions


def _in_lines(hidden: Hidden, part: Part, total: int) -> Hidden | None:
    """The same ranges, as lines of the whole; rows by the lines that they stand on, None where that is unknown."""
    ranges = hidden.ranges
    if hidden.unit != "lines":
        found = rows_of(part.text)
        if any(array.inside for array in found) or sum(len(array.rows) for array in found) != hidden.total:
            return None
        ranges = _lines_of_rows(part.text, found, hidden)
    shift = part.first_line - 1
    return Hidden("lines", tuple((first + shift, last + shift) for first, last in ranges), total)


def _lines_of_rows(text: str, arrays: Sequence[Rows], hidden: Hidden) -> tuple[tuple[int, int], ...]:
    """The lines that hidden rows stand on, wholly or in part."""
    lines: list[int] = []
    wanted = {number for first, last in hidden.ranges for number in range(first, last + 1)}
    place, line = 0, 1
    for array in arrays:
        line += text.count("\n", place, array.start)
        place = array.start
        for number, row in zip(array.numbers, array.rows, strict=True):
            begins = text.index(row, place)
            line += text.count("\n", place, begins)
            ends = line + row.count("\n")
            if number in wanted:
                lines += range(line + (bool(lines) and lines[-1] == line), ends + 1)
            place, line = begins + len(row), ends
    return to_ranges(lines)
