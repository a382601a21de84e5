"""Secrets in configuration: where something is left out, their values are too, and wait in the store alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from headroom_core.compressors.configuration.notation import Line, Signs, Template
from headroom_core.compressors.configuration.shapes import shape_of

GONE = "…"  # stands where a value was

_KEY = re.compile(
    r"pass(?:word|wd|phrase|_?code)|\bpass\b|\bpwd\b|secret|token|api[_-]?key|private[_-]?key|access[_-]?key|credential"
    r"|client[_-]?key|signing[_-]?key|encryption[_-]?key|\bauth\b|_auth\b|dsn\b|connection[_-]?string",
    re.IGNORECASE,
)
_VALUE = re.compile(r"://[^/\s:@]*:[^/\s@]+@|-----BEGIN|\b(?:sk|ghp|gho|xox[abp]|AKIA)[-_]?[A-Za-z0-9]{12,}|\bBearer ")
_KEPT_APART = re.compile(r"\s*kind: +[\"']?(?:Sealed)?Secret\b")


def is_secret_key(key: str) -> bool:
    """Whether what stands at the key is nobody else's business."""
    return _KEY.search(key) is not None


def keeps_apart(line: str) -> bool:
    """Whether the line says that all values of its document are secrets."""
    return _KEPT_APART.match(line) is not None


def mask_line(line: str, *, all_values: bool = False) -> str:
    """The line with `…` for a secret value."""
    shape = shape_of(line)
    if not shape.values:
        return GONE if _VALUE.search(line) or all_values else line
    if all_values or is_secret_key(line[: line.find(shape.values[0])]) or _VALUE.search(line):
        return GONE.join(shape.fixed)
    return line


def mask_template(template: Template) -> Template:
    """The block with `…` for the secrets that all of its rows share."""
    return Template(tuple(_mask_pieces(line) for line in template.lines))


def secret_holes(template: Template) -> frozenset[int]:
    """Holes, counted from 0, whose cells are secrets."""
    apart = any(keeps_apart(line.filled([""] * template.holes)) for line in template.lines)
    holes = {
        piece
        for line in template.lines
        if apart or is_secret_key(line.key)
        for piece in line.pieces
        if isinstance(piece, int)
    }
    named = next((line.pieces[1] for line in template.lines if len(line.pieces) > 1), -1)
    return frozenset(holes - {named} if apart else holes)


def mask_row(row: str, template: Template, signs: Signs) -> str:
    """The row with `…` for its secrets."""
    label = row.partition(signs.separator)[0]
    holes = secret_holes(template)
    cells = [
        GONE if at in holes or _VALUE.search(cell) else mask_line(cell) if at >= template.holes else cell
        for at, cell in enumerate(signs.cells(row))
    ]
    return signs.row(label, cells)


def _mask_pieces(line: Line) -> Line:
    said = "".join(piece for piece in line.pieces if isinstance(piece, str))
    if len(line.pieces) > 1 or mask_line(said) == said:
        return line
    return replace(line, pieces=(mask_line(said),))


def below_secrets(lines: Sequence[str], parents: Sequence[int]) -> list[bool]:
    """Which lines stand below a key that names a secret, or in a document of secrets, where all values are ones."""
    apart = _in_documents(lines)
    found: list[bool] = []
    for at, parent in enumerate(parents):
        inherited = parent >= 0 and (found[parent] or is_secret_key(shape_of(lines[parent]).key))
        in_data = apart[at] and parent >= 0 and lines[parent].strip() in ("data:", "stringData:", "encryptedData:")
        found.append(inherited or in_data or (parent >= 0 and apart[at] and found[parent]))
    return found


def _in_documents(lines: Sequence[str]) -> list[bool]:
    apart = [False] * len(lines)
    start, held = 0, False
    for at, line in enumerate([*lines, "---"]):
        if line.startswith("---"):
            apart[start:at] = [held] * (at - start)
            start, held = at, False
        held = held or keeps_apart(line)
    return apart
