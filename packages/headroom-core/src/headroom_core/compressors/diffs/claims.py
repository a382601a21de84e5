"""How sure is it that a text is a diff? Judged by how much of it hunks and heads account for."""

from __future__ import annotations

from headroom_core.compressors.diffs.reading import Between, Hunk, read
from headroom_core.types import no_deadline

SAMPLE_CHARS = 12_000  # of the start and, of longer texts, of the middle and the end
LEAST_SHARE = 0.5  # of the lines: a console log or a page that holds a diff is not one


def claim(text: str) -> float:
    """Near 1 where hunks that keep to their counts, and heads of files, make up half of the lines of no page."""
    pieces = _pieces(text)
    if text[:64].lstrip("\ufeff \t\r\n").startswith("<") or not any("@@ -" in piece for piece in pieces):
        return 0.0
    lines = accounted = 0
    for piece in pieces:
        patch = read(piece, no_deadline)
        lines += len(patch.lines)
        accounted += sum(
            part.end - part.start
            for part in patch.parts
            if not isinstance(part, Between) and not (isinstance(part, Hunk) and part.end == part.start + 1)
        )
    return 0.95 if accounted >= LEAST_SHARE * lines else 0.0


def _pieces(text: str) -> list[str]:
    """The whole text, or its start and, from a hunk or a head on, pieces of its middle and its end."""
    if len(text) <= 3 * SAMPLE_CHARS:
        return [text]
    pieces = []
    for start in (0, len(text) // 2, len(text) - SAMPLE_CHARS):
        piece = text[start : start + SAMPLE_CHARS]
        begins = [place for mark in ("\n@@ -", "\ndiff --git ") if (place := piece.find(mark)) >= 0]
        first = min(begins) + 1 if start and begins else 0
        pieces.append(piece[first : piece.rfind("\n") + 1])
    return pieces
