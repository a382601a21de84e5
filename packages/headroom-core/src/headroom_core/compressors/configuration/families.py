"""Families of blocks that look alike, each with a block with holes that all its members are rows of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from headroom_core.compressors.configuration.notation import INSTEAD, SOMETHING, WITHOUT, Line, Signs, Template
from headroom_core.compressors.configuration.shapes import Shape, shape_of, title_shape_of

LIKE = 0.6  # of the lines, that two blocks must share to be of one family
MOST_FAMILIES = 40
MOST_EXTRA, EXTRA = 1.5, 10  # lines a family may have, against its first member: with more nobody reads it any more
RARE = 0.05  # of the blocks: a key that less of them have gets no line of its own
USUAL, USUAL_FROM = 0.9, 10  # share of the members, and their number, from which on exceptions are said instead
FEWEST = 2  # members

Key = tuple[str, ...]  # the fixed pieces of a line


@dataclass(slots=True)
class Family:
    """Blocks, as their lines and shapes, and the lines that they have together."""

    base: frozenset[Key]  # of its first member
    keys: list[Key]  # of the lines of all, in order, runs of one key said once
    members: list[Member] = field(default_factory=list)


@dataclass(slots=True)
class Member:
    """One block."""

    first: int  # its place among the lines of the text
    lines: list[str]
    shapes: list[Shape]
    keys: list[Key] = field(default_factory=list)  # runs of one key said once
    runs: list[int] = field(default_factory=list)  # lines of each

    @classmethod
    def of(cls, first: int, lines: list[str]) -> Member:
        """A block that begins at line `first`, counted from 0."""
        return cls(first, lines, [title_shape_of(lines[0]), *map(shape_of, lines[1:])])

    def set_keys(self, spread: Mapping[Key, int], least: float) -> None:
        """Say which keys it has; those that less than `least` blocks have are one with others as deep."""
        keys = [shape.fixed if spread[shape.fixed] >= least else _any(shape.fixed) for shape in self.shapes]
        for key, run in groupby(keys):
            self.keys.append(key)
            self.runs.append(len(list(run)))


def families_of(members: Sequence[Member], tick: Callable[[], None]) -> list[Family]:
    """Families of at least two, those of most lines first."""
    spread = Counter(key for member in members for key in {shape.fixed for shape in member.shapes})
    alike: dict[tuple[Key, ...], list[Member]] = {}
    for member in members:
        member.set_keys(spread, max(FEWEST, RARE * len(members)))
        alike.setdefault(tuple(member.keys), []).append(member)
    families: list[Family] = []
    for keys, found in sorted(alike.items(), key=lambda each: -len(each[0]) * len(each[1])):
        tick()
        family = _nearest(families, keys)
        if family is None:
            if len(families) == MOST_FAMILIES:
                continue
            family = Family(frozenset(keys), list(keys))
            families.append(family)
        family.members += found
    return [family for family in families if len(family.members) >= FEWEST]


def _nearest(families: Sequence[Family], keys: tuple[Key, ...]) -> Family | None:
    """The first family that the block can be one of, its keys made to hold those of the block."""
    wanted = set(keys)
    for family in families:
        if family.keys[0] != keys[0] or len(wanted & family.base) < LIKE * max(len(wanted), len(family.base)):
            continue
        merged = _merged(family.keys, keys)
        if len(merged) <= MOST_EXTRA * len(family.base) + EXTRA:
            family.keys = merged
            return family
    return None


def _merged(known: Sequence[Key], keys: Sequence[Key]) -> list[Key]:
    """The known keys in their order, those that are new put in where they stand."""
    merged: list[Key] = []
    at = 0
    rest = Counter(known)
    for key in keys:
        if rest[key] > 0:
            while known[at] != key:
                rest[known[at]] -= 1
                merged.append(known[at])
                at += 1
            rest[key] -= 1
            at += 1
        merged.append(key)
    return [*merged, *known[at:]]


def _places(keys: Sequence[Key], member: Member) -> list[list[int]] | None:
    """Which lines of the member stand at each key; None where they don't follow the order of the keys."""
    places: list[list[int]] = []
    run = line = 0
    for key in keys:
        if run < len(member.keys) and member.keys[run] == key:
            places.append(list(range(line, line + member.runs[run])))
            line += member.runs[run]
            run += 1
        else:
            places.append([])
    return places if run == len(member.keys) else None


@dataclass(frozen=True, slots=True)
class Rows:
    """A family, written."""

    template: Template
    rows: tuple[tuple[Member, list[str]], ...]  # each member with its cells


