"""The outline of a text: what is folded of its code, and how that is shown."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from headroom_core.compressors.source_code.drawing import Pen
from headroom_core.compressors.source_code.framing import Framed
from headroom_core.compressors.source_code.grammars import parse
from headroom_core.compressors.source_code.keys import CONTRACT, NOTES, rows_with, telling_rows
from headroom_core.compressors.source_code.languages import Language
from headroom_core.compressors.source_code.long_lines import cut
from headroom_core.compressors.source_code.measures import Measure
from headroom_core.compressors.source_code.pointing import pointed_at
from headroom_core.compressors.source_code.skimming import skim
from headroom_core.compressors.source_code.walking import Fold, Walk
from headroom_core.text.asked import question_words

if TYPE_CHECKING:
    from tree_sitter import Node

BROKEN_SHARE = 0.3  # of the rows, that couldn't be read: then the text may not be what it was taken for
LEAST_FOUND = 3  # bodies, by which it is all the same
WHOLE_SHARE = 0.6  # of the rows, in one body: then that body is what the agent wants to see


@dataclass(frozen=True, slots=True)
class Drawn:
    """An outline."""

    shown: str
    hidden: tuple[tuple[int, int], ...]  # lines of the text, counted from 1
    folds: tuple[tuple[Fold, str], ...]  # what is folded of the code, each with its line


class Outliner:
    """Outlines one text: it is read once, and may be drawn in several measures."""

    def __init__(
        self, framed: Framed, language: Language, question: str, tick: Callable[[], None], first_line: int = 1
    ) -> None:
        self._framed = framed
        self._language = language
        self._tick = tick
        self._first_line = first_line
        self._code = "".join(framed.code)
        self._starts = list(accumulate(map(len, framed.code), initial=0))
        self._words = question_words(question)
        self._skimmed = skim(self._code, language, tick)
        self._root = self._parsed()
        notes = rows_with(NOTES, self._code, self._starts)
        self._telling = sorted(notes | telling_rows(language, self._code, framed.code, self._starts))
        self._promising = sorted(notes | rows_with(CONTRACT, self._code, self._starts))

    def draw(self, measure: Measure) -> Drawn | None:
        """The outline in this measure; None where nothing can be folded, or nothing could be read."""
        if self._root is None:
            return None
        self._tick()
        offset = self._framed.first + self._first_line
        pen = Pen(self._language, measure, self._framed.code, self._telling, self._promising, offset)
        folds = self._folds(self._root, measure, pen)
        return compose(self._framed, folds) if folds else None

    def is_code(self, drawn: Drawn) -> bool:
        """Whether the outline can be parsed where the code could be."""
        if self._root is None or self._root.has_error:
            return True
        root = parse(self._language, _composed(self._framed.code, drawn.folds, 0), self._tick)
        return root is not None and not root.has_error

    def _parsed(self) -> Node | None:
        """The root of the code, bodies emptied where that does no harm; what is broken in them is out of the way."""
        root = parse(self._language, self._skimmed.code, self._tick)
        if root is not None and root.has_error and self._skimmed.bodies:
            whole = parse(self._language, self._code, self._tick)
            if whole is not None and not whole.has_error:
                return whole
        return root

    def _folds(self, root: Node, measure: Measure, pen: Pen) -> list[tuple[Fold, str]]:
        """What is folded, in order, each with the line that is shown for it."""
        walk = Walk(self._language, measure, self._framed.code, self._tick)
        walk.inside(root)
        rows = len(self._framed.code)
        found = walk.folds
        if _broken_rows(root) > BROKEN_SHARE * rows:
            found += self._by_layout(measure)
            if len(found) < LEAST_FOUND:
                return []
        folds = [fold for fold in _apart(found) if walk.heads or fold.form == "values"]
        folds = [fold for fold in folds if fold.form != "body" or fold.last - fold.first < WHOLE_SHARE * rows]
        shown_whole = pointed_at(self._words, folds, self._code, self._starts, measure.asked_chars)
        kept = []
        for index, fold in enumerate(folds):
            if index not in shown_whole:
                line = pen.spell(fold)
                if self._starts[fold.last + 1] - self._starts[fold.first] - len(line) >= measure.gain:
                    kept.append((fold, line))
        return kept

    def _by_layout(self, measure: Measure) -> list[Fold]:
        """The bodies whose indentation leaves no doubt where they end."""
        folds = []
        for start, end in self._skimmed.bodies:
            first = bisect_right(self._starts, start) - 1
            last = bisect_right(self._starts, start + len(self._code[start:end].rstrip())) - 1
            if last - first + 1 >= measure.body:
                folds.append(Fold(first, last, "body", empty=True))
        return folds


def _broken_rows(root: Node) -> int:
    """Rows of what couldn't be read, at the outermost level."""
    return sum(node.end_point[0] - node.start_point[0] for node in (root, *root.children) if node.is_error)


def _apart(folds: Sequence[Fold]) -> list[Fold]:
    """The folds in order; one within another goes, and neighbours become one."""
    apart: list[Fold] = []
    for fold in sorted(folds, key=lambda each: (each.first, -each.last)):
        before = apart[-1] if apart else None
        if before is not None and fold.first <= before.last:
            continue
        if before is not None and fold.first == before.last + 1 and _are_one(before, fold):
            apart[-1] = replace(before, last=fold.last, form="run")
        else:
            apart.append(fold)
    return apart


def _are_one(before: Fold, fold: Fold) -> bool:
    """Whether two neighbours, comments or statements, may be said in one line."""
    return all(each.form in ("doc", "run") for each in (before, fold))


def compose(framed: Framed, folds: Sequence[tuple[Fold, str]]) -> Drawn | None:
    """What is shown of a text whose folds are known, lines that are too long cut inside; None where it is all of it."""
    offset = framed.first + 1
    folded = [(fold.first + offset, fold.last + offset) for fold, _ in folds]
    short = cut(framed.lines, folded)
    lines = list(framed.lines)
    for number, line in short.items():
        lines[number - 1] = line
    hidden = sorted([*folded, *((number, number) for number in short)])
    return Drawn(_composed(lines, folds, framed.first), tuple(hidden), tuple(folds)) if hidden else None


def _composed(lines: Sequence[str], folds: Sequence[tuple[Fold, str]], offset: int) -> str:
    """The lines, with the line of each fold in place of what it hides; rows count from `offset`."""
    parts: list[str] = []
    at = 0
    for fold, line in folds:
        parts += lines[at : fold.first + offset]
        parts.append(line)
        at = fold.last + 1 + offset
    parts += lines[at:]
    return "".join(parts)
