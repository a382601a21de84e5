"""A document of which only some rows are shown: the ones that matter, an even sample, and what the others hold.

The rows are those of `text.rows`, by whose numbers `headroom_retrieve` gives them back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any

from headroom_core.compressors.json_docs.choosing import Readings, evidence_of, inner_scores
from headroom_core.compressors.json_docs.columns import Column
from headroom_core.compressors.json_docs.documents import HOLE, Writer
from headroom_core.compressors.json_docs.drawing import LABELS, Groups, Table
from headroom_core.compressors.json_docs.embedding import Embedded, embedded
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
SLIGHT = 0.1  # of a reason to show a row: one that is worth less counts among the rows of its own array only
EDGES_SHARE = 0.5  # of what is left for rows, that both ends of several arrays may take


@dataclass(frozen=True, slots=True)
class Elided:
    """What is shown, and which rows are not."""

    shown: str
    hidden: Hidden | None  # None where every row is shown, but some cells are cut


@dataclass(frozen=True, slots=True)
class Array:
    """A large array of a document, as a table."""

    table: Table
    path: str
    first: int  # the number of its first row: they count through all large arrays of the document
    identity: Column | None  # by which its rows are called

    @property
    def numbers(self) -> range:
        """The numbers of its rows."""
        return range(self.first, self.first + len(self.table.lines))


@dataclass(frozen=True, slots=True)
class Elision:
    """A document made ready: its large arrays as tables, what stands around them, and why which rows matter."""

    arrays: Sequence[Array]
    around: Sequence[str]  # the document up to the first array, between two, and behind the last
    total: int  # rows, those of arrays that are shown whole in any case counted in
    ranking: Sequence[int]  # numbers of rows that have a good reason to be shown, best first
    slight: Sequence[int]  # and of those that have a slight one
    readings: Readings
    tick: Callable[[], None]

    def within(self, room: int) -> Elided | None:
        """The document in about `room` characters; None where so little says nothing."""
        left = room - sum(map(len, self.around)) - len(self.arrays)
        if left < MIN_ROOM:
            return None
        pick = _Picking(self, left)
        chosen = pick.rows()
        pieces = [self.around[0]]
        hidden: list[int] = []
        for array, after in zip(self.arrays, self.around[1:], strict=True):
            gone = [number for number in array.numbers if number not in chosen]
            pieces += [_show(pick, array, [number for number in array.numbers if number in chosen], gone), after]
            hidden += gone
        return Elided("".join(pieces), Hidden("rows", to_ranges(hidden), self.total) if hidden else None)


def prepare(text: str, documents: list[object], tables: Tables, guidance: Guidance) -> Elision | None:
    """What is needed to leave rows out of the text, or None where it has no rows.

    `tables` are those with which the documents were written whole: what it drew isn't drawn again.
    """
    found = rows_of(text)
    above: list[object] = []
    arrays: list[Array] = []
    holders: list[object] = []
    for rows in found:
        holder, steps = _follow(documents, rows)
        if type(holder) in (list, dict):
            holders.append(holder)
            above += steps
            table = tables.rows(holder, "documents" if rows.form == "documents" else "rows")  # type: ignore[arg-type]
            arrays.append(Array(table, rows.path, rows.first, identity_of(table)))
    if not arrays:
        return None
    written = HOLE if holders[0] is documents else Writer(tables, holders, above).documents(documents)
    around = written.split(HOLE)
    if len(around) != len(arrays) + 1:
        return None
    sources = list(chain.from_iterable(rows.rows for rows in found))
    tabled = {array.first - 1: array.table for array in arrays}
    readings = Readings()
    evidence = evidence_of(tabled, guidance.question, sources, readings, guidance.tick)
    ranked = evidence.ranked()
    good = [row + 1 for row, worth in ranked if worth >= SLIGHT]
    slight = [row + 1 for row, worth in ranked if worth < SLIGHT]
    return Elision(arrays, around, len(sources), good, slight, readings, guidance.tick)


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
            value = embedded(value)
            holder[step] = value or holder[step]
        if type(value) is Embedded:
            value = value.document
    return value, above


class _Picking:
    """Rows chosen so that what they take, cut where they are long, fits the room. Sizes in characters."""

    def __init__(self, elision: Elision, room: int) -> None:
        self.arrays = elision.arrays
        self.total = elision.total
        self._room = room
        self._ranking = elision.ranking
        self._slight = elision.slight
        self._readings = elision.readings
        self._tick = elision.tick
        self._inner: dict[int, Sequence[float]] = {}
        self._shorteners = {array.first: Shortener(array.table, self._inner_scores) for array in self.arrays}
        rows = sum(len(array.table.lines) for array in self.arrays)
        self._longest = max(2 * MIN_HEAD, int(ROWS_SHARE * room) // min(rows, WANTED_ROWS))

    def line(self, array: Array, number: int) -> str:
        """A row as it is shown: with its long cells cut, where it takes more than its share."""
        return self._shorteners[array.first].line(number - array.first, self._longest)

    def rows(self) -> set[int]:
        """The numbers of the chosen rows."""
        self._tick()
        sizes = {
            number: len(self.line(array, number)) + NUMBER_SIZE for array in self.arrays for number in array.numbers
        }
        left: float = self._room - sum(len(header) for array in self.arrays for header in array.table.headers)
        if sum(sizes.values()) <= left:
            return set(sizes)
        left -= SUMMARY_SHARE * self._room + sum(len(self.identities(array, array.numbers)) for array in self.arrays)
        chosen: set[int] = set()
        least = EDGES_SHARE * left if len(self.arrays) > 1 else 0
        for number in self._in_turns(lambda array: _edges(array.numbers)):
            if number not in chosen and sizes[number] <= left - least:
                chosen.add(number)
                left -= sizes[number]
        for number in chain(self._ranking, self._in_turns(self._ordinary)):
            if number in sizes and number not in chosen and sizes[number] <= left:
                chosen.add(number)
                left -= sizes[number]
            if left < NUMBER_SIZE:
                break
        return chosen

    def identities(self, array: Array, hidden: Sequence[int]) -> str:
        """The line that lists the hidden rows' ids; empty where they have none, or too long ones."""
        if array.identity is None:
            return ""
        places = [number - array.first for number in hidden]
        return identities(array.identity, places, int(self._room * IDENTITY_SHARE) // len(self.arrays))

    def summary(self, array: Array, hidden: Sequence[int]) -> list[str]:
        """What the hidden rows hold, in few lines."""
        places = [number - array.first for number in hidden]
        room = int(self._room * SUMMARY_SHARE) // len(self.arrays)
        return summarise(array.table, places, room, self._readings)

    def _in_turns(self, order: Callable[[Array], Iterable[int]]) -> Iterator[int]:
        """The rows in that order, one of each array after the other: a small array has as much to tell as a large."""
        turns = zip_longest(*map(order, self.arrays))
        return (number for turn in turns for number in turn if number is not None)

    def _ordinary(self, array: Array) -> Iterator[int]:
        """The rows that hardly have a reason, and an even sample."""
        yield from (number for number in self._slight if number in array.numbers)
        yield from (array.first + place for place in evenly(len(array.table.lines)))

    def _inner_scores(self, groups: Groups) -> Sequence[float]:
        known = self._inner.get(id(groups))
        if known is None:
            known = self._inner[id(groups)] = inner_scores(groups, self._tick)
        return known


def _edges(numbers: range) -> Iterator[int]:
    """Both ends and the middle."""
    yield from numbers[:FIRST]
    yield from numbers[-LAST:]
    yield numbers[len(numbers) // 2]


def _show(pick: _Picking, array: Array, chosen: Sequence[int], hidden: Sequence[int]) -> str:
    table, separator = array.table, array.table.dialect.separator
    several = len(table.lines) < pick.total
    shown = [pick.line(array, number) for number in chosen]
    if several and shown == table.lines:
        return table.text()
    where = f" of {array.path}" if array.path else ""
    if several:
        where += f" ({array.numbers[0]}-{array.numbers[-1]})"
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
    for number, line in zip(chosen, shown, strict=True):
        lines.append(f"{number}{separator}{labels[number - array.first]}{line}")
    if hidden:
        lines += pick.summary(array, hidden)
        ids = pick.identities(array, hidden)
        if ids:
            lines.append(ids)
    return "\n".join([*lines, "]" if table.opening == "[" else "}"])