def write(family: Family, signs: Signs) -> Rows | None:
    """The block with holes, as a legend gives it, and the members that are rows of it; None where less than two are."""
    placed = [(member, places) for member in family.members if (places := _places(family.keys, member)) is not None]
    if len(placed) < FEWEST:
        return None
    writer = _Writer([member for member, _ in placed])
    for at, key in enumerate(family.keys):
        writer.add(key, [places[at] for _, places in placed])
    template = Template(tuple(line.read_back(signs) for line in writer.lines))
    cells = zip(*writer.columns, strict=True) if writer.columns else [()] * len(placed)
    rows = []
    for (member, _), own, more in zip(placed, cells, writer.more, strict=True):
        row = [*own, *more]
        if template.fill(row) == member.lines:
            rows.append((member, row))
    return Rows(template, tuple(rows)) if len(rows) >= FEWEST else None


class _Writer:
    """Makes the lines of the block with holes, one key after the other, and the cells of all members beside them."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.lines: list[Line] = []
        self.columns: list[list[str]] = []
        self.more: list[list[str]] = [[] for _ in members]
        self._members = members
        self._known: dict[tuple[str | None, ...], int] = {}

    def add(self, key: Key, places: Sequence[list[int]]) -> None:
        """Add the lines of one key. `places` are those of each member, of which most have equally many."""
        counts = Counter(len(place) for place in places)
        usual = 0 if key == _any(key) else max(sorted(counts), key=lambda count: counts[count])
        for number in range(usual):
            # Who has fewer lacks the first ones, as a reader of the row takes them.
            column = [
                None if number < usual - len(place) else place[number - max(0, usual - len(place))] for place in places
            ]
            self._add_fixed(key, column)
        if any(count > usual for count in counts):
            text = SOMETHING.join(key) if len(key) > 1 else key[0]
            line = Line((text,), _indent(text), Shape(key, ()).key, optional=True)
            self.lines.append(line)
            for member, more, place in zip(self._members, self.more, places, strict=True):
                more += [member.lines[at][len(line.indent) :] for at in place[usual:]]

    def _add_fixed(self, key: Key, column: Sequence[int | None]) -> None:
        """Add a line that most members have; `column` says which of their lines it is."""
        name, indent = Shape(key, ()).key, _indent(key[0])
        instead = self._usual(key, column)
        pieces: list[str | int] = [key[0]]
        for at, fixed in enumerate(key[1:]):
            if instead is not None:
                pieces += [instead, fixed]
                continue
            values = [
                None if place is None else member.shapes[place].values[at]
                for member, place in zip(self._members, column, strict=True)
            ]
            pieces += [*self._hole(values), fixed]
        self.lines.append(Line(_joined(pieces), indent, name))
        for member, more, place in zip(self._members, self.more, column, strict=True):
            if place is None:
                more.append(WITHOUT + name)
            elif instead is not None and member.shapes[place].values[0] != instead:
                more.append(INSTEAD + member.lines[place][len(indent) :])

    def _usual(self, key: Key, column: Sequence[int | None]) -> str | None:
        """The value that nearly all members have, where there is one, but not all."""
        if len(key) != 2 or len(self._members) < USUAL_FROM:
            return None
        counts = Counter(
            member.shapes[place].values[0]
            for member, place in zip(self._members, column, strict=True)
            if place is not None
        )
        value, times = max(counts.items(), key=lambda each: each[1])
        return value if len(counts) > 1 and times >= USUAL * len(self._members) else None

    def _hole(self, values: Sequence[str | None]) -> list[str | int]:
        """What stands for the values: the one value, or the number of their column, with the quotes around it."""
        known = {value for value in values if value is not None}
        if len(known) == 1:
            return [next(iter(known))]
        quote = next(iter(known))[:1]
        bare = quote in ("'", '"') and all(len(v) > 1 and v[0] == v[-1] == quote and v.count(quote) == 2 for v in known)
        column = tuple(value[1:-1] if bare and value else value for value in values)
        if column not in self._known:
            self._known[column] = len(self.columns)
            self.columns.append([value or "" for value in column])
        hole = self._known[column]
        return [quote, hole, quote] if bare else [hole]


def _any(key: Key) -> Key:
    """The key that stands for all rare ones that are as deep as this."""
    return (_indent(key[0]) + SOMETHING,)


def _indent(text: str) -> str:
    return text[: len(text) - len(text.lstrip())]


def _joined(pieces: Sequence[str | int]) -> tuple[str | int, ...]:
    """The pieces with neighbouring texts in one, texts and holes by turns as a legend is read."""
    joined: list[str | int] = [""]
    for piece in pieces:
        if isinstance(piece, int):
            joined += [piece, ""]
        else:
            joined[-1] = f"{joined[-1]}{piece}"
    return tuple(joined)
