"""Which blocks of a page are shown, and how the others are counted in their place."""

from __future__ import annotations

import re

from headroom_core.compressors.web_pages.walking import Piece

LONG = 80  # letters of a block that says something
LINKED = 0.5  # of a block's letters in links, from which on it only leads elsewhere
MAIN = 0.75  # of the long text that the main part holds
LABELS = 3  # of a fold that are named
LABEL_CHARS = 40
_HEADING, _PAGE_HEADING = "#", "# "

_LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")


def fold(pieces: list[Piece], *, strong: bool) -> str:
    """The page as text. Where it has no long text, as an app or a list of hits, only its frame is folded."""
    first, last = _main(pieces)
    told = _in_sections(pieces)
    lines: list[str] = []
    run: list[Piece] = []
    for number, piece in enumerate(pieces):
        within = first <= number <= last or number in told
        if not piece.keeps and _folds(piece, within=within, strong=strong):
            run.append(piece)
            continue
        _flush(run, lines, strong=strong)
        said = _LINK.sub(r"\1", piece.shown) if strong else piece.shown
        if not (lines and lines[-1] == said):
            lines.append(said)
    _flush(run, lines, strong=strong)
    return "\n".join(lines) + "\n"


def show_all(pieces: list[Piece]) -> str:
    """The page with every link, field and button; only what stands twice in a row is said once."""
    lines: list[str] = []
    for piece in pieces:
        if not (lines and lines[-1] == piece.shown):
            lines.append(piece.shown)
    return "\n".join(lines) + "\n"


def is_good(piece: Piece) -> bool:
    """Whether it is text that a reader came for: long, and not mostly links."""
    return not piece.keeps and piece.letters >= LONG and piece.link_letters < LINKED * piece.letters


def _folds(piece: Piece, *, within: bool, strong: bool) -> bool:
    if is_good(piece):
        return bool(piece.zone) and (strong or piece.zone == "nav")
    return bool(piece.zone) or not within or (strong and _leads(piece))


def _leads(piece: Piece) -> bool:
    """Whether it mostly leads elsewhere."""
    return piece.letters > 0 and piece.link_letters >= LINKED * piece.letters


def _flush(run: list[Piece], lines: list[str], *, strong: bool) -> None:
    """Say of a run how much it holds; a single short block is shown, as it costs no more than its count."""
    if not run:
        return
    labels = [label for piece in run for label in piece.labels]
    if len(run) == 1 and len(run[0].shown) <= LABEL_CHARS:
        lines.append(run[0].shown)
    else:
        zone = run[0].zone if all(piece.zone == run[0].zone for piece in run) else ""
        named = [] if strong else [label for label in labels if len(label) <= LABEL_CHARS][:LABELS]
        count = f"{len(labels)} links" if labels else f"{len(run)} blocks"
        lines.append(f"~ {zone} {count}".replace("  ", " ") + (f": {', '.join(named)}" if named else ""))
    run.clear()


def _in_sections(pieces: list[Piece]) -> set[int]:
    """Blocks of sections that hold a long text, wherever they stand: from their heading on, and the page's heading.

    A heading stands with its text, also where another one stands between; a list or a table, with what tells of it.
    """
    told: set[int] = set()
    section: list[int] = []
    for number, piece in enumerate([*pieces, Piece(_HEADING)]):
        if piece.shown.startswith(_HEADING) and not piece.zone:
            if any(is_good(pieces[at]) for at in section):
                told.update(section)
            told.update(at for at in section if pieces[at].shown.startswith(_PAGE_HEADING))
            heads = section if all(pieces[at].shown.startswith(_HEADING) for at in section) else []
            section = [*heads, number]
        elif not piece.zone:
            section.append(number)
    return {number for number in told if not _leads(pieces[number])}


def _main(pieces: list[Piece]) -> tuple[int, int]:
    """First and last block of the shortest stretch that holds most of the long text; all, where there is none."""
    good = [number for number, piece in enumerate(pieces) if is_good(piece) and not piece.zone]
    wanted = MAIN * sum(pieces[number].letters for number in good)
    if not good:
        return 0, len(pieces)
    best, held, start = (good[0], good[-1]), 0, 0
    for number in good:
        held += pieces[number].letters
        while held - pieces[good[start]].letters >= wanted:
            held -= pieces[good[start]].letters
            start += 1
        if held >= wanted and number - good[start] < best[1] - best[0]:
            best = (good[start], number)
    return best
