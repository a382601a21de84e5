"""How sure is it that a text is a diff? Judged by how much of it hunks and heads account for."""

from __future__ import annotations

from headroom_core.compressors.diffs.reading import Between, Hunk, Patch, read
from headroom_core.types import no_deadline

SAMPLE_CHARS = 12_000  # of the start and, of longer texts, of the middle and the end
LEAST_SHARE = 0.5  # of the lines: a console log or a page that holds a diff is not one
CHANGED_SHARE = 0.1  # of the lines that a piece begins with, which must be changed ones to go on with a hunk before it


def claim(text: str) -> float:
    """Near 1 where hunks that keep to their counts, and heads of files, make up half of the lines of no page."""
    pieces = _pieces(text)
    if text[:64].lstrip("\ufeff \t\r\n").startswith("<") or not any("@@ -" in piece for piece in pieces):
        return 0.0
    lines = accounted = 0
    for number, piece in enumerate(pieces):
        patch = read(piece, no_deadline)
        lines += len(patch.lines)
        accounted += _gone_on(patch) if number else 0
        accounted += sum(
            part.end - part.start
            for part in patch.parts
            if not isinstance(part, Between) and not (isinstance(part, Hunk) and part.end == part.start + 1)
        )
    return 0.95 if accounted >= LEAST_SHARE * lines else 0.0


def _gone_on(patch: Patch) -> int:
    """How many lines of a piece go on with a hunk that began before it: that of a new file is as long as the file."""
    first = patch.parts[0] if patch.parts else None
    if not isinstance(first, Between):
        return 0
    signs = patch.signs[: first.end]
    changed = signs.count("+") + signs.count("-")
    return changed + signs.count(" ") if changed >= CHANGED_SHARE * len(signs) else 0


def _pieces(text: str) -> list[str]:
    """The whole text, or whole lines of its start, its middle and its end, without carriage returns."""
    if len(text) <= 3 * SAMPLE_CHARS:
        return [text.replace("\r\n", "\n")]
    pieces = []
    for start in (0, len(text) // 2, len(text) - SAMPLE_CHARS):
        piece = text[start : start + SAMPLE_CHARS]
        pieces.append(piece[piece.find("\n") + 1 if start else 0 : piece.rfind("\n") + 1].replace("\r\n", "\n"))
    return pieces
