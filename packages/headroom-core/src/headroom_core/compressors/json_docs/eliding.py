"""A document of which only some rows are shown: the ones that matter, an even sample, and what the others hold.

The rows are those of `text.rows`, by whose numbers `headroom_retrieve` gives them back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from headroom_core.compressors.json_docs.choosing import evidence_of, inner_scores
from headroom_core.compressors.json_docs.columns import Column
from headroom_core.compressors.json_docs.documents import HOLE, Writer
from headroom_core.compressors.json_docs.drawing import LABELS, Groups, Table
from headroom_core.compressors.json_docs.embedding import embedded
from headroom_core.compressors.json_docs.shortening import MIN_HEAD, Shortener
from headroom_core.compressors.json_docs.summary import identities, identity_of, summarise
from headroom_core.compressors.json_docs.tables import Tables
from headroom_core.text.evidence import FIRST, LAST, evenly
from headroom_core.text.lines import to_ranges
from headroom_core.text.rows import Rows, rows_of
from headroom_core.types import Guidance, Hidden

NUMBER_SIZE = 5  # characters that the row's number takes, and what stands around it
MIN_ROOM = 600  # characters; in less no row, header and summary can stand
WANTED_ROWS = 24  # that a budget should have room for; longer rows have their long cells cut
ROWS_SHARE = 0.75  # of the budget that these rows may take together
SUMMARY_SHARE = 0.15  # of the budget at most for what the hidden rows hold
IDENTITY_SHARE = 0.5  # and for their ids


@dataclass(frozen=True, slots=True)
class Elided:
    """What is shown, and which rows are not."""

    shown: str
    hidden: Hidden | None  # None where every row is shown, but some cells are cut


@dataclass(frozen=True, slots=True)
class Elision:
    """A document made ready: its rows as a table, what stands around them, and why which rows matter."""

    table: Table
    around: str  # the document, `HOLE` where its rows stand
    path: str
    ranking: Sequence[int]  # rows that have a reason to be shown, best first
    identity: Column | None  # by which the rows are called
    tick: Callable[[], None]

    def within(self, room: int) -> Elided | None:
        """The document in about `room` characters; None where so little says nothing."""
        left = room - len(self.around)
        if left < MIN_ROOM:
            return None
        pick = _Picking(self, left)
        chosen = pick.rows()
        hidden = sorted(set(range(len(self.table.lines))) - set(chosen))
        shown = self.around.replace(HOLE, _show(pick, chosen, hidden, self.path))
        ranges = to_ranges(number + 1 for number in hidden)
        return Elided(shown, Hidden("rows", ranges, len(self.table.lines)) if hidden else None)


def prepare(text: str, documents: list[object], tables: Tables, guidance: Guidance) -> Elision | None:
    """What is needed to leave rows out of the text, or None where it has no rows.

    `tables` are those with which the documents were written whole: what it drew isn't drawn again.
    """
    found = rows_of(text)
    holder, above = _follow(documents, found) if found else (None, [])
    if found is None or not isinstance(holder, list | dict):
        return None
    unit = "documents" if found.form == "documents" else "rows"
    table = tables.rows(holder, unit)
    around = HOLE if holder is documents else Writer(tables, holder, above).documents(documents)
    if around.count(HOLE) != 1:
        return None
    evidence = evidence_of(table, guidance.question, lambda: found.rows, guidance.tick)
    return Elision(table, around, found.path, evidence.ranking(), identity_of(table), guidance.tick)


def _follow(documents: list[object], found: Rows) -> tuple[object, list[object]]:
    """The value that holds the rows, and the values that lead to it, which can't be tables then.

    A string on the way is replaced, in its place, by the document that it holds.
    """
    if found.form == "documents":
        return documents, []
    value: object = documents if len(documents) > 1 else documents[0]
    above: list[object] = []
    for step in found.steps:
        above.append(value)
        holder: Any = value
        if not (isinstance(value, dict) and isinstance(step, str)) and not (
            isinstance(value, list) and isinstance(step, int)
        ):
            return None, []
        value = holder[step]
        if type(value) is str:
            holder[step] = inside = embedded(value)
            value = inside.document if inside else None
    return value, above


class _Picking:
    """Rows chosen so that what they take, cut where they are long, fits the room. Sizes in characters."""

    def __init__(self, elision: Elision, room: int) -> None:
        self.table = table = elision.table
        self.room = room
        self._ranking = elision.ranking
        self._identity = elision.identity
        self._tick = elision.tick
        self._inner: dict[int, Sequence[float]] = {}
        self._shortener = Shortener(table, self._inner_scores)
        self._longest = max(2 * MIN_HEAD, int(ROWS_SHARE * room) // min(len(table.lines), WANTED_ROWS))

    def line(self, number: int) -> str:
        """A row as it is shown: with its long cells cut, where it takes more than its share."""
        return self._shortener.line(number, self._longest)

    def rows(self) -> list[int]:
        """The chosen rows, counted from 0, ascending."""
        count = len(self.table.lines)
        self._tick()
        sizes = [len(self.line(number)) + NUMBER_SIZE for number in range(count)]
        left: float = self.room - sum(map(len, self.table.headers))
        if sum(sizes) <= left:
            return list(range(count))
        left -= SUMMARY_SHARE * self.room + len(self.identities(range(count)))
        edges = [*range(min(FIRST, count)), *range(max(0, count - LAST), count), count // 2]
        chosen: set[int] = set()
        for number in (*edges, *self._ranking, *evenly(count)):
            if number not in chosen and sizes[number] <= left:
                chosen.add(number)
                left -= sizes[number]
            if left < NUMBER_SIZE:
                break
        return sorted(chosen)

    def identities(self, hidden: Sequence[int]) -> str:
        """The line that lists the hidden rows' ids; empty where they have none, or too long ones."""
        return identities(self._identity, hidden, int(self.room * IDENTITY_SHARE)) if self._identity else ""

    def _inner_scores(self, groups: Groups) -> Sequence[float]:
        known = self._inner.get(id(groups))
        if known is None:
            known = self._inner[id(groups)] = inner_scores(groups, self._tick)
        return known


def _show(pick: _Picking, chosen: Sequence[int], hidden: Sequence[int], path: str) -> str:
    table = pick.table
    separator = table.dialect.separator
    where = f" of {path}" if path else ""
    lines = [f"{table.opening}{len(chosen)} of {len(table.lines)} {table.unit}{where}"]
    labels = [""] * len(table.lines)
    if len(table.kinds) == 1:
        lines[0] += f"{table.dialect.mark}#{separator}{table.headers[0]}"
    else:
        lines[0] += f", {len(table.kinds)} kinds:"
        for label, kind, header in zip(LABELS, table.kinds, table.headers, strict=False):
            lines.append(f"#{separator}{label}: {header}")
            for number in kind.rows:
                labels[number] = label + separator
    lines += [f"{number + 1}{separator}{labels[number]}{pick.line(number)}" for number in chosen]
    if hidden:
        lines += summarise(table, hidden, int(pick.room * SUMMARY_SHARE))
        ids = pick.identities(hidden)
        if ids:
            lines.append(ids)
    return "\n".join([*lines, "]" if table.opening == "[" else "}"])
