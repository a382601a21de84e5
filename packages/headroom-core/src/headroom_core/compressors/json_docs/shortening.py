"""Rows written within a given length: long cells are cut, with their head in sight and the rest counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from headroom_core.compressors.json_docs.drawing import Drawn, Groups, Table

MIN_HEAD = 80  # characters of a cell that is cut: enough to know it again

InnerScores = Callable[[Groups], Sequence[float]]


class Shortener:
    """Writes the rows of a table within a length, where their cells allow it."""

    def __init__(self, table: Table, inner_scores: InnerScores) -> None:
        self._table = table
        self._inner_scores = inner_scores
        self._places: list[tuple[int, int]] = [(0, 0)] * len(table.lines)  # of each row its kind, and its place in it
        for at, kind in enumerate(table.kinds):
            for place, number in enumerate(kind.rows):
                self._places[number] = (at, place)

    def line(self, number: int, longest: int) -> str:
        """The row, counted from 0, in about `longest` characters; more where its cells are many but short."""
        whole = self._table.lines[number]
        if len(whole) <= longest:
            return whole
        at, place = self._places[number]
        drawn = self._table.drawn[at]
        if not drawn:
            return cut(whole, max(MIN_HEAD, longest))
        cells = [column.cells[place] if column.cells else "" for column in drawn]
        limit = _water_level([len(text) for text in cells], longest)
        shown = [
            text if len(text) <= limit else self._cell(column, place, text, limit)
            for column, text in zip(drawn, cells, strict=True)
        ]
        pairs = list(zip(drawn, shown, strict=True))
        separator = self._table.dialect.separator
        fixed = separator.join([text for column, text in pairs if column.cells is not None and not column.label])
        extras = [separator + column.label + text for column, text in pairs if column.label and text]
        return fixed + "".join(extras)

    def _cell(self, column: Drawn, place: int, text: str, limit: int) -> str:
        span = column.groups.spans[place] if column.groups else None
        if column.groups is None or span is None or span[1] - span[0] == 1:
            return cut(text, limit)
        return self._some_groups(column.groups, span, limit)

    def _some_groups(self, groups: Groups, span: tuple[int, int], limit: int) -> str:
        """The objects of a cell that matter most, each on its place, and how many there are."""
        found = self._inner_scores(groups)
        lines = groups.table.lines
        longest = max(MIN_HEAD, limit // 3)
        chosen: list[int] = []
        left = limit
        for at in sorted(range(*span), key=lambda at: (-found[at], at)):
            size = min(len(lines[at]), longest + 25) + 2
            if size > left and chosen:
                break
            chosen.append(at)
            left -= size
        pieces = []
        before = span[0] - 1
        for at in sorted(chosen):
            gap = "" if at == before + 1 else "..."
            pieces.append(f"{gap}({cut(lines[at], longest)})")
            before = at
        return f"{''.join(pieces)}...[{len(chosen)} of {span[1] - span[0]} shown]"


def cut(text: str, longest: int) -> str:
    """The head of a long text, and how much more there is."""
    return text if len(text) <= longest + 25 else f"{text[:longest]}...[+{len(text) - longest} characters]"


def _water_level(lengths: list[int], room: int) -> int:
    """To what length the longest must be cut for all to fit the room; never below `MIN_HEAD`."""
    left, open_ = room, len(lengths)
    for length in sorted(lengths):
        share = left // open_
        if length > share:
            return max(MIN_HEAD, share)
        left -= length
        open_ -= 1
    return max(MIN_HEAD, room)
