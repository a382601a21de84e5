"""Rows of several shapes sorted into kinds, each of which gets a header of its own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations

from headroom_core.compressors.json_docs.columns import (
    MAX_ORDERS,
    Column,
    Path,
    Record,
    columns_of,
    merge_order,
)
from headroom_core.compressors.json_docs.lexemes import MISSING

MAX_PATTERNS = 40  # different sets of columns among the rows; past that they are one kind with gaps
MAX_TELLING = 20  # values of a column that tells the kinds apart
KIND_TOKENS = 10  # that a table of several kinds costs besides their headers, and two for each row


@dataclass(frozen=True, slots=True)
class Kind:
    """Rows of one shape, by their numbers in the array, counted from 0. No columns: rows that are shown as JSON."""

    rows: list[int]
    columns: list[Column]


def kinds_of(rows: list[object]) -> list[Kind]:
    """The rows by shape: those whose keys follow one order and that have mostly the same columns."""
    by_keys: dict[Path, list[int]] = {}
    others: list[int] = []
    for number, row in enumerate(rows):
        if type(row) is dict and row:
            by_keys.setdefault(tuple(row), []).append(number)
        else:
            others.append(number)
    kinds: list[Kind] = []
    for orders in _groups(list(by_keys)):
        numbers = sorted(number for order in orders for number in by_keys[order])
        records: list[Record] = [rows[number] for number in numbers]  # type: ignore[misc]
        columns = columns_of(records)
        if columns is None:
            others.extend(numbers)
        else:
            kinds.extend(_split(numbers, records, columns))
    if others:
        kinds.append(Kind(sorted(others), []))
    return sorted(kinds, key=lambda kind: kind.rows[0])


def agreeing(rows: list[Record]) -> set[Path]:
    """The key orders of the biggest part of the rows that follows one order."""
    counts = Counter(map(tuple, rows))
    groups = _groups(list(counts))
    return set(max(groups, key=lambda group: sum(counts[order] for order in group), default=[]))


def _groups(orders: list[Path]) -> list[list[Path]]:
    """The key orders in groups that follow one order each. Past `MAX_ORDERS` each stands alone."""
    groups: list[tuple[list[str], list[Path]]] = []
    for number, order in enumerate(orders):
        fitting = number < MAX_ORDERS and next((group for group in groups if merge_order(group[0], order)), None)
        if fitting:
            fitting[1].append(order)
        else:
            groups.append((list(order), [order]))
    return [group[1] for group in groups]


def _split(numbers: list[int], records: list[Record], columns: list[Column]) -> list[Kind]:
    """The rows in as many kinds as it costs least to write: a header each, or gaps and names where kinds are mixed."""
    if sum(column.missing for column in columns) <= len(numbers):
        return [Kind(numbers, columns)]
    patterns = list(zip(*[[value is not MISSING for value in column.values] for column in columns], strict=True))
    frequent = Counter(patterns)
    if len(frequent) > MAX_PATTERNS:
        return [Kind(numbers, columns)]
    telling = _telling(columns, patterns)
    sizes = [len(".".join(column.path)) // 4 + 2 for column in columns]
    apart = [
        _Cluster(tuple(count * there for there in pattern), count, (pattern,), frozenset([telling.get(pattern, "")]))
        for pattern, count in frequent.items()
    ]
    clusters = _agglomerated(apart, sizes)
    together = apart[0]
    for cluster in apart[1:]:
        together = together.joined(cluster)
    costs = sum(cluster.cost(sizes) for cluster in clusters) + KIND_TOKENS + 2 * len(numbers)
    if len(clusters) == 1 or costs >= together.cost(sizes):
        return [Kind(numbers, columns)]
    kinds = []
    for cluster in clusters:
        inside = set(cluster.patterns)
        chosen = [at for at, pattern in enumerate(patterns) if pattern in inside]
        kinds.append(Kind([numbers[at] for at in chosen], columns_of([records[at] for at in chosen]) or []))
    return kinds


@dataclass(frozen=True, slots=True)
class _Cluster:
    """Rows that could share a header."""

    present: tuple[int, ...]  # for each column, how many of the rows have it
    rows: int
    patterns: tuple[tuple[bool, ...], ...]
    telling: frozenset[str]  # their values in the column that tells kinds apart

    def joined(self, other: _Cluster) -> _Cluster:
        present = tuple(mine + theirs for mine, theirs in zip(self.present, other.present, strict=True))
        return _Cluster(present, self.rows + other.rows, self.patterns + other.patterns, self.telling | other.telling)

    def cost(self, sizes: list[int]) -> int:
        """About how many tokens the header takes, and the gaps and names of what not all rows have."""
        gaps = sum(
            size + min(self.rows - there, there * size)
            for there, size in zip(self.present, sizes, strict=True)
            if there
        )
        return gaps + (2 * self.rows if len(self.telling) > 1 else 0)


def _agglomerated(clusters: list[_Cluster], sizes: list[int]) -> list[_Cluster]:
    """Join the two clusters that it saves most to join, as long as it saves anything."""
    costs = {id(cluster): cluster.cost(sizes) for cluster in clusters}

    def saving(first: _Cluster, second: _Cluster) -> int:
        return costs[id(first)] + costs[id(second)] - first.joined(second).cost(sizes)

    savings = {(id(a), id(b)): (saving(a, b), a, b) for a, b in combinations(clusters, 2)}
    while savings:
        best, first, second = max(savings.values(), key=lambda found: found[0])
        if best <= 0:
            break
        grown = first.joined(second)
        costs[id(grown)] = grown.cost(sizes)
        gone = (id(first), id(second))
        clusters = [cluster for cluster in clusters if id(cluster) not in gone]
        savings = {pair: found for pair, found in savings.items() if pair[0] not in gone and pair[1] not in gone}
        savings.update({(id(each), id(grown)): (saving(each, grown), each, grown) for each in clusters})
        clusters.append(grown)
    return clusters


def _telling(columns: list[Column], patterns: list[tuple[bool, ...]]) -> dict[tuple[bool, ...], str]:
    """The value by which rows of each pattern can be told, `type` mostly; empty where no column has one for each."""
    for column in columns:
        if column.missing or any(type(value) is not str for value in column.values):
            continue
        pairs = dict.fromkeys(zip(patterns, column.values, strict=True))
        values = {value for _, value in pairs}
        if len(pairs) == len(dict.fromkeys(patterns)) and 1 < len(values) <= MAX_TELLING:
            return {pattern: str(value) for pattern, value in pairs}
    return {}
